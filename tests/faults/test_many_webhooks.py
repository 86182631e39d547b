"""
Many deliveries at once: their events shuffled and repeated, through a receiver into a file.
"""

from __future__ import annotations

import io
import random
import sys
import time
from datetime import timedelta

import pytest

from doorstep.models import Delivery, DeliveryId, End, Status
from doorstep.testing import FakeCarrier
from doorstep.testing._provider import webhook_of
from doorstep.tracking import SqliteEventStore
from doorstep.webhooks import wsgi

DELIVERIES, EVENTS = 2_000, 11_000

#: Ways that a delivery goes, and where it ends. Written down, so that what is expected
#: does not come from the code that is asked.
WAYS = [
    ("pending assigned to_pickup at_pickup picked_up to_dropoff at_dropoff delivered", "delivered"),
    ("pending to_pickup picked_up delivered", "delivered"),
    ("assigned to_pickup to_dropoff at_dropoff delivered picked_up", "delivered"),
    ("scheduled pending assigned cancelled", "cancelled"),
    ("pending assigned pending assigned to_pickup delivered", "delivered"),
    ("pending to_pickup to_dropoff at_dropoff returning returned", "returned"),
    ("pending assigned to_pickup cancelled assigned", "cancelled"),
    ("assigned to_pickup at_pickup picked_up to_dropoff", "to_dropoff"),
    ("to_pickup picked_up to_dropoff failed returning returned", "returned"),
]


class Ears:
    """
    The shop's own code: it knows what it was told last.
    """

    def __init__(self):
        self.last = {}

    def on_exchange(self, exchange): ...

    def on_call(self, summary): ...

    def on_change(self, change):
        """
        Remember the status.
        """
        self.last[change.after.delivery.id] = change.after.delivery.status


def story(carrier, number, way):
    """
    Return the webhooks of one delivery, in the order of what happened.
    """
    start = carrier.clock.now() + timedelta(seconds=number)
    mine = DeliveryId("fake", "default", f"D-{number}")
    return [
        webhook_of(
            Delivery(
                id=mine,
                status=Status(status),
                end=End() if Status(status).terminal else None,
                as_of=start + timedelta(minutes=minute),
            ),
            number * 100 + minute,
        )
        for minute, status in enumerate(way.split())
    ]


@pytest.fixture
def news():
    """
    Shuffled webhooks with repetitions, and the status that each delivery ends in.
    """
    rng = random.Random(11)
    carrier = FakeCarrier()
    expected, unique = {}, []
    for number in range(DELIVERIES):
        way, end = rng.choice(WAYS)
        expected[DeliveryId("fake", "default", f"D-{number}")] = Status(end)
        # Of most the beginning was missed: three events or four are left.
        unique += story(carrier, number, way)[-rng.choice([3, 3, 4]) :]
    many = unique + rng.choices(unique, k=EVENTS - len(unique))
    rng.shuffle(many)
    return many, expected


def environ(webhook) -> dict[str, object]:
    """
    Return what a server hands to a WSGI application for *webhook*.
    """
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "CONTENT_LENGTH": str(len(webhook.body)),
        "HTTP_AUTHORIZATION": webhook.headers["authorization"],
        "wsgi.input": io.BytesIO(webhook.body),
    }


def call(application, environ) -> str:
    """
    Ask a WSGI application and return its status.
    """
    started: list[str] = []
    b"".join(application(environ, lambda status, headers: started.append(status)))
    return started[0]


def test_f066_no_end_state_is_wrong_of_2000(news, tmp_path, capsys):
    """
    11,000 events of 2,000 deliveries, shuffled and two in five repeated, go through the
    receiver into a file: every delivery ends as it should.
    """
    many, expected = news
    with SqliteEventStore(tmp_path / "events.db") as store:
        ears = Ears()
        client = FakeCarrier().connect(store=store, observers=[ears])
        receiver = wsgi(client)
        asked = [environ(one) for one in many]
        start = time.perf_counter()
        statuses = {call(receiver, one) for one in asked}
        took = time.perf_counter() - start
        wrong = [
            one
            for one, end in expected.items()
            if {end} != {client._tracker.state(one).delivery.status, ears.last[one]}
        ]
        client.close()
    with capsys.disabled():
        sys.stdout.write(f" {EVENTS / took:,.0f} events/s ")

    assert (EVENTS, {"200 OK"}, []) == (len(many), statuses, wrong)
