"""
A booking whose answer is a page, empty, about another delivery, or in other money.

The carrier has booked. The caller must learn that nobody knows, with the reference to
look up, or what was booked; and the very same dispatch once more must not book again.
"""

from __future__ import annotations

import pytest

from doorstep.errors import (
    CurrencyMismatchError,
    InvalidAnswerError,
    OutcomeUnknownError,
)
from doorstep.models import Money, Status
from doorstep.outcome import Outcome, Retry

PAGE = (
    b"<!doctype html><html><head><title>Guest network</title></head><body>"
    b"<h1>Sign in, Ada O'Neil</h1><script>alert('+16505555555')</script>" + b"\x1b[31m!" * 500
)


@pytest.fixture(name="is_unknown_and_books_once")
def _is_unknown_and_books_once(client, tally, dispatch):
    """
    Dispatch; nobody knows; the reference finds it; the same again is the same delivery.
    """

    def check():
        with pytest.raises(OutcomeUnknownError) as caught:
            dispatch()

        error = caught.value
        assert (Outcome.UNKNOWN, Retry.LOOK_UP_FIRST) == (error.booked, error.retryable)
        assert ("D-1763", 1) == (error.reference, error.revision)
        assert "look up reference 'D-1763' first" in str(error)
        assert error.delivery is None
        assert (1, 1) == tally()
        assert client.find("D-1763").id == dispatch().id
        assert 1 == tally()[1]
        return error

    return check


@pytest.mark.parametrize("status", [200, 502])
def test_f035_page_instead_of_an_answer_is_unknown(
    meddler, say, booking, is_unknown_and_books_once, status
):
    """
    An HTML page with 200 or 502 proves nothing: the caller is told to look the reference up,
    in one short line that repeats none of the page.
    """
    meddler.spoil("POST", say(PAGE, status), ending=booking)
    error = is_unknown_and_books_once()

    assert status == error.http_status
    assert len(str(error)) < 300
    assert str(error).isprintable()
    assert not [word for word in ("<", "Sign", "Ada", "650", "Guest") if word in str(error)]


@pytest.mark.parametrize("status", [200, 502])
def test_f035_page_of_a_network_that_let_nothing_through_is_unknown(
    meddler, say, booking, tally, dispatch, client, status
):
    """
    A captive portal cannot be told from an answer that was spoilt: unknown, then not found,
    and the same dispatch books once.
    """
    meddler.spoil("POST", say(PAGE, status, reached=False), ending=booking)
    with pytest.raises(OutcomeUnknownError) as caught:
        dispatch()

    assert Outcome.UNKNOWN is caught.value.booked
    assert (0, 0) == tally()
    assert client.find("D-1763") is None
    assert Status.PENDING is dispatch().status
    assert (1, 1) == tally()


@pytest.mark.parametrize(("status", "body"), [(200, b""), (200, b" \n"), (204, b""), (202, b"")])
def test_f036_success_without_a_body_is_unknown(
    meddler, say, booking, is_unknown_and_books_once, status, body
):
    """
    A success that says nothing is no booking to rely on: the caller is told to look the
    reference up.
    """
    meddler.spoil("POST", say(body, status), ending=booking)
    error = is_unknown_and_books_once()

    assert status == error.http_status


@pytest.mark.parametrize("other", ["D-1764", "D-1763.2", "d-1763", " D-1763", "D-1763\u200b", ""])
def test_f048_answer_about_another_delivery_is_unknown(
    meddler, alter, booking, is_unknown_and_books_once, other
):
    """
    A success with another id is nobody's booking here: it is never returned, not even for an
    id that looks alike, and the reference is to be looked up.
    """
    meddler.spoil("POST", alter(external_delivery_id=other), ending=booking)
    error = is_unknown_and_books_once()

    assert "$.external_delivery_id" == error.params["path"]
    assert not other.strip() or other not in str(error).replace("'D-1763'", "")


@pytest.mark.parametrize("operation", ["track", "cancel", "find"])
def test_f048_other_delivery_is_never_told_as_the_one_asked_for(
    client, meddler, alter, make_request, operation
):
    """
    Whatever is asked, an answer about another delivery is an invalid answer.
    """
    booked = client.dispatch(make_request())
    method = "PUT" if operation == "cancel" else "GET"
    meddler.spoil(method, alter(external_delivery_id="D-1764"))

    with pytest.raises(InvalidAnswerError) as caught:
        getattr(client, operation)("D-1763" if operation == "find" else booked.id)

    assert "$.external_delivery_id" == caught.value.params["path"]
    assert (operation == "cancel") is (caught.value.booked is Outcome.UNKNOWN)


def test_f048_read_after_a_409_about_another_delivery_is_unknown(
    client, meddler, alter, make_request, tally
):
    """
    The id is taken, and what is read under it names another: nobody knows what has it.
    """
    client.dispatch(make_request())
    meddler.spoil("GET", alter(external_delivery_id="D-1764"))

    with pytest.raises(OutcomeUnknownError) as caught:
        client.dispatch(make_request())

    assert ("D-1763", Outcome.UNKNOWN) == (caught.value.reference, caught.value.booked)
    assert (2, 1) == tally()


CURRENCIES = ["CAD", "EUR", "XXX", "US", "dollars, Ada O'Neil +16505555555", "", None, ...]


@pytest.mark.parametrize("currency", CURRENCIES)
def test_f058_other_money_is_reported_with_what_was_booked(
    client, meddler, alter, booking, dispatch, tally, currency
):
    """
    Another, an unknown or no currency: the caller is told that it was booked, and holds the
    delivery to cancel; the price is only told in a currency that was told.
    """
    meddler.spoil("POST", alter(currency=currency), ending=booking)
    with pytest.raises(CurrencyMismatchError) as caught:
        dispatch()

    error = caught.value
    known = Money(975, currency) if currency in ("CAD", "EUR") else None
    assert (Outcome.CREATED, "D-1763") == (error.booked, error.delivery.reference)
    assert known == (error.delivery.price and error.delivery.price.total)
    assert known is not None or error.delivery.tip is None
    assert "ada" not in f"{dict(error.params)} {error}".lower()
    assert (1, 1) == tally()
    assert client.cancel(error.delivery.id).confirmed
    assert (1, 0) == tally()


def test_f058_other_money_found_by_a_repeat_is_reported(
    client, meddler, alter, lose, booking, dispatch, tally
):
    """
    What was booked before in another currency is told with the delivery, not taken silently.
    """
    meddler.spoil("POST", lose, ending=booking)
    with pytest.raises(OutcomeUnknownError):
        dispatch()
    meddler.spoil("GET", alter(currency="CAD"))

    with pytest.raises(CurrencyMismatchError) as caught:
        dispatch()

    assert (Outcome.CREATED, Money(975, "CAD")) == (
        caught.value.booked,
        caught.value.delivery.price.total,
    )
    assert 1 == tally()[1]
