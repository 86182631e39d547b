"""
A carrier from elsewhere in the core's types: Delivery Hero's On-Demand Rider API, v1.1.1.

It answers in prose, prices in floats without a currency, wants unix seconds,
coordinates and a reason for every cancel, and pays riders in cash. It is here to
show that the core needs no change for it; it is not a plugin.
"""

from __future__ import annotations

from base64 import b64decode
from datetime import datetime, timedelta
from urllib.parse import urlencode

import attrs
from tests.neutrality.mapping import (
    ALLOWED,
    CANCEL_REASONS,
    to_delivery,
    to_fee,
    to_place,
    to_time,
    to_times,
    to_wire,
)
from tests.neutrality.refusals import refusal
from tests.neutrality.wire import Message, Order, Token

from doorstep.capabilities import (
    Capabilities,
    LocationSource,
    Need,
    QuoteKind,
    Returns,
    UpdateMode,
)
from doorstep.codec import decode, encode
from doorstep.errors import OutcomeUnknownError, TimeWindowInvalidError
from doorstep.http import Flow, Grant, RepeatPolicy, Request, Response, path
from doorstep.models import (
    Cancellation,
    CancelReason,
    Changes,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    DropoffAt,
    Money,
    Price,
    Proof,
    ProofKind,
    Quote,
    Raw,
    Status,
    StopKind,
)
from doorstep.outcome import Effect, Repeat
from doorstep.provider import Context, Proofs, Provider, Quotes, Updates
from doorstep.secret import Secret

#: On the way: only then is there a courier to look for.
MOVING = {Status.TO_PICKUP, Status.PICKED_UP, Status.TO_DROPOFF}
EARLIEST, LATEST = timedelta(minutes=45), timedelta(days=7)
PROOF_PATHS = {
    StopKind.PICKUP: "/orders/proof_of_pickup/{id}",
    StopKind.DROPOFF: "/orders/proof_of_delivery/{id}",
    StopKind.RETURN: "/orders/proof_of_return/{id}",
}


