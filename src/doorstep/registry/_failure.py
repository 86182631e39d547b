"""
What may be told of a failure inside a plugin.

The text of a foreign exception may hold anything, an API key from the plugin's
environment included. So its type and place are told, and how to see the rest.
"""

from __future__ import annotations

import re
from types import TracebackType
from typing import Any

import attrs

from doorstep.errors import PluginError

__all__ = ["Failure", "describe"]

_DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}(\.[A-Za-z_][A-Za-z0-9_]{0,63}){0,9}")


@attrs.frozen
class Failure:
    """
    Why a plugin cannot be used. An error object would collect the tracebacks of
    everyone it is raised for, so each gets a new one.
    """

    kind: type[PluginError]
    what: str
    advice: str | None = None
    params: dict[str, Any] = attrs.field(factory=dict)

    def error(self) -> PluginError:
        """
        Make the error. Its cause is gone: raise it outside of any handler.
        """
        return self.kind(self.what, advice=self.advice, params=self.params)


def describe(error: BaseException, package: str) -> str:
    """
    Return the type of *error* and the line of *package* that it came from.
    """
    text = _identifier(type(error).__name__) or "an exception"
    missing = _missing_module(error)
    if missing:
        text += f" (no module named {missing!r})"
    place = _place(error.__traceback__, package)
    return f"{text} at {place}" if place else text


def _identifier(text: object) -> str | None:
    return text if isinstance(text, str) and _DOTTED.fullmatch(text) else None


def _missing_module(error: BaseException) -> str | None:
    """
    Return the module that could not be imported, if its name is written in the code.
    """
    traceback = error.__traceback__
    if not isinstance(error, ModuleNotFoundError) or traceback is None:
        return None
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    name = _identifier(error.name)
    written = traceback.tb_frame.f_code.co_names
    return name if name and any(f"{one}.".startswith(f"{name}.") for one in written) else None


def _place(traceback: TracebackType | None, package: str) -> str | None:
    found = None
    while traceback is not None:
        module = _identifier(traceback.tb_frame.f_globals.get("__name__"))
        if module is not None and module.split(".")[0] == package:
            found = f"{module} line {traceback.tb_lineno}"
        traceback = traceback.tb_next
    return found
