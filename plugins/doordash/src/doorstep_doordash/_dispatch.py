"""
Booking once: everything that a dispatch may have to do.

DoorDash knows a quote and the delivery that it becomes by one id, and takes an
id once. So a 409 is the answer to a repeated dispatch, and what stands under the
id decides: the delivery that was asked for, a quote that can still be taken, or
something else.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from doorstep.codec import encode
from doorstep.errors import (
    CurrencyMismatchError,
    DeliveryNotFoundError,
    DuplicateError,
    FeeExceededError,
    InvalidAnswerError,
    OutcomeUnknownError,
    ProviderError,
    QuoteExpiredError,
    raw_token,
)
from doorstep.http import Flow, Path, Request, Response, TransportError, path
from doorstep.models import Delivery, DeliveryId, Money
from doorstep.outcome import Effect, Outcome, Repeat
from doorstep_doordash._errors import answered, id_is_taken, quote_is_gone, refusal
from doorstep_doordash._found import Found, get, parsed
from doorstep_doordash._mapping import QUOTE_LIFE, quoted_price
from doorstep_doordash._sameness import may_be_taken, same_delivery
from doorstep_doordash._wire import DELIVERIES, QUOTES, Body

__all__ = ["Booking", "post_quote"]


def post_quote(body: Body) -> Request:
    """
    Return the request for a price. It books nothing; its id is used from then on.
    """
    return Request(
        "POST", path(QUOTES), body=encode(body), effect=Effect.NOTHING, repeat=Repeat.SAME_EFFECT
    )


@attrs.frozen(kw_only=True)
class Booking:
    """
    One dispatch: whose it is, what is wanted and what it may cost.

    Args:
        body:
            What is wanted, with its id.

        currency:
            What the request's amounts are in, if it has any.
    """

    account: str
    body: Body
    currency: str | None = None
    max_fee: Money | None = None

    @property
    def id(self) -> str:
        """
        The id of the delivery at DoorDash.
        """
        return self.body.external_delivery_id or ""

    def quoted(self, response: Response) -> Found:
        """
        Return the quote that *response* is, of this delivery.

        Raises:
            doorstep.errors.DuplicateError:
                The id was booked before; DoorDash may answer with that.
        """
        found = parsed(response, self.id)
        if found.is_booked:
            raise self.duplicate(found)
        return found

    def quoted_before(self, refused: ProviderError) -> Flow[Found]:
        """
        Read the quote whose answer was lost.

        Raises:
            doorstep.errors.DuplicateError:
                Something else has the id.
        """
        found = yield from self._look_up(refused)
        if found.is_booked or not may_be_taken(found.answer, self.body):
            raise self.duplicate(found)
        return found

    def create(self) -> Flow[Delivery]:
        """
        Book without asking for the price.
        """
        response = yield self._books(path(DELIVERIES), self.body)
        if answered(response):
            return self.booked(response)
        error = refusal(response, "create")
        if id_is_taken(response, error):
            return (yield from self._taken())
        raise error

    def price_first(self) -> Flow[Delivery]:
        """
        Ask for the price, and book if it is not above ``max_fee``.
        """
        response = yield post_quote(self.body)
        if not answered(response):
            error = refusal(response, "quote")
            if id_is_taken(response, error):
                return (yield from self._taken())
            raise error
        found = parsed(response, self.id)
        if found.is_booked:
            return self._adopted(found)
        self.check_price(found)
        expires_at = None if response.repeated else response.sent_at + QUOTE_LIFE
        return (yield from self.accept(expires_at, self.body.tip))

    def accept(self, expires_at: datetime | None, quoted_tip: int | None) -> Flow[Delivery]:
        """
        Take a quote.

        Args:
            expires_at:
                When it expires; None if that is not known.

            quoted_tip:
                The tip it was asked for with.
        """
        tip = self.body.tip if self.body.tip is not None or not quoted_tip else 0
        route = path(QUOTES + "/{external_delivery_id}/accept", external_delivery_id=self.id)
        response = yield self._books(route, Body(tip=tip))
        if answered(response):
            return self.booked(response)
        return (yield from self._not_accepted(response, expires_at))

    def check_price(self, found: Found, booked: Outcome = Outcome.REJECTED) -> None:
        """
        Refuse a quote that may not be taken, or without a price. Nothing was booked.
        """
        fee = quoted_price(found.answer).total
        wanted = self._currency
        if wanted is not None and fee.currency != wanted:
            raise CurrencyMismatchError(
                f"was quoted in another currency than {wanted}",
                booked=booked,
                params={"currency": fee.currency, "wanted": wanted},
            )
        if self.max_fee is not None and fee > self.max_fee:
            raise FeeExceededError(f"was quoted {fee}, above max_fee {self.max_fee}", booked=booked)

    @property
    def _currency(self) -> str | None:
        return self.max_fee.currency if self.max_fee else self.currency

    def _books(self, route: Path, body: Body) -> Request:
        return Request("POST", route, body=encode(body), effect=Effect.BOOKS, repeat=Repeat.NEVER)

    def _not_accepted(self, response: Response, expires_at: datetime | None) -> Flow[Delivery]:
        """
        Decide by what stands under the id: what is gone may have been taken before.
        """
        error = refusal(response, "accept")
        expired = QuoteExpiredError(
            "was refused: the quote has expired, or is unknown",
            http_status=response.status,
            raw_code=error.raw_code,
        )
        late = expires_at is None or response.received_at >= expires_at
        gone = quote_is_gone(response, error, late=late)
        taken = id_is_taken(response, error)
        if not taken and not gone:
            raise error
        found = yield from self.what_has_the_id(None if taken else expired)
        if not found.is_quote:
            return self._adopted(found)
        if isinstance(error, DuplicateError):
            raise OutcomeUnknownError(
                "was refused: the quote was taken before, though it still reads as a quote",
                http_status=response.status,
            )
        raise expired if gone else error

    def _taken(self) -> Flow[Delivery]:
        """
        Decide by what stands under the id that DoorDash refused.
        """
        found = yield from self.what_has_the_id()
        if not found.is_quote:
            return self._adopted(found)
        if not may_be_taken(found.answer, self.body):
            raise self.duplicate(found)
        self.check_price(found)
        return (yield from self.accept(None, found.answer.tip))

    def what_has_the_id(self, if_nothing: ProviderError | None = None) -> Flow[Found]:
        """
        Read what was booked or quoted under the id before.

        Args:
            if_nothing:
                What to raise where nothing has it; as below where something must.

        Raises:
            doorstep.errors.OutcomeUnknownError:
                It cannot be read now. A courier may be on the way for it, so this
                is no refusal.
        """
        try:
            return (yield from get(self.id, recovery=True))
        except (ProviderError, TransportError) as error:
            if if_nothing is not None and isinstance(error, DeliveryNotFoundError):
                raise if_nothing from None
            status = getattr(error, "http_status", None)
        raise OutcomeUnknownError(
            "was refused: the id was used, and what has it cannot be read now", http_status=status
        )

    def _look_up(self, refused: ProviderError) -> Flow[Found]:
        try:
            return (yield from get(self.id, recovery=True))
        except DeliveryNotFoundError:
            raise refused from None

    def booked(self, response: Response) -> Delivery:
        """
        Return the delivery that *response* says was booked.
        """
        found = parsed(response, self.id)
        if found.is_quote:
            raise InvalidAnswerError(
                "got a quote for a booking @ $.delivery_status",
                params={"path": "$.delivery_status"},
                http_status=response.status,
            )
        return self._settled(found)

    def _adopted(self, found: Found) -> Delivery:
        """
        Take what was booked under the id before for the answer, if it is what is wanted.

        Raises:
            doorstep.errors.OutcomeUnknownError:
                Its status is none that we know: it may be a quote that has died.
        """
        if not found.is_booked:
            raise OutcomeUnknownError(
                "was refused: the id is used by what is neither a quote nor surely booked",
                params={"raw_status": raw_token(found.answer.delivery_status)},
            )
        if found.is_cancelled or not same_delivery(found.answer, self.body):
            raise self.duplicate(found)
        return self._settled(found)

    def _settled(self, found: Found) -> Delivery:
        """
        Compare the currencies; the delivery comes with what is wrong, as the money is spent.

        The core compares what it costs, and cannot know a currency that is not told.
        """
        delivery = found.delivery(self.account)
        currency = (found.answer.currency or "").upper()
        wanted = self._currency
        if wanted is not None and currency != wanted:
            raise CurrencyMismatchError(
                f"was booked in another currency than {wanted}",
                booked=Outcome.CREATED,
                delivery=delivery,
                params={"currency": raw_token(currency), "wanted": wanted},
            )
        return delivery

    def duplicate(self, found: Found) -> DuplicateError:
        """
        Return the error for what has the id, with it.
        """
        existing = str(DeliveryId("doordash", self.account, self.id))
        what, advice = "another delivery", None
        if found.is_quote:
            what, advice = "an open quote for another request", "use the next revision"
        elif found.is_cancelled:
            what, advice = "a delivery that was cancelled", "use the next revision"
        return DuplicateError(
            f"was refused: the id is used by {what}",
            params={"existing_id": existing},
            advice=advice,
            delivery=None if found.is_quote else found.delivery(self.account),
        )
