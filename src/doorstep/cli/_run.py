"""
One command from its words to its exit code, whatever happens in between.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from cyclopts import CycloptsError

from doorstep.cli._app import app_for, plugin_named
from doorstep.cli._errors import (
    bug,
    note,
    show_traceback,
    tell_error,
    tell_interrupt,
    tell_problem,
)
from doorstep.cli._exit import Exit, exit_code, interrupted
from doorstep.cli._journal import close_journal
from doorstep.cli._output import UnprintableError, printing
from doorstep.errors import DoorstepError

__all__ = ["run"]


def run(tokens: Sequence[str]) -> int:
    """
    Run one command and return its exit code. Nothing but ``SystemExit`` is raised.
    """
    with _terminating(), _warning(json="--json" in tokens):
        try:
            return _invoke(tokens)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  the last line of defence
            return _failed(error, tokens)
        except SystemExit as leaving:
            # rich leaves in this way when nobody reads what it prints.
            if isinstance(leaving.__context__, BrokenPipeError):
                return _failed(leaving.__context__, tokens)
            raise
        finally:
            close_journal()


def _invoke(tokens: Sequence[str]) -> int:
    _prepare_streams()
    app, rest = app_for(tokens)
    result = app(rest, exit_on_error=False, print_error=False)
    if sys.stdout is not None:
        with printing():
            sys.stdout.flush()
    return int(result) if isinstance(result, int) else Exit.OK


def _failed(error: Exception | KeyboardInterrupt, tokens: Sequence[str]) -> int:
    code = _code(error, tokens)
    with contextlib.suppress(OSError):  # stderr may be gone as well
        _tell(error, tokens)
    for stream in (sys.stdout, sys.stderr):
        _settle(stream)
    return code


def _code(error: Exception | KeyboardInterrupt, tokens: Sequence[str]) -> Exit:
    if isinstance(error, KeyboardInterrupt):
        return interrupted(error)
    if isinstance(error, DoorstepError):
        return exit_code(error)
    if isinstance(error, BrokenPipeError):
        return Exit.PIPE
    if isinstance(error, CycloptsError):
        return Exit.USAGE
    if isinstance(error, UnprintableError):
        return Exit.BUG
    return Exit.PLUGIN if plugin_named(tokens) else Exit.BUG


def _tell(error: Exception | KeyboardInterrupt, tokens: Sequence[str]) -> None:
    json = "--json" in tokens
    if isinstance(error, KeyboardInterrupt):
        tell_interrupt(error, json=json)
    elif isinstance(error, CycloptsError):
        tell_problem("usage", " ".join(str(error).split()), json=json)
    elif isinstance(error, UnprintableError):
        what = f"the answer could not be printed ({error.strerror}); what was done stands"
        tell_problem("output", what, json=json)
    elif not isinstance(error, BrokenPipeError):
        show_traceback(error)
        if isinstance(error, DoorstepError):
            tell_error(error, json=json)
        else:
            bug(error, plugin_named(tokens), json=json)


def _prepare_streams() -> None:
    """
    Let no character that the terminal's encoding lacks end a command.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _settle(stream: Any) -> None:
    """
    Empty *stream*, if need be into nowhere: else the interpreter would complain of the
    broken pipe or the full disk once more, and end with a code of its own.
    """
    try:
        stream.flush()
    except (AttributeError, ValueError):  # there is no stream, or no longer
        return
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


@contextlib.contextmanager
def _terminating() -> Iterator[None]:
    """
    Let SIGTERM do what Ctrl-C does.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _warning(*, json: bool) -> Iterator[None]:
    """
    Print warnings as notes, without the line of code that they come from.
    """

    def show(message: Warning | str, category: type[Warning], *_: object) -> None:
        note(f"warning: {message}", json=json)

    with warnings.catch_warnings():
        warnings.showwarning = show  # type: ignore[assignment]  # looser on purpose
        yield
