"""
Answers without measure, and ones that lead elsewhere: cut off, never followed.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from doorstep.http import HttpPool, Request
from doorstep_contracts.faults import Answer, Echo, Flood, GzipBomb

OK = b"HTTP/1.1 200 OK\r\n"

#: Prints what became of a request, and how many kilobytes of memory it took.
DEFUSE = """
import resource, sys
from doorstep.http import Call, HttpPool, Request, TransportError
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with HttpPool() as pool:
    before = peak()
    try:
        pool.send(Request("POST", "/deliveries", body=b"{}"), sys.argv[1], Call("dispatch"))
    except TransportError as error:
        print(error.kind, error.sent, peak() - before)
"""


def test_f019_gzip_bomb_stops_at_the_cap(serve):
    """
    256 MiB in 260 kB are refused at 1 MiB, and memory grows by less than 20 MB.
    """
    carrier = serve(GzipBomb())
    # In a process of its own: here some other test may have taken more memory before.
    ran = subprocess.run(
        [sys.executable, "-c", DEFUSE, carrier.url],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )

    assert ["too_large", "True"] == ran.stdout.split()[:2]
    assert int(ran.stdout.split()[2]) < 20_000
    assert 1 == len(carrier.requests)


@pytest.mark.parametrize("framing", [b"", b"Content-Length: 99999999\r\n"])
def test_f020_endless_body_stops_at_the_cap(framing, serve, pool, kit):
    """
    A body without an end, or with a far one, is not read to it.
    """
    carrier = serve(Flood(OK + framing + b"\r\n"))

    assert "too_large" == kit.failure(pool, carrier.url).kind


def test_f020_body_of_the_cap_is_taken_and_one_more_is_not(serve, pool, kit):
    """
    The cap means what it says, chunked or not.
    """
    request = Request("GET", "/", body_cap=10)
    carrier = serve(Answer(body=b"x" * 10), Answer(body=b"x" * 11))

    assert b"x" * 10 == kit.send(pool, carrier.url, request).body
    assert "too_large" == kit.failure(pool, carrier.url, request=request).kind


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_f022_redirect_is_an_answer_and_nobody_else_is_asked(status, serve, pool, kit):
    """
    Neither token nor body reaches a host that the settings do not name.
    """
    sink = serve(Echo())
    targets = [f"{sink.url}/x", f"{sink.secure_url}/x", "file:///etc/passwd", "/elsewhere"]
    carrier = serve(*(Answer(status, headers={"Location": target}) for target in targets))

    statuses = [kit.send(pool, carrier.url).status for _ in targets]

    assert [status] * len(targets) == statuses
    assert len(targets) == len(carrier.requests)
    assert 0 == sink.connections


def test_f022_redirect_from_https_to_http_is_not_followed(serve, server_context, trusting, kit):
    """
    An answer over TLS cannot send the request on in the clear, not even to the same host.
    """
    sink = serve(Echo())
    carrier = serve(Answer(307, headers={"Location": f"{sink.url}/x"}), tls=server_context)
    with HttpPool(ssl_context=trusting) as pool:
        answer = kit.send(pool, carrier.url)

    assert (307, 1, 0) == (answer.status, len(carrier.requests), sink.connections)


def test_cookies_are_neither_kept_nor_shown(serve, pool, kit):
    """
    Two accounts on one pool share no session of the carrier's.
    """
    carrier = serve(Answer(headers={"Set-Cookie": "id=canary", "X-Id": "7"}))

    answers = [kit.send(pool, carrier.url) for _ in range(2)]

    assert b"cookie" not in carrier.requests[1].lower()
    assert "set-cookie" not in answers[0].headers
    assert "7" == answers[0].headers["x-id"]


def test_f024_proxy_of_the_environment_is_ignored(serve, pool, monkeypatch, kit):
    """
    A variable somewhere does not send tokens elsewhere.
    """
    sink = serve(Echo())
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setitem(os.environ, name, sink.url)
        monkeypatch.setitem(os.environ, name.lower(), sink.url)
    monkeypatch.setitem(os.environ, "NO_PROXY", "")
    carrier = serve(Echo())

    assert 200 == kit.send(pool, carrier.url).status
    assert 0 == sink.connections
