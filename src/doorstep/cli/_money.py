"""
Money and times as people write them.
"""

from __future__ import annotations

import re
from datetime import datetime

from doorstep.cli._shared import invalid
from doorstep.codec import rfc3339
from doorstep.errors import ValidationError
from doorstep.models import DropoffAt, Money, PickupAt, Schedule

__all__ = ["money", "read_duration", "read_money", "read_time", "schedule"]

_MONEY = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ([A-Z]{3})")
_DURATION = re.compile(r"(?:([0-9]{1,4})d)?(?:([0-9]{1,5})h)?(?:([0-9]{1,6})m)?")


def read_money(option: str, text: str) -> Money:
    """
    Return ``19.99 USD`` as money, exactly.

    Raises:
        doorstep.errors.ValidationError:
            It is not an amount with a currency, or has more decimal places than
            the currency.
    """
    found = _MONEY.fullmatch(text)
    if found is None:
        raise invalid(option, "must read like '19.99 USD'")
    try:
        return Money.from_decimal(found[1], found[2])
    except ValidationError as error:
        rule = "; ".join(field.problem for field in error.fields)
    raise invalid(option, rule)


def read_time(option: str, text: str) -> datetime:
    """
    Return an RFC 3339 time.

    Raises:
        doorstep.errors.ValidationError:
            It is not one, or has no offset.
    """
    try:
        return rfc3339(text)
    except ValueError:
        pass
    raise invalid(option, "must read like 2026-11-22T18:30:00+01:00 (or end in Z)")


def read_duration(option: str, text: str) -> int:
    """
    Return ``2h``, ``90m`` or ``1d12h`` in seconds.

    Raises:
        doorstep.errors.ValidationError:
            It is not one, or nothing.
    """
    found = _DURATION.fullmatch(text)
    days, hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    seconds = days * 86_400 + hours * 3_600 + minutes * 60
    if not seconds:
        raise invalid(option, "must read like 2h, 90m or 1d12h")
    return seconds


def money(option: str, text: str | None) -> Money | None:
    """
    Return the amount that an option gives, if it is given.
    """
    return None if text is None else read_money(option, text)


def schedule(pickup_at: str | None, dropoff_at: str | None) -> Schedule | None:
    """
    Return the one time that is given, if any.
    """
    if pickup_at is not None and dropoff_at is not None:
        raise invalid("--pickup-at", "and --dropoff-at cannot both be given")
    if pickup_at is not None:
        return PickupAt(read_time("--pickup-at", pickup_at))
    return None if dropoff_at is None else DropoffAt(read_time("--dropoff-at", dropoff_at))
