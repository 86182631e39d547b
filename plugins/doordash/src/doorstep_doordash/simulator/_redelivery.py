"""
Delivering again what was delivered or cancelled.

What the simulator had to choose, because no document or recording says it:

- The old id as the new one is refused with 400 for ``external_delivery_id``.
- A quote: ``delivery_not_valid_for_redelivery``. A delivery that came back counts
  as completed.
- ``redelivery_creation_in_progress`` while an earlier redelivery of the same
  delivery has no courier yet.
- ``redelivery_window_closed`` with the words "Closed Window" in its dropoff address.
- Times are not inherited: those of the old delivery are mostly past. Neither are
  a store's ids where the request names another ``pickup_address``.

Source:
    Redelivery API 0.0.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from doorstep_doordash.simulator._magic import has_words
from doorstep_doordash.simulator._refused import (
    RefusedError,
    redelivery_not_allowed,
    validation,
)
from doorstep_doordash.simulator._state import ENDED, Booking

__all__ = ["check_redelivery", "inherited", "refused_again"]

_STORE: Final = frozenset({"pickup_external_business_id", "pickup_external_store_id"})
_COVERAGE: Final = "invalid_delivery_parameters"


def check_redelivery(booking: Booking, again: str, earlier: Booking | None) -> None:
    """
    Refuse what cannot be delivered again.

    Args:
        booking:
            The old delivery.

        again:
            The new external delivery id.

        earlier:
            Its last redelivery, if there was one.

    Raises:
        RefusedError:
            400 or 422.
    """
    if again == booking.id:
        error = "must not be the ID of the delivery that is delivered again"
        raise validation([("external_delivery_id", error)])
    if not booking.booked:
        raise redelivery_not_allowed("delivery_not_valid_for_redelivery")
    if booking.status not in ENDED:
        raise redelivery_not_allowed("delivery_not_completed_or_cancelled")
    if earlier is not None and earlier.status == "created":
        raise redelivery_not_allowed("redelivery_creation_in_progress")
    if has_words(booking.body, "dropoff_address", "Closed Window"):
        raise redelivery_not_allowed("redelivery_window_closed")


def inherited(old: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the fields of the new delivery: those of the request, else those of the old one.

    Args:
        old:
            The old delivery's fields, without its times.

        changes:
            The request's.
    """
    elsewhere = "pickup_address" in changes and _STORE.isdisjoint(changes)
    kept = {name: value for name, value in old.items() if not (elsewhere and name in _STORE)}
    return {**kept, **changes}


def refused_again(refused: RefusedError) -> RefusedError:
    """
    Return what a redelivery is refused with where a create is refused with *refused*.
    """
    if refused.body["code"] == _COVERAGE:
        return redelivery_not_allowed(refused.body["reason"])
    return refused
