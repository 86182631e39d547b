"""
Booking once: everything that a dispatch may have to do.

DoorDash knows a quote and the delivery that it becomes by one id, and takes an
id once. So a 409 is the answer to a repeated dispatch, and what stands under the
id decides: the delivery that was asked for, a quote that can still be taken, or
something else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

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
)
from doorstep.http import Flow, Path, Request, Response, TransportError, path
from doorstep.models import Delivery, DeliveryId, Money, Raw
from doorstep.outcome import Effect, Outcome, Repeat
from doorstep_doordash._errors import answered, refusal
from doorstep_doordash._mapping import (
    CANCELLED,
    QUOTE,
    QUOTE_LIFE,
    STATUSES,
    quoted_price,
    read,
    to_delivery,
)
from doorstep_doordash._sameness import may_be_taken, same_delivery
from doorstep_doordash._wire import DELIVERIES, DELIVERY, QUOTES, Answer, Body

__all__ = ["Booking", "Found", "get", "post_quote"]

_BOOKED: Final = frozenset(STATUSES) - {QUOTE}
#: What an accept may be refused with when its quote has expired; nobody recorded one.
_MAY_BE_EXPIRED: Final = frozenset({400, 404, 409, 422})


@attrs.frozen
class Found:
    """
    What stands under an id.
    """

    answer: Answer
    raw: Raw
    at: datetime

    @property
    def is_quote(self) -> bool:
        """
        Whether it is priced and not booked.
        """
        return self.answer.delivery_status == QUOTE

    @property
    def is_booked(self) -> bool:
        """
        Whether it is certain that it was booked, whatever came of it.
        """
        return self.answer.delivery_status in _BOOKED

    @property
    def is_cancelled(self) -> bool:
        """
        Whether it was booked and is no longer to come.
        """
        return self.answer.delivery_status == CANCELLED

    def delivery(self, account: str) -> Delivery:
        """
        Return it as a delivery; a quote is a draft.
        """
        return to_delivery(self.answer, self.raw, account, self.at)


def get(delivery: str, *, operation: str = "track", recovery: bool = False) -> Flow[Found]:
    """
    Read what stands under an id.

    Raises:
        doorstep.errors.DeliveryNotFoundError:
            Nothing does.
    """
    response = yield Request(
        "GET", path(DELIVERY, external_delivery_id=delivery), recovery=recovery
    )
    if not answered(response):
        raise refusal(response, operation)
    return parsed(response, delivery)


def parsed(response: Response, delivery: str) -> Found:
    """
    Return what an answer about *delivery* says.
    """
    answer, raw = read(response, delivery)
    return Found(answer, raw, response.received_at)


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
            raise self._duplicate(found)
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
            raise self._duplicate(found)
        return found

    def create(self) -> Flow[Delivery]:
        """
        Book without asking for the price.
        """
        response = yield self._books(path(DELIVERIES), self.body)
        if answered(response):
            return self._booked(response)
        error = refusal(response, "create")
        if _id_is_taken(response, error):
            return (yield from self._taken())
        raise error

    def price_first(self) -> Flow[Delivery]:
        """
        Ask for the price, and book if it is not above ``max_fee``.
        """
        response = yield post_quote(self.body)
        if not answered(response):
            error = refusal(response, "quote")
            if _id_is_taken(response, error):
                return (yield from self._taken())
            raise error
        found = parsed(response, self.id)
        if found.is_booked:
            return self._adopted(found)
        self._check_quoted(found)
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
            return self._booked(response)
        error = refusal(response, "accept")
        if _id_is_taken(response, error):
            found = yield from self._what_has_the_id()
            if not found.is_quote:
                return self._adopted(found)
            if isinstance(error, DuplicateError):
                raise OutcomeUnknownError(
                    "was refused: the quote was taken before, though it still reads as a quote",
                    http_status=response.status,
                )
        late = expires_at is None or response.received_at >= expires_at
        if response.status in _MAY_BE_EXPIRED and _tells_of_expiry(error, late=late):
            raise QuoteExpiredError(
                "was refused: the quote has expired, or is unknown",
                http_status=response.status,
                raw_code=error.raw_code,
            )
        raise error

    def _books(self, route: Path, body: Body) -> Request:
        return Request("POST", route, body=encode(body), effect=Effect.BOOKS, repeat=Repeat.NEVER)

    def _taken(self) -> Flow[Delivery]:
        """
        Decide by what stands under the id that DoorDash refused.
        """
        found = yield from self._what_has_the_id()
        if not found.is_quote:
            return self._adopted(found)
        if not may_be_taken(found.answer, self.body):
            raise self._duplicate(found)
        self._check_quoted(found)
        return (yield from self.accept(None, found.answer.tip))

    def _what_has_the_id(self) -> Flow[Found]:
        """
        Read what was booked or quoted under the id before.

        Raises:
            doorstep.errors.OutcomeUnknownError:
                It cannot be read now. A courier may be on the way for it, so this
                is no refusal.
        """
        try:
            return (yield from get(self.id, recovery=True))
        except (ProviderError, TransportError) as error:
            status = getattr(error, "http_status", None)
        raise OutcomeUnknownError(
            "was refused: the id is taken, and what has it cannot be read now", http_status=status
        )

    def _look_up(self, refused: ProviderError) -> Flow[Found]:
        try:
            return (yield from get(self.id, recovery=True))
        except DeliveryNotFoundError:
            raise refused from None

    def _booked(self, response: Response) -> Delivery:
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
        """
        if found.is_cancelled or not same_delivery(found.answer, self.body):
            raise self._duplicate(found)
        return self._settled(found)

    def _settled(self, found: Found) -> Delivery:
        """
        Compare what was booked with what may be; what is wrong comes with the delivery.
        """
        delivery = found.delivery(self.account)
        currency = (found.answer.currency or "").upper()
        wanted = self.max_fee.currency if self.max_fee else self.currency
        if wanted is not None and currency != wanted:
            raise CurrencyMismatchError(
                f"was booked in another currency than {wanted}",
                booked=Outcome.CREATED,
                delivery=delivery,
                params={"currency": currency or None, "wanted": wanted},
            )
        fee = delivery.price.total if delivery.price else None
        if self.max_fee is not None and fee is not None and fee > self.max_fee:
            raise FeeExceededError(
                f"was booked for {fee}, above max_fee {self.max_fee}",
                advice="cancel the delivery, or raise max_fee",
                booked=Outcome.CREATED,
                delivery=delivery,
            )
        return delivery

    def _check_quoted(self, found: Found) -> None:
        if self.currency is not None or self.max_fee is not None:
            fee = quoted_price(found.answer).total
            check_quoted(fee, self.currency, self.max_fee, Outcome.REJECTED)

    def _duplicate(self, found: Found) -> DuplicateError:
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


