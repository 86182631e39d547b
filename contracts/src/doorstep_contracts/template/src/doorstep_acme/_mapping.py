"""
From Acme's answers to neutral values.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from doorstep.codec import decode
from doorstep.errors import InvalidAnswerError, ValidationError
from doorstep.http import Response
from doorstep.models import (
    Actor,
    Courier,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    End,
    EndReason,
    Goods,
    Money,
    Price,
    Quote,
    Raw,
    RefundDecision,
    RefundReason,
    RefundStatus,
    Status,
)
from doorstep_acme._wire import Job, JobBody, Quoted, Refund

__all__ = ["STATUSES", "carrier_id", "read", "to_body", "to_decision", "to_delivery", "to_quote"]

#: Acme's state to ours. What is not here is UNKNOWN, and never guessed.
STATUSES: Final = {
    "new": Status.PENDING,
    "taken": Status.ASSIGNED,
    "collected": Status.PICKED_UP,
    "riding": Status.TO_DROPOFF,
    "done": Status.DELIVERED,
    "void": Status.CANCELLED,
}
ENDS: Final = {
    Status.DELIVERED: End(reason=EndReason.COMPLETED, goods=Goods.DELIVERED),
    Status.CANCELLED: End(
        actor=Actor.CALLER, reason=EndReason.REQUESTED, goods=Goods.NEVER_COLLECTED
    ),
}
DECISIONS: Final = {
    "granted": RefundStatus.FULL,
    "refused": RefundStatus.DENIED,
    "repeated": RefundStatus.ALREADY_REFUNDED,
}


def carrier_id(reference: str, revision: int) -> str:
    """
    Return what Acme calls the caller's *reference* and *revision*.
    """
    return reference if revision == 1 else f"{reference}.{revision}"


def to_body(request: DeliveryRequest) -> JobBody:
    """
    Return a request as Acme takes it.
    """
    dropoff = request.dropoff
    return JobBody(
        id=carrier_id(request.reference, request.revision),
        pickup=request.pickup.address.one_line,
        dropoff=dropoff.address.one_line,
        phone=dropoff.contact.phone,
        note=dropoff.instructions,
        value=request.order_value.minor if request.order_value else None,
        tip=request.tip.minor if request.tip else None,
    )


def read(answer: Response, wanted: str) -> tuple[Job, Raw]:
    """
    Parse an answer about the job *wanted*.

    Raises:
        doorstep.errors.InvalidAnswerError:
            It is unusable, or about another one.
    """
    job, raw = decode(answer.body, Job, http_status=answer.status)
    if job.id != wanted:
        raise InvalidAnswerError(
            "got an answer about another delivery @ $.id",
            params={"path": "$.id"},
            http_status=answer.status,
        )
    return job, raw


def to_delivery(job: Job, raw: Raw, account: str, at: datetime) -> Delivery:
    """
    Return a job as a delivery.

    Args:
        at:
            When it was told, if it does not say when it changed.
    """
    status = STATUSES.get(job.state, Status.UNKNOWN)
    reference, _, revision = job.id.rpartition(".")
    again = bool(reference) and revision.isdecimal()
    return Delivery(
        id=DeliveryId("acme", account, job.id),
        reference=reference if again else job.id,
        revision=int(revision) if again else 1,
        status=status,
        raw_status=job.state,
        end=ENDS.get(status),
        as_of=job.changed_at or at,
        courier=Courier(id=job.courier) if job.courier else None,
        price=_price(job.price, job.currency),
        tip=_money(job.tip, job.currency),
        raw=raw,
    )


def to_quote(wire: Quoted, raw: Raw, request: DeliveryRequest, account: str, at: datetime) -> Quote:
    """
    Return a quote for *request*, asked for at *at*.
    """
    return Quote(
        provider="acme",
        account=account,
        reference=request.reference,
        revision=request.revision,
        token=wire.id,
        price=_price(wire.price, wire.currency),
        created_at=at,
        expires_at=wire.expires_at,
        binding=True,
        raw=raw,
    )


def to_decision(wire: Refund, raw: Raw, reason: RefundReason) -> RefundDecision:
    """
    Return Acme's decision on a refund.
    """
    return RefundDecision(
        status=DECISIONS.get(wire.decision, RefundStatus.UNKNOWN),
        reason=reason,
        raw_status=wire.decision,
        delivery_fee=_money(wire.amount, wire.currency),
        total=_money(wire.amount, wire.currency),
        raw=raw,
    )


def _money(minor: int | None, currency: str | None) -> Money | None:
    """
    Return an amount, or refuse one that cannot be: amounts are never rounded here.
    """
    if minor is None or currency is None:
        return None
    try:
        return Money(minor, currency.upper())
    except ValidationError:
        raise InvalidAnswerError("got an amount that cannot be @ $.currency") from None


def _price(minor: int | None, currency: str | None) -> Price | None:
    total = _money(minor, currency)
    return None if total is None else Price(total=total)
