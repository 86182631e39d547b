"""
A call that is cancelled leaves no thread, no socket and no doubt about what was booked.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import doorstep
from doorstep.models import DeliveryRequest
from doorstep.outcome import Outcome
from doorstep_doordash.simulator import DriveServer

NewRequest = Callable[..., DeliveryRequest]
HELD = Path("/proc/self/fd")


def sockets() -> int:
    """
    Count the sockets that this process holds.
    """
    found = 0
    for descriptor in HELD.iterdir():
        try:
            found += str(descriptor.readlink()).startswith("socket:")
        except FileNotFoundError:
            continue  # the descriptor that listed them
    return found


@pytest.mark.skipif(not HELD.is_dir(), reason="counts sockets through /proc")
def test_cancelled_dispatch_is_unknown_then_found(
    drive: DriveServer, new_request: NewRequest
) -> None:
    """
    The carrier booked and was silent; the caller gives up, is told, and finds the delivery.
    """
    threads, before = set(threading.enumerate()), sockets()

    async def give_up() -> tuple[object, object]:
        async with doorstep.connect_async("doordash", **drive.credentials()) as courier:
            drive.faults.arm("timeout_after", "create", seconds=30)
            task = asyncio.create_task(courier.dispatch(new_request()))
            while not drive.books():
                await asyncio.sleep(0.005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as cancelled:
                await task
            return getattr(cancelled.value, "outcome", None), await courier.find("order-118")

    outcome, found = asyncio.run(give_up())

    assert Outcome.UNKNOWN is outcome
    assert found is not None
    assert [] == [one for one in set(threading.enumerate()) - threads if "doorstep-" in one.name]
    drive.stop()
    assert before >= sockets()


def test_timeout_around_a_call_gives_it_up(drive: DriveServer, new_request: NewRequest) -> None:
    """
    asyncio.timeout around a call ends it in time; the delivery can be looked up.
    """

    async def hurry() -> float:
        loop = asyncio.get_running_loop()
        async with doorstep.connect_async("doordash", **drive.credentials()) as courier:
            await courier.find("nobody")  # the connection and the token are there
            drive.faults.arm("timeout_after", "create", seconds=30)
            started = loop.time()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await courier.dispatch(new_request())
            return loop.time() - started

    assert asyncio.run(hurry()) < 5
    assert [1] == [entry["commits"] for entry in drive.books()]
