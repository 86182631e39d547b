"""
Every delivery of one account, and what may be done with it when.

What the simulator had to choose, because no document or recording says it:

- An expired quote is refused with 400 ``validation_error`` for
  ``external_delivery_id``; reading it still answers ``quote``; its id stays used.
- What cannot be updated is ignored, because DoorDash's sample of an update holds it.

``_allowed`` and ``_redelivery`` list what they chose.
"""

from __future__ import annotations

import itertools
import threading
from datetime import datetime
from typing import Any, Final

from doorstep.simulation import SimulatorClock, UnknownDeliveryError
from doorstep_doordash.simulator._addresses import Addresses
from doorstep_doordash.simulator._allowed import (
    ON_BOARD,
    changes_times,
    check_cancellable,
    check_updatable,
    without_times,
)
from doorstep_doordash.simulator._answers import describe
from doorstep_doordash.simulator._assignments import describe_assignments, rate
from doorstep_doordash.simulator._businesses import Businesses
from doorstep_doordash.simulator._courier import Courier, schedule
from doorstep_doordash.simulator._fields import NOT_UPDATABLE
from doorstep_doordash.simulator._magic import PROMOTION, check_coverage, has_words
from doorstep_doordash.simulator._pins import pins_wanted
from doorstep_doordash.simulator._proofs import Proofs
from doorstep_doordash.simulator._redelivery import check_redelivery, inherited, refused_again
from doorstep_doordash.simulator._refunds import refund
from doorstep_doordash.simulator._refused import (
    RefusedError,
    duplicate_id,
    unknown_id,
    validation,
)
from doorstep_doordash.simulator._rules import check_together
from doorstep_doordash.simulator._state import Booking
from doorstep_doordash.simulator._webhooks import Teller

__all__ = ["Deliveries"]

_FEE: Final = 975
_PRICE_RISE: Final = 200


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

        businesses:
            Knows the stores that are named.

        addresses:
            Is told the addresses that are named.

        proofs:
            Takes and keeps the proofs.

        teller:
            Tells of what happens by webhooks.
    """

    def __init__(
        self,
        clock: SimulatorClock,
        *,
        courier_walks: bool,
        businesses: Businesses,
        addresses: Addresses,
        proofs: Proofs,
        teller: Teller,
    ) -> None:
        self._clock = clock
        self._businesses = businesses
        self._addresses = addresses
        self._lock = threading.Lock()
        self._bookings: dict[str, Booking] = {}
        self._couriers = itertools.count(1)
        self._references = itertools.count(86313)
        self._teller = teller
        self._courier = Courier(
            walks=courier_walks,
            hire=lambda: next(self._couriers),
            collect=proofs.collect,
            entered=teller.entered,
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
            check_together({**without_times(booking.body), **changes}, now)
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
            check_updatable(booking, changes, now)
            timeless = without_times(booking.body)
            check_together({**timeless, **changes}, now)
            changed = {**booking.body, **changes}
            pickup = self._businesses.pickup(changed)
            check_coverage(changed)
            self._remember(changed)
            booking.pickup = pickup
            booking.updated_at = now
            if "promotion_id" in changes:
                booking.fee, booking.full_fee = _fee(changes), _FEE
            if changes_times(changes):
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
            if back and booking.status in ON_BOARD:
                self._courier.enter(booking, "enroute_to_return", now)
                return describe(booking)
            check_cancellable(booking, now)
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

    def redeliver(self, delivery: str, changes: dict[str, Any]) -> dict[str, Any]:
        """
        Book a delivery like an earlier one, which has ended.
        """
        with self._lock:
            booking, now = self._find(delivery)
            earlier = None if booking.again is None else self._find(booking.again)[0]
            again = changes["external_delivery_id"]
            check_redelivery(booking, again, earlier)
            try:
                made = self._admit(inherited(without_times(booking.body), changes), now)
            except RefusedError as refused:
                raise refused_again(refused) from None
            booking.again = again
            made.attempts += 1
            self._book(made, now)
            return describe(made)

    def assignments(self, delivery: str) -> dict[str, Any]:
        """
        Tell which couriers a delivery had.
        """
        with self._lock:
            return describe_assignments(self._find(delivery)[0])

    def rate(self, delivery: str, dasher: str, body: dict[str, Any]) -> None:
        """
        Write down what was said of a courier.
        """
        with self._lock:
            rate(self._find(delivery)[0], dasher, body)

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
            return _entry(booking)

    def books(self) -> list[dict[str, Any]]:
        """
        Return the entry of everything that was booked, in order.
        """
        with self._lock:
            now = self._clock.now()
            booked = [booking for booking in self._bookings.values() if booking.booked]
            for booking in booked:
                self._courier.catch_up(booking, now)
            return [_entry(booking) for booking in booked]

    def _admit(self, body: dict[str, Any], now: datetime) -> Booking:
        delivery = body["external_delivery_id"]
        check_together(body, now)
        pickup = self._businesses.pickup(body)
        if delivery in self._bookings:
            raise duplicate_id(delivery)
        check_coverage(body)
        self._remember(body)
        booking = Booking(
            id=delivery,
            body=dict(body),
            pickup=pickup,
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

    def _remember(self, body: dict[str, Any]) -> None:
        self._businesses.remember(body)
        named = (body.get("pickup_address"), body["dropoff_address"])
        self._addresses.remember(*(address for address in named if address))

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


def _entry(booking: Booking) -> dict[str, Any]:
    return {**booking.entry(), "pins": pins_wanted(booking)}


def _fee(body: dict[str, Any]) -> int:
    return _FEE // 2 if body.get("promotion_id") == PROMOTION else _FEE