def _id_is_taken(response: Response, error: ProviderError) -> bool:
    return response.status == 409 or isinstance(error, DuplicateError)


def _tells_of_expiry(error: ProviderError, *, late: bool) -> bool:
    """
    Whether an accept was refused because its quote is no longer there.

    The id stands in the path alone and was quoted under before: if it is what is
    wrong, the quote is gone, whatever our clock says. Once the time is over, any
    refusal of DoorDash's own means it, but not one that names another field, and
    not a page of some proxy's.
    """
    named = any(field.path == "external_delivery_id" for field in error.fields)
    if named or isinstance(error, DeliveryNotFoundError):
        return True
    return late and error.raw_code is not None and not error.fields


def check_quoted(
    fee: Money, currency: str | None, max_fee: Money | None, booked: Outcome = Outcome.NOT_SENT
) -> None:
    """
    Refuse a price that may not be taken. Nothing was booked.
    """
    wanted = max_fee.currency if max_fee else currency
    if wanted is not None and fee.currency != wanted:
        raise CurrencyMismatchError(
            f"was quoted in another currency than {wanted}",
            booked=booked,
            params={"currency": fee.currency, "wanted": wanted},
        )
    if max_fee is not None and fee > max_fee:
        raise FeeExceededError(f"was quoted {fee}, above max_fee {max_fee}", booked=booked)
