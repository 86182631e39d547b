"""
What a request asks of a carrier, compared with what the carrier can do.

Nothing is dropped silently: what an account cannot do raises
:class:`~doorstep.errors.UnsupportedError` before the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import attrs

from doorstep.capabilities import Capabilities, Need
from doorstep.errors import (
    FieldProblem,
    TimeWindowInvalidError,
    UnsupportedError,
    ValidationError,
)
from doorstep.models import (
    Address,
    Asap,
    Barcode,
    CancelReason,
    CashOnDelivery,
    Changes,
    Contact,
    Coordinates,
    DeliveryRequest,
    Dimensions,
    DropoffAt,
    Extension,
    IdCheck,
    Item,
    Money,
    Photo,
    PickupAt,
    Pin,
    Schedule,
    Signature,
    StopChanges,
    StoreRef,
    Undeliverable,
    Windows,
)

__all__ = ["all_paths", "check_cancel", "check_changes", "check_request", "used_paths"]

#: Values of a sum type are named by their kind: ``schedule.pickup_at``.
_KINDS: dict[type, str] = {
    Asap: "asap",
    PickupAt: "pickup_at",
    DropoffAt: "dropoff_at",
    Windows: "windows",
    Signature: "signature",
    Photo: "photo",
    Pin: "pin",
    Barcode: "barcode",
    IdCheck: "id_check",
}
_ADDRESS_PARTS = ("lines", "locality", "region", "postal_code", "country")
_CHECKS = (Signature, Photo, Pin, Barcode, IdCheck)
#: A time that was over for less than this may only be over by our clock, in seconds.
_CLOCKS_DIFFER_S = 60
#: Nothing is paid there; and extensions are their plugins' own business.
_WITHOUT_MONEY = (Address, Contact, Extension)
_LEAVES = (Money, Coordinates, StoreRef, Dimensions, CashOnDelivery)
_PARTS: dict[str, type] = {"address": Address, "contact": Contact, "items": Item}
_RENAMED = {"dropoffs": "dropoff"}
#: Who asks and for which attempt is no wish, and extensions belong to the plugins.
_NO_WISH = frozenset({"reference", "revision", "extensions"})


@cache
def _fields(cls: type[Any]) -> tuple[tuple[str, Any], ...]:
    """
    Return name and default of each field; nothing for what is no class of attrs.
    """
    if not attrs.has(cls):
        return ()
    return tuple((field.name, field.default) for field in attrs.fields(cls))


def _fields_of(value: object) -> tuple[tuple[str, Any], ...]:
    kind: Any = type(value)
    return _fields(kind)


def used_paths(value: DeliveryRequest | Changes) -> frozenset[str]:
    """
    Return the path of everything that *value* asks for.

    Fields at their default ask for nothing. ``dropoff`` stands for every
    dropoff; a member of a sum type is named by its kind, as in
    ``schedule.windows`` and ``dropoff.verification.signature``. Changes that take
    all items or verifications away are ``dropoff.items``, ``dropoff.verification``.
    """
    found: set[str] = set()
    for name, default in _fields_of(value):
        member = getattr(value, name)
        if name not in _NO_WISH and member is not None and member != default:
            _walk(_RENAMED.get(name, name), member, found)
    return frozenset(found)


def _walk(path: str, value: Any, found: set[str]) -> None:
    # What most wishes are comes first: this is done for every request.
    if type(value) is str:
        found.add(path)
    elif (kind := _KINDS.get(type(value))) is not None:
        found.add(f"{path}.{kind}")
        if type(value) in _CHECKS:
            found.update(f"{path}.{kind}.{name}" for name in _wished_parts(value))
    elif isinstance(value, Undeliverable):
        found.add(f"{path}.{value.value}")
    elif type(value) is tuple:
        if not value:
            found.add(path)
        for one in value:
            _walk(path, one, found)
    elif not isinstance(value, _LEAVES) and (fields := _fields_of(value)):
        for name, default in fields:
            member = getattr(value, name)
            if member is not None and member != default:
                _walk(f"{path}.{name}", member, found)
    else:
        found.add(path)


def _wished_parts(check: Any) -> Iterator[str]:
    """
    Yield what is wished of a check beyond the check itself, such as a least age.
    """
    for name, default in _fields_of(check):
        if default is not attrs.NOTHING and getattr(check, name) != default:
            yield name


def all_paths() -> frozenset[str]:
    """
    Return every path that a capability may name.
    """
    found = {"order_value", "tip", "cash_on_delivery"}
    found |= {f"schedule.{_KINDS[kind]}" for kind in (Asap, PickupAt, DropoffAt, Windows)}
    found |= {f"if_undeliverable.{action.value}" for action in Undeliverable}
    for stop in ("pickup", "dropoff"):
        for name, _ in _fields(StopChanges):
            if name == "items" and stop == "pickup":
                continue
            if name in ("items", "verification"):
                found.add(f"{stop}.{name}")
            if name == "verification":
                found |= {f"{stop}.verification.{part}" for part in _check_paths()}
            elif name in _PARTS:
                found |= {f"{stop}.{name}.{part}" for part, _ in _fields(_PARTS[name])}
            else:
                found.add(f"{stop}.{name}")
    return frozenset(found)


def _check_paths() -> Iterator[str]:
    for kind in _CHECKS:
        yield _KINDS[kind]
        for name, default in _fields(kind):
            if default is not attrs.NOTHING:
                yield f"{_KINDS[kind]}.{name}"


def check_request(
    request: DeliveryRequest, capabilities: Capabilities, now: datetime | None = None
) -> None:
    """
    Refuse what the account cannot do with *request*, and what it lacks.

    Args:
        now:
            What its times are compared with; None compares them with nothing.

    Raises:
        doorstep.errors.UnsupportedError:
            It asks for something the account cannot do.

        doorstep.errors.ValidationError:
            It lacks something the carrier needs, or its times are over, too soon
            or too far ahead.
    """
    used = used_paths(request)
    _refuse(_not_taken(used, capabilities.inputs) - {"schedule.asap"})
    most = capabilities.max_dropoffs
    if len(request.dropoffs) > most:
        raise _unsupported("max_dropoffs", f"takes {most} dropoff{'s' * (most > 1)} at most")
    missing = sorted(need for need in capabilities.needs if used.isdisjoint(need.split("|")))
    if missing:
        fields = [
            FieldProblem(path.replace("|", " or "), "is needed by this carrier") for path in missing
        ]
        raise ValidationError("request lacks what the carrier needs", fields=fields)
    _check_currencies(request, capabilities)
    _check_times(request.schedule, capabilities, now)


def check_changes(
    changes: Changes, capabilities: Capabilities, now: datetime | None = None
) -> None:
    """
    Refuse changes that the account cannot make.

    Args:
        now:
            What their times are compared with; None compares them with nothing.

    Raises:
        doorstep.errors.UnsupportedError:
            A field cannot be changed later.

        doorstep.errors.ValidationError:
            Nothing is to be changed, or the times are over, too soon or too far
            ahead.
    """
    used = used_paths(changes)
    _refuse(_not_taken(used, capabilities.update_fields))
    if not used and not changes.extensions:
        raise ValidationError("changes are empty", fields=(FieldProblem("Changes", "is empty"),))
    _check_currencies(changes, capabilities)
    _check_times(changes.schedule, capabilities, now)


def check_cancel(reason: CancelReason | None, capabilities: Capabilities) -> None:
    """
    Refuse a cancel without the reason that the carrier requires, or with another one.

    A reason that the carrier does not take is no obstacle:
    ``Cancellation.reason_sent`` tells that it did not travel.
    """
    taken = capabilities.cancel_reasons
    known = ", ".join(sorted(taken))
    if reason is None and capabilities.cancel_reason is Need.REQUIRED:
        problem = FieldProblem("reason", f"is needed by this carrier, one of {known}")
        raise ValidationError("lacks what the carrier needs", fields=(problem,))
    asked_for = capabilities.cancel_reason is not Need.NONE
    if reason is not None and asked_for and taken and reason not in taken:
        raise _unsupported("cancel_reasons", f"takes the reasons {known}")


def _not_taken(used: frozenset[str], taken: frozenset[str]) -> frozenset[str]:
    """
    Return what is not understood, without the other forms of an address that is.

    An address may be given in several whole forms, so that one request suits
    carriers with different needs; each takes the form that it understands. A
    unit is part of none: losing it would lose the door.
    """
    left = used - taken
    for stop in ("pickup", "dropoff"):
        forms = {f"{stop}.address.{form}" for form in ("one_line", "coordinates", "store_ref")}
        parts = {f"{stop}.address.{part}" for part in _ADDRESS_PARTS}
        in_parts = f"{stop}.address.lines" in used
        if used & taken & forms:
            left -= forms | parts if in_parts else forms
        elif in_parts and not parts & left:
            left -= forms
    return left


def _check_times(
    schedule: Schedule | None, capabilities: Capabilities, now: datetime | None
) -> None:
    if now is None or schedule is None or isinstance(schedule, Asap):
        return
    if isinstance(schedule, Windows):
        first, last = schedule.pickup.start, schedule.dropoff.end
    else:
        first = last = schedule.at
    soonest = capabilities.min_lead_s
    if (last - now).total_seconds() < (-_CLOCKS_DIFFER_S if soonest is None else soonest):
        rule = "is over" if soonest is None else f"must be {soonest} s ahead at least"
        raise _bad_time(rule)
    latest = capabilities.max_lead_s
    if latest is not None and (first - now).total_seconds() > latest:
        raise _bad_time(f"must be {latest} s ahead at most")


def _bad_time(rule: str) -> TimeWindowInvalidError:
    problem = FieldProblem("schedule", rule)
    return TimeWindowInvalidError("asks for a time that cannot be", fields=(problem,))


def _check_currencies(value: DeliveryRequest | Changes, capabilities: Capabilities) -> None:
    given: set[str] = set()
    _find_currencies(value, given)
    if len(given) > 1:
        problem = FieldProblem("currency", "must be the same in every amount")
        raise ValidationError("amounts contradict each other", fields=(problem,))
    foreign = given - capabilities.currencies if capabilities.currencies else set()
    if foreign:
        known = ", ".join(sorted(capabilities.currencies))
        raise _unsupported("currencies", f"charges in {known}, not in {min(foreign)}")


def _find_currencies(value: Any, found: set[str]) -> None:
    if isinstance(value, Money):
        found.add(value.currency)
    elif type(value) is tuple:
        for one in value:
            _find_currencies(one, found)
    elif not isinstance(value, _WITHOUT_MONEY):
        for name, _ in _fields_of(value):
            member = getattr(value, name)
            if member is not None and type(member) is not str:
                _find_currencies(member, found)


def _refuse(paths: frozenset[str] | set[str]) -> None:
    if paths:
        first = min(paths)
        raise _unsupported(first, f"cannot take {', '.join(sorted(paths))}")


def _unsupported(capability: str, what: str) -> UnsupportedError:
    return UnsupportedError(what, params={"capability": capability})
