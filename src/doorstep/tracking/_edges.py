"""
Which status may follow which.
"""

from __future__ import annotations

from typing import Final

from doorstep.models import Status

__all__ = ["RANK", "in_custody", "may_follow", "may_follow_the_end"]

_ORDER: Final = (
    Status.UNKNOWN,
    Status.DRAFT,
    Status.SCHEDULED,
    Status.PENDING,
    Status.ASSIGNED,
    Status.TO_PICKUP,
    Status.AT_PICKUP,
    Status.PICKED_UP,
    Status.TO_DROPOFF,
    Status.AT_DROPOFF,
    Status.RETURNING,
    Status.CANCELLED,
    Status.FAILED,
    Status.RETURNED,
    Status.PARTIALLY_DELIVERED,
    Status.DELIVERED,
)

#: How far a status is. Of two things told of one moment the further one holds.
RANK: Final = {status: rank for rank, status in enumerate(_ORDER)}

# Back to a search for another courier, back for the next stop or another attempt.
_BACK: Final = {
    Status.PENDING: {Status.SCHEDULED},
    Status.ASSIGNED: {Status.SCHEDULED, Status.PENDING},
    Status.TO_PICKUP: {Status.SCHEDULED, Status.PENDING, Status.ASSIGNED},
    Status.AT_PICKUP: {Status.SCHEDULED, Status.PENDING, Status.ASSIGNED, Status.TO_PICKUP},
    Status.TO_DROPOFF: {Status.PICKED_UP},
    Status.AT_DROPOFF: {Status.PICKED_UP, Status.TO_DROPOFF},
    Status.RETURNING: {Status.TO_DROPOFF},
}
# Some carriers tell of a return after they told of the end, or correct themselves.
_LATE: Final = {
    Status.CANCELLED: {Status.RETURNING, Status.RETURNED},
    Status.FAILED: {Status.RETURNING, Status.RETURNED},
    Status.DELIVERED: {Status.PARTIALLY_DELIVERED, Status.FAILED},
}
_CUSTODY: Final = frozenset(
    {
        Status.PICKED_UP,
        Status.TO_DROPOFF,
        Status.AT_DROPOFF,
        Status.RETURNING,
        Status.RETURNED,
        Status.PARTIALLY_DELIVERED,
        Status.DELIVERED,
    }
)


def may_follow(before: Status, after: Status) -> bool:
    """
    Tell whether carriers are known to go from *before*, which is no end, to *after*.

    Leaving out what lies between is usual; going back happens where a courier
    drops out or there are several stops.
    """
    if after in _BACK.get(before, ()):
        return True
    odd = before is Status.RETURNING and after is Status.PARTIALLY_DELIVERED
    return RANK[after] > RANK[before] and not odd


def may_follow_the_end(before: Status, after: Status) -> bool:
    """
    Tell whether *after* may replace *before*, although *before* is an end.
    """
    return after in _LATE.get(before, ())


def in_custody(status: Status) -> bool:
    """
    Tell whether *status* shows that the courier had the goods.
    """
    return status in _CUSTODY
