"""
The server: connections, routes, the journal.
"""

from __future__ import annotations

import contextlib
import http.client
import logging
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import urllib3

from doorstep.simulation import SeenRequest, SimulatorServer


@pytest.fixture(name="line")
def _line(server: SimulatorServer) -> Iterator[http.client.HTTPConnection]:
    host, port = server.base_url.removeprefix("http://").split(":")
    with contextlib.closing(http.client.HTTPConnection(host, int(port), timeout=2)) as line:
        yield line


def _say(line, method, path, **settings):
    line.request(method, path, **settings)
    answer = line.getresponse()
    return answer.status, answer.read()


def test_connections_are_kept(line):
    """
    Several requests travel over one connection.
    """
    statuses = [_say(line, "PUT", "/things/a", body=b"x" * size)[0] for size in (0, 10)]
    socket_before = line.sock
    statuses.append(_say(line, "PUT", "/things/a", body=b"x" * 100_000)[0])

    assert [200] * 3 == statuses
    assert socket_before is not None
    assert socket_before is line.sock


def test_connection_ends_when_the_caller_asks(line):
    """
    ``Connection: close`` is honoured.
    """
    line.request("GET", "/things/a", headers={"Connection": "close"})
    answer = line.getresponse()
    answer.read()

    assert answer.headers["Connection"] == "close"
    assert line.sock is None


def test_chunked_bodies_are_read_whole(line):
    """
    A body without a length arrives whole, and the connection stays in step.
    """
    first = _say(line, "PUT", "/things/a", body=iter([b"some ", b"words"]))
    kept = line.sock
    second = _say(line, "GET", "/things/b")

    assert b"some words" in first[1]
    assert b'"b"' in second[1]
    assert kept is line.sock


def test_head_has_no_body(line):
    """
    The answer to HEAD ends with its headers, and the connection stays in step.
    """
    head = _say(line, "HEAD", "/things/a")
    kept = line.sock

    assert (200, b"") == head
    assert b'"b"' in _say(line, "GET", "/things/b")[1]
    assert kept is line.sock


@pytest.mark.parametrize("length", ["many", "-1", "17000000"])
def test_impossible_lengths_are_refused(server, length):
    """
    A length that is none, or too much, ends the connection with 400.
    """
    port = int(server.base_url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=2) as caller:
        caller.sendall(f"PUT /things/a HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: caller.recv(1000), b""))

    assert answer.startswith(b"HTTP/1.1 400")
    assert b"Connection: close" in answer


@pytest.mark.parametrize(
    ("path", "thing"),
    [
        ("/things/a%2Fb", "a/b"),
        ("/things/a%20b", "a b"),
        ("/things/a/", "a"),
        ("/things/a?x=1", "a"),
        ("/things/%252e", "%2e"),
    ],
)
def test_paths_are_decoded_once_inside_their_segment(pool, path, thing):
    """
    An encoded slash does not lead to another route.
    """
    assert thing == pool.request("GET", path).json()["id"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/a", 404), ("POST", "/things/a", 405), ("GET", "/things//a", 404)],
)
def test_unknown_routes_are_refused_and_counted(server, pool, method, path, status):
    """
    What leads nowhere is answered and still stands in the journal.
    """
    answer = pool.request(method, path)

    assert status == answer.status
    assert server.journal.count(method, "(none)") == 1


def test_journal_counts_by_route(server, pool):
    """
    The journal keeps templates, so that no identifier stays in it.
    """
    for path in ("/things/a", "/things/b"):
        pool.request("PUT", path)
    pool.request("GET", "/_simulator/clock")

    assert [SeenRequest("PUT", "/things/<thing>", 2)] == server.journal.seen()


def test_stop_ends_held_connections_at_once(server, carrier, pool):
    """
    A caller who waits for a silent server is let go when it stops.
    """
    server.faults.arm("timeout_after", "book")
    ended = threading.Event()

    def wait() -> None:
        with pytest.raises(urllib3.exceptions.ProtocolError):
            pool.request("PUT", "/things/a", timeout=10)
        ended.set()

    caller = threading.Thread(target=wait)
    caller.start()
    carrier.committed.wait(2)
    server.stop()
    caller.join(2)

    assert ended.is_set()


def test_stop_ends_idle_connections(server, pool):
    """
    A kept connection does not outlive the server.
    """
    port = int(server.base_url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=2) as caller:
        caller.sendall(b"GET /things/a HTTP/1.1\r\n\r\n")
        caller.recv(1000)
        server.stop()

        assert caller.recv(1000) == b""


def test_a_stopped_server_has_no_address_and_starts_again(server, pool):
    """
    Stopping twice is harmless, starting again gives an address again.
    """
    server.stop()
    server.stop()
    with pytest.raises(RuntimeError, match="no address"):
        _ = server.base_url

    first = server.start().base_url

    assert first.startswith("http://127.0.0.1:")
    assert first == server.start().base_url


def test_stop_leaves_no_thread_and_no_connection(server, line):
    """
    What was started ends; a caller who leaves is forgotten.
    """
    loopback, _ = server._running
    _say(line, "GET", "/things/a")
    line.close()
    deadline = time.monotonic() + 2
    while loopback.connections and time.monotonic() < deadline:
        time.sleep(0.002)
    with server:
        pass

    assert set() == loopback.connections
    assert "doorstep-simulator" not in {thread.name for thread in threading.enumerate()}


def test_a_caller_who_comes_while_it_ends_is_sent_away(server, line):
    """
    A connection accepted at the last moment is ended as well.
    """
    server._running[0].ended = True

    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        _say(line, "GET", "/things/a")


def test_answers_have_a_date(pool):
    """
    The wire adds one when the carrier gives none.
    """
    assert pool.request("GET", "/things/a").headers["Date"].endswith("GMT")


def test_a_taken_port_is_an_error_and_not_the_end_of_the_process(server, carrier):
    """
    Whoever asks for a port that is taken is told so.
    """
    port = int(server.base_url.rpartition(":")[2])

    with pytest.raises(OSError, match="in use"):
        SimulatorServer(carrier, port=port).start()


def test_nothing_is_written_to_the_terminal(pool, capfd):
    """
    The server is silent.
    """
    pool.request("GET", "/things/a")
    pool.request("GET", "/nowhere")

    assert ("", "") == capfd.readouterr()


def test_a_broken_simulator_says_so(pool, carrier, caplog):
    """
    The simulator's own failure is not taken for the carrier's.
    """
    carrier.booked = None
    with caplog.at_level(logging.ERROR):
        answer = pool.request("PUT", "/things/a")

    assert (500, "Simulator Failure") == (answer.status, answer.reason)
    assert "the simulator itself failed" in caplog.text
