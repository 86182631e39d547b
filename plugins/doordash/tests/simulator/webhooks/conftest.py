"""
A shop that the simulated DoorDash tells.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any, NamedTuple

import attrs
import pytest

from doorstep_contracts.faults import FaultServer
from doorstep_doordash.simulator import DriveOptions, DriveServer


class Posted(NamedTuple):
    """
    One webhook, as it came.
    """

    headers: Message
    body: dict[str, Any]


class Shop(FaultServer):
    """
    A shop's server: keeps headers and bodies, answers with *status*.
    """

    def __init__(self) -> None:
        self.status = 200
        super().__init__(lambda peer: peer.reply(self.status, b""))

    @property
    def got(self) -> list[Posted]:
        """
        All that was posted, in order.
        """
        return [_read(request) for request in list(self.requests)]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """
        The body of each.
        """
        return [one.body for one in self.got]

    @property
    def names(self) -> list[str]:
        """
        The event that each tells of.
        """
        return [body["event_name"] for body in self.bodies]


def _read(request: bytes) -> Posted:
    head, _, body = request.partition(b"\r\n\r\n")
    return Posted(message_from_bytes(head.partition(b"\r\n")[2]), json.loads(body))


@pytest.fixture(name="shop")
def _shop() -> Iterator[Shop]:
    with Shop() as shop:
        yield shop


@pytest.fixture(name="options")
def _options(options: DriveOptions, shop: Shop, request: pytest.FixtureRequest) -> DriveOptions:
    """
    The usual options and the shop's address, changed as a test's parameter says.
    """
    changes = getattr(request, "param", {})
    return attrs.evolve(options, **{"webhook_url": shop.url, **changes})


@pytest.fixture(name="step")
def _step(drive: DriveServer) -> Any:
    """
    Let time pass and wait until the shop was told of it.
    """

    def step(seconds: float = 0) -> None:
        drive.clock.step(seconds)
        drive.webhooks.settle()

    return step


@pytest.fixture(name="full")
def _full() -> dict[str, Any]:
    """
    What a request may say beside the usual.
    """
    return {
        "pickup_reference_tag": "bag 61",
        "pickup_instructions": "Ask at the bar.",
        "dropoff_instructions": "Ring twice.",
        "dropoff_contact_given_name": "Ada",
        "dropoff_contact_family_name": "Lovelace",
        "dropoff_contact_send_notifications": True,
        "currency": "USD",
    }
