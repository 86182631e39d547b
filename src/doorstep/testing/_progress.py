"""
What a delivery of the fake carrier looks like at each status.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs

from doorstep.models import (
    Actor,
    Courier,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    DeliveryStop,
    End,
    EndReason,
    Goods,
    Money,
    Price,
    Status,
    StopKind,
)

__all__ = ["booked", "moved"]

_ENDS = {
    Status.DELIVERED: (EndReason.COMPLETED, Actor.COURIER, Goods.DELIVERED),
    Status.PARTIALLY_DELIVERED: (EndReason.DELIVERY_FAILED, Actor.COURIER, Goods.UNKNOWN),
    Status.RETURNED: (EndReason.COMPLETED, Actor.COURIER, Goods.RETURNED),
    Status.FAILED: (EndReason.DELIVERY_FAILED, Actor.COURIER, Goods.WITH_CARRIER),
    Status.CANCELLED: (EndReason.REQUESTED, Actor.CALLER, Goods.NEVER_COLLECTED),
}
_BEFORE_A_COURIER = frozenset({Status.DRAFT, Status.SCHEDULED, Status.PENDING})
#: They tell nothing of a courier: what was known before holds.
_AS_BEFORE = frozenset({Status.CANCELLED, Status.UNKNOWN})
_COURIER = Courier(id="courier-1", name="Sam")
_BETWEEN_STOPS = timedelta(minutes=10)


def booked(
    request: DeliveryRequest, own: DeliveryId, fee: Money, now: datetime, support_ref: str
) -> Delivery:
    """
    Return what was just booked for *request*, under the id *own*.
    """
    kinds = [StopKind.PICKUP, *(StopKind.DROPOFF for _ in request.dropoffs)]
    return Delivery(
        id=own,
        reference=request.reference,
        revision=request.revision,
        status=Status.PENDING,
        raw_status=Status.PENDING.value,
        as_of=now,
        stops=[DeliveryStop(kind=kind) for kind in kinds],
        price=Price(total=fee),
        tip=request.tip,
        support_ref=support_ref,
    )


def moved(old: Delivery, status: Status, now: datetime) -> Delivery:
    """
    Return *old* as it is when it is in *status* from *now* on.
    """
    end = None
    if status.terminal:
        reason, actor, goods = _ENDS[status]
        end = End(at=now, reason=reason, actor=actor, goods=goods)
    courier, stops = old.courier, old.stops
    if status in _BEFORE_A_COURIER:
        courier, stops = None, tuple(attrs.evolve(stop, eta=None) for stop in stops)
    elif status not in _AS_BEFORE and courier is None:
        courier, stops = _COURIER, tuple(_expected(stops, now))
    return attrs.evolve(
        old,
        status=status,
        raw_status=status.value,
        end=end,
        courier=courier,
        stops=stops,
        as_of=now,
    )


def _expected(stops: tuple[DeliveryStop, ...], now: datetime) -> Iterator[DeliveryStop]:
    for place, stop in enumerate(stops, start=1):
        known = stop.kind is not StopKind.RETURN
        yield attrs.evolve(stop, eta=now + place * _BETWEEN_STOPS if known else None)
