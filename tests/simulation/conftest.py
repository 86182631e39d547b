"""
A carrier small enough to see through, served by the common parts.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
import urllib3
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from doorstep.simulation import (
    MoveRefusedError,
    SimulatorClock,
    SimulatorServer,
    UnknownDeliveryError,
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
