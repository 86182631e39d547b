"""
Phone numbers: whether one exists, and the form that Drive is sent.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

__all__ = ["canonical_phone", "existing_phone"]


# A shop sends the phones of its stores again and again, and looking one up costs more
# than all else in a request. Bounded: customers' phones come once.
@lru_cache(maxsize=256)
def existing_phone(text: str) -> str | None:
    """
    Return a phone as E.164; None if there can be no such number.
    """
    import phonenumbers  # a tenth of a second, and tracking needs none of it

    number = _parsed(text)
    if number is None or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def canonical_phone(text: str) -> str:
    """
    Return a phone in the form that two spellings of one number share.

    DoorDash writes ``+1(650)5555555`` where it was sent ``+16505555555``.
    """
    import phonenumbers

    number = _parsed(text)
    if number is None:
        return re.sub(r"[^0-9]", "", text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _parsed(text: str) -> PhoneNumber | None:
    import phonenumbers

    try:
        return phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
