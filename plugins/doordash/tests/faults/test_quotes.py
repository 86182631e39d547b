"""
Quotes that expire, and prices that rise between the quote and the booking.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.errors import (
    CurrencyMismatchError,
    FeeExceededError,
    OutcomeUnknownError,
    QuoteExpiredError,
)
from doorstep.models import Address, Money
from doorstep.outcome import Effect, Outcome, Retry

GONE = {"code": "validation_error", "field_errors": [{"field": "external_delivery_id"}]}
LATE = 301


@pytest.mark.parametrize(
    ("ours", "carriers", "posts", "booked"),
    [
        (LATE, LATE, 0, Outcome.NOT_SENT),
        (LATE, 0, 0, Outcome.NOT_SENT),
        (0, LATE, 1, Outcome.REJECTED),
    ],
)
def test_f056_expired_quote_books_nothing(
    client, clock, drive, make_request, tally, ours, carriers, posts, booked
):
    """
    By our clock nothing is sent, by the carrier's it refuses: the caller is told that the
    quote expired, that nothing was booked, and to ask again with the next revision.
    """
    request = make_request()
    (quote,) = client.quote(request)
    clock.step(ours)
    drive.clock.step(carriers)

    with pytest.raises(QuoteExpiredError) as caught:
        client.dispatch(request, quote=quote)

    assert (booked, Retry.NEW_QUOTE) == (caught.value.booked, caught.value.retryable)
    assert "ask for a new quote, with the next revision" in str(caught.value)
    assert (posts, 0) == tally()


def test_f056_new_quote_is_taken_by_the_callers_price_rule_alone(
    client, clock, drive, make_request, tally
):
    """
    Nothing is quoted anew behind the caller's back; a new quote is held to max_fee again.
    """
    (old,) = client.quote(make_request())
    clock.step(LATE)
    drive.clock.step(LATE)
    with pytest.raises(QuoteExpiredError):
        client.dispatch(make_request(), quote=old)
    assert 1 == drive.journal.count("POST", "/drive/v2/quotes")

    again = make_request(revision=2)
    (new,) = client.quote(again)
    with pytest.raises(FeeExceededError):
        client.dispatch(again, quote=new, max_fee=Money(974, "USD"))
    assert (0, 0) == tally()
    assert 2 == client.dispatch(again, quote=new, max_fee=Money(975, "USD")).revision
    assert (1, 1) == tally()


@pytest.mark.parametrize("way", ["accept"], indirect=True)
@pytest.mark.parametrize("ours", [0, LATE])
def test_f056_quote_that_was_taken_in_time_is_a_delivery_for_ever(
    dispatch, clock, drive, meddler, lose, tally, ours
):
    """
    The answer was lost and the quote's time is over: what was booked with it is returned.
    """
    meddler.spoil("POST", lose, ending="/accept")
    with pytest.raises(OutcomeUnknownError):
        dispatch()
    clock.step(ours)
    drive.clock.step(LATE)

    assert "D-1763" == dispatch().reference
    assert 1 == tally()[1]


@pytest.mark.parametrize("way", ["accept"], indirect=True)
@pytest.mark.parametrize("status", [400, 404, 422])
def test_f056_taken_quote_that_is_refused_as_gone_is_still_a_delivery(
    dispatch, meddler, lose, say, tally, status
):
    """
    Nobody knows how the carrier refuses a quote that is gone: "expired" is only told after a
    look at what stands under the id, or a new quote would book a second courier.
    """
    meddler.spoil("POST", lose, ending="/accept")
    with pytest.raises(OutcomeUnknownError):
        dispatch()
    body = GONE if status != 404 else {"code": "unknown_delivery_id"}
    meddler.spoil("POST", say(json.dumps(body).encode(), status), ending="/accept")

    assert "D-1763" == dispatch().reference
    assert 1 == tally()[1]


@pytest.mark.parametrize("way", ["accept"], indirect=True)
def test_f056_gone_quote_that_cannot_be_looked_at_is_unknown(dispatch, drive, meddler, say, tally):
    """
    A refusal as gone, and no look at the id: nobody is told that nothing was booked.
    """
    meddler.spoil("POST", say(json.dumps(GONE).encode(), 400), ending="/accept")
    drive.faults.arm("error_500_before", "get", times=4)

    with pytest.raises(OutcomeUnknownError) as caught:
        dispatch()

    assert (Outcome.UNKNOWN, "D-1763") == (caught.value.booked, caught.value.reference)
    assert (1, 1) == tally()


@pytest.mark.parametrize("way", ["accept"], indirect=True)
def test_f056_accept_that_arrives_after_the_quotes_end_books_nothing(
    dispatch, client, clock, drive, meddler, tally
):
    """
    We gave up, and the request arrives when the quote is over: unknown, then not found, then
    expired.
    """
    meddler.spoil("POST", meddler.hold, ending="/accept")
    with pytest.raises(OutcomeUnknownError):
        dispatch()
    clock.step(LATE)
    drive.clock.step(LATE)
    assert 400 == meddler.deliver().status

    assert client.find("D-1763") is None
    with pytest.raises(QuoteExpiredError):
        dispatch()
    assert 0 == tally()[1]


def _rising(make_request):
    address = Address(one_line="1 Price Rise Road, San Francisco, CA 94105")
    return make_request(dropoff={"address": address})


@pytest.mark.parametrize("quoted", [True, False])
def test_f057_price_that_rises_is_told_with_what_was_booked(client, make_request, tally, quoted):
    """
    The carrier books dearer than it quoted: the caller is told the fee and the limit, that it
    was booked, and holds what to cancel.
    """
    request = _rising(make_request)
    quote = client.quote(request)[0] if quoted else None
    limit = Money(975, "USD")

    with pytest.raises(FeeExceededError) as caught:
        client.dispatch(request, quote=quote, max_fee=limit)

    error = caught.value
    assert (Outcome.CREATED, Money(1175, "USD")) == (error.booked, error.delivery.price.total)
    assert "cancel the delivery, or raise max_fee" in str(error)
    assert (1, 1) == tally()
    assert client.cancel(error.delivery.id).confirmed
    assert (1, 0) == tally()


@pytest.mark.parametrize("quoted", [True, False])
def test_f057_price_above_the_limit_is_never_sent(client, make_request, tally, quoted):
    """
    What was quoted above the limit is not taken: nothing is booked, and no POST tries.
    """
    request = make_request()
    quote = client.quote(request)[0] if quoted else None

    with pytest.raises(FeeExceededError) as caught:
        client.dispatch(request, quote=quote, max_fee=Money(974, "USD"))

    assert not caught.value.maybe_booked
    assert caught.value.delivery is None
    assert (0, 0) == tally()


def test_f057_limit_in_another_currency_books_nothing(client, make_request, tally):
    """
    A limit in other money limits nothing: told before anything is booked.
    """
    with pytest.raises(CurrencyMismatchError) as caught:
        client.dispatch(make_request(), max_fee=Money(10_000, "CAD"))

    assert not caught.value.maybe_booked
    assert (0, 0) == tally()


fees = st.integers(0, 2**31 - 1) | st.integers(0, 3)
ways = st.sampled_from(["accept", "accept again", "limited", "limited again"])


@given(quoted=fees, booked=fees | st.none(), limit=fees, way=ways)
def test_f057_nothing_dearer_is_taken_untold(
    script, make_request, answer, told, quoted, booked, limit, way
):
    """
    Whatever was quoted and booked, what is returned costs at most max_fee or has no price;
    what is dearer is told, and whether it was booked.
    """
    stands = answer(told("confirmed", fee=booked))
    used = answer({"code": "duplicate_delivery_id"}, 409)
    priced = answer(told("quote", fee=quoted))
    answers = {
        "accept": [priced, stands],
        "accept again": [priced, used, stands],
        "limited": [priced, stands],
        "limited again": [used, stands],
    }[way]
    client, asked = script(*answers)
    quote = client.quote(make_request())[0] if way.startswith("accept") else None
    try:
        delivery = client.dispatch(make_request(), quote=quote, max_fee=Money(limit, "USD"))
    except FeeExceededError as error:
        if error.booked is Outcome.CREATED:
            assert booked == error.delivery.price.total.minor > limit  # noqa: PT017  a way to end
        else:
            assert quoted > limit
            assert error.delivery is None  # noqa: PT017  as above
            assert not [one for one in asked if one.effect is Effect.BOOKS]
    else:
        price = delivery.price
        assert booked == (None if price is None else price.total.minor)
        assert price is None or price.total.minor <= limit


def test_f057_free_delivery_is_within_every_limit(client, make_request, meddler, alter):
    """
    A fee of nothing is a price, not a missing one.
    """
    meddler.spoil("POST", alter(fee=0), ending="/accept")
    booked = client.dispatch(make_request(), max_fee=Money(975, "USD"))

    assert Money(0, "USD") == booked.price.total
