"""
The provider of the fake carrier: neutral JSON on both sides.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

import attrs
import orjson

from doorstep import errors
from doorstep.capabilities import (
    Capabilities,
    Idempotency,
    Need,
    QuoteKind,
    Recovery,
    TipTime,
    UpdateMode,
    WebhookAuth,
)
from doorstep.codec import from_json, to_json
from doorstep.errors import (
    InvalidAnswerError,
    ProviderError,
    UnclassifiedCarrierError,
    ValidationError,
    WebhookRejectedError,
)
from doorstep.http import Flow, Grant, RepeatPolicy, Request, Response, path
from doorstep.models import (
    Cancellation,
    CancelReason,
    Changes,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    Event,
    EventKind,
    Money,
    Quote,
    RefundDecision,
    RefundReason,
    Status,
)
from doorstep.outcome import Effect, Repeat
from doorstep.provider import Context
from doorstep.requirements import all_paths
from doorstep.webhooks import Webhook, WebhookRequest

T = TypeVar("T")

#: Everything, so that a shop's tests are stopped by nothing but what they ask for.
ALL = Capabilities(
    quote=QuoteKind.BINDING,
    quote_expires_s=300,
    idempotency=Idempotency.CALLER_ID,
    recovery=Recovery.BY_REFERENCE,
    inputs=all_paths(),
    max_dropoffs=10,
    update_fields=all_paths(),
    update_mode=UpdateMode.PATCH,
    cancel_until=Status.AT_PICKUP,
    cancel_reason=Need.OPTIONAL,
    cancel_reasons=frozenset(CancelReason),
    refund_request=True,
    webhooks=WebhookAuth.STATIC_HEADER,
    tip=frozenset(TipTime),
    reports=frozenset(Status),
)

_BY_CODE: dict[str, type[ProviderError]] = {
    kind.code: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, ProviderError)
}
#: What a refusal may tell beside its code.
_PARAMS = ("reason", "retry_after_s")
_WORD = "Word of the fake carrier"


@attrs.frozen(kw_only=True)
class FakeProvider:
    """
    A provider whose carrier is :class:`FakeCarrier`.

    Args:
        capabilities:
            What it claims; everything unless a test wants a poorer carrier.
    """

    name: str = "fake"
    account: str = "default"
    base_url: str = "https://carrier.invalid"
    capabilities: Capabilities = ALL
    repeat_policy: RepeatPolicy = RepeatPolicy()
    public_fields: frozenset[str] = frozenset({"error", "status"})

    def grant(self, now: datetime) -> Flow[Grant] | None:
        """
        Need none.
        """
        return None

    def sign(self, request: Request, now: datetime, grant: Grant | None) -> Request:
        """
        Leave the request as it is.
        """
        return request

    def quote(self, request: DeliveryRequest, ctx: Context) -> Flow[list[Quote]]:
        """
        Ask for the price of *request*.
        """
        body = to_json(request).encode()
        answer = yield Request(
            "POST",
            "/quotes",
            body=body,
            effect=Effect.NOTHING,
            repeat=Repeat.SAME_EFFECT,
        )
        return [_read(answer, Quote)]

    def dispatch(
        self, request: DeliveryRequest, ctx: Context, *, quote: Quote | None, max_fee: Money | None
    ) -> Flow[Delivery]:
        """
        Book *request*.
        """
        wish = {"request": to_json(request), "max_fee": to_json(max_fee) if max_fee else None}
        booked = yield Request(
            "POST",
            "/deliveries",
            body=orjson.dumps(wish),
            effect=Effect.BOOKS,
            repeat=Repeat.NEVER,
        )
        return _read(booked, Delivery)

    def track(self, delivery: DeliveryId, ctx: Context) -> Flow[Delivery]:
        """
        Read a delivery.
        """
        answer = yield Request("GET", path("/deliveries/{id}", id=delivery.value))
        return _read(answer, Delivery)

    def find(self, reference: str, revision: int, ctx: Context) -> Flow[Delivery | None]:
        """
        Read the delivery of a reference.
        """
        answer = yield Request("GET", path("/deliveries/{id}", id=f"{reference}~{revision}"))
        return None if answer.status == 404 else _read(answer, Delivery)

    def update(self, delivery: DeliveryId, changes: Changes, ctx: Context) -> Flow[Delivery]:
        """
        Change a delivery.
        """
        answer = yield Request(
            "PATCH",
            path("/deliveries/{id}", id=delivery.value),
            body=to_json(changes).encode(),
            effect=Effect.CHANGES,
            repeat=Repeat.SAME_EFFECT,
        )
        return _read(answer, Delivery)

    def set_tip(self, delivery: DeliveryId, tip: Money, ctx: Context) -> Flow[Delivery]:
        """
        Set the tip.
        """
        return self.update(delivery, Changes(tip=tip), ctx)

    def cancel(
        self, delivery: DeliveryId, reason: CancelReason | None, ctx: Context
    ) -> Flow[Cancellation]:
        """
        Cancel a delivery.
        """
        answer = yield Request(
            "POST",
            path("/deliveries/{id}/cancel", id=delivery.value),
            effect=Effect.CHANGES,
            repeat=Repeat.SAME_EFFECT,
        )
        cancelled = _read(answer, Delivery)
        return Cancellation(confirmed=True, reason_sent=reason is not None, delivery=cancelled)

    def refund(
        self, delivery: DeliveryId, reason: RefundReason, ctx: Context
    ) -> Flow[RefundDecision]:
        """
        Ask for money back.
        """
        answer = yield Request(
            "POST",
            path("/deliveries/{id}/refunds", id=delivery.value),
            body=orjson.dumps(reason.value),
            effect=Effect.BOOKS,
            repeat=Repeat.NEVER,
        )
        return _read(answer, RefundDecision)

    def receive(self, request: WebhookRequest, now: datetime) -> Webhook:
        """
        Believe what has the fake carrier's word on it.
        """
        if request.headers.get("Authorization") != _WORD:
            raise WebhookRejectedError(
                "got a webhook of somebody else", reason="unauthenticated", status=401
            )
        try:
            event = from_json(request.body, Event)
        except ValidationError:
            raise WebhookRejectedError("got a webhook that is no event") from None
        ended = event.snapshot is not None and event.snapshot.status.terminal
        return Webhook(events=(event,), confirm=event.delivery_id if ended else None)


def knows(error: type[ProviderError]) -> bool:
    """
    Tell whether the fake carrier can refuse with exactly *error*.
    """
    return _BY_CODE.get(error.code) is error


def _read(answer: Response, kind: type[T]) -> T:
    if answer.status == 200:
        return from_json(answer.body, kind)
    try:
        told = orjson.loads(answer.body)
        code = told["error"]
        known = {name: told[name] for name in _PARAMS if told.get(name) is not None}
        existing = from_json(told["existing"], Delivery) if told.get("existing") else None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidAnswerError("got an unknown answer", http_status=answer.status) from None
    if existing is not None:
        known["existing_id"] = str(existing.id)
    refused = _BY_CODE.get(code, UnclassifiedCarrierError)
    raise refused(
        "was refused",
        http_status=answer.status,
        raw_code=code,
        params=known,
        delivery=existing,
    )


def webhook_of(delivery: Delivery, number: int) -> WebhookRequest:
    """
    Return the webhook that tells of *delivery*, the fake carrier's *number*-th.
    """
    event = Event(
        id=f"event-{number}",
        kind=EventKind.STATUS,
        name=delivery.status.value,
        delivery_id=delivery.id,
        snapshot=delivery,
        occurred_at=delivery.as_of,
    )
    return WebhookRequest(headers={"Authorization": _WORD}, body=to_json(event).encode())
