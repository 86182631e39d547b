"""
A carrier's JSON to its wire class, and back; errors name the path alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import attrs
import orjson
from cattrs import Converter, ForbiddenExtraKeysError, transform_error

from doorstep.codec._converter import member_of, new_converter
from doorstep.codec._quick import quick_unhook, without_none
from doorstep.codec._silent import Problem, nul, twice
from doorstep.errors import InvalidAnswerError, ValidationError
from doorstep.models import Raw

T = TypeVar("T")

#: No carrier nests deeper, and copying, pickling and writing JSON go down with every level.
MAX_DEPTH = 100

_fast = new_converter(detailed=False)
_detailed = new_converter(detailed=True)


def decode(body: bytes, kind: type[T], *, http_status: int | None = None) -> tuple[T, Raw]:
    """
    Parse a JSON object into a wire class; return it with everything it held.

    Keys that *kind* does not know stay in the second value; of those given twice,
    the last. The wire class is attrs, its fields named as on the wire.

    Raises:
        doorstep.errors.InvalidAnswerError:
            It is not JSON, not an object, or a field is missing, of another type,
            given twice with different values, or holds a NUL. ``params["path"]``
            names the field; no value is told.
    """
    data, problem = _parse(body)
    value: Any = None
    if problem is None:
        value, problem = _structure(data, kind)
    if problem is None:
        problem = _silent(body, data, value, kind)
    if problem is not None:
        path, rule = problem
        what = f"got an invalid answer: {rule} @ {path}"
        raise InvalidAnswerError(what, params={"path": path}, http_status=http_status)
    return value, Raw(data)


def encode(value: object) -> bytes:
    """
    Return a wire class as JSON, without the fields that are None.
    """
    return orjson.dumps(plain(value))


def plain(value: Any) -> Any:
    """
    Return a wire class, or what holds some, as JSON has it, without the fields that are None.
    """
    kind: Any = type(value)
    if not attrs.has(kind):
        return without_none(_fast.unstructure(value))
    return quick_unhook(_fast, kind, member_of)(value)


def _parse(body: bytes) -> tuple[Mapping[str, Any], Problem | None]:
    try:
        data = orjson.loads(body)
    except ValueError:
        return {}, ("$", "not JSON" if body.strip() else "empty")
    if not isinstance(data, dict):
        return {}, ("$", "not an object")
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and too_deep(data):
        return {}, ("$", f"nested more than {MAX_DEPTH} deep")
    return data, None


def _silent(body: bytes, data: Any, value: T, kind: type[T]) -> Problem | None:
    def read(other: Any) -> tuple[T | None, Problem | None]:
        return _structure(other, kind)

    return twice(body, data, value, read) or nul(body, data, value, read)


def too_deep(data: Any, limit: int = MAX_DEPTH) -> bool:
    """
    Whether *data* is nested more than *limit* deep; looks level by level.
    """
    level = [data]
    for _ in range(limit + 1):
        inner: list[Any] = []
        for one in level:
            inner += one.values() if type(one) is dict else one
        level = [one for one in inner if type(one) in (dict, list)]
        if not level:
            return False
    return True


def _structure(data: Mapping[str, Any], kind: type[T]) -> tuple[Any, Problem | None]:
    """
    Structure fast, and only if that fails again in detail, for the path.

    Errors are returned: cattrs' own hold the values that they refuse.
    """
    try:
        return _fast.structure(data, kind), None
    except Exception:  # noqa: BLE001  whatever a hook raises
        return None, explain(_detailed, data, kind)


def explain(converter: Converter, data: Any, kind: type) -> Problem:
    """
    Return path and rule of the first thing wrong with *data*.
    """
    try:
        converter.structure(data, kind)
    except Exception as error:  # noqa: BLE001  whatever a hook raises
        found = transform_error(error, format_exception=_rule)
        rule, _, path = found[0].rpartition(" @ ")
        return path, rule
    return "$", "cannot be read"


def _rule(error: BaseException, kind: type | None) -> str:
    if isinstance(error, KeyError):
        return "required field missing"
    if isinstance(error, ValidationError):
        return "; ".join(map(str, error.fields))
    if isinstance(error, ForbiddenExtraKeysError):
        return "has keys that this version does not know"
    if kind is None:
        return "cannot be read"
    return f"must be {getattr(kind, '__name__', None) or kind}"
