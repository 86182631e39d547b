"""
A class of options as flags of the command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import attrs
from cyclopts import Parameter

from doorstep.cli._shared import flag, invalid
from doorstep.secret import Secret

__all__ = ["flags_of", "options_from"]

_LAST_PORT = 65535
_PLAIN = (str, int, float, bool, datetime, Path, Enum)


def flags_of(options: type[Any]) -> type[Any]:
    """
    Return an attrs class that the command line fills, with a field for each flag.

    Fields of a type that no flag can hold keep their default. A flag that is not
    given is None, so that the options' own default decides.
    """
    hints = get_type_hints(options)
    annotated: Any = Annotated  # what is built here is no alias that a type checker reads
    fields: dict[str, Any] = {}
    for field in attrs.fields(options):
        kind = _flag_type(hints.get(field.name))
        if not field.init or kind is None:
            continue
        required = field.default is attrs.NOTHING
        negative = Parameter(negative=f"--no-{_dashed(field.alias)}" if kind is bool else ())
        hint = annotated[kind if required else kind | None, negative]
        fields[field.alias or field.name] = (
            attrs.field(type=hint) if required else attrs.field(type=hint, default=None)
        )
    made = attrs.make_class(options.__name__, fields, kw_only=True, frozen=True)
    made.__doc__ = options.__doc__
    flags: type[Any] = Parameter(name="*")(made)
    return flags


def options_from(options: type[Any], given: Mapping[str, Any]) -> Any:
    """
    Return the options with what was *given*; a secret among them is wrapped.

    Raises:
        doorstep.errors.ValidationError:
            A time has no offset, or ``port`` is none.
    """
    hints = get_type_hints(options)
    secrets = {
        field.alias for field in attrs.fields(options) if _member(hints[field.name]) is Secret
    }
    held = {name: value for name, value in given.items() if value is not None}
    for name, value in held.items():
        if isinstance(value, datetime) and value.tzinfo is None:
            raise invalid(flag(name), "needs an offset: 2026-11-22T18:30:00+01:00 (or end in Z)")
        if name == "port" and type(value) is int and not 0 <= value <= _LAST_PORT:
            raise invalid(flag(name), f"must be a whole number 0 to {_LAST_PORT}")
    return options(
        **{name: Secret(value) if name in secrets else value for name, value in held.items()}
    )


def _flag_type(hint: Any) -> Any:
    """
    Return what a flag for *hint* holds, or None if it cannot be one.
    """
    member = _member(hint)
    if member is Secret:
        return str
    return member if isinstance(member, type) and issubclass(member, _PLAIN) else None


def _member(hint: Any) -> Any:
    """
    Return the one type that *hint* allows beside None.
    """
    if get_origin(hint) not in (Union, UnionType):
        return hint
    members = [one for one in get_args(hint) if one is not NoneType]
    return members[0] if len(members) == 1 else None


def _dashed(name: str | None) -> str:
    return (name or "").replace("_", "-")
