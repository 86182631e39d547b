"""
Broken after the booking: tracking, changing, proofs, webhooks.
"""

from __future__ import annotations

import hmac
import json
from typing import Any, ClassVar

import attrs
from doorstep_acme._mapping import STATUSES
from doorstep_acme._provider import AcmeProvider

from broken.good import Acme, Shop, hooked
from doorstep.errors import (
    DeliveryNotFoundError,
    InvalidAnswerError,
    NotCancellableError,
    NotModifiableError,
    ProofGoneError,
    UnclassifiedCarrierError,
    WebhookRejectedError,
)
from doorstep.http import Flow, Request, Response, path
from doorstep.models import (
    Cancellation,
    Delivery,
    DeliveryId,
    Money,
    Proof,
    RefundDecision,
    RefundStatus,
    Status,
)
from doorstep.webhooks import Webhook, WebhookRequest


class TracksUnderAnotherId(Acme):
    """
    Gives what it tracks another id than what it booked.
    """

    recordings = None

    def track(self, *args: Any, **options: Any) -> Flow[Delivery]:
        read = yield from super().track(*args, **options)
        return attrs.evolve(read, id=attrs.evolve(read.id, value=f"job-{read.id.value}"))


class BelievesAnothersNews(Acme):
    """
    Takes an answer about any delivery for the one that it asked for.
    """

    def track(self, delivery: DeliveryId, ctx: Any) -> Flow[Delivery]:
        answer = yield Request("GET", path("/jobs/{id}", id=delivery.value))
        told = _object(answer)
        return self._delivery(answer, told.get("id", delivery.value), "track")


class HasNoNameForNobody(Acme):
    """
    Has no name for a delivery that is not there.
    """

    def track(self, *args: Any, **options: Any) -> Flow[Delivery]:
        try:
            return (yield from super().track(*args, **options))
        except DeliveryNotFoundError:
            raise UnclassifiedCarrierError("was refused", http_status=404) from None


class RaisesWhatItLooksFor(Acme):
    """
    Raises when there is nothing to be found, instead of saying so.
    """

    def find(self, *args: Any, **options: Any) -> Flow[Delivery | None]:
        found = yield from super().find(*args, **options)
        if found is None:
            raise DeliveryNotFoundError("is not there", http_status=404)
        return found


class ClaimsNoEnd(Acme):
    """
    Does not claim the status in which deliveries end.
    """

    claims: ClassVar[dict[str, Any]] = {
        "reports": frozenset(STATUSES.values()) - {Status.DELIVERED}
    }


class GuessesStatuses(Acme):
    """
    Takes a word that it does not know for a delivery that is under way.
    """

    def track(self, *args: Any, **options: Any) -> Flow[Delivery]:
        read = yield from super().track(*args, **options)
        return attrs.evolve(read, status=Status.TO_DROPOFF) if _unknown(read) else read


class RaisesAtNewWords(Acme):
    """
    Knows the statuses as an enum, which has no member for a new one.
    """

    def track(self, *args: Any, **options: Any) -> Flow[Delivery]:
        read = yield from super().track(*args, **options)
        if _unknown(read):
            raise InvalidAnswerError("got a status that is none @ $.state")
        return read


class RefusesNewFields(Acme):
    """
    Refuses an answer with a field that it does not know.
    """

    def track(self, *args: Any, **options: Any) -> Flow[Delivery]:
        def hear(answer: Response) -> Response:
            if any(name.startswith("new_") for name in _object(answer)):
                raise InvalidAnswerError("got a field that is none")
            return answer

        return hooked(super().track(*args, **options), hear=hear)


class ForgetsTheChange(Acme):
    """
    Sends an update without what is to be changed.
    """

    def update(self, delivery: Any, changes: Any, ctx: Any) -> Flow[Delivery]:
        return super().update(delivery, attrs.evolve(changes, tip=None, order_value=None), ctx)

    def set_tip(self, *args: Any, **options: Any) -> Flow[Delivery]:
        return AcmeProvider(self.account, self.settings).set_tip(*args, **options)


class HasNoNameForTooLate(Acme):
    """
    Has no name for a change that comes too late.
    """

    def update(self, *args: Any, **options: Any) -> Flow[Delivery]:
        try:
            return (yield from super().update(*args, **options))
        except NotModifiableError:
            raise UnclassifiedCarrierError("was refused", http_status=409) from None


class ForgetsTheCancel(Acme):
    """
    Tracks a delivery that was cancelled as one that failed.
    """

    def track(self, *args: Any, **options: Any) -> Flow[Delivery]:
        read = yield from super().track(*args, **options)
        return attrs.evolve(read, status=Status.FAILED) if read.raw_status == "void" else read


