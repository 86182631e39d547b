"""
History in a file: SQLite, from the standard library.
"""

from __future__ import annotations

import sqlite3
from itertools import starmap
from typing import Final

import attrs

from doorstep.codec import from_json, to_json
from doorstep.errors import ValidationError
from doorstep.models import Delivery, DeliveryId
from doorstep.tracking._file import PrivateFile
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


class SqliteEventStore(PrivateFile):
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

    schema = _SCHEMA

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
        self._overwrite()


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
