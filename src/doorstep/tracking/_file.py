"""
A file of SQLite that is private, and safe for threads, processes and forks.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from doorstep.tracking._fork import let_go_before_fork

__all__ = ["PrivateFile"]

#: Held while a file is made: to close any handle of a file drops every lock that this
#: process has on it, so it must not be open yet. Only taken by who holds a store's lock.
_creating = threading.Lock()


class PrivateFile:
    """
    A file with the tables of :attr:`schema`, readable for its owner alone.

    A process may fork: the file is closed for that moment, once nobody writes.
    """

    #: The statements that make the tables, if they are not there.
    schema: ClassVar[str] = ""
    #: What a write waits for: FULL is the disk itself.
    synchronous: ClassVar[str] = "FULL"

    def __init__(self, path: str | os.PathLike[str], *, timeout_s: float = 5.0) -> None:
        self._path = Path(path).absolute()  # it is opened again, perhaps from elsewhere
        self._timeout_s = timeout_s
        self.lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        let_go_before_fork(self)
        with self._writing():
            pass

    def _overwrite(self) -> None:
        """
        Have nothing of what was deleted left in the log.
        """
        with self.lock:
            # What was added is in the log too, and so is the page as it was before.
            done = self._open().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if done[0]:
            msg = "database is locked: what was forgotten is not yet overwritten"
            raise sqlite3.OperationalError(msg)

    def close(self) -> None:
        """
        Let go of the file. It is opened again when it is needed.
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
            connection.execute(f"PRAGMA synchronous = {self.synchronous}")
            connection.execute("PRAGMA secure_delete = ON")
            connection.executescript(self.schema)
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