class FailsTheSecondCancel(Acme):
    """
    Takes a second cancel for an error, although what was wished has happened.
    """

    def cancel(self, *args: Any, **options: Any) -> Flow[Cancellation]:
        def hear(answer: Response) -> Response:
            if answer.status == 409 and not answer.repeated:
                raise NotCancellableError(
                    "was refused", http_status=409, params={"reason": "too_late"}
                )
            return answer

        return hooked(super().cancel(*args, **options), hear=hear)


class LiesOfALateCancel(Acme):
    """
    Takes "too late to cancel" for cancelled.
    """

    def cancel(self, *args: Any, **options: Any) -> Flow[Cancellation]:
        try:
            return (yield from super().cancel(*args, **options))
        except NotCancellableError:
            return Cancellation(confirmed=True)


class AddsToTheTip(Acme):
    """
    Adds the tip to what was there.
    """

    def set_tip(self, delivery: DeliveryId, tip: Money, ctx: Any) -> Flow[Delivery]:
        before = yield from self.track(delivery, ctx)
        known = before.tip is not None and before.tip.currency == tip.currency
        return (yield from super().set_tip(delivery, tip + before.tip if known else tip, ctx))


class TakesADenialForSuccess(Acme):
    """
    Takes "was refunded before" for a refund.
    """

    def refund(self, *args: Any, **options: Any) -> Flow[RefundDecision]:
        told = yield from super().refund(*args, **options)
        again = told.status is RefundStatus.ALREADY_REFUNDED
        return attrs.evolve(told, status=RefundStatus.FULL) if again else told


class RefundsTooMuch(Acme):
    """
    Takes the cents of a refund for dollars.
    """

    def refund(self, *args: Any, **options: Any) -> Flow[RefundDecision]:
        told = yield from super().refund(*args, **options)
        fee = told.delivery_fee
        if fee is None:
            return told
        return attrs.evolve(told, delivery_fee=Money(fee.minor * 100, fee.currency))


class ForgetsThePhoto(Shop):
    """
    Fetches a proof, and returns it without its content.
    """

    def proof(self, *args: Any, **options: Any) -> Flow[Proof | None]:
        found = yield from super().proof(*args, **options)
        return found and attrs.evolve(found, content=b"")


class TakesNotYetForGone(Shop):
    """
    Takes a proof that was never collected for one that is gone.
    """

    def proof(self, *args: Any, **options: Any) -> Flow[Proof | None]:
        found = yield from super().proof(*args, **options)
        if found is None:
            raise ProofGoneError("found nothing any more where the proof was", http_status=404)
        return found


class UnderstandsHalf(Acme):
    """
    Rejects webhooks with news that it has no use for.
    """

    def receive(self, request: WebhookRequest, now: Any) -> Webhook:
        told = super().receive(request, now)
        if told.events[0].name == "job.collected":
            raise WebhookRejectedError("is no news", reason="malformed", status=400)
        return told


class BelievesAnybody(Acme):
    """
    Checks a signature only if there is one.
    """

    def receive(self, request: WebhookRequest, now: Any) -> Webhook:
        if not request.headers:
            secret = self.settings.webhook_secret.reveal().encode()
            signature = hmac.digest(secret, request.body, "sha256").hex()
            request = attrs.evolve(request, headers={"x-acme-signature": signature})
        return super().receive(request, now)


class SignsOverNothing(Acme):
    """
    Believes any message under a signature that was right for another one.
    """

    def receive(self, request: WebhookRequest, now: Any) -> Webhook:
        trimmed = attrs.evolve(request, body=request.body.rstrip(b" "))
        return super().receive(trimmed, now)


class NumbersItsEvents(Acme):
    """
    Numbers events as they come: the same one has another id each time.
    """

    recordings = None

    def receive(self, request: WebhookRequest, now: Any) -> Webhook:
        told = super().receive(request, now)
        number = str(now.timestamp())
        return Webhook(events=[attrs.evolve(one, id=number) for one in told.events])


class BelievesTheLastOne(Acme):
    """
    Dates what it hears by when it came, so that the last one wins.
    """

    recordings = None

    def receive(self, request: WebhookRequest, now: Any) -> Webhook:
        told = super().receive(request, now)
        return Webhook(
            events=[
                attrs.evolve(
                    one,
                    occurred_at=now,
                    snapshot=one.snapshot and attrs.evolve(one.snapshot, as_of=now),
                )
                for one in told.events
            ]
        )


class StumblesOverNonsense(Acme):
    """
    Reads a webhook before it looks who sent it, and lets a KeyError out.
    """

    def receive(self, request: WebhookRequest, now: Any) -> Webhook:
        json.loads(request.body)["event_id"]
        return super().receive(request, now)


def _object(answer: Response) -> dict[str, Any]:
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        told = None
    return told if isinstance(told, dict) else {}


def _unknown(read: Delivery) -> bool:
    return read.status is Status.UNKNOWN and "nobody_knows" in (read.raw_status or "")
