"""
Money and times as people write them.
"""

from __future__ import annotations

import re
from datetime import datetime

from doorstep.cli._shared import invalid
from doorstep.codec import rfc3339
from doorstep.errors import ValidationError
from doorstep.models import Money

__all__ = ["is_money_text", "read_money", "read_time"]

_MONEY = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ([A-Z]{3})")


def is_money_text(value: object) -> bool:
    """
    Tell whether *value* is text that may be an amount.
    """
    return isinstance(value, str)


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
