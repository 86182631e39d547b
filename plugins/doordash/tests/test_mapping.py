"""
From Drive's answers to neutral values.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from doorstep.errors import InvalidAnswerError
from doorstep.models import (
    Actor,
    ComponentKind,
    End,
    EndReason,
    Goods,
    Milestone,
    Money,
    PriceComponent,
    Status,
    StopStatus,
)
from doorstep_doordash import _mapping, _stops

FEE = ComponentKind.FEE
LATER = "2026-11-22T13:20:00Z"
DONE = datetime(2026, 11, 22, 13, 20, tzinfo=UTC)

STATUSES = {
    "quote": Status.DRAFT,
    "created": Status.PENDING,
    "confirmed": Status.ASSIGNED,
    "enroute_to_pickup": Status.TO_PICKUP,
    "arrived_at_pickup": Status.AT_PICKUP,
    "picked_up": Status.PICKED_UP,
    "enroute_to_dropoff": Status.TO_DROPOFF,
    "arrived_at_dropoff": Status.AT_DROPOFF,
    "delivered": Status.DELIVERED,
    "enroute_to_return": Status.RETURNING,
    "arrived_at_return": Status.RETURNING,
    "returned": Status.RETURNED,
    "cancelled": Status.CANCELLED,
}


@pytest.fixture(name="delivery")
def _delivery(provider, delivery_id, ctx, run, answer, told):
    def read(status="created", **changes):
        body = told(status, **changes)
        return run(provider.track(delivery_id, ctx), answer(body)).value

    return read


@pytest.mark.parametrize(("raw", "expected"), STATUSES.items())
def test_status_is_mapped(delivery, raw, expected):
    """
    Each of DoorDash's statuses is one of ours, and stays readable.
    """
    found = delivery(raw)

    assert (expected, raw) == (found.status, found.raw_status)


def test_status_tables_are_complete():
    """
    Every status has its stops; every status is tested.
    """
    assert STATUSES == _mapping.STATUSES
    assert set(STATUSES) - {"cancelled"} == set(_stops.STOPS)


@pytest.mark.parametrize("raw", ["", "CREATED", "batched", "quote ", "Привет"])
def test_new_status_is_unknown_not_an_error(delivery, raw):
    """
    A status that nobody described is UNKNOWN with DoorDash's word; nothing is guessed.
    """
    found = delivery(raw)

    assert (Status.UNKNOWN, raw) == (found.status, found.raw_status)
    assert {StopStatus.UNKNOWN} == {stop.status for stop in found.stops}


@pytest.mark.parametrize(
    ("pickup", "expected"),
    [
        ("2026-11-22T12:30:00Z", Status.PENDING),
        ("2026-11-22T13:00:00Z", Status.PENDING),
        ("2026-11-22T13:00:01Z", Status.SCHEDULED),
        ("2026-11-22T11:00:00Z", Status.PENDING),
        (None, Status.PENDING),
    ],
)
def test_far_pickup_is_scheduled(delivery, pickup, expected):
    """
    Created with a pickup more than an hour ahead is SCHEDULED.
    """
    assert expected is delivery("created", pickup_time_estimated=pickup).status


CARRIER, CALLER, NOBODY = Actor.CARRIER, Actor.CALLER, Actor.UNKNOWN
NEVER, UNKNOWN = Goods.NEVER_COLLECTED, Goods.UNKNOWN


@pytest.mark.parametrize(
    ("raw", "collected", "status", "actor", "reason", "goods"),
    [
        ("cancelled_by_creator", False, "cancelled", CALLER, "requested", UNKNOWN),
        ("cancelled_by_creator", True, "failed", CALLER, "requested", UNKNOWN),
        ("failed_to_process_payment", False, "cancelled", CARRIER, "payment", NEVER),
        ("failed_to_assign_and_refunded", False, "cancelled", CARRIER, "no_courier", NEVER),
        ("failed_to_pickup", False, "cancelled", CARRIER, "pickup_failed", NEVER),
        ("failed_to_pickup", True, "cancelled", CARRIER, "pickup_failed", NEVER),
        ("failed_to_deliver", False, "failed", CARRIER, "delivery_failed", UNKNOWN),
        ("failed_to_return", False, "failed", CARRIER, "return_failed", UNKNOWN),
        ("dasher_not_responding", False, "cancelled", NOBODY, "unknown", UNKNOWN),
        ("dasher_not_responding", True, "failed", NOBODY, "unknown", UNKNOWN),
        ("", False, "cancelled", NOBODY, "unknown", UNKNOWN),
        (None, True, "failed", NOBODY, "unknown", UNKNOWN),
    ],
)
def test_cancelled_is_told_apart(delivery, raw, collected, status, actor, reason, goods):
    """
    One word of DoorDash's stands for every bad end; the reason and the pickup tell which.
    """
    actual = LATER if collected else None
    found = delivery("cancelled", cancellation_reason=raw, pickup_time_actual=actual)

    assert Status(status) is found.status
    end = End(actor=actor, reason=EndReason(reason), raw_reason=raw or None, goods=goods)
    assert end == found.end


@pytest.mark.parametrize(
    ("raw", "field", "goods"),
    [
        ("delivered", "dropoff_time_actual", Goods.DELIVERED),
        ("returned", "return_time_actual", Goods.RETURNED),
    ],
)
def test_good_end_has_its_time(delivery, raw, field, goods):
    """
    A delivery that arrived or came back says when, where the goods are, and by whom.
    """
    end = End(at=DONE, actor=Actor.COURIER, reason=EndReason.COMPLETED, goods=goods)

    assert end == delivery(raw, **{field: LATER}).end


def test_arrival_at_the_return_is_a_milestone(delivery):
    """
    Arriving with goods that come back does not move the status.
    """
    assert {Milestone.AT_RETURN} == delivery("arrived_at_return").milestones


def test_price_is_the_fee(delivery):
    """
    What the shop pays, in whole cents, with its parts under DoorDash's names; no tip.
    """
    parts = [{"type": "distance_based_fee", "amount": 975}, {"type": "promotion", "amount": -100}]
    found = delivery(fee=875, tip=300, tax=81, fee_components=parts)

    assert Money(875, "USD") == found.price.total
    assert Money(81, "USD") == found.price.tax_amount
    assert Money(300, "USD") == found.tip
    assert not found.price.tip_included
    assert (
        PriceComponent(raw_name="distance_based_fee", amount=Money(975, "USD"), kind=FEE),
        PriceComponent(raw_name="promotion", amount=Money(-100, "USD"), kind=FEE),
    ) == found.price.components


@pytest.mark.parametrize("nothing", [None, [], [{}], [{"type": "pst"}], [{"amount": None}]])
def test_part_without_an_amount_is_no_part(delivery, nothing):
    """
    Empty lists, as the sandbox sends them, and parts without an amount are nothing.
    """
    assert () == delivery(fee_components=nothing, tax_components=nothing).price.components


def test_part_of_the_tax_is_none_of_the_fee(delivery):
    """
    A part without a name, or with a new one, still says what it belongs to.
    """
    found = delivery(fee_components=[{"amount": 975}], tax_components=[{"type": "x", "amount": 1}])

    assert (
        PriceComponent(raw_name="", amount=Money(975, "USD"), kind=FEE),
        PriceComponent(raw_name="x", amount=Money(1, "USD"), kind=ComponentKind.TAX),
    ) == found.price.components


@pytest.mark.parametrize("changes", [{"currency": None}, {"currency": "XXX"}, {"fee": ...}])
def test_amount_without_currency_is_no_price(delivery, changes):
    """
    An amount in a currency that is not told or not known is left to ``raw``.
    """
    assert delivery(**changes).price is None


def test_currency_in_small_letters_is_understood(delivery):
    """
    The case of a currency is no reason to lose a price.
    """
    assert Money(975, "USD") == delivery(currency="usd").price.total


@pytest.mark.parametrize(
    ("told_as", "expected"),
    [("86313", "86313"), (86313, "86313"), ("", None), (None, None), ({}, None), (True, None)],
)
def test_support_reference_may_be_a_number(delivery, told_as, expected):
    """
    DoorDash's documents disagree whether it is text; nothing in it can lose a delivery.
    """
    assert expected == delivery(support_reference=told_as).support_ref


def test_as_of_is_when_doordash_changed_it(delivery, now):
    """
    The carrier's time orders what is told; ours only where it names none.
    """
    assert DONE == delivery(updated_at=LATER).as_of
    assert now == delivery().as_of


def test_id_leads_back_to_reference_and_revision(provider, ctx, run, answer, told):
    """
    A delivery found by reference and revision has both, and an id to store.
    """
    body = told(external_delivery_id="order.2", tracking_url="", new_field=[1])
    found = run(provider.find("order", 2, ctx), answer(body)).value

    assert ("order", 2) == (found.reference, found.revision)
    assert "doordash/downtown/order.2" == str(found.id)
    assert found.tracking_url is None
    assert (1,) == found.raw["new_field"]


@pytest.mark.parametrize("body", [{"external_delivery_id": "D-9"}, {"external_delivery_id": ...}])
def test_answer_about_another_delivery_is_refused(delivery, body):
    """
    An answer with another id, or none, is never taken for this delivery.
    """
    with pytest.raises(InvalidAnswerError) as caught:
        delivery(**body)

    assert "$.external_delivery_id" in str(caught.value)
