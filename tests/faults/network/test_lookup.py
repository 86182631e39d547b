"""
After an unknown outcome: the carrier acted or did not, at once or late, and there is one delivery.
"""

from __future__ import annotations

import pytest

from doorstep import Client
from doorstep.errors import DoorstepError, OutcomeUnknownError
from doorstep.http import Call, Response, TransportError
from doorstep.models import Address, DeliveryRequest, Stop
from doorstep.outcome import Outcome, Retry
from doorstep.testing import FakeCarrier
from doorstep_contracts.faults import EXCHANGE_FAULTS, Act, FaultTransport, Lost

WHERE = Stop(address=Address(one_line="1 Market Street, Springfield"))
REQUEST = DeliveryRequest(reference="order-118", pickup=WHERE, dropoffs=WHERE)


def open_shop(carrier: FakeCarrier, transport: FaultTransport) -> Client:
    return Client(carrier.provider, pool=transport, clock=carrier.clock)


def check_found(fault: Lost) -> None:
    """
    Hold that a delivery whose answer was lost is found under its reference, and is the only one.
    """
    carrier = FakeCarrier()
    transport = FaultTransport(carrier, {1: fault})
    shop = open_shop(carrier, transport)
    with pytest.raises(OutcomeUnknownError) as caught:
        shop.dispatch(REQUEST)

    assert caught.value.reference is not None
    found = shop.find(caught.value.reference, caught.value.revision or 1)

    assert (found,) == carrier.deliveries
    assert 1 == transport.count("POST")


def test_f009_delivery_behind_a_reset_is_found_by_its_reference() -> None:
    """
    Looking the reference up after a reset finds the one delivery that was booked.
    """
    check_found(Lost("reset"))


def test_f011_delivery_behind_a_timeout_is_found_by_its_reference() -> None:
    """
    Looking the reference up after a timeout finds the one delivery that was booked.
    """
    check_found(Lost("timeout"))


def test_f012_delivery_that_is_booked_late_is_never_called_absent() -> None:
    """
    A carrier may book after our timeout: not finding it at once settles nothing, one delivery.

    Dispatching again under the same reference makes no second one.
    """
    carrier = FakeCarrier()
    late: list[Act] = []

    def time_out(act: Act, call: Call) -> Response:
        late.append(act)
        raise TransportError("timeout", sent=True)

    shop = open_shop(carrier, FaultTransport(carrier, {1: time_out}))
    with pytest.raises(OutcomeUnknownError) as caught:
        shop.dispatch(REQUEST)
    too_early = shop.find("order-118")
    late.pop()()

    assert too_early is None
    assert (Outcome.UNKNOWN, Retry.LOOK_UP_FIRST) == (caught.value.booked, caught.value.retryable)
    assert shop.find("order-118") == shop.dispatch(REQUEST)
    assert 1 == len(carrier.deliveries)


@pytest.mark.parametrize("name", EXCHANGE_FAULTS)
def test_dispatch_is_sent_once_and_told_as_it_is(name: str) -> None:
    """
    What was sent is not sent again, and nobody is told that nothing was booked when it was.
    """
    carrier = FakeCarrier()
    transport = FaultTransport(carrier, {1: EXCHANGE_FAULTS[name]})
    shop = open_shop(carrier, transport)
    try:
        booked = (shop.dispatch(REQUEST),)
    except OutcomeUnknownError:
        booked = carrier.deliveries
        assert 1 == transport.count("POST")
    except DoorstepError:
        booked = ()

    assert booked == carrier.deliveries
