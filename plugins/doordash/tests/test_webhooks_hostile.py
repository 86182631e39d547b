"""
Webhooks: what no order, repetition or malice can do.
"""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.codec import from_json, to_json
from doorstep.http import Response
from doorstep.models import DeliveryId, Event, Goods, Milestone, Status, StopStatus
from doorstep.tracking import AnomalyKind, MemoryEventStore

DELIVERY = DeliveryId("doordash", "downtown", "D-1763")
WORD = "Basic c2hvcDpzZXNhbWU="


class Drive:
    """
    A carrier that answers every question with one body.
    """

    def __init__(self, body, at):
        self.body, self.at = body, at

    def send(self, request, base_url, call):
        """
        Answer.
        """
        content = json.dumps(self.body).encode()
        return Response(status=200, headers={}, body=content, sent_at=self.at, received_at=self.at)


@pytest.fixture(scope="session")
def log(recorded, news):
    """
    The bodies of the messages that a receiver logged, by names and times.
    """
    return [
        news(name, created_at=f"2025-11-17T{at}Z")
        for at, name in recorded("webhook_arrivals")["observed"]["arrivals"]
    ]


@pytest.mark.once
def test_f065_arrival_log_ends_delivered_in_any_order(listen, webhook, log, recorded):
    """
    DoorDash's messages, as a receiver logged them with the pickup after the dropoff, end in
    one and the same state in 2,000 orders with repetitions, through the client.
    """
    rng, store = random.Random(65), MemoryEventStore()
    requests = [webhook(body) for body in log]
    states, anomalies = [], []
    with listen(store=store) as client:
        for _ in range(2_000):
            many = [one for one in requests for _ in range(rng.choice([1, 1, 2]))]
            rng.shuffle(many)
            changes = [one for request in many for one in client.receive(request).changes]
            state = changes[-1].after
            states.append(state.delivery)
            anomalies.append([one.kind for one in state.anomalies])
            store.forget(DELIVERY)
    ended = recorded("webhook_arrivals")["observed"]["status"]
    wrong = [one for one in states if one.status != ended]

    assert [] == wrong
    assert all(state == states[0] for state in states)
    assert all([AnomalyKind.AFTER_END] == one for one in anomalies)
    assert {StopStatus.DONE} == {stop.status for stop in states[0].stops}
    assert Goods.DELIVERED is states[0].end.goods


@pytest.mark.parametrize("name", ["DASHER_CONFIRMED", "DASHER_DROPPED_OFF", "DELIVERY_BATCHED"])
def test_f066_message_that_comes_a_hundred_times_counts_once(listen, webhook, news, name):
    """
    DoorDash sends up to three times; each is answered with 200 and only the first counts.
    """
    with listen() as client:
        received = [client.receive(webhook(news(name))) for _ in range(100)]

    assert {200} == {one.answer.status for one in received}
    assert [1] + [0] * 99 == [len(one.changes) for one in received]
    assert [0] + [1] * 99 == [one.repeated for one in received]


def test_f068_replayed_message_changes_nothing(listen, webhook, news):
    """
    An old message that is sent again, as it was or written anew, takes no state back.
    """
    old = news("DASHER_CONFIRMED", 0)
    with listen() as client:
        client.receive(webhook(old))
        (change,) = client.receive(webhook(news("DASHER_PICKED_UP", 60))).changes
        again = client.receive(webhook(old))
        (anew,) = client.receive(webhook(json.dumps(old, indent=1).encode())).changes

    assert (200, ()) == (again.answer.status, again.changes)
    assert Status.PICKED_UP is change.after.delivery.status is anew.after.delivery.status
    assert not anew.status_changed


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        "event_name",
        "created_at",
        "external_delivery_id",
        "event_data",
        "fee",
        "currency",
        "reason",
        "dasher_location",
        "pickup_time_actual",
        "dasher_id",
        "tracking_url",
    ]
)
NAMES = st.sampled_from(["DASHER_DROPPED_OFF", "DELIVERY_CANCELLED", "delivery_created", "x"])
BODIES = st.one_of(
    st.binary(),
    ANY_JSON.map(lambda value: json.dumps(value).encode()),
    st.tuples(NAMES, st.dictionaries(FIELDS, ANY_JSON)).map(
        lambda pair: json.dumps({"event_name": pair[0], **pair[1]}).encode()
    ),
)


