"""
The fault server does what it was told, byte by byte, and ends at once.
"""

from __future__ import annotations

import socket
import ssl
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Protocol

import pytest

from doorstep_contracts.faults import (
    Answer,
    Authority,
    BrokenTls,
    Drip,
    Echo,
    FaultServer,
    Flood,
    GzipBomb,
    HangUp,
    Pause,
    Peer,
    Reset,
    Script,
    Silence,
    Truncated,
    WireFault,
)

ASKED = b"POST /x HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
OK = b"HTTP/1.1 200 Whatever\r\nContent-Length: 2\r\n\r\n{}"


class Serve(Protocol):
    def __call__(
        self, *faults: WireFault, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ) -> FaultServer: ...


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield lambda *faults, **options: stack.enter_context(FaultServer(*faults, **options))


def dial(server: FaultServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=5)


def ask(server: FaultServer, limit: int = 1_000_000) -> bytes:
    """
    Send a request and return what comes until the end, or *limit* bytes of it.
    """
    got = b""
    with dial(server) as sock:
        sock.sendall(ASKED)
        while len(got) < limit and (data := sock.recv(65536)):
            got += data
    return got


def test_faults_are_done_in_turn_and_the_last_for_ever(serve):
    """
    Each request gets the next one, whatever connection it comes on.
    """
    server = serve(HangUp(), Script(b"second"), Script(b"last"))

    assert [b"", b"second", b"last", b"last"] == [ask(server) for _ in range(4)]
    assert (4, 4) == (server.connections, server.count("POST"))


def test_connection_without_a_request_takes_no_fault(serve):
    """
    Whoever connects and goes uses nothing up.
    """
    server = serve(Script(b"first"), Script(b"second"))
    with dial(server):
        pass

    assert b"first" == ask(server)


def test_request_is_recorded_as_it_came(serve):
    """
    In pieces or not, with its body, and one after another.
    """
    server = serve(Echo())
    with dial(server) as sock:
        for piece in (ASKED[:5], ASKED[5:-1], ASKED[-1:] + ASKED):
            sock.sendall(piece)
        server.wait_for(2)

    assert [ASKED, ASKED] == server.requests
    assert 1 == server.connections


def test_half_a_request_is_none(serve):
    """
    A client that goes while it sends has sent nothing that counts.
    """
    server = serve(Echo())
    with dial(server) as sock:
        sock.sendall(ASKED[:-1])
    with dial(server) as sock:
        sock.sendall(ASKED)
        server.wait_for(1)

    assert [ASKED] == server.requests


def test_waiting_for_requests_that_never_come_ends(serve):
    """
    A test that waits in vain is told so.
    """
    with pytest.raises(TimeoutError, match="0 of 2 requests came"):
        serve().wait_for(2, timeout_s=0.01)


EXACT = {
    "hang up": (HangUp(), b""),
    "script": (Script(b"one", Pause(0.001), b"two"), b"onetwo"),
    "script that hangs up": (Script(b"one", HangUp(), b"two"), b"one"),
    "truncated": (Truncated(b"{} ", missing=1), OK.replace(b": 2", b": 3")),
}


@pytest.mark.parametrize("case", EXACT)
def test_answer_is_what_was_said(case, serve):
    """
    Not a byte more, and the end where it was told.
    """
    fault, expected = EXACT[case]

    assert expected == ask(serve(fault))


@pytest.mark.parametrize("fault", [Answer(), Script(OK, keep=True), lambda peer: peer.reply()])
def test_answer_keeps_the_connection(fault, serve):
    """
    The second request comes on the first one's connection.
    """
    server = serve(fault)
    with dial(server) as sock:
        for _ in range(2):
            sock.sendall(ASKED)
            assert OK == sock.recv(65536)

    assert (1, 2) == (server.connections, len(server.requests))


@pytest.mark.parametrize("fault", [Reset(), Reset(after=0), Reset(after=10), Script(b"", Reset())])
def test_reset_is_a_reset(fault, serve):
    """
    The other side sees an error, no end; what was not read whole is not counted.
    """
    server = serve(fault)
    with pytest.raises(ConnectionResetError):
        ask(server)

    assert (fault.after is None) == bool(server.requests)


@pytest.mark.parametrize("fault", [Drip(b"start", b"x"), Flood(b"start", b"x" * 99)])
def test_endless_answer_goes_on_until_nobody_listens(fault, serve):
    """
    It begins as told, and more comes.
    """
    got = ask(serve(fault), limit=8)

    assert got.startswith(b"startxxx")


@pytest.mark.parametrize("fault", [Silence(), Silence(after=0), Script(Pause()), Drip(b"", b"")])
def test_closing_ends_whatever_is_under_way(fault):
    """
    No test waits for a fault that has no end.
    """
    server = FaultServer(fault)
    with dial(server) as sock:
        sock.sendall(ASKED)
        if fault != Silence(after=0):
            server.wait_for(1)
        started = time.monotonic()
        server.close()
        took = time.monotonic() - started
        with suppress(ConnectionResetError):
            assert b"" == sock.recv(10)

    assert took < 1
    with pytest.raises(ConnectionRefusedError):
        dial(server)


def test_silence_says_nothing(serve):
    """
    The other side gives up first.
    """
    with dial(serve(Silence())) as sock:
        sock.settimeout(0.05)
        sock.sendall(ASKED)
        with pytest.raises(TimeoutError):
            sock.recv(1)


def test_bomb_is_small_and_unpacks_to_what_it_says(serve):
    """
    A mebibyte in a kilobyte, each.
    """
    with dial(serve(GzipBomb(2))) as sock:
        sock.sendall(ASKED)
        head, _, body = sock.recv(65536).partition(b"\r\n\r\n")
    unpacked = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(body, 2 * 1024 * 1024)

    assert b"Content-Encoding: gzip" in head
    assert len(body) < 5000
    assert bytes(2 * 1024 * 1024) == unpacked


def test_own_function_is_a_fault(serve):
    """
    What the vocabulary lacks is a function of the connection.
    """

    def shout(peer: Peer) -> bool:
        peer.send(peer.body.upper() + peer.request[:4])
        return False

    assert b"{}POST" == ask(serve(shout))


def test_tls_is_trusted_with_its_authority_alone(serve):
    """
    A client that trusts the authority is answered, another is not.
    """
    authority = Authority()
    server = serve(Answer(), tls=authority.serving())
    with (
        dial(server) as sock,
        authority.trusting().wrap_socket(sock, server_hostname="localhost") as secure,
    ):
        secure.sendall(ASKED)
        assert OK == secure.recv(65536)
    with dial(server) as sock, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(sock, server_hostname="localhost")

    assert server.url == server.secure_url == f"https://localhost:{server.port}"


def test_broken_tls_is_no_record(serve):
    """
    The layer of TLS itself refuses what comes.
    """
    authority = Authority()
    server = serve(BrokenTls(), tls=authority.serving())
    with (
        dial(server) as sock,
        authority.trusting().wrap_socket(sock, server_hostname="localhost") as secure,
    ):
        secure.sendall(ASKED)
        with pytest.raises(ssl.SSLError):
            secure.recv(65536)


def test_missing_trustme_is_named(monkeypatch):
    """
    Who needs TLS is told what to install.
    """
    monkeypatch.setitem(sys.modules, "trustme", None)

    with pytest.raises(ImportError, match=r"pip install 'doorstep-contracts\[tls\]'"):
        Authority()


def test_other_address_is_in_the_url(serve):
    """
    Addresses of version 6 stand in brackets.
    """
    server = serve(host="::1")

    assert f"http://[::1]:{server.port}" == server.url
