"""
A dispatch that is repeated: what stands under its id decides.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from doorstep.errors import (
    DuplicateError,
    FeeExceededError,
    OutcomeUnknownError,
    QuoteExpiredError,
)
from doorstep.models import Contact, Money, PickupAt, Status, Stop
from doorstep.outcome import Effect, Outcome, Retry

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


def test_f051_create_twice_is_one_delivery(book, answer, told):
    """
    A dispatch that is repeated returns the delivery of the first, read by its id.
    """
    ran = book(answer(DUPLICATE, 409), answer(told("enroute_to_pickup")))

    assert [CREATE, READ] == _steps(ran)
    assert Status.TO_PICKUP is ran.value.status


@pytest.mark.parametrize("status", ["delivered", "returned"])
def test_f051_finished_delivery_is_still_the_one(book, answer, told, status):
    """
    However far it is, it was booked; booking another is the caller's decision.
    """
    ran = book(answer(DUPLICATE, 409), answer(told(status)))

    assert status == ran.value.raw_status


@pytest.mark.parametrize("status", ["expired", "quote_expired", "", "a_new_status"])
@pytest.mark.parametrize("first", ["create", "price_first", "accept"])
def test_f055_what_is_not_surely_booked_is_unknown(book, quoted, answer, told, status, first):
    """
    A status that nobody knows may be that of a dead quote: look, as no courier may come.
    """
    options = {"price_first": {"max_fee": Money(975, "USD")}, "accept": {"quote": quoted()}}
    with pytest.raises(OutcomeUnknownError) as caught:
        book(answer(DUPLICATE, 409), answer(told(status)), **options.get(first, {}))

    assert (Outcome.UNKNOWN, Retry.LOOK_UP_FIRST) == (caught.value.booked, caught.value.retryable)
    assert (status or None) == caught.value.params["raw_status"]


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "cancelled"},
        {"order_value": 2000},
        {"dropoff_phone_number": "+16505555556"},
        {"dropoff_contact_given_name": "Bea"},
        {"dropoff_contact_family_name": "Lovelace"},
        {"pickup_reference_tag": "Bag 7"},
        {"items": [{"name": "Cup", "quantity": 1}]},
    ],
)
@pytest.mark.parametrize("first", ["create", "price_first"])
def test_f052_other_delivery_is_never_taken_for_ours(book, answer, told, changes, first):
    """
    A cancelled delivery, or one that differs, under our id is a duplicate.
    """
    max_fee = Money(1000, "USD") if first == "price_first" else None
    body = told(**{"status": "confirmed", **changes})

    with pytest.raises(DuplicateError) as caught:
        book(answer(DUPLICATE, 409), answer(body), max_fee=max_fee)

    assert "doordash/downtown/D-1763" == caught.value.params["existing_id"]
    assert Outcome.REJECTED is caught.value.booked


def test_f051_tip_that_was_changed_since_is_no_other_delivery(book, answer, told):
    """
    A dispatch that is repeated after the tip was raised finds what it booked.
    """
    raised = told("confirmed", tip=900)
    ran = book(answer(DUPLICATE, 409), answer(raised), tip=Money(500, "USD"))

    assert Money(900, "USD") == ran.value.tip


OTHERS = {
    "dropoff_address": "9 Elsewhere Road, San Francisco CA 94105, USA",
    "pickup_address": "9 Elsewhere Road, San Francisco CA 94103, USA",
    "dropoff_instructions": "Leave it with the neighbour",
    "dropoff_requires_signature": True,
    "items": [{"name": "Laptop", "quantity": 50}],
    "order_value": 1,
}


@pytest.mark.parametrize("field", sorted(OTHERS))
@pytest.mark.parametrize("status", ["quote", "confirmed"])
def test_f052_what_differs_is_never_taken(book, answer, told, field, status):
    """
    Neither an open quote nor a delivery for something else answers this request.
    """
    stands = told(status, **{field: OTHERS[field]})
    with pytest.raises(DuplicateError) as caught:
        book(answer(DUPLICATE, 409), answer(stands), answer(told("created")))

    assert (Outcome.REJECTED, Retry.LOOK_UP_FIRST) == (caught.value.booked, caught.value.retryable)
    assert (status == "quote") is (caught.value.delivery is None)


def test_f055_open_quote_for_a_time_is_never_taken(book, answer, told):
    """
    Answers do not repeat the times asked for: such a quote cannot be recognised.
    """
    with pytest.raises(DuplicateError):
        book(
            answer(DUPLICATE, 409),
            answer(told("quote")),
            answer(told("created")),
            schedule=PickupAt(datetime(2026, 11, 22, 18, tzinfo=UTC)),
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"dropoff_address": "1 Hackathon Wy, San Francisco CA 94105-1729, United States"},
        {"dropoff_phone_number": "+1 650-555-5555"},
        {"dropoff_phone_number": None, "order_value": ..., "items": []},
        {"pickup_reference_tag": "", "tip": 0},
        {"pickup_external_business_id": "default", "tip": 250},
    ],
)
def test_f051_rewritten_answer_is_ours(book, answer, told, changes):
    """
    DoorDash rewrites addresses and phones and leaves fields out: that is no difference.
    """
    ran = book(answer(DUPLICATE, 409), answer(told("confirmed", **changes)))

    assert "D-1763" == ran.value.reference


def test_f055_open_quote_under_the_id_is_accepted(book, answer, told):
    """
    A quote is not a delivery: it is taken, so that somebody really comes.
    """
    tip = Money(500, "USD")
    answers = (answer(DUPLICATE, 409), answer(told("quote", tip=100)), answer(told(tip=500)))
    ran = book(*answers, tip=tip)

    assert [CREATE, READ, ACCEPT] == _steps(ran)
    assert {"tip": 500} == json.loads(ran.requests[2].body)


def test_f056_old_quote_under_the_id_is_expired(book, answer, told):
    """
    Its age is not known; refused, it is expired, and nothing is tried again.
    """
    stands = answer(told("quote"))
    answers = (answer(DUPLICATE, 409), stands, answer(EXPIRED, 400), stands)

    with pytest.raises(QuoteExpiredError):
        book(*answers)


def test_f055_other_quote_under_the_id_is_a_duplicate(book, answer, told):
    """
    A quote for another request is not taken.
    """
    with pytest.raises(DuplicateError):
        book(answer(DUPLICATE, 409), answer(told("quote", order_value=1)))


@pytest.mark.parametrize(
    "look_up",
    [
        (404, {"code": "unknown_delivery_id", "message": "m"}),
        (401, {"code": "authentication_error", "message": "m"}),
        (429, {}),
        (500, {"code": "service_fault", "message": "m"}),
        (200, {}),
    ],
)
@pytest.mark.parametrize("options", [{}, {"max_fee": Money(975, "USD")}])
def test_f051_taken_id_that_cannot_be_read_is_no_refusal(book, answer, look_up, options):
    """
    Something has the id: until it is seen, nobody may be told that nothing was booked.
    """
    status, body = look_up
    with pytest.raises(OutcomeUnknownError) as caught:
        book(answer(DUPLICATE, 409), answer(body, status), **options)

    assert Outcome.UNKNOWN is caught.value.booked


def test_f057_open_quote_dearer_than_the_limit_is_not_taken(book, answer, told):
    """
    What stands under the id is accepted only within max_fee.
    """
    dear = told("quote", fee=976)
    with pytest.raises(FeeExceededError):
        book(
            answer(DUPLICATE, 409),
            answer(dear),
            answer(told("created")),
            max_fee=Money(975, "USD"),
        )


@pytest.mark.parametrize(
    ("stands", "steps"), [("confirmed", [ASK, READ]), ("quote", [ASK, READ, ACCEPT])]
)
def test_f051_limited_dispatch_twice_is_one_delivery(book, answer, told, stands, steps):
    """
    Repeated with a limit: what was booked is returned, what was quoted is taken.
    """
    answers = [answer(DUPLICATE, 409), answer(told(stands)), answer(told("confirmed"))]
    ran = book(*answers[: len(steps)], max_fee=Money(975, "USD"))

    assert steps == _steps(ran)
    assert Status.ASSIGNED is ran.value.status


def test_f051_pickup_contact_is_not_compared(book, answer, told):
    """
    A store's own phone wins over the request's: that is no other delivery.
    """
    pickup = Stop(address=_address(), contact=Contact(phone="+16505555555"))
    body = told("confirmed", pickup_phone_number="+14155550100")
    ran = book(answer(DUPLICATE, 409), answer(body), pickup=pickup)

    assert "D-1763" == ran.value.reference


def _address():
    from doorstep.models import Address

    return Address(one_line="901 Market Street, San Francisco, CA 94103")
