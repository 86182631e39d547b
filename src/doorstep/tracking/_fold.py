"""
The fold: everything that was told of a delivery, in any order, into one state.

Observations are put in the order of their moments, not of their arrival, and the
further status is last of those of one moment. What follows from the sorted list
cannot depend on the order, the delay or the repetition of messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import attrs

from doorstep.models import (
    Courier,
    Delivery,
    DeliveryStop,
    End,
    Goods,
    Milestone,
    Related,
    Status,
    StopKind,
)
from doorstep.tracking._edges import RANK, in_custody, may_follow, may_follow_the_end
from doorstep.tracking._merge import (
    merge_courier,
    merge_end,
    merge_price,
    merge_stops,
    replaced,
    same_courier,
)
from doorstep.tracking._times import cannot_be
from doorstep.tracking._values import Anomaly, AnomalyKind, Observation, Tracked

__all__ = ["Fold", "fold"]


def fold(observations: Iterable[Observation]) -> Tracked:
    """
    Return the state that *observations* of one delivery come to.

    The same for any order and any repetition of them. At least one is needed.

    - Of each field the latest that was told holds; milestones are united.
    - An end holds against everything later but a return that is told of after it,
      and but what is verified, if the end is not.
    - A status that nobody has described never replaces one that is known.
    - What does not fit is believed or not by these rules, and flagged.

    .. versionadded:: 0.2.0
    """
    known = {one.id: one for one in observations}
    running = Fold()
    for one in sorted(known.values(), key=order):
        running.apply(one)
    return running.result()


def order(observation: Observation) -> tuple[object, ...]:
    """
    Return what observations are sorted by.
    """
    told = observation.delivery
    return (told.as_of, RANK[told.status], observation.id)


class Fold:
    """
    A fold under way. Apply observations in the order of :func:`order`.
    """

    def __init__(self) -> None:
        self._order: tuple[object, ...] | None = None
        self._latest: Delivery | None = None
        self._fields: dict[str, Any] = {}
        self._status = Status.UNKNOWN
        self._status_at: datetime | None = None
        self._raw_status: str | None = None
        self._milestones: frozenset[Milestone] = frozenset()
        self._end: End | None = None
        self._end_verified = False
        self._courier: Courier | None = None
        self._couriers: list[Courier] = []
        self._stops: tuple[DeliveryStop, ...] = ()
        self._related: tuple[Related, ...] = ()
        self._anomalies: list[Anomaly] = []
        self._collected = False
        self._asked = False
        self._first_at: datetime | None = None
        self._odd_times = False

    def follows(self, observation: Observation) -> bool:
        """
        Tell whether *observation* belongs after all that were applied.
        """
        return self._order is None or order(observation) > self._order

    def apply(self, observation: Observation) -> None:
        """
        Take the next observation into account.
        """
        told = observation.delivery
        if self._latest is None and not told.status.terminal:
            self._first_at = told.as_of
        self._order, self._latest = order(observation), told
        self._asked = self._asked or observation.asked
        for name in _LATEST:
            value = getattr(told, name)
            if value is not None:
                self._fields[name] = value
        if told.price is not None:
            self._fields["price"] = merge_price(self._fields.get("price"), told.price)
        if told.reference is not None:
            self._fields["reference"] = told.reference
            self._fields["revision"] = told.revision
        if told.raw:
            self._fields["raw"] = told.raw
        self._milestones |= told.milestones
        if told.related:
            self._related += tuple(one for one in told.related if one not in self._related)
        if told.courier is not None:
            self._meet(told.courier)
        self._collected = self._collected or in_custody(told.status) or _picked_up(told.stops)
        if self._move(observation):
            self._stops = merge_stops(self._stops, told.stops)
        else:
            # It adds what was not known, and takes no stop back.
            self._stops = merge_stops(told.stops, self._stops)
        odd = cannot_be(told, self._stops, self._end, self._first_at)
        if odd and not self._odd_times:
            self._flag(AnomalyKind.IMPOSSIBLE_TIMES, observation)
        self._odd_times = odd

    def _meet(self, courier: Courier) -> None:
        if courier == self._courier:
            return
        if self._courier is None:
            self._couriers.append(courier)
        elif same_courier(self._courier, courier):
            self._couriers[-1] = merge_courier(self._courier, courier)
        else:
            self._milestones |= {Milestone.COURIER_CHANGED}
            self._couriers.append(courier)
        self._courier = self._couriers[-1]

    def _move(self, observation: Observation) -> bool:
        """
        Take the status that was told, and return whether it was believed or none.
        """
        told = observation.delivery
        if told.status is Status.UNKNOWN:
            if told.raw_status is not None:
                self._flag(AnomalyKind.UNKNOWN_STATUS, observation)
                if not self._status.terminal:
                    self._raw_status = told.raw_status
        elif told.status is self._status or self._may_move(observation):
            self._enter(told)
            self._end_verified |= observation.verified
        else:
            return False
        return True

    def _enter(self, told: Delivery) -> None:
        if told.status is not self._status and self._end is not None:
            # Who ended it and why still holds; where the goods are does not.
            self._end = attrs.evolve(self._end, goods=Goods.UNKNOWN)
        if told.status is not self._status:
            self._end_verified = False
        self._status, self._status_at = told.status, told.as_of
        self._raw_status = told.raw_status or self._raw_status
        self._end = merge_end(self._end, told.end)

    def _may_move(self, observation: Observation) -> bool:
        told, status = observation.delivery, self._status
        if not status.terminal:
            if status is not Status.UNKNOWN and not may_follow(status, told.status):
                self._flag(AnomalyKind.UNLISTED, observation)
            return True
        if may_follow_the_end(status, told.status):
            return True
        if told.status.terminal and told.as_of == self._status_at:
            # Told of one moment: the further end, which comes last, holds.
            return True
        self._flag(AnomalyKind.AFTER_END, observation)
        if self._end_verified or not observation.verified:
            return False
        self._end = None
        return True

    def _flag(self, kind: AnomalyKind, observation: Observation) -> None:
        told = observation.delivery
        self._anomalies.append(
            Anomaly(
                kind=kind,
                before=self._status,
                after=told.status,
                raw_status=told.raw_status,
                observation=observation.id,
            )
        )

    def result(self) -> Tracked:
        """
        Return the state so far.
        """
        if self._latest is None:
            msg = "nothing was told of the delivery yet"
            raise ValueError(msg)
        state = {
            **self._fields,
            "status": self._status,
            "raw_status": self._raw_status,
            "milestones": self._milestones,
            "end": self._ended() if self._status.terminal else None,
            "courier": self._courier,
            "stops": self._stops,
            "related": self._related,
        }
        return Tracked(
            delivery=replaced(self._latest, state),
            couriers=tuple(self._couriers),
            anomalies=tuple(self._anomalies),
            asked=self._asked,
        )

    def _ended(self) -> End:
        end = self._end or End()
        if end.goods is not Goods.UNKNOWN:
            return end
        return attrs.evolve(end, goods=self._goods())

    def _goods(self) -> Goods:
        if self._status is Status.DELIVERED:
            return Goods.DELIVERED
        if self._status is Status.RETURNED:
            return Goods.RETURNED
        if self._collected:
            return Goods.WITH_CARRIER
        return Goods.NEVER_COLLECTED if self._status is Status.CANCELLED else Goods.UNKNOWN


#: Fields of which simply the latest that was told holds.
_LATEST = ("tip", "tracking_url", "support_ref")


def _picked_up(stops: tuple[DeliveryStop, ...]) -> bool:
    return any(stop.kind is StopKind.PICKUP and stop.done_at is not None for stop in stops)
