"""
Every delivery of one account, and what may be done with it when.

What the simulator had to choose, because no document or recording says it:

- An expired quote is refused with 400 ``validation_error`` for
  ``external_delivery_id``; reading it still answers ``quote``; its id stays used.
- Cancelling or updating a quote: ``delivery_creation_in_progress``, or
  ``delivery_abandoned`` once it has expired.
- Cancelling is allowed until the pickup (0.2.5 and the reasons of the error
  say so; a sentence in 2.1.59 says "until a Dasher is assigned").
- After the pickup an update may still change the tip and what the courier needs
  at the door (:data:`AFTER_PICKUP`); anything else is ``delivery_picked_up``.
- Times can be changed until a courier is confirmed; then ``update_window_closed``.
- What cannot be updated is ignored, because DoorDash's sample of an update holds it.
"""

from __future__ import annotations

import itertools
import threading
from datetime import datetime
from typing import Any, Final

from doorstep.simulation import SimulatorClock, UnknownDeliveryError
from doorstep_doordash.simulator._answers import describe
from doorstep_doordash.simulator._courier import Courier, schedule
from doorstep_doordash.simulator._fields import NOT_UPDATABLE
from doorstep_doordash.simulator._magic import PROMOTION, check_coverage, has_words
from doorstep_doordash.simulator._refunds import refund
from doorstep_doordash.simulator._refused import (
    cancel_not_allowed,
    duplicate_id,
    unknown_id,
    update_not_allowed,
    validation,
)
from doorstep_doordash.simulator._rules import check_together
from doorstep_doordash.simulator._state import Booking
from doorstep_doordash.simulator._webhooks import Teller

__all__ = ["AFTER_PICKUP", "Deliveries"]

_FEE: Final = 975
_PRICE_RISE: Final = 200
_TIMES: Final = ("pickup_time", "dropoff_time", "pickup_window", "dropoff_window")
_ON_BOARD: Final = frozenset({"picked_up", "enroute_to_dropoff", "arrived_at_dropoff"})
_RETURNING: Final = frozenset({"enroute_to_return", "arrived_at_return"})
_ENDINGS: Final = {
    "cancelled": "delivery_cancelled",
    "delivered": "delivery_completed",
    "returned": "delivery_completed",
}

#: What an update may still change after the pickup.
AFTER_PICKUP: Final = frozenset(
    {
        "tip",
        "contactless_dropoff",
        "dropoff_business_name",
        "dropoff_contact_family_name",
        "dropoff_contact_given_name",
        "dropoff_instructions",
        "dropoff_phone_number",
    }
)


