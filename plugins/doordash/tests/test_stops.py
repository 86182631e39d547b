"""
From Drive's answers to stops, with their PINs and proofs, and to a courier.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from doorstep.models import Coordinates, Milestone, ProofKind, StopKind

LATER = "2026-11-22T13:20:00Z"
DONE = datetime(2026, 11, 22, 13, 20, tzinfo=UTC)
DROPOFF_PIN = "dropoff_pin_code_verification_metadata"
RETURN_PIN = "return_pin_code_verification_metadata"


@pytest.fixture(name="delivery")
def _delivery(provider, delivery_id, ctx, run, answer, told):
    def read(status="created", **changes):
        body = told(status, **changes)
        return run(provider.track(delivery_id, ctx), answer(body)).value

    return read


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


@pytest.mark.parametrize(
    ("echo", "expected"),
    [
        ({"pin_code_type": "random_number", "pin_code_value": "0412"}, "0412"),
        ({"pin_code_type": "random_number", "pin_code_value": 412}, "0412"),
        ({"pin_code_type": "customer_phone_number", "pin_code_value": "5555"}, "5555"),
        ({"pin_code_type": "customer_phone_number"}, None),
        ({"pin_code_type": "merchant_provided_number", "pin_code_value": "1234"}, None),
        ({"pin_code_value": "1234"}, "1234"),
        ({"pin_code_type": "random_number", "pin_code_value": "12345"}, None),
        ({"pin_code_type": "random_number", "pin_code_value": -412}, None),
        ({"pin_code_type": "random_number", "pin_code_value": True}, None),
        ({"pin_code_type": "random_number", "pin_code_value": {}}, None),
        ({}, None),
        (None, None),
    ],
)
def test_pin_is_told_where_doordash_made_it(delivery, echo, expected):
    """
    What the recipient must tell the Dasher stands at the dropoff, and in no repr;
    the shop's own PIN is not repeated, and what is no PIN is none.
    """
    found = delivery(**{DROPOFF_PIN: echo})

    assert expected == found.stops[1].pin
    assert (expected is not None) == (Milestone.PIN_ISSUED in found.milestones)
    assert expected is None or expected not in repr(found)


def test_pin_of_the_return_stands_at_the_return(delivery):
    """
    It is told with the third stop, and makes none.
    """
    told = {RETURN_PIN: {"pin_code_type": "random_number", "pin_code_value": "2060"}}

    assert 2 == len(delivery("confirmed", **told).stops)
    assert [None, None, "2060"] == [one.pin for one in delivery("returned", **told).stops]


@pytest.mark.parametrize(
    "components", [None, {}, [], "", {"country": "United States", "sub_premise": ""}]
)
def test_components_of_an_address_lose_no_delivery(delivery, components):
    """
    They are told in another spelling than they were sent, so nothing depends on them.
    """
    found = delivery(pickup_address_components=components, dropoff_address_components=components)

    assert found.stops[1].address == "1 Hackathon Wy, San Francisco CA 94105, USA"


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
