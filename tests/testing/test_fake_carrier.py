"""
What a shop's tests can make the fake carrier do.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from doorstep.errors import (
    CarrierUnavailableError,
    DeliveryNotFoundError,
    FeeExceededError,
    NoCapacityError,
    NotCancellableError,
    NotModifiableError,
    OutcomeUnknownError,
)
from doorstep.models import (
    Address,
    Changes,
    DeliveryRequest,
    EndReason,
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
    with pytest.raises(NotCancellableError):
        courier.cancel(late.id)


def test_change_after_the_end_is_refused_but_a_tip_is_taken() -> None:
    """
    A delivered order takes a tip and nothing else.
    """
    carrier = FakeCarrier()
    courier = carrier.connect()
    delivery = courier.dispatch(WISH)
    carrier.advance(delivery.id, Status.DELIVERED)

    assert Money(500, "USD") == courier.set_tip(delivery.id, Money(500, "USD")).tip
    with pytest.raises(NotModifiableError):
        courier.update(delivery.id, Changes(dropoff=StopChanges(instructions="Knock")))


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
