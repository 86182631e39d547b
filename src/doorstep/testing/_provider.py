"""
The provider of the fake carrier: neutral JSON on both sides.
"""

from __future__ import annotations

from datetime import datetime

import attrs
import orjson

from doorstep.capabilities import (
    Capabilities,
    CatalogCapabilities,
    Idempotency,
    Need,
    QuoteKind,
    Recovery,
    TipTime,
    UpdateMode,
    WebhookAuth,
)
from doorstep.codec import from_json, to_json
from doorstep.errors import ValidationError, WebhookRejectedError
from doorstep.http import Flow, Grant, RepeatPolicy, Request, path
from doorstep.models import (
    Cancellation,
    CancelReason,
    Changes,
    CloseReason,
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
from doorstep.testing._catalog import FakeCatalog
from doorstep.testing._marketplace import CLOSES_FOR_S
from doorstep.testing._messages import read
from doorstep.testing._onboarding import FakeOnboarding
from doorstep.testing._services import FakeServices
from doorstep.webhooks import Webhook, WebhookRequest

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
    coverage=True,
    address_completion=True,
    redelivery=True,
    assignments=True,
    ratings=True,
    rating_reasons=frozenset({"on_time", "late", "polite", "rude"}),
    onboarding=True,
    catalog=CatalogCapabilities(
        close_reasons=frozenset(CloseReason),
        close_until=True,
        closes_for_s=CLOSES_FOR_S,
        item_batch=100,
        item_until=True,
        items=True,
        options=True,
        read_store=True,
        read_menus=True,
        read_items=True,
        read_options=True,
    ),
)

_WORD = "Word of the fake carrier"


@attrs.frozen(kw_only=True)
class FakeProvider(FakeServices, FakeOnboarding):
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

    @property
    def catalog(self) -> FakeCatalog | None:
        """
        The marketplace, unless it is not claimed.
        """
        if self.capabilities.catalog is None:
            return None
        return FakeCatalog(
            name=self.name,
            account=self.account,
            base_url=self.base_url,
            repeat_policy=self.repeat_policy,
        )

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
        return [read(answer, Quote)]

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
        return read(booked, Delivery)

    def track(self, delivery: DeliveryId, ctx: Context) -> Flow[Delivery]:
        """
        Read a delivery.
        """
        answer = yield Request("GET", path("/deliveries/{id}", id=delivery.value))
        return read(answer, Delivery)

    def find(self, reference: str, revision: int, ctx: Context) -> Flow[Delivery | None]:
        """
        Read the delivery of a reference.
        """
        answer = yield Request("GET", path("/deliveries/{id}", id=f"{reference}~{revision}"))
        return None if answer.status == 404 else read(answer, Delivery)

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
        return read(answer, Delivery)

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
        cancelled = read(answer, Delivery)
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
        return read(answer, RefundDecision)

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
