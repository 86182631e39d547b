"""
The cattrs converter that every plugin uses: no value is coerced.

cattrs is lax by default: 19.99 becomes 19, "false" True, None "None". Money and
booleans of a carrier must not be guessed, so each hook asks for the exact type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import EnumType
from functools import partial
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin

import attrs
from cattrs import Converter, IterableValidationError, IterableValidationNote

from doorstep.codec._quick import is_wire_class, quick_hook

#: A whole number of 32 bits, for wire fields that a carrier documents so.
Int32 = NewType("Int32", int)

_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:\.[0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?")
_DECIMAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def rfc3339(text: object) -> datetime:
    """
    Parse a time with its offset, to UTC; digits past microseconds are cut.

    Raises:
        ValueError:
            It is not RFC 3339: naive, a date alone, a leap second, or text that
            ``datetime.fromisoformat`` would misread.
    """
    if type(text) is not str or not _RFC3339.fullmatch(text):
        msg = "must be an RFC 3339 time with an offset"
        raise ValueError(msg)
    found = _read_time(text)
    if found is None:
        msg = "is out of range"
        raise ValueError(msg)
    return found


def _read_time(text: str) -> datetime | None:
    """
    Return None instead of an error that would hold the text.
    """
    try:
        found = datetime.fromisoformat(text)
        return found if found.tzinfo is UTC else found.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def new_converter(*, forbid_extra_keys: bool = False, detailed: bool = True) -> Converter:
    """
    Return a converter with the strict hooks.

    Args:
        forbid_extra_keys:
            For our own formats. A carrier's new fields are ignored instead.

        detailed:
            Whether errors know their path; the fast way does not.
    """
    converter = Converter(
        forbid_extra_keys=forbid_extra_keys,
        detailed_validation=detailed,
        omit_if_default=False,
    )
    for kind, hook in _HOOKS.items():
        converter.register_structure_hook(kind, hook)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_unstructure_hook(datetime, _format_time)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_unstructure_hook(time, time.isoformat)
    converter.register_structure_hook_factory(attrs.has, partial(object_hook, converter))
    if not (detailed or forbid_extra_keys):
        converter.register_structure_hook_factory(
            is_wire_class, partial(quick_hook, converter, member_of=member_of)
        )
    converter.register_structure_hook_factory(_is_list, partial(_list_hook, converter))
    converter.register_structure_hook_factory(_is_optional, partial(_optional_hook, converter))
    converter.register_unstructure_hook_factory(_is_optional, partial(_optional_unhook, converter))
    return converter


def _exact(kind: type, value: Any, target: Any) -> Any:
    if type(value) is not kind:
        msg = f"must be {kind.__name__}"
        raise TypeError(msg)
    # cattrs finds this hook for text enums too: they are subclasses of str.
    return target(value) if isinstance(target, EnumType) else value


def _whole(bits: int) -> Callable[[Any, Any], int]:
    limit = 2**bits

    def whole(value: Any, _: Any) -> int:
        if type(value) is not int or not -limit <= value < limit:
            msg = f"must be a whole number of {bits + 1} bits"
            raise TypeError(msg)
        return value

    return whole


def _number(value: Any, _: Any) -> float:
    if type(value) not in (int, float):
        msg = "must be a number"
        raise TypeError(msg)
    return float(value)


def _decimal(value: Any, _: Any) -> Decimal:
    """
    Take text, or a JSON number by its shortest digits; never NaN or infinity.
    """
    if type(value) not in (str, int, float) or (
        type(value) is str and not _DECIMAL.fullmatch(value)
    ):
        msg = "must be a decimal number"
        raise TypeError(msg)
    try:
        number = Decimal(repr(value) if type(value) is float else value)
    except ArithmeticError:
        number = Decimal("NaN")
    if not number.is_finite():
        msg = "must be a decimal number"
        raise ValueError(msg)
    return number


def _date(value: Any, _: Any) -> date:
    """
    Take a day of the calendar, as ``2026-12-24``.
    """
    if type(value) is not str or not _DATE.fullmatch(value):
        msg = "must be a date: year, month and day"
        raise TypeError(msg)
    found = _read_date(value)
    if found is None:
        msg = "is out of range"
        raise ValueError(msg)
    return found


def _read_date(text: str) -> date | None:
    """
    Return None instead of an error that would hold the text.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _time(value: Any, _: Any) -> time:
    """
    Take a time of the day, as ``11:30`` or ``11:30:00``; nothing says where it holds.
    """
    if type(value) is not str or not _TIME.fullmatch(value):
        msg = "must be a time of the day: hour and minute"
        raise TypeError(msg)
    return time.fromisoformat(value)


