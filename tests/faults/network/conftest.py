"""
A shop whose carrier is a fault server: real sockets, the whole client.
"""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import attrs
import pytest

from doorstep import Client
from doorstep.errors import DoorstepError, OutcomeUnknownError
from doorstep.http import CallSummary, Exchange, HttpPool, Request
from doorstep.models import Address, DeliveryRequest, Stop
from doorstep.outcome import Outcome, Retry
from doorstep.testing import FakeProvider, ManualClock
from doorstep_contracts.faults import Authority, FaultServer, WireFault

CANARY = "canary-51c0-token"
WHERE = Stop(address=Address(one_line="1 Market Street, Springfield"))
REQUEST = DeliveryRequest(reference="order-118", pickup=WHERE, dropoffs=WHERE)


@attrs.frozen(kw_only=True)
class Signing(FakeProvider):
    """
    Adds a token to each request, which no error may quote.
    """

    def sign(self, request: Request, now: dt.datetime, grant: object) -> Request:
        return request.with_headers({"Authorization": CANARY})


class Watching:
    """
    Remembers how calls ended.
    """

    def __init__(self) -> None:
        self.calls: list[CallSummary] = []

    def on_exchange(self, exchange: Exchange) -> None: ...

    def on_call(self, summary: CallSummary) -> None:
        self.calls.append(summary)


@attrs.frozen
class Shop:
    """
    A client whose carrier misbehaves, and what became of its dispatch.
    """

    client: Client
    watching: Watching

    def dispatch(self, deadline_s: float = 5.0) -> DoorstepError:
        """
        Dispatch, and return what the caller is told.
        """
        with pytest.raises(DoorstepError) as caught:
            self.client.dispatch(REQUEST, deadline_s=deadline_s)
        assert CANARY not in str(caught.value)
        return caught.value

    @property
    def attempts(self) -> int:
        """
        How often something was sent, or tried to be, for the last call.
        """
        return self.watching.calls[-1].attempts


Open = Callable[..., Shop]
Serve = Callable[..., FaultServer]


@pytest.fixture(name="serve")
def _serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield lambda *script, **options: stack.enter_context(FaultServer(*script, **options))


@pytest.fixture(name="authority", scope="session")
def _authority() -> Authority:
    return Authority()


@pytest.fixture(name="trusting", scope="session")
def _trusting(authority: Authority) -> ssl.SSLContext:
    return authority.trusting()


@pytest.fixture(name="open_shop")
def _open_shop(trusting: ssl.SSLContext) -> Iterator[Open]:
    with ExitStack() as stack:

        def open_shop(url: str, *, stands_still: bool = True, **options: float) -> Shop:
            pool = stack.enter_context(HttpPool(ssl_context=trusting, **options))
            watching = Watching()
            clock = ManualClock() if stands_still else None
            provider = Signing(base_url=url)
            return Shop(Client(provider, pool=pool, clock=clock, observers=[watching]), watching)

        yield open_shop


def check_unknown(error: DoorstepError) -> None:
    """
    Hold that the caller is told: it may be booked, look this reference up.
    """
    assert type(error) is OutcomeUnknownError
    assert (Outcome.UNKNOWN, Retry.LOOK_UP_FIRST) == (error.booked, error.retryable)
    assert ("order-118", 1) == (error.reference, error.revision)
    assert "look up reference 'order-118' first" in str(error)
    assert error.params.get("sent", True)


@pytest.fixture(name="check_once")
def _check_once(serve: Serve, open_shop: Open) -> Callable[..., FaultServer]:
    def check_once(fault: WireFault, **options: float) -> FaultServer:
        """
        Hold that a dispatch under *fault* is unknown, and that there was one POST.
        """
        server = serve(fault)
        shop = open_shop(server.url, stands_still=not options)
        check_unknown(shop.dispatch(**options))
        assert (1, 1, 1) == (server.count("POST"), server.connections, shop.attempts)
        return server

    return check_once


@pytest.fixture(name="check_unknown")
def _check_unknown() -> Callable[[DoorstepError], None]:
    return check_unknown
