"""
A fake carrier, a request, and both clients behind one set of assertions.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import attrs
import pytest

from doorstep.client import AsyncClient
from doorstep.models import Address, DeliveryRequest, Stop
from doorstep.testing import FakeCarrier


class Awaited:
    """
    An AsyncClient whose operations are awaited here, so that one test serves both.
    """

    def __init__(self, client: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._client = client
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._client, name)
        if name in ("catalog", "onboarding"):
            return Awaited(member, self._loop)
        if name in ("businesses", "stores"):
            return lambda *args, **kwargs: self._each(member(*args, **kwargs))
        if not asyncio.iscoroutinefunction(member):
            return member
        return lambda *args, **kwargs: self._loop.run_until_complete(member(*args, **kwargs))

    def _each(self, entries: AsyncIterator[Any]) -> Iterator[Any]:
        while True:
            try:
                yield self._loop.run_until_complete(anext(entries))
            except StopAsyncIteration:
                return


Connect = Callable[..., Any]


@pytest.fixture(name="carrier")
def _carrier() -> FakeCarrier:
    return FakeCarrier()


@pytest.fixture(name="connect", params=["sync", "async"])
def _connect(request: pytest.FixtureRequest, carrier: FakeCarrier) -> Iterator[Connect]:
    if request.param == "sync":
        yield carrier.connect
        return
    loop = asyncio.new_event_loop()
    made: list[AsyncClient] = []

    def connect(**options: Any) -> Awaited:
        made.append(carrier.connect_async(**options))
        return Awaited(made[-1], loop)

    yield connect
    for client in made:
        loop.run_until_complete(client.aclose())
    loop.close()


@pytest.fixture(name="wish")
def _wish() -> DeliveryRequest:
    return DeliveryRequest(
        reference="order-1",
        pickup=Stop(address=Address(one_line="1 Main St")),
        dropoffs=Stop(address=Address(one_line="2 Side St")),
    )


@pytest.fixture(name="poorer")
def _poorer(carrier: FakeCarrier) -> Callable[..., None]:
    def narrow(**capabilities: Any) -> None:
        can = attrs.evolve(carrier.provider.capabilities, **capabilities)
        carrier.provider = attrs.evolve(carrier.provider, capabilities=can)

    return narrow
