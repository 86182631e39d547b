"""
What the tests of the drivers share: a provider, a session, and a clock that stands still.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import threading
import time
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from doorstep.http import (
    AsyncDriver,
    Call,
    HttpPool,
    RepeatPolicy,
    Request,
    Response,
    Session,
    TransportError,
    drive,
)
from doorstep.outcome import Effect, Repeat
from doorstep_contracts import faults

#: Appears in a header of every signed request, and must appear nowhere else.
CANARY = "canary-7f3a9c-token"
REQUEST = Request("POST", "/deliveries", body=b'{"a": 1}')


class ManualClock:
    """
    Stand still; sleeping moves it and takes no time.
    """

    def __init__(self, start: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)) -> None:
        self.start = start
        self.elapsed = 0.0
        self.slept: list[float] = []
        self.while_asleep = None

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return self.elapsed

    def sleep(self, seconds: float, interrupted: threading.Event) -> None:
        self.slept.append(seconds)
        if self.while_asleep is not None:
            self.while_asleep()
        if not interrupted.is_set():
            self.elapsed += seconds


class Acme:
    """
    A provider, as far as the driver looks at it.
    """

    name = "acme"
    account = "main"
    repeat_policy = RepeatPolicy()
    public_fields = frozenset({"status", "content-type"})

    def __init__(self, base_url: str = "https://acme.example") -> None:
        self.base_url = base_url
        self.signed_at: list[datetime] = []

    def grant(self, now):
        return None

    def sign(self, request, now, grant):
        self.signed_at.append(now)
        token = CANARY if grant is None else grant.value.reveal()
        return request.with_headers({"Authorization": f"Bearer {token}"})


def response(status: int = 200, body: bytes = b"{}", **headers: str) -> Response:
    """
    Make a response, received at the clock's first reading.
    """
    now = ManualClock().now()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, body=body, headers=named, sent_at=now, received_at=now)


def asking(effect=Effect.NOTHING, repeat=Repeat.SAFE, **options):
    """
    Return a flow of one request that returns the response.
    """
    answer = yield Request("POST", "/things", body=b"{}", effect=effect, repeat=repeat, **options)
    return answer


def flow(*requests, raises=None):
    """
    Send *requests*, then raise *raises* or return the last answer.
    """
    answer = None
    for request in requests:
        answer = yield request
    if raises is not None:
        raise raises
    return answer


def ended(session, flow, **options):
    """
    Drive *flow*; return its result or error, and the call.
    """
    call = Call("dispatch", reference="order-118", revision=2, clock=session.clock, **options)
    try:
        return drive(flow, session, call), call
    except Exception as error:  # noqa: BLE001
        return error, call


def send(pool, url, request=REQUEST, **options) -> Response:
    """
    Send *request* and return the answer.
    """
    return pool.send(request, url, Call("dispatch", deadline_s=5, **options))


def failure(pool, url, **options) -> TransportError:
    """
    Send a request that must fail, and return how.
    """
    with pytest.raises(TransportError) as caught:
        send(pool, url, **options)
    return caught.value


def booking(pause_s=0.0):
    """
    Return a flow that books, and takes *pause_s* to read the answer.
    """
    answer = yield Request("POST", "/book", body=b"{}", effect=Effect.BOOKS, repeat=Repeat.NEVER)
    time.sleep(pause_s)
    return answer.status


class Watching:
    """
    Keeps the summary of each call.
    """

    def __init__(self) -> None:
        self.summaries = []

    def on_exchange(self, exchange): ...

    def on_call(self, summary):
        self.summaries.append(summary)


def with_driver(work, **options):
    """
    Run *work* with an async driver that is closed afterwards.
    """

    async def main():
        driver = AsyncDriver(**options)
        try:
            return await work(driver)
        finally:
            await driver.aclose()

    return asyncio.run(main())


async def start(driver, flow, session, **options):
    """
    Let *driver* begin with *flow*; return the task and the call.
    """
    call = Call("dispatch", reference="order-118", **options)
    task = asyncio.create_task(driver.run(lambda: drive(flow, session, call), call))
    await asyncio.sleep(0)
    return task, call


def ours() -> list[str]:
    """
    Return the names of the driver's threads that are alive.
    """
    return [each.name for each in threading.enumerate() if each.name.startswith("doorstep")]


def client_sockets(port: int) -> int:
    """
    Count this process's sockets that are connected to *port*.
    """
    count = 0
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError), socket.socket(fileno=os.dup(int(entry.name))) as sock:
            peer = sock.getpeername()
            count += isinstance(peer, tuple) and peer[1] == port
    return count


class Kit:
    """
    Everything by name, because test modules cannot import one another.
    """

    CANARY = CANARY
    REQUEST = REQUEST
    Acme = Acme
    ManualClock = ManualClock
    Watching = Watching
    asking = staticmethod(asking)
    booking = staticmethod(booking)
    client_sockets = staticmethod(client_sockets)
    ended = staticmethod(ended)
    failure = staticmethod(failure)
    flow = staticmethod(flow)
    ours = staticmethod(ours)
    response = staticmethod(response)
    send = staticmethod(send)
    start = staticmethod(start)
    with_driver = staticmethod(with_driver)

    @staticmethod
    def session(*results, clock=None, endpoint=None, **options) -> Session:
        """
        Make a session on a scripted transport.
        """
        return Session(
            endpoint or Acme(),
            faults.Scripted(*results, at=ManualClock().now()),
            clock=clock or ManualClock(),
            rng=random.Random(7),
            **options,
        )

    @staticmethod
    def run(flow, session, **options):
        """
        Drive *flow* as a dispatch with a reference.
        """
        call = Call("dispatch", reference="order-118", revision=1, **options)
        return drive(flow, session, call)


@pytest.fixture
def kit():
    """
    Helpers.
    """
    return Kit


@pytest.fixture
def serve():
    """
    Start carriers that hang up when the test ends.
    """
    with ExitStack() as stack:
        yield lambda *script, **options: stack.enter_context(faults.FaultServer(*script, **options))


@pytest.fixture
def pool():
    """
    A pool that is closed when the test ends.
    """
    with HttpPool() as pool:
        yield pool


@pytest.fixture(scope="session")
def authority():
    """
    A certificate authority that nobody trusts unless told to.
    """
    return faults.Authority()


@pytest.fixture(scope="session")
def server_context(authority):
    """
    TLS for a carrier called localhost.
    """
    return authority.serving()


@pytest.fixture
def trusting(authority):
    """
    A context that trusts the tests' authority.
    """
    return authority.trusting()