class Deliveries:
    """
    Keep an account's quotes and deliveries.

    Bodies that come in are checked field by field already. Every method
    answers with Drive's body, or raises ``RefusedError`` having done nothing.

    Args:
        clock:
            The simulator's clock.

        courier_walks:
            Whether couriers move with it.

        teller:
            Tells of what happens by webhooks.
    """

    def __init__(self, clock: SimulatorClock, *, courier_walks: bool, teller: Teller) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._bookings: dict[str, Booking] = {}
        self._couriers = itertools.count(1)
        self._references = itertools.count(86313)
        self._teller = teller
        self._courier = Courier(
            walks=courier_walks, hire=lambda: next(self._couriers), entered=teller.entered
        )

    def quote(self, body: dict[str, Any]) -> dict[str, Any]:
        """
        Price a delivery; its id is used from now on.
        """
        with self._lock:
            return describe(self._admit(body, self._clock.now()))

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        """
        Book a delivery without a quote.
        """
        with self._lock:
            known = self._bookings.get(body["external_delivery_id"])
            if known is not None:
                known.attempts += 1
            now = self._clock.now()
            booking = self._admit(body, now)
            booking.attempts += 1
            self._book(booking, now)
            return describe(booking)

    def accept(self, delivery: str, changes: dict[str, Any]) -> dict[str, Any]:
        """
        Book what was quoted, with what the request changes.
        """
        with self._lock:
            booking, now = self._find(delivery)
            booking.attempts += 1
            if booking.booked:
                raise duplicate_id(delivery)
            if booking.expired(now):
                raise validation([("external_delivery_id", "The quote has expired")])
            check_together({**_without_times(booking.body), **changes}, now)
            booking.body.update(changes)
            if has_words(booking.body, "dropoff_address", "Price Rise"):
                booking.fee += _PRICE_RISE
                booking.full_fee += _PRICE_RISE
            self._book(booking, now)
            return describe(booking)

    def get(self, delivery: str) -> dict[str, Any]:
        """
        Tell how a quote or a delivery stands.
        """
        with self._lock:
            return describe(self._find(delivery)[0])

    def update(self, delivery: str, changes: dict[str, Any]) -> dict[str, Any]:
        """
        Change what may still be changed.
        """
        with self._lock:
            booking, now = self._find(delivery)
            changes = {name: new for name, new in changes.items() if name not in NOT_UPDATABLE}
            _check_updatable(booking, changes, now)
            timeless = _without_times(booking.body)
            check_together({**timeless, **changes}, now)
            check_coverage({**booking.body, **changes})
            booking.updated_at = now
            if "promotion_id" in changes:
                booking.fee, booking.full_fee = _fee(changes), _FEE
            if _changes_times(changes):
                booking.body = {**timeless, **changes}
                schedule(booking, now)
            else:
                booking.body.update(changes)
            return describe(booking)

    def cancel(self, delivery: str, body: dict[str, Any]) -> dict[str, Any]:
        """
        Cancel, or send back what must stay cold.
        """
        with self._lock:
            booking, now = self._find(delivery)
            back = body.get("reason_code") == "cold_chain" and body.get(
                "should_create_return_delivery"
            )
            if back and booking.status in _ON_BOARD:
                self._courier.enter(booking, "enroute_to_return", now)
                return describe(booking)
            reason = _obstacle(booking, now)
            if reason is None and booking.status in _ON_BOARD | _RETURNING:
                reason = "delivery_picked_up"
            if reason is None and _window_closed(booking):
                reason = "cancellation_window_closed"
            if reason is not None:
                raise cancel_not_allowed(reason)
            booking.cancellation_reason = "cancelled_by_creator"
            self._courier.enter(booking, "cancelled", now)
            return describe(booking)

    def refund(self, delivery: str, reason: str) -> dict[str, Any]:
        """
        Decide a refund.
        """
        with self._lock:
            booking, now = self._find(delivery)
            granted = refund(booking, reason)
            self._teller.refunded(booking, granted, now)
            return granted

    def advance(self, delivery: str, to: str, details: dict[str, Any]) -> dict[str, Any]:
        """
        Move a delivery by hand and return its entry in the books.

        Raises:
            UnknownDeliveryError:
                It was never booked.

            MoveRefusedError:
                It cannot go there from where it is.
        """
        with self._lock:
            booking = self._bookings.get(delivery)
            if booking is None or not booking.booked:
                msg = f"no delivery {delivery!r} was booked"
                raise UnknownDeliveryError(msg)
            now = self._clock.now()
            self._courier.catch_up(booking, now)
            self._courier.move(booking, to, now, details)
            return booking.entry()

    def books(self) -> list[dict[str, Any]]:
        """
        Return the entry of everything that was booked, in order.
        """
        with self._lock:
            now = self._clock.now()
            booked = [booking for booking in self._bookings.values() if booking.booked]
            for booking in booked:
                self._courier.catch_up(booking, now)
            return [booking.entry() for booking in booked]

    def _admit(self, body: dict[str, Any], now: datetime) -> Booking:
        delivery = body["external_delivery_id"]
        check_together(body, now)
        if delivery in self._bookings:
            raise duplicate_id(delivery)
        check_coverage(body)
        booking = Booking(
            id=delivery,
            body=dict(body),
            quoted_at=now,
            entered_at=now,
            updated_at=now,
            start_at=now,
            fee=_fee(body),
            full_fee=_FEE,
        )
        schedule(booking, now)
        self._bookings[delivery] = booking
        return booking

    def _book(self, booking: Booking, now: datetime) -> None:
        booking.commits += 1
        booking.support_reference = str(next(self._references))
        schedule(booking, now)
        booking.promised_at = booking.times["dropoff_time_estimated"]
        self._courier.enter(booking, "created", now)

    def _find(self, delivery: str) -> tuple[Booking, datetime]:
        booking = self._bookings.get(delivery)
        if booking is None:
            raise unknown_id(delivery)
        now = self._clock.now()
        self._courier.catch_up(booking, now)
        return booking, now


def _fee(body: dict[str, Any]) -> int:
    return _FEE // 2 if body.get("promotion_id") == PROMOTION else _FEE


def _without_times(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in _TIMES}


def _changes_times(changes: dict[str, Any]) -> bool:
    return not changes.keys().isdisjoint(_TIMES)


def _obstacle(booking: Booking, now: datetime) -> str | None:
    """
    Return why neither a cancellation nor an update is possible, if so.
    """
    if not booking.booked:
        return "delivery_abandoned" if booking.expired(now) else "delivery_creation_in_progress"
    return _ENDINGS.get(booking.status)


def _window_closed(booking: Booking) -> bool:
    words = has_words(booking.body, "dropoff_address", "Closed Window")
    return words and booking.courier is not None


def _check_updatable(booking: Booking, changes: dict[str, Any], now: datetime) -> None:
    reason = _obstacle(booking, now)
    if reason is None and _window_closed(booking):
        reason = "update_window_closed"
    on_board = booking.status in _ON_BOARD | _RETURNING
    if reason is None and on_board and not changes.keys() <= AFTER_PICKUP:
        reason = "delivery_picked_up"
    if reason is None and _changes_times(changes) and booking.status != "created":
        reason = "update_window_closed"
    if reason is not None:
        raise update_not_allowed(reason)
