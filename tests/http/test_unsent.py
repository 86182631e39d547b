"""
Failures before the first byte: the carrier cannot have acted, and the error says so.
"""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import time

import pytest

from doorstep.errors import SettingsError
from doorstep.http import Call, HttpPool, Request, TransportError
from doorstep_contracts.faults import Authority, Drip, Echo, Reset, Script, Silence

REQUEST = Request("POST", "/deliveries", body=b"{}")


def failure(pool, url, **options) -> TransportError:
    call = Call("dispatch", **options)
    with pytest.raises(TransportError) as caught:
        pool.send(REQUEST, url, call)
    return caught.value


def test_f001_refused_connection_is_not_sent(pool):
    """
    A closed port has received nothing.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    error = failure(pool, f"http://127.0.0.1:{port}")

    assert ("connect", False, "ConnectionRefusedError, errno 111") == (
        error.kind,
        error.sent,
        error.cause,
    )


@pytest.mark.parametrize("code", [socket.EAI_NONAME, socket.EAI_AGAIN], ids=["unknown", "later"])
def test_f002_unresolved_host_is_not_sent(code, pool, monkeypatch):
    """
    A name that does not resolve, or not now, has received nothing.
    """

    def unknown(*_):
        raise socket.gaierror(code, "canary")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    error = failure(pool, "https://acme.invalid")

    assert ("connect", False, f"gaierror, errno {code}") == (error.kind, error.sent, error.cause)


def test_f003_connect_timeout_is_not_sent():
    """
    A host that takes no connections has received nothing.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        with HttpPool(connect_timeout_s=0.15) as pool:
            error = failure(pool, f"http://127.0.0.1:{address[1]}")
        for filler in fillers:
            filler.close()

    assert ("timeout", False) == (error.kind, error.sent)


def test_f003_deadline_ends_connecting_without_sending():
    """
    The deadline of the call is shorter than the pool's patience.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        started = time.monotonic()
        with HttpPool() as pool:
            error = failure(pool, f"http://127.0.0.1:{address[1]}", deadline_s=0.15)
        took = time.monotonic() - started
        for filler in fillers:
            filler.close()

    assert ("timeout", False) == (error.kind, error.sent)
    assert took < 0.5


PAST = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
BAD_CERTIFICATES = {
    "untrusted": lambda authority: Authority().serving(),
    "other host": lambda authority: authority.serving("other.example"),
    "expired": lambda authority: authority.serving(not_after=PAST),
}


@pytest.mark.parametrize("case", BAD_CERTIFICATES)
def test_f004_bad_certificate_is_not_sent(case, authority, trusting, serve):
    """
    Nothing is said to a host that cannot prove who it is.
    """
    carrier = serve(Echo(), tls=BAD_CERTIFICATES[case](authority))
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.url)

    assert ("tls", False) == (error.kind, error.sent)
    assert "SSLCertVerificationError" in error.cause
    assert [] == carrier.requests


def test_default_context_does_not_trust_a_private_authority(server_context, serve, pool):
    """
    Without a context of the caller's, the system's authorities count.
    """
    carrier = serve(Echo(), tls=server_context)

    assert ("tls", False) == (
        (error := failure(pool, carrier.url)).kind,
        error.sent,
    )


def test_trusted_host_is_answered(server_context, trusting, serve):
    """
    The tests above fail for the certificate, not for TLS as such; a connection is kept.
    """
    carrier = serve(Echo(), tls=server_context)
    with HttpPool(ssl_context=trusting) as pool:
        bodies = [pool.send(REQUEST, carrier.url, Call("quote")).body for _ in range(3)]

    assert [b"{}"] * 3 == bodies
    assert 1 == carrier.connections


def test_f005_handshake_stall_is_not_sent(serve, trusting):
    """
    A host that says nothing in the handshake has received no request.
    """
    carrier = serve(Silence(after=0))
    started = time.monotonic()
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.secure_url, deadline_s=0.15)

    assert ("timeout", False) == (error.kind, error.sent)
    assert time.monotonic() - started < 0.5


def test_f005_dripping_handshake_ends_at_the_deadline(serve, trusting):
    """
    A byte now and then keeps a socket's timeout from ever ending; the deadline does not wait.
    """
    # A record that announces 16 kB and delivers them one by one.
    carrier = serve(Drip(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", b"\x00", after=0))
    started = time.monotonic()
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.secure_url, deadline_s=0.2)

    assert ("timeout", False) == (error.kind, error.sent)
    assert 0.15 < time.monotonic() - started < 0.5


def test_f006_https_to_a_plain_port_is_not_sent(serve, trusting):
    """
    A plain server's answer to a handshake ends it before the request.
    """
    carrier = serve(Script(b"HTTP/1.1 400 Bad Request\r\n\r\n", after=10))
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.secure_url)

    assert False is error.sent
    assert error.kind in ("tls", "connect")


def test_reset_in_the_handshake_is_not_sent(serve, trusting):
    """
    A connection that dies in the handshake has carried no request.
    """
    carrier = serve(Reset(after=0))
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.secure_url)

    assert ("connect", False) == (error.kind, error.sent)


def contexts() -> list[ssl.SSLContext]:
    blind, nameless, old = (ssl.create_default_context() for _ in range(3))
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    nameless.check_hostname = False
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    return [blind, nameless, old]


@pytest.mark.parametrize("context", contexts(), ids=["blind", "nameless", "old"])
def test_f007_context_that_does_not_verify_is_refused(context):
    """
    TLS is not optional, whoever asks.
    """
    with pytest.raises(SettingsError, match="ssl_context must"):
        HttpPool(ssl_context=context)


def test_f007_context_that_stops_verifying_is_refused_later(trusting, server_context, serve):
    """
    Changing the context after the pool took it does not get round the rule.
    """
    carrier = serve(Echo(), tls=server_context)
    with HttpPool(ssl_context=trusting) as pool:
        trusting.check_hostname = False
        error = failure(pool, carrier.url)

    assert False is error.sent
    assert [] == carrier.requests


@pytest.mark.parametrize(
    "url",
    [
        "http://acme.example",
        "http://127.0.0.1.acme.example",
        "http://10.0.0.1",
        "ftp://acme.example",
        "https://",
        "acme.example",
        "https://user:canary@acme.example",
        "https://acme.example/?key=canary",
        "https://acme.example:port",
        "https://[::1",
    ],
)
def test_f007_base_url_that_is_not_safe_is_refused(url, pool):
    """
    Plain HTTP is for this computer alone; the message quotes no password.
    """
    with pytest.raises(SettingsError) as caught:
        pool.send(REQUEST, url, Call("quote"))

    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_plain_http_to_loopback_is_allowed(host, serve, pool):
    """
    Simulators run without certificates.
    """
    carrier = serve(Echo(), host=host)

    assert b"{}" == pool.send(REQUEST, carrier.url, Call("quote")).body
