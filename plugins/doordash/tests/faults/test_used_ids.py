"""
The id is taken: by this very dispatch, by another, by a quote, by a lost one that is late.
"""

from __future__ import annotations

from datetime import UTC, datetime

import attrs
import pytest

from doorstep.errors import (
    DuplicateError,
    FeeExceededError,
    OutcomeUnknownError,
    QuoteMismatchError,
)
from doorstep.models import (
    Address,
    Contact,
    Item,
    Money,
    PickupAt,
    Signature,
    Status,
    Stop,
    Undeliverable,
)
from doorstep.outcome import Outcome, Retry


def test_f051_same_dispatch_again_is_the_same_delivery(client, dispatch, tally, drive):
    """
    A dispatch made twice returns what was booked first; the second POST booked nothing.
    """
    first, second = dispatch(), dispatch()

    assert first.id == second.id
    assert Status.PENDING is second.status
    assert 1 == tally()[1]
    assert [1] == [entry["commits"] for entry in drive.books()]


@pytest.mark.parametrize("reached", ["confirmed", "picked_up", "delivered"])
def test_f051_same_dispatch_again_tells_how_far_it_is(dispatch, drive, reached):
    """
    However far the courier came meanwhile, the same dispatch is the same delivery.
    """
    dispatch()
    for status in ("confirmed", "enroute_to_pickup", "arrived_at_pickup", "picked_up"):
        drive.advance("D-1763", status)
        if status == reached:
            break
    else:
        for status in ("enroute_to_dropoff", "arrived_at_dropoff", "delivered"):
            drive.advance("D-1763", status)

    assert reached == dispatch().raw_status
    assert [1] == [entry["commits"] for entry in drive.books()]


def test_f051_booking_that_comes_late_meets_the_same_delivery(
    client, meddler, booking, dispatch, tally
):
    """
    The carrier books after we gave up: unknown first, and whoever comes second, the late
    request or the repeated dispatch, there is one delivery.
    """
    meddler.spoil("POST", meddler.hold, ending=booking)
    with pytest.raises(OutcomeUnknownError) as caught:
        dispatch()

    assert (Outcome.UNKNOWN, "D-1763") == (caught.value.booked, caught.value.reference)
    assert client.find("D-1763") is None
    assert (0, 0) == tally()

    booked = dispatch()
    late = meddler.deliver()

    assert 409 == late.status
    assert booked.id == client.find("D-1763").id
    assert 1 == tally()[1]


def test_f051_booking_that_came_late_is_found(client, meddler, booking, dispatch, tally):
    """
    What the carrier booked after we gave up is found by its reference, and by repeating.
    """
    meddler.spoil("POST", meddler.hold, ending=booking)
    with pytest.raises(OutcomeUnknownError):
        dispatch()
    assert 200 == meddler.deliver().status

    assert client.find("D-1763").id == dispatch().id
    assert 1 == tally()[1]


def test_f051_taken_id_that_cannot_be_read_is_unknown(client, dispatch, drive, tally):
    """
    While what has the id cannot be seen, nobody is told that nothing was booked.
    """
    dispatch()
    drive.faults.arm("stale_404", "get")

    with pytest.raises(OutcomeUnknownError) as caught:
        dispatch()

    assert (Outcome.UNKNOWN, "D-1763") == (caught.value.booked, caught.value.reference)
    assert "look the reference up before anything else" in str(caught.value)
    assert 1 == tally()[1]


@pytest.mark.parametrize("late", [0, 301])
def test_f055_dead_quote_under_the_reference_is_unknown(
    client, clock, make_request, meddler, alter, lose, tally, late
):
    """
    What reads neither as a quote nor as a delivery is never told as booked: the caller
    is told which reference to look up, by the quote's time and after it.
    """
    (quote,) = client.quote(make_request())
    meddler.spoil("POST", lose, ending="/accept")
    with pytest.raises(OutcomeUnknownError):
        client.dispatch(make_request(), quote=quote)
    clock.step(late)
    meddler.spoil("GET", alter(delivery_status="quote_expired"))

    with pytest.raises(OutcomeUnknownError) as caught:
        client.dispatch(make_request(), quote=quote)

    assert (Outcome.UNKNOWN, "D-1763") == (caught.value.booked, caught.value.reference)
    assert "look the reference up before anything else" in str(caught.value)
    assert client.dispatch(make_request(), quote=quote).raw_status == "created"
    assert 1 == tally()[1]


