"""
What a parser lets pass in silence: a key that is given twice, and a NUL.

Of a key given twice it keeps the last, and another reader of the same bytes keeps the
first: that must not decide what a fee or an id is. A NUL ends text early elsewhere.
Where a value that is read is so, nothing is taken; elsewhere it does no harm.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import orjson

T = TypeVar("T")

#: A path and what is wrong there.
Problem: TypeAlias = tuple[str, str]
#: Makes a value of parsed JSON, or says what is wrong.
Reader: TypeAlias = Callable[[Any], tuple[T | None, Problem | None]]

_TWICE = "is given twice, with different values"
_NUL = "holds a NUL"


class _Mark:
    """
    Stands for a value that must not be read: no strict hook takes it.
    """

    def __repr__(self) -> str:
        return "<mark>"


_MARK = _Mark()


def twice(text: bytes, data: Any, value: T, read: Reader[T]) -> Problem | None:
    """
    Tell where *text* gives something twice that *read* reads; None if nowhere.

    Args:
        text, data:
            JSON, and what it was parsed to.

        value, read:
            What was made of *data*, and what makes it.
    """
    if not _may_repeat_keys(text, data):
        return None
    try:
        marked = json.loads(text, object_pairs_hook=_differing, parse_int=orjson.loads)
    except RecursionError:
        return "$", "nested too deep"
    return _where(marked, value, read, _TWICE)


def nul(text: bytes, data: Any, value: T, read: Reader[T]) -> Problem | None:
    """
    Tell where *text* holds a NUL in something that *read* reads; None if nowhere.
    """
    # A NUL that is not escaped is no JSON. Most answers hold no backslash at all.
    if b"\\" not in text or b"\\u0000" not in text:
        return None
    return _where(_with_nul(data), value, read, _NUL)


def _where(marked: Any, value: T, read: Reader[T], rule: str) -> Problem | None:
    again, problem = read(marked)
    if problem is not None:
        return problem[0], rule
    # A field of any type takes the mark as well.
    return None if again == value else ("$", rule)


def _may_repeat_keys(text: bytes, data: Any) -> bool:
    """
    Whether a key may have been lost; cheap, and a no is certain.

    A key that was lost took its colon along. Nothing else changes their number but
    a colon that was escaped.
    """
    written = orjson.dumps(data)
    if written == text:
        return False
    escaped = b"\\" in text and (b"\\u003a" in text or b"\\u003A" in text)
    return escaped or text.count(b":") != written.count(b":")


def _differing(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    kept = dict(pairs)
    if len(kept) == len(pairs):
        return kept
    seen: dict[str, str] = {}
    for key, value in pairs:
        # By their text, because 1 equals true.
        shown = repr(value)
        if seen.setdefault(key, shown) != shown:
            kept[key] = _MARK
    return kept


def _with_nul(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_nul(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_nul(one) for one in value]
    return _MARK if isinstance(value, str) and "\0" in value else value
