"""
The deadline and giving up: by shutting the socket down, from one thread for everybody.
"""

from __future__ import annotations

import math
import socket
import threading
import time

import pytest

from doorstep.http import Call, HttpPool, Request, TransportError
from doorstep.http._watchdog import Watchdog
from doorstep_contracts.faults import Drip, Echo, Pause, Script, Silence

OK = b"HTTP/1.1 200 OK\r\n"
REQUEST = Request("POST", "/deliveries", body=b"{}")
DEADLINE_S = 0.2


def failure(pool, url, call) -> TransportError:
    with pytest.raises(TransportError) as caught:
        pool.send(REQUEST, url, call)
    return caught.value


SLOW = {
    "nothing": Silence(),
    "status": Drip(b"HTTP/1.1 200 ", b"O"),
    "headers": Drip(OK, b"X: y\r\n"),
    "one header": Drip(OK + b"X: ", b"y"),
    "body": Drip(OK + b"Content-Length: 99\r\n\r\n", b"x"),
    "body without length": Drip(OK + b"\r\n{}", b" "),
    "chunks": Drip(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "trailers": Drip(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
}
INFORMATIONAL = {
    "continue": Drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "early hints": Drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
}


def check_deadline(fault, serve, pool) -> None:
    """
    Hold that an exchange with *fault* ends when the call's time is over.
    """
    carrier = serve(fault)
    started = time.monotonic()

    error = failure(pool, carrier.url, Call("dispatch", deadline_s=DEADLINE_S))

    took = time.monotonic() - started
    assert ("timeout", True) == (error.kind, error.sent)
    assert DEADLINE_S * 0.9 < took < DEADLINE_S + 0.15
    assert not any(pool._idle.values())


@pytest.mark.parametrize("case", SLOW)
def test_f017_slow_answer_ends_at_the_deadline(case, serve, pool):
    """
    A byte now and then buys no time, wherever it drips.
    """
    check_deadline(SLOW[case], serve, pool)


@pytest.mark.parametrize("case", INFORMATIONAL)
def test_f018_endless_informational_answers_end_at_the_deadline(case, serve, pool):
    """
    One ``100 Continue`` after another is no answer, and buys no time either.
    """
    check_deadline(INFORMATIONAL[case], serve, pool)


def test_f017_deadline_is_kept_within_a_tenth(serve, pool):
    """
    A call of a second ends after a second, give or take a tenth, whatever drips.
    """
    carriers = [serve(fault) for fault in (*SLOW.values(), *INFORMATIONAL.values())]
    took = []

    def ask(carrier):
        started = time.monotonic()
        failure(pool, carrier.url, Call("dispatch", deadline_s=1.0))
        took.append(time.monotonic() - started)

    threads = [threading.Thread(target=ask, args=(carrier,)) for carrier in carriers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)

    assert len(carriers) == len(took)
    assert 0.9 < min(took)
    assert max(took) < 1.1


def test_f017_slow_answer_over_tls_ends_at_the_deadline(serve, server_context, trusting):
    """
    Shutting down below TLS ends a read within it.
    """
    carrier = serve(SLOW["body"], tls=server_context)
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.url, Call("dispatch", deadline_s=DEADLINE_S))

    assert ("timeout", True) == (error.kind, error.sent)


def test_f017_body_cut_by_the_deadline_is_no_answer(serve, pool):
    """
    The end of the stream that the deadline made is not the end of the body.
    """
    carrier = serve(Script(OK + b"Content-Type: application/json\r\n\r\n{}", Pause()))

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


def test_closing_the_pool_ends_the_watchdog(serve, pool):
    """
    What is not used leaves no thread behind.
    """
    carrier = serve(Echo())
    pool.send(REQUEST, carrier.url, Call("quote"))
    pool.close()

    assert not [each for each in threading.enumerate() if each.name.startswith("doorstep")]


def test_call_that_is_over_sends_nothing(serve, pool):
    """
    A deadline that has passed before the request leaves keeps it here.
    """
    carrier = serve(Echo())
    pool.send(REQUEST, carrier.url, Call("quote"))
    late = Call("dispatch", deadline_s=0.001)
    time.sleep(0.01)
    aborted = Call("dispatch")
    aborted.abort()

    errors = [failure(pool, carrier.url, call) for call in (late, aborted)]

    assert [("timeout", False), ("aborted", False)] == [(each.kind, each.sent) for each in errors]


@pytest.mark.parametrize("case", ["nothing", "headers", "body"])
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
    carrier = serve(Silence(after=0))
    call = Call("dispatch", deadline_s=5)
    threading.Timer(0.1, call.abort).start()
    started = time.monotonic()
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.secure_url, call)

    assert ("aborted", False) == (error.kind, error.sent)
    assert time.monotonic() - started < 0.4


def test_abort_ends_connecting(pool):
    """
    A call can be given up while nobody answers the knock.
    """
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


def test_connection_of_another_call_is_not_cut(serve, pool):
    """
    A deadline that comes after its call ended does not end the next one on the connection.
    """
    carrier = serve(Echo())
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


def test_watchdog_whose_start_was_interrupted_is_started_again(monkeypatch):
    """
    Ctrl-C while the first call begins leaves later calls their deadlines.
    """
    dog = Watchdog()

    def interrupt(thread):
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", interrupt)
    with pytest.raises(KeyboardInterrupt):
        dog.watch(Watched(), 5)
    monkeypatch.undo()
    dog.watch(call := Watched(), 0.01)

    assert call.was_cut.wait(1)
    dog.rest()


def test_watchdog_keeps_no_lock_that_an_interrupt_met():
    """
    The lock is taken in one step of the interpreter, so that Ctrl-C cannot come in between.
    """

    class Interrupted(threading.Condition):
        def __enter__(self):
            super().__enter__()
            raise KeyboardInterrupt

    dog = Watchdog()
    dog._condition = Interrupted(dog._lock)
    dog.watch(call := Watched(), 0.01)

    assert call.was_cut.wait(1)
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
