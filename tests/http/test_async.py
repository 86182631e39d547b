"""
The async driver: the same calls and outcomes, in threads of its own.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time

import pytest

from doorstep.errors import CarrierUnavailableError, OutcomeUnknownError
from doorstep.http import HttpPool, Request, Session, TransportError
from doorstep.outcome import Outcome
from doorstep_contracts.faults import Silence


def test_result_and_error_are_those_of_the_sync_driver(kit):
    """
    Awaiting changes nothing about how a call ends.
    """

    async def work(driver):
        session = kit.session(201, TransportError("reset", sent=True))
        task, call = await kit.start(driver, kit.booking(), session)
        first = await task
        task, _ = await kit.start(driver, kit.booking(), session)
        with pytest.raises(OutcomeUnknownError) as caught:
            await task
        return first, call.outcome, caught.value.reference

    assert (201, Outcome.CREATED, "order-118") == kit.with_driver(work)


def test_calls_run_in_threads_of_the_driver_with_the_callers_context(kit):
    """
    Trace ids travel along, and the loop is free meanwhile.
    """
    variable = contextvars.ContextVar("variable", default="unset")
    seen = []

    def note(request, call):
        seen.append((variable.get(), threading.current_thread().name))
        return 200

    async def work(driver):
        variable.set("mine")
        task, _ = await kit.start(driver, kit.booking(), kit.session(note))
        await task

    kit.with_driver(work)
    assert "mine" == seen[0][0]
    assert seen[0][1].startswith("doorstep-")


def test_32_calls_are_in_flight_at_once(serve, kit):
    """
    A slow carrier holds up nobody else.
    """
    gate = threading.Barrier(32)

    def together(peer):
        gate.wait(5)
        peer.reply(body=peer.body)

    carrier = serve(together)

    def asking(body):
        answer = yield Request("POST", "/", body=body)
        return answer.body

    async def work(driver):
        with HttpPool() as pool:
            session = Session(kit.Acme(carrier.url), pool)
            bodies = [b"%d" % number for number in range(32)]
            tasks = [(await kit.start(driver, asking(body), session))[0] for body in bodies]
            return bodies == await asyncio.gather(*tasks)

    assert kit.with_driver(work)


def test_closing_the_driver_ends_what_is_in_flight(serve, kit):
    """
    ``aclose()`` waits for no carrier, and leaves no thread.
    """
    carrier = serve(Silence())

    async def work(driver):
        with HttpPool() as pool:
            session = Session(kit.Acme(carrier.url), pool)
            task, _ = await kit.start(driver, kit.booking(), session)
            await asyncio.sleep(0.1)
            started = time.monotonic()
            await driver.aclose()
            assert time.monotonic() - started < 0.3
            assert [] == kit.ours()
            with pytest.raises(OutcomeUnknownError, match="was given up"):
                await task

    kit.with_driver(work)


def test_reading_call_that_is_given_up_was_not_sent(kit):
    """
    ``abort()`` without asyncio: an ordinary error.
    """
    session = kit.session(lambda request, call: call.abort() or TransportError("x", sent=True))

    with pytest.raises(CarrierUnavailableError) as caught:
        kit.run(kit.asking(), session)

    assert Outcome.NOT_SENT is caught.value.booked
