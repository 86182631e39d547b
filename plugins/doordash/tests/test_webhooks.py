"""
Webhooks: every event, both generations of fields, and what is odd among them.
"""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest

from doorstep.codec import from_json, to_json
from doorstep.models import (
    Actor,
    DeliveryId,
    EndReason,
    Event,
    EventKind,
    Goods,
    Milestone,
    Money,
    Status,
    StopKind,
    StopStatus,
)
from doorstep_doordash._webhook_wire import Message
from doorstep_doordash._webhooks import EVENTS

BODIES = {
    path.stem: one["request"]["body"]
    for path in sorted((Path(__file__).parent.parent / "recordings").glob("webhook_*.json"))
    if (one := json.loads(path.read_text()))["request"]
}

STATUSES = {
    "DELIVERY_CREATED": Status.PENDING,
    "DASHER_CONFIRMED": Status.ASSIGNED,
    "DASHER_ENROUTE_TO_PICKUP": Status.TO_PICKUP,
    "DASHER_CONFIRMED_PICKUP_ARRIVAL": Status.AT_PICKUP,
    "DASHER_PICKED_UP": Status.PICKED_UP,
    "DASHER_ENROUTE_TO_DROPOFF": Status.TO_DROPOFF,
    "DASHER_CONFIRMED_DROPOFF_ARRIVAL": Status.AT_DROPOFF,
    "DASHER_DROPPED_OFF": Status.DELIVERED,
    "DELIVERY_CANCELLED": Status.CANCELLED,
    "DELIVERY_RETURN_INITIALIZED": Status.RETURNING,
    "DASHER_ENROUTE_TO_RETURN": Status.RETURNING,
    "DASHER_CONFIRMED_RETURN_ARRIVAL": Status.RETURNING,
    "DELIVERY_RETURNED": Status.RETURNED,
}
MILESTONES = {
    "DELIVERY_BATCHED": Milestone.BATCHED,
    "DASHER_COMPLETED_SHOPPING": Milestone.SHOPPING_COMPLETED,
    "dasher_attempted_delivery": Milestone.ATTEMPT_FAILED,
}
OTHERS = {
    "parcel_labeled",
    "parcel_scanned",
    "parcel_received_to_redeliver",
    "parcel_return_to_merchant",
    "parcel_lost_in_transit",
}
WRONG = [True, 12, 2**70, 1.5, "", "a\0b", "2022-W05-2", [], [1], {}, {"lat": True}, "\u202eabc"]
ODD = sorted({field.name for field in attrs.fields(Message)} - {"event_name", "event_data"})


@pytest.fixture
def tell(hearing, webhook, news, now):
    """
    Return a function that has an event received by the provider alone.
    """

    def receive(event_name, at=0, **fields):
        found = hearing.receive(webhook(news(event_name, at, **fields)), now)
        (event,) = found.events
        return event, found.confirm

    return receive


@pytest.mark.parametrize("name", BODIES)
def test_body_is_kept_as_it_came(listen, webhook, name):
    """
    Whatever is not understood can be read all the same: in the event, and in the delivery.
    """
    body = BODIES[name]
    with listen() as client:
        (event,) = client.receive(webhook(body)).events

    assert body == event.raw.as_dict() == event.snapshot.raw.as_dict()


def test_every_event_is_known():
    """
    No event of the documents is missing here, nor another one known.
    """
    assert {one.lower() for one in (*STATUSES, *MILESTONES, *OTHERS)} == set(EVENTS)


@pytest.mark.parametrize("spell", [str.upper, str.lower, str.title])
@pytest.mark.parametrize(("name", "expected"), STATUSES.items())
def test_event_tells_a_status_in_any_case(tell, name, expected, spell):
    """
    An event is known in capitals and in small letters, and keeps the name it came by.
    """
    event, confirm = tell(spell(name))

    assert (EventKind.STATUS, spell(name)) == (event.kind, event.name)
    assert expected is event.snapshot.status
    assert event.snapshot.raw_status is not None
    assert (event.delivery_id if expected.terminal else None) == confirm


@pytest.mark.parametrize(("name", "expected"), MILESTONES.items())
def test_event_tells_a_milestone(tell, name, expected):
    """
    What moves no status is a milestone, and claims none.
    """
    event, confirm = tell(name)

    assert (EventKind.MILESTONE, {expected}) == (event.kind, event.snapshot.milestones)
    assert (Status.UNKNOWN, None) == (event.snapshot.status, event.snapshot.raw_status)
    assert confirm is None


