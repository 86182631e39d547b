"""
How far a delivery is, and how it ended.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import attrs

from doorstep.models._checks import aware, instance_of, optional, to_utc


class Status(StrEnum):
    """
    How far a delivery is.

    Never wait for ``ASSIGNED``, ``AT_PICKUP``, ``PICKED_UP`` or ``AT_DROPOFF``:
    most carriers do not report them (see ``Capabilities.reports``).
    """

    #: The carrier stores it, nobody is committed.
    DRAFT = "draft"
    #: Committed; the search for a courier starts later.
    SCHEDULED = "scheduled"
    #: Searching for a courier.
    PENDING = "pending"
    #: A courier is known, not known to be moving.
    ASSIGNED = "assigned"
    TO_PICKUP = "to_pickup"
    AT_PICKUP = "at_pickup"
    #: The goods are with the courier, not known to be moving.
    PICKED_UP = "picked_up"
    TO_DROPOFF = "to_dropoff"
    AT_DROPOFF = "at_dropoff"
    #: The goods are going back.
    RETURNING = "returning"
    DELIVERED = "delivered"
    #: Of several dropoffs some failed.
    PARTIALLY_DELIVERED = "partially_delivered"
    #: The goods are back at the sender.
    RETURNED = "returned"
    #: Ended after the goods were collected, neither delivered nor returned.
    FAILED = "failed"
    #: Ended before the goods were collected, by anyone.
    CANCELLED = "cancelled"
    #: The carrier said something that nobody has described yet (see ``raw_status``), or
    #: something that tells no status: what was known before holds.
    UNKNOWN = "unknown"

    @property
    def terminal(self) -> bool:
        """
        Whether nothing more is to come, short of a return reported late.
        """
        return self in _TERMINAL


_TERMINAL = frozenset(
    {
        Status.DELIVERED,
        Status.PARTIALLY_DELIVERED,
        Status.RETURNED,
        Status.FAILED,
        Status.CANCELLED,
    }
)


class Milestone(StrEnum):
    """
    Something that happened without moving the status.
    """

    NEAR_PICKUP = "near_pickup"
    NEAR_DROPOFF = "near_dropoff"
    AT_RETURN = "at_return"
    DELAYED = "delayed"
    ETA_CHANGED = "eta_changed"
    LOCATION = "location"
    ATTEMPT_FAILED = "attempt_failed"
    COURIER_CHANGED = "courier_changed"
    PIN_ISSUED = "pin_issued"
    PROOF_AVAILABLE = "proof_available"
    AMOUNT_CHANGED = "amount_changed"
    BATCHED = "batched"
    ON_HOLD = "on_hold"
    REPLACED = "replaced"
    REFUND = "refund"
    SHOPPING_COMPLETED = "shopping_completed"


class Actor(StrEnum):
    """
    Who ended a delivery.
    """

    CALLER = "caller"
    MERCHANT = "merchant"
    RECIPIENT = "recipient"
    COURIER = "courier"
    CARRIER = "carrier"
    UNKNOWN = "unknown"


class EndReason(StrEnum):
    """
    Why a delivery ended.
    """

    COMPLETED = "completed"
    REQUESTED = "requested"
    NO_COURIER = "no_courier"
    PAYMENT = "payment"
    PICKUP_FAILED = "pickup_failed"
    DELIVERY_FAILED = "delivery_failed"
    RETURN_FAILED = "return_failed"
    ADDRESS = "address"
    RECIPIENT_ABSENT = "recipient_absent"
    AGE_OR_ID_FAILED = "age_or_id_failed"
    DUPLICATE = "duplicate"
    MERCHANT_CLOSED = "merchant_closed"
    CARRIER_POLICY = "carrier_policy"
    UNKNOWN = "unknown"


class Goods(StrEnum):
    """
    Where the goods are after the end.
    """

    NEVER_COLLECTED = "never_collected"
    WITH_CARRIER = "with_carrier"
    DELIVERED = "delivered"
    RETURNED = "returned"
    DISPOSED = "disposed"
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class End:
    """
    How a delivery ended: present whenever its status is terminal.

    *raw_reason* is the carrier's own word.
    """

    at: datetime | None = attrs.field(default=None, converter=to_utc, validator=optional(aware))
    actor: Actor = attrs.field(default=Actor.UNKNOWN, validator=instance_of(Actor))
    reason: EndReason = attrs.field(default=EndReason.UNKNOWN, validator=instance_of(EndReason))
    raw_reason: str | None = None
    goods: Goods = attrs.field(default=Goods.UNKNOWN, validator=instance_of(Goods))
