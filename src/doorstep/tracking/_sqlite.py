"""
History in a file: SQLite, from the standard library.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from doorstep.codec import from_json, to_json
from doorstep.models import Delivery, DeliveryId
from doorstep.tracking._values import Observation

__all__ = ["SqliteEventStore"]

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS observation (
    delivery TEXT NOT NULL,
    id TEXT NOT NULL,
    asked INTEGER NOT NULL,
    told TEXT NOT NULL,
    PRIMARY KEY (delivery, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class SqliteEventStore:
    """
    Keep the history in a file, for threads and processes of one machine.

    What was added is on the disk when ``add`` returns. The file holds names,
    phones and places: it is made readable for its owner alone, and ``forget``
    overwrites what it drops.

    Args:
        path:
            The file; it is made if there is none. Not on a network drive.

        timeout_s:
            How long to wait for another process that writes, before raising
            ``sqlite3.OperationalError``.

    .. versionadded:: 0.2.0
    """

    def __init__(self, path: str | os.PathLike[str], *, timeout_s: float = 5.0) -> None:
        self._path = os.fspath(path)
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._pid = 0
        with self._writing():
            pass

    def add(self, observation: Observation) -> tuple[Observation, ...] | None:
        """
        Keep *observation*; see :meth:`EventStore.add`.
        """
        key = str(observation.delivery.id)
        row = (key, observation.id, observation.asked, to_json(observation.delivery))
        with self._writing() as connection:
            done = connection.execute("INSERT OR IGNORE INTO observation VALUES (?, ?, ?, ?)", row)
            if done.rowcount == 0:
                return None
            kept = _rows(connection, key)
        # Others may write meanwhile: what was there before is read, not yet parsed.
        return _parsed(one for one in kept if one[0] != observation.id)

    def history(self, delivery: DeliveryId) -> tuple[Observation, ...]:
        """
        Return what is kept of *delivery*.
        """
        with self._lock:
            kept = _rows(self._open(), str(delivery))
        return _parsed(kept)

    def first(self, event_id: str) -> bool:
        """
        Tell whether *event_id* is new; see :meth:`EventStore.first`.
        """
        with self._writing() as connection:
            done = connection.execute("INSERT OR IGNORE INTO event VALUES (?)", (event_id,))
            return done.rowcount == 1

    def forget(self, delivery: DeliveryId) -> None:
        """
        Drop what is kept of *delivery*.
        """
        with self._writing() as connection:
            connection.execute("DELETE FROM observation WHERE delivery = ?", (str(delivery),))

    def close(self) -> None:
        """
        Let go of the file. The store opens it again when it is asked.
        """
        with self._lock:
            if self._connection is not None and self._pid == os.getpid():
                self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            connection = self._open()
            # At once, or two that both read first could not both write.
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _open(self) -> sqlite3.Connection:
        if self._connection is None or self._pid != os.getpid():
            # Another process's connection must not be touched, not even closed.
            self._connection, self._pid = self._connect(), os.getpid()
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        if self._path != ":memory:":
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(
            self._path, timeout=self._timeout_s, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.executescript(_SCHEMA)
        return connection


_Row = tuple[str, int, str]


def _rows(connection: sqlite3.Connection, key: str) -> list[_Row]:
    rows = connection.execute("SELECT id, asked, told FROM observation WHERE delivery = ?", (key,))
    return rows.fetchall()


def _parsed(rows: Iterable[_Row]) -> tuple[Observation, ...]:
    return tuple(
        Observation(id=name, asked=bool(asked), delivery=from_json(told, Delivery))
        for name, asked, told in rows
    )