@pytest.mark.parametrize("name", [*sorted(OTHERS), "DASHER_LEVITATED", "crêpe"])
def test_event_that_nobody_has_described_is_reported(tell, name):
    """
    An unknown event is acknowledged; its fields count, and no status is guessed.
    """
    event, confirm = tell(name, tracking_url="https://x.example", dasher_name="Sam")

    assert (EventKind.OTHER, name) == (event.kind, event.name)
    assert (Status.UNKNOWN, None) == (event.snapshot.status, event.snapshot.raw_status)
    assert ("https://x.example", "Sam") == (
        event.snapshot.tracking_url,
        event.snapshot.courier.name,
    )
    perhaps_over = name in {"parcel_return_to_merchant", "parcel_lost_in_transit"}
    assert (event.delivery_id if perhaps_over else None) == confirm


def test_arrival_at_the_return_is_a_milestone_too(tell):
    """
    The two statuses on the way back differ by it.
    """
    assert {Milestone.AT_RETURN} == tell("DASHER_CONFIRMED_RETURN_ARRIVAL")[0].snapshot.milestones


def test_what_is_left_out_is_not_told(tell):
    """
    A message without fields says nothing but its status.
    """
    told, _ = tell("DASHER_CONFIRMED")
    one = told.snapshot

    assert (None, None, None, None, None) == (
        one.courier,
        one.price,
        one.tip,
        one.tracking_url,
        one.support_ref,
    )
    assert {None} == {
        value for stop in one.stops for value in (stop.address, stop.eta, stop.done_at, stop.pin)
    }
    assert {StopStatus.UNKNOWN} == {
        stop.status for stop in tell("DELIVERY_BATCHED")[0].snapshot.stops
    }


def test_fields_of_later_messages_do_not_erase_earlier_ones(listen, webhook, news):
    """
    What a message leaves out keeps what was known, and a missing pickup event is made
    good by the time of it.
    """
    with listen() as client:
        first = news("DASHER_CONFIRMED", 0, dasher_name="John D.", fee=975, currency="USD")
        last = news("DASHER_DROPPED_OFF", 9, pickup_time_actual="2026-11-22T12:00:05Z", fee=975)
        client.receive(webhook(first))
        (change,) = client.receive(webhook(last)).changes
    state = change.after.delivery

    assert ("John D.", Money(975, "USD")) == (state.courier.name, state.price.total)
    assert (StopKind.PICKUP, StopStatus.DONE) == (state.stops[0].kind, state.stops[0].status)
    assert state.stops[0].done_at is not None


def test_both_generations_of_phones_are_read(tell):
    """
    The older name of the Dasher's phone counts where the newer one is not told.
    """
    older, _ = tell("DASHER_CONFIRMED", dasher_phone_number="+16505550101")
    both, _ = tell(
        "DASHER_CONFIRMED",
        dasher_phone_number="+16505550101",
        dasher_dropoff_phone_number="+16505550102",
        dasher_pickup_phone_number="+16505550103",
    )

    assert "+16505550101" == older.snapshot.courier.phone
    assert ("+16505550102", "+16505550103") == (
        both.snapshot.courier.phone,
        both.snapshot.courier.pickup_phone,
    )


def test_support_reference_is_text(tell):
    """
    It is a number in some of DoorDash's documents and text in others.
    """
    assert "1343593362" == tell("X", support_reference=1343593362)[0].snapshot.support_ref


def test_money_needs_its_currency(tell):
    """
    Cents of an unknown currency are no money.
    """
    event, _ = tell("DASHER_CONFIRMED", fee=975, tip=200)

    assert (None, None) == (event.snapshot.price, event.snapshot.tip)


def test_photo_is_a_proof(tell):
    """
    The picture at the door is a proof of the dropoff.
    """
    event, _ = tell("DASHER_DROPPED_OFF", dropoff_verification_image_url="https://x.example/1.png")

    assert ["https://x.example/1.png"] == [one.url for one in event.snapshot.stops[1].proofs]
    assert {Milestone.PROOF_AVAILABLE} == event.snapshot.milestones


