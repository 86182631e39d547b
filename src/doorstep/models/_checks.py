"""
Validators that every model shares: strict, and silent about the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import attrs

from doorstep.errors import FieldProblem, ValidationError

Validator = Callable[[Any, "attrs.Attribute[Any]", Any], None]

REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,127}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,99}(?:\.[0-9]{1,99})?(?:[eE][+-]?[0-9]{1,5})?")

# Embeddings, overrides and isolates can make a name read as another one. Marks
# and joiners stay: Hebrew, Persian and emoji need them.
_BIDI = "\u202a-\u202e\u2066-\u2069"
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff"
#: What text on one line never holds, as the inside of a character class.
NOT_IN_LINES = f"{_CONTROL}\t\n{_BIDI}"
_BAD_LINE = re.compile(f"[{NOT_IN_LINES}]")
_BAD_PROSE = re.compile(f"[{_CONTROL}{_BIDI}]")
#: What leaves nothing to read when there is nothing else: blanks, joiners, fillers.
BLANK = (
    "".join(chr(point) for point in range(0x3001) if chr(point).isspace())
    + "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e"
    + "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064"
    + "\u206a\u206b\u206c\u206d\u206e\u206f\u2800\u3164\ufe0e\ufe0f\ufeff\uffa0"
)


def fail(instance: object, name: str, problem: str) -> ValidationError:
    """
    Return the error for one field of *instance*.
    """
    owner = type(instance).__name__
    return ValidationError(
        f"{owner} is not valid", fields=(FieldProblem(f"{owner}.{name}", problem),)
    )


def require(instance: object, name: str, holds: bool, problem: str) -> None:
    """
    Raise unless *holds*.
    """
    if not holds:
        raise fail(instance, name, problem)


def line(max_length: int = 255) -> Validator:
    """
    Text on one line: no control characters, nothing that reorders what is read.
    """

    def check(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        _text(instance, attribute.name, value, max_length, _BAD_LINE)

    return check


def prose(max_length: int = 2000) -> Validator:
    """
    Text that may have line ends and tabs.
    """

    def check(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        _text(instance, attribute.name, value, max_length, _BAD_PROSE)

    return check


def _text(instance: Any, name: str, value: Any, longest: int, bad: re.Pattern[str]) -> None:
    # Good text passes fast. Of ASCII, only white space leaves nothing to read.
    if (
        type(value) is str
        and len(value) <= longest
        and not bad.search(value)
        and (value.strip() if value.isascii() else value.strip(BLANK))
    ):
        return
    require(instance, name, type(value) is str, "must be text")
    require(instance, name, bool(value.strip(BLANK)), "must not be empty")
    require(instance, name, len(value) <= longest, f"must have {longest} characters at most")
    require(instance, name, not bad.search(value), "has a control or reordering character")


def matches(pattern: re.Pattern[str], rule: str) -> Validator:
    """
    Text that matches *pattern* from end to end.
    """

    def check(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if type(value) is not str or pattern.fullmatch(value) is None:
            raise fail(instance, attribute.name, rule)

    return check


def integer(lowest: int, highest: int) -> Validator:
    """
    An int, not a bool, in a range that includes both ends.
    """

    def check(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if type(value) is not int or not lowest <= value <= highest:
            rule = f"must be a whole number {lowest} to {highest}"
            raise fail(instance, attribute.name, rule)

    return check


def instance_of(*types: type) -> Validator:
    """
    A value of exactly these types or their subclasses.
    """
    rule = "must be " + " or ".join(kind.__name__ for kind in types)
    exact = frozenset(types)

    def check(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if type(value) in exact:  # nearly always
            return
        good = isinstance(value, types) and not isinstance(value, bool)
        require(instance, attribute.name, good, rule)

    return check


def each(member: Validator) -> Validator:
    """
    A tuple whose members all pass *member*.
    """

    def check(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        require(instance, attribute.name, type(value) is tuple, "must be a tuple")
        for one in value:
            member(instance, attribute, one)

    return check


def aware(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """
    What :func:`to_utc` made of an aware datetime.

    Naive ones are refused, nobody knows where they hold, and so are local times
    that the clocks skip.
    """
    if not isinstance(value, datetime) or value.tzinfo is not UTC:
        rule = "must be a datetime with a time zone, at a time that exists there"
        raise fail(instance, attribute.name, rule)


def day(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """
    A day of the calendar; a moment is none, because its day depends on where one is.
    """
    if type(value) is not date:
        raise fail(instance, attribute.name, "must be a date, and no datetime")


def local_time(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """
    A time of the day where the store is: without a zone.
    """
    if type(value) is not time or value.tzinfo is not None:
        raise fail(instance, attribute.name, "must be a time without a zone")


def to_utc(value: Any) -> Any:
    """
    Convert an aware datetime to UTC; leave the rest for the validator to refuse.
    """
    if value is None:
        return None
    if not isinstance(value, datetime) or value.tzinfo is UTC or value.utcoffset() is None:
        return value
    try:
        there = value.astimezone(UTC)
        back = there.astimezone(value.tzinfo)
    except OverflowError:
        return value
    exists = back.replace(tzinfo=None) == value.replace(tzinfo=None)
    return there if exists else value


def to_tuple(value: Iterable[Any]) -> tuple[Any, ...]:
    """
    Convert any iterable but text to a tuple; leave the rest for the validator to refuse.
    """
    if type(value) is tuple:
        return value
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        return value  # type: ignore[return-value]
    return tuple(value)


def to_decimal(value: Any) -> Any:
    """
    Convert an int, or text in ASCII digits; leave the rest for the validator to refuse.
    """
    if type(value) is int or (type(value) is str and _NUMBER.fullmatch(value)):
        return Decimal(value)
    return value


def optional(check: Validator) -> Validator:
    """
    None, or what *check* accepts.
    """

    def maybe(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if value is not None:
            check(instance, attribute, value)

    return maybe


def masked(value: object) -> str:
    """
    Stand in for a personal value in a repr: tells whether there is one.
    """
    return "None" if value is None else "..."
