"""
From Drive's answers to neutral values.

Source:
    Drive API 2.1.59 for the statuses and reasons, which 0.2.5 prints without
    their values; DoorDash's page of delivery statuses for their order.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from doorstep.codec import decode
from doorstep.errors import InvalidAnswerError, ValidationError
from doorstep.http import Response
from doorstep.models import (
    Actor,
    Coordinates,
    Courier,
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
    Proof,
    ProofKind,
    Quote,
    Raw,
    Status,
    StopKind,
    StopStatus,
)
from doorstep_doordash._identity import QuoteToken, reference_of
from doorstep_doordash._wire import Answer, Body

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

#: Two raw statuses that decide what is done next.
QUOTE: Final = "quote"
CANCELLED: Final = "cancelled"

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
_AFTER_PICKUP: Final = frozenset({"failed_to_deliver", "failed_to_return"})

#: An answer does not say which pickup time was asked for, only the estimate. A
#: courier wanted at once is expected within the hour; later is a scheduled one.
SCHEDULED_AHEAD: Final = timedelta(hours=1)

_W, _H, _A, _D, _F, _S = (
    StopStatus.WAITING,
    StopStatus.HEADING,
    StopStatus.ARRIVED,
    StopStatus.DONE,
    StopStatus.FAILED,
    StopStatus.SKIPPED,
)
#: How far pickup, dropoff and return are.
_STOPS: Final = {
    "quote": (_W, _W, _W),
    "created": (_W, _W, _W),
    "confirmed": (_W, _W, _W),
    "enroute_to_pickup": (_H, _W, _W),
    "arrived_at_pickup": (_A, _W, _W),
    "picked_up": (_D, _W, _W),
    "enroute_to_dropoff": (_D, _H, _W),
    "arrived_at_dropoff": (_D, _A, _W),
    "delivered": (_D, _D, _S),
    "enroute_to_return": (_D, _F, _H),
    "arrived_at_return": (_D, _F, _A),
    "returned": (_D, _F, _D),
}


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
        path = "$.fee" if answer.fee is None else "$.currency"
        raise InvalidAnswerError(f"got a quote without a price @ {path}", params={"path": path})
    return price


def to_delivery(answer: Answer, raw: Raw, account: str, received_at: datetime) -> Delivery:
    """
    Return the delivery that *answer* is, as of when DoorDash last changed it.
    """
    named = reference_of(answer.external_delivery_id)
    status = _status(answer, received_at)
    stops = tuple(_stops(answer))
    milestones = {Milestone.AT_RETURN} if answer.delivery_status == "arrived_at_return" else set()
    if any(stop.proofs for stop in stops):
        milestones.add(Milestone.PROOF_AVAILABLE)
    return Delivery(
        id=DeliveryId("doordash", account, answer.external_delivery_id),
        reference=named[0] if named else None,
        revision=named[1] if named else 1,
        status=status,
        raw_status=answer.delivery_status,
        milestones=milestones,
        end=_end(answer, status),
        as_of=answer.updated_at or received_at,
        courier=_courier(answer),
        stops=stops,
        price=_price(answer),
        tip=known_money(answer.tip, answer.currency),
        tracking_url=answer.tracking_url or None,
        support_ref=_text(answer.support_reference),
        raw=raw,
    )


def known_money(minor: int | None, currency: str | None) -> Money | None:
    """
    Return an amount, or None if the amount or its currency is not known.
    """
    if minor is None or currency is None:
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
    if status is Status.CANCELLED and _was_collected(answer):
        return Status.FAILED
    return status


def _was_collected(answer: Answer) -> bool:
    if answer.cancellation_reason == "failed_to_pickup":
        return False
    return answer.cancellation_reason in _AFTER_PICKUP or answer.pickup_time_actual is not None


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


def _stops(answer: Answer) -> list[DeliveryStop]:
    pickup, dropoff, back = _stop_statuses(answer)
    return_told = answer.return_address or answer.return_time_estimated or answer.return_time_actual
    stops = [
        DeliveryStop(
            kind=StopKind.PICKUP,
            status=_D if answer.pickup_time_actual else pickup,
            address=answer.pickup_address or None,
            eta=answer.pickup_time_estimated,
            done_at=answer.pickup_time_actual,
            proofs=_proofs((ProofKind.PHOTO, answer.pickup_verification_image_url)),
        ),
        DeliveryStop(
            kind=StopKind.DROPOFF,
            status=_D if answer.dropoff_time_actual else dropoff,
            address=answer.dropoff_address or None,
            eta=answer.dropoff_time_estimated,
            earliest=answer.dropoff_time_estimated_lower_bound,
            latest=answer.dropoff_time_estimated_upper_bound,
            done_at=answer.dropoff_time_actual,
            proofs=_proofs(
                (ProofKind.PHOTO, answer.dropoff_verification_image_url),
                (ProofKind.SIGNATURE, answer.dropoff_signature_image_url),
            ),
        ),
    ]
    if return_told or back in (_H, _A, _D):
        stops.append(
            DeliveryStop(
                kind=StopKind.RETURN,
                status=_D if answer.return_time_actual else back,
                address=answer.return_address or None,
                eta=answer.return_time_estimated,
                done_at=answer.return_time_actual,
            )
        )
    return stops


def _stop_statuses(answer: Answer) -> tuple[StopStatus, StopStatus, StopStatus]:
    if answer.delivery_status != CANCELLED:
        unknown = (StopStatus.UNKNOWN, StopStatus.UNKNOWN, StopStatus.UNKNOWN)
        return _STOPS.get(answer.delivery_status, unknown)
    if _was_collected(answer):
        return _D, _F, _F if answer.cancellation_reason == "failed_to_return" else _S
    return _F if answer.cancellation_reason == "failed_to_pickup" else _S, _S, _S


def _proofs(*told: tuple[ProofKind, str | None]) -> tuple[Proof, ...]:
    return tuple(Proof(kind=kind, url=url) for kind, url in told if url)


def _courier(answer: Answer) -> Courier | None:
    make_model_year = (
        answer.dasher_vehicle_make,
        answer.dasher_vehicle_model,
        answer.dasher_vehicle_year,
    )
    courier = Courier(
        id=_text(answer.dasher_id),
        name=answer.dasher_name or None,
        phone=answer.dasher_dropoff_phone_number or None,
        pickup_phone=answer.dasher_pickup_phone_number or None,
        location=_location(answer),
        vehicle=" ".join(part for part in make_model_year if part) or None,
    )
    return None if courier == Courier() else courier


def _location(answer: Answer) -> Coordinates | None:
    """
    Return where the Dasher is; None if that is no place on earth.
    """
    told = answer.dasher_location
    if told is None or told.lat is None or told.lng is None:
        return None
    try:
        return Coordinates(lat=told.lat, lng=told.lng)
    except ValidationError:
        return None


def _price(answer: Answer) -> Price | None:
    total = known_money(answer.fee, answer.currency)
    if total is None:
        return None
    parts = [
        PriceComponent(raw_name=part.type or "", amount=Money(part.amount, total.currency))
        for part in answer.fee_components or ()
        if part.amount is not None
    ]
    tax = known_money(answer.tax, answer.currency)
    return Price(total=total, tax_amount=tax, components=tuple(parts))


def _text(value: object) -> str | None:
    """
    Return text or a whole number as text; DoorDash's documents disagree which it is.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None
