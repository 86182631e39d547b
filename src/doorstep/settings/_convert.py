"""
From text, TOML and keywords to the types that a settings class declares.

Strict: nothing is guessed. What does not fit ends as a :class:`Wrong`, which
holds the rule and never the value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

import attrs

from doorstep.secret import Secret

__all__ = ["Given", "Wrong", "convert", "holds_secret"]

_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_INT = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?")
_BOOLS: Final = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}
_EDGES = "starts or ends with white space or a line end, as a copied value may; remove it"
_CONTROL = "has a line end or another control character in it"
_LEFT_EMPTY = "is empty; leave it out to use the default"


@attrs.frozen
class Wrong:
    """
    The rule that a value breaks.
    """

    problem: str


class Given:
    """
    A value as it was found. Its repr shows nothing, for tracebacks with locals.

    Args:
        where:
            The variable, file or keyword that gave it.

        text:
            Whether it is text that stands for other types too.

        file:
            Whether it comes from the TOML file.
    """

    __slots__ = ("file", "text", "value", "where")

    def __init__(
        self, value: object, where: str, *, text: bool = False, file: bool = False
    ) -> None:
        self.value = value
        self.where = where
        self.text = text
        self.file = file

    def __repr__(self) -> str:
        return f"<value of {self.where}>"


def holds_secret(hint: Any) -> bool:
    """
    Whether a field of this type holds a credential.
    """
    return hint is Secret or any(holds_secret(part) for part in get_args(hint))


def convert(given: Given, hint: Any) -> Any:
    """
    Return the value of *given* as *hint* asks, or a :class:`Wrong`.
    """
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _optional(given, hint)
    if origin is Literal:
        return _choice(given, {member: member for member in get_args(hint)})
    if origin in (tuple, frozenset):
        return _several(given, hint, origin)
    if isinstance(hint, type) and issubclass(hint, Enum):
        if isinstance(given.value, hint):
            return given.value
        return _choice(given, {member.value: member for member in hint})
    if hint in _SIMPLE:
        return _SIMPLE[hint](given)
    return _as_keyword(given)


def _as_keyword(given: Given) -> Any:
    if given.text or given.file:
        return Wrong("can only be given as a keyword")
    return given.value


def _optional(given: Given, hint: Any) -> Any:
    members = [member for member in get_args(hint) if member is not NoneType]
    if given.value is None and NoneType in get_args(hint):
        return None
    if len(members) == 1:
        return convert(given, members[0])
    return _as_keyword(given)


def _choice(given: Given, known: dict[Any, Any]) -> Any:
    for value, member in known.items():
        if type(value) is type(given.value) and value == given.value:
            return member
        if given.text and str(value) == given.value:
            return member
    return Wrong(f"must be one of {', '.join(str(value) for value in known)}")


def _several(given: Given, hint: Any, origin: type) -> Any:
    inner = get_args(hint)
    if origin is tuple and (len(inner) != 2 or inner[1] is not Ellipsis):
        return _as_keyword(given)
    found: Any = given.value
    if given.text:
        found = [part.strip() for part in str(found).split(",")] if str(found).strip() else []
    if not isinstance(found, (list, tuple, set, frozenset)):
        return Wrong("must be a list, in the environment separated by commas")
    parts = [
        convert(Given(one, given.where, text=given.text, file=given.file), inner[0])
        for one in found
    ]
    wrong = next((part for part in parts if isinstance(part, Wrong)), None)
    return Wrong(f"has a member that {wrong.problem}") if wrong else origin(parts)


def _text(given: Given) -> Any:
    if type(given.value) is not str:
        return Wrong(f"must be text (got {type(given.value).__name__})")
    if not given.value.strip():
        return Wrong(_LEFT_EMPTY)
    if given.value != given.value.strip():
        return Wrong(_EDGES)
    return Wrong(_CONTROL) if _UNPRINTABLE.search(given.value) else given.value


def _secret(given: Given) -> Any:
    bare = given.value.reveal() if isinstance(given.value, Secret) else given.value
    text = _text(Given(bare, given.where))
    return text if isinstance(text, Wrong) else Secret(text)


def _bool(given: Given) -> Any:
    if given.text:
        value = _BOOLS.get(str(given.value).lower())
        return Wrong("must be true or false") if value is None else value
    return given.value if type(given.value) is bool else Wrong("must be true or false")


def _int(given: Given) -> Any:
    if given.text and _INT.fullmatch(str(given.value)):
        return int(str(given.value))
    return given.value if type(given.value) is int else Wrong("must be a whole number")


def _decimal(given: Given) -> Any:
    value: Any = given.value
    if given.text:
        value = Decimal(value) if _DECIMAL.fullmatch(value) else None
    elif type(value) is int:
        value = Decimal(value)
    if isinstance(value, Decimal) and value.is_finite():
        return value
    return Wrong("must be a decimal number")


def _float(given: Given) -> Any:
    number = given.value if type(given.value) is float else _decimal(given)
    if isinstance(number, Wrong) or not math.isfinite(number):
        return Wrong("must be a number")
    return float(number)


_SIMPLE: Final[dict[Any, Callable[[Given], Any]]] = {
    str: _text,
    Secret: _secret,
    bool: _bool,
    int: _int,
    Decimal: _decimal,
    float: _float,
}
