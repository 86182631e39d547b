"""
Failures before the first byte: the carrier cannot have acted, and the error says so.
"""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import time

import pytest
import trustme

from doorstep.errors import SettingsError
from doorstep.http import Call, HttpPool, Request, TransportError

REQUEST = Request("POST", "/deliveries", body=b"{}")


def failure(pool, url, **options) -> TransportError:
    call = Call("dispatch", **options)
    with pytest.raises(TransportError) as caught:
        pool.send(REQUEST, url, call)
    return caught.value


def test_refused_connection_is_not_sent(pool):
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


def test_unknown_host_is_not_sent(pool, monkeypatch):
    """
    A name that does not resolve has received nothing.
    """

    def unknown(*_):
        raise socket.gaierror(socket.EAI_NONAME, "canary")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    error = failure(pool, "https://acme.invalid")

    assert ("connect", False, "gaierror, errno -2") == (error.kind, error.sent, error.cause)


def test_connect_timeout_is_not_sent():
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


def test_deadline_ends_connecting_without_sending():
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


def bad_context(authority, case) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if case == "untrusted":
        trustme.CA().issue_cert("localhost").configure_cert(context)
    elif case == "other host":
        authority.issue_cert("other.example").configure_cert(context)
    else:
        past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
        authority.issue_cert("localhost", not_after=past).configure_cert(context)
    return context


@pytest.mark.parametrize("case", ["untrusted", "other host", "expired"])
def test_bad_certificate_is_not_sent(case, authority, trusting, serve, kit):
    """
    Nothing is said to a host that cannot prove who it is.
    """
    carrier = serve(kit.echo, context=bad_context(authority, case))
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.url)

    assert ("tls", False) == (error.kind, error.sent)
    assert "SSLCertVerificationError" in error.cause


def test_default_context_does_not_trust_a_private_authority(server_context, serve, kit, pool):
    """
    Without a context of the caller's, the system's authorities count.
    """
    carrier = serve(kit.echo, context=server_context)

    assert ("tls", False) == (
        (error := failure(pool, carrier.url)).kind,
        error.sent,
    )


def test_trusted_host_is_answered(server_context, trusting, serve, kit):
    """
    The tests above fail for the certificate, not for TLS as such; a connection is kept.
    """
    carrier = serve(kit.echo, context=server_context)
    with HttpPool(ssl_context=trusting) as pool:
        bodies = [pool.send(REQUEST, carrier.url, Call("quote")).body for _ in range(3)]

    assert [b"{}"] * 3 == bodies
    assert 1 == carrier.connections


def test_handshake_stall_is_not_sent(serve, trusting):
    """
    A host that says nothing in the handshake has received no request.
    """
    carrier = serve(lambda peer, carrier: carrier.done.wait(5))
    url = carrier.url.replace("http", "https")
    started = time.monotonic()
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, url, deadline_s=0.15)

    assert ("timeout", False) == (error.kind, error.sent)
    assert time.monotonic() - started < 0.5


def test_dripping_handshake_ends_at_the_deadline(serve, trusting):
    """
    A byte now and then keeps a socket's timeout from ever ending; the deadline does not wait.
    """

    def drip(peer, carrier):
        # A record that announces 16 kB and delivers them one by one.
        peer.send(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
        while peer.send(b"\x00") and not carrier.done.wait(0.02):
            pass

    carrier = serve(drip)
    started = time.monotonic()
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.url.replace("http", "https"), deadline_s=0.2)

    assert ("timeout", False) == (error.kind, error.sent)
    assert 0.15 < time.monotonic() - started < 0.5


def test_https_to_a_plain_port_is_not_sent(serve, kit, trusting):
    """
    A plain server's answer to a handshake ends it before the request.
    """
    carrier = serve(lambda peer, carrier: peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.url.replace("http", "https"))

    assert False is error.sent
    assert error.kind in ("tls", "connect")


def test_reset_in_the_handshake_is_not_sent(serve, trusting):
    """
    A connection that dies in the handshake has carried no request.
    """
    carrier = serve(lambda peer, carrier: peer.reset())
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.url.replace("http", "https"))

    assert ("connect", False) == (error.kind, error.sent)


def contexts() -> list[ssl.SSLContext]:
    blind, nameless, old = (ssl.create_default_context() for _ in range(3))
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    nameless.check_hostname = False
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    return [blind, nameless, old]


@pytest.mark.parametrize("context", contexts(), ids=["blind", "nameless", "old"])
def test_context_that_does_not_verify_is_refused(context):
    """
    TLS is not optional, whoever asks.
    """
    with pytest.raises(SettingsError, match="ssl_context must"):
        HttpPool(ssl_context=context)


def test_context_that_stops_verifying_is_refused_later(trusting, server_context, serve, kit):
    """
    Changing the context after the pool took it does not get round the rule.
    """
    carrier = serve(kit.echo, context=server_context)
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
def test_base_url_that_is_not_safe_is_refused(url, pool):
    """
    Plain HTTP is for this computer alone; the message quotes no password.
    """
    with pytest.raises(SettingsError) as caught:
        pool.send(REQUEST, url, Call("quote"))

    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_plain_http_to_loopback_is_allowed(host, serve, kit, pool):
    """
    Simulators run without certificates.
    """
    carrier = serve(kit.echo, host=host)

    assert b"{}" == pool.send(REQUEST, carrier.url, Call("quote")).body
