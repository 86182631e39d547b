"""
What only DoorDash can be asked for.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Any

import attrs

from doorstep.errors import FieldProblem, ValidationError
from doorstep.models import Extension, Pin, PinSource

__all__ = ["DoorDashExtension", "Vehicle"]

#: The shape of a BCP 47 tag. Which ones DoorDash speaks differs between its documents.
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_TOKEN = re.compile(r"[\x21-\x7e]{1,128}")
_LARGEST_VOLUME = Decimal("999.9995")


class Vehicle(StrEnum):
    """
    How a Dasher may come.
    """

    CAR = "car"
    BICYCLE = "bicycle"
    WALKING = "walking"


def _check(attribute: attrs.Attribute[Any], holds: bool, problem: str) -> None:
    if not holds:
        field = FieldProblem(f"DoorDashExtension.{attribute.name}", problem)
        raise ValidationError("DoorDashExtension is not valid", fields=(field,))


def _text(pattern: re.Pattern[str], rule: str) -> Any:
    def check(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        good = type(value) is str and pattern.fullmatch(value) is not None
        _check(attribute, value is None or good, rule)

    return check


def _flag(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    _check(attribute, value is None or type(value) is bool, "must be True or False")


def _switch(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    _check(attribute, type(value) is bool, "must be True or False")


def _vehicles(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    good = all(isinstance(one, Vehicle) for one in value)
    _check(attribute, good and len(set(value)) == len(value), "must be different Vehicles")


def _barcodes(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    good = all(one is None or (type(one) is str and _TOKEN.fullmatch(one)) for one in value)
    _check(attribute, good, "must be None or texts of 1 to 128 visible ASCII characters")


def _return_pin(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    if value is None:
        return
    rule = "must be a Pin of the carrier, or one of yours with four digits"
    _check(attribute, isinstance(value, Pin), rule)
    mine = value.source is PinSource.CALLER and len(value.value or "") == 4
    _check(attribute, mine or (value.source is PinSource.CARRIER and value.value is None), rule)


def _volumes(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    good = all(
        one is None
        or (isinstance(one, Decimal) and one.is_finite() and 0 <= one <= _LARGEST_VOLUME)
        for one in value
    )
    _check(attribute, good, f"must be None or Decimals from 0 to {_LARGEST_VOLUME}")


@attrs.frozen(kw_only=True)
class DoorDashExtension(Extension, provider="doordash"):
    """
    Inputs that DoorDash Drive alone takes; put it among a request's ``extensions``.

    Args:
        locale:
            The language that DoorDash writes to the people involved in, a BCP 47
            tag: ``en-US``, ``fr-CA``, ``es-US``. Fixed at the dispatch.

        dasher_allowed_vehicles:
            How the Dasher may come; empty leaves it to DoorDash.

        promotion_id:
            A promotion to apply; the price then is what it leaves.

        contains_alcohol, contains_pharmacy_items, contains_tobacco, contains_hemp, contains_otc:
            Whether there is such among the goods; None says nothing. Drive 0.2.5
            knows alcohol alone.

        contains_age_restricted_pharmacy_items:
            The same. At the dispatch of these and of alcohol an ID check is
            required, whether you ask for one or not.

        item_volumes, item_barcodes:
            The volume of one piece of each item and its barcode, in the order of
            the items; None where it is unknown. Cubic feet by Drive 2.1.59; 0.2.5
            names no unit, and no barcodes. Barcodes are fixed at the dispatch.

        large_order:
            Whether it goes out as a large order, or else as a standard one; None
            leaves it to DoorDash. Fixed at the dispatch.

        catering_setup:
            Whether the Dasher sets the meal up; large orders alone have that. Fixed
            at the dispatch.

        return_pin:
            The PIN without which goods cannot be brought back: yours, of four
            digits, or one that DoorDash makes. DoorDash enables it for a business
            on request. Fixed at the dispatch.

        send_address_components:
            Whether an address in parts goes out in parts too, beside the one line,
            where DoorDash has a form for its country. Say it again whenever the
            address changes. DoorDash enables those of the pickup for a business on
            request. Drive 0.2.5 has none.

        send_currency:
            Whether requests name their currency. Drive 0.2.5 has that field, later
            versions do not, and requests without it are answered.

    Source:
        Drive API 0.2.5; 2.1.59 for ``order_contains`` beside alcohol, the barcodes,
        ``order_fulfillment_method``, ``dropoff_options``,
        ``return_pin_code_verification_metadata`` and the address components.

    .. versionadded:: 0.1.0

    .. versionchanged:: 0.2.0
        All that Drive 2.1.59 has and 0.2.5 has not.
    """

    locale: str | None = attrs.field(
        default=None, validator=_text(_LOCALE, "must be a language tag such as en-US")
    )
    dasher_allowed_vehicles: tuple[Vehicle, ...] = attrs.field(
        default=(), converter=tuple, validator=_vehicles
    )
    promotion_id: str | None = attrs.field(
        default=None, validator=_text(_TOKEN, "must be 1 to 128 visible ASCII characters")
    )
    contains_alcohol: bool | None = attrs.field(default=None, validator=_flag)
    contains_pharmacy_items: bool | None = attrs.field(default=None, validator=_flag)
    contains_age_restricted_pharmacy_items: bool | None = attrs.field(default=None, validator=_flag)
    contains_tobacco: bool | None = attrs.field(default=None, validator=_flag)
    contains_hemp: bool | None = attrs.field(default=None, validator=_flag)
    contains_otc: bool | None = attrs.field(default=None, validator=_flag)
    item_volumes: tuple[Decimal | None, ...] = attrs.field(
        default=(), converter=tuple, validator=_volumes
    )
    item_barcodes: tuple[str | None, ...] = attrs.field(
        default=(), converter=tuple, validator=_barcodes
    )
    large_order: bool | None = attrs.field(default=None, validator=_flag)
    catering_setup: bool | None = attrs.field(default=None, validator=_flag)
    return_pin: Pin | None = attrs.field(default=None, validator=_return_pin)
    send_address_components: bool = attrs.field(default=False, validator=_switch)
    send_currency: bool = attrs.field(default=False, validator=_switch)
