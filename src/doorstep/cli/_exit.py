"""
What the exit code says to a script.
"""

from __future__ import annotations

from enum import IntEnum

from doorstep.errors import (
    DoorstepError,
    PluginError,
    ProviderError,
    SettingsError,
    UnsupportedError,
    ValidationError,
)
from doorstep.outcome import Outcome, Retry

__all__ = ["MEANINGS", "Exit", "exit_code", "interrupted", "table"]


class Exit(IntEnum):
    """
    The exit codes of ``doorstep``.
    """

    OK = 0
    BUG = 1
    USAGE = 2
    REFUSED = 3
    UNAVAILABLE = 4
    UNKNOWN = 5
    PLUGIN = 6
    PARTIAL = 7
    INTERRUPTED = 130
    PIPE = 141


#: Every code with what it means.
MEANINGS = {
    Exit.OK: "done",
    Exit.BUG: "an error in doorstep itself, or nowhere to print",
    Exit.USAGE: "wrong usage, settings or input; nothing was sent",
    Exit.REFUSED: "refused by the carrier, or not known to it; nothing was booked",
    Exit.UNAVAILABLE: "not now; nothing was booked, the same command may work later",
    Exit.UNKNOWN: "something is, or may be, booked: look it up before repeating anything",
    Exit.PLUGIN: "a plugin is missing or broken",
    Exit.PARTIAL: "some of it is, or may be, done: the answer tells of each; repeating is safe",
    Exit.INTERRUPTED: "interrupted, with nothing booked by it",
    Exit.PIPE: "nobody reads the output any more",
}


def exit_code(error: DoorstepError) -> Exit:
    """
    Return the code for *error*. What may be booked comes before everything else.
    """
    if error.maybe_booked or error.retryable is Retry.LOOK_UP_FIRST:
        return Exit.UNKNOWN
    if isinstance(error, PluginError):
        return Exit.PLUGIN
    if isinstance(error, SettingsError | UnsupportedError) or _own_input(error):
        return Exit.USAGE
    if error.retryable in (Retry.SAME_CALL, Retry.LATER):
        return Exit.UNAVAILABLE
    return Exit.REFUSED


def interrupted(error: KeyboardInterrupt) -> Exit:
    """
    Return the code for an interrupt; the driver says what it interrupted.
    """
    outcome = getattr(error, "outcome", Outcome.NOT_SENT)
    doubtful = outcome in (Outcome.UNKNOWN, Outcome.CREATED)
    return Exit.UNKNOWN if doubtful else Exit.INTERRUPTED


def table() -> str:
    """
    Return the codes as they stand at the end of ``doorstep --help``.
    """
    lines = (f"{code.value:>3}  {meaning}" for code, meaning in MEANINGS.items())
    return "Exit codes:\n\n" + "\n".join(lines)


def _own_input(error: DoorstepError) -> bool:
    """
    Tell whether *error* is about fields that no carrier has seen.
    """
    seen = isinstance(error, ProviderError) and error.http_status is not None
    return isinstance(error, ValidationError) and not seen