def _format_time(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


_HOOKS: dict[Any, Callable[[Any, Any], Any]] = {
    str: partial(_exact, str),
    bool: partial(_exact, bool),
    int: _whole(63),
    Int32: _whole(31),
    float: _number,
    datetime: lambda value, _: rfc3339(value),
    date: _date,
    time: _time,
    Decimal: _decimal,
}


def object_hook(converter: Converter, kind: Any) -> Callable[[Any, Any], Any]:
    """
    Take an object alone: text and lists also answer whether a key is in them.
    """
    structure_dict = converter.gen_structure_attrs_fromdict(kind)

    def structure(value: Any, _: Any) -> Any:
        if type(value) is not dict:
            msg = "must be an object"
            raise TypeError(msg)
        return structure_dict(value, kind)

    return structure


def _is_list(kind: Any) -> bool:
    """
    Whether *kind* is a list, a set or a tuple of any length; pairs are left to cattrs.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    return origin in (list, set, frozenset, Sequence) or (
        origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis
    )


def _list_hook(converter: Converter, kind: Any) -> Callable[[Any, Any], Any]:
    """
    Take a list alone: text and objects can be iterated over, too.
    """
    member = get_args(kind)[0]
    hook = converter.get_structure_hook(member)
    build: Callable[[Any], Any] = {Sequence: tuple}.get(get_origin(kind), get_origin(kind))
    members = _members_in_detail if converter.detailed_validation else _members

    def structure(value: Any, _: Any) -> Any:
        if type(value) is not list:
            msg = "must be a list"
            raise TypeError(msg)
        return build(members(value, hook, member, kind))

    return structure


def _members(value: list[Any], hook: Callable[[Any, Any], Any], member: Any, _: Any) -> list[Any]:
    return [hook(one, member) for one in value]


def _members_in_detail(
    value: list[Any], hook: Callable[[Any, Any], Any], member: Any, kind: Any
) -> list[Any]:
    """
    Tell the index of each member that is refused, in cattrs' way.
    """
    found: list[Any] = []
    errors: list[Exception] = []
    for index, one in enumerate(value):
        try:
            found.append(hook(one, member))
        except Exception as error:  # noqa: BLE001  whatever a hook raises
            note = IterableValidationNote(f"Structuring {kind} @ index {index}", index, member)
            error.add_note(note)
            errors.append(error)
    if errors:
        message = f"While structuring {kind}"
        raise IterableValidationError(message, errors, kind)
    return found


def _is_optional(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType) and NoneType in get_args(kind)


def member_of(kind: Any) -> Any:
    """
    Return what ``T | None`` is beside None, and anything else as it is.
    """
    if not _is_optional(kind):
        return kind
    return Union[tuple(one for one in get_args(kind) if one is not NoneType)]  # noqa: UP007 built


def _optional_hook(converter: Converter, kind: Any) -> Callable[[Any, Any], Any]:
    """
    Look the member's hook up once instead of at every value.
    """
    member = member_of(kind)
    hook = converter.get_structure_hook(member)

    def structure(value: Any, _: Any) -> Any:
        return None if value is None else hook(value, member)

    return structure


def _optional_unhook(converter: Converter, kind: Any) -> Callable[[Any], Any]:
    hook = converter.get_unstructure_hook(member_of(kind))

    def unstructure(value: Any) -> Any:
        return None if value is None else hook(value)

    return unstructure
