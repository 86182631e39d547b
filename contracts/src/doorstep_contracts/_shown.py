"""
Everything that a value or an error shows to whoever prints, copies or reports it.
"""

from __future__ import annotations

import copy
import pickle
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TypeAlias, TypeGuard

import attrs

#: How one got to see something, and what it was.
Shown: TypeAlias = tuple[str, str | bytes]

_DEPTH = 5
_LEAVES = (int, float, bool, type(None), type)


def shown_by_value(value: object, *, inside: bool = True) -> Iterator[Shown]:
    """
    Yield what *value* shows: its texts and, *inside*, its fields, copies and pickle.

    Args:
        inside:
            False for what may hold canaries that it must only not print.
    """
    yield "repr", repr(value)
    yield "str", str(value)
    with suppress(TypeError):
        yield "format", f"{value:>9}"
    yield "in a list", f"{[value]} {(value,)} { {'value': value} }"
    if not inside:
        return
    with suppress(TypeError):
        yield "vars", repr(vars(value))
    if _is_made_by_attrs(value):
        yield "asdict", repr(attrs.asdict(value))
        yield "astuple", repr(attrs.astuple(value))
    for how, make in (("copy", copy.copy), ("deepcopy", copy.deepcopy), ("pickle", pickle.dumps)):
        # Locks, sockets and secrets refuse to be copied or stored.
        with suppress(TypeError, pickle.PicklingError, AttributeError):
            made = make(value)
            yield how, made if isinstance(made, bytes) else repr(made)
    yield from reachable(value)


def _is_made_by_attrs(value: object) -> TypeGuard[attrs.AttrsInstance]:
    return attrs.has(type(value))


def reachable(value: object) -> Iterator[Shown]:
    """
    Yield every text that hangs on *value*: in attributes, slots, items, all the way down.

    What is inside of a ``doorstep.secret.Secret`` is left alone: that is its place.
    """
    from doorstep.secret import Secret

    queue: list[tuple[str, object]] = [(type(value).__name__, value)]
    seen: dict[int, object] = {}
    while queue:
        where, each = queue.pop()
        if isinstance(each, str | bytes | bytearray):
            yield where, bytes(each) if isinstance(each, bytearray) else each
        elif id(each) not in seen and not isinstance(each, (Secret, *_LEAVES)):
            seen[id(each)] = each
            queue += ((f"{where}.{name}", one) for name, one in _parts(each))


def _parts(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for key, one in list(value.items()):
            yield "(key)", key
            yield str(key)[:32] if isinstance(key, str) else "(value)", one
    elif isinstance(value, list | tuple | set | frozenset):
        yield from ((f"[{at}]", one) for at, one in enumerate(value))
    elif type(value).__module__ in ("builtins", "types"):
        return  # functions, modules, generators
    yield from getattr(value, "__dict__", {}).items()
    for kind in type(value).__mro__:
        slots = vars(kind).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            private = name.startswith("__") and not name.endswith("__")
            attribute = f"_{kind.__name__.lstrip('_')}{name}" if private else name
            with suppress(AttributeError):
                yield name, getattr(value, attribute)


def shown_by_error(error: BaseException, *, frames: bool = True) -> Iterator[Shown]:
    """
    Yield what *error* and all that hangs on it shows: texts, parts and, if asked, *frames*.

    Not the pickle: an error may carry a delivery, which a caller asks for by name.
    """
    queue: list[BaseException | None] = [error]
    seen: set[int] = set()
    while queue:
        each = queue.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        kind = type(each).__name__
        yield f"{kind} str", str(each)
        yield f"{kind} repr", repr(each)
        yield f"{kind} args", repr(each.args)
        yield f"{kind} vars", repr(vars(each))
        yield f"{kind} params", repr(dict(getattr(each, "params", {})))
        yield f"{kind} notes", repr(getattr(each, "__notes__", ()))
        yield f"{kind} traceback", "".join(traceback.format_exception(each))
        queue += [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]
    if frames:
        yield from shown_by_frames(error)


def shown_by_frames(error: BaseException) -> Iterator[Shown]:
    """
    Yield the locals of all frames of *error*, as crash reporters collect them.

    As ``traceback`` prints them, as rich prints them where it is installed, and as
    Sentry does, which opens mappings and sequences of every kind.
    """
    printed = traceback.TracebackException.from_exception(error, capture_locals=True)
    yield "traceback with locals", "".join(printed.format())
    yield "rich traceback with locals", "\n".join(_rich(error))
    for each, _ in traceback.walk_tb(error.__traceback__):
        for name, value in list(each.f_locals.items()):
            where = f"frame {each.f_code.co_qualname} {name}"
            yield from ((where, text) for text in _opened(value, _DEPTH))


def _rich(error: BaseException) -> Iterator[str]:
    """
    Yield the locals as rich would print them, without the cost of printing their source.
    """
    with suppress(ImportError):
        from rich.traceback import Traceback

        trace = Traceback.extract(
            type(error),
            error,
            error.__traceback__,
            show_locals=True,
            locals_max_length=1_000,
            locals_max_string=100_000,
        )
        for stack in trace.stacks:
            yield stack.exc_value
            for frame in stack.frames:
                for name, shown in (frame.locals or {}).items():
                    yield f"{name} = {shown}"


def _opened(value: object, depth: int) -> Iterator[str]:
    if depth and isinstance(value, Mapping):
        for key, one in list(value.items()):
            yield repr(key)
            yield from _opened(one, depth - 1)
    elif depth and isinstance(value, Sequence | set) and not isinstance(value, str | bytes):
        for one in value:
            yield from _opened(one, depth - 1)
    else:
        yield repr(value)
