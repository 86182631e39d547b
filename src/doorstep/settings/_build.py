"""
Making an object of a settings class, and saying which field it refused.

A plugin's converters and validators raise what they like, often with the value
in the text. Their errors end here: what is told is the field and, where it is
safe, the rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import attrs

from doorstep.errors import ValidationError
from doorstep.secret import Secret

__all__ = ["build"]

_GENERAL = "is refused by the provider's own rule"
_WINDOW = 5
_LONGEST_RULE = 200


def build(kind: type[Any], values: dict[str, Any]) -> Any:
    """
    Return ``kind(**values)``, or the list of (field, problem) that forbids it.
    """
    try:
        return kind(**values)
    except Exception as error:  # noqa: BLE001  # foreign code: anything may come
        whole = _of_the_whole(kind, error, values)
    return list(_refusals(kind, values)) or whole


def _of_the_whole(
    kind: type[Any], error: Exception, values: dict[str, Any]
) -> list[tuple[str, str]]:
    """
    Return what is wrong where each field is fine by itself.
    """
    rule = _rule(error, values)
    if rule is None or not isinstance(error, ValidationError):
        return [("", f"the combination {_GENERAL}")]
    names = {field.alias for field in attrs.fields(kind)}
    if any(one.path not in names for one in error.fields):
        return [("", rule)]
    return [(one.path, one.problem) for one in error.fields]


def _refusals(kind: type[Any], values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    # attrs does not say which field raised, so each is asked again by itself.
    instance = object.__new__(kind)
    converted: dict[str, Any] = {}
    given: list[attrs.Attribute[Any]] = [f for f in attrs.fields(kind) if f.alias in values]
    for field in given:
        convert = partial(_convert, instance, field, values[str(field.alias)])
        result, problem = _call(convert, values)
        if problem:
            yield str(field.alias), problem
        else:
            converted[field.name] = result
            object.__setattr__(instance, field.name, result)
    for field in given:
        if field.name in converted and field.validator is not None:
            validate = partial(field.validator, instance, field, converted[field.name])
            _, problem = _call(validate, values)
            if problem:
                yield str(field.alias), problem


def _convert(instance: Any, field: attrs.Attribute[Any], value: Any) -> Any:
    converter: Any = field.converter
    if not isinstance(converter, attrs.Converter):
        return value if converter is None else converter(value)
    whole: Any = converter
    extra = [instance] if whole.takes_self else []
    extra += [field] if whole.takes_field else []
    return whole.converter(value, *extra)


def _call(function: Callable[[], Any], values: dict[str, Any]) -> tuple[Any, str | None]:
    try:
        return function(), None
    except Exception as error:  # noqa: BLE001  # foreign code: anything may come
        return None, _rule(error, values) or _GENERAL


def _rule(error: Exception, values: dict[str, Any]) -> str | None:
    """
    Return the rule that *error* states, if it is one of ours and quotes no value.
    """
    if not isinstance(error, ValidationError):
        return None
    text = "; ".join(str(field.problem) for field in error.fields)
    if not text or len(text) > _LONGEST_RULE or not text.isprintable():
        return None
    return None if any(_quotes(text, value) for value in values.values()) else text


def _quotes(text: str, value: object) -> bool:
    if isinstance(value, Secret):
        secret, text = value.reveal().lower(), text.lower()
        width = min(_WINDOW, len(secret))
        return any(secret[i : i + width] in text for i in range(len(secret) - width + 1))
    if isinstance(value, (tuple, frozenset)):
        return any(_quotes(text, one) for one in value)
    if isinstance(value, bool) or value is None:
        return False
    return re.search(rf"(?<!\w){re.escape(str(value))}(?!\w)", text) is not None
