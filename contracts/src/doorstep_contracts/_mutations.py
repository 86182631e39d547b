"""
Answers with one thing changed: what carriers, proxies and new versions do to them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, TypeAlias

import attrs

from doorstep.models import Money

__all__ = ["WHOLE", "WORDS", "Path", "at", "changed", "leaves", "moments_in", "money_in"]

Path: TypeAlias = tuple[str | int, ...]

#: What takes the place of a value, by the name of the change.
WORDS: Final[dict[str, Any]] = {
    "null": None,
    "text": "a_word_that_nobody_knows",
    "empty text": "",
    "number as text": "12",
    "true": True,
    "object": {},
    "array": [],
    "array of it": ...,
    "negative": -1,
    "zero": 0,
    "2^31": 2**31,
    "2^63": 2**63,
    "5000 digits": "5000 digits",  # written by hand: json refuses to
    "fraction": 19.99,
    "deep": [[[[[[[[{}]]]]]]]],
    "surrogate": "\ud800",
    "NUL": "a\x00b",
    "long": "x" * 10_000,
    "no fraction": "2031-05-06T07:08:09Z",
    "six digits": "2031-05-06T07:08:09.123456Z",
    "nine digits": "2031-05-06T07:08:09.123456789Z",
    "impossible time": "2031-02-30T25:61:61Z",
}

#: What takes the place of a whole answer.
WHOLE: Final[dict[str, bytes]] = {
    "nothing": b"",
    "half of it": b'{"id": "1", "sta',
    "a page": b"<html><body>Sign in to the network</body></html>",
    "null": b"null",
    "an array": b"[]",
    "text": b'"ok"',
    "a number": b"7",
    "bytes": b"\xff\xfe\x00",
    "nested": b"[" * 100_000,
    "NaN": b'{"id": NaN}',
}


def leaves(value: Any, here: Path = ()) -> Iterator[Path]:
    """
    Yield the path of everything in *value*, objects and arrays too.
    """
    if here:
        yield here
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*here, key))
    elif isinstance(value, list):
        for index, one in enumerate(value[:3]):
            yield from leaves(one, (*here, index))


def at(value: Any, path: Path) -> Any:
    """
    Return what is at *path*.
    """
    for step in path:
        value = value[step]
    return value


def changed(body: bytes, path: Path, new: Any) -> bytes:
    """
    Return *body* with *new* at *path*; with nothing there if *new* is ``changed`` itself.
    """
    data = json.loads(body)
    *way, last = path
    holder = at(data, tuple(way))
    if new is changed:
        del holder[last]
    else:
        holder[last] = [holder[last]] if new is ... else new
    text = json.dumps(data)
    return text.replace('"5000 digits"', "9" * 5000).encode()


def money_in(value: Any) -> set[Money]:
    """
    Return every amount in a neutral value.
    """
    return {one for one in _inside(value) if isinstance(one, Money)}


def moments_in(value: Any) -> set[datetime]:
    """
    Return every moment in a neutral value.
    """
    return {one for one in _inside(value) if isinstance(one, datetime)}


def _inside(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, tuple | list | frozenset):
        for one in value:
            yield from _inside(one)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            if field.eq:  # what is no part of the value, such as the raw answer, is left out
                yield from _inside(getattr(value, field.name))
