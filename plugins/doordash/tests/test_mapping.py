"""
From Drive's answers to neutral values.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from doorstep.errors import InvalidAnswerError
from doorstep.models import (
    Actor,
    Coordinates,
    End,
    EndReason,
    Goods,
    Milestone,
    Money,
    PriceComponent,
    ProofKind,
    Status,
    StopKind,
    StopStatus,
)
from doorstep_doordash import _mapping

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
    assert set(STATUSES) - {"cancelled"} == set(_mapping._STOPS)


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


@pytest.mark.parametrize(
    ("raw", "changes", "expected"),
    [
        ("created", {}, "waiting waiting"),
        ("enroute_to_pickup", {}, "heading waiting"),
        ("picked_up", {}, "done waiting"),
        ("arrived_at_dropoff", {}, "done arrived"),
        ("delivered", {}, "done done"),
        ("enroute_to_return", {}, "done failed heading"),
        ("arrived_at_return", {}, "done failed arrived"),
        ("returned", {}, "done failed done"),
        ("cancelled", {}, "skipped skipped"),
        ("cancelled", {"cancellation_reason": "failed_to_pickup"}, "failed skipped"),
        ("cancelled", {"cancellation_reason": "failed_to_deliver"}, "done failed"),
        (
            "cancelled",
            {"cancellation_reason": "failed_to_return", "return_address": "1 Main St"},
            "done failed failed",
        ),
        ("created", {"return_address": "1 Main St"}, "waiting waiting waiting"),
        ("confirmed", {"pickup_time_actual": LATER}, "done waiting"),
    ],
)
def test_stops_follow_the_delivery(delivery, raw, changes, expected):
    """
    Pickup and dropoff always, the return when it is told.
    """
    stops = delivery(raw, **changes).stops

    assert expected.split() == [stop.status.value for stop in stops]
    assert ["pickup", "dropoff", "return"][: len(stops)] == [stop.kind.value for stop in stops]


def test_stop_has_times_and_proofs(delivery):
    """
    Estimates, bounds, what happened and what was photographed stand at their stop.
    """
    found = delivery(
        "delivered",
        pickup_time_estimated=LATER,
        dropoff_time_estimated_lower_bound="2026-11-22T13:10:00Z",
        dropoff_time_estimated_upper_bound="2026-11-22T13:30:00Z",
        dropoff_time_actual="2026-11-22T13:20:00.123456789Z",
        pickup_verification_image_url="https://x.test/1",
        dropoff_verification_image_url="https://x.test/2",
        dropoff_signature_image_url="https://x.test/3",
    )
    pickup, dropoff = found.stops

    assert DONE == pickup.eta == found.etas.pickup
    assert DONE + timedelta(microseconds=123456) == dropoff.done_at
    assert timedelta(minutes=20) == dropoff.latest - dropoff.earliest
    assert ["https://x.test/1"] == [proof.url for proof in pickup.proofs]
    kinds = [proof.kind for proof in dropoff.proofs]
    assert [ProofKind.PHOTO, ProofKind.SIGNATURE] == kinds
    assert {Milestone.PROOF_AVAILABLE} == found.milestones
    assert StopKind.PICKUP is pickup.kind


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
        PriceComponent(raw_name="distance_based_fee", amount=Money(975, "USD")),
        PriceComponent(raw_name="promotion", amount=Money(-100, "USD")),
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


def test_courier_has_every_field(delivery):
    """
    What DoorDash tells of the Dasher is there, the place exactly.
    """
    courier = delivery(
        "confirmed",
        dasher_id=1232142,
        dasher_name="John D.",
        dasher_dropoff_phone_number="+15555555555",
        dasher_pickup_phone_number="+14444444444",
        dasher_location={"lat": 37.7842, "lng": -122.4076},
        dasher_vehicle_make="Toyota",
        dasher_vehicle_model="",
        dasher_vehicle_year="2006",
    ).courier

    assert ("1232142", "John D.", "Toyota 2006") == (courier.id, courier.name, courier.vehicle)
    assert ("+15555555555", "+14444444444") == (courier.phone, courier.pickup_phone)
    place = Coordinates(lat=Decimal("37.7842"), lng=Decimal("-122.4076"))
    assert place == courier.location


@pytest.mark.parametrize(
    "location", [None, {}, {"lat": 1}, {"lat": None, "lng": 2}, {"lat": 123.1312343, "lng": -37.2}]
)
def test_impossible_place_is_no_place(delivery, location):
    """
    DoorDash's own sample lies beyond the pole: that is no reason to fail.
    """
    found = delivery("confirmed", dasher_name="John D.", dasher_location=location)

    assert found.courier.location is None


@pytest.mark.parametrize("nothing", [{}, {"dasher_id": None, "dasher_name": ""}])
def test_no_dasher_is_no_courier(delivery, nothing):
    """
    Explicit nulls and empty text are nobody.
    """
    assert delivery(**nothing).courier is None


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
