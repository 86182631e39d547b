"""
What may still be done with a delivery, and until when.

What the simulator had to choose, because no document or recording says it:

- Cancelling or updating a quote: ``delivery_creation_in_progress``, or
  ``delivery_abandoned`` once it has expired.
- Cancelling is allowed until the pickup (0.2.5 and the reasons of the error
  say so; a sentence in 2.1.59 says "until a Dasher is assigned").
- After the pickup an update may still change the tip and what the courier needs
  at the door (:data:`AFTER_PICKUP`); anything else is ``delivery_picked_up``.
- Times can be changed until a courier is confirmed; then ``update_window_closed``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from doorstep_doordash.simulator._magic import has_words
from doorstep_doordash.simulator._refused import cancel_not_allowed, update_not_allowed
from doorstep_doordash.simulator._state import Booking

__all__ = [
    "AFTER_PICKUP",
    "ON_BOARD",
    "changes_times",
    "check_cancellable",
    "check_updatable",
    "without_times",
]

#: The statuses in which the courier has the goods and brings them.
ON_BOARD: Final = frozenset({"picked_up", "enroute_to_dropoff", "arrived_at_dropoff"})

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

_TIMES: Final = ("pickup_time", "dropoff_time", "pickup_window", "dropoff_window")
_COLLECTED: Final = ON_BOARD | {"enroute_to_return", "arrived_at_return"}
_ENDINGS: Final = {
    "cancelled": "delivery_cancelled",
    "delivered": "delivery_completed",
    "returned": "delivery_completed",
}


def without_times(body: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return *body* without the times that it asks for.
    """
    return {name: value for name, value in body.items() if name not in _TIMES}


def changes_times(changes: Mapping[str, Any]) -> bool:
    """
    Return whether other times are asked for.
    """
    return not changes.keys().isdisjoint(_TIMES)


def check_cancellable(booking: Booking, now: datetime) -> None:
    """
    Refuse a cancellation that comes too late, or too early.

    Raises:
        RefusedError:
            409 with the reason.
    """
    reason = _obstacle(booking, now)
    if reason is None and booking.status in _COLLECTED:
        reason = "delivery_picked_up"
    if reason is None and _window_closed(booking):
        reason = "cancellation_window_closed"
    if reason is not None:
        raise cancel_not_allowed(reason)


def check_updatable(booking: Booking, changes: Mapping[str, Any], now: datetime) -> None:
    """
    Refuse changes that come too late, or too early.

    Raises:
        RefusedError:
            409 with the reason.
    """
    reason = _obstacle(booking, now)
    if reason is None and _window_closed(booking):
        reason = "update_window_closed"
    if reason is None and booking.status in _COLLECTED and not changes.keys() <= AFTER_PICKUP:
        reason = "delivery_picked_up"
    if reason is None and changes_times(changes) and booking.status != "created":
        reason = "update_window_closed"
    if reason is not None:
        raise update_not_allowed(reason)


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
