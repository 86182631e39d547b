"""
The observer that remembers.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeVar

from doorstep.http import CallSummary, Clock, Exchange, SystemClock
from doorstep.models import DeliveryId
from doorstep.support._records import (
    MemoryRecords,
    Record,
    Records,
    entry_from,
    exchange_from,
    exchange_text,
    step_from,
    step_text,
    told_text,
)
from doorstep.support._values import History, TimelineEntry, entry_of, plain_reference
from doorstep.tracking import Change

__all__ = ["Journal", "in_order"]

T = TypeVar("T")

#: Bytes of one exchange that are kept; of a larger one the bodies are left out.
EXCHANGE_BYTES = 32 * 1024


class Journal:
    """
    Keep redacted exchanges, the calls that they belong to and the statuses of deliveries.

    An observer: give it to ``connect(observers=[journal])``. It holds nothing that
    observers do not see, and of a delivery neither names nor phones nor places.
    What is kept is gone with the process; see :class:`SqliteJournal`. Safe for
    threads and for many clients.

    Args:
        records:
            How many exchanges, calls and statuses are kept; the oldest go first.

        total_bytes:
            What they may take in all.

        exchange_bytes:
            What one exchange may take. Of a larger one the bodies are left out.

        clock:
            For the time of a call's end.

    .. versionadded:: 0.2.0
    """

    def __init__(
        self,
        *,
        records: int = 5_000,
        total_bytes: int = 8 * 1024 * 1024,
        exchange_bytes: int = EXCHANGE_BYTES,
        clock: Clock | None = None,
    ) -> None:
        self._records: Records = MemoryRecords(records, total_bytes)
        self._exchange_bytes = exchange_bytes
        self._clock = clock or SystemClock()

    def on_exchange(self, exchange: Exchange) -> None:
        """
        Keep one request and its answer or failure.
        """
        text = exchange_text(exchange, self._exchange_bytes)
        if text:
            owner = f"{exchange.provider}/{exchange.account}"
            self._keep("exchange", owner, text, call_id=exchange.call_id)

    def on_call(self, summary: CallSummary) -> None:
        """
        Keep how a call ended, and what it was about.
        """
        self._keep(
            "call",
            f"{summary.provider}/{summary.account}",
            step_text(summary),
            call_id=summary.call_id,
            delivery=summary.delivery_id,
            reference=summary.reference,
            revision=summary.revision,
        )

    def on_change(self, change: Change) -> None:
        """
        Keep the status that was told of a delivery, if it is another than before.
        """
        told = change.observation
        delivery = told.delivery
        entry = entry_of(delivery, asked=told.asked, verified=told.verified)
        if entry is None:
            return
        key, support_ref = str(delivery.id), plain_reference(delivery.support_ref)
        before = self._records.last_told(key)
        if before is not None and _same(before, entry, support_ref):
            return
        self._keep(
            "told",
            f"{delivery.id.provider}/{delivery.id.account}",
            told_text(entry, support_ref),
            delivery=key,
            reference=delivery.reference,
            revision=None if delivery.reference is None else delivery.revision,
        )

    def history(
        self,
        delivery: DeliveryId | str,
        *,
        reference: str | None = None,
        revision: int | None = None,
    ) -> History:
        """
        Return what is kept of *delivery*, and of the calls about its reference.

        Args:
            reference, revision:
                The caller's, if the journal may not have seen them.
        """
        kept = self._about(delivery, reference, revision)
        steps = _read(kept, "call", lambda one: step_from(one, _moment(one.at)))
        # A call that was cancelled after all is reported twice.
        calls = {one.call_id: one for one in steps}
        exchanges = _read(kept, "exchange", lambda one: exchange_from(one.text))
        told = _read(kept, "told", lambda one: entry_from(one.text))
        support_refs = [ref for _, ref in told if ref is not None]
        named = _references(kept)
        known = named[-1] if named else (reference, revision)
        return History(
            steps=tuple(calls.values()),
            exchanges=tuple(sorted(exchanges, key=lambda one: one.started_at)),
            timeline=in_order([entry for entry, _ in told]),
            reference=known[0],
            revision=known[1],
            support_ref=support_refs[-1] if support_refs else None,
        )

    def forget(self, delivery: DeliveryId | str) -> None:
        """
        Drop what is kept of *delivery*, and of the calls about its reference.
        """
        found = _parsed(delivery)
        references = _references(self._about(found, None, None))
        self._records.drop(_owner(found), str(found), references)

    def _about(
        self, delivery: DeliveryId | str, reference: str | None, revision: int | None
    ) -> list[Record]:
        found = _parsed(delivery)
        owner, key = _owner(found), str(found)
        given = [] if reference is None else [(reference, revision)]
        kept = self._records.about(owner, key, given)
        named = [one for one in _references(kept) if one not in given]
        # A dispatch that failed knows only its reference.
        return self._records.about(owner, key, [*given, *named]) if named else kept

    def _keep(
        self,
        kind: str,
        owner: str,
        text: str,
        *,
        call_id: str | None = None,
        delivery: str | None = None,
        reference: str | None = None,
        revision: int | None = None,
    ) -> None:
        record = Record(
            kind=kind,
            owner=owner,
            at=self._clock.now().timestamp(),
            call_id=call_id,
            delivery=delivery,
            reference=reference,
            revision=revision,
            text=text,
        )
        self._records.add(record)


def _read(kept: list[Record], kind: str, read: Callable[[Record], T]) -> list[T]:
    found = []
    for one in kept:
        if one.kind == kind:
            # Another version may have written to the file.
            with suppress(TypeError, KeyError, ValueError):
                found.append(read(one))
    return found


def in_order(entries: list[TimelineEntry]) -> tuple[TimelineEntry, ...]:
    """
    Return *entries* in the order of their moments, each only where it is news.
    """
    told: list[TimelineEntry] = []
    for one in sorted(entries, key=lambda entry: entry.at):
        if not told or told[-1].telling != one.telling:
            told.append(one)
    return tuple(told)


def _same(before: str, entry: TimelineEntry, support_ref: str | None) -> bool:
    last, last_ref = entry_from(before)
    return last.telling == entry.telling and support_ref in (None, last_ref)


def _references(kept: list[Record]) -> list[tuple[str, int | None]]:
    named = ((one.reference, one.revision) for one in kept)
    return list(dict.fromkeys((name, number) for name, number in named if name is not None))


def _parsed(delivery: DeliveryId | str) -> DeliveryId:
    return DeliveryId.parse(delivery) if isinstance(delivery, str) else delivery


def _owner(delivery: DeliveryId) -> str:
    return f"{delivery.provider}/{delivery.account}"


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
