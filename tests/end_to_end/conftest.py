"""
A Drive server on loopback, and both clients behind one set of assertions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import doorstep
from doorstep.models import Address, Contact, DeliveryRequest, Item, Money, Stop
from doorstep_doordash.simulator import DriveOptions, DriveServer


class Awaited:
    """
    An AsyncClient whose operations are awaited here, so that one test serves both.
    """

    def __init__(self, client: doorstep.AsyncClient, loop: asyncio.AbstractEventLoop) -> None:
        self._client = client
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._client, name)
        if not asyncio.iscoroutinefunction(member):
            return member
        return lambda *args, **kwargs: self._loop.run_until_complete(member(*args, **kwargs))


@pytest.fixture(name="drive")
def _drive() -> Iterator[DriveServer]:
    with DriveServer(DriveOptions(courier_walks=False)) as server:
        yield server


@pytest.fixture(name="courier", params=["sync", "async"])
def _courier(request: pytest.FixtureRequest, drive: DriveServer) -> Iterator[Any]:
    if request.param == "sync":
        with doorstep.connect("doordash", **drive.credentials()) as client:
            yield client
        return
    loop = asyncio.new_event_loop()
    awaited = doorstep.connect_async("doordash", **drive.credentials())
    try:
        yield Awaited(awaited, loop)
    finally:
        loop.run_until_complete(awaited.aclose())
        loop.close()


@pytest.fixture(name="new_request")
def _new_request() -> Callable[..., DeliveryRequest]:
    def build(reference: str = "order-118", **fields: Any) -> DeliveryRequest:
        where = fields.pop("to", "1201 3rd Avenue, Seattle, WA 98101")
        return DeliveryRequest(
            reference=reference,
            pickup=Stop(
                address=Address(one_line="1000 4th Avenue, Seattle, WA 98104"),
                contact=Contact(business="Burrito Bar", phone="+12065551212"),
                reference="bag 61",
            ),
            dropoffs=Stop(
                address=Address(one_line=where),
                contact=Contact(given="Ada", family="Lovelace", phone="+12065551213"),
                instructions="Ring twice.",
                items=[Item(name="Burrito", quantity=2, unit_price=Money(1000, "USD"))],
            ),
            order_value=Money(2000, "USD"),
            tip=Money(300, "USD"),
            **fields,
        )

    return build
