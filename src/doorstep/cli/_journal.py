"""
The journal of a command, if it is to keep one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from doorstep.errors import FieldProblem, ValidationError

if TYPE_CHECKING:
    from doorstep.support import SqliteJournal

__all__ = ["VARIABLE", "close_journal", "opened"]

#: Names the file, where no option does.
VARIABLE = "DOORSTEP_JOURNAL"

_opened: list[SqliteJournal] = []


def opened(path: Path | None) -> SqliteJournal | None:
    """
    Return the journal at *path*, or where the environment says; None if neither does.

    Raises:
        doorstep.errors.ValidationError:
            It cannot be opened. Nothing was sent.
    """
    named = os.environ.get(VARIABLE)
    if path is None and not named:
        return None
    import sqlite3

    from doorstep.support import SqliteJournal

    try:
        journal = SqliteJournal(path if path is not None else str(named))
    except (OSError, sqlite3.Error):
        journal = None
    if journal is None:
        option = "--journal" if path is not None else VARIABLE
        problem = FieldProblem(option, "cannot be opened, or is another kind of file")
        raise ValidationError("command line is not valid", fields=(problem,), advice="")
    _opened.append(journal)
    return journal


def close_journal() -> None:
    """
    Let go of what was opened.
    """
    while _opened:
        _opened.pop().close()
