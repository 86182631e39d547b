"""
A provider, requests, answers, and a way to run a flow without a network.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from doorstep.client import Client
from doorstep.http import Response
from doorstep.models import (
    Address,
    Changes,
    Contact,
    DeliveryId,
    DeliveryRequest,
    Money,
    RefundReason,
    Stop,
)
from doorstep.provider import Context
from doorstep.secret import Secret
from doorstep.testing import ManualClock
from doorstep.tracking import MemoryEventStore
from doorstep.webhooks import WebhookRequest
from doorstep_doordash._provider import DoorDashProvider
from doorstep_doordash._settings import DoorDashSettings

RECORDINGS = Path(__file__).parent.parent / "recordings"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = "c2lnbmluZy1zZWNyZXQtb2YtdGhlLXRlc3Rz_-A"
#: What the merchant typed into the portal.
WORD = "Basic c2hvcDpzZXNhbWU="


@attrs.frozen
class Ran:
    """
    A flow that returned: its value and what it asked.
    """

    value: object
    requests: list


@pytest.fixture(scope="session")
def now():
    """
    The time of every call.
    """
    return NOW


@pytest.fixture(scope="session")
def ctx():
    """
    The context of every call.
    """
    return Context(now=NOW, call_id="00000000000000000000000000000001")


@pytest.fixture(scope="session")
def settings():
    """
    The settings of an account.
    """
    return DoorDashSettings(developer_id="dev-1", key_id="key-1", signing_secret=Secret(SECRET))


@pytest.fixture(scope="session")
def provider(settings):
    """
    The provider of an account.
    """
    return DoorDashProvider("downtown", settings)


@pytest.fixture(scope="session")
def delivery_id():
    """
    The id of the delivery that every answer is about.
    """
    return DeliveryId("doordash", "downtown", "D-1763")


@pytest.fixture(scope="session")
def make_request():
    """
    Return a maker of requests that differ by keywords.
    """

    def make(*, dropoff=None, contact=None, **changes):
        person = {"given": "Ada", "family": "O'Neil", "phone": "+16505555555", **(contact or {})}
        stop = {
            "address": Address(one_line="1 Hackathon Way, San Francisco, CA 94105"),
            "contact": Contact(**person),
            **(dropoff or {}),
        }
        values = {
            "reference": "D-1763",
            "pickup": Stop(
                address=Address(one_line="901 Market Street, San Francisco, CA 94103"),
                contact=Contact(business="Deli", phone="+16505555555"),
            ),
            "dropoffs": Stop(**stop),
            "order_value": Money(1999, "USD"),
            **changes,
        }
        return DeliveryRequest(**values)

    return make


@pytest.fixture(scope="session")
def told():
    """
    Return a maker of DoorDash's answers about what ``make_request()`` asks for.
    """

    def make(status="created", **changes):
        body = {
            "external_delivery_id": "D-1763",
            "delivery_status": status,
            "currency": "USD",
            "fee": 975,
            "order_value": 1999,
            "dropoff_address": "1 Hackathon Wy, San Francisco CA 94105, USA",
            "dropoff_phone_number": "+1(650)5555555",
            "dropoff_contact_given_name": "Ada",
            "dropoff_contact_family_name": "O'Neil",
            **changes,
        }
        return {name: value for name, value in body.items() if value is not ...}

    return make


@pytest.fixture(scope="session")
def answer():
    """
    Return a maker of responses: bytes as they are, anything else as JSON.
    """

    def make(body=b"", status=200, *, at=NOW, repeated=False, headers=None):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Response(
            status=status,
            headers=headers or {},
            body=content,
            sent_at=at,
            received_at=at,
            repeated=repeated,
        )

    return make


@pytest.fixture(scope="session")
def run():
    """
    Return a function that drives a flow with answers, all of which it must ask for.

    An exception among the answers is thrown into the flow.
    """

    def drive(flow, *answers):
        requests, script = [], list(answers)
        step = flow.__next__
        try:
            while True:
                requests.append(step())
                assert script, f"asked more than expected: {requests[-1]}"
                reply = script.pop(0)
                if isinstance(reply, Exception):
                    step = lambda reply=reply: flow.throw(reply)  # noqa: E731
                else:
                    step = lambda reply=reply: flow.send(reply)  # noqa: E731
        except StopIteration as end:
            assert not script, f"did not ask for {script}"
            return Ran(end.value, requests)
        finally:
            drive.requests = requests

    return drive


@pytest.fixture(scope="session")
def recorded():
    """
    Return a reader of recordings, by the name of the file.
    """

    def read(name):
        return json.loads((RECORDINGS / f"{name}.json").read_text())

    return read


@pytest.fixture(scope="session")
def operations(provider, make_request, delivery_id, ctx):
    """
    Every operation, as a function that starts its flow.
    """
    asked, tip = make_request(), Money(300, "USD")
    fee = Money(1000, "USD")
    return {
        "quote": lambda: provider.quote(asked, ctx),
        "create": lambda: provider.dispatch(asked, ctx, quote=None, max_fee=None),
        "price_first": lambda: provider.dispatch(asked, ctx, quote=None, max_fee=fee),
        "track": lambda: provider.track(delivery_id, ctx),
        "find": lambda: provider.find("D-1763", 1, ctx),
        "update": lambda: provider.update(delivery_id, Changes(tip=tip), ctx),
        "set_tip": lambda: provider.set_tip(delivery_id, tip, ctx),
        "cancel": lambda: provider.cancel(delivery_id, None, ctx),
        "refund": lambda: provider.refund(delivery_id, RefundReason.NEVER_DELIVERED, ctx),
    }


@pytest.fixture(scope="session")
def book(provider, make_request, ctx, run):
    """
    Return a function that dispatches and answers.
    """

    def dispatch(*answers, quote=None, max_fee=None, now=None, **changes):
        context = ctx if now is None else Context(now=now, call_id="c")
        request = make_request(**changes)
        flow = provider.dispatch(request, context, quote=quote, max_fee=max_fee)
        return run(flow, *answers)

    return dispatch


@pytest.fixture(scope="session")
def quoted(provider, make_request, ctx, run, answer, told):
    """
    Return a maker of quotes.
    """

    def ask(**changes):
        request = make_request(**changes)
        body = told("quote", tip=request.tip.minor if request.tip else None)
        return run(provider.quote(request, ctx), answer(body)).value[0]

    return ask


@pytest.fixture(scope="session")
def webhook():
    """
    Return a maker of webhooks: bytes as they are, anything else as JSON.
    """

    def make(body, *, authorization=WORD, method="POST"):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {} if authorization is None else {"Authorization": authorization}
        return WebhookRequest(method=method, headers=headers, body=content)

    return make


@pytest.fixture(scope="session")
def news():
    """
    Return a maker of the body of a webhook about the delivery, *at* seconds after noon.
    """

    def make(event_name, at=0, **fields):
        moment = NOW + timedelta(seconds=at)
        body = {
            "event_name": event_name,
            "created_at": moment.isoformat().replace("+00:00", "Z"),
            "external_delivery_id": "D-1763",
            **fields,
        }
        return {name: value for name, value in body.items() if value is not ...}

    return make


@pytest.fixture(scope="session")
def hearing(settings):
    """
    The provider of an account that webhooks are set up for.
    """
    heard = attrs.evolve(settings, webhook_authorizations=(Secret("Basic older-one"), Secret(WORD)))
    return DoorDashProvider("downtown", heard)


@pytest.fixture
def listen(hearing):
    """
    Return a maker of clients that receive webhooks; no socket is opened.
    """

    def make(provider=hearing, *, pool=None, store=None):
        clock = ManualClock(NOW)
        return Client(provider, pool=pool, clock=clock, store=store or MemoryEventStore())

    return make
