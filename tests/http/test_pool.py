"""
Kept connections: for whom, for how long, in which thread and in which process.
"""

from __future__ import annotations

import gc
import logging
import os
import random
import threading
import time
import traceback
from contextlib import suppress

import pytest

from doorstep.http import Call, HttpPool, Request, TransportError
from doorstep_contracts.faults import Answer, Echo, HangUp, Script, Truncated


def send(pool, url, body=b"{}"):
    return pool.send(Request("POST", "/echo", body=body), url, Call("quote", deadline_s=5)).body


def test_connection_is_kept_and_used_again(serve, pool):
    """
    The second call pays for no handshake.
    """
    carrier = serve(Echo())

    for number in range(5):
        assert b"%d" % number == send(pool, carrier.url, b"%d" % number)

    assert 1 == carrier.connections


def test_f023_connection_that_the_carrier_closed_is_replaced(serve, pool):
    """
    An idle connection that died is noticed before anything is sent on it: sent once.
    """
    carrier = serve(Script(Answer(body=b"1")))
    bodies = []
    for _ in range(3):
        bodies.append(send(pool, carrier.url))
        time.sleep(0.03)

    assert [b"1"] * 3 == bodies
    assert 3 == carrier.connections == len(carrier.requests)


def test_f023_connection_that_dies_under_a_request_is_sent_and_not_repeated(serve, pool):
    """
    The race of a closing carrier and a sending client has no winner: it is unknown.
    """
    carrier = serve(Answer(), HangUp())
    send(pool, carrier.url)

    with pytest.raises(TransportError) as caught:
        send(pool, carrier.url)

    assert ("reset", True) == (caught.value.kind, caught.value.sent)
    assert 2 == len(carrier.requests)
    assert 1 == carrier.connections


def test_connection_that_the_carrier_wants_closed_is_closed(serve, pool):
    """
    ``Connection: close`` is obeyed.
    """
    carrier = serve(Answer(headers={"Connection": "close"}))
    for _ in range(2):
        send(pool, carrier.url)

    assert 2 == carrier.connections


def test_idle_connections_are_bounded(serve):
    """
    A burst leaves no more than *maxsize* sockets behind.
    """
    gate = threading.Barrier(6)

    def together(peer):
        gate.wait(5)
        peer.reply()

    carrier = serve(together)
    with HttpPool(maxsize=2) as pool:
        threads = [threading.Thread(target=send, args=(pool, carrier.url)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(5)
        kept = sum(map(len, pool._idle.values()))

    assert 6 == carrier.connections
    assert 2 == kept


def test_closed_pool_keeps_nothing(serve, pool):
    """
    A connection that comes back after ``close()`` is closed; new calls still work.
    """
    carrier = serve(Echo())
    pool.close()
    send(pool, carrier.url)

    assert not any(pool._idle.values())


def test_f089_32_threads_get_their_own_answers(serve, pool):
    """
    No answer reaches another thread's call, and no more connections are made than threads.
    """
    carrier = serve(Echo())
    wrong = []

    def work(thread):
        for number in range(100):
            body = f"{thread}-{number}".encode()
            if send(pool, carrier.url, body) != body:
                wrong.append(body)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert [] == wrong
    assert carrier.connections <= 32
    assert sum(map(len, pool._idle.values())) <= 32


def in_child(work) -> int:
    """
    Run *work* in a child process and return its exit code.
    """
    child = os.fork()
    if not child:
        try:
            os._exit(0 if work() else 1)
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
        os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_f088_parent_and_child_share_no_connection(serve, pool):
    """
    After a fork, 600 answers in parent and child are each their own, on connections of their own.
    """
    carrier = serve(Echo())
    send(pool, carrier.url)

    def calls(name) -> bool:
        bodies = [f"{name}-{number}".encode() for number in range(300)]
        return bodies == [send(pool, carrier.url, body) for body in bodies]

    child = os.fork()
    if not child:
        os._exit(0 if calls("child") else 1)
    mine = calls("parent")
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    assert mine
    assert 0 == code
    assert 2 == carrier.connections


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_f088_child_does_not_end_the_parents_connections(serve, pool):
    """
    A child that drops its copies leaves the originals alone.
    """
    carrier = serve(Echo())
    send(pool, carrier.url)

    assert 0 == in_child(lambda: not any(pool._idle.values()))
    assert b"still" == send(pool, carrier.url, b"still")
    assert 1 == carrier.connections


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_f088_child_does_not_inherit_a_held_lock(serve, pool):
    """
    A lock that another thread held at the fork would never be released.
    """
    carrier = serve(Echo())
    with pool._lock:
        code = in_child(lambda: send(pool, carrier.url, b"mine") == b"mine")

    assert 0 == code


def test_nothing_is_left_open(serve, kit):
    """
    Pools and their failures leak no file descriptor.
    """
    rng = random.Random(7)
    carrier = serve(*(rng.choice((Answer(), Truncated())) for _ in range(50)))
    gc.collect()
    with HttpPool() as pool:
        for _ in range(50):
            with suppress(TransportError):
                send(pool, carrier.url)
        idle = sum(map(len, pool._idle.values()))
        mine = kit.client_sockets(carrier.port)
        assert idle == mine
    assert 0 == kit.client_sockets(carrier.port)


def test_nothing_of_a_request_is_logged(serve, kit, pool, caplog):
    """
    At DEBUG no library writes path, query, headers or body.
    """
    carrier = serve(Echo())
    request = Request(
        "POST",
        f"/{kit.CANARY}",
        query=(("q", kit.CANARY),),
        headers={"Authorization": kit.CANARY},
        body=kit.CANARY.encode(),
    )
    with caplog.at_level(logging.DEBUG):
        pool.send(request, carrier.url, Call("quote"))

    assert kit.CANARY not in caplog.text


def test_threads_may_close_while_others_send(serve):
    """
    ``close()`` takes the connections that are idle and leaves those in use.
    """
    carrier = serve(Echo())
    pool = HttpPool()
    thread = threading.Thread(target=lambda: [send(pool, carrier.url) for _ in range(100)])
    thread.start()
    while thread.is_alive():
        pool.close()
        time.sleep(0.001)
    thread.join()

    assert not any(pool._idle.values())
