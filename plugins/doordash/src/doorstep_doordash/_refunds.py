"""
Asking for money back, and DoorDash's decisions.

Source:
    Drive Refunds API 0.0.3 (2022-09-21); DoorDash, "Request refunds by API".
    A denial comes as HTTP 409 or 422 with a decision in its body, and without
    amounts. There is no way to read a decision again.
"""

from __future__ import annotations

from typing import Any, Final

import attrs

from doorstep.codec import decode, encode
from doorstep.errors import InvalidAnswerError
from doorstep.http import Flow, Request, Response, path
from doorstep.models import RefundDecision, RefundReason, RefundStatus
from doorstep.outcome import Effect, Repeat
from doorstep_doordash._errors import answered, refusal
from doorstep_doordash._found import get
from doorstep_doordash._mapping import known_money
from doorstep_doordash._wire import DELIVERY, RefundAnswer, RefundBody

__all__ = ["refund"]

#: DoorDash's ``status`` to ours.
STATUSES: Final = {"full_refund": RefundStatus.FULL, "partial_refund": RefundStatus.PARTIAL}
#: The codes of a decision that gives nothing.
DENIALS: Final = {
    "already_refunded": RefundStatus.ALREADY_REFUNDED,
    "rejected": RefundStatus.DENIED,
    "refund_limit_passed": RefundStatus.DENIED,
    "could_not_determine": RefundStatus.DENIED,
    "unsupported_payment_method": RefundStatus.DENIED,
    "blocked": RefundStatus.DENIED,
}


@attrs.frozen
class Denial:
    """
    What a denial must have; its code alone decides.
    """

    code: str
    message: Any = None


def refund(delivery: str, reason: RefundReason) -> Flow[RefundDecision]:
    """
    Ask for a refund; the delivery is read first, for the currency of the amounts.

    Source:
        The reasons are DoorDash's own, in the how-to's list.
    """
    found = yield from get(delivery, operation="refund")
    response = yield Request(
        "POST",
        path(DELIVERY + "/refunds", external_delivery_id=delivery),
        body=encode(RefundBody(refund_reason=reason.value)),
        effect=Effect.BOOKS,
        repeat=Repeat.NEVER,
    )
    if answered(response):
        return _granted(response, reason, found.answer.currency)
    denied = _denied(response, reason)
    if denied is None:
        raise refusal(response, "refund")
    return denied


def _granted(response: Response, reason: RefundReason, currency: str | None) -> RefundDecision:
    answer, raw = decode(response.body, RefundAnswer, http_status=response.status)
    return RefundDecision(
        status=STATUSES.get(answer.status, RefundStatus.UNKNOWN),
        reason=reason,
        raw_status=answer.status,
        code=answer.code,
        message=answer.message,
        order_value=known_money(answer.order_value_refund, currency),
        tip=known_money(answer.tip_refund, currency),
        delivery_fee=known_money(answer.delivery_fee_refund, currency),
        raw=raw,
    )


def _denied(response: Response, reason: RefundReason) -> RefundDecision | None:
    """
    Return the decision in a 409 or 422, or None if it holds none that is known.
    """
    try:
        answer, raw = decode(response.body, Denial)
    except InvalidAnswerError:
        return None
    if response.status not in (409, 422) or answer.code not in DENIALS:
        return None
    return RefundDecision(
        status=DENIALS[answer.code],
        reason=reason,
        code=answer.code,
        message=answer.message if isinstance(answer.message, str) else None,
        raw=raw,
    )
