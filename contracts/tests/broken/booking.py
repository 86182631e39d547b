"""
Broken where money is spent: quoting and dispatching.
"""

from __future__ import annotations

from typing import Any

import attrs
from doorstep_acme._mapping import to_body, to_delivery
from doorstep_acme._provider import AcmeProvider
from doorstep_acme._wire import Job

from broken.good import Acme, InsteadError, hooked
from doorstep.codec import decode, encode
from doorstep.errors import (
    DoorstepError,
    DuplicateError,
    FeeExceededError,
    InvalidAnswerError,
    OutcomeUnknownError,
)
from doorstep.http import Flow, Request, Response, TransportError, path
from doorstep.models import Delivery, Money, Price, Quote, Raw
from doorstep.outcome import Effect, Outcome, Repeat


class BooksWhileQuoting(Acme):
    """
    Books a courier to find out what he costs.
    """

    def quote(self, request: Any, ctx: Any) -> Flow[list[Quote]]:
        probe = to_body(attrs.evolve(request, revision=9))
        answer = yield Request("POST", "/jobs", body=encode(probe), effect=Effect.NOTHING)
        self._delivery(answer, probe.id or "", "quote")
        return (yield from super().quote(request, ctx))

    def dispatch(self, *args: Any, **options: Any) -> Flow[Delivery]:
        return AcmeProvider(self.account, self.settings).dispatch(*args, **options)


class QuotesForAnother(Acme):
    """
    Returns an offer that is for no request of the caller's among the others.
    """

    def quote(self, *args: Any, **options: Any) -> Flow[list[Quote]]:
        (mine,) = yield from super().quote(*args, **options)
        return [mine, attrs.evolve(mine, reference="any")]


class AcceptsExpiredQuotes(Acme):
    """
    Does not tell the carrier which quote is taken, so that an expired one books too.
    """

    def dispatch(self, request: Any, ctx: Any, *, quote: Any, max_fee: Any) -> Flow[Delivery]:
        return super().dispatch(request, ctx, quote=None, max_fee=max_fee)


class BooksUnsaid(Acme):
    """
    Says that its booking only changes something, and settles doubts by itself.
    """

    def dispatch(self, request: Any, *args: Any, **options: Any) -> Flow[Delivery]:
        def ask(asked: Request) -> Request:
            if asked.effect is not Effect.BOOKS:
                return asked
            return attrs.evolve(asked, effect=Effect.CHANGES)

        def doubt(error: Exception) -> Exception:
            if isinstance(error, TransportError) and error.sent:
                return OutcomeUnknownError("heard no answer", reference=request.reference)
            return error

        try:
            return (
                yield from hooked(super().dispatch(request, *args, **options), ask=ask, lost=doubt)
            )
        except InvalidAnswerError:
            raise OutcomeUnknownError("heard nonsense", reference=request.reference) from None


class MayBookAgain(Acme):
    """
    Says that its booking may be sent twice.
    """

    def dispatch(self, *args: Any, **options: Any) -> Flow[Delivery]:
        def ask(asked: Request) -> Request:
            if asked.effect is not Effect.BOOKS:
                return asked
            return attrs.evolve(asked, repeat=Repeat.SAME_EFFECT)

        return hooked(super().dispatch(*args, **options), ask=ask)


class BelievesAnEmptyAnswer(Acme):
    """
    Takes an empty object for a delivery, and makes one up from the request.
    """

    def dispatch(self, request: Any, *args: Any, **options: Any) -> Flow[Delivery]:
        def hear(answer: Response) -> Response:
            if answer.status < 300 and answer.body == b"{}":
                job = Job(id=request.reference, state="new")
                raise InsteadError(to_delivery(job, Raw(), self.account, answer.received_at))
            return answer

        return hooked(super().dispatch(request, *args, **options), hear=hear)


