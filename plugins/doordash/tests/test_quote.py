"""
Asking for the price.
"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from doorstep.codec import from_json, to_json
from doorstep.errors import (
    CurrencyMismatchError,
    DuplicateError,
    InvalidAnswerError,
    OutOfCoverageError,
    UnclassifiedCarrierError,
)
from doorstep.models import Money, Quote
from doorstep.outcome import Effect, Outcome, Repeat

DUPLICATE = {"code": "duplicate_delivery_id", "message": "m", "external_delivery_id": "D-1763"}


@pytest.fixture(name="ask")
def _ask(provider, make_request, ctx, run):
    def ask(*answers, **changes):
        return run(provider.quote(make_request(**changes), ctx), *answers)

    return ask


def test_quote_is_posted_and_books_nothing(ask, answer, told):
    """
    One POST that may be repeated, because it books nothing.
    """
    (request,) = ask(answer(told("quote"))).requests

    assert ("POST", "/drive/v2/quotes") == (request.method, request.path.route)
    assert (Effect.NOTHING, Repeat.SAME_EFFECT) == (request.effect, request.repeat)
    assert "D-1763" == json.loads(request.body)["external_delivery_id"]


def test_quote_has_price_expiry_and_token(ask, answer, told, now):
    """
    DoorDash names no expiry: five minutes count from when the request went out.
    """
    sent = now + timedelta(seconds=3)
    times = {"pickup_time_estimated": "2026-11-22T12:20:00Z"}
    (quote,) = ask(answer(told("quote", **times), at=sent)).value

    assert Money(975, "USD") == quote.price.total
    assert (sent, sent + timedelta(minutes=5)) == (quote.created_at, quote.expires_at)
    assert now + timedelta(minutes=20) == quote.pickup_eta
    assert quote.binding
    assert ("doordash", "downtown", "D-1763", 1) == (
        quote.provider,
        quote.account,
        quote.reference,
        quote.revision,
    )


def test_quote_survives_json(ask, answer, told):
    """
    Quoted in one process, dispatched in another.
    """
    (quote,) = ask(answer(told("quote"))).value

    assert quote == from_json(to_json(quote), Quote)


def test_second_revision_is_another_id(ask, answer, told):
    """
    DoorDash refuses an id twice; the revision makes a new one.
    """
    ran = ask(answer(told("quote", external_delivery_id="D-1763.2")), revision=2)

    assert "D-1763.2" == json.loads(ran.requests[0].body)["external_delivery_id"]
    assert 2 == ran.value[0].revision


def test_used_id_is_a_duplicate(ask, answer):
    """
    Asking twice under one revision is refused, and the advice is the next one.
    """
    with pytest.raises(DuplicateError, match="next revision"):
        ask(answer(DUPLICATE, 409))


def test_lost_answer_is_read_back(ask, answer, told, now):
    """
    After a repeat, 409 means that the first try arrived: its quote is read.

    Its five minutes count from the start of the call, when it cannot yet have been made.
    """
    late = now + timedelta(seconds=20)
    ran = ask(answer(DUPLICATE, 409, repeated=True, at=late), answer(told("quote"), at=late))

    assert now + timedelta(minutes=5) == ran.value[0].expires_at
    assert ("GET", True) == (ran.requests[1].method, ran.requests[1].recovery)


@pytest.mark.parametrize("changes", [{"order_value": 2000}, {"status": "confirmed"}])
def test_something_else_read_back_is_a_duplicate(ask, answer, told, changes):
    """
    What stands under the id is a quote only if it is one, for this request.
    """
    body = told(**{"status": "quote", **changes})

    with pytest.raises(DuplicateError) as caught:
        ask(answer(DUPLICATE, 409, repeated=True), answer(body))

    assert "doordash/downtown/D-1763" == caught.value.params["existing_id"]


def test_lost_quote_that_vanished_is_a_duplicate(ask, answer):
    """
    The id is used and nothing is found under it: the next revision is the way on.
    """
    with pytest.raises(DuplicateError):
        ask(answer(DUPLICATE, 409, repeated=True), answer({"code": "unknown_delivery_id"}, 404))


def test_answer_of_a_live_delivery_is_a_duplicate(ask, answer, told):
    """
    A quote that is answered with a delivery is none: one page of DoorDash's says it may be.
    """
    with pytest.raises(DuplicateError):
        ask(answer(told("confirmed")))


@pytest.mark.parametrize(("missing", "path"), [("fee", "$.fee"), ("currency", "$.currency")])
def test_quote_without_a_price_is_refused(ask, answer, told, missing, path):
    """
    A currency is never guessed.
    """
    with pytest.raises(InvalidAnswerError) as caught:
        ask(answer(told("quote", **{missing: ...})))

    assert path == caught.value.params["path"]


def test_f058_quote_in_another_currency_is_refused(ask, answer, told):
    """
    A Canadian price for an American request is told, before anything is booked.
    """
    with pytest.raises(CurrencyMismatchError) as caught:
        ask(answer(told("quote", currency="CAD")))

    assert Outcome.NOT_SENT is caught.value.booked


def test_refusal_is_mapped(ask, answer, recorded):
    """
    The recorded refusal of a long way is out of coverage.
    """
    refused = recorded("quote_distance_too_long")["response"]

    with pytest.raises(OutOfCoverageError):
        ask(answer(refused["body"], refused["status"]))


def test_odd_409_is_not_a_duplicate(ask, answer):
    """
    A 409 without DoorDash's words, at the first try, proves nothing.
    """
    with pytest.raises(UnclassifiedCarrierError):
        ask(answer(b"<html>", 409))
