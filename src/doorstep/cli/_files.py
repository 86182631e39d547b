"""
Values from JSON: the versioned form, or a plain one that people write.

The plain form has the fields of the value and no envelope. Money may be text
(``"19.99 USD"``), an address a line of text, ``dropoff`` a single stop, and
``pickup_at`` or ``dropoff_at`` a time instead of a schedule.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import attrs
import orjson

from doorstep.cli._money import read_money
from doorstep.cli._shared import invalid
from doorstep.codec import from_json
from doorstep.errors import FieldProblem, ValidationError

__all__ = ["keep", "read_bytes", "read_value"]

T = TypeVar("T")

#: No request, quote or set of changes is larger; what is may be a whole export.
_MOST_BYTES = 4 * 1024 * 1024
#: Editors of some systems put it before the text. It is no part of it.
_MARK = b"\xef\xbb\xbf"
#: Deeper than any value, and less than what the interpreter can go down.
_DEEPEST = 100
#: The version of the format that the plain form is read as.
_VERSION = 1
_ENVELOPE = {"doorstep", "type", "value"}
_MONEY = frozenset({"order_value", "tip", "unit_price", "collect", "pay_at_pickup"})
_TIMES = {"pickup_at": "PickupAt", "dropoff_at": "DropoffAt"}


def read_bytes(option: str, path: Path) -> bytes:
    """
    Return what is in the file, or on stdin for ``-``, without a byte order mark.

    Raises:
        doorstep.errors.ValidationError:
            It cannot be read, or is larger than a value can be. No more than that
            is read.
    """
    try:
        found = _first_bytes(path)
    except OSError as error:
        raise invalid(option, f"cannot be read ({error.strerror})") from None
    if len(found) > _MOST_BYTES:
        raise invalid(option, f"is larger than {_MOST_BYTES // 1024**2} MiB")
    return found.removeprefix(_MARK)


def _first_bytes(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read(_MOST_BYTES + 1)
    with path.open("rb") as file:
        return file.read(_MOST_BYTES + 1)


def keep(option: str, path: Path, content: bytes, *, force: bool) -> None:
    """
    Write a file that only its owner can read, whole or not at all.

    Args:
        force:
            Take the place of a file that is there.

    Raises:
        doorstep.errors.ValidationError:
            There is one already, or it cannot be written.
    """
    # Beside the old one until it is whole; a link in its place is replaced, not followed.
    target = path.with_name(f".{path.name}.{secrets.token_hex(4)}") if force else path
    try:
        _write(target, content)
        if force:
            target.replace(path)
    except FileExistsError:
        raise invalid(option, "is there already (--force overwrites it)") from None
    except OSError as error:
        raise invalid(option, f"cannot be written ({error.strerror})") from None


def _write(target: Path, content: bytes) -> None:
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        try:
            _fill(file, content)
        except BaseException:
            target.unlink()
            raise


def _fill(file: BinaryIO, content: bytes) -> None:
    file.write(content)
    file.flush()


def read_value(option: str, path: Path, kind: type[T]) -> T:
    """
    Return the *kind* that a file holds, in either form.

    Raises:
        doorstep.errors.ValidationError:
            It is not JSON, or a field is wrong; its path is named.
    """
    text = read_bytes(option, path)
    try:
        found = orjson.loads(text)
    except ValueError:
        raise invalid(option, "is not JSON in UTF-8, or is more than one value") from None
    if _depth(found) > _DEEPEST:
        raise invalid(option, f"is nested more than {_DEEPEST} deep")
    if isinstance(found, dict) and not found.keys() >= _ENVELOPE:
        found = {"doorstep": _VERSION, "type": kind.__name__, "value": _plain(found)}
    try:
        return from_json(orjson.dumps(found), kind)
    except ValidationError as error:
        fields = tuple(_located(option, field) for field in error.fields)
    raise ValidationError("input is not valid", fields=fields)


def _located(option: str, field: FieldProblem) -> FieldProblem:
    """
    Return a problem with the path as its writer knows it.
    """
    return FieldProblem(f"{option} {field.path.replace('$.value', '$', 1)}", field.problem)


def _depth(found: Any) -> int:
    """
    Return how deep *found* is nested, and no more than is too deep.
    """
    level = [found]
    for depth in range(_DEEPEST + 1):
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                inner += one.values()
            elif isinstance(one, list):
                inner += one
        if not inner:
            return depth
        level = inner
    return _DEEPEST + 1


def _plain(found: Any) -> Any:
    """
    Return the plain form as the versioned one has it, all the way down.
    """
    if isinstance(found, list):
        return [_plain(one) for one in found]
    if not isinstance(found, dict):
        return found
    held: dict[str, Any] = {}
    for name, value in found.items():
        if name in _TIMES and "schedule" not in found:
            held["schedule"] = {"kind": _TIMES[name], "at": value}
        elif name == "dropoff" and "pickup" in found and "reference" in found:
            held["dropoffs"] = [_plain(value)]
        elif name == "address" and isinstance(value, str):
            held[name] = {"one_line": value}
        elif name in _MONEY and isinstance(value, str):
            held[name] = attrs.asdict(read_money(name, value))
        else:
            held[name] = _plain(value)
    return held
