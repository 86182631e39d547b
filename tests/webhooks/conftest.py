"""
A shop that receives webhooks, and whoever sends it something.
"""

from __future__ import annotations

import asyncio
import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from werkzeug.serving import WSGIRequestHandler as WerkzeugHandler
from werkzeug.serving import make_server as make_werkzeug

from doorstep.models import Address, DeliveryRequest, Status, Stop
from doorstep.testing import FakeCarrier
from doorstep.tracking import MemoryEventStore

WISH = DeliveryRequest(
    reference="order-1",
    pickup=Stop(address=Address(one_line="1 Main St")),
    dropoffs=Stop(address=Address(one_line="2 Side St")),
)


#: The headers of an answer without a body.
EMPTY = {
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
    "content-length": "0",
}


class Shop:
    """
    A shop with a delivery under way, and what it heard.
    """

    def __init__(self) -> None:
        self.carrier = FakeCarrier()
        self.seen = []
        self.client = self.carrier.connect(store=MemoryEventStore())
        self.booked = self.client.dispatch(WISH)
        self.carrier.advance(self.booked.id, Status.TO_PICKUP)

    def receive(self, request):
        """
        Receive, and remember what was asked and what came of it.
        """
        received = self.client.receive(request)
        self.seen.append((request, received))
        return received

    @property
    def status(self):
        """
        How far the shop thinks that the delivery is.
        """
        return self.client._tracker.state(self.booked.id).delivery.status


class AsyncShop:
    """
    The same shop, awaited.
    """

    def __init__(self, shop) -> None:
        self._shop = shop

    async def receive(self, request):
        """
        See :meth:`Shop.receive`.
        """
        return self._shop.receive(request)


def environ(webhook=None, **more):
    """
    Return what a server hands to a WSGI application for *webhook*.
    """
    body = b"" if webhook is None else webhook.body
    made = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    for name, value in (webhook.headers if webhook else {}).items():
        made["HTTP_" + name.upper().replace("-", "_")] = value
    made.update(more)
    return {name: value for name, value in made.items() if value is not None}


def call(application, environ):
    """
    Ask a WSGI application; return status, headers and body.
    """
    started = []
    body = b"".join(application(environ, lambda *told: started.append(told)))
    ((status, headers),) = started
    return int(status.split()[0]), dict(headers), body


def scope(webhook=None, **more):
    """
    Return what a server hands to an ASGI application for *webhook*.
    """
    headers = [] if webhook is None else webhook.headers.items()
    made = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    return made | more


def pieces(*bodies):
    """
    Return the messages that a server sends for a body in pieces.
    """
    last = len(bodies) - 1
    return [
        {"type": "http.request", "body": body, "more_body": number < last}
        for number, body in enumerate(bodies)
    ]


def ask(application, scope, messages):
    """
    Ask an ASGI application; return what it sent.
    """
    sent = []
    left = iter(messages)

    async def receive():
        return next(left)

    async def send(message):
        sent.append(message)

    asyncio.run(application(scope, receive, send))
    return sent


class Quiet(WSGIRequestHandler):
    """
    Says nothing on the screen.
    """

    def log_message(self, *args):
        """
        Drop it.
        """


class QuietWerkzeug(WerkzeugHandler):
    """
    Says nothing on the screen.
    """

    def log(self, *args):
        """
        Drop it.
        """


@contextmanager
def serving(kind: str, application) -> Iterator[int]:
    """
    Serve *application* on loopback; give the port.
    """
    if kind == "wsgiref":
        server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    else:
        server = make_werkzeug("127.0.0.1", 0, application, request_handler=QuietWerkzeug)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    if kind == "werkzeug":
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def talk(port: int, *parts: bytes, half_close: bool = False) -> bytes:
    """
    Send *parts* as they are, and return the head of what is answered.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=5) as wire:
        for part in parts:
            wire.sendall(part)
        if half_close:
            wire.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while b"\r\n\r\n" not in answer and (more := wire.recv(65536)):
                answer += more
        except ConnectionResetError:
            # Refused before it was read to the end; the answer came before.
            pass
        return answer


class Kit:
    """
    Everything by name, because test modules cannot import one another.
    """

    AsyncShop = AsyncShop
    EMPTY = EMPTY
    Shop = Shop
    WISH = WISH
    ask = staticmethod(ask)
    call = staticmethod(call)
    environ = staticmethod(environ)
    pieces = staticmethod(pieces)
    scope = staticmethod(scope)
    serving = staticmethod(serving)
    talk = staticmethod(talk)


@pytest.fixture(scope="session")
def kit():
    """
    Helpers.
    """
    return Kit


@pytest.fixture
def shop():
    """
    A shop with a delivery under way.
    """
    return Shop()
