"""
A journal in a file: SQLite, from the standard library.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from types import TracebackType
from typing import Final, Self

import attrs

from doorstep.http import Clock
from doorstep.support._journal import EXCHANGE_BYTES, Journal
from doorstep.support._records import Record
from doorstep.tracking._file import PrivateFile

__all__ = ["SqliteJournal"]

_DAY_S: Final = 86_400
_COLUMNS: Final = "kind, owner, at, call_id, delivery, reference, revision, text"
_CALL: Final = _COLUMNS.split(", ").index("call_id")
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS record (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    at REAL NOT NULL,
    call_id TEXT,
    delivery TEXT,
    reference TEXT,
    revision INTEGER,
    text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS record_at ON record (at);
CREATE INDEX IF NOT EXISTS record_call ON record (call_id);
CREATE INDEX IF NOT EXISTS record_delivery ON record (delivery);
CREATE INDEX IF NOT EXISTS record_reference ON record (owner, reference);
"""


class SqliteJournal(Journal):
    """
    A :class:`Journal` in a file, for threads and processes of one machine.

    The file is readable for its owner alone. What is kept survives the process; a
    machine that fails may lose the last moments. A process may fork.

    Args:
        path:
            The file; it is made if there is none. Not on a network drive.

        records:
            How many exchanges, calls and statuses are kept; the oldest go first.

        days:
            How long they are kept; what is older goes when something is written.

        exchange_bytes, clock:
            See :class:`Journal`.

        timeout_s:
            How long to wait for another process that writes.

    .. versionadded:: 0.2.0
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        records: int = 50_000,
        days: float = 30,
        exchange_bytes: int = EXCHANGE_BYTES,
        clock: Clock | None = None,
        timeout_s: float = 5.0,
    ) -> None:
        super().__init__(records=0, exchange_bytes=exchange_bytes, clock=clock)
        self._file = _FileRecords(path, timeout_s, records, days * _DAY_S)
        self._records = self._file

    def close(self) -> None:
        """
        Let go of the file. It is opened again when it is needed.
        """
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class _FileRecords(PrivateFile):
    """
    Records in a file.
    """

    schema = _SCHEMA
    synchronous = "NORMAL"  # a journal is worth no wait for the disk

    def __init__(
        self, path: str | os.PathLike[str], timeout_s: float, records: int, age_s: float
    ) -> None:
        super().__init__(path, timeout_s=timeout_s)
        self._most = records
        self._age_s = age_s

    def add(self, record: Record) -> None:
        """
        Keep *record*, and drop what is too old or too much.
        """
        with self._writing() as connection:
            done = connection.execute(
                f"INSERT INTO record ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  ours
                attrs.astuple(record),
            )
            # Ids only grow: what is dropped in between makes room too early, never too late.
            connection.execute(
                "DELETE FROM record WHERE id <= ? OR at < ?",
                ((done.lastrowid or 0) - self._most, record.at - self._age_s),
            )

    def last_told(self, delivery: str) -> str | None:
        """
        Return the text of what was told of *delivery* last.
        """
        with self.lock:
            found = self._open().execute(
                "SELECT text FROM record WHERE delivery = ? AND kind = 'told' "
                "ORDER BY id DESC LIMIT 1",
                (delivery,),
            )
            row = found.fetchone()
        return None if row is None else str(row[0])

    def about(
        self, owner: str, delivery: str, references: Iterable[tuple[str, int | None]]
    ) -> list[Record]:
        """
        Return what belongs to *delivery* or to one of *references*.
        """
        with self.lock:
            rows = _found(self._open(), owner, delivery, references)
        return [_record(rows[key]) for key in sorted(rows)]

    def drop(self, owner: str, delivery: str, references: Iterable[tuple[str, int | None]]) -> None:
        """
        Drop what :meth:`about` returns, and overwrite it.
        """
        with self._writing() as connection:
            rows = _found(connection, owner, delivery, references)
            connection.executemany("DELETE FROM record WHERE id = ?", [(key,) for key in rows])
        self._overwrite()


def _found(
    connection: sqlite3.Connection,
    owner: str,
    delivery: str,
    references: Iterable[tuple[str, int | None]],
) -> dict[int, tuple[object, ...]]:
    """
    Return the rows that belong to *delivery* or to one of *references*, by their ids.
    """

    def among(condition: str, *given: object) -> dict[int, tuple[object, ...]]:
        rows = connection.execute(f"SELECT id, {_COLUMNS} FROM record WHERE {condition}", given)  # noqa: S608  ours
        return {row[0]: row[1:] for row in rows}

    found = among("delivery = ?", delivery)
    for reference, revision in references:
        found |= among(
            "owner = ? AND reference = ? AND revision IS ? AND (delivery IS NULL OR delivery = ?)",
            owner,
            reference,
            revision,
            delivery,
        )
    for call_id in {row[_CALL] for row in found.values()} - {None}:
        found |= among("call_id = ?", call_id)
    return found


def _record(row: tuple[object, ...]) -> Record:
    return Record(**dict(zip(_COLUMNS.split(", "), row, strict=True)))  # type: ignore[arg-type]