class ForgetsTheReference(Acme):
    """
    Returns what it booked under another reference than the caller's.
    """

    def dispatch(self, *args: Any, **options: Any) -> Flow[Delivery]:
        booked = yield from super().dispatch(*args, **options)
        return attrs.evolve(booked, reference=f"acme-{booked.reference}")


class MisreadsTheFee(Acme):
    """
    Takes cents for dollars.
    """

    def dispatch(self, request: Any, ctx: Any, *, quote: Any, max_fee: Any) -> Flow[Delivery]:
        booked = yield from super().dispatch(request, ctx, quote=quote, max_fee=max_fee)
        if max_fee is not None or booked.price is None:
            return booked
        total = booked.price.total
        return attrs.evolve(booked, price=Price(total=Money(total.minor * 100, total.currency)))


class DropsTheTip(Acme):
    """
    Sends no tip along with a dispatch.
    """

    def dispatch(self, request: Any, *args: Any, **options: Any) -> Flow[Delivery]:
        return super().dispatch(attrs.evolve(request, tip=None), *args, **options)


class FailsDuplicates(Acme):
    """
    Takes "that id is taken" for a failure, although it is the caller's own delivery.
    """

    def _taken(self, body: Any, taken: DuplicateError) -> Flow[Delivery]:
        raise taken
        yield


class BooksTwice(Acme):
    """
    Finds its own delivery under the id, and books another one under the next.
    """

    def _taken(self, body: Any, taken: DuplicateError) -> Flow[Delivery]:
        yield from super()._taken(body, taken)
        other = attrs.evolve(body, id=f"{body.id}.2")
        answer = yield Request(
            "POST", "/jobs", body=encode(other), effect=Effect.BOOKS, repeat=Repeat.NEVER
        )
        return self._delivery(answer, other.id or "", "dispatch")


class TakesAnothersDelivery(Acme):
    """
    Returns whatever stands under the id, without a look at what was asked for.
    """

    def _taken(self, body: Any, taken: DuplicateError) -> Flow[Delivery]:
        answer = yield Request("GET", path("/jobs/{id}", id=body.id), recovery=True)
        return self._delivery(answer, body.id, "dispatch")


class BooksAndDeniesIt(Acme):
    """
    Compares with the limit after it has booked, and says that nothing was sent.
    """

    def dispatch(self, request: Any, ctx: Any, *, quote: Any, max_fee: Any) -> Flow[Delivery]:
        booked = yield from super().dispatch(request, ctx, quote=quote, max_fee=None)
        if max_fee is not None and booked.price is not None and booked.price.total > max_fee:
            answer = Outcome.CREATED if quote else Outcome.REJECTED
            raise FeeExceededError("is dearer than max_fee", booked=answer, http_status=422)
        return booked


class FailsWhatItFound(Acme):
    """
    Looks up what became of a lost answer, finds it, and calls it a duplicate.
    """

    def dispatch(self, request: Any, ctx: Any, **options: Any) -> Flow[Delivery]:
        try:
            return (yield from super().dispatch(request, ctx, **options))
        except TransportError as lost:
            if not lost.sent:
                raise
            try:
                found = yield from self.find(request.reference, request.revision, ctx)
            except (DoorstepError, TransportError):
                found = None
            if found is None:
                raise lost from None
            raise DuplicateError("was booked", booked=Outcome.CREATED, delivery=found) from None


class BelievesAnotherId(Acme):
    """
    Takes an answer to its dispatch about any delivery for its own.
    """

    def dispatch(self, *args: Any, **options: Any) -> Flow[Delivery]:
        heard: list[int] = []

        def hear(answer: Response) -> Response:
            heard.append(answer.status)
            if heard[0] >= 300:
                return answer
            try:
                job, raw = decode(answer.body, Job, http_status=answer.status)
            except DoorstepError:
                return answer
            raise InsteadError(to_delivery(job, raw, self.account, answer.received_at))

        return hooked(super().dispatch(*args, **options), hear=hear)
