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
from doorstep.models import Extension

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


def _vehicles(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    good = all(isinstance(one, Vehicle) for one in value)
    _check(attribute, good and len(set(value)) == len(value), "must be different Vehicles")


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

        contains_alcohol:
            Whether there is alcohol among the goods; None says nothing.

        item_volumes:
            The volume of one piece of each item, in the order of the items; None
            where it is unknown. Cubic feet by Drive 2.1.59; 0.2.5 names no unit.

        send_currency:
            Whether requests name their currency. Drive 0.2.5 has that field, later
            versions do not, and requests without it are answered.

    .. versionadded:: 0.1.0
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
    item_volumes: tuple[Decimal | None, ...] = attrs.field(
        default=(), converter=tuple, validator=_volumes
    )
    send_currency: bool = attrs.field(default=False, validator=_flag)
