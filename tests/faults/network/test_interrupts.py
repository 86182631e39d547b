"""
A dispatch that is cancelled or interrupted at any moment: what is told of it is true.

The carrier books behind real sockets, and takes its time before and after it does.
"""

from __future__ import annotations

import asyncio
import random
import signal
import threading

import attrs
import pytest

from doorstep import AsyncClient, Client
from doorstep.http import Call, HttpPool, Request
from doorstep.models import Address, DeliveryRequest, Stop
from doorstep.outcome import Effect, Outcome
from doorstep.testing import FakeCarrier, FakeProvider

WHERE = Stop(address=Address(one_line="1 Market Street, Springfield"))
POINTS = 50
SLOW_S = 0.004


def request_number(number: int) -> DeliveryRequest:
    return DeliveryRequest(reference=f"order-{number}", pickup=WHERE, dropoffs=WHERE)


class Booking:
    """
    A fault that is none: lets the fake carrier book, slowly, and counts.
    """

    def __init__(self) -> None:
        self.carrier = FakeCarrier()
        self.lock = threading.Lock()

    def __call__(self, peer):
        method, target, _ = peer.request.split(b" ", 2)
        effect = Effect.BOOKS if method == b"POST" else Effect.NOTHING
        asked = Request(method.decode(), target.decode(), body=peer.body or None, effect=effect)
        peer.wait(SLOW_S)
        with self.lock:
            answer = self.carrier.send(asked, "", Call("dispatch"))
        peer.wait(SLOW_S)
        return peer.reply(answer.status, answer.body)


def check_true(outcome: Outcome | None, reference: str, shop: Client, booking: Booking) -> None:
    """
    Hold that *outcome* is no lie: not sent is not booked, and created is.
    """
    booked = [each for each in booking.carrier.deliveries if each.reference == reference]
    if outcome is Outcome.NOT_SENT:
        assert [] == booked
    if outcome is Outcome.CREATED:
        assert 1 == len(booked)
    if outcome is Outcome.UNKNOWN and booked:
        assert booked[0] == shop.find(reference)


@pytest.fixture(name="behind")
def _behind(serve):
    booking = Booking()
    server = serve(booking)
    provider = attrs.evolve(FakeProvider(), base_url=server.url)
    return booking, server, provider


def test_f090_dispatch_cancelled_at_50_points_is_told_as_it_is(behind):
    """
    A timeout or cancellation around a dispatch carries what is known of it, and it is true.
    """
    booking, server, provider = behind
    rng = random.Random(90)
    told: list[Outcome | None] = []

    async def give_up_after(client: AsyncClient, number: int) -> Outcome:
        try:
            async with asyncio.timeout(rng.uniform(0, 3 * SLOW_S)):
                await client.dispatch(request_number(number))
        except TimeoutError as error:
            return error.__cause__.outcome
        return Outcome.CREATED

    async def all_of_them() -> None:
        with HttpPool() as pool:
            async with AsyncClient(provider, pool=pool) as client:
                told.extend([await give_up_after(client, number) for number in range(POINTS)])

    asyncio.run(all_of_them())

    assert {Outcome.UNKNOWN} <= set(told) <= set(Outcome)
    assert server.count("POST") <= POINTS
    with Client(provider) as shop:
        for number, outcome in enumerate(told):
            check_true(outcome, f"order-{number}", shop, booking)


# Between two lines of Python an interrupt can leave a new socket to the collector, which closes
# it, or meet a destructor, which swallows it. Neither is anybody's to mend.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="a timer of POSIX")
def test_f091_dispatch_interrupted_at_50_points_is_told_as_it_is(behind):
    """
    Ctrl-C in the middle of a dispatch carries what is known of it, and it is true.
    """
    booking, server, provider = behind
    rng = random.Random(91)
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with Client(provider) as shop:
            delays = [rng.uniform(0.0001, 3 * SLOW_S) for _ in range(POINTS)]
            told = [interrupted(shop, number, delay) for number, delay in enumerate(delays)]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    assert Outcome.UNKNOWN in told
    assert server.count("POST") <= POINTS
    with Client(provider) as shop:
        for number, outcome in enumerate(told):
            check_true(outcome, f"order-{number}", shop, booking)


def interrupted(shop: Client, number: int, after_s: float) -> Outcome | None:
    """
    Interrupt a dispatch; None if the interrupt came before the call or after it.
    """
    try:
        signal.setitimer(signal.ITIMER_REAL, after_s)
        shop.dispatch(request_number(number))
        signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt as interrupt:
        return getattr(interrupt, "outcome", None)
    return Outcome.CREATED
