"""
The kinds of values that a recording has, checked one at a time.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from doorstep.codec import rfc3339
from doorstep_contracts.recordings._format import Origin

__all__ = [
    "WrongError",
    "a_flag",
    "a_list",
    "a_text",
    "a_time",
    "an_object",
    "an_origin",
    "headers",
    "once",
    "one_of",
    "texts",
]

E = TypeVar("E", bound=Enum)


class WrongError(Exception):
    """
    Path and rule of what is wrong.
    """


def an_origin(value: Any) -> Origin:
    if value not in list(Origin):
        raise WrongError("$.origin", f"must be one of {', '.join(Origin)}")
    return Origin(value)


def an_object(
    data: Any, path: str, allowed: tuple[str, ...] | None = None, needed: tuple[str, ...] = ()
) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise WrongError(path, "must be an object")
    if allowed is not None and (unknown := sorted(set(data) - set(allowed))):
        raise WrongError(f"{path}.{unknown[0]}", "is no key of the format")
    if missing := sorted(set(needed) - set(data)):
        raise WrongError(f"{path}.{missing[0]}", "is missing")
    return data


def a_list(data: Any, path: str) -> list[Any]:
    if not isinstance(data, list):
        raise WrongError(path, "must be a list")
    return data


def a_text(value: Any, path: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise WrongError(path, "must be text that is not empty")
    return value


def texts(value: Any, path: str) -> tuple[str, ...]:
    return tuple(a_text(one, f"{path}[{at}]") for at, one in enumerate(a_list(value, path)))


def a_flag(value: Any, path: str) -> bool:
    if type(value) is not bool:
        raise WrongError(path, "must be true or false")
    return value


def a_time(value: Any, path: str) -> datetime:
    try:
        return rfc3339(value)
    except ValueError as error:
        raise WrongError(path, str(error)) from None


def headers(value: Any, path: str) -> dict[str, str]:
    found = an_object(value, path)
    for name, text in found.items():
        a_text(text, f"{path}.{name}")
    return {name.lower(): text for name, text in found.items()}


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """
    Refuse a key that is given twice: which of the two is meant?
    """
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for at, (key, _) in enumerate(pairs) if key in dict(pairs[:at]))
        raise ValueError(f"key {twice!r} is given twice")
    return found


def one_of(kind: type[E], value: Any, path: str) -> E | None:
    """
    Return the member of *kind* that has this name in small letters; None if there is none.
    """
    if value is None:
        return None
    known = {one.name.lower(): one for one in kind}
    if not isinstance(value, str) or value not in known:
        raise WrongError(path, f"must be one of {', '.join(known)}")
    return known[value]
