"""
What a journal keeps, as lines of JSON, and where: here, in memory.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol

import attrs
import orjson

from doorstep.http import CallSummary, Exchange
from doorstep.models import Status
from doorstep.outcome import Outcome
from doorstep.support._values import Step, TimelineEntry

__all__ = [
    "CUT",
    "MemoryRecords",
    "Record",
    "Records",
    "entry_from",
    "exchange_from",
    "exchange_text",
    "step_from",
    "step_text",
    "told_text",
]

#: Stands in the place of a body that was too large to keep.
CUT = "(left out: too large for the journal)"
#: Bytes that a record costs beside its text, roughly.
_FRAME = 400
_REMEMBERED = 4_000


@attrs.frozen(kw_only=True)
class Record:
    """
    One line of a journal.

    Args:
        kind:
            ``exchange``, ``call`` or ``told``.

        owner:
            The provider and the account.

        at:
            When it was written, in seconds since 1970.
    """

    kind: str
    owner: str
    at: float
    call_id: str | None = None
    delivery: str | None = None
    reference: str | None = None
    revision: int | None = None
    text: str


class Records(Protocol):
    """
    Where records are kept, oldest first.
    """

    def add(self, record: Record) -> None:
        """
        Keep *record*, and drop what is too old or too much.
        """

    def last_told(self, delivery: str) -> str | None:
        """
        Return the text of what was told of *delivery* last.
        """

    def about(
        self, owner: str, delivery: str, references: Iterable[tuple[str, int | None]]
    ) -> list[Record]:
        """
        Return what belongs to *delivery* or to one of *references*, exchanges included.
        """

    def drop(self, owner: str, delivery: str, references: Iterable[tuple[str, int | None]]) -> None:
        """
        Drop what :meth:`about` returns.
        """


class MemoryRecords:
    """
    Keep records in this process, up to a number and a size.
    """

    def __init__(self, records: int, total_bytes: int) -> None:
        self._most = records
        self._room = total_bytes
        self._size = 0
        self._lock = threading.Lock()
        self._kept: deque[Record] = deque()
        self._told: OrderedDict[str, str] = OrderedDict()

    def add(self, record: Record) -> None:
        """
        Keep *record*, and drop the oldest that have no room.
        """
        with self._lock:
            self._kept.append(record)
            self._size += _size(record)
            while len(self._kept) > self._most or self._size > self._room:
                self._size -= _size(self._kept.popleft())
            if record.kind == "told" and record.delivery is not None:
                self._told[record.delivery] = record.text
                self._told.move_to_end(record.delivery)
                if len(self._told) > _REMEMBERED:
                    self._told.popitem(last=False)

    def last_told(self, delivery: str) -> str | None:
        """
        Return the text of what was told of *delivery* last.
        """
        with self._lock:
            return self._told.get(delivery)

    def about(
        self, owner: str, delivery: str, references: Iterable[tuple[str, int | None]]
    ) -> list[Record]:
        """
        Return what belongs to *delivery* or to one of *references*.
        """
        with self._lock:
            kept = tuple(self._kept)
        belongs = _belonging(kept, owner, delivery, frozenset(references))
        return [one for one in kept if belongs(one)]

    def drop(self, owner: str, delivery: str, references: Iterable[tuple[str, int | None]]) -> None:
        """
        Drop what :meth:`about` returns.
        """
        with self._lock:
            belongs = _belonging(tuple(self._kept), owner, delivery, frozenset(references))
            self._kept = deque(one for one in self._kept if not belongs(one))
            self._size = sum(map(_size, self._kept))
            self._told.pop(delivery, None)


def _belonging(
    kept: Iterable[Record],
    owner: str,
    delivery: str,
    references: frozenset[tuple[str, int | None]],
) -> Callable[[Record], bool]:
    def named(one: Record) -> bool:
        mine = one.owner == owner and one.delivery in (None, delivery)
        return one.delivery == delivery or (mine and (one.reference, one.revision) in references)

    calls = {one.call_id for one in kept if one.call_id is not None and named(one)}
    return lambda one: named(one) or one.call_id in calls


def _size(record: Record) -> int:
    # ASCII mostly; counting exactly would mean encoding it.
    return len(record.text) + _FRAME


def exchange_text(exchange: Exchange, most: int) -> str:
    """
    Return *exchange* as JSON of *most* bytes at most; what is too large is cut.
    """
    for kept in (exchange, _without(exchange, CUT), _without(exchange, None, headers=False)):
        try:
            text = orjson.dumps(attrs.asdict(kept, recurse=False), option=orjson.OPT_NON_STR_KEYS)
        except (TypeError, RecursionError):  # it was made by hand
            continue
        if len(text) <= most:
            return text.decode()
    return ""


def _without(exchange: Exchange, body: str | None, *, headers: bool = True) -> Exchange:
    request = None if exchange.request_body is None else body
    response = None if exchange.response_body is None else body
    bare: dict[str, Any] = {} if headers else {"request_headers": {}, "response_headers": {}}
    return attrs.evolve(exchange, request_body=request, response_body=response, **bare)


def exchange_from(text: str) -> Exchange:
    """
    Read what :func:`exchange_text` wrote.
    """
    held = orjson.loads(text)
    return Exchange(**{**held, "started_at": _moment(held["started_at"])})


def step_text(summary: CallSummary) -> str:
    """
    Return how a call ended as JSON.
    """
    names = ("operation", "outcome", "error", "attempts", "elapsed_s", "cancelled")
    return orjson.dumps({name: getattr(summary, name) for name in names}).decode()


def step_from(record: Record, ended_at: datetime) -> Step:
    """
    Read what :func:`step_text` wrote.
    """
    held = orjson.loads(record.text)
    held["outcome"] = Outcome(held["outcome"])
    return Step(ended_at=ended_at, call_id=record.call_id or "", **held)


def told_text(entry: TimelineEntry, support_ref: str | None) -> str:
    """
    Return what was told of a delivery as JSON.
    """
    held = attrs.asdict(entry, recurse=False)
    return orjson.dumps({**held, "support_ref": support_ref}).decode()


def entry_from(text: str) -> tuple[TimelineEntry, str | None]:
    """
    Read what :func:`told_text` wrote.
    """
    held = orjson.loads(text)
    support_ref = held.pop("support_ref")
    held |= {"at": _moment(held["at"]), "status": Status(held["status"])}
    return TimelineEntry(**{**held, "milestones": tuple(held["milestones"])}), support_ref


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