def _to(street="1 Hackathon Way", name="Ada", phone="+16505555555", **changes):
    stop = {
        "instructions": "Ring twice.",
        "items": [Item(name="Cup", quantity=1)],
        "verification": [Signature()],
        **changes,
    }
    address = Address(one_line=f"{street}, San Francisco, CA 94105")
    contact = Contact(given=name, family="O'Neil", phone=phone)
    return {"dropoffs": Stop(address=address, contact=contact, **stop)}


def _from(street="901 Market Street", reference="bag 6"):
    address = Address(one_line=f"{street}, San Francisco, CA 94103")
    contact = Contact(business="Deli", phone="+16505555555")
    return {"pickup": Stop(address=address, contact=contact, reference=reference)}


FIRST = {**_to(), **_from(), "if_undeliverable": Undeliverable.DISPOSE}
OTHERS = {
    "another house": _to("2 Hackathon Way"),
    "another street": _to("1 Harrison Street"),
    "another street of the town's name": _to("1 San Francisco Street"),
    "another unit": _to("1 Hackathon Way Apt 7"),
    "another person": _to(name="Bea"),
    "another phone": _to(phone="+16505555556"),
    "another wish": _to(instructions="Leave it with the neighbour."),
    "no wish": _to(instructions=None),
    "another item": _to(items=[Item(name="Laptop", quantity=1)]),
    "more of it": _to(items=[Item(name="Cup", quantity=50)]),
    "no signature": _to(verification=[]),
    "goods that come back": {"if_undeliverable": Undeliverable.RETURN},
    "another value": {"order_value": Money(2000, "USD")},
    "another shop": _from("902 Market Street"),
    "another bag": _from(reference="bag 7"),
}


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("max_fee", [None, Money(975, "USD")])
def test_f052_other_request_under_a_used_reference_is_a_duplicate(
    client, drive, make_request, tally, kind, max_fee
):
    """
    The caller is told which delivery has the reference, and holds it; what differs is never
    taken for the answer, and never booked under an id of our own making.
    """
    first = client.dispatch(make_request(**FIRST))

    with pytest.raises(DuplicateError) as caught:
        client.dispatch(make_request(**{**FIRST, **OTHERS[kind]}), max_fee=max_fee)

    error = caught.value
    assert (Outcome.REJECTED, Retry.LOOK_UP_FIRST) == (error.booked, error.retryable)
    assert "doordash/default/D-1763" == error.params["existing_id"]
    assert first.id == error.delivery.id
    assert "the next revision books another courier" in str(error)
    assert 1 == tally()[1] == len(drive.books())


def test_f052_cancelled_delivery_is_never_taken_for_the_answer(client, drive, make_request, tally):
    """
    Whoever dispatches anew what was cancelled is told so, and to use the next revision.
    """
    client.cancel(client.dispatch(make_request()).id)

    with pytest.raises(DuplicateError) as caught:
        client.dispatch(make_request())

    assert "cancelled; use the next revision" in str(caught.value)
    assert Status.CANCELLED is caught.value.delivery.status
    assert 0 == tally()[1]
    assert client.dispatch(make_request(revision=2)).reference == "D-1763"
    assert 1 == tally()[1]


@pytest.mark.parametrize("kind", OTHERS)
def test_f052_quote_is_taken_for_what_was_quoted_alone(client, make_request, tally, kind):
    """
    Another request with somebody's quote is refused before anything is sent.
    """
    (quote,) = client.quote(make_request(**FIRST))

    with pytest.raises(QuoteMismatchError) as caught:
        client.dispatch(make_request(**{**FIRST, **OTHERS[kind]}), quote=quote)

    assert Outcome.NOT_SENT is caught.value.booked
    assert (0, 0) == tally()


