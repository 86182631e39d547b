"""
From neutral requests to Drive's bodies, with what Drive is certain to refuse.

Source:
    Drive API 0.2.5 for the fields; 2.1.59 for the lengths, ranges, sizes and barcodes
    of items and for ``order_fulfillment_method``. Weight is sent in pounds, the unit
    that 2.1.59 names; 0.2.5 names none. Sizes are sent in inches.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from doorstep.errors import FieldProblem, ValidationError
from doorstep.models import (
    Changes,
    DeliveryRequest,
    Dimensions,
    DropoffAt,
    Item,
    Money,
    PickupAt,
    Schedule,
    Undeliverable,
    Window,
    Windows,
)
from doorstep_doordash._extension import DoorDashExtension
from doorstep_doordash._handover import changed_verification, contents, handover
from doorstep_doordash._identity import external_id
from doorstep_doordash._parts import Part, unsupported
from doorstep_doordash._places import dropoff, pickup
from doorstep_doordash._wire import CURRENCIES, Body, ItemBody, TimeWindow

__all__ = ["INT32", "amount_problem", "currencies_of", "to_body", "to_changes"]

INT32 = 2**31 - 1
_DEAREST_ITEM = 9_999_999
_GRAMS_PER_POUND: Final = Decimal("453.59237")
_HEAVIEST: Final = Decimal("999.9995")
_MILLIMETRES_PER_INCH: Final = Decimal("25.4")
_METHODS: Final = {None: None, True: "large_order", False: "standard"}
#: What an update does not have, or DoorDash calls "not updatable".
_FIXED: Final = ("locale", "item_barcodes", "large_order", "catering_setup", "return_pin")
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
        [
            *pickup(request.pickup, business_id, extension),
            *dropoff(request.dropoff, extension),
            *handover(request.dropoff, extension),
        ],
        external_delivery_id=external_id(request.reference, request.revision),
        locale=extension.locale,
        order_fulfillment_method=_METHODS[extension.large_order],
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
    for name in _FIXED:
        if getattr(extension, name) != getattr(DoorDashExtension(), name):
            raise unsupported(f"extensions.{name}", f"cannot change {name} after the dispatch")
    parts: list[Part] = []
    if changes.pickup is not None:
        parts += pickup(changes.pickup, business_id, extension)
    if changes.dropoff is not None:
        parts += dropoff(changes.dropoff, extension)
        parts += changed_verification(changes.dropoff.verification)
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


def _finished(
    source: DeliveryRequest | Changes,
    extension: DoorDashExtension,
    items: tuple[Item, ...] | None,
    parts: list[Part],
    **fixed: Any,
) -> Body:
    keep_empty = isinstance(source, Changes)
    parts += [*_money(source, extension), *_schedule(source.schedule), *_items(items, extension)]
    parts.append(contents(extension))
    problems = [FieldProblem(one.path, one.problem) for one in parts if one.problem]
    if problems:
        raise ValidationError("request breaks rules of this carrier", fields=problems)
    values = {one.name: one.value for one in parts if one.name}
    if not values.get("items") and not (keep_empty and items is not None):
        values["items"] = None
    return Body(**values, **_wishes(source, extension), **fixed)


def _wishes(source: DeliveryRequest | Changes, extension: DoorDashExtension) -> dict[str, Any]:
    vehicles = extension.dasher_allowed_vehicles
    action = source.if_undeliverable
    if action is not None and action not in _ACTIONS:
        raise unsupported(f"if_undeliverable.{action.value}", f"cannot {action.value} the goods")
    return {
        "action_if_undeliverable": _ACTIONS[action] if action else None,
        "dasher_allowed_vehicles": tuple(one.value for one in vehicles) or None,
        "promotion_id": extension.promotion_id,
    }


def _money(source: DeliveryRequest | Changes, extension: DoorDashExtension) -> Iterator[Part]:
    currencies = currencies_of(source)
    for name in ("order_value", "tip"):
        value = getattr(source, name)
        minor = None if value is None else value.minor
        yield Part(name, minor, name, amount_problem(value, INT32))
    if len(currencies) > 1:
        yield Part("", None, "order_value", "must be in the currency of every other amount")
    if extension.send_currency and currencies:
        yield Part("currency", min(currencies))


def amount_problem(money: Money | None, most: int) -> str | None:
    """
    Return what is wrong with an amount, of which DoorDash takes *most* cents.
    """
    if money is None:
        return None
    if money.currency not in CURRENCIES:
        return "must be in USD, CAD or AUD"
    return None if money.minor <= most else f"must be {most} cents at most"


def _items(items: tuple[Item, ...] | None, extension: DoorDashExtension) -> Iterator[Part]:
    pieces = len(items or ())
    for name in ("item_volumes", "item_barcodes"):
        if len(getattr(extension, name)) > pieces:
            yield Part("", None, f"extensions.{name}", "has more entries than there are items")
            return
    for index, item in enumerate(items or ()):
        for name, problem in _item_problems(item):
            yield Part("", None, f"dropoff.items[{index}].{name}", problem)
    volumes = (*extension.item_volumes, *[None] * pieces)
    barcodes = (*extension.item_barcodes, *[None] * pieces)
    yield Part("items", tuple(map(_item, items or (), volumes, barcodes)))


def _item_problems(item: Item) -> Iterator[tuple[str, str]]:
    longest = (("name", 100), ("description", 500), ("external_id", 100))
    for name, limit in longest:
        if len(getattr(item, name) or "") > limit:
            yield name, f"must have {limit} characters at most"
    if item.quantity > 100:
        yield "quantity", "must be 100 at most"
    if item.weight_g is not None and item.weight_g / _GRAMS_PER_POUND > _HEAVIEST:
        yield "weight_g", f"must be {int(_HEAVIEST * _GRAMS_PER_POUND)} at most"
    problem = amount_problem(item.unit_price, _DEAREST_ITEM)
    if problem is not None:
        yield "unit_price", problem


def _item(item: Item, volume: Decimal | None, barcode: str | None) -> ItemBody:
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
        barcode=barcode,
        **_inches(item.dimensions),
    )


def _inches(size: Dimensions | None) -> dict[str, float]:
    if size is None:
        return {}
    sides = {"length": size.length_mm, "width": size.width_mm, "height": size.height_mm}
    return {name: float(round(mm / _MILLIMETRES_PER_INCH, 4)) for name, mm in sides.items()}


def _schedule(schedule: Schedule | None) -> Iterator[Part]:
    if isinstance(schedule, PickupAt):
        yield Part("pickup_time", schedule.at)
    elif isinstance(schedule, DropoffAt):
        yield Part("dropoff_time", schedule.at)
    elif isinstance(schedule, Windows):
        yield Part("pickup_window", _window(schedule.pickup))
        yield Part("dropoff_window", _window(schedule.dropoff))


def _window(window: Window) -> TimeWindow:
    return TimeWindow(start_time=window.start, end_time=window.end)
