"""
Booking once, whatever happened before.
"""

from __future__ import annotations

import json
from datetime import timedelta

import attrs
import pytest

from doorstep.errors import (
    CarrierInternalError,
    CurrencyMismatchError,
    FeeExceededError,
    InvalidAnswerError,
    OutcomeUnknownError,
    OutsideHoursError,
    ProviderError,
    QuoteExpiredError,
    QuoteMismatchError,
    RateLimitedError,
    ValidationError,
)
from doorstep.http import TransportError
from doorstep.models import Item, Money, Status
from doorstep.outcome import Effect, Outcome, Repeat

DUPLICATE = {"code": "duplicate_delivery_id", "message": "m", "external_delivery_id": "D-1763"}
EXPIRED = {"code": "validation_error", "message": "m"}


def _steps(run):
    return [
        (one.method, one.path.route.removeprefix("/drive/v2/"), one.effect) for one in run.requests
    ]


CREATE = ("POST", "deliveries", Effect.BOOKS)
ACCEPT = ("POST", "quotes/{external_delivery_id}/accept", Effect.BOOKS)
ASK = ("POST", "quotes", Effect.NOTHING)
READ = ("GET", "deliveries/{external_delivery_id}", Effect.NOTHING)


def test_create_books_and_is_never_repeated(book, answer, told):
    """
    Without a quote one POST books, which the driver may not send twice.
    """
    ran = book(answer(told()))

    assert [CREATE] == _steps(ran)
    assert Repeat.NEVER is ran.requests[0].repeat
    assert ("D-1763", Status.PENDING) == (ran.value.reference, ran.value.status)


def test_quote_is_accepted_with_the_tip(book, quoted, answer, told):
    """
    With a quote one POST accepts it; the tip is what the request says now.
    """
    ran = book(answer(told(tip=500)), quote=quoted(), tip=Money(500, "USD"))

    assert [ACCEPT] == _steps(ran)
    assert Repeat.NEVER is ran.requests[0].repeat
    assert {"tip": 500} == json.loads(ran.requests[0].body)
    assert "/drive/v2/quotes/D-1763/accept" == ran.requests[0].path.encoded


@pytest.mark.parametrize(
    ("quoted_tip", "tip", "sent"),
    [(None, None, {}), (300, None, {"tip": 0}), (300, 300, {"tip": 300})],
)
def test_accept_sets_the_tip_that_is_wanted(book, quoted, answer, told, quoted_tip, tip, sent):
    """
    A tip that was quoted and is no longer wanted is taken back.
    """
    quote = quoted(tip=quoted_tip and Money(quoted_tip, "USD"))
    ran = book(answer(told()), quote=quote, tip=tip and Money(tip, "USD"))

    assert sent == json.loads(ran.requests[0].body)


@pytest.mark.parametrize("token", [None, "", "{}", "[]", "7", "\ud800", "[" * 5_000])
def test_quote_that_was_not_made_here_is_refused_before_the_network(book, quoted, token):
    """
    A quote of another plugin or version is not sent; whose it is the client has checked.
    """
    with pytest.raises(QuoteMismatchError) as caught:
        book(quote=attrs.evolve(quoted(), token=token))

    assert Outcome.NOT_SENT is caught.value.booked


@pytest.mark.parametrize(
    "changes",
    [
        {"order_value": Money(2000, "USD")},
        {"contact": {"given": "Bea"}},
        {"dropoff": {"instructions": "Ring"}},
        {"dropoff": {"items": [Item(name="Cup")]}},
    ],
)
def test_quote_is_for_the_request_that_was_quoted(book, quoted, changes):
    """
    Dispatching something else than what was quoted is refused before the network.
    """
    with pytest.raises(QuoteMismatchError):
        book(quote=quoted(), **changes)


@pytest.mark.parametrize("status", [400, 404, 422])
def test_f056_refusal_after_the_quotes_time_is_expiry(book, quoted, answer, told, now, status):
    """
    Nobody recorded how DoorDash refuses an expired quote: any of these after its time is it.
    """
    late = answer(EXPIRED, status, at=now + timedelta(minutes=5))

    with pytest.raises(QuoteExpiredError) as caught:
        book(late, answer(told("quote")), quote=quoted())

    assert Outcome.REJECTED is caught.value.booked


GONE = {
    "code": "validation_error",
    "field_errors": [{"field": "external_delivery_id", "error": "no longer there"}],
}
BAD_TIP = {"code": "validation_error", "field_errors": [{"field": "tip", "error": "too much"}]}


@pytest.mark.parametrize(("status", "body"), [(404, {"code": "unknown_delivery_id"}), (400, GONE)])
def test_f056_quote_that_is_no_longer_there_has_expired(book, quoted, answer, now, status, body):
    """
    Clocks differ: a refusal of the id itself is the end of the quote, whatever ours says.
    """
    early = answer(body, status, at=now + timedelta(seconds=299))

    with pytest.raises(QuoteExpiredError):
        book(early, answer({"code": "unknown_delivery_id"}, 404), quote=quoted())


def test_f056_refusal_within_the_quotes_time_is_what_it_says(book, quoted, answer, now):
    """
    A quote that still holds is not called expired because something else is wrong.
    """
    with pytest.raises(ValidationError):
        book(answer(BAD_TIP, 400, at=now + timedelta(seconds=299)), quote=quoted())


def test_f051_accept_twice_is_one_delivery(book, quoted, answer, told):
    """
    A dispatch that is repeated with its quote returns what was booked first.
    """
    ran = book(answer(DUPLICATE, 409), answer(told("confirmed")), quote=quoted())

    assert [ACCEPT, READ] == _steps(ran)
    assert ran.requests[1].recovery
    assert Status.ASSIGNED is ran.value.status


