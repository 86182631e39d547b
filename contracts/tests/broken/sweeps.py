"""
Broken where no promise of one operation looks: faults, changed answers, lives, recordings.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import attrs
from doorstep_acme._mapping import to_delivery
from doorstep_acme._wire import Job

from broken.good import RECORDINGS, Acme, InsteadError, hooked
from doorstep.codec import decode
from doorstep.errors import (
    DoorstepError,
    ValidationError,
)
from doorstep.http import Flow, Request, Response, TransportError
from doorstep.models import (
    Cancellation,
    Delivery,
    Money,
    Price,
    Quote,
    Raw,
    RefundDecision,
)
from doorstep.outcome import Effect, Outcome, Repeat
from doorstep.webhooks import Webhook, WebhookRequest


class TakesSilenceForNo(Acme):
    """
    Takes a timeout for a refusal: says that nothing was booked, and a courier comes.
    """

    def dispatch(self, *args: Any, **options: Any) -> Flow[Delivery]:
        def doubt(error: Exception) -> Exception:
            if isinstance(error, TransportError) and error.kind == "timeout":
                return ValidationError("was refused", http_status=422, booked=Outcome.REJECTED)
            return error

        return hooked(super().dispatch(*args, **options), lost=doubt)


class ConfirmsTheUnheard(Acme):
    """
    Says that it cancelled, although it heard no answer.
    """

    def cancel(self, *args: Any, **options: Any) -> Flow[Cancellation]:
        try:
            return (yield from super().cancel(*args, **options))
        except TransportError:
            return Cancellation(confirmed=True)


class RefundsAgain(Acme):
    """
    Says that a refund may be asked for again when its answer is lost.
    """

    def refund(self, *args: Any, **options: Any) -> Flow[RefundDecision]:
        def ask(asked: Request) -> Request:
            return attrs.evolve(asked, effect=Effect.CHANGES, repeat=Repeat.SAME_EFFECT)

        return hooked(super().refund(*args, **options), ask=ask)


class NeedsEveryField(Acme):
    """
    Lets a KeyError out where a field is missing that documents promise.
    """

    def _delivery(self, answer: Response, *args: Any) -> Delivery:
        read = super()._delivery(answer, *args)
        assert json.loads(answer.body)["changed_at"] is not ...
        return read


class ReadsRefusalsCarelessly(Acme):
    """
    Reads the code of a refusal with a parser that gives up at deep nesting.
    """

    def find(self, *args: Any, **options: Any) -> Flow[Delivery | None]:
        def hear(answer: Response) -> Response:
            if answer.status >= 400:
                with suppress(ValueError):
                    json.loads(answer.body)
            return answer

        return hooked(super().find(*args, **options), hear=hear)


class BelievesGoodBodies(Acme):
    """
    Looks at the body of an answer, and not at its status.
    """

    def track(self, *args: Any, **options: Any) -> Flow[Delivery]:
        def hear(answer: Response) -> Response:
            if answer.status == 503:
                try:
                    job, raw = decode(answer.body, Job)
                except DoorstepError:
                    return answer
                raise InsteadError(to_delivery(job, raw, self.account, answer.received_at))
            return answer

        return hooked(super().track(*args, **options), hear=hear)


class CountsInFloats(Acme):
    """
    Reads amounts as floats, and rounds them.
    """

    def track(self, *args: Any, **options: Any) -> Flow[Delivery]:
        def hear(answer: Response) -> Response:
            told = _object(answer)
            for name in ("price", "tip"):
                if isinstance(told.get(name), float) and abs(told[name]) < 1e9:
                    told[name] = int(told[name])
            return attrs.evolve(answer, body=json.dumps(told).encode()) if told else answer

        return hooked(super().track(*args, **options), hear=hear)


class IgnoresTheCurrency(Acme):
    """
    Takes every amount for one in the account's own currency.
    """

    def _delivery(self, *args: Any, **options: Any) -> Delivery:
        read = super()._delivery(*args, **options)
        if read.price is None:
            return read
        total = Money(read.price.total.minor, self.settings.currency)
        return attrs.evolve(read, price=Price(total=total))


class BelievesNaiveTimes(Acme):
    """
    Takes a time without an offset for one in UTC.
    """

    def quote(self, *args: Any, **options: Any) -> Flow[list[Quote]]:
        def hear(answer: Response) -> Response:
            told = _object(answer)
            at = told.get("expires_at")
            if isinstance(at, str) and len(at) == len("2031-05-06T07:08:09"):
                told["expires_at"] = f"{at}Z"
                return attrs.evolve(answer, body=json.dumps(told).encode())
            return answer

        return hooked(super().quote(*args, **options), hear=hear)


class RoundsTips(Acme):
    """
    Rounds tips to five cents, as if they were paid in coins.
    """

    def update(self, delivery: Any, changes: Any, ctx: Any) -> Flow[Delivery]:
        if changes.tip is not None:
            tip = Money(changes.tip.minor // 5 * 5, changes.tip.currency)
            changes = attrs.evolve(changes, tip=tip)
        return super().update(delivery, changes, ctx)


class RecordsNothing(Acme):
    """
    Has recordings, none of which says enough to be replayed.
    """

    recordings = RECORDINGS.with_name("evidence")


class DropsTheCourier(Acme):
    """
    Tells of no courier, although the carrier did.
    """

    def _delivery(self, *args: Any, **options: Any) -> Delivery:
        return attrs.evolve(super()._delivery(*args, **options), courier=None)


class DropsTheAnswer(Acme):
    """
    Keeps nothing of what the carrier said beside what it understood.
    """

    def track(self, *args: Any, **options: Any) -> Flow[Delivery]:
        read = yield from super().track(*args, **options)
        return attrs.evolve(read, raw=Raw())


class BelievesInventions(Acme):
    """
    Reads a field that somebody made up.
    """

    def _delivery(self, answer: Response, *args: Any) -> Delivery:
        read = super()._delivery(answer, *args)
        invented = _object(answer).get("courier_phone")
        if read.courier is None or not isinstance(invented, str):
            return read
        return attrs.evolve(read, courier=attrs.evolve(read.courier, phone=invented))


class RenamesEvents(Acme):
    """
    Gives events other names than the carrier does.
    """

    def receive(self, request: WebhookRequest, now: Any) -> Webhook:
        told = super().receive(request, now)
        return Webhook(events=[attrs.evolve(one, name=one.name.upper()) for one in told.events])


def _object(answer: Response) -> dict[str, Any]:
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        told = None
    return told if isinstance(told, dict) else {}
