"""
A carrier small enough to see through, served by the common parts.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
import urllib3
from tests.shop import Shop
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from doorstep.simulation import (
    MoveRefusedError,
    SimulatorClock,
    SimulatorServer,
    UnknownDeliveryError,
    WebhookOptions,
    WebhookSender,
)


class ToyCarrier:
    """
    Books whatever name is put to it.
    """

    def __init__(self) -> None:
        self.booked: list[str] = []
        self.committed = threading.Event()

    def rules(self) -> Sequence[Rule]:
        return (
            Rule("/things/<thing>", methods=["PUT"], endpoint="book"),
            Rule("/things/<thing>", methods=["GET"], endpoint="read"),
        )

    def answer(self, operation: str, arguments: Mapping[str, str], request: Request) -> Response:
        if operation == "book":
            self.booked.append(arguments["thing"])
            self.committed.set()
        body = {"id": arguments["thing"], "said": request.get_data(as_text=True)}
        return Response(json.dumps(body), content_type="application/json")

    def refusal(self, status: int, arguments: Mapping[str, str]) -> Response:
        body = {"refused": status, "thing": arguments["thing"]}
        return Response(json.dumps(body), status=status, content_type="application/json")

    def with_other_id(self, response: Response) -> Response:
        response.set_data('{"id": "another"}')
        return response

    def books(self) -> list[dict[str, Any]]:
        return [{"id": thing} for thing in self.booked]

    def advance(self, delivery: str, to: str, **details: Any) -> dict[str, Any]:
        if delivery not in self.booked:
            raise UnknownDeliveryError("no such thing")
        if to == "nowhere":
            raise MoveRefusedError("not there")
        return {"id": delivery, "status": to, **details}


@pytest.fixture(name="carrier")
def _carrier() -> ToyCarrier:
    return ToyCarrier()


@pytest.fixture(name="server")
def _server(carrier: ToyCarrier) -> Iterator[SimulatorServer]:
    with SimulatorServer(carrier, clock=SimulatorClock(speed=0)) as server:
        yield server


@pytest.fixture(name="pool")
def _pool(server: SimulatorServer) -> Iterator[urllib3.HTTPConnectionPool]:
    host, port = server.base_url.removeprefix("http://").split(":")
    with urllib3.HTTPConnectionPool(
        host, int(port), maxsize=1, block=True, timeout=2, retries=False
    ) as pool:
        yield pool


@pytest.fixture(name="shop")
def _shop() -> Iterator[Shop]:
    with Shop() as shop:
        yield shop


@pytest.fixture(name="clock")
def _clock() -> SimulatorClock:
    return SimulatorClock(datetime(2026, 11, 22, 10, tzinfo=UTC), speed=0)


@pytest.fixture(name="word")
def _word() -> str:
    """
    What the sender says to be known by, and nobody may see.
    """
    return "Basic nobody-may-see-it"


@pytest.fixture(name="sender")
def _sender(shop: Shop, clock: SimulatorClock, word: str) -> Iterator[WebhookSender]:
    options = WebhookOptions(url=shop.url, headers={"Authorization": word}, pauses_s=(30, 60))
    sender = WebhookSender(clock, options)
    sender.start()
    yield sender
    sender.stop()


@pytest.fixture(name="tell")
def _tell(sender: WebhookSender) -> Callable[..., None]:
    """
    Send a webhook for each word and wait until what is due is posted.
    """

    def tell(*words: str) -> None:
        for word in words:
            sender.send(word.upper(), word.encode(), foreign=f"other {word}".encode)
        sender.settle()

    return tell
