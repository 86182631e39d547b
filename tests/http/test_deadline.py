"""
The deadline and giving up: by shutting the socket down, from one thread for everybody.
"""

from __future__ import annotations

import math
import threading
import time

import pytest

from doorstep.http import Call, Request, TransportError
from doorstep.http._watchdog import Watchdog

OK = b"HTTP/1.1 200 OK\r\n"
REQUEST = Request("POST", "/deliveries", body=b"{}")
DEADLINE_S = 0.2


def failure(pool, url, call) -> TransportError:
    with pytest.raises(TransportError) as caught:
        pool.send(REQUEST, url, call)
    return caught.value


def drip(start: bytes, drop: bytes, end: bytes = b""):
    """
    Send *start*, then *drop* now and then for a second, then *end*.
    """

    def handle(peer, carrier):
        peer.request()
        peer.send(start)
        for _ in range(50):
            if carrier.done.wait(0.02) or not peer.send(drop):
                return
        peer.send(end)

    return handle


SLOW = {
    "nothing": drip(b"", b""),
    "status": drip(b"HTTP/1.1 200 ", b"O"),
    "headers": drip(OK, b"X: y\r\n"),
    "one header": drip(OK + b"X: ", b"y"),
    "body": drip(OK + b"Content-Length: 99\r\n\r\n", b"x"),
    "body without length": drip(OK + b"\r\n{}", b" "),
    "chunks": drip(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "trailers": drip(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
    "continue": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "early hints": drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
}


@pytest.mark.parametrize("case", SLOW)
def test_slow_answer_ends_at_the_deadline(case, serve, pool):
    """
    A byte now and then buys no time, wherever it drips.
    """
    carrier = serve(SLOW[case])
    started = time.monotonic()

    error = failure(pool, carrier.url, Call("dispatch", deadline_s=DEADLINE_S))

    took = time.monotonic() - started
    assert ("timeout", True) == (error.kind, error.sent)
    assert DEADLINE_S * 0.9 < took < DEADLINE_S + 0.15
    assert not any(pool._idle.values())


def test_slow_answer_over_tls_ends_at_the_deadline(serve, server_context, trusting):
    """
    Shutting down below TLS ends a read within it.
    """
    from doorstep.http import HttpPool

    carrier = serve(SLOW["body"], context=server_context)
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.url, Call("dispatch", deadline_s=DEADLINE_S))

    assert ("timeout", True) == (error.kind, error.sent)


def test_body_cut_by_the_deadline_is_no_answer(serve, pool):
    """
    The end of the stream that the deadline made is not the end of the body.
    """
    carrier = serve(drip(OK + b"Content-Type: application/json\r\n\r\n{}", b""))

    error = failure(pool, carrier.url, Call("dispatch", deadline_s=DEADLINE_S))

    assert "timeout" == error.kind


def test_no_thread_is_left_per_call(serve, pool):
    """
    One watchdog serves the process, however many calls hang at once.
    """
    carrier = serve(SLOW["nothing"])
    calls = [Call("dispatch", deadline_s=DEADLINE_S) for _ in range(8)]
    threads = [
        threading.Thread(target=failure, args=(pool, carrier.url, call), name="caller")
        for call in calls
    ]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    ours = [each.name for each in threading.enumerate() if each.name.startswith("doorstep")]
    for thread in threads:
        thread.join(2)

    assert ["doorstep-watchdog"] == ours
    assert not any(thread.is_alive() for thread in threads)


def test_closing_the_pool_ends_the_watchdog(serve, kit, pool):
    """
    What is not used leaves no thread behind.
    """
    carrier = serve(kit.echo)
    pool.send(REQUEST, carrier.url, Call("quote"))
    pool.close()

    assert not [each for each in threading.enumerate() if each.name.startswith("doorstep")]


def test_call_that_is_over_sends_nothing(serve, kit, pool):
    """
    A deadline that has passed before the request leaves keeps it here.
    """
    carrier = serve(kit.echo)
    pool.send(REQUEST, carrier.url, Call("quote"))
    late = Call("dispatch", deadline_s=0.001)
    time.sleep(0.01)
    aborted = Call("dispatch")
    aborted.abort()

    errors = [failure(pool, carrier.url, call) for call in (late, aborted)]

    assert [("timeout", False), ("aborted", False)] == [(each.kind, each.sent) for each in errors]


@pytest.mark.parametrize("case", ["nothing", "headers", "body", "continue"])
def test_abort_ends_a_call_at_once(case, serve, pool):
    """
    Giving up does not wait for the deadline, nor for the carrier.
    """
    carrier = serve(SLOW[case])
    call = Call("dispatch", deadline_s=5)
    threading.Timer(0.1, call.abort).start()
    started = time.monotonic()

    error = failure(pool, carrier.url, call)

    assert ("aborted", True) == (error.kind, error.sent)
    assert time.monotonic() - started < 0.4


def test_abort_ends_a_handshake(serve, trusting):
    """
    A call can be given up before the first byte of its request.
    """
    from doorstep.http import HttpPool

    carrier = serve(lambda peer, carrier: carrier.done.wait(5))
    call = Call("dispatch", deadline_s=5)
    threading.Timer(0.1, call.abort).start()
    started = time.monotonic()
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.url.replace("http", "https"), call)

    assert ("aborted", False) == (error.kind, error.sent)
    assert time.monotonic() - started < 0.4


