"""
Validators that every model shares: strict, and silent about the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

import attrs

from doorstep.errors import FieldProblem, ValidationError

T = TypeVar("T")
Validator = Callable[[Any, "attrs.Attribute[Any]", Any], None]

REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,127}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")

# Embeddings, overrides and isolates can make a name read as another one. Marks
# and joiners stay: Hebrew, Persian and emoji need them.
_BIDI = "\u202a-\u202e\u2066-\u2069"
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff"
_BAD_LINE = re.compile(f"[{_CONTROL}\t\n{_BIDI}]")
_BAD_PROSE = re.compile(f"[{_CONTROL}{_BIDI}]")


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
    require(instance, name, type(value) is str, "must be text")
    require(instance, name, bool(value.strip()), "must not be empty")
    require(instance, name, len(value) <= longest, f"must have {longest} characters at most")
    require(instance, name, not bad.search(value), "has a control or reordering character")


def matches(pattern: re.Pattern[str], rule: str) -> Validator:
    """
    Text that matches *pattern* from end to end.
    """

    def check(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        good = type(value) is str and pattern.fullmatch(value) is not None
        require(instance, attribute.name, good, rule)

    return check


def integer(lowest: int, highest: int) -> Validator:
    """
    An int, not a bool, in a range that includes both ends.
    """

    def check(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        good = type(value) is int and lowest <= value <= highest
        require(instance, attribute.name, good, f"must be a whole number {lowest} to {highest}")

    return check


def instance_of(*types: type) -> Validator:
    """
    A value of exactly these types or their subclasses.
    """
    rule = "must be " + " or ".join(kind.__name__ for kind in types)

    def check(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        good = isinstance(value, types) and not (isinstance(value, bool) and bool not in types)
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
    An aware datetime. Naive ones are refused: nobody knows where they hold.
    """
    good = isinstance(value, datetime) and value.utcoffset() is not None
    require(instance, attribute.name, good, "must be a datetime with a time zone")


def to_utc(value: Any) -> Any:
    """
    Convert an aware datetime to UTC; leave the rest for the validator to refuse.
    """
    if isinstance(value, datetime) and value.tzinfo is not UTC and value.utcoffset() is not None:
        return value.astimezone(UTC)
    return value


def to_tuple(value: Iterable[T]) -> tuple[T, ...]:
    """
    Convert any iterable but text to a tuple.
    """
    if isinstance(value, str):
        return value  # type: ignore[return-value]  # the validator refuses it with the field's name
    return tuple(value)


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
