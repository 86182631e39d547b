"""
What one value of a request may be.

A check returns what is wrong with a value, as pairs of a path below the field
and a text; nothing when the value is good.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from doorstep_doordash.simulator._refused import UNKNOWN_PHONE_FORMAT, FieldError

__all__ = [
    "Check",
    "amount",
    "flag",
    "listed",
    "money",
    "number",
    "one_of",
    "phone",
    "record",
    "text",
    "text_or_number",
    "time_of",
    "whole",
]

Check = Callable[[Any], Iterator[FieldError]]

_INT32: Final = 2**31 - 1
_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


def text(
    shortest: int = 0, longest: int | None = None, pattern: str | None = None, error: str = ""
) -> Check:
    """
    Return a check for a string, its length and its characters.
    """
    compiled = re.compile(pattern) if pattern is not None else None

    def check(value: Any) -> Iterator[FieldError]:
        if not isinstance(value, str):
            yield "", "must be a string"
        elif len(value.strip()) < shortest:
            yield "", "must not be blank"
        elif longest is not None and len(value) > longest:
            yield "", f"must have at most {longest} characters"
        elif compiled is not None and compiled.fullmatch(value) is None:
            yield "", error or f"must match {pattern}"

    return check


def text_or_number(value: Any) -> Iterator[FieldError]:
    """
    Check a string that DoorDash's own samples send as a number.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        yield "", "must be a string"


def flag(value: Any) -> Iterator[FieldError]:
    """
    Check a boolean.
    """
    if not isinstance(value, bool):
        yield "", "must be a boolean"


def whole(lowest: int, highest: int) -> Check:
    """
    Return a check for an integer in a range.
    """

    def check(value: Any) -> Iterator[FieldError]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield "", "must be an integer"
        elif not lowest <= value <= highest:
            yield "", f"must be from {lowest} to {highest}"

    return check


#: An amount in the currency's smallest unit, int32.
money: Final = whole(0, _INT32)
#: As *money*, but up to 9,999,999.
amount: Final = whole(0, 9_999_999)


def number(lowest: float = -math.inf, highest: float = math.inf) -> Check:
    """
    Return a check for a number, whole or not, in a range.
    """

    def check(value: Any) -> Iterator[FieldError]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield "", "must be a number"
        elif not lowest <= value <= highest:
            yield "", f"must be from {lowest} to {highest}"

    return check


def one_of(*values: str) -> Check:
    """
    Return a check for one of some words.
    """

    def check(value: Any) -> Iterator[FieldError]:
        if not isinstance(value, str) or value not in values:
            yield "", f"must be one of {', '.join(values)}"

    return check


def listed(each: Check) -> Check:
    """
    Return a check for an array, entry by entry.
    """

    def check(value: Any) -> Iterator[FieldError]:
        if not isinstance(value, list):
            yield "", "must be an array"
            return
        for index, entry in enumerate(value):
            for path, error in each(entry):
                yield f"[{index}]{path}", error

    return check


def record(fields: Mapping[str, Check], required: tuple[str, ...] = ()) -> Check:
    """
    Return a check for an object. Keys that are not known are let pass.
    """

    def check(value: Any) -> Iterator[FieldError]:
        if not isinstance(value, dict):
            yield "", "must be an object"
            return
        for name in required:
            if name not in value:
                yield f".{name}", f"missing {name}"
        for name, entry in value.items():
            if name in fields:
                for path, error in fields[name](entry):
                    yield f".{name}{path}", error

    return check


def phone(value: Any) -> Iterator[FieldError]:
    """
    Check a phone number with its country code: ``+16505555555``, ``+1(650)5555555``.

    Source:
        Drive API 2.1.59, ``FieldError``; the sandbox's answer to a number
        without a country code.
    """
    if not isinstance(value, str):
        yield "", "must be a string"
        return
    if not value.startswith("+"):
        yield "", UNKNOWN_PHONE_FORMAT
        return
    digits = re.sub(r"[ ().-]", "", value[1:])
    whole_number = re.fullmatch(r"[1-9]\d{7,14}", digits, re.ASCII) is not None
    if not whole_number or (digits.startswith("1") and len(digits) != 11):
        yield "", "Invalid phone number format"


def time_of(value: Any) -> datetime | None:
    """
    Return the moment that an ISO 8601 string with an offset names; None if it names none.
    """
    if not isinstance(value, str) or _TIME.fullmatch(value) is None:
        return None
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        return None
