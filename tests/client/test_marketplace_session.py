"""
A marketplace has its own credentials: what is signed for it, and with what.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest

from doorstep import Secret
from doorstep.client import AsyncClient, Client
from doorstep.errors import AuthenticationError, SettingsError
from doorstep.http import CallSummary, Exchange, Flow, Grant, Request, Response
from doorstep.models import Address, DeliveryRequest, Stop
from doorstep.testing import FakeCarrier, FakeProvider
from doorstep.testing._catalog import FakeCatalog

DELIVERIES, MARKETPLACE = "https://deliveries.invalid", "https://marketplace.invalid"


@attrs.frozen(kw_only=True)
class Signing:
    """
    Signs with a token that is fetched from an endpoint's own place.
    """

    word: str
    refused: AuthenticationError | None = None

    def grant(self, now: datetime) -> Flow[Grant]:
        """
        Fetch a token.
        """
        yield Request("GET", f"/{self.word}/token", signed=False)
        if self.refused is not None:
            raise self.refused
        return Grant(value=Secret(f"{self.word}-token"), expires_at=now + timedelta(hours=1))

    def sign(self, request: Request, now: datetime, grant: Grant | None) -> Request:
        """
        Put the token on the request.
        """
        assert grant is not None
        return request.with_headers({"Authorization": grant.value.reveal()})


@attrs.frozen(kw_only=True)
class OwnCatalog(FakeCatalog):
    """
    A marketplace with credentials of its own.
    """

    base_url: str = MARKETPLACE
    signing: Signing = attrs.field(factory=lambda: Signing(word="marketplace"))

    def grant(self, now: datetime) -> Flow[Grant]:
        """
        Fetch a token.
        """
        return self.signing.grant(now)

    def sign(self, request: Request, now: datetime, grant: Grant | None) -> Request:
        """
        Put the token on the request.
        """
        return self.signing.sign(request, now, grant)


@attrs.frozen(kw_only=True)
class TwoFaced(FakeProvider):
    """
    A provider whose deliveries and marketplace take different credentials.
    """

    base_url: str = DELIVERIES
    market: OwnCatalog = attrs.field(factory=lambda: OwnCatalog(name="fake", account="default"))
    signing: Signing = attrs.field(factory=lambda: Signing(word="deliveries"))

    @property
    def catalog(self) -> OwnCatalog:
        """
        The marketplace.
        """
        return self.market

    def grant(self, now: datetime) -> Flow[Grant]:
        """
        Fetch a token.
        """
        return self.signing.grant(now)

    def sign(self, request: Request, now: datetime, grant: Grant | None) -> Request:
        """
        Put the token on the request.
        """
        return self.signing.sign(request, now, grant)


class Carrier(FakeCarrier):
    """
    Keeps where each request went, and with which token.
    """

    def __init__(self) -> None:
        super().__init__(provider=TwoFaced())
        self.marketplace.add_store("12345")
        self.heard: list[tuple[str, str, str | None]] = []

    def send(self, request: Request, base_url: str, call: Any) -> Response:
        """
        Answer, and remember.
        """
        self.heard.append((base_url, request.target, request.headers.get("Authorization")))
        if request.target.endswith("/token"):
            return self._response(200, b"{}")
        return super().send(request, base_url, call)


class Watching:
    """
    Keeps what observers are told.
    """

    def __init__(self) -> None:
        self.told: list[str] = []

    def on_exchange(self, exchange: Exchange) -> None:
        """
        Note the route.
        """
        self.told.append(exchange.route)

    def on_call(self, summary: CallSummary) -> None:
        """
        Note the operation.
        """
        self.told.append(summary.operation)


def wish(reference: str) -> DeliveryRequest:
    stop = Stop(address=Address(one_line="1 Main St"))
    return DeliveryRequest(reference=reference, pickup=stop, dropoffs=stop)


def use(carrier: Carrier, **options: Any) -> None:
    with Client(carrier.provider, pool=carrier, clock=carrier.clock, **options) as client:
        client.dispatch(wish("order-1"))
        client.catalog.read_store("12345")
        client.dispatch(wish("order-2"))
        client.catalog.read_store("12345")


def use_async(carrier: Carrier, **options: Any) -> None:
    async def main() -> None:
        async with AsyncClient(
            carrier.provider, pool=carrier, clock=carrier.clock, **options
        ) as client:
            await client.dispatch(wish("order-1"))
            await client.catalog.read_store("12345")
            await client.dispatch(wish("order-2"))
            await client.catalog.read_store("12345")

    asyncio.run(main())


@pytest.mark.parametrize("use", [use, use_async])
def test_marketplace_is_signed_for_with_its_own_grant(use: Callable[..., None]) -> None:
    """
    Each side fetches its own token once, and neither is ever sent to the other.
    """
    carrier = Carrier()
    use(carrier)

    expected: list[tuple[str, str, str | None]] = [
        (DELIVERIES, "/deliveries/token", None),
        (DELIVERIES, "/deliveries", "deliveries-token"),
        (MARKETPLACE, "/marketplace/token", None),
        (MARKETPLACE, "/marketplace/12345/state", "marketplace-token"),
        (DELIVERIES, "/deliveries", "deliveries-token"),
        (MARKETPLACE, "/marketplace/12345/state", "marketplace-token"),
    ]
    assert expected == carrier.heard


def test_observers_hear_of_both_sides() -> None:
    """
    Who watches a client is told of its marketplace too.
    """
    watching = Watching()
    use(Carrier(), observers=[watching])

    assert watching.told.count("dispatch") == watching.told.count("read_store") == 2
    assert "/marketplace/{store}/state" in watching.told


def test_refused_grant_of_the_marketplace_leaves_deliveries_alone() -> None:
    """
    Wrong credentials for the one do not keep anybody from the other.
    """
    carrier = Carrier()
    refused = AuthenticationError("was refused", http_status=401)
    market = OwnCatalog(
        name="fake", account="default", signing=Signing(word="marketplace", refused=refused)
    )
    provider = TwoFaced(market=market)
    with Client(provider, pool=carrier, clock=carrier.clock) as client:
        with pytest.raises(AuthenticationError):
            client.catalog.read_store("12345")
        client.dispatch(wish("order-1"))

    assert 1 == len(carrier.deliveries)


@pytest.mark.parametrize("base_url", ["http://marketplace.invalid", "ftp://x", ""])
def test_marketplace_without_a_safe_place_is_refused(base_url: str) -> None:
    """
    Its base URL is checked as the carrier's own is, when the client is made.
    """
    market = OwnCatalog(name="fake", account="default", base_url=base_url)

    with pytest.raises(SettingsError):
        FakeCarrier(provider=TwoFaced(market=market)).connect()
