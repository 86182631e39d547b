"""
Acme as pure flows: each yields requests and is sent responses.

Nothing here opens a socket, reads a clock or keeps state; the core does the talking.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from doorstep.capabilities import (
    Capabilities,
    Idempotency,
    QuoteKind,
    Recovery,
    TipTime,
    UpdateMode,
    WebhookAuth,
)
from doorstep.codec import decode, encode
from doorstep.errors import (
    DeliveryNotFoundError,
    DuplicateError,
    FeeExceededError,
    NotCancellableError,
)
from doorstep.http import Flow, Grant, RepeatPolicy, Request, Response, path
from doorstep.models import (
    Cancellation,
    CancelReason,
    Changes,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    Money,
    Quote,
    RefundDecision,
    RefundReason,
    Status,
)
from doorstep.outcome import Effect, Outcome, Repeat
from doorstep.provider import Context, Finds, Provider, Quotes, Refunds, Tips, Updates, Webhooks
from doorstep_acme._auth import signed
from doorstep_acme._errors import refusal
from doorstep_acme._mapping import (
    STATUSES,
    carrier_id,
    read,
    to_body,
    to_decision,
    to_delivery,
    to_quote,
)
from doorstep_acme._settings import AcmeSettings
from doorstep_acme._wire import JobBody, Quoted, Refund, RefundBody

if TYPE_CHECKING:
    from doorstep.webhooks import Webhook, WebhookRequest

__all__ = ["AcmeProvider"]

_JOB = "/jobs/{id}"


def _capabilities(provider: AcmeProvider) -> Capabilities:
    """
    Return what the account can do. Whatever is not here is refused before the network.
    """
    secret = provider.settings.webhook_secret
    return Capabilities(
        quote=QuoteKind.BINDING,
        quote_expires_s=300,
        idempotency=Idempotency.CALLER_ID,
        recovery=Recovery.BY_REFERENCE,
        inputs=frozenset(
            {
                "pickup.address.one_line",
                "dropoff.address.one_line",
                "dropoff.contact.phone",
                "dropoff.instructions",
                "order_value",
                "tip",
            }
        ),
        needs=frozenset({"pickup.address.one_line", "dropoff.address.one_line"}),
        currencies=frozenset({provider.settings.currency}),
        update_fields=frozenset({"tip", "order_value"}),
        update_mode=UpdateMode.PATCH,
        refund_request=True,
        tip=frozenset({TipTime.DISPATCH, TipTime.BEFORE_DELIVERY}),
        reports=frozenset(STATUSES.values()),
        webhooks=WebhookAuth.HMAC_HEADER if secret is not None else WebhookAuth.NONE,
    )


@attrs.frozen
class AcmeProvider:
    """
    One account of Acme. The caller's reference is the job's id.
    """

    account: str
    settings: AcmeSettings
    capabilities: Capabilities = attrs.field(
        init=False, repr=False, eq=False, default=attrs.Factory(_capabilities, takes_self=True)
    )

    @property
    def name(self) -> str:
        """
        The provider's name.
        """
        return "acme"

    @property
    def base_url(self) -> str:
        """
        Where requests go.
        """
        return self.settings.base_url

    @property
    def repeat_policy(self) -> RepeatPolicy:
        """
        How the carrier wants to be asked again.
        """
        return RepeatPolicy()

    @property
    def public_fields(self) -> frozenset[str]:
        """
        What observers may see the values of: no text that people write, nobody's id.
        """
        return frozenset({"state", "code", "price", "tip", "value", "currency", "decision"})

    def grant(self, now: datetime) -> Flow[Grant] | None:
        """
        Need none.
        """
        return None

    def sign(self, request: Request, now: datetime, grant: Grant | None) -> Request:
        """
        Add the key to *request*.
        """
        return signed(request, self.settings.api_key)

    def quote(self, request: DeliveryRequest, ctx: Context) -> Flow[list[Quote]]:
        """
        Ask for the price.
        """
        # A POST books unless it says otherwise.
        answer = yield Request(
            "POST", "/quotes", body=encode(to_body(request)), effect=Effect.NOTHING
        )
        _check(answer, "quote")
        wire, raw = decode(answer.body, Quoted, http_status=answer.status)
        return [to_quote(wire, raw, request, self.account, answer.sent_at)]

    def dispatch(
        self, request: DeliveryRequest, ctx: Context, *, quote: Quote | None, max_fee: Money | None
    ) -> Flow[Delivery]:
        """
        Book a courier. This costs money.

        With *max_fee* and no quote the price is asked for before, so that nothing
        dearer is booked.
        """
        if quote is None and max_fee is not None:
            quote = (yield from self.quote(request, ctx))[0]
            if quote.price is not None and quote.price.total > max_fee:
                raise FeeExceededError("is dearer than max_fee", booked=Outcome.NOT_SENT)
        body = to_body(request)
        if quote is not None:
            body = attrs.evolve(body, quoted=quote.token)
        answer = yield Request(
            "POST", "/jobs", body=encode(body), effect=Effect.BOOKS, repeat=Repeat.NEVER
        )
        try:
            return self._delivery(answer, body.id or "", "dispatch")
        except DuplicateError as taken:
            return (yield from self._taken(body, taken))

    def track(self, delivery: DeliveryId, ctx: Context) -> Flow[Delivery]:
        """
        Read a delivery.
        """
        answer = yield Request("GET", path(_JOB, id=delivery.value))
        return self._delivery(answer, delivery.value, "track")

    def find(self, reference: str, revision: int, ctx: Context) -> Flow[Delivery | None]:
        """
        Read the delivery of *reference* and *revision*, or None.
        """
        wanted = carrier_id(reference, revision)
        try:
            answer = yield Request("GET", path(_JOB, id=wanted))
            return self._delivery(answer, wanted, "find")
        except DeliveryNotFoundError:
            return None

    def update(self, delivery: DeliveryId, changes: Changes, ctx: Context) -> Flow[Delivery]:
        """
        Change a delivery; what is None stays as it is.
        """
        body = JobBody(
            tip=changes.tip.minor if changes.tip else None,
            value=changes.order_value.minor if changes.order_value else None,
        )
        answer = yield Request(
            "PATCH",
            path(_JOB, id=delivery.value),
            body=encode(body),
            effect=Effect.CHANGES,
            repeat=Repeat.SAME_EFFECT,
        )
        return self._delivery(answer, delivery.value, "update")

    def set_tip(self, delivery: DeliveryId, tip: Money, ctx: Context) -> Flow[Delivery]:
        """
        Set the courier's tip.
        """
        return (yield from self.update(delivery, Changes(tip=tip), ctx))

    def cancel(
        self, delivery: DeliveryId, reason: CancelReason | None, ctx: Context
    ) -> Flow[Cancellation]:
        """
        Cancel a delivery; cancelling twice is cancelling once.
        """
        answer = yield Request(
            "POST",
            path(_JOB + "/cancel", id=delivery.value),
            effect=Effect.CHANGES,
            repeat=Repeat.SAME_EFFECT,
        )
        try:
            now = self._delivery(answer, delivery.value, "cancel")
        except NotCancellableError as late:
            there = yield Request("GET", path(_JOB, id=delivery.value), recovery=True)
            now = self._delivery(there, delivery.value, "cancel")
            if now.status is not Status.CANCELLED:
                raise late from None
        return Cancellation(confirmed=now.status is Status.CANCELLED, delivery=now, raw=now.raw)

    def refund(
        self, delivery: DeliveryId, reason: RefundReason, ctx: Context
    ) -> Flow[RefundDecision]:
        """
        Ask for money back. A refusal is a decision.
        """
        answer = yield Request(
            "POST",
            path(_JOB + "/refunds", id=delivery.value),
            body=encode(RefundBody(reason=reason.value)),
            effect=Effect.BOOKS,
            repeat=Repeat.NEVER,
        )
        _check(answer, "refund")
        wire, raw = decode(answer.body, Refund, http_status=answer.status)
        return to_decision(wire, raw, reason)

    def receive(self, request: WebhookRequest, now: datetime) -> Webhook:
        """
        Verify and parse a webhook.
        """
        from doorstep_acme._webhooks import receive  # many never need it

        return receive(request, now, self.account, self.settings.webhook_secret)

    def _taken(self, body: JobBody, taken: DuplicateError) -> Flow[Delivery]:
        """
        Return what stands under the id if it is what was asked for; raise *taken* if not.
        """
        wanted = body.id or ""
        answer = yield Request("GET", path(_JOB, id=wanted), recovery=True)
        _check(answer, "dispatch")
        job, raw = read(answer, wanted)
        if (job.dropoff, job.value) != (body.dropoff, body.value):
            raise taken
        return to_delivery(job, raw, self.account, answer.received_at)

    def _delivery(self, answer: Response, wanted: str, operation: str) -> Delivery:
        _check(answer, operation)
        job, raw = read(answer, wanted)
        return to_delivery(job, raw, self.account, answer.received_at)


def _check(answer: Response, operation: str) -> None:
    if not 200 <= answer.status < 300:
        raise refusal(answer, operation)


# A type checker compares these with the protocols.
_: type[Provider] = AcmeProvider
_quotes: type[Quotes] = AcmeProvider
_finds: type[Finds] = AcmeProvider
_updates: type[Updates] = AcmeProvider
_tips: type[Tips] = AcmeProvider
_refunds: type[Refunds] = AcmeProvider
_webhooks: type[Webhooks] = AcmeProvider
