"""
What the simulated DoorDash remembers of one external delivery id.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import attrs

__all__ = ["Assignment", "Booking", "ENDED", "QUOTE_LIFE"]

#: How long a quote may be accepted, on the simulator's clock.
QUOTE_LIFE: Final = timedelta(minutes=5)

#: The statuses from which nothing moves any more.
ENDED: Final = frozenset({"delivered", "returned", "cancelled"})


@attrs.define(kw_only=True)
class Assignment:
    """
    One courier's part in a delivery.
    """

    #: Which courier, counted over the whole server.
    courier: int
    #: When the courier came to the pickup.
    at_store: datetime | None = None
    #: When the courier dropped out.
    unassigned: datetime | None = None


@attrs.define(kw_only=True)
class Booking:
    """
    A quote and, once it is booked, the delivery under the same id.
    """

    #: The external delivery id, the only one it ever has.
    id: str
    #: The fields as they were sent, updates included.
    body: dict[str, Any]
    #: When the quote was made, or the delivery without one.
    quoted_at: datetime
    #: When the status was entered.
    entered_at: datetime
    #: When anything changed last.
    updated_at: datetime
    #: The earliest moment at which a courier is looked for.
    start_at: datetime
    #: The fee in the currency's smallest unit.
    fee: int
    #: The fee without a promotion.
    full_fee: int
    #: What its answers tell of the pickup instead of what was sent.
    pickup: dict[str, Any] = attrs.field(factory=dict)
    #: Drive's ``delivery_status``.
    status: str = "quote"
    #: ``pickup_time_estimated`` and the like, by their names in the answer.
    times: dict[str, datetime] = attrs.field(factory=dict)
    #: The dropoff time that was estimated when it was booked.
    promised_at: datetime | None = None
    #: Why it was cancelled.
    cancellation_reason: str | None = None
    #: The number for DoorDash's support, from booking on.
    support_reference: str | None = None
    #: Which courier has it, counted over the whole server.
    courier: int | None = None
    #: Every courier it had, in order.
    assignments: list[Assignment] = attrs.field(factory=list)
    #: What was said of them.
    ratings: list[dict[str, Any]] = attrs.field(factory=list)
    #: The links to its proofs, by their names in the answer.
    proofs: dict[str, str] = attrs.field(factory=dict)
    #: The id under which it was delivered again last.
    again: str | None = None
    #: How many create or accept requests booked it.
    commits: int = 0
    #: How many create or accept requests named it.
    attempts: int = 0
    #: What was refunded, in all.
    refunded: int | None = None

    @property
    def booked(self) -> bool:
        """
        Whether it is a delivery rather than a quote.
        """
        return self.status != "quote"

    @property
    def tip(self) -> int:
        """
        The tip in the currency's smallest unit.
        """
        return int(self.body.get("tip", 0))

    def expired(self, now: datetime) -> bool:
        """
        Return whether it is a quote that can no longer be accepted.
        """
        return not self.booked and now > self.quoted_at + QUOTE_LIFE

    def entry(self) -> dict[str, Any]:
        """
        Return its entry in the books.
        """
        return {
            "id": self.id,
            "status": self.status,
            "live": self.status not in ENDED,
            "fee": self.fee,
            "tip": self.tip,
            "currency": self.body.get("currency", "USD"),
            "commits": self.commits,
            "attempts": self.attempts,
            "refunded": self.refunded,
            "ratings": [dict(one) for one in self.ratings],
        }
