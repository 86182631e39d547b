"""
The bare ASGI receiver, called as servers call it.
"""

from __future__ import annotations

import asyncio

import attrs
import pytest

from doorstep.models import Status
from doorstep.tracking import MemoryEventStore
from doorstep.webhooks import Received, WebhookAnswer, asgi


@pytest.fixture
def waiter(kit, shop):
    """
    The shop, awaited.
    """
    return kit.AsyncShop(shop)


def start(sent):
    """
    Return status, headers and body of what was sent.
    """
    first, last = sent
    assert ("http.response.start", "http.response.body") == (first["type"], last["type"])
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in first["headers"]}
    return first["status"], headers, last["body"]


def test_webhook_in_pieces_is_taken_and_answered(kit, shop, waiter):
    """
    A webhook of the carrier, in however many pieces, changes the state and is answered.
    """
    webhook = shop.carrier.webhook(shop.booked.id)
    half = len(webhook.body) // 2
    body = kit.pieces(webhook.body[:half], b"", webhook.body[half:])
    sent = kit.ask(asgi(waiter), kit.scope(webhook), body)

    assert (200, kit.EMPTY, b"") == start(sent)
    assert Status.TO_PICKUP is shop.status


def test_client_itself_receives(kit, shop):
    """
    An async client is what it is made for.
    """
    webhook = shop.carrier.webhook(shop.booked.id)

    async def both():
        sent = []

        async def receive():
            return kit.pieces(webhook.body)[0]

        async def send(message):
            sent.append(message)

        async with shop.carrier.connect_async(store=MemoryEventStore()) as client:
            await asgi(client)(kit.scope(webhook), receive, send)
        return sent

    assert 200 == start(asyncio.run(both()))[0]


def test_f067_forged_webhook_is_refused(kit, shop, waiter):
    """
    Without the carrier's word it is 401, without a word of what was sent.
    """
    forged = attrs.evolve(shop.carrier.webhook(shop.booked.id), headers={"authorization": "mine"})
    sent = kit.ask(asgi(waiter), kit.scope(forged), kit.pieces(forged.body))

    assert (401, kit.EMPTY, b"") == start(sent)
    assert Status.PENDING is shop.status


def test_declared_length_over_the_cap_is_refused_unread(kit, shop, waiter):
    """
    Who says that too much is coming is believed, and not read.
    """
    asked = kit.scope(headers=[(b"content-length", b"11")])

    assert 413 == start(kit.ask(asgi(waiter, body_cap=10), asked, []))[0]


@pytest.mark.parametrize("declared", [[], [(b"content-length", b"3")], [(b"content-length", b"x")]])
def test_undeclared_length_over_the_cap_is_refused_at_the_cap(kit, shop, waiter, declared):
    """
    Reading ends with the piece that goes beyond the cap, whatever was declared.
    """
    endless = ({"type": "http.request", "body": b"123", "more_body": True} for _ in range(4))
    sent = kit.ask(asgi(waiter, body_cap=10), kit.scope(headers=declared), endless)

    assert 413 == start(sent)[0]
    assert [] == shop.seen


def test_sender_that_leaves_is_not_answered(kit, shop, waiter):
    """
    Half a message is none, and nobody is there to be told.
    """
    left = [*kit.pieces(b"half", b"")[:1], {"type": "http.disconnect"}]

    assert [] == kit.ask(asgi(waiter), kit.scope(), left)
    assert [] == shop.seen


def test_server_starts_and_stops(kit, waiter):
    """
    A server that asks whether it may start and stop is told yes.
    """
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent = kit.ask(asgi(waiter), {"type": "lifespan"}, messages)

    assert ["lifespan.startup.complete", "lifespan.shutdown.complete"] == [
        one["type"] for one in sent
    ]


def test_websocket_is_refused(kit, waiter):
    """
    Anybody can ask for a websocket; it is closed before it is open, which is a 403.
    """
    sent = kit.ask(asgi(waiter), {"type": "websocket"}, [{"type": "websocket.connect"}])

    assert [{"type": "websocket.close"}] == sent


def test_other_protocol_is_the_servers_mistake(kit, waiter):
    """
    What no receiver can speak is raised, as the protocol wants.
    """
    with pytest.raises(ValueError, match="not gopher"):
        kit.ask(asgi(waiter), {"type": "gopher"}, [])


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ({"path": "/hooks/a b", "raw_path": b"/hooks/a%20b"}, "/hooks/a%20b"),
        ({"path": "/A", "raw_path": b"/%41?a=1"}, "/%41"),
        ({"path": "/a b/\xe4", "raw_path": None}, "/a%20b/%C3%A4"),
        ({"path": "/\udcff"}, "/%3F"),
        ({"path": "/x", "root_path": "/hooks", "raw_path": b"/\xff"}, "/\xff"),
    ],
)
def test_path_is_that_of_the_request_line(kit, shop, waiter, told, path):
    """
    A provider sees the path as it was sent, with whatever it is mounted under.
    """
    kit.ask(asgi(waiter), kit.scope(query_string=b"a=%20", **told), kit.pieces(b""))

    assert (path, "a=%20") == (shop.seen[0][0].path, shop.seen[0][0].query)


def test_headers_told_twice_are_one_list(kit, shop, waiter):
    """
    A second value does not hide the first: neither passes for the only one.
    """
    webhook = shop.carrier.webhook(shop.booked.id)
    word = webhook.headers["authorization"].encode()
    twice = [(b"Authorization", b"caf\xe9"), (b"authorization", word)]
    sent = kit.ask(asgi(waiter), kit.scope(headers=twice), kit.pieces(webhook.body))

    assert 401 == start(sent)[0]
    assert f"caf\xe9, {word.decode()}" == shop.seen[0][0].headers["AUTHORIZATION"]


def test_answer_of_the_provider_goes_out_and_begins_no_other_header(kit):
    """
    A challenge is answered as the provider says, and nothing of it becomes a header.
    """

    class Answers:
        async def receive(self, request):
            headers = {"x-good": "caf\xe9", "x-echo": "1\r\nset-cookie: a=b"}
            return Received(answer=WebhookAnswer(headers=headers, body=b"abc"))

    status, headers, body = start(kit.ask(asgi(Answers()), kit.scope(), kit.pieces(b"")))
    head = start(kit.ask(asgi(Answers()), kit.scope(method="HEAD"), kit.pieces(b"")))

    assert (200, b"abc") == (status, body)
    assert {
        "x-good": "caf\xe9",
        **kit.EMPTY,
        "content-length": "3",
    } == headers
    assert (200, headers, b"") == head


def test_what_the_store_raises_goes_on_to_the_server(kit, shop, waiter, monkeypatch):
    """
    News that could not be kept are not acknowledged.
    """
    webhook = shop.carrier.webhook(shop.booked.id)

    def full(observation):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shop.client._store, "add", full)
    with pytest.raises(OSError, match="No space"):
        kit.ask(asgi(waiter), kit.scope(webhook), kit.pieces(webhook.body))
