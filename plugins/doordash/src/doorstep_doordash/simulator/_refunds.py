"""
Refunds, by the simulator's own policy: DoorDash's refund matrix is not public.

============================  =========================  =========================  ===============
reason                        granted when               code                       refunded
============================  =========================  =========================  ===============
``cancelled_order``           cancelled by DoorDash      ``doordash_cancelled``     all
``never_delivered``           returned, or cancelled as  ``dasher_at_fault``        all
                              ``failed_to_...`` deliver
                              or return
``delivered_late``            over 30 min after the      ``order_delivered_late``   the fee
                              promised time
``delivered_early``           over 10 min before it      ``order_delivered_early``  the fee
``poor_delivery_experience``  delivered                  ``dasher_at_fault``        tip, fee / 2
``entire_order_wrong``        delivered                  ``dasher_at_fault``        all
``missing_main``              delivered                  ``dasher_at_fault``        order value / 2
``missing_side``              delivered                  ``dasher_at_fault``        order value / 4
``incorrect_items``           delivered                  ``doordash_at_fault``      order value / 2
============================  =========================  =========================  ===============

All is a ``full_refund``, anything less a ``partial_refund``. The promised time is
the dropoff time estimated when the delivery was booked.

Otherwise 422: ``could_not_determine`` while the delivery is under way,
``rejected`` once it has ended. A quote has nothing to refund: ``rejected``.
After a refund was granted any further one gets 409 ``already_refunded``; one
that was refused leaves the way open. Words in the dropoff address refuse
whatever happened (see ``_magic``). Halves and quarters are rounded down.

Source:
    Drive Refunds API 0.0.3: reasons, codes, statuses and which answers carry
    amounts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import attrs

from doorstep_doordash.simulator._magic import refund_code
from doorstep_doordash.simulator._refused import RefusedError
from doorstep_doordash.simulator._state import ENDED, Booking

__all__ = ["refund"]

_LATE: Final = timedelta(minutes=30)
_EARLY: Final = timedelta(minutes=10)


def _was_cancelled(booking: Booking) -> bool:
    return booking.status == "cancelled" and booking.cancellation_reason != "cancelled_by_creator"


def _never_came(booking: Booking) -> bool:
    lost = booking.cancellation_reason in {"failed_to_deliver", "failed_to_return"}
    return booking.status == "returned" or (booking.status == "cancelled" and lost)


def _was_delivered(booking: Booking) -> bool:
    return booking.status == "delivered"


def _lateness(booking: Booking) -> timedelta:
    actual = booking.times.get("dropoff_time_actual")
    if actual is None or booking.promised_at is None:
        return timedelta(0)
    return actual - booking.promised_at


@attrs.frozen
class _Policy:
    granted: Callable[[Booking], bool]
    code: str
    #: What part of each is refunded, in quarters.
    fee: int = 0
    tip: int = 0
    order_value: int = 0

    @property
    def status(self) -> str:
        full = self.fee == self.tip == self.order_value == 4
        return "full_refund" if full else "partial_refund"


_POLICIES: Final[dict[str, _Policy]] = {
    "cancelled_order": _Policy(_was_cancelled, "doordash_cancelled", 4, 4, 4),
    "never_delivered": _Policy(_never_came, "dasher_at_fault", 4, 4, 4),
    "delivered_late": _Policy(
        lambda booking: _lateness(booking) > _LATE, "order_delivered_late", fee=4
    ),
    "delivered_early": _Policy(
        lambda booking: _lateness(booking) < -_EARLY, "order_delivered_early", fee=4
    ),
    "poor_delivery_experience": _Policy(_was_delivered, "dasher_at_fault", fee=2, tip=4),
    "entire_order_wrong": _Policy(_was_delivered, "dasher_at_fault", 4, 4, 4),
    "missing_main": _Policy(_was_delivered, "dasher_at_fault", order_value=2),
    "missing_side": _Policy(_was_delivered, "dasher_at_fault", order_value=1),
    "incorrect_items": _Policy(_was_delivered, "doordash_at_fault", order_value=2),
}


def refund(booking: Booking, reason: str) -> dict[str, Any]:
    """
    Decide a refund and return the answer of a granted one.

    Raises:
        RefusedError:
            409 or 422, the decision in ``code``: nothing was refunded.
    """
    policy = _POLICIES[reason]
    if booking.refunded is not None:
        raise _refused(409, reason, "already_refunded")
    code = refund_code(booking.body)
    if code is None and booking.booked and booking.status not in ENDED:
        code = "could_not_determine"
    if code is None and not policy.granted(booking):
        code = "rejected"
    if code is not None:
        raise _refused(422, reason, code)
    amounts = {
        "tip_refund": booking.tip * policy.tip // 4,
        "order_value_refund": int(booking.body.get("order_value", 0)) * policy.order_value // 4,
        "delivery_fee_refund": booking.fee * policy.fee // 4,
    }
    booking.refunded = sum(amounts.values())
    return {
        "refund_reason": reason,
        "message": f"A {policy.status.replace('_', ' ')} was granted",
        "code": policy.code,
        **amounts,
        "status": policy.status,
    }


def _refused(status: int, reason: str, code: str) -> RefusedError:
    message = f"The refund was not granted: {code.replace('_', ' ')}"
    return RefusedError(status, {"refund_reason": reason, "message": message, "code": code})
