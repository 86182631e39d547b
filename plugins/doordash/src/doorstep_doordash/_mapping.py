"""
From Drive's answers to neutral values.

Source:
    Drive API 2.1.59 for the statuses and reasons, which 0.2.5 prints without
    their values, and for the parts of fee and tax, each of which sums to its whole;
    DoorDash's page of delivery statuses for their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Final

from doorstep.codec import decode
from doorstep.errors import InvalidAnswerError, ValidationError
from doorstep.http import Response
from doorstep.models import (
    Actor,
    ComponentKind,
    Delivery,
    DeliveryId,
    DeliveryStop,
    End,
    EndReason,
    Goods,
    Milestone,
    Money,
    Price,
    PriceComponent,
    Quote,
    Raw,
    Status,
)
from doorstep_doordash._identity import QuoteToken, reference_of
from doorstep_doordash._stops import CANCELLED, courier_of, stops_of, text_of, was_collected
from doorstep_doordash._wire import Answer, Body, FeeComponent

__all__ = [
    "CANCELLED",
    "QUOTE",
    "QUOTE_LIFE",
    "STATUSES",
    "known_money",
    "quoted_price",
    "read",
    "to_delivery",
    "to_quote",
]

#: A raw status that decides what is done next, as ``CANCELLED`` does.
QUOTE: Final = "quote"

#: How long a quote can be taken. Documented, but in no answer.
QUOTE_LIFE: Final = timedelta(minutes=5)

#: DoorDash's status to ours; ``cancelled`` is FAILED when the goods were collected.
STATUSES: Final = {
    "quote": Status.DRAFT,
    "created": Status.PENDING,
    "confirmed": Status.ASSIGNED,
    "enroute_to_pickup": Status.TO_PICKUP,
    "arrived_at_pickup": Status.AT_PICKUP,
    "picked_up": Status.PICKED_UP,
    "enroute_to_dropoff": Status.TO_DROPOFF,
    "arrived_at_dropoff": Status.AT_DROPOFF,
    "delivered": Status.DELIVERED,
    "enroute_to_return": Status.RETURNING,
    "arrived_at_return": Status.RETURNING,
    "returned": Status.RETURNED,
    "cancelled": Status.CANCELLED,
}

#: Why DoorDash cancelled: who, why, and where the goods are when that is certain.
ENDS: Final = {
    "cancelled_by_creator": (Actor.CALLER, EndReason.REQUESTED, Goods.UNKNOWN),
    "failed_to_process_payment": (Actor.CARRIER, EndReason.PAYMENT, Goods.NEVER_COLLECTED),
    "failed_to_assign_and_refunded": (Actor.CARRIER, EndReason.NO_COURIER, Goods.NEVER_COLLECTED),
    "failed_to_pickup": (Actor.CARRIER, EndReason.PICKUP_FAILED, Goods.NEVER_COLLECTED),
    "failed_to_deliver": (Actor.CARRIER, EndReason.DELIVERY_FAILED, Goods.UNKNOWN),
    "failed_to_return": (Actor.CARRIER, EndReason.RETURN_FAILED, Goods.UNKNOWN),
}

#: An answer does not say which pickup time was asked for, only the estimate. A
#: courier wanted at once is expected within the hour; later is a scheduled one.
SCHEDULED_AHEAD: Final = timedelta(hours=1)


def read(response: Response, delivery: str) -> tuple[Answer, Raw]:
    """
    Parse an answer about *delivery*.

    Raises:
        doorstep.errors.InvalidAnswerError:
            It is unusable, or about another delivery.
    """
    answer, raw = decode(response.body, Answer, http_status=response.status)
    if answer.external_delivery_id != delivery:
        raise InvalidAnswerError(
            "got an answer about another delivery @ $.external_delivery_id",
            params={"path": "$.external_delivery_id"},
            http_status=response.status,
        )
    return answer, raw


def to_quote(
    answer: Answer, raw: Raw, body: Body, owner: tuple[str, str, int], quoted_at: datetime
) -> Quote:
    """
    Return the quote that *answer* is.

    It expires :data:`QUOTE_LIFE` after *quoted_at*, when it was asked for: DoorDash's
    answer names no expiry.

    Args:
        owner:
            Account, reference and revision.

    Source:
        DoorDash, "Quote deliveries".
    """
    account, reference, revision = owner
    return Quote(
        provider="doordash",
        account=account,
        reference=reference,
        revision=revision,
        token=QuoteToken.of(body).dumps(),
        price=quoted_price(answer),
        created_at=quoted_at,
        expires_at=quoted_at + QUOTE_LIFE,
        binding=True,
        pickup_eta=answer.pickup_time_estimated,
        dropoff_eta=answer.dropoff_time_estimated,
        raw=raw,
    )


def quoted_price(answer: Answer) -> Price:
    """
    Return the price of a quote, which must have one.
    """
    price = _price(answer)
    if price is None:
        path = "$.fee" if answer.fee is None or answer.fee < 0 else "$.currency"
        raise InvalidAnswerError(f"got a quote without a price @ {path}", params={"path": path})
    return price


def to_delivery(
    answer: Answer,
    raw: Raw,
    account: str,
    received_at: datetime,
    beside: AbstractSet[Milestone] = frozenset(),
) -> Delivery:
    """
    Return the delivery that *answer* is, as of when DoorDash last changed it.

    Args:
        beside:
            What happened and no field of *answer* tells.
    """
    named = reference_of(answer.external_delivery_id)
    status = _status(answer, received_at)
    stops = stops_of(answer)
    return Delivery(
        id=DeliveryId("doordash", account, answer.external_delivery_id),
        reference=named[0] if named else None,
        revision=named[1] if named else 1,
        status=status,
        raw_status=answer.delivery_status,
        milestones=_milestones(answer, stops) | beside,
        end=_end(answer, status),
        as_of=answer.updated_at or received_at,
        courier=courier_of(answer),
        stops=stops,
        price=_price(answer),
        tip=known_money(answer.tip, answer.currency),
        tracking_url=answer.tracking_url or None,
        support_ref=text_of(answer.support_reference),
        raw=raw,
    )


def known_money(minor: int | None, currency: str | None) -> Money | None:
    """
    Return an amount, or None if the amount or its currency is not known.

    Nothing of what is asked for here can be below zero: that is none, and stays in ``raw``.
    """
    if minor is None or minor < 0 or currency is None:
        return None
    try:
        return Money(minor, currency.upper())
    except ValidationError:
        return None


def _status(answer: Answer, received_at: datetime) -> Status:
    status = STATUSES.get(answer.delivery_status, Status.UNKNOWN)
    if status is Status.PENDING and answer.pickup_time_estimated is not None:
        ahead = answer.pickup_time_estimated - (answer.updated_at or received_at)
        return Status.SCHEDULED if ahead > SCHEDULED_AHEAD else status
    if status is Status.CANCELLED and was_collected(answer):
        return Status.FAILED
    return status


def _milestones(answer: Answer, stops: tuple[DeliveryStop, ...]) -> set[Milestone]:
    reached = {
        Milestone.AT_RETURN: answer.delivery_status == "arrived_at_return",
        Milestone.PROOF_AVAILABLE: any(stop.proofs for stop in stops),
        Milestone.PIN_ISSUED: any(stop.pin for stop in stops),
    }
    return {milestone for milestone, holds in reached.items() if holds}


def _end(answer: Answer, status: Status) -> End | None:
    raw_reason = answer.cancellation_reason or None
    if status is Status.DELIVERED:
        at, goods = answer.dropoff_time_actual, Goods.DELIVERED
    elif status is Status.RETURNED:
        at, goods = answer.return_time_actual, Goods.RETURNED
    elif status.terminal:
        unknown = (Actor.UNKNOWN, EndReason.UNKNOWN, Goods.UNKNOWN)
        actor, reason, goods = ENDS.get(raw_reason or "", unknown)
        if status is Status.FAILED:
            goods = Goods.UNKNOWN
        return End(actor=actor, reason=reason, raw_reason=raw_reason, goods=goods)
    else:
        return None
    reason = EndReason.COMPLETED
    return End(at=at, actor=Actor.COURIER, reason=reason, raw_reason=raw_reason, goods=goods)


def _price(answer: Answer) -> Price | None:
    total = known_money(answer.fee, answer.currency)
    if total is None:
        return None
    tax = known_money(answer.tax, answer.currency)
    parts = (
        *_components(answer.fee_components, ComponentKind.FEE, total.currency),
        *_components(answer.tax_components, ComponentKind.TAX, total.currency),
    )
    return Price(total=total, tax_amount=tax, components=parts)


def _components(
    told: tuple[FeeComponent, ...] | None, kind: ComponentKind, currency: str
) -> Iterator[PriceComponent]:
    for part in told or ():
        if part.amount is not None:
            yield PriceComponent(
                raw_name=part.type or "", kind=kind, amount=Money(part.amount, currency)
            )