def test_abort_ends_connecting(pool):
    """
    A call can be given up while nobody answers the knock.
    """
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        call = Call("dispatch", deadline_s=5)
        threading.Timer(0.1, call.abort).start()
        started = time.monotonic()
        error = failure(pool, f"http://127.0.0.1:{listener.getsockname()[1]}", call)
        took = time.monotonic() - started
        for filler in fillers:
            filler.close()

    assert ("aborted", False) == (error.kind, error.sent)
    assert took < 0.4


def test_connection_of_another_call_is_not_cut(serve, kit, pool):
    """
    A deadline that comes after its call ended does not end the next one on the connection.
    """
    carrier = serve(kit.echo)
    first = Call("quote", deadline_s=0.05)
    pool.send(REQUEST, carrier.url, first)
    first.abort()
    time.sleep(0.1)

    assert b"{}" == pool.send(REQUEST, carrier.url, Call("quote")).body
    assert 1 == carrier.connections


class Watched:
    def __init__(self) -> None:
        self.was_cut = threading.Event()

    def cut(self) -> None:
        self.was_cut.set()


def test_watchdog_is_woken_for_earlier_deadlines_only(monkeypatch):
    """
    A call with a later deadline costs no switch of threads.
    """
    dog = Watchdog()
    first, later, earlier = Watched(), Watched(), Watched()
    dog.watch(first, 5)
    time.sleep(0.02)
    notified = []
    monkeypatch.setattr(dog._condition, "notify", lambda: notified.append(1))
    dog.watch(later, 10)
    assert [] == notified
    monkeypatch.undo()
    dog.watch(earlier, 0.05)

    assert earlier.was_cut.wait(1)
    assert not first.was_cut.is_set()
    dog.let_go(first)
    dog.let_go(later)
    dog.rest()


def test_watchdog_does_not_cut_what_was_let_go():
    """
    After ``let_go`` returns, the socket belongs to somebody else.
    """
    dog = Watchdog()
    call = Watched()
    dog.watch(call, 0.05)
    dog.let_go(call)

    assert not call.was_cut.wait(0.1)
    dog.rest()


def test_watchdog_ends_when_idle_and_starts_again(monkeypatch):
    """
    A process that calls nobody keeps no thread.
    """
    monkeypatch.setattr("doorstep.http._watchdog._LINGER_S", 0.02)
    dog = Watchdog()
    dog.watch(gone := Watched(), 0.01)
    assert gone.was_cut.wait(1)
    thread = dog._thread
    if thread is not None:
        thread.join(1)
    assert dog._thread is None

    dog.watch(again := Watched(), 0.01)
    assert again.was_cut.wait(1)
    dog.rest()


def test_watchdog_starts_afresh_in_a_child():
    """
    Neither lock, nor thread, nor calls of the parent count after a fork.
    """
    dog = Watchdog()
    dog._condition.acquire()
    dog.after_fork()

    assert {} == dog._watched
    assert math.inf == dog._wakes_at
    dog.watch(call := Watched(), 0.01)
    assert call.was_cut.wait(1)
    dog.rest()