@attrs.frozen(kw_only=True)
class OnDemandRider:
    """
    One account of the carrier, in one country.

    Args:
        currency:
            The country's: prices come as bare numbers.

        updates:
            Whether the country allows changes.

        assertion:
            A signed statement that the token endpoint takes for a client secret.
    """

    account: str
    base_url: str
    currency: str
    updates: bool = True
    assertion: Secret
    name: str = "on_demand_rider"
    repeat_policy: RepeatPolicy = attrs.field(factory=RepeatPolicy)
    public_fields: frozenset[str] = frozenset({"status"})

    @property
    def capabilities(self) -> Capabilities:
        """
        What this account can do: changes depend on its country.
        """
        return Capabilities(
            quote=QuoteKind.INDICATIVE,
            inputs=ALLOWED,
            needs=frozenset(
                {
                    "pickup.address.coordinates",
                    "pickup.contact.phone",
                    "dropoff.address.coordinates",
                    "dropoff.contact.phone",
                    "dropoff.items.name",
                }
            ),
            currencies=frozenset({self.currency}),
            min_lead_s=int(EARLIEST.total_seconds()),
            max_lead_s=int(LATEST.total_seconds()),
            update_fields=frozenset(
                {"order_value", "dropoff.instructions"} if self.updates else ()
            ),
            update_mode=UpdateMode.PATCH if self.updates else UpdateMode.NONE,
            cancel_until=Status.ASSIGNED,
            cancel_reason=Need.REQUIRED,
            cancel_reasons=frozenset(CANCEL_REASONS),
            refund_notify=True,
            proof_kinds=frozenset({ProofKind.PHOTO, ProofKind.PIN}),
            proof_fetch=True,
            returns=Returns.SAME_ID,
            location=LocationSource.EXTRA_CALL,
            etas=True,
            tracking_url=True,
        )

    def grant(self, now: datetime) -> Flow[Grant] | None:
        """
        Exchange the signed statement for a token.
        """
        return self._grant(now)

    def _grant(self, now: datetime) -> Flow[Grant]:
        form = {"grant_type": "client_credentials", "client_assertion": self.assertion.reveal()}
        answer = yield Request(
            "POST",
            "/oauth2/token",
            base="https://sts.deliveryhero.io",
            signed=False,
            headers={"content-type": "application/x-www-form-urlencoded"},
            body=urlencode(form).encode(),
        )
        if answer.status != 200:
            raise refusal("grant", answer)
        token, _ = decode(answer.body, Token)
        expires_at = now + timedelta(seconds=token.expires_in)
        return Grant(value=Secret(token.access_token), expires_at=expires_at)

    def sign(self, request: Request, now: datetime, grant: Grant | None) -> Request:
        """
        Put the token into the header.
        """
        token = grant.value.reveal() if grant else ""
        return request.with_headers({"authorization": f"Bearer {token}"})

    def quote(self, request: DeliveryRequest, ctx: Context) -> Flow[list[Quote]]:
        """
        Ask for the fee and, in a second call, for the times. Neither binds.
        """
        body = self._body(request, ctx)
        fee, fee_raw = to_fee((yield self._read("POST", "/orders/fee", body)), self.currency)
        times, times_raw = to_times((yield self._read("POST", "/orders/time", body)))
        quote = Quote(
            provider=self.name,
            account=self.account,
            reference=request.reference,
            revision=request.revision,
            price=Price(total=fee),
            created_at=ctx.now,
            binding=False,
            pickup_eta=to_time(times.pickup),
            dropoff_eta=to_time(times.estimated_delivery_time),
            raw=Raw({"fee": fee_raw.as_dict(), "time": times_raw.as_dict()}),
        )
        return [quote]

    def dispatch(
        self, request: DeliveryRequest, ctx: Context, *, quote: Quote | None, max_fee: Money | None
    ) -> Flow[Delivery]:
        """
        Book a rider. The carrier keeps no reference unique: never repeated.
        """
        body = self._body(request, ctx)
        answer = yield Request(
            "POST", "/orders", body=body, effect=Effect.BOOKS, repeat=Repeat.NEVER
        )
        if answer.status != 201:
            raise refusal("dispatch", answer, request.reference)
        delivery = self._delivery(answer)
        if delivery.reference != request.reference:
            raise OutcomeUnknownError("was answered for another id", reference=request.reference)
        return delivery

    def track(self, delivery: DeliveryId, ctx: Context) -> Flow[Delivery]:
        """
        Read a delivery and, once a rider moves, where the rider is.
        """
        answer = yield self._read("GET", "/orders/{id}", id=delivery.value)
        found = self._delivery(answer)
        if found.status not in MOVING or found.courier is None:
            return found
        answer = yield self._read("GET", "/orders/{id}/coordinates", id=delivery.value)
        if answer.status == 404:
            return found
        courier = attrs.evolve(found.courier, location=to_place(answer))
        return attrs.evolve(found, courier=courier)

    def cancel(
        self, delivery: DeliveryId, reason: CancelReason | None, ctx: Context
    ) -> Flow[Cancellation]:
        """
        Cancel with one of the three reasons that the carrier knows.
        """
        word = CANCEL_REASONS.get(reason) if reason else None
        answer = yield Request(
            "DELETE",
            path("/orders/{id}", id=delivery.value),
            body=encode({"reason": word or "REASON_UNKNOWN"}),
            effect=Effect.CHANGES,
            repeat=Repeat.SAME_EFFECT,
        )
        if answer.status not in (203, 204):
            raise refusal("cancel", answer)
        # 203: cancelled, but under another reason than ours.
        sent = word is not None and answer.status == 204
        raw = decode(answer.body, Message)[1] if answer.body else Raw()
        return Cancellation(confirmed=True, reason_sent=sent, raw=raw)

    def update(self, delivery: DeliveryId, changes: Changes, ctx: Context) -> Flow[Delivery]:
        """
        Change the amount or the notes, where the country allows it.
        """
        notes = changes.dropoff.instructions if changes.dropoff else None
        amount = float(changes.order_value.decimal) if changes.order_value else None
        answer = yield Request(
            "PUT",
            path("/orders/{id}", id=delivery.value),
            body=encode({"amount": amount, "location": {"notes": notes} if notes else None}),
            effect=Effect.CHANGES,
            repeat=Repeat.SAME_EFFECT,
        )
        if answer.status != 200:
            raise refusal("update", answer)
        return (yield from self.track(delivery, ctx))

    def proof(
        self, delivery: DeliveryId, stop: StopKind, kind: ProofKind, ctx: Context
    ) -> Flow[Proof | None]:
        """
        Read the photo taken at a stop: base64, gone after a week.
        """
        answer = yield self._read("GET", PROOF_PATHS[stop], id=delivery.value)
        if answer.status == 404 and b"Proof of" in answer.body:
            return None
        if answer.status != 200:
            raise refusal("proof", answer)
        return Proof(kind=kind, content=b64decode(answer.body), media_type="image/jpeg")

    def receive(self, body: bytes) -> Delivery:
        """
        Read the body of a status callback.
        """
        order, raw = decode(body, Order)
        return to_delivery(order, raw, self._id(order), self.currency)

    def _read(self, method: str, route: str, body: bytes | None = None, **ids: str) -> Request:
        # Prices are asked for by POST and bind nobody.
        return Request(method, path(route, **ids), body=body, effect=Effect.NOTHING)

    def _body(self, request: DeliveryRequest, ctx: Context) -> bytes:
        schedule = request.schedule
        if isinstance(schedule, DropoffAt) and not EARLIEST <= schedule.at - ctx.now <= LATEST:
            raise TimeWindowInvalidError("takes times from 45 minutes to 7 days ahead")
        return encode(to_wire(request, self.currency))

    def _delivery(self, answer: Response) -> Delivery:
        if answer.status not in (200, 201):
            raise refusal("track", answer)
        order, raw = decode(answer.body, Order, http_status=answer.status)
        return to_delivery(order, raw, self._id(order), self.currency)

    def _id(self, order: Order) -> DeliveryId:
        return DeliveryId(self.name, self.account, order.order_id)


_provider: type[Provider] = OnDemandRider
_quotes: type[Quotes] = OnDemandRider
_updates: type[Updates] = OnDemandRider
_proofs: type[Proofs] = OnDemandRider
