"""
Asking for money back, and what was decided.
"""

from __future__ import annotations

from enum import StrEnum

import attrs

from doorstep.models._checks import instance_of, optional
from doorstep.models._extension import Raw
from doorstep.models._money import Money


class RefundReason(StrEnum):
    """
    Why the merchant asks for money back.
    """

    CANCELLED_ORDER = "cancelled_order"
    NEVER_DELIVERED = "never_delivered"
    DELIVERED_LATE = "delivered_late"
    DELIVERED_EARLY = "delivered_early"
    POOR_DELIVERY_EXPERIENCE = "poor_delivery_experience"
    ENTIRE_ORDER_WRONG = "entire_order_wrong"
    MISSING_MAIN = "missing_main"
    MISSING_SIDE = "missing_side"
    INCORRECT_ITEMS = "incorrect_items"


class RefundStatus(StrEnum):
    """
    What was decided.
    """

    FULL = "full"
    PARTIAL = "partial"
    DENIED = "denied"
    #: Decided before; this call changed nothing.
    ALREADY_REFUNDED = "already_refunded"
    PENDING = "pending"
    #: The carrier's decision is none that we know; see ``raw_status``.
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class RefundDecision:
    """
    A carrier's decision on a refund. A refusal is a decision, not an error.

    Show all of it to whoever asked.

    Args:
        raw_status, code:
            The carrier's decision and its category, in the carrier's words.

        message:
            The carrier's explanation, for people.

        order_value, tip, delivery_fee:
            What comes back of each; None where the carrier does not say.

        total:
            What comes back in all. The parts need not sum to it.
    """

    status: RefundStatus = attrs.field(validator=instance_of(RefundStatus))
    reason: RefundReason | None = attrs.field(
        default=None, validator=optional(instance_of(RefundReason))
    )
    raw_status: str | None = None
    code: str | None = None
    message: str | None = attrs.field(default=None, repr=False)
    order_value: Money | None = attrs.field(default=None, validator=optional(instance_of(Money)))
    tip: Money | None = attrs.field(default=None, validator=optional(instance_of(Money)))
    delivery_fee: Money | None = attrs.field(default=None, validator=optional(instance_of(Money)))
    total: Money | None = attrs.field(default=None, validator=optional(instance_of(Money)))
    raw: Raw = attrs.field(factory=Raw, converter=Raw, repr=False, eq=False)

    @property
    def granted(self) -> bool:
        """
        Whether this decision gives money back.
        """
        return self.status in (RefundStatus.FULL, RefundStatus.PARTIAL)