@pytest.mark.parametrize(
    "changes",
    [
        {"provider": "uber"},
        {"account": "uptown"},
        {"reference": "D-1764"},
        {"revision": 2},
        {"token": None},
        {"token": "{}"},
    ],
)
def test_f052_quote_of_somebody_else_is_not_sent(client, make_request, tally, changes):
    """
    A quote of another request, account, provider or version is refused before the network.
    """
    (quote,) = client.quote(make_request())

    with pytest.raises(QuoteMismatchError) as caught:
        client.dispatch(make_request(), quote=attrs.evolve(quote, **changes))

    assert Outcome.NOT_SENT is caught.value.booked
    assert (0, 0) == tally()


def test_f055_quote_is_no_delivery(client, make_request, tally):
    """
    What still reads as a quote is a draft when tracked and nothing when looked up.
    """
    client.quote(make_request())
    draft = client.track("doordash/default/D-1763")

    assert (Status.DRAFT, "quote") == (draft.status, draft.raw_status)
    assert client.find("D-1763") is None
    assert (0, 0) == tally()


def test_f055_open_quote_under_the_reference_is_taken(client, drive, make_request, tally):
    """
    A dispatch that finds its own open quote accepts it under the same id: one delivery.
    """
    client.quote(make_request())
    booked = client.dispatch(make_request())

    assert ("created", "D-1763") == (booked.raw_status, booked.reference)
    assert ["D-1763"] == [entry["id"] for entry in drive.books()]
    assert (2, 1) == tally()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"order_value": Money(2000, "USD")}, DuplicateError),
        ({"schedule": PickupAt(datetime(2026, 1, 1, 15, tzinfo=UTC))}, DuplicateError),
        ({"max_fee": Money(974, "USD")}, FeeExceededError),
    ],
)
def test_f055_other_quote_under_the_reference_is_left_alone(
    client, make_request, tally, changes, error
):
    """
    An open quote for another request, for a time that answers do not repeat, or above the
    limit is not taken: nothing is booked.
    """
    max_fee = changes.get("max_fee")
    client.quote(make_request())
    changes = {name: value for name, value in changes.items() if name != "max_fee"}

    with pytest.raises(error) as caught:
        client.dispatch(make_request(**changes), max_fee=max_fee)

    assert Outcome.REJECTED is caught.value.booked
    assert caught.value.delivery is None
    assert 0 == tally()[1]


@pytest.mark.parametrize("way", ["accept", "limited"], indirect=True)
def test_f055_accepted_quote_that_still_reads_as_one_is_unknown(
    dispatch, meddler, alter, lose, tally, way
):
    """
    The carrier says that it was taken and shows a quote: unknown, until it shows the delivery.

    With a limit the quote is read, taken once more, refused, and read again.
    """
    meddler.spoil("POST", lose, ending="/accept")
    with pytest.raises(OutcomeUnknownError):
        dispatch()
    for _ in range(2 if way == "limited" else 1):
        meddler.spoil("GET", alter(delivery_status="quote"))

    with pytest.raises(OutcomeUnknownError) as caught:
        dispatch()

    assert Outcome.UNKNOWN is caught.value.booked
    assert "created" == dispatch().raw_status
    assert 1 == tally()[1]


def test_f055_booking_that_answers_with_a_quote_is_unknown(
    dispatch, meddler, alter, booking, tally
):
    """
    A success that says "quote" is no booking to rely on.
    """
    meddler.spoil("POST", alter(delivery_status="quote"), ending=booking)

    with pytest.raises(OutcomeUnknownError) as caught:
        dispatch()

    assert "$.delivery_status" == caught.value.params["path"]
    assert "created" == dispatch().raw_status
    assert 1 == tally()[1]


def test_f055_revision_keeps_a_new_quote_apart(client, make_request, tally):
    """
    A new attempt after an open quote is another id, so that the old one can never be booked.
    """
    request = make_request()
    client.quote(request)
    second = attrs.evolve(request, revision=2)
    (quote,) = client.quote(second)

    assert ("D-1763", 2) == (quote.reference, client.dispatch(second, quote=quote).revision)
    assert client.find("D-1763", 1) is None
    assert (1, 1) == tally()
