"""
Keeping the state of deliveries up to date, whatever tells of them.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from doorstep.models import Delivery, DeliveryId
from doorstep.tracking._fold import Fold, fold, order
from doorstep.tracking._store import EventStore
from doorstep.tracking._values import Change, Observation, Tracked

__all__ = ["Tracker"]

_REMEMBERED = 4_000
_LOGGER = logging.getLogger(__name__)


class Tracker:
    """
    Put what is told of deliveries into a store, and say what changed by it.

    Safe for threads.

    Args:
        store:
            Where it is kept.

        changed:
            Is told of each change, in the thread that brought it.

    .. versionadded:: 0.2.0
    """

    def __init__(self, store: EventStore, changed: Callable[[Change], None]) -> None:
        self._store = store
        self._changed = changed
        self._lock = threading.Lock()
        # What a store returned last time need not be folded from its start again.
        self._folds: OrderedDict[DeliveryId, tuple[set[str], Fold, Tracked]] = OrderedDict()
        self._waiting: dict[DeliveryId, list[Callable[[], object]]] = {}

    def answered(self, delivery: Delivery, call_id: str) -> Change | None:
        """
        Take what the carrier answered to a call into account.
        """
        return self.observe(Observation(id=f"answer:{call_id}", delivery=delivery, asked=True))

    def observe(self, observation: Observation) -> Change | None:
        """
        Take *observation* into account and return what it did; None if it was known.
        """
        history = self._store.add(observation)
        if history is None:
            return None
        before, after = self._fold(history, observation)
        change = Change(before=before, after=after, observation=observation)
        self._changed(change)
        self._wake(observation.delivery.id)
        return change

    def first(self, event_id: str) -> bool:
        """
        Tell whether *event_id*, of an event about no delivery, is new; it is not hence.
        """
        return self._store.first(event_id)

    def state(self, delivery: DeliveryId) -> Tracked | None:
        """
        Return what is known of *delivery*, or None.
        """
        history = self._store.history(delivery)
        return fold(history) if history else None

    def _fold(
        self, history: tuple[Observation, ...], observation: Observation
    ) -> tuple[Tracked | None, Tracked]:
        key = observation.delivery.id
        with self._lock:
            ids, running, before = self._folds.pop(key, (set[str](), None, None))
        if running is None or before is None or not _are(history, ids):
            ids = {one.id for one in history}
            running, before = _refold(history)
        if running.follows(observation):
            running.apply(observation)
        else:
            running, _ = _refold((*history, observation))
        after = running.result()
        with self._lock:
            self._folds[key] = (ids | {observation.id}, running, after)
            if len(self._folds) > _REMEMBERED:
                self._folds.popitem(last=False)
        return before, after

    @contextmanager
    def news(self, delivery: DeliveryId, wake: Callable[[], object]) -> Iterator[None]:
        """
        Have *wake* called whenever something new of *delivery* comes in.

        Only what comes through this tracker: another process is not heard.
        """
        with self._lock:
            self._waiting.setdefault(delivery, []).append(wake)
        try:
            yield
        finally:
            with self._lock:
                self._waiting[delivery].remove(wake)
                if not self._waiting[delivery]:
                    del self._waiting[delivery]

    def _wake(self, delivery: DeliveryId) -> None:
        if not self._waiting:
            return
        with self._lock:
            waiting = tuple(self._waiting.get(delivery, ()))
        for wake in waiting:
            try:
                wake()
            except Exception as error:  # noqa: BLE001  whoever waited is gone; the news is kept
                _LOGGER.debug("nobody waits any more: %s", type(error).__name__)


def _are(history: tuple[Observation, ...], ids: set[str]) -> bool:
    """
    Tell whether *history* is what was folded: others may add to the store, or forget.
    """
    return len(history) == len(ids) and all(one.id in ids for one in history)


def _refold(history: tuple[Observation, ...]) -> tuple[Fold, Tracked | None]:
    running = Fold()
    for one in sorted(history, key=order):
        running.apply(one)
    return running, running.result() if history else None
