"""
Where what was told of deliveries is kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from itertools import chain
from typing import Protocol

from doorstep.models import DeliveryId
from doorstep.tracking._values import Observation

__all__ = ["EventStore", "MemoryEventStore"]


class EventStore(Protocol):
    """
    Keep the history of deliveries, and tell what was seen before.

    A store may be shared by clients, threads and, if it says so, processes. What
    it raises is raised by whoever asked: an event that could not be kept must not
    be acknowledged.

    .. versionadded:: 0.2.0
    """

    def add(self, observation: Observation) -> tuple[Observation, ...] | None:
        """
        Keep *observation* and return what was kept of its delivery before.

        Adding and returning are one step: of two that come at once one sees the
        other. None if there is one with the same id already; then nothing is
        added.
        """

    def history(self, delivery: DeliveryId) -> tuple[Observation, ...]:
        """
        Return what is kept of *delivery*, in any order.
        """

    def first(self, event_id: str) -> bool:
        """
        Tell whether *event_id*, of an event about no delivery, is new; it is not hence.
        """

    def forget(self, delivery: DeliveryId) -> None:
        """
        Drop what is kept of *delivery*: names, phones and places among it.
        """


class MemoryEventStore:
    """
    Keep the history in this process, of a bounded number of deliveries.

    Gone with the process: webhooks that come twice around a restart are folded
    twice, which changes no state but is reported twice.

    Args:
        deliveries:
            How many are kept; of more, those that nothing was told of for longest
            are forgotten.

        each:
            How many observations of one delivery are kept; of more, answers that
            a later one repeats are forgotten first, ends and milestones last.

    .. versionadded:: 0.2.0
    """

    def __init__(self, *, deliveries: int = 10_000, each: int = 1_000) -> None:
        self._deliveries = deliveries
        self._each = max(each, 1)
        self._lock = threading.Lock()
        self._kept: OrderedDict[DeliveryId, dict[str, Observation]] = OrderedDict()
        self._events: OrderedDict[str, None] = OrderedDict()

    def add(self, observation: Observation) -> tuple[Observation, ...] | None:
        """
        Keep *observation*; see :meth:`EventStore.add`.
        """
        key = observation.delivery.id
        with self._lock:
            kept = self._kept.setdefault(key, {})
            self._kept.move_to_end(key)
            if observation.id in kept:
                return None
            before = tuple(kept.values())
            if len(kept) >= self._each:
                del kept[_least(kept, observation)]
            kept[observation.id] = observation
            if len(self._kept) > self._deliveries:
                self._kept.popitem(last=False)
        return before

    def history(self, delivery: DeliveryId) -> tuple[Observation, ...]:
        """
        Return what is kept of *delivery*.
        """
        with self._lock:
            return tuple(self._kept.get(delivery, {}).values())

    def first(self, event_id: str) -> bool:
        """
        Tell whether *event_id* is new; see :meth:`EventStore.first`.
        """
        with self._lock:
            new = event_id not in self._events
            self._events[event_id] = None
            if len(self._events) > self._deliveries:
                self._events.popitem(last=False)
        return new

    def forget(self, delivery: DeliveryId) -> None:
        """
        Drop what is kept of *delivery*.
        """
        with self._lock:
            self._kept.pop(delivery, None)


def _least(kept: dict[str, Observation], newest: Observation) -> str:
    """
    Return the id of what is missed least of *kept*, once *newest* is there.
    """
    everything = chain((newest,), reversed(kept.values()))
    answer = next((one for one in everything if one.asked), newest)
    in_turn: tuple[Callable[[Observation], bool], ...] = (
        lambda one: one.asked and one is not answer and _covers(answer, one),
        lambda one: not one.asked and _covers(newest, one),
        lambda one: not one.delivery.status.terminal and not one.delivery.milestones,
        lambda one: not one.verified,
        lambda _: True,
    )
    return next(one.id for missed_least in in_turn for one in kept.values() if missed_least(one))


def _covers(later: Observation, one: Observation) -> bool:
    """
    Tell whether *later* tells of all that does not come back: an end, milestones.
    """
    new, old = later.delivery, one.delivery
    return (
        old.as_of <= new.as_of
        and old.milestones <= new.milestones
        and (later.verified or not one.verified)
        and (not old.status.terminal or (old.status, old.end) == (new.status, new.end))
    )
