"""
Webhooks, field by field: DoorDash's sample, and what newer messages have beside.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from doorstep.models import Coordinates, Money


def test_every_field_of_the_webhook_is_read(hearing, webhook, recorded, now):
    """
    Each field of DoorDash's sample that has a neutral place stands in it, and the sample
    itself stays readable.
    """
    body = recorded("webhook_dropped_off_sample")["request"]["body"]
    (event,) = hearing.receive(webhook(body), now).events
    found = event.snapshot
    pickup, dropoff = found.stops

    assert "DASHER_DROPPED_OFF" == event.name
    assert body["external_delivery_id"] == event.delivery_id.value == found.reference
    assert datetime(2022, 2, 1, 23, 18, 22, 791883, tzinfo=UTC) == event.occurred_at == found.as_of
    assert ("TAS-DASHER-02 TAS", "+16504379788") == (found.courier.name, found.courier.phone)
    assert ("1000 4th Avenue, Seattle, WA 98104", "1201 3rd Avenue, Seattle, WA 98101") == (
        pickup.address,
        dropoff.address,
    )
    assert datetime(2022, 2, 1, 23, 32, 6, tzinfo=UTC) == pickup.eta
    assert datetime(2022, 2, 1, 23, 17, 20, 521249, tzinfo=UTC) == pickup.done_at
    assert datetime(2022, 2, 1, 23, 56, 6, tzinfo=UTC) == dropoff.eta
    assert datetime(2022, 2, 1, 23, 18, 22, 541773, tzinfo=UTC) == dropoff.done_at == found.end.at
    assert (Money(975, "USD"), Money(230, "USD")) == (found.price.total, found.tip)
    assert ("1343593362", body["tracking_url"]) == (found.support_ref, found.tracking_url)
    assert body == event.raw.as_dict()


def test_every_newer_field_of_a_webhook_is_read(hearing, webhook, news, now):
    """
    What later messages and answers have beside: the Dasher, images and the way back.
    """
    fields = {
        "dasher_id": 1232142,
        "dasher_location": {"lat": 37.7842, "lng": -122.4076},
        "dasher_vehicle_make": "Toyota",
        "dasher_vehicle_model": "Corolla",
        "dasher_vehicle_year": "2006",
        "pickup_verification_image_url": "https://x.example/1",
        "dropoff_verification_image_url": "https://x.example/2",
        "dropoff_signature_image_url": "https://x.example/3",
        "return_address": "901 Market Street",
        "return_time_estimated": "2026-11-22T13:00:00Z",
        "return_time_actual": "2026-11-22T14:00:00Z",
    }
    (event,) = hearing.receive(webhook(news("delivery_returned", **fields)), now).events
    found, courier = event.snapshot, event.snapshot.courier
    back = found.stops[2]

    assert ("1232142", "Toyota Corolla 2006") == (courier.id, courier.vehicle)
    assert Coordinates(lat=Decimal("37.7842"), lng=Decimal("-122.4076")) == courier.location
    assert [["https://x.example/1"], ["https://x.example/2", "https://x.example/3"], []] == [
        [proof.url for proof in stop.proofs] for stop in found.stops
    ]
    assert ("901 Market Street", 13, 14) == (back.address, back.eta.hour, back.done_at.hour)
    assert back.done_at == found.end.at


@pytest.mark.parametrize("currency", ["USD", "CAD", "AUD"])
def test_each_currency_is_read(hearing, webhook, news, now, currency):
    """
    Those of the three countries that the page of the fields lists.
    """
    body = news("DASHER_CONFIRMED", currency=currency, fee=975, tip=230)
    found = hearing.receive(webhook(body), now).events[0].snapshot

    assert (Money(975, currency), Money(230, currency)) == (found.price.total, found.tip)


def test_comment_on_a_refund_is_read(hearing, webhook, recorded, now):
    """
    What was said of it stands as the message, the reason as the code.
    """
    body = recorded("webhook_refund")["request"]["body"]
    refund = hearing.receive(webhook(body), now).events[0].refund

    assert ("missing_main", "The burrito was missing") == (refund.code, refund.message)
