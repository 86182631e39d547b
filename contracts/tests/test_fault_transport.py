"""
The fault-injecting transport: any operation of any provider, tried at every step.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator

import attrs
import pytest

from doorstep import AsyncClient, Client
from doorstep.errors import DoorstepError, OutcomeUnknownError
from doorstep.http import Call, Request, Response, TransportError
from doorstep.models import Address, Delivery, DeliveryRequest, Money, Quote, Stop
from doorstep.outcome import Outcome
from doorstep.provider import Context
from doorstep.testing import FakeCarrier, FakeProvider, ManualClock
from doorstep_contracts.faults import (
    EXCHANGE_FAULTS,
    Answered,
    Edited,
    ExchangeFault,
    FaultTransport,
    Interrupted,
    Lost,
    Scripted,
    Unsent,
)
from doorstep_contracts.flows import NOW

WHERE = Stop(address=Address(one_line="1 Market Street, Springfield"))
REQUEST = DeliveryRequest(reference="order-118", pickup=WHERE, dropoffs=WHERE)
READ = Request("GET", "/deliveries/order-118~1")


@attrs.frozen(kw_only=True)
class TwoSteps(FakeProvider):
    """
    Asks for a quote before it books.
    """

    def dispatch(
        self, request: DeliveryRequest, ctx: Context, *, quote: Quote | None, max_fee: Money | None
    ) -> Generator[Request, Response, Delivery]:
        yield from self.quote(request, ctx)
        return (yield from super().dispatch(request, ctx, quote=quote, max_fee=max_fee))


def attempt(
    carrier: FakeCarrier, faults: dict[int, ExchangeFault]
) -> tuple[object, FaultTransport]:
    """
    Dispatch under *faults*; return the delivery or what was raised.
    """
    transport = FaultTransport(carrier, faults)
    client = Client(carrier.provider, pool=transport, clock=carrier.clock)
    try:
        return client.dispatch(REQUEST), transport
    except DoorstepError as error:
        return error, transport


def test_transport_without_faults_changes_nothing():
    """
    The carrier's answers go through, and what was sent is kept.
    """
    carrier = FakeCarrier()
    result, transport = attempt(carrier, {})

    assert (result,) == carrier.deliveries
    assert ["/deliveries"] == [each.path.encoded for each in transport.requests]
    assert 1 == transport.count("POST")


@pytest.mark.parametrize("name", EXCHANGE_FAULTS)
@pytest.mark.parametrize("step", [1, 2])
def test_every_step_can_be_spoiled(name, step):
    """
    A fault at the n-th exchange meets the n-th request, through the real client.
    """
    carrier = FakeCarrier(provider=TwoSteps())
    result, transport = attempt(carrier, {step: EXCHANGE_FAULTS[name]})

    if isinstance(result, OutcomeUnknownError):
        assert 2 == len(transport.requests) == step
    else:
        assert carrier.deliveries == ((result,) if isinstance(result, Delivery) else ())


UNACTED = {
    "reset": Lost(acted=False),
    "refused": Unsent(),
    "500": Answered(500),
    "^C": Interrupted(),
}
ACTED = {
    "reset": Lost(),
    "500": Answered(500, acted=True),
    "^C": Interrupted(acted=True),
}


@pytest.mark.parametrize(("faults", "booked"), [(UNACTED, 0), (ACTED, 1)], ids=["before", "after"])
@pytest.mark.parametrize("name", ACTED)
def test_carrier_acted_or_did_not(name, faults, booked):
    """
    The same loss before and after the carrier did it.
    """
    carrier = FakeCarrier()
    transport = FaultTransport(carrier, {1: faults[name]})
    with (
        Client(carrier.provider, pool=transport, clock=carrier.clock) as client,
        pytest.raises((OutcomeUnknownError, KeyboardInterrupt)),
    ):
        client.dispatch(REQUEST)

    assert booked == len(carrier.deliveries)


@pytest.mark.parametrize(
    ("fault", "kind", "sent"),
    [
        (Unsent(), "connect", False),
        (Unsent("tls"), "tls", False),
        (Lost("timeout"), "timeout", True),
    ],
)
def test_failure_is_what_was_said(fault, kind, sent):
    """
    The flow is thrown what the real transport would throw.
    """
    transport = FaultTransport(Scripted(), {1: fault})
    with pytest.raises(TransportError) as caught:
        transport.send(READ, "https://acme.example", Call("track"))

    assert (kind, sent) == (caught.value.kind, caught.value.sent)


def test_answer_is_what_was_said():
    """
    Status, body and headers, these in lower case, at the call's time.
    """
    clock = ManualClock()
    transport = FaultTransport(Scripted(), {1: Answered(429, b"no", {"Retry-After": "7"})})
    answer = transport.send(READ, "https://acme.example", Call("track", clock=clock))

    assert (429, b"no", {"retry-after": "7"}) == (answer.status, answer.body, answer.headers)
    assert clock.now() == answer.received_at


def test_edited_answer_keeps_all_but_its_body():
    """
    The wrong id in an answer that is right otherwise.
    """
    carrier = FakeCarrier()
    edit = Edited(lambda body: body.replace(b"order-118", b"order-119"))
    transport = FaultTransport(carrier, {1: edit})
    with Client(carrier.provider, pool=transport, clock=carrier.clock) as client:
        delivery = client.dispatch(REQUEST)

    assert "order-119" == delivery.reference


@pytest.mark.parametrize(("sent", "outcome"), [(True, Outcome.UNKNOWN), (False, Outcome.NOT_SENT)])
def test_interrupt_tells_what_had_left(sent, outcome):
    """
    The driver notes on the interrupt what it knows.
    """
    carrier = FakeCarrier()
    fault = Interrupted(SystemExit, sent=sent)
    client = Client(carrier.provider, pool=FaultTransport(carrier, {1: fault}), clock=carrier.clock)
    with pytest.raises(SystemExit) as caught:
        client.dispatch(REQUEST)

    assert outcome is caught.value.outcome


def test_async_client_meets_the_same_faults():
    """
    There is one driver below both clients.
    """
    carrier = FakeCarrier()
    transport = FaultTransport(carrier, {1: Lost()})

    async def dispatch() -> None:
        async with AsyncClient(carrier.provider, pool=transport, clock=carrier.clock) as client:
            await client.dispatch(REQUEST)

    with pytest.raises(OutcomeUnknownError):
        asyncio.run(dispatch())
    assert 1 == len(carrier.deliveries)


def test_script_gives_its_results_in_turn():
    """
    Statuses, responses, errors and functions; 200 when the list is over.
    """
    given = Response(status=418, sent_at=NOW, received_at=NOW)
    lost = TransportError("reset", sent=True)
    transport = Scripted(201, given, lambda request, call: 202, lost)

    def send() -> Response:
        return transport.send(READ, "https://acme.example", Call("track"))

    assert [201, 418, 202] == [send().status for _ in range(3)]
    with pytest.raises(TransportError) as caught:
        send()
    assert lost is caught.value
    assert (200, b"{}", NOW) == ((last := send()).status, last.body, last.received_at)
    assert ([READ] * 5, ["https://acme.example"] * 5) == (transport.sent, transport.bases)


def test_closing_closes_what_is_behind():
    """
    The client that owns the transport lets go of the real one.
    """
    closed = []

    class Behind(Scripted):
        def close(self) -> None:
            closed.append(True)

    FaultTransport(Behind(), {}).close()

    assert [True] == closed