@pytest.mark.parametrize("minutes", [4, 5])
def test_f055_accept_of_a_used_id_that_reads_as_a_quote_is_unknown(
    book, quoted, answer, told, now, minutes
):
    """
    DoorDash says that it was taken and does not show it yet: nobody knows.
    """
    at = now + timedelta(minutes=minutes)

    with pytest.raises(OutcomeUnknownError):
        book(answer(DUPLICATE, 409, at=at), answer(told("quote"), at=at), quote=quoted())


@pytest.mark.parametrize(("status", "body"), [(404, b"<html>nginx"), (400, b"<html>"), (422, b"")])
def test_f056_page_after_the_quotes_time_is_not_its_end(book, quoted, answer, now, status, body):
    """
    A proxy's page says nothing of the quote, whatever the clock says.
    """
    with pytest.raises(ProviderError) as caught:
        book(answer(body, status, at=now + timedelta(minutes=6)), quote=quoted())

    assert not isinstance(caught.value, QuoteExpiredError)
    assert Outcome.REJECTED is not caught.value.booked


def test_other_field_after_the_quotes_time_is_what_it_says(book, quoted, answer, now):
    """
    A tip that is refused late is a refused tip.
    """
    with pytest.raises(ValidationError):
        book(answer(BAD_TIP, 400, at=now + timedelta(minutes=6)), quote=quoted())


@pytest.mark.parametrize("status", [400, 422])
def test_f051_used_id_is_looked_up_whatever_the_status(book, answer, told, status):
    """
    The code decides, not the status.
    """
    ran = book(answer({"code": "duplicate_delivery_id"}, status), answer(told("confirmed")))

    assert Status.ASSIGNED is ran.value.status


def test_f057_limit_asks_for_the_price_first(book, answer, told):
    """
    With a limit and no quote, the price is known before anything is booked.
    """
    ran = book(answer(told("quote")), answer(told()), max_fee=Money(975, "USD"))

    assert [ASK, ACCEPT] == _steps(ran)


def test_refusal_right_after_the_price_is_what_it_says(book, answer, told):
    """
    A quote that was made a moment ago has not expired.
    """
    with pytest.raises(ValidationError):
        book(answer(told("quote")), answer(BAD_TIP, 400), max_fee=Money(975, "USD"))


def test_f057_price_above_the_limit_books_nothing(book, answer, told):
    """
    Dearer than allowed: the flow ends after the quote.
    """
    with pytest.raises(FeeExceededError) as caught:
        book(answer(told("quote")), max_fee=Money(974, "USD"))

    assert Outcome.REJECTED is caught.value.booked
    assert caught.value.delivery is None


def test_f058_price_in_another_currency_books_nothing(book, answer, told):
    """
    Two currencies are not compared.
    """
    with pytest.raises(CurrencyMismatchError):
        book(answer(told("quote")), max_fee=Money(2000, "CAD"))


def test_live_answer_to_a_quote_is_the_delivery(book, answer, told):
    """
    Where DoorDash answers a known id with its delivery, that is what was booked.
    """
    assert [ASK] == _steps(book(answer(told("confirmed")), max_fee=Money(975, "USD")))


@pytest.mark.parametrize("currency", ["CAD", None, "", "XXX", ...])
def test_f058_other_currency_comes_with_the_delivery(book, answer, told, currency):
    """
    Another, an unknown or no currency: the money is spent, so the delivery is attached.
    """
    with pytest.raises(CurrencyMismatchError) as caught:
        book(answer(told(currency=currency)))

    assert Outcome.CREATED is caught.value.booked
    assert Status.PENDING is caught.value.delivery.status


def test_request_without_amounts_takes_any_currency(book, answer, told):
    """
    Where nothing names a currency there is nothing to contradict.
    """
    ran = book(answer(told(currency="CAD", order_value=...)), order_value=None)

    assert Money(975, "CAD") == ran.value.price.total


@pytest.mark.parametrize(
    "body",
    [
        {"external_delivery_id": "D-9"},
        {"external_delivery_id": ...},
        {"delivery_status": ...},
        {"status": "quote"},
    ],
)
def test_f048_unconvincing_success_is_not_believed(book, answer, told, body):
    """
    A success about another delivery, or without a status, is no booking of ours.
    """
    with pytest.raises(InvalidAnswerError) as caught:
        book(answer(told(**body)))

    assert caught.value.params["path"] in ("$.external_delivery_id", "$.delivery_status", "$")


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (500, {"code": "service_fault"}, CarrierInternalError),
        (429, b"", RateLimitedError),
        (422, {"code": "x", "reason": "outside_of_delivery_time"}, OutsideHoursError),
        (200, b"<html>Sign in</html>", InvalidAnswerError),
        (204, b"", InvalidAnswerError),
    ],
)
@pytest.mark.parametrize("with_quote", [False, True])
def test_trouble_while_booking_is_typed(book, quoted, answer, status, body, error, with_quote):
    """
    Refusals are refusals; what proves nothing is left for the driver to call unknown.
    """
    with pytest.raises(error):
        book(answer(body, status), quote=quoted() if with_quote else None)


def test_lost_answer_is_left_to_the_driver(book):
    """
    A booking without an answer is not repeated and not looked up here.
    """
    lost = TransportError("timeout", sent=True)

    with pytest.raises(TransportError) as caught:
        book(lost)

    assert lost is caught.value
