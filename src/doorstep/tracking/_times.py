"""
Times that cannot be: they are believed, because nobody knows better, and flagged.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from doorstep.models import Delivery, DeliveryStop, End, StopKind

__all__ = ["cannot_be"]

#: The clocks of one carrier's systems differ by less.
_SLACK = timedelta(minutes=5)


def cannot_be(
    told: Delivery, stops: tuple[DeliveryStop, ...], end: End | None, first_at: datetime | None
) -> bool:
    """
    Tell whether what happened to a delivery contradicts itself.

    Args:
        told:
            What was told last: nothing happened after its moment.

        stops, end:
            What is known now.

        first_at:
            When it was told of first, if it had not ended then: it ended later.
    """
    if any(at > told.as_of + _SLACK for at in _happened(stops, end)):
        return True
    pickup, dropoff = _first(stops, StopKind.PICKUP), _first(stops, StopKind.DROPOFF)
    if pickup is not None and dropoff is not None and pickup > dropoff:
        return True
    ended = dropoff if end is None or end.at is None else end.at
    return first_at is not None and ended is not None and ended < first_at - _SLACK


def _happened(stops: tuple[DeliveryStop, ...], end: End | None) -> Iterator[datetime]:
    yield from (stop.done_at for stop in stops if stop.done_at is not None)
    if end is not None and end.at is not None:
        yield end.at


def _first(stops: tuple[DeliveryStop, ...], kind: StopKind) -> datetime | None:
    done = [stop.done_at for stop in stops if stop.kind is kind and stop.done_at is not None]
    return min(done, default=None)
