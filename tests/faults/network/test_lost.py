"""
Failures after a dispatch was sent: one POST, and the shop is told what to look up.
"""

from __future__ import annotations

import gzip
import time

import pytest

from doorstep_contracts.faults import (
    WIRE_FAULTS,
    Answer,
    BrokenTls,
    Drip,
    Echo,
    Flood,
    GzipBomb,
    HangUp,
    Reset,
    Script,
    Silence,
)

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = OK + b"Content-Encoding: gzip\r\n\r\n"


@pytest.mark.parametrize("after", [0, 10])
def test_f008_dispatch_reset_while_it_is_read_is_unknown(after, serve, open_shop, check_unknown):
    """
    Bytes left us: unknown, look the reference up; it is not sent again.
    """
    server = serve(Reset(after=after))

    check_unknown(open_shop(server.url).dispatch())
    assert 1 == server.connections


def test_f009_dispatch_that_is_reset_after_it_was_read_is_unknown(check_once):
    """
    The carrier may have booked before the reset: unknown, look the reference up, one POST.
    """
    check_once(Reset())


def test_f010_dispatch_without_an_answer_is_unknown(check_once):
    """
    The carrier may have booked and hung up: unknown, look the reference up, one POST.
    """
    check_once(HangUp())


def test_f011_dispatch_without_an_answer_in_time_is_unknown(check_once):
    """
    The carrier may have booked in silence: unknown, look the reference up, one POST.
    """
    check_once(Silence(), deadline_s=0.2)


DELIVERY = b'{"id": "7"}'
LENGTHS = {
    "short": OK + b"Content-Length: 12\r\n\r\n" + DELIVERY,
    "long": OK + b"Content-Length: 10\r\n\r\n" + DELIVERY,
    "negative": OK + b"Content-Length: -11\r\n\r\n" + DELIVERY,
    "two": OK + b"Content-Length: 11\r\nContent-Length: 5\r\n\r\n" + DELIVERY,
    "no number": OK + b"Content-Length: eleven\r\n\r\n" + DELIVERY,
    "nothing": OK + b"Content-Length: 11\r\n\r\n",
}


@pytest.mark.parametrize("case", LENGTHS)
def test_f013_dispatch_answered_at_another_length_is_unknown(case, check_once):
    """
    A body that is cut or contradicts its length is not believed: unknown, one POST.
    """
    check_once(Script(LENGTHS[case]))


@pytest.mark.parametrize("head", [OK, OK + b"Content-Type: appl", b"HTTP/1.1 2"])
def test_f014_dispatch_answered_by_half_a_head_is_unknown(head, check_once):
    """
    An answer that ends inside its headers is no empty success: unknown, one POST.
    """
    check_once(Script(head))


@pytest.mark.parametrize("chunks", [b"xyz\r\n{}\r\n0\r\n\r\n", b"-1\r\n{}\r\n", b"2\r\n{}\r\n"])
def test_f015_dispatch_answered_in_broken_chunks_is_unknown(chunks, check_once):
    """
    A bad chunk, or no last one: unknown, one POST.
    """
    check_once(Script(CHUNKED + chunks))


def test_f016_dispatch_under_broken_tls_is_unknown(authority, serve, open_shop, check_unknown):
    """
    A broken record after the request is no reason to send it again: unknown, exactly one POST.
    """
    server = serve(BrokenTls(), tls=authority.serving())

    check_unknown(open_shop(server.url).dispatch())
    assert 1 == server.count("POST")


DRIPS = {
    "head": Drip(OK, b"X: y\r\n"),
    "body": Drip(),
    "continue": Drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "hints": Drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
}


@pytest.mark.parametrize("case", ["head", "body"])
def test_f017_dispatch_answered_drop_by_drop_is_unknown_at_the_deadline(case, check_once):
    """
    However slowly it drips, the call ends at its deadline: unknown, one POST.
    """
    started = time.monotonic()
    check_once(DRIPS[case], deadline_s=0.2)

    assert 0.18 < time.monotonic() - started < 0.5


@pytest.mark.parametrize("case", ["continue", "hints"])
def test_f018_dispatch_answered_by_promises_is_unknown_at_the_deadline(case, check_once):
    """
    Informational answers without end are none: unknown at the deadline, one POST.
    """
    started = time.monotonic()
    check_once(DRIPS[case], deadline_s=0.2)

    assert 0.18 < time.monotonic() - started < 0.5


PACKED = {
    "bomb": GzipBomb(),
    "no gzip": Script(GZIP + DELIVERY),
    "half a gzip": Script(GZIP + gzip.compress(DELIVERY * 9)[:-9]),
    "chain": Script(
        OK + b"Content-Encoding: gzip, gzip\r\n\r\n" + gzip.compress(gzip.compress(DELIVERY))
    ),
}


@pytest.mark.parametrize("case", PACKED)
def test_f019_dispatch_answered_in_bad_gzip_is_unknown(case, check_once):
    """
    A bomb, a broken or a doubly packed body is not unpacked: unknown, one POST.
    """
    check_once(PACKED[case])


def test_f020_dispatch_answered_without_end_is_unknown(check_once):
    """
    A body without an end is read to the cap: unknown, one POST.
    """
    check_once(Flood())


@pytest.mark.parametrize("head", [b"X: y\r\n" * 200, b"X: " + b"y" * 70_000 + b"\r\n"])
def test_f021_dispatch_answered_in_endless_headers_is_unknown(head, check_once):
    """
    More headers, or longer ones, than any carrier sends: unknown, one POST.
    """
    check_once(Script(OK + head + b"\r\n{}"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("where", ["other host", "same host", "file"])
def test_f022_redirected_dispatch_is_unknown_and_followed_nowhere(status, where, serve, check_once):
    """
    A redirect is never followed: unknown, one POST, and no other host hears of it.
    """
    sink = serve(Echo())
    targets = {"other host": f"{sink.url}/x", "same host": "/x", "file": "file:///etc/passwd"}
    check_once(Answer(status, headers={"Location": targets[where]}))

    assert 0 == sink.connections


def test_f023_dispatch_on_a_connection_that_dies_is_unknown(serve, open_shop, check_unknown):
    """
    The carrier hangs up just as a kept connection is used: unknown, one POST.
    """
    server = serve(Answer(404), HangUp())
    shop = open_shop(server.url)
    shop.client.find("order-118")

    check_unknown(shop.dispatch())
    assert (1, 1) == (server.count("POST"), server.connections)


def test_f024_dispatch_answered_by_a_proxy_is_unknown(check_once):
    """
    No proxy was asked to speak, so its 407 says nothing of what the carrier did: unknown.
    """
    check_once(Answer(407, headers={"Proxy-Authenticate": "Basic"}))


@pytest.mark.parametrize(
    "name", sorted({"reset", "hang up", "half a head", "half a body", "bad chunks", "bad gzip"})
)
def test_f009_lost_read_is_asked_again(name, serve, open_shop):
    """
    A read whose answer is lost on the wire is simply asked again.
    """
    server = serve(WIRE_FAULTS[name], Answer(404))

    assert open_shop(server.url).client.find("order-118") is None
    assert 2 == server.count("GET")


@pytest.mark.parametrize("name", sorted(set(WIRE_FAULTS) - {"reset while it reads"}))
def test_dispatch_is_sent_once_under_every_fault(name, check_once):
    """
    One dispatch, one POST, whatever the carrier makes of it.
    """
    check_once(WIRE_FAULTS[name], deadline_s=0.2)
