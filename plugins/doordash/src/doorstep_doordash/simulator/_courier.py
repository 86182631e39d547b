"""
The courier's walk, on the simulator's clock.

=======================  =======================  ===============
from                     to                       default seconds
=======================  =======================  ===============
``created``              ``confirmed``            60
``confirmed``            ``enroute_to_pickup``    30
``enroute_to_pickup``    ``arrived_at_pickup``    300
``arrived_at_pickup``    ``picked_up``            120
``picked_up``            ``enroute_to_dropoff``   30
``enroute_to_dropoff``   ``arrived_at_dropoff``   600
``arrived_at_dropoff``   ``delivered``            60
``enroute_to_return``    ``arrived_at_return``    600
``arrived_at_return``    ``returned``             60
=======================  =======================  ===============

So a delivery is picked up after 510 s and delivered after 1200 s. One with a
``pickup_time`` (or the start of a pickup window) waits in ``created`` so long
that it is picked up then; one with a ``dropoff_time``, that it is delivered then.

By hand a delivery goes to any later status of its walk; back to ``created``
when the courier drops out before the pickup; to the return statuses after it;
and to ``cancelled`` from wherever it has not ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from doorstep.simulation import MoveRefusedError
from doorstep_doordash.simulator._assignments import follow
from doorstep_doordash.simulator._checks import time_of
from doorstep_doordash.simulator._rules import windows
from doorstep_doordash.simulator._state import ENDED, Booking

__all__ = ["Courier", "LEGS_S", "schedule"]

#: Seconds from each status to the next.
LEGS_S: Final[Mapping[str, int]] = {
    "created": 60,
    "confirmed": 30,
    "enroute_to_pickup": 300,
    "arrived_at_pickup": 120,
    "picked_up": 30,
    "enroute_to_dropoff": 600,
    "arrived_at_dropoff": 60,
    "enroute_to_return": 600,
    "arrived_at_return": 60,
}
_WALK: Final = (
    "created",
    "confirmed",
    "enroute_to_pickup",
    "arrived_at_pickup",
    "picked_up",
    "enroute_to_dropoff",
    "arrived_at_dropoff",
    "delivered",
)
_RETURN: Final = ("enroute_to_return", "arrived_at_return", "returned")
_NEXT: Final = {**dict(pairwise(_WALK)), **dict(pairwise(_RETURN))}
_WITH_COURIER: Final = frozenset(_WALK[1:4])
_ON_BOARD: Final = frozenset(_WALK[4:7])
_TO_PICKUP: Final = timedelta(seconds=sum(LEGS_S[status] for status in _WALK[:4]))
_TO_DROPOFF: Final = timedelta(seconds=sum(LEGS_S[status] for status in _WALK[:7]))
_TO_RETURN: Final = timedelta(seconds=sum(LEGS_S[status] for status in _RETURN[:2]))
_ACTUAL: Final = {
    "picked_up": "pickup_time_actual",
    "delivered": "dropoff_time_actual",
    "returned": "return_time_actual",
}


def schedule(booking: Booking, now: datetime) -> None:
    """
    Work out when the courier starts, from *now* or for the times asked for.
    """
    body = booking.body
    both = windows(body)
    start = now
    if both is not None:
        start = both[0] - _TO_PICKUP
    elif (pickup := time_of(body.get("pickup_time"))) is not None:
        start = pickup - _TO_PICKUP
    elif (dropoff := time_of(body.get("dropoff_time"))) is not None:
        start = dropoff - _TO_DROPOFF
    booking.start_at = max(now, start)
    booking.times["pickup_time_estimated"] = booking.start_at + _TO_PICKUP
    booking.times["dropoff_time_estimated"] = booking.start_at + _TO_DROPOFF


class Courier:
    """
    Move deliveries: by the clock, or by hand.

    Args:
        walks:
            Whether the clock moves them at all.

        hire:
            Returns the next courier's number.

        collect:
            Is told of a booking that entered a status, and when: takes its proofs.

        entered:
            Is told of it afterwards, of the status before, and when.
    """

    def __init__(
        self,
        *,
        walks: bool,
        hire: Callable[[], int],
        collect: Callable[[Booking, datetime], object],
        entered: Callable[[Booking, str, datetime], object],
    ) -> None:
        self._walks = walks
        self._hire = hire
        self._collect = collect
        self._entered = entered

    def catch_up(self, booking: Booking, now: datetime) -> None:
        """
        Let everything happen that has come due by *now*.
        """
        while self._walks and booking.status in _NEXT:
            since = booking.entered_at
            if booking.status == "created":
                since = max(since, booking.start_at)
            due = since + timedelta(seconds=LEGS_S[booking.status])
            if due > now:
                return
            self.enter(booking, _NEXT[booking.status], due)

    def move(self, booking: Booking, to: str, now: datetime, details: Mapping[str, Any]) -> None:
        """
        Move a delivery by hand, through every status on the way.

        Args:
            booking:
                A delivery that is caught up.

            to:
                A status; or ``undeliverable``, which starts the return, or
                cancels when nothing else was agreed.

            now:
                When it happens.

            details:
                ``cancellation_reason`` for ``cancelled``, any text;
                ``arranged_by_support`` to return what was to be disposed of.

        Raises:
            MoveRefusedError:
                A delivery cannot go there from where it is.
        """
        returns = booking.body.get("action_if_undeliverable") == "return_to_pickup"
        if to == "undeliverable":
            to = "enroute_to_return" if returns else "cancelled"
        if to in _RETURN and not (returns or details.get("arranged_by_support")):
            msg = (
                "nothing is returned unless action_if_undeliverable is return_to_pickup "
                "or the move says arranged_by_support"
            )
            raise MoveRefusedError(msg)
        for status in _path(booking.status, to):
            if status == "cancelled":
                reason = details.get("cancellation_reason") or _likely_reason(booking.status)
                booking.cancellation_reason = str(reason)
            self.enter(booking, status, now)

    def enter(self, booking: Booking, status: str, at: datetime) -> None:
        """
        Set the status and all that goes with it.
        """
        before, booking.status = booking.status, status
        booking.entered_at = booking.updated_at = at
        if status == "confirmed":
            booking.courier = self._hire()
        elif status == "created" and booking.courier is not None:
            booking.courier = None
            booking.start_at = at
            booking.times["pickup_time_estimated"] = at + _TO_PICKUP
            booking.times["dropoff_time_estimated"] = at + _TO_DROPOFF
        elif status == "enroute_to_return":
            booking.times["return_time_estimated"] = at + _TO_RETURN
        if status in _ACTUAL:
            booking.times[_ACTUAL[status]] = at
        follow(booking, at)
        self._collect(booking, at)
        self._entered(booking, before, at)


def _path(status: str, to: str) -> tuple[str, ...]:
    if to == "cancelled" and status not in ENDED:
        return ("cancelled",)
    if to == "created" and status in _WITH_COURIER:
        return ("created",)
    if to in _RETURN and status in _ON_BOARD:
        return _RETURN[: _RETURN.index(to) + 1]
    for walk in (_WALK, _RETURN):
        if status in walk and to in walk and walk.index(to) > walk.index(status):
            return walk[walk.index(status) + 1 : walk.index(to) + 1]
    msg = f"a delivery that is {status} cannot become {to}"
    raise MoveRefusedError(msg)


def _likely_reason(status: str) -> str:
    if status == "created":
        return "failed_to_assign_and_refunded"
    if status in _WITH_COURIER:
        return "failed_to_pickup"
    return "failed_to_return" if status in _RETURN else "failed_to_deliver"