@pytest.mark.parametrize(
    ("fields", "status", "reason", "raw"),
    [
        (
            {"reason": "failed_to_return"},
            Status.FAILED,
            EndReason.RETURN_FAILED,
            "failed_to_return",
        ),
        (
            {"cancellation_reason": "failed_to_assign_and_refunded"},
            Status.CANCELLED,
            EndReason.NO_COURIER,
            "failed_to_assign_and_refunded",
        ),
        (
            {"cancellation_reason": "odd", "reason": "failed_to_deliver"},
            Status.FAILED,
            EndReason.DELIVERY_FAILED,
            "failed_to_deliver",
        ),
        (
            {"reason": "odd", "pickup_time_actual": "2026-11-22T11:00:00Z"},
            Status.FAILED,
            EndReason.UNKNOWN,
            "odd",
        ),
        ({}, Status.CANCELLED, EndReason.UNKNOWN, None),
    ],
)
def test_cancel_is_read_under_both_names(tell, fields, status, reason, raw):
    """
    Why it was cancelled stands under either name; FAILED when the goods were collected.
    """
    event, confirm = tell("DELIVERY_CANCELLED", **fields)
    end = event.snapshot.end

    assert (status, reason, raw) == (event.snapshot.status, end.reason, end.raw_reason)
    assert event.delivery_id == confirm


def test_reason_of_another_event_is_none_of_its_end(tell):
    """
    Only a cancel has a reason.
    """
    end = tell("DASHER_DROPPED_OFF", reason="too_hot")[0].snapshot.end

    assert (Actor.COURIER, EndReason.COMPLETED, None, Goods.DELIVERED) == (
        end.actor,
        end.reason,
        end.raw_reason,
        end.goods,
    )


@pytest.mark.parametrize("field", ODD)
def test_odd_field_loses_no_news(hearing, webhook, news, now, field):
    """
    A field of another type than it should be is not told and stays in raw; the rest counts.
    """
    for value in WRONG:
        (event,) = hearing.receive(webhook(news("DASHER_CONFIRMED", **{field: value})), now).events

        assert "DASHER_CONFIRMED" == event.name
        assert value == pytest.approx(event.raw.as_dict()[field])
        if event.snapshot is not None:
            assert Status.ASSIGNED is event.snapshot.status
            assert event == from_json(to_json(event), Event)


@pytest.mark.parametrize("told", [..., None, "", 7, "x" * 257, "a\nb", ["D-1763"]])
def test_news_of_nothing_are_acknowledged_and_reported(listen, webhook, news, told):
    """
    Without a usable id of a delivery there is an event, once, and no delivery changes.
    """
    request = webhook(news("DASHER_DROPPED_OFF", external_delivery_id=told))
    with listen() as client:
        first, again = client.receive(request), client.receive(request)

    assert (200, 200, 1) == (first.answer.status, again.answer.status, again.repeated)
    assert [(None, None)] == [(one.delivery_id, one.snapshot) for one in first.events]
    assert ((), (), ()) == (first.changes, first.confirm, again.events)


def test_foreign_delivery_is_acknowledged_and_named(listen, webhook, news):
    """
    Ids that nobody booked here are no error: DoorDash's own simulator makes some.
    """
    with listen() as client:
        received = client.receive(webhook(news("DASHER_CONFIRMED")))

    assert (200, None) == (received.answer.status, received.rejected)
    assert (DeliveryId("doordash", "downtown", "D-1763"),) == received.foreign


def test_revision_is_read_back(tell):
    """
    The id names reference and revision, as it does in answers.
    """
    snapshot = tell("DASHER_CONFIRMED", external_delivery_id="order-7.2")[0].snapshot

    assert ("order-7", 2) == (snapshot.reference, snapshot.revision)


def test_time_is_that_of_the_message(tell, now):
    """
    News are of when they were written, whenever they come; of now if that is not told.
    """
    event, _ = tell("DASHER_CONFIRMED", created_at="2026-11-22T11:59:58.123456789Z")
    late, _ = tell("DASHER_CONFIRMED", created_at=...)

    assert "2026-11-22T11:59:58.123456+00:00" == event.snapshot.as_of.isoformat()
    assert event.occurred_at == event.snapshot.as_of
    assert (now, now) == (late.occurred_at, late.snapshot.as_of)


@pytest.mark.parametrize("created_at", [..., None, "yesterday"])
def test_message_without_its_time_asks_for_a_look(tell, created_at):
    """
    It has no place among the others, and may be a later one: read the delivery.
    """
    event, confirm = tell("DASHER_CONFIRMED", created_at=created_at)

    assert event.delivery_id == confirm is not None
    assert tell("DASHER_CONFIRMED")[1] is None


def test_id_is_made_of_the_message(tell):
    """
    The same message has the same id each time; any other one has another.
    """
    first, same, later, other = (
        tell(name, at)[0]
        for name, at in [
            ("DASHER_CONFIRMED", 0),
            ("DASHER_CONFIRMED", 0),
            ("DASHER_CONFIRMED", 1),
            ("DASHER_PICKED_UP", 0),
        ]
    )

    assert first.synthesized_id
    assert first.id == same.id
    assert 3 == len({first.id, later.id, other.id})
    assert 64 == len(first.id)
