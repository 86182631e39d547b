"""
What the simulated DoorDash tells by itself.
"""

from __future__ import annotations

import uuid
from typing import Any

import attrs
import pytest

from doorstep_doordash.simulator import DriveServer
from doorstep_doordash.simulator._webhooks import EVENTS, OPT_IN

WALK = [
    "DASHER_CONFIRMED",
    "DASHER_ENROUTE_TO_PICKUP",
    "DASHER_CONFIRMED_PICKUP_ARRIVAL",
    "DASHER_PICKED_UP",
    "DASHER_ENROUTE_TO_DROPOFF",
    "DASHER_CONFIRMED_DROPOFF_ARRIVAL",
    "DASHER_DROPPED_OFF",
]
USUAL = [name for name in WALK if name not in OPT_IN]
RETURN = ["DELIVERY_RETURN_INITIALIZED", "DASHER_CONFIRMED_RETURN_ARRIVAL", "DELIVERY_RETURNED"]


def set_by(**changes: Any) -> pytest.MarkDecorator:
    """
    Run a test with these options.
    """
    return pytest.mark.parametrize("options", [changes], indirect=True, ids=[""])


def test_courier_is_told_of_to_the_door(shop, book, step):
    """
    An event for each step but those on the way; none for the creation.
    """
    book()
    step(1200)

    assert USUAL == shop.names


@set_by(webhook_enroute=True)
def test_events_on_the_way_are_sent_to_those_who_asked(shop, book, step):
    """
    With the opt-in the walk is told of whole.
    """
    book()
    step(1200)

    assert WALK == shop.names


def test_authorization_is_the_word_of_the_portal(shop, drive, book, step):
    """
    Verbatim, the same with each webhook, and the one that the credentials tell.
    """
    book()
    step(1200)
    (word,) = drive.credentials()["webhook_authorizations"]

    assert {word} == {one.headers["Authorization"] for one in shop.got}
    assert {"application/json"} == {one.headers["Content-Type"] for one in shop.got}


@pytest.mark.parametrize(
    ("options", "events", "field"),
    [
        ({}, RETURN[:1], "reason"),
        ({"webhook_older_fields": True}, RETURN[:1], "cancellation_reason"),
    ],
    indirect=["options"],
)
def test_return_that_fails_is_told_under_either_name(shop, drive, book, step, events, field):
    """
    Two pages disagree about the name of the reason; each generation has its own.
    """
    book(action_if_undeliverable="return_to_pickup")
    drive.advance("D-1", "picked_up")
    drive.advance("D-1", "enroute_to_return")
    drive.advance("D-1", "cancelled")
    step()

    assert [*events, "DELIVERY_CANCELLED"] == shop.names[-2:]
    assert "failed_to_return" == shop.bodies[-1][field]


def test_return_is_told_of_to_the_end(shop, drive, book, step):
    """
    Begun, arrived, returned.
    """
    book(action_if_undeliverable="return_to_pickup")
    drive.advance("D-1", "picked_up")
    drive.advance("D-1", "returned")
    step()

    assert RETURN == shop.names[-3:]


def test_courier_who_drops_out_is_not_told_of(shop, drive, book, step):
    """
    As DoorDash: the next event is another courier's.
    """
    book()
    drive.advance("D-1", "arrived_at_pickup")
    drive.advance("D-1", "created")
    drive.advance("D-1", "confirmed")
    step()

    assert ["DASHER_CONFIRMED", "DASHER_CONFIRMED_PICKUP_ARRIVAL", "DASHER_CONFIRMED"] == shop.names
    assert 2 == len({body["dasher_id"] for body in shop.bodies})


def test_every_status_but_the_creation_has_an_event():
    """
    What the courier can enter is told of.
    """
    assert {"created", "quote"} == {"created", "quote", *EVENTS} - EVENTS.keys()
    assert 11 == len(EVENTS)


def test_refund_is_told_in_an_envelope_of_its_own(shop, call, book, step):
    """
    When it is granted, with the amounts of the answer; a refusal is not told.
    """
    book()
    step(1200)
    for reason in ("never_delivered", "missing_main"):
        call("POST", "/drive/v2/deliveries/D-1/refunds", {"refund_reason": reason})
    step()
    body = shop.bodies[-1]
    data = body["event_data"]

    assert [*USUAL, "DELIVERY_REFUNDED"] == shop.names
    assert ("D-1", "missing_main", "999", "USD") == (
        body["external_delivery_id"],
        data["reason"],
        data["amount"],
        data["currency_code"],
    )
    assert {
        "order_value": 999,
        "tip": 0,
        "delivery_charge": 0,
        "additional_amount": 0,
        "items": [],
    } == data["amount_details"]
    assert {"order_value": 1999, "tip": 599, "delivery_charge": 975} == data["order_details"]


def test_webhook_is_sent_three_times_unless_200(shop, drive, book, step):
    """
    Any other answer is none.
    """
    shop.status = 500
    book()
    step(60)
    for _ in range(3):
        step(29)
        assert len(shop.got) <= 3
        step(1)

    assert ["DASHER_CONFIRMED"] * 3 == shop.names
    assert [500, 500, 500] == [one.status for one in drive.webhooks.sent()[0].tries]


@set_by(webhook_shuffle=7, webhook_enroute=True)
def test_webhooks_come_in_another_order_when_told(shop, book, step):
    """
    All of them, and not as they happened.
    """
    book()
    step(1800)
    times = [body["created_at"] for body in shop.bodies]

    assert sorted(WALK) == sorted(shop.names)
    assert times != sorted(times)


@set_by(webhook_foreign=True, webhook_repeat=2)
def test_foreign_deliveries_are_told_of_when_told(shop, book, step, full):
    """
    Their ids are no UUIDs and not ours, and nothing of our customer is in them.
    """
    book(**full)
    step(1200)
    foreign = [body for body in shop.bodies if body["external_delivery_id"] != "D-1"]

    assert 2 * len(USUAL) == len(foreign) == len(shop.bodies) / 2
    for body in foreign:
        with pytest.raises(ValueError, match="badly formed"):
            uuid.UUID(body["external_delivery_id"])
        assert not any("Ada" in str(one) or "Hackathon" in str(one) for one in body.values())


@set_by(webhook_url=None)
def test_no_address_no_webhooks(shop, drive, book, step):
    """
    Until one is set; what happened before is not told.
    """
    book()
    drive.clock.step(60)
    drive.webhooks.configure(url=shop.url)
    step(1140)

    assert USUAL[1:] == shop.names


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"webhook_url": "http://shop.example"}, "https"),
        ({"webhook_pause": -1.0}, "pauses_s"),
        ({"webhook_authorization": "two\nlines"}, "headers"),
        ({"webhook_repeat": 0}, "repeat"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, change, rule):
    """
    Before anything is sent.
    """
    with pytest.raises(ValueError, match=rule):
        DriveServer(attrs.evolve(options, **change))
