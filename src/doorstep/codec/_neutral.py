"""
Every neutral value as versioned JSON: quoted in one process, dispatched in another.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast, get_origin

import attrs
import orjson
from cattrs import Converter
from cattrs.strategies import configure_tagged_union

from doorstep import models
from doorstep.codec._answers import MAX_DEPTH, explain, too_deep
from doorstep.codec._converter import new_converter, object_hook
from doorstep.codec._silent import Problem, twice
from doorstep.errors import FieldProblem, ValidationError
from doorstep.models import DeliveryId, Extension, Raw, Schedule, Verification

T = TypeVar("T")

#: Grows when a reader of the old form could misread the new one.
VERSION = 1

#: A value holds a carrier's answer some levels down, and that may be as deep as any.
_DEPTH = MAX_DEPTH + 10


def to_json(value: object) -> str:
    """
    Return a neutral value as JSON with its type and the version of the format.

    The text holds what the value holds: names, phones and the carrier's raw
    answer among it. Keep it as you keep personal data.

    Raises:
        doorstep.errors.ValidationError:
            It is not one of ``doorstep.models``, or *raw* holds what is not JSON.
    """
    name = type(value).__name__
    if getattr(models, name, None) is not type(value) or type(value) is Extension:
        raise _invalid("$", "is not a neutral value")
    text = _dumps(name, value)
    if text is None:
        raise _invalid("$", "holds what JSON cannot")
    return text


def from_json(text: str | bytes, kind: type[T]) -> T:
    """
    Read what :func:`to_json` wrote.

    The plugin of every extension in it must be loaded: connect first.

    Args:
        kind:
            The class that is expected.

    Raises:
        doorstep.errors.ValidationError:
            Not JSON, another type or version, or a field is wrong or given twice
            with different values; ``fields`` names its path.
    """
    data = _loads(text)
    value, problem = _read(data, kind)
    if problem is None:
        held = text.encode() if isinstance(text, str) else text
        problem = twice(held, data, value, lambda other: _read(other, kind))
    if value is None or problem is not None:
        raise _invalid(*(problem or ("$.value", "is empty")))
    return value


def _dumps(name: str, value: object) -> str | None:
    try:
        held = _converter().unstructure(value)
        return orjson.dumps({"doorstep": VERSION, "type": name, "value": held}).decode()
    except (TypeError, RecursionError):
        return None


def _loads(text: str | bytes) -> Any:
    try:
        data = orjson.loads(text)
    except ValueError:
        return None
    return data if isinstance(data, dict) and not too_deep(data, _DEPTH) else None


def _read(data: Any, kind: type[T]) -> tuple[T | None, Problem | None]:
    if data is None or set(data) != {"doorstep", "type", "value"}:
        return None, ("$", "is not a value written by doorstep")
    if type(data["doorstep"]) is not int or data["doorstep"] != VERSION:
        return None, ("$.doorstep", f"must be {VERSION}: the text is of another version")
    if data["type"] != kind.__name__:
        return None, ("$.type", f"must be {kind.__name__}")
    converter = _converter()
    try:
        return converter.structure(data["value"], kind), None
    except Exception:  # noqa: BLE001  whatever a hook raises
        path, rule = explain(converter, data["value"], kind)
        return None, (path.replace("$", "$.value", 1), rule)


def _invalid(path: str, problem: str) -> ValidationError:
    return ValidationError("JSON is not valid", fields=(FieldProblem(path, problem),))


@cache
def _converter() -> Converter:
    converter = new_converter(forbid_extra_keys=True)
    converter.register_structure_hook(bytes, lambda value, _: b64decode(value, validate=True))
    converter.register_unstructure_hook(bytes, lambda value: b64encode(value).decode())
    converter.register_structure_hook(DeliveryId, lambda value, _: DeliveryId.parse(value))
    converter.register_unstructure_hook(DeliveryId, str)
    converter.register_structure_hook(Raw, lambda value, _: Raw(_object(value)))
    converter.register_unstructure_hook(Raw, Raw.as_dict)
    converter.register_unstructure_hook_func(
        lambda kind: cast("Any", get_origin(kind)) is frozenset,
        lambda value: sorted(str(one) for one in value),
    )
    for union in (Schedule, Verification):
        configure_tagged_union(union, converter, tag_name="kind")
    converter.register_structure_hook(Extension, lambda value, _: _extension(value))
    converter.register_unstructure_hook_func(
        lambda kind: isinstance(kind, type) and issubclass(kind, Extension),
        lambda value: {
            "provider": value.provider,
            "value": converter.unstructure(attrs.asdict(value, recurse=False)),
        },
    )
    return converter


def _object(value: Any) -> dict[str, Any]:
    if type(value) is not dict:
        msg = "must be an object"
        raise TypeError(msg)
    return value


def _extension(data: Any) -> Extension:
    if set(_object(data)) != {"provider", "value"}:
        raise _invalid("extensions", "must have provider and value")
    provider = data["provider"]
    kind = Extension.known.get(provider) if isinstance(provider, str) else None
    if kind is None:
        raise _invalid("extensions", "is of a plugin that is not loaded: connect first")
    return cast("Extension", _extension_hook(cast("Any", kind))(data["value"], kind))


@cache
def _extension_hook(kind: type[Extension]) -> Callable[[Any, Any], Any]:
    return object_hook(_converter(), kind)
