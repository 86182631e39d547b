"""
Webhooks through real frameworks, over HTTP.
"""

from __future__ import annotations

import asyncio
import http.client
import socket

import pytest

from doorstep.models import Address, DeliveryRequest, Status, Stop
from doorstep.testing import FakeCarrier
from doorstep.tracking import MemoryEventStore

WISH = DeliveryRequest(
    reference="order-1",
    pickup=Stop(address=Address(one_line="1 Main St")),
    dropoffs=Stop(address=Address(one_line="2 Side St")),
)


class Ears:
    """
    The shop's own code: it hears of changes.
    """

    def __init__(self):
        self.heard = []

    def on_exchange(self, exchange): ...

    def on_call(self, summary): ...

    def on_change(self, change):
        """
        Remember the status.
        """
        self.heard.append(change.after.delivery.status)


def post(port, body=b"", method="POST", headers=None):
    """
    Send one request; return status, headers and body.
    """
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        wire.request(method, "/webhooks", body=body, headers=dict(headers or {}))
        answer = wire.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        wire.close()


def raw(port, message):
    """
    Send bytes as they are; return the status.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=5) as wire:
        wire.sendall(message)
        return int(wire.recv(65536).split()[1])


class Shop:
    """
    A shop in a framework, and the carrier that sends it webhooks.
    """

    def __init__(self, framework, **options):
        self.carrier, self.ears = FakeCarrier(), Ears()
        connect = self.carrier.connect_async if framework.awaits else self.carrier.connect
        self.client = connect(store=MemoryEventStore(), observers=[self.ears], **options)
        self.booked = self.carrier.connect().dispatch(WISH)

    def close(self):
        """
        Let the client go.
        """
        closed = getattr(self.client, "aclose", None)
        if closed is None:
            self.client.close()
        else:
            asyncio.run(closed())


@pytest.fixture
def shop(framework):
    """
    A shop with a delivery under way.
    """
    made = Shop(framework)
    yield made
    made.close()


def test_carriers_webhook_reaches_the_shops_code(framework, shop):
    """
    In every framework a webhook is answered with 200 and its change is heard, once.
    """
    shop.carrier.advance(shop.booked.id, Status.TO_PICKUP)
    webhook = shop.carrier.webhook(shop.booked.id)
    with framework(shop.client) as port:
        status, headers, body = post(port, webhook.body, headers=webhook.headers)
        again = post(port, webhook.body, headers=webhook.headers)[0]

    assert (200, b"", 200) == (status, body, again)
    assert "text/plain; charset=utf-8" == {k.lower(): v for k, v in headers.items()}["content-type"]
    assert [Status.TO_PICKUP] == shop.ears.heard


def test_f067_f069_what_is_not_the_carriers_is_refused(framework, shop):
    """
    Forged, malformed, oversized, empty and odd requests are refused in every framework,
    and change nothing.
    """
    webhook = shop.carrier.webhook(shop.booked.id)
    word = dict(webhook.headers)
    huge = b"POST /webhooks HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2000000\r\n\r\n"
    with framework(shop.client) as port:
        assert 401 == post(port, webhook.body)[0]
        assert 401 == post(port, webhook.body, headers={"authorization": "mine"})[0]
        assert 401 == post(port, method="GET")[0]
        assert 400 == post(port, b"{", headers=word)[0]
        assert 400 == post(port, b"\xff" * 99, headers=word)[0]
        assert 400 == post(port, headers=word)[0]
        form = word | {"content-type": "multipart/form-data"}
        assert 400 == post(port, b"--x", headers=form)[0]
        assert framework.reads_first or 413 == raw(port, huge)
        assert 413 == post(port, b"x" * 2_000_000, headers=word)[0]

    assert [] == shop.ears.heard


def test_chunks_are_joined(framework, shop):
    """
    A body in chunks is taken where the server joins them, as these servers do.
    """
    webhook = shop.carrier.webhook(shop.booked.id)
    pieces = iter([webhook.body[:100], webhook.body[100:]])
    with framework(shop.client) as port:
        assert 200 == post(port, pieces, headers=webhook.headers)[0]

    assert [Status.PENDING] == shop.ears.heard
