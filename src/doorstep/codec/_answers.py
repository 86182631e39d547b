"""
A carrier's JSON to its wire class, and back; errors name the path alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import orjson
from cattrs import Converter, ForbiddenExtraKeysError, transform_error

from doorstep.codec._converter import new_converter
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

    Keys that *kind* does not know stay in the second value. The wire class is
    attrs, its fields named as on the wire.

    Raises:
        doorstep.errors.InvalidAnswerError:
            It is not JSON, not an object, or a field is missing or of another
            type. ``params["path"]`` names the field; no value is told.
    """
    data, problem = _parse(body)
    value: Any = None
    if problem is None:
        value, problem = _structure(data, kind)
    if problem is not None:
        path, rule = problem
        what = f"got an invalid answer: {rule} @ {path}"
        raise InvalidAnswerError(what, params={"path": path}, http_status=http_status)
    return value, Raw(data)


def encode(value: object) -> bytes:
    """
    Return a wire class as JSON, without the fields that are None.
    """
    return orjson.dumps(_without_none(_fast.unstructure(value)))


def _parse(body: bytes) -> tuple[Mapping[str, Any], tuple[str, str] | None]:
    try:
        data = orjson.loads(body)
    except ValueError:
        return {}, ("$", "not JSON" if body.strip() else "empty")
    if not isinstance(data, dict):
        return {}, ("$", "not an object")
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and too_deep(data):
        return {}, ("$", f"nested more than {MAX_DEPTH} deep")
    return data, None


def too_deep(data: Any) -> bool:
    """
    Whether *data* is nested more than ``MAX_DEPTH`` deep; looks level by level.
    """
    level = [data]
    for _ in range(MAX_DEPTH + 1):
        inner: list[Any] = []
        for one in level:
            inner += one.values() if type(one) is dict else one
        level = [one for one in inner if type(one) in (dict, list)]
        if not level:
            return False
    return True


def _structure(data: Mapping[str, Any], kind: type[T]) -> tuple[Any, tuple[str, str] | None]:
    """
    Structure fast, and only if that fails again in detail, for the path.

    Errors are returned: cattrs' own hold the values that they refuse.
    """
    try:
        return _fast.structure(data, kind), None
    except Exception:  # noqa: BLE001  whatever a hook raises
        return None, explain(_detailed, data, kind)


def explain(converter: Converter, data: Any, kind: type) -> tuple[str, str]:
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


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [_without_none(one) for one in value]
    return value
