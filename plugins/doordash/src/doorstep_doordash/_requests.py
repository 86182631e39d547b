"""
From neutral requests to Drive's bodies, with what Drive is certain to refuse.

Source:
    Drive API 0.2.5 for the fields; 2.1.59 for the lengths and ranges of items.
    Weight is sent in pounds, the unit that 2.1.59 names; 0.2.5 names none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import attrs
import phonenumbers

from doorstep.errors import FieldProblem, UnsupportedError, ValidationError
from doorstep.models import (
    Address,
    Changes,
    Contact,
    DeliveryRequest,
    DropoffAt,
    Item,
    Money,
    PickupAt,
    Schedule,
    Signature,
    Stop,
    StopChanges,
    Undeliverable,
    Window,
    Windows,
)
from doorstep_doordash._extension import DoorDashExtension
from doorstep_doordash._identity import external_id
from doorstep_doordash._wire import (
    BUSINESS_ID,
    CURRENCIES,
    Body,
    ItemBody,
    OrderContains,
    TimeWindow,
)

__all__ = ["canonical_phone", "currencies_of", "to_body", "to_changes"]

_INT32 = 2**31 - 1
_DEAREST_ITEM = 9_999_999
_GRAMS_PER_POUND: Final = Decimal("453.59237")
_HEAVIEST: Final = Decimal("999.9995")
_NOT_IN_NAMES = re.compile(r"[~`@#$%^&*+=?;\[{\]}]")
_ACTIONS: Final = {
    Undeliverable.RETURN: "return_to_pickup",
    Undeliverable.DISPOSE: "dispose",
}


def to_body(request: DeliveryRequest, business_id: str | None) -> Body:
    """
    Return the body that quotes or creates *request*.

    Args:
        business_id:
            For stores that are named without their business.

    Raises:
        doorstep.errors.ValidationError:
            It breaks rules of DoorDash; every field is named, in our words.

        doorstep.errors.UnsupportedError:
            It asks for what Drive cannot express.
    """
    extension = request.extension(DoorDashExtension)
    return _finished(
        request,
        extension,
        request.dropoff.items,
        [*_pickup(request.pickup, business_id), *_dropoff(request.dropoff)],
        external_delivery_id=external_id(request.reference, request.revision),
        locale=extension.locale,
    )


def to_changes(changes: Changes, business_id: str | None) -> Body:
    """
    Return the body that updates a delivery: what changes and nothing else.

    Raises:
        doorstep.errors.ValidationError:
            As :func:`to_body`, or nothing is left to change.

        doorstep.errors.UnsupportedError:
            It asks for what Drive cannot express or change.
    """
    extension = changes.extension(DoorDashExtension)
    if extension.locale is not None:
        raise _unsupported("extensions.locale", "cannot change the locale")
    parts: list[_Part] = []
    if changes.pickup is not None:
        parts += _pickup(changes.pickup, business_id)
    if changes.dropoff is not None:
        parts += _dropoff(changes.dropoff)
    items = changes.dropoff.items if changes.dropoff is not None else None
    body = _finished(changes, extension, items, parts)
    if body == Body():
        problem = FieldProblem("Changes", "has nothing that DoorDash is told")
        raise ValidationError("changes are empty", fields=(problem,))
    return body


def currencies_of(request: DeliveryRequest | Changes) -> set[str]:
    """
    Return the currencies that *request* names.
    """
    stop = request.dropoff
    prices = [one.unit_price for one in (stop.items if stop else None) or ()]
    return {one.currency for one in (request.order_value, request.tip, *prices) if one}


def canonical_phone(text: str) -> str:
    """
    Return a phone in the form that two spellings of one number share.

    DoorDash writes ``+1(650)5555555`` where it was sent ``+16505555555``.
    """
    number = _parsed(text)
    return _e164(number) if number else re.sub(r"[^0-9]", "", text)


@attrs.frozen
class _Part:
    """
    One field of the body, and what is wrong with it.
    """

    name: str
    value: Any
    path: str = ""
    problem: str | None = None


def _finished(
    source: DeliveryRequest | Changes,
    extension: DoorDashExtension,
    items: tuple[Item, ...] | None,
    parts: list[_Part],
    **fixed: Any,
) -> Body:
    keep_empty = isinstance(source, Changes)
    parts += [*_money(source, extension), *_schedule(source.schedule), *_items(items, extension)]
    problems = [FieldProblem(one.path, one.problem) for one in parts if one.problem]
    if problems:
        raise ValidationError("request breaks rules of this carrier", fields=problems)
    values = {one.name: one.value for one in parts if one.name}
    if not values.get("items") and not (keep_empty and items is not None):
        values["items"] = None
    return Body(**values, **_wishes(source, extension), **fixed)


def _wishes(source: DeliveryRequest | Changes, extension: DoorDashExtension) -> dict[str, Any]:
    alcohol, vehicles = extension.contains_alcohol, extension.dasher_allowed_vehicles
    action = source.if_undeliverable
    if action is not None and action not in _ACTIONS:
        raise _unsupported(f"if_undeliverable.{action.value}", f"cannot {action.value} the goods")
    return {
        "action_if_undeliverable": _ACTIONS[action] if action else None,
        "order_contains": None if alcohol is None else OrderContains(alcohol=alcohol),
        "dasher_allowed_vehicles": tuple(one.value for one in vehicles) or None,
        "promotion_id": extension.promotion_id,
    }


def _pickup(stop: Stop | StopChanges, business_id: str | None) -> Iterator[_Part]:
    yield from _place("pickup", stop)
    yield _Part("pickup_reference_tag", stop.reference)
    ref = stop.address.store_ref if stop.address else None
    if ref is not None:
        business = ref.business or business_id
        problem = None
        if business is None:
            problem = "needs the business that the store belongs to, here or in the settings"
        elif not BUSINESS_ID.fullmatch(business):
            problem = "must have a business of 3 to 64 letters, digits, _ or -"
        path = "pickup.address.store_ref"
        yield _Part("pickup_external_business_id", business, path, problem)
        yield _Part("pickup_external_store_id", ref.store)


def _dropoff(stop: Stop | StopChanges) -> Iterator[_Part]:
    yield from _place("dropoff", stop)
    contact = stop.contact or Contact()
    for name in ("given", "family"):
        value = getattr(contact, name)
        problem = "has one of ~`@#$%^&*+=?;[{]}" if _NOT_IN_NAMES.search(value or "") else None
        yield _Part(f"dropoff_contact_{name}_name", value, f"dropoff.contact.{name}", problem)
    yield _Part("dropoff_contact_send_notifications", contact.notify)
    yield _Part("contactless_dropoff", stop.contactless)
    if stop.verification or (isinstance(stop, StopChanges) and stop.verification is not None):
        yield _Part("dropoff_requires_signature", _signature(stop.verification))


def _place(side: str, stop: Stop | StopChanges) -> Iterator[_Part]:
    contact = stop.contact or Contact()
    path = f"{side}.contact.phone"
    number = _parsed(contact.phone) if contact.phone else None
    bad = contact.phone is not None and not (number and phonenumbers.is_valid_number(number))
    problem = "must be a phone number that exists, with its country code" if bad else None
    yield _Part(f"{side}_phone_number", _e164(number) if number else None, path, problem)
    yield _Part(f"{side}_business_name", contact.business)
    if stop.address is not None:
        line = _one_line(stop.address)
        lacks = line is None and (side == "dropoff" or stop.address.store_ref is None)
        problem = "needs one_line, or lines with locality" if lacks else None
        yield _Part(f"{side}_address", line, f"{side}.address", problem)
    notes = stop.address.access_notes if stop.address else None
    told = "\n".join(text for text in (notes, stop.instructions) if text)
    yield _Part(f"{side}_instructions", told or None)


def _one_line(address: Address) -> str | None:
    """
    Join an address in the order of the countries that DoorDash serves.
    """
    if address.one_line or not (address.lines and address.locality):
        return address.one_line
    region = " ".join(one for one in (address.region, address.postal_code) if one)
    parts = (*address.lines, address.unit, address.locality, region, address.country)
    return ", ".join(one for one in parts if one)


def _signature(verification: tuple[Any, ...]) -> bool:
    for one in verification:
        if not isinstance(one, Signature) or not one.required or one.name or one.relation:
            raise _unsupported(
                "dropoff.verification.signature",
                "can only require a signature, of anybody who is there",
            )
    return bool(verification)


def _money(source: DeliveryRequest | Changes, extension: DoorDashExtension) -> Iterator[_Part]:
    currencies = currencies_of(source)
    for name in ("order_value", "tip"):
        value = getattr(source, name)
        minor = None if value is None else value.minor
        yield _Part(name, minor, name, _amount_problem(value, _INT32))
    if len(currencies) > 1:
        yield _Part("", None, "order_value", "must be in the currency of every other amount")
    if extension.send_currency and currencies:
        yield _Part("currency", min(currencies))


def _amount_problem(money: Money | None, most: int) -> str | None:
    if money is None:
        return None
    if money.currency not in CURRENCIES:
        return "must be in USD, CAD or AUD"
    return None if money.minor <= most else f"must be {most} cents at most"


def _items(items: tuple[Item, ...] | None, extension: DoorDashExtension) -> Iterator[_Part]:
    volumes = extension.item_volumes
    if len(volumes) > len(items or ()):
        yield _Part("", None, "extensions.item_volumes", "has more entries than there are items")
        return
    for index, item in enumerate(items or ()):
        for name, problem in _item_problems(item):
            yield _Part("", None, f"dropoff.items[{index}].{name}", problem)
    padded = (*volumes, *[None] * (len(items or ()) - len(volumes)))
    bodies = map(_item, items or (), padded)
    yield _Part("items", tuple(bodies))


def _item_problems(item: Item) -> Iterator[tuple[str, str]]:
    longest = (("name", 100), ("description", 500), ("external_id", 100))
    for name, limit in longest:
        if len(getattr(item, name) or "") > limit:
            yield name, f"must have {limit} characters at most"
    if item.quantity > 100:
        yield "quantity", "must be 100 at most"
    if item.weight_g is not None and item.weight_g / _GRAMS_PER_POUND > _HEAVIEST:
        yield "weight_g", f"must be {int(_HEAVIEST * _GRAMS_PER_POUND)} at most"
    problem = _amount_problem(item.unit_price, _DEAREST_ITEM)
    if problem is not None:
        yield "unit_price", problem


def _item(item: Item, volume: Decimal | None) -> ItemBody:
    grams = item.weight_g
    pounds = None if grams is None else round(grams / _GRAMS_PER_POUND, 4)
    return ItemBody(
        name=item.name,
        quantity=item.quantity,
        description=item.description,
        external_id=item.external_id,
        volume=None if volume is None else float(volume),
        weight=None if pounds is None else float(pounds),
        price=None if item.unit_price is None else item.unit_price.minor,
    )


def _schedule(schedule: Schedule | None) -> Iterator[_Part]:
    if isinstance(schedule, PickupAt):
        yield _Part("pickup_time", schedule.at)
    elif isinstance(schedule, DropoffAt):
        yield _Part("dropoff_time", schedule.at)
    elif isinstance(schedule, Windows):
        yield _Part("pickup_window", _window(schedule.pickup))
        yield _Part("dropoff_window", _window(schedule.dropoff))


def _window(window: Window) -> TimeWindow:
    return TimeWindow(start_time=window.start, end_time=window.end)


def _parsed(text: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _unsupported(capability: str, what: str) -> UnsupportedError:
    return UnsupportedError(what, params={"capability": capability})
