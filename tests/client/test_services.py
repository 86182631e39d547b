"""
The services around a delivery, through both clients.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from doorstep.errors import (
    DeliveryNotFoundError,
    DuplicateError,
    NotModifiableError,
    OutcomeUnknownError,
)
from doorstep.models import (
    Address,
    Coverage,
    DeliveryRequest,
    Opinion,
    Rating,
    Relation,
    Status,
)
from doorstep.outcome import Outcome
from doorstep.testing import CourierRating, FakeCarrier
from doorstep.tracking import MemoryEventStore

Connect = Callable[..., Any]
HERE, THERE = Address(one_line="1 Main St"), Address(one_line="1 Mall Rd")


def test_coverage_is_what_the_carrier_says(connect: Connect, carrier: FakeCarrier) -> None:
    """
    A yes and a no with its reasons come through.
    """
    courier = connect()

    assert courier.covers(HERE, THERE).covered
    carrier.coverage = Coverage(covered=False, reasons=["too far"])
    assert ("too far",) == courier.covers(HERE, THERE).reasons


def test_address_is_completed_to_those_that_begin_so(
    connect: Connect, carrier: FakeCarrier
) -> None:
    """
    The carrier's addresses, no more than asked for.
    """
    carrier.known_addresses = (HERE, THERE, Address(one_line="2 Side St"))
    courier = connect()

    assert [HERE, THERE] == courier.complete_address("1 ma")
    assert [HERE] == courier.complete_address("1 ma", limit=1)
    assert [] == courier.complete_address("9 & 10 = ?")


def test_delivery_that_ended_is_brought_once_more(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest
) -> None:
    """
    The new delivery has its own reference, knows the first, and is booked and tracked like any.
    """
    store = MemoryEventStore()
    courier = connect(store=store)
    first = courier.dispatch(wish)
    with pytest.raises(NotModifiableError) as early:
        courier.redeliver(first.id, "order-2")
    carrier.advance(first.id, Status.FAILED)
    second = courier.redeliver(first.id, "order-2")

    assert "pending" == early.value.params["reason"]
    assert ("order-2", 1, Status.PENDING) == (second.reference, second.revision, second.status)
    assert [(first.id, Relation.ORIGINAL)] == [
        (one.delivery_id, one.relation) for one in second.related
    ]
    assert second == courier.find("order-2")
    assert second in carrier.deliveries


def test_redelivery_under_a_reference_that_is_taken_is_a_duplicate(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest
) -> None:
    """
    Nothing more is booked; the next revision books.
    """
    courier = connect()
    first = courier.dispatch(wish)
    carrier.advance(first.id, Status.CANCELLED)

    with pytest.raises(DuplicateError) as taken:
        courier.redeliver(first.id, "order-1")

    assert str(first.id) == taken.value.params["existing_id"]
    assert 2 == courier.redeliver(first.id, "order-1", 2).revision


def test_lost_answer_to_a_redelivery_says_what_to_look_up(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest
) -> None:
    """
    It is never repeated by itself: the new reference is to be looked up, and the revision,
    because under a reference alone the first delivery is found.
    """
    courier = connect()
    first = courier.dispatch(wish)
    carrier.advance(first.id, Status.FAILED)
    carrier.lose_next_answer()

    with pytest.raises(OutcomeUnknownError, match="'order-2', revision 3, first") as lost:
        courier.redeliver(first.id, "order-2", 3)

    assert ("order-2", 3, Outcome.UNKNOWN) == (
        lost.value.reference,
        lost.value.revision,
        lost.value.booked,
    )
    assert courier.find("order-2", 3) in carrier.deliveries


def test_couriers_who_had_a_delivery_are_told_and_rated(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest
) -> None:
    """
    One who gave it back stays in the list; the last rating of each holds.
    """
    courier = connect()
    delivery = courier.dispatch(wish)
    assert [] == courier.assignments(delivery.id)
    for status in (Status.ASSIGNED, Status.PENDING, Status.TO_PICKUP):
        carrier.advance(delivery.id, status)
    first, second = courier.assignments(str(delivery.id))
    for opinion in (Opinion.BAD, Opinion.GOOD):
        rated = courier.rate_courier(
            delivery.id, "courier-1", Rating(opinion=opinion, reason="on_time")
        )
        assert rated is None

    assert (carrier.clock.now(), None) == (first.unassigned_at, second.unassigned_at)
    assert (
        CourierRating(
            delivery=delivery.id,
            courier="courier-1",
            rating=Rating(opinion=Opinion.GOOD, reason="on_time"),
        ),
    ) == carrier.ratings


def test_courier_who_never_had_it_cannot_be_rated(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest
) -> None:
    """
    The carrier says that it knows no such courier there.
    """
    courier = connect()
    delivery = courier.dispatch(wish)

    with pytest.raises(DeliveryNotFoundError):
        courier.rate_courier(delivery.id, "courier-9", Rating(opinion=Opinion.NEUTRAL))

    assert () == carrier.ratings
