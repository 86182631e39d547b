"""
History in a file: SQLite, from the standard library.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import starmap
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import attrs

from doorstep.codec import from_json, to_json
from doorstep.errors import ValidationError
from doorstep.models import Delivery, DeliveryId
from doorstep.tracking._fork import let_go_before_fork
from doorstep.tracking._values import Observation

__all__ = ["SqliteEventStore"]

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS observation (
    delivery TEXT NOT NULL,
    id TEXT NOT NULL,
    asked INTEGER NOT NULL,
    verified INTEGER NOT NULL,
    told TEXT NOT NULL,
    PRIMARY KEY (delivery, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""

#: Held while a file is made: to close any handle of a file drops every lock that this
#: process has on it, so it must not be open yet. Only taken by who holds a store's lock.
_creating = threading.Lock()


class SqliteEventStore:
    """
    Keep the history in a file, for threads and processes of one machine.

    What was added is on the disk when ``add`` returns. A process may fork: the
    file is closed for that moment, once nobody writes.

    The file holds names, phones and places. It is made readable for its owner
    alone, also if it was there before and is ours. ``forget`` overwrites the rows
    that it drops; copies that SQLite left where it moved them inside the file are
    overwritten in time, and at once by ``VACUUM``.

    Args:
        path:
            The file, also if its name means something to SQLite; it is made if
            there is none. Not on a network drive.

        timeout_s:
            How long to wait for another process that writes, before raising
            ``sqlite3.OperationalError``.

    .. versionadded:: 0.2.0
    """

    def __init__(self, path: str | os.PathLike[str], *, timeout_s: float = 5.0) -> None:
        self._path = Path(path).absolute()  # it is opened again, perhaps from elsewhere
        self._timeout_s = timeout_s
        self.lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        let_go_before_fork(self)
        with self._writing():
            pass

    def add(self, observation: Observation) -> tuple[Observation, ...] | None:
        """
        Keep *observation*; see :meth:`EventStore.add`.
        """
        key = str(observation.delivery.id)
        with self._writing() as connection:
            if not _insert(connection, key, observation):
                return None
            kept = _rows(connection, key)
        # Others may write meanwhile: what was there before is read, not yet parsed.
        return tuple(_parsed(row) for row in kept if row.id != observation.id)

    def history(self, delivery: DeliveryId) -> tuple[Observation, ...]:
        """
        Return what is kept of *delivery*.
        """
        with self.lock:
            kept = _rows(self._open(), str(delivery))
        return tuple(map(_parsed, kept))

    def first(self, event_id: str) -> bool:
        """
        Tell whether *event_id* is new; see :meth:`EventStore.first`.
        """
        with self._writing() as connection:
            done = connection.execute("INSERT OR IGNORE INTO event VALUES (?)", (event_id,))
            return done.rowcount == 1

    def forget(self, delivery: DeliveryId) -> None:
        """
        Drop what is kept of *delivery*, and overwrite it.

        Raises:
            sqlite3.OperationalError:
                Others use the file. If it says "not yet overwritten", it is
                dropped already; ask again.
        """
        with self._writing() as connection:
            connection.execute("DELETE FROM observation WHERE delivery = ?", (str(delivery),))
        with self.lock:
            # What was added is in the log too, and so is the page as it was before.
            done = self._open().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if done[0]:
            msg = "database is locked: what was forgotten is not yet overwritten"
            raise sqlite3.OperationalError(msg)

    def close(self) -> None:
        """
        Let go of the file. The store opens it again when it is asked.
        """
        with self.lock:
            self.let_go()

    def let_go(self) -> None:
        """
        Close the connection, if there is one. The lock must be held.
        """
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

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
        with self.lock:
            connection = self._open()
            try:
                # At once, or two that both read first could not both write.
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            finally:
                # An interrupt may come behind BEGIN, and a COMMIT that fails ends nothing.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        _make_private(self._path)
        connection = sqlite3.connect(
            self._path, timeout=self._timeout_s, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.executescript(_SCHEMA)
        except BaseException:
            connection.close()
            raise
        return connection


def _make_private(path: Path) -> None:
    """
    Make the file if there is none, and it and what SQLite puts beside it private.
    """
    with _creating, suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    if sys.platform != "win32":
        # SQLite gives files that it makes later the mode of the first.
        for end in ("", "-wal", "-shm", "-journal"):
            file = Path(f"{path}{end}")
            with suppress(FileNotFoundError):
                found = file.stat()
                mine = found.st_uid == os.geteuid() and stat.S_ISREG(found.st_mode)
                if mine and found.st_mode & 0o077:
                    file.chmod(0o600)


@attrs.frozen
class _Row:
    """
    What is kept of an observation; a traceback with locals does not show it.
    """

    id: str
    asked: int
    verified: int
    told: str = attrs.field(repr=False)


# No frame here may hold what was told: whoever reports an error may report its locals.


def _insert(connection: sqlite3.Connection, key: str, one: Observation) -> bool:
    done = connection.execute(
        "INSERT OR IGNORE INTO observation VALUES (?, ?, ?, ?, ?)",
        (key, one.id, one.asked, one.verified, to_json(one.delivery)),
    )
    return done.rowcount == 1


def _rows(connection: sqlite3.Connection, key: str) -> tuple[_Row, ...]:
    rows = connection.execute(
        "SELECT id, asked, verified, told FROM observation WHERE delivery = ?", (key,)
    )
    return tuple(starmap(_Row, rows))


def _parsed(row: _Row) -> Observation:
    try:
        delivery = from_json(row.told, Delivery)
    except ValidationError as error:
        problem = error.with_traceback(None)
    else:
        return Observation(
            id=row.id, delivery=delivery, asked=bool(row.asked), verified=bool(row.verified)
        )
    raise problem
