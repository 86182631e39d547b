"""
The carrier's words, and how they read in ours.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.neutrality.refusals import exactly, refusal
from tests.neutrality.wire import Driver, Fee, Order, Party, Place, Times

from doorstep.codec import decode, rfc3339
from doorstep.errors import FieldProblem, UnsupportedError, ValidationError
from doorstep.http import Response
from doorstep.models import (
    Actor,
    CancelReason,
    Coordinates,
    Courier,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    DeliveryStop,
    DropoffAt,
    End,
    EndReason,
    Goods,
    IdCheck,
    Milestone,
    Money,
    Pin,
    PinSource,
    Price,
    Proof,
    ProofKind,
    Raw,
    Status,
    Stop,
    StopKind,
)

#: What a request may ask for.
ALLOWED = frozenset(
    {
        f"{end}.address.{part}"
        for end in ("pickup", "dropoff")
        for part in ("one_line", "coordinates")
    }
    | {f"{end}.contact.{part}" for end in ("pickup", "dropoff") for part in ("display", "phone")}
    | {"pickup.instructions", "pickup.reference", "dropoff.instructions", "dropoff.items.name"}
    | {"dropoff.items.quantity", "dropoff.items.weight_g", "order_value", "cash_on_delivery"}
    | {"dropoff.verification.pin", "dropoff.verification.id_check", "schedule.dropoff_at"}
)
CANCEL_REASONS = {
    CancelReason.TOO_SLOW: "DELIVERY_ETA_TOO_LONG",
    CancelReason.MISTAKE: "MISTAKE_ERROR",
    CancelReason.OTHER: "REASON_UNKNOWN",
}
STATUSES = {
    "NEW": Status.PENDING,
    "RECEIVED": Status.PENDING,
    "WAITING_FOR_TRANSPORT": Status.PENDING,
    "ASSIGNED_TO_TRANSPORT": Status.ASSIGNED,
    "COURIER_ACCEPTED_DELIVERY": Status.TO_PICKUP,
    "NEAR_VENDOR": Status.TO_PICKUP,
    "PICKED_UP": Status.PICKED_UP,
    "COURIER_LEFT_VENDOR": Status.TO_DROPOFF,
    "NEAR_CUSTOMER": Status.TO_DROPOFF,
    "DELIVERED": Status.DELIVERED,
    "CANCELLED": Status.CANCELLED,
    "RETURNED_TO_VENDOR": Status.RETURNED,
}
#: DELAYED moves no status: what was known before still holds.
MILESTONES = {
    "NEAR_VENDOR": Milestone.NEAR_PICKUP,
    "NEAR_CUSTOMER": Milestone.NEAR_DROPOFF,
    "DELAYED": Milestone.DELAYED,
}
ACTORS = {
    "AUTO_CANCEL": Actor.CARRIER,
    "CLIENT": Actor.CALLER,
    "HELPCENTER": Actor.CARRIER,
    "INTERNAL_UNKNOWN": Actor.UNKNOWN,
    "LOGISTICS": Actor.CARRIER,
    "ONEVIEW": Actor.CARRIER,
}
REASONS = {
    "DELIVERY_ETA_TOO_LONG": EndReason.REQUESTED,
    "DUPLICATE_ORDER": EndReason.DUPLICATE,
    "MISTAKE_ERROR": EndReason.REQUESTED,
}
GOODS = {Status.DELIVERED: Goods.DELIVERED, Status.RETURNED: Goods.RETURNED}


def to_fee(answer: Response, currency: str) -> tuple[Money, Raw]:
    """
    Read a fee in the account's currency, exactly.
    """
    if answer.status != 200:
        raise refusal("quote", answer)
    fee, raw = decode(answer.body, Fee)
    amount = fee.estimated_delivery_fee
    return exactly(Money.from_decimal, "estimated_delivery_fee", amount, currency), raw


def to_times(answer: Response) -> tuple[Times, Raw]:
    """
    Read the estimated times.
    """
    if answer.status != 200:
        raise refusal("quote", answer)
    return decode(answer.body, Times)


def to_time(text: str) -> datetime | None:
    """
    Read a time; empty text stands for "not yet".
    """
    return exactly(rfc3339, "timeline", text) if text else None


def to_place(answer: Response) -> Coordinates:
    """
    Read where the rider is.
    """
    if answer.status != 200:
        raise refusal("track", answer)
    return _point(decode(answer.body, Place)[0])


def _point(place: Place) -> Coordinates:
    def build(lat: Decimal, lng: Decimal) -> Coordinates:
        return Coordinates(lat=lat, lng=lng)

    return exactly(build, "location", place.latitude, place.longitude)


def to_delivery(order: Order, raw: Raw, delivery: DeliveryId, currency: str) -> Delivery:
    """
    Read an order.
    """
    status = STATUSES.get(order.status, Status.UNKNOWN)
    milestone = MILESTONES.get(order.status)
    as_of = datetime.fromtimestamp(order.updated_at, UTC)
    fee, times = order.delivery_fee, order.timeline
    price = None
    if fee is not None:
        price = Price(total=exactly(Money.from_decimal, "delivery_fee", fee, currency))
    return Delivery(
        id=delivery,
        reference=order.client_order_id,
        status=status,
        raw_status=order.status,
        milestones=frozenset([milestone] if milestone else []),
        end=_end(order, status, as_of) if status.terminal else None,
        as_of=as_of,
        courier=_courier(order.driver),
        stops=(
            _stop(StopKind.PICKUP, order.sender, to_time(times.pickup), order.proof_of_pickup_url),
            _stop(
                StopKind.DROPOFF,
                order.recipient,
                to_time(times.estimated_delivery_time),
                order.proof_of_delivery_url,
            ),
        ),
        price=price,
        tracking_url=order.tracking_link or None,
        raw=raw,
    )


def _end(order: Order, status: Status, at: datetime) -> End:
    if status is Status.DELIVERED:
        return End(at=at, actor=Actor.COURIER, reason=EndReason.COMPLETED, goods=Goods.DELIVERED)
    why = order.cancellation
    return End(
        at=at,
        actor=ACTORS.get(why.source, Actor.UNKNOWN),
        reason=REASONS.get(why.reason, EndReason.UNKNOWN),
        raw_reason=why.reason or None,
        goods=GOODS.get(status, Goods.UNKNOWN),
    )


def _courier(driver: Driver) -> Courier | None:
    if not driver.id:
        return None
    return Courier(
        id=driver.id,
        name=driver.name or None,
        phone=driver.phone_number or None,
        location=_point(driver.location) if driver.location else None,
    )


def _stop(kind: StopKind, party: Party, eta: datetime | None, proof: str | None) -> DeliveryStop:
    address = party.location.address if party.location else ""
    proofs = [Proof(kind=ProofKind.PHOTO, url=proof)] if proof else []
    return DeliveryStop(kind=kind, address=address or None, eta=eta, proofs=proofs)


def to_wire(request: DeliveryRequest, currency: str) -> dict[str, Any]:
    """
    Write a request; fields that are None are left out when it is encoded.
    """
    cash, worth = request.cash_on_delivery, request.order_value
    if cash and worth and cash.collect != worth:
        problem = FieldProblem("cash_on_delivery", "must be the order_value: there is one amount")
        raise ValidationError("amounts contradict each other", fields=[problem])
    amount = cash.collect if cash else worth
    schedule = request.schedule
    at = int(schedule.at.timestamp()) if isinstance(schedule, DropoffAt) else None
    items = request.dropoff.items
    grams = sum((item.weight_g or 0) * item.quantity for item in items)
    return {
        "client_order_id": request.reference,
        "sender": _party(request.pickup),
        "recipient": _party(request.dropoff),
        "amount": float(amount.decimal) if amount else None,
        "payment_method": "COD" if cash else "PAID",
        "description": ", ".join(item.name for item in items),
        "currency_code": currency,
        "preordered_for": at,
        "delivery_tasks": _tasks(request.dropoff),
        "pickup_tasks": {"pickup_code": request.pickup.reference}
        if request.pickup.reference
        else None,
        "packaging": {"weight": grams / 1000} if grams else None,
    }


def _party(stop: Stop) -> dict[str, Any]:
    point = stop.address.coordinates
    return {
        "name": stop.contact.display,
        "phone_number": stop.contact.phone,
        "location": {
            "address": stop.address.one_line,
            "latitude": float(point.lat) if point else None,
            "longitude": float(point.lng) if point else None,
        },
        "notes": stop.instructions,
    }


def _tasks(stop: Stop) -> dict[str, Any]:
    checks = {type(one): one for one in stop.verification}
    pin, age = checks.get(Pin), checks.get(IdCheck)
    if isinstance(pin, Pin) and (pin.source is not PinSource.CARRIER or pin.value):
        raise UnsupportedError("takes no PIN of the caller's", params={"capability": "pin"})
    if isinstance(age, IdCheck) and age.min_age is not None:
        raise UnsupportedError("takes no age, only whether it is checked")
    handover = {"drop_off": "PIN"} if pin else None
    return {"age_validation_required": age is not None, "handover_confirmation": handover}
