"""
What is said when a command fails: on stderr, as text or as one JSON object.
"""

from __future__ import annotations

import os
import sys
import traceback
from types import TracebackType
from typing import Any

import orjson

from doorstep.cli._escape import safe, safe_json
from doorstep.errors import DoorstepError, ProviderError
from doorstep.outcome import Outcome, Retry

__all__ = [
    "bug",
    "described",
    "note",
    "show_traceback",
    "tell_error",
    "tell_interrupt",
    "tell_problem",
]

#: Shows tracebacks, when it is 1.
DEBUG = "DOORSTEP_DEBUG"


def note(text: str, *, json: bool = False) -> None:
    """
    Say something by the way. With --json every line of stderr is an object, too.
    """
    if json:
        _print({"note": text})
    elif sys.stderr is not None:
        print(safe(text), file=sys.stderr, flush=True)


def tell_error(error: DoorstepError, *, json: bool) -> None:
    """
    Tell what happened, whether something was booked and what to do.
    """
    if json:
        _print({"error": described(error)})
        return
    note(f"error: {error}")
    if error.provider is not None:  # else nobody was about to be asked
        note(f"booked: {error.booked.value}; retry: {error.retryable.value}; code: {error.code}")
    delivery = getattr(error, "delivery", None)
    if delivery is not None:
        note(f"delivery: {delivery.id}")
    elif isinstance(error, ProviderError) and error.maybe_booked and error.reference:
        note(f"look it up: {_find(error)}")


def tell_problem(code: str, message: str, *, json: bool) -> None:
    """
    Tell of an error that is not doorstep's: of usage, or of this machine.
    """
    if json:
        _print({"error": _told(code, message, Outcome.NOT_SENT)})
    else:
        note(f"error: {message}")


def tell_interrupt(error: KeyboardInterrupt, *, json: bool) -> None:
    """
    Tell what is known of the call that was interrupted.
    """
    outcome = getattr(error, "outcome", Outcome.NOT_SENT)
    doubtful = outcome in (Outcome.UNKNOWN, Outcome.CREATED)
    # The driver's own words: they name the reference to look up.
    message = next(iter(getattr(error, "__notes__", ())), "interrupted")
    if json:
        _print({"error": _told("interrupted", message, outcome)})
    elif doubtful:
        note(f"error: {message}")
        note(f"booked: {outcome.value}; retry: {Retry.LOOK_UP_FIRST.value}; code: interrupted")


def bug(error: BaseException, plugin: str | None, *, json: bool) -> None:
    """
    Tell of an error that nobody expected. Its text is not told: it may
    hold anything; but for what the system says.

    Args:
        plugin:
            Whose command it came from; None if it is doorstep's own.
    """
    place = _place(error.__traceback__)
    whose = f"plugin {plugin!r} raised an " if plugin else ""
    reason = f" ({error.strerror})" if isinstance(error, OSError) else ""
    what = f"{whose}unexpected {type(error).__name__}{reason}{place}; please report it"
    if os.environ.get(DEBUG) != "1":
        what += f" ({DEBUG}=1 shows the traceback)"
    tell_problem("plugin" if plugin else "bug", what, json=json)


def show_traceback(error: BaseException) -> None:
    """
    Print the traceback if that is asked for; never the values of variables.
    """
    if os.environ.get(DEBUG) == "1" and sys.stderr is not None:
        traceback.print_exception(error, file=sys.stderr)


def described(error: DoorstepError) -> dict[str, Any]:
    """
    Return what JSON tells of an error.
    """
    told: dict[str, Any] = {
        "code": error.code,
        "message": str(error),
        "retryable": error.retryable.value,
        "booked": error.booked.value,
        "params": dict(error.params),
        "provider": error.provider,
        "account": error.account,
        "operation": error.operation,
    }
    delivery = getattr(error, "delivery", None)
    if delivery is not None:
        told["delivery"] = str(delivery.id)
    return told


def _told(code: str, message: str, outcome: Outcome) -> dict[str, Any]:
    doubtful = outcome in (Outcome.UNKNOWN, Outcome.CREATED)
    retry = Retry.LOOK_UP_FIRST if doubtful else Retry.NO
    return {
        "code": code,
        "message": message,
        "retryable": retry.value,
        "booked": outcome.value,
        "params": {},
    }


def _print(told: dict[str, Any]) -> None:
    if sys.stderr is not None:
        text = orjson.dumps(told, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
        print(safe_json(text), file=sys.stderr, flush=True)


def _find(error: ProviderError) -> str:
    command = f"doorstep find {error.provider} {error.reference}"
    if error.revision not in (None, 1):
        command += f" --revision {error.revision}"
    if error.account not in (None, "default"):
        command += f" --account {error.account}"
    return command


def _place(trace: TracebackType | None) -> str:
    place = ""
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if str(module).startswith("doorstep"):
            place = f" at {module} line {trace.tb_lineno}"
        trace = trace.tb_next
    return place
