"""
Failures before the first byte of a dispatch: the shop is told that nothing was booked.
"""

from __future__ import annotations

import datetime as dt
import socket
from contextlib import ExitStack

import pytest

from doorstep.errors import CarrierUnavailableError, DoorstepError
from doorstep.outcome import Outcome, Retry
from doorstep_contracts.faults import Authority, Echo, Script, Silence


def check_not_sent(error: DoorstepError, *, retryable: Retry = Retry.SAME_CALL) -> None:
    """
    Hold that the caller is told: nothing left, do it again.
    """
    assert type(error) is CarrierUnavailableError
    assert (Outcome.NOT_SENT, False) == (error.booked, error.params["sent"])
    assert retryable is error.retryable


def test_f001_refused_dispatch_is_tried_three_times_and_not_sent(open_shop):
    """
    A carrier that takes no connection has booked nothing: unavailable, dispatch again.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    shop = open_shop(f"http://127.0.0.1:{port}")

    check_not_sent(shop.dispatch())
    assert 3 == shop.attempts


@pytest.mark.parametrize("code", [socket.EAI_NONAME, socket.EAI_AGAIN], ids=["unknown", "later"])
def test_f002_dispatch_to_an_unresolved_host_is_not_sent(code, open_shop, monkeypatch):
    """
    A host whose name does not resolve, or not now, has booked nothing: unavailable.
    """

    def unresolved(*_):
        raise socket.gaierror(code, "canary")

    monkeypatch.setattr(socket, "getaddrinfo", unresolved)
    shop = open_shop("https://acme.invalid")

    check_not_sent(shop.dispatch())
    assert 3 == shop.attempts


def test_f003_dispatch_that_cannot_connect_in_time_is_not_sent(open_shop):
    """
    A host that takes no connection in time has booked nothing: unavailable.
    """
    with socket.socket() as listener, ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):  # fill the queue of a host that accepts nobody
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        port = listener.getsockname()[1]
        error = open_shop(f"http://127.0.0.1:{port}", connect_timeout_s=0.1).dispatch()

    check_not_sent(error)


PAST = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
BAD_CERTIFICATES = {
    "untrusted": lambda authority: Authority().serving(),
    "expired": lambda authority: authority.serving(not_after=PAST),
    "other host": lambda authority: authority.serving("other.example"),
}


@pytest.mark.parametrize("case", BAD_CERTIFICATES)
def test_f004_dispatch_to_a_bad_certificate_is_not_sent(case, authority, serve, open_shop):
    """
    A host that cannot prove who it is gets nothing; the error names it and says what to check.
    """
    server = serve(Echo(), tls=BAD_CERTIFICATES[case](authority))
    shop = open_shop(server.url)
    error = shop.dispatch()

    check_not_sent(error, retryable=Retry.NO)
    assert "could not verify localhost" in str(error)
    assert "check the base URL" in str(error)
    assert (1, []) == (shop.attempts, server.requests)


def test_f005_dispatch_under_a_stalled_handshake_is_not_sent(serve, open_shop):
    """
    A handshake that does not end is no read timeout: nothing was sent, dispatch again.
    """
    server = serve(Silence(after=0))
    shop = open_shop(server.secure_url, stands_still=False)

    check_not_sent(shop.dispatch(deadline_s=0.2))


def test_f006_dispatch_over_tls_to_a_plain_port_is_not_sent(serve, open_shop):
    """
    A port that speaks no TLS gets no request: not sent.
    """
    server = serve(Script(b"HTTP/1.1 400 Bad Request\r\n\r\n", after=0))
    error = open_shop(server.secure_url).dispatch()

    assert (Outcome.NOT_SENT, False) == (error.booked, error.params["sent"])
    assert [] == server.requests