@pytest.mark.once
@given(
    method=st.sampled_from(["POST", "POST", "POST", "GET", "post", ""]),
    header=st.just(WORD) | st.none() | st.text(),
    body=BODIES,
)
def test_f069_whatever_comes_is_answered(hearing, webhook, listen_once, method, header, body):
    """
    Whatever method, header and body a stranger sends: 200, 400, 401 or 405, and what is
    believed can be kept and read again.
    """
    received = listen_once.receive(webhook(body, authorization=header, method=method))
    status = received.answer.status

    assert status in ({405} if method != "POST" else {200, 400} if header == WORD else {401})
    assert (status == 200) == (received.rejected is None)
    for event in received.events:
        assert event == from_json(to_json(event), Event)


@pytest.fixture(scope="module")
def listen_once(hearing):
    """
    One client for all examples; what it kept before does no harm.
    """
    from doorstep.client import Client

    with Client(hearing, store=MemoryEventStore()) as client:
        yield client


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"DASHER_CONFIRMED"',
        b"\xff{}",
        b"{}",
        b'{"event_name": null}',
        b'{"event_name": 7}',
        b'{"event_name": ""}',
        b'{"event_name": "a\\u0000"}',
        b'{"event_name": "' + b"x" * 257 + b'"}',
        b'{"event_name": "DASHER_CONFIRMED", "event_name": "DASHER_DROPPED_OFF"}',
        b'{"event_name": "x", "external_delivery_id": "1", "external_delivery_id": "2"}',
        b'{"event_name": "x", "more": ' + b"[" * 101 + b"]" * 101 + b"}",
    ],
)
def test_f069_what_is_no_message_is_malformed(listen, webhook, body):
    """
    Not JSON, no object, no event, or one thing said in two ways: 400, and nothing is told.
    """
    with listen() as client:
        received = client.receive(webhook(body))

    assert (400, "malformed") == (received.answer.status, received.rejected.reason)
    assert (b"", ()) == (received.answer.body, received.events)


def test_f039_deepest_message_can_be_kept_in_a_file(listen, webhook, news, tmp_path):
    """
    What is acknowledged can be read again, however deep it is nested: the next message of
    the delivery is not lost for it.
    """
    from doorstep.tracking import SqliteEventStore

    deep = []
    for _ in range(98):
        deep = [deep]
    with SqliteEventStore(tmp_path / "events.db") as store, listen(store=store) as client:
        client.receive(webhook(news("DASHER_CONFIRMED", more=deep)))
        later = client.receive(webhook(news("DASHER_PICKED_UP", 5)))

    assert Status.PICKED_UP is later.changes[0].after.delivery.status


def test_f072_answer_that_goes_back_leaves_the_end_and_is_flagged(listen, webhook, news, told, now):
    """
    A read that says "on the way" after DoorDash told of the dropoff changes no end; the
    contradiction is flagged.
    """
    later = told("enroute_to_dropoff", updated_at="2026-11-22T12:05:00Z")
    store = MemoryEventStore()
    with listen(pool=Drive(later, now), store=store) as client:
        client.receive(webhook(news("DASHER_DROPPED_OFF", 0)))
        client.track(DELIVERY)
        (change,) = client.receive(webhook(news("DASHER_DROPPED_OFF", 1))).changes

    assert Status.DELIVERED is change.after.delivery.status
    assert [AnomalyKind.AFTER_END] == [one.kind for one in change.after.anomalies]


def test_f073_other_dasher_takes_over_without_a_new_status(listen, webhook, news):
    """
    DoorDash confirms again when another Dasher takes over: both are remembered, the status
    stays, and nothing of the first one's is taken for the second's.
    """
    first = {"dasher_id": 7, "dasher_name": "Ada L.", "dasher_phone_number": "+16505550101"}
    with listen() as client:
        client.receive(webhook(news("DASHER_CONFIRMED", 0, **first)))
        again = news("DASHER_CONFIRMED", 9, dasher_id=8, dasher_name="Bob")
        (change,) = client.receive(webhook(again)).changes
    state = change.after

    assert (Status.ASSIGNED, None) == (state.delivery.status, state.delivery.courier.phone)
    assert ["Ada L.", "Bob"] == [one.name for one in state.couriers]
    assert Milestone.COURIER_CHANGED in state.delivery.milestones


def test_f074_resumed_after_a_cancel_stays_cancelled_and_asks_for_a_look(listen, webhook, news):
    """
    A Dasher who is confirmed after DoorDash cancelled is flagged, and the delivery is named
    among those to track; nothing is booked on a guess.
    """
    with listen() as client:
        ended = client.receive(webhook(news("DELIVERY_CANCELLED", 0, reason="failed_to_pickup")))
        resumed = client.receive(webhook(news("DASHER_CONFIRMED", 9)))
    (change,) = resumed.changes

    assert ((DELIVERY,), (DELIVERY,)) == (ended.confirm, resumed.confirm)
    assert Status.CANCELLED is change.after.delivery.status
    assert [AnomalyKind.AFTER_END] == [one.kind for one in change.anomalies]
