"""
What stands in the webhooks of the simulated DoorDash.
"""

from __future__ import annotations

import pytest

#: The fields of DoorDash's page, and from which event on they are there.
OLDER = {
    "created_at",
    "event_name",
    "external_delivery_id",
    "dasher_name",
    "dasher_phone_number",
    "pickup_address",
    "pickup_phone_number",
    "pickup_reference_tag",
    "pickup_instructions",
    "dropoff_address",
    "dropoff_phone_number",
    "dropoff_instructions",
    "dropoff_contact_given_name",
    "dropoff_contact_family_name",
    "dropoff_contact_send_notifications",
    "pickup_time_estimated",
    "dropoff_time_estimated",
    "currency",
    "order_value",
    "fee",
    "tip",
    "support_reference",
    "tracking_url",
    "contactless",
}


@pytest.mark.parametrize("options", [{"webhook_older_fields": True}], indirect=True, ids=[""])
def test_older_fields_are_those_of_the_page(shop, book, step, full):
    """
    Every field of the page is there from its event on, and nothing else.
    """
    book(**full)
    step(1200)
    late = {"DASHER_PICKED_UP", "DASHER_CONFIRMED_DROPOFF_ARRIVAL", "DASHER_DROPPED_OFF"}
    collected = {"pickup_time_actual", "pickup_verification_image_url"}
    done = {"dropoff_time_actual", "dropoff_verification_image_url"}

    for body in shop.bodies:
        picked_up = collected if body["event_name"] in late else set()
        delivered = done if body["event_name"] == "DASHER_DROPPED_OFF" else set()
        assert OLDER | picked_up | delivered == body.keys(), body["event_name"]
    assert ("TAS-DASHER-01 TAS", "+15555555555") == (
        shop.bodies[0]["dasher_name"],
        shop.bodies[0]["dasher_phone_number"],
    )


def test_newer_fields_name_the_courier_otherwise(shop, book, step):
    """
    An id, a shortened name, a phone by another name, and a place.
    """
    book()
    step(60)
    (body,) = shop.bodies

    assert (1232142, "TAS-DASHER-01 T.", "+15555555555", {"lat", "lng"}) == (
        body["dasher_id"],
        body["dasher_name"],
        body["dasher_dropoff_phone_number"],
        body["dasher_location"].keys(),
    )
    assert "dasher_phone_number" not in body


def test_what_is_empty_is_left_out_and_no_status_is_told(shop, book, step):
    """
    Nothing is null or empty, while 0 and false are values.
    """
    book(tip=0)
    step(1200)

    assert [] == [body for body in shop.bodies for one in body.values() if one in (None, "", [])]
    assert [(0, False)] * 5 == [(body["tip"], body["contactless"]) for body in shop.bodies]
    assert not any("delivery_status" in body for body in shop.bodies)


def test_times_are_when_it_happened_with_microseconds(shop, book, step):
    """
    ``created_at`` is of the event, however late the simulator is looked at.
    """
    book()
    step(1200)
    told = {body["event_name"]: body["created_at"] for body in shop.bodies}

    assert "2026-11-22T10:01:00.123456Z" == told["DASHER_CONFIRMED"]
    assert "2026-11-22T10:20:00.123456Z" == told["DASHER_DROPPED_OFF"]
    assert "2026-11-22T10:20:00.123456Z" == shop.bodies[-1]["dropoff_time_actual"]


def test_cancelled_delivery_is_told_with_its_reason(shop, call, book, step):
    """
    By the merchant or by DoorDash; before a courier was found nobody is named.
    """
    book()
    call("PUT", "/drive/v2/deliveries/D-1/cancel")
    step()
    (body,) = shop.bodies

    assert ("DELIVERY_CANCELLED", "cancelled_by_creator") == (
        body["event_name"],
        body["cancellation_reason"],
    )
    assert "dasher_name" not in body
