"""
The short way through a wire class, both ways, for the many messages with nothing wrong.

It takes and refuses exactly what the long way does, in :mod:`doorstep.codec._converter`;
only the path of an error is not known here. It goes by what an object holds instead of
field by field, and lets values of the right type pass without a call for each.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from sys import intern
from types import NoneType
from typing import Any, get_args

import attrs
from cattrs import Converter

Hook = Callable[[Any, Any], Any]
Unhook = Callable[[Any], Any]

#: What JSON holds as it is wanted. Whole numbers are not among it: they have a range.
_PASSING = (str, bool, float)
#: What can be written as it is.
_PLAIN = (str, bool, float, int)


def is_wire_class(kind: Any) -> bool:
    """
    Whether *kind* is a class of attrs that is made of its fields by their names.
    """
    return (
        isinstance(kind, type)
        and attrs.has(kind)
        and all(field.init and field.alias == field.name for field in attrs.fields(kind))
    )


def quick_hook(
    converter: Converter, kind: Any, member_of: Callable[[Any], Any]
) -> Callable[[Any, Any], Any]:
    """
    Return what makes a *kind* of an object; keys that it does not know are left out.

    Args:
        member_of:
            Tells what ``T | None`` is beside None; anything else it returns.
    """
    known: dict[str, tuple[str, frozenset[type], Hook, Any]] = {}
    for field in attrs.fields(attrs.resolve_types(kind)):
        member = member_of(field.type)
        own = {member} if member in _PASSING else set()
        passing = frozenset(own if member is field.type else {*own, NoneType})
        # Keywords are found by their address: a name that was parsed is another object.
        name = intern(field.name)
        known[name] = (name, passing, converter.get_structure_hook(member), member)

    def structure(value: Any, _: Any) -> Any:
        if type(value) is not dict:
            msg = "must be an object"
            raise TypeError(msg)
        held: dict[str, Any] = {}
        for key, one in value.items():
            field = known.get(key)
            if field is not None:
                name, passing, hook, member = field
                held[name] = one if type(one) in passing else hook(one, member)
        return kind(**held)

    return structure


@cache
def quick_unhook(
    converter: Converter, kind: Any, member_of: Callable[[Any], Any]
) -> Callable[[Any], dict[str, Any]]:
    """
    Return what makes an object of a *kind*, without the fields that are None.
    """
    fields = attrs.fields(attrs.resolve_types(kind))
    told = [(field.name, _unhook(converter, member_of(field.type), member_of)) for field in fields]
    # At least two names make it answer with a tuple.
    values = attrgetter("__class__", "__class__", *(name for name, _ in told))

    def unstructure(value: Any) -> dict[str, Any]:
        held: dict[str, Any] = {}
        for (name, hook), one in zip(told, values(value)[2:], strict=True):
            if one is not None:
                held[name] = one if hook is None else hook(one)
        return held

    return unstructure


def without_none(value: Any) -> Any:
    """
    Return *value*, of plain dicts and lists, without keys that are None.
    """
    if isinstance(value, dict):
        return {key: without_none(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [without_none(one) for one in value]
    return value


def _unhook(converter: Converter, kind: Any, member_of: Callable[[Any], Any]) -> Unhook | None:
    """
    Return what writes a value that is not None; None if it is written as it is.
    """
    if kind is None or kind is Any:
        return lambda value: without_none(converter.unstructure(value))
    if getattr(kind, "__supertype__", kind) in _PLAIN:
        return None
    if isinstance(kind, type) and attrs.has(kind):
        return quick_unhook(converter, kind, member_of)
    arguments = get_args(kind)
    if len(arguments) == 2 and arguments[1] is ... and attrs.has(arguments[0]):
        each = quick_unhook(converter, arguments[0], member_of)
        return lambda many: [each(one) for one in many]
    hook = converter.get_unstructure_hook(kind)
    return lambda value: without_none(hook(value))
