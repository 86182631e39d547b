"""
What a shop's tests can make the fake carrier do.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from doorstep.errors import (
    CarrierUnavailableError,
    DeliveryNotFoundError,
    DuplicateError,
    FeeExceededError,
    NoCapacityError,
    NotCancellableError,
    NotModifiableError,
    OutcomeUnknownError,
    RateLimitedError,
    ValidationError,
)
from doorstep.models import (
    Address,
    Changes,
    DeliveryRequest,
    EndReason,
    Etas,
    Money,
    RefundReason,
    RefundStatus,
    Status,
    Stop,
    StopChanges,
)
from doorstep.provider import Finds, Provider, Quotes, Refunds, Tips, Updates
from doorstep.testing import FakeCarrier, FakeProvider, ManualClock

WISH = DeliveryRequest(
    reference="order-1",
    pickup=Stop(address=Address(one_line="1 Main St")),
    dropoffs=Stop(address=Address(one_line="2 Side St")),
    tip=Money(300, "USD"),
)


@pytest.mark.parametrize("protocol", [Provider, Quotes, Finds, Updates, Refunds, Tips])
def test_fake_provider_satisfies_the_protocols(protocol: type) -> None:
    """
    The fake is a provider like any other.
    """
    assert isinstance(FakeProvider(), protocol)


@pytest.mark.parametrize("status", [status for status in Status if status.terminal])
def test_advance_to_an_end_tells_how_it_ended(status: Status) -> None:
    """
    Every terminal status comes with an end at the clock's time.
    """
    carrier = FakeCarrier()
    courier = carrier.connect()
    delivery = courier.dispatch(WISH)
    carrier.clock.step(60)
    carrier.advance(delivery.id, status)

    end = courier.track(delivery.id).end

    assert end is not None
    assert datetime(2026, 1, 1, 12, 1, tzinfo=UTC) == end.at
    assert EndReason.UNKNOWN is not end.reason


def test_cancel_is_taken_until_the_pickup() -> None:
    """
    Before the goods are collected a cancel is confirmed, twice; afterwards it is refused.
    """
    carrier = FakeCarrier()
    courier = carrier.connect()
    early, late = courier.dispatch(WISH), courier.dispatch(_other())
    carrier.advance(early.id, Status.AT_PICKUP)
    carrier.advance(late.id, Status.PICKED_UP)

    assert [True, True] == [courier.cancel(early.id).confirmed for _ in "12"]
    with pytest.raises(NotCancellableError) as caught:
        courier.cancel(late.id)

    assert "picked_up" == caught.value.params["reason"]


def test_change_after_the_end_is_refused_but_a_tip_is_taken() -> None:
    """
    A delivered order takes a tip and nothing else.
    """
    carrier = FakeCarrier()
    courier = carrier.connect()
    delivery = courier.dispatch(WISH)
    carrier.advance(delivery.id, Status.DELIVERED)

    assert Money(500, "USD") == courier.set_tip(delivery.id, Money(500, "USD")).tip
    with pytest.raises(NotModifiableError) as caught:
        courier.update(delivery.id, Changes(dropoff=StopChanges(instructions="Knock")))

    assert "delivered" == caught.value.params["reason"]


def test_refund_before_the_end_is_denied() -> None:
    """
    A delivery that is under way gets no money back, as a decision.
    """
    courier = FakeCarrier().connect()
    delivery = courier.dispatch(WISH)

    assert RefundStatus.DENIED is courier.refund(delivery.id, RefundReason.NEVER_DELIVERED).status


def test_fee_above_max_fee_books_nothing() -> None:
    """
    The fake names its price before it books.
    """
    carrier = FakeCarrier(fee=Money(1200, "USD"))

    with pytest.raises(FeeExceededError):
        carrier.connect().dispatch(WISH, max_fee=Money(1199, "USD"))

    assert () == carrier.deliveries


def test_next_request_is_refused_as_told() -> None:
    """
    A test chooses the error; the request after it is answered again.
    """
    carrier = FakeCarrier()
    courier = carrier.connect()
    carrier.refuse_next(NoCapacityError)

    with pytest.raises(NoCapacityError):
        courier.dispatch(WISH)

    assert Status.PENDING == courier.dispatch(WISH).status


def test_next_request_is_refused_with_a_reason() -> None:
    """
    The carrier's word for why, and its wish to be left alone, are in the error.
    """
    carrier = FakeCarrier()
    courier = carrier.connect()
    carrier.refuse_next(NotCancellableError, "too_late")
    carrier.refuse_next(RateLimitedError, retry_after_s=7)

    with pytest.raises(NotCancellableError) as late:
        courier.cancel("fake/default/order-1~1")
    with pytest.raises(RateLimitedError) as limited:
        courier.dispatch(WISH)

    assert ("too_late", 7) == (late.value.params["reason"], limited.value.retry_after_s)
    assert [] == carrier.clock.slept


@pytest.mark.parametrize("kind", [OutcomeUnknownError, CarrierUnavailableError, KeyError, "x"])
def test_what_is_no_refusal_cannot_be_refused_with(kind: Any) -> None:
    """
    A lost answer and a carrier that stays away have methods of their own.
    """
    with pytest.raises(ValidationError, match="must be a RequestRejectedError"):
        FakeCarrier().refuse_next(kind)


def test_refusal_of_ones_own_class_is_no_refusal() -> None:
    """
    A class that no answer could become is refused at once, instead of becoming another error.
    """

    class OwnError(NoCapacityError):
        pass

    with pytest.raises(ValidationError, match="must be a class of doorstep"):
        FakeCarrier().refuse_next(OwnError)


def test_wait_goes_with_the_error_that_has_one() -> None:
    """
    Seconds to wait are refused where no error would tell them.
    """
    with pytest.raises(ValidationError, match="retry_after_s"):
        FakeCarrier().refuse_next(NoCapacityError, retry_after_s=7)


def test_courier_and_etas_come_with_the_assignment() -> None:
    """
    From ASSIGNED on somebody brings it and is expected; a courier who drops out is gone.
    """
    carrier = FakeCarrier()
    courier = carrier.connect()
    booked = courier.dispatch(WISH)
    assigned = carrier.advance(booked.id, Status.ASSIGNED)
    carrier.clock.step(60)
    later = carrier.advance(booked.id, Status.TO_PICKUP)
    dropped = carrier.advance(booked.id, Status.PENDING)

    assert (None, Etas()) == (booked.courier, booked.etas)
    assert assigned.courier is not None
    assert (assigned.courier.id, assigned.courier.name) == ("courier-1", "Sam")
    assert assigned.etas.pickup == datetime(2026, 1, 1, 12, 10, tzinfo=UTC)
    assert assigned.etas.dropoff == datetime(2026, 1, 1, 12, 20, tzinfo=UTC)
    assert (assigned.courier, assigned.etas) == (later.courier, later.etas)
    assert (None, Etas()) == (dropped.courier, dropped.etas)


def test_cancelled_delivery_tells_of_its_courier_what_it_told_before() -> None:
    """
    An end before the pickup invents no courier.
    """
    carrier = FakeCarrier()
    booked = carrier.connect().dispatch(WISH)

    assert carrier.advance(booked.id, Status.CANCELLED).courier is None


def test_advance_takes_the_stored_text() -> None:
    """
    The text of an id is as good as the id.
    """
    carrier = FakeCarrier()
    booked = carrier.connect().dispatch(WISH)

    assert Status.AT_DROPOFF is carrier.advance(str(booked.id), Status.AT_DROPOFF).status


@pytest.mark.parametrize(
    ("delivery", "status"),
    [
        ("fake/default/order-1~1", "delivered"),
        ("fake/default/order-9~1", Status.DELIVERED),
        ("fake/other/order-1~1", Status.DELIVERED),
        ("order-1", Status.DELIVERED),
        (None, Status.DELIVERED),
    ],
)
def test_advance_of_nothing_is_refused(delivery: Any, status: Any) -> None:
    """
    A delivery that is not there, or a word that is no status, is told by name.
    """
    carrier = FakeCarrier()
    carrier.connect().dispatch(WISH)

    with pytest.raises(ValidationError):
        carrier.advance(delivery, status)


def test_another_request_under_a_reference_is_a_duplicate() -> None:
    """
    The error has the delivery that is there, and nothing more is booked.
    """
    carrier = FakeCarrier()
    courier = carrier.connect()
    booked = courier.dispatch(WISH)

    with pytest.raises(DuplicateError) as caught:
        courier.dispatch(attrs.evolve(WISH, tip=None))

    assert str(booked.id) == caught.value.params["existing_id"]
    assert booked == caught.value.delivery
    assert (booked,) == carrier.deliveries


def test_later_tip_makes_no_other_request() -> None:
    """
    Repeating the dispatch returns the delivery although its tip was changed since.
    """
    courier = FakeCarrier().connect()
    booked = courier.dispatch(WISH)
    courier.set_tip(booked.id, Money(500, "USD"))
    again = courier.dispatch(WISH)

    assert (booked.id, Money(500, "USD")) == (again.id, again.tip)


def test_lost_answer_leaves_one_delivery() -> None:
    """
    What was done is in the carrier's books although the caller was not told.
    """
    carrier = FakeCarrier()
    courier = carrier.connect()
    carrier.lose_next_answer()

    with pytest.raises(OutcomeUnknownError):
        courier.dispatch(WISH)

    assert carrier.deliveries == (courier.find("order-1"),)


def test_carrier_that_stays_away_is_unavailable() -> None:
    """
    When nobody can be reached, nothing is booked; waiting takes no time.
    """
    carrier = FakeCarrier()
    for _ in range(10):
        carrier.refuse_connection()

    with pytest.raises(CarrierUnavailableError):
        carrier.connect().dispatch(WISH)

    assert () == carrier.deliveries


def test_unknown_reference_is_none_and_unknown_id_an_error() -> None:
    """
    Finding nothing is an answer; tracking nothing is a mistake.
    """
    courier = FakeCarrier().connect()

    assert courier.find("nobody") is None
    with pytest.raises(DeliveryNotFoundError):
        courier.track("fake/default/nobody~1")


def test_manual_clock_moves_only_when_told() -> None:
    """
    Sleeping moves it by the time asked for, and takes none; an interrupted sleep does not.
    """
    clock = ManualClock()
    interrupted = threading.Event()
    clock.sleep(5, interrupted)
    interrupted.set()
    clock.sleep(7, interrupted)

    assert (datetime(2026, 1, 1, 12, 0, 5, tzinfo=UTC), 5, [5, 7]) == (
        clock.now(),
        clock.monotonic(),
        clock.slept,
    )


def _other() -> DeliveryRequest:
    return DeliveryRequest(reference="order-2", pickup=WISH.pickup, dropoffs=WISH.dropoffs)
