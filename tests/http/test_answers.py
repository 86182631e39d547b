"""
Answers that are broken, endless or hostile: never believed in part, never followed.
"""

from __future__ import annotations

import gzip
import os
import socket
import subprocess
import sys

import pytest

from doorstep.http import Call, HttpPool, Request, TransportError
from doorstep_contracts.faults import (
    Answer,
    BrokenTls,
    Echo,
    Flood,
    GzipBomb,
    HangUp,
    Pause,
    Reset,
    Script,
)

REQUEST = Request("POST", "/deliveries", body=b'{"a": 1}')
OK = b"HTTP/1.1 200 OK\r\n"


def send(pool, url, request=REQUEST, **options):
    return pool.send(request, url, Call("dispatch", deadline_s=5, **options))


def failure(pool, url, **options) -> TransportError:
    with pytest.raises(TransportError) as caught:
        send(pool, url, **options)
    return caught.value


def check_broken(answer: bytes, serve, pool) -> None:
    """
    Hold that *answer* is an error, that the request was sent once, and the connection is gone.
    """
    carrier = serve(Script(answer))

    error = failure(pool, carrier.url)

    assert error.kind in ("protocol", "reset")
    assert error.sent
    assert 1 == len(carrier.requests) == carrier.connections
    assert not any(pool._idle.values())


LENGTHS = {
    "fin in the body": OK + b'Content-Length: 9\r\n\r\n{"id"',
    "no body at all": OK + b"Content-Length: 9\r\n\r\n",
    "negative length": OK + b"Content-Length: -2\r\n\r\n{}",
    "two lengths": OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
    "two lengths in one": OK + b"Content-Length: 2, 3\r\n\r\n{} ",
    "length in words": OK + b"Content-Length: two\r\n\r\n{}",
    "length and chunks": OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"2\r\n{}\r\n0\r\n\r\n",
}
HEADS = {
    "fin in the status": b"HTTP/1.1 2",
    "fin in the headers": OK + b"Content-Type: application/json\r\n",
    "fin in a header": OK + b"Content-Type: applic",
}
CHUNKS = {
    "bad chunk size": OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n",
    "negative chunk size": OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
    "missing last chunk": OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
    "fin in a chunk": OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\n{}",
    "unknown transfer encoding": OK + b"Transfer-Encoding: rot13\r\n\r\n{}",
}
ENCODINGS = {
    "bad gzip": OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    "half a gzip": OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}" * 99)[:-9],
    "garbage after gzip": OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}") + b"??",
    "empty gzip": OK + b"Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
    "encodings in a chain": OK
    + b"Content-Encoding: gzip, gzip\r\n\r\n"
    + gzip.compress(gzip.compress(b"{}")),
    "unasked encoding": OK + b"Content-Encoding: br\r\n\r\nabc",
}
FLOODED_HEADS = {
    "many headers": OK + b"X: y\r\n" * 200 + b"\r\n{}",
    "long header": OK + b"X: " + b"y" * 70_000 + b"\r\n\r\n{}",
}
OTHER_PROTOCOLS = {
    "not http": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "http of the future": b"HTTP/2.0 200 OK\r\n\r\n{}",
    "switching protocols": b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
}


def test_f010_connection_that_ends_without_an_answer_was_sent(serve, pool):
    """
    Nothing came back and nothing says that nothing was done: the request counts as sent.
    """
    carrier = serve(HangUp())

    error = failure(pool, carrier.url)

    assert ("reset", True) == (error.kind, error.sent)
    assert 1 == len(carrier.requests) == carrier.connections


@pytest.mark.parametrize("case", LENGTHS)
def test_f013_body_of_another_length_is_no_answer(case, serve, pool):
    """
    A body that is not as long as declared is never taken for an answer, not even in part.
    """
    check_broken(LENGTHS[case], serve, pool)


@pytest.mark.parametrize("case", HEADS)
def test_f014_end_inside_the_headers_is_no_answer(case, serve, pool):
    """
    Headers that stop in the middle are not taken for an answer with an empty body.
    """
    check_broken(HEADS[case], serve, pool)


@pytest.mark.parametrize("case", CHUNKS)
def test_f015_broken_chunks_are_no_answer(case, serve, pool):
    """
    A chunk of a wrong size, or a missing last one, makes the whole answer unusable.
    """
    check_broken(CHUNKS[case], serve, pool)


@pytest.mark.parametrize("case", ENCODINGS)
def test_f019_body_that_cannot_be_decoded_is_no_answer(case, serve, pool):
    """
    Bad gzip, encodings in a chain and those nobody asked for are not believed.
    """
    check_broken(ENCODINGS[case], serve, pool)


@pytest.mark.parametrize("case", FLOODED_HEADS)
def test_f021_headers_without_measure_are_no_answer(case, serve, pool):
    """
    More than a hundred headers, or one of 70 kB, end the exchange.
    """
    check_broken(FLOODED_HEADS[case], serve, pool)


@pytest.mark.parametrize("case", OTHER_PROTOCOLS)
def test_other_protocol_is_no_answer(case, serve, pool):
    """
    What does not speak HTTP/1 has not answered.
    """
    check_broken(OTHER_PROTOCOLS[case], serve, pool)


def test_f015_negative_chunk_size_is_not_read_to_the_end(serve, pool):
    """
    -1 means "everything" to a file; a carrier does not get to say that.
    """
    carrier = serve(Script(OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", Pause()))
    with pytest.raises(TransportError) as caught:
        pool.send(REQUEST, carrier.url, Call("dispatch", deadline_s=1))

    assert "protocol" == caught.value.kind


@pytest.mark.parametrize("answer", [b"", OK + b"Content-Length: 9\r\n\r\n{"])
def test_f009_reset_after_the_request_was_read_is_sent(answer, serve, pool):
    """
    A carrier may have acted before the connection was reset.
    """
    carrier = serve(Script(answer, Reset()))

    error = failure(pool, carrier.url)

    assert ("reset", True) == (error.kind, error.sent)


@pytest.mark.parametrize("after", [0, 10])
def test_f008_reset_while_the_request_is_read_counts_as_sent(after, serve, pool):
    """
    Bytes left us; where they ended nobody can say.
    """
    carrier = serve(Reset(after=after))

    error = failure(pool, carrier.url, request=Request("POST", "/", body=b"x" * 5_000_000))

    assert ("reset", True) == (error.kind, error.sent)


def test_answer_before_the_whole_request_was_read_is_taken(serve, pool):
    """
    A refusal that comes while a large body is on its way is an answer.
    """

    def refuse(peer):
        peer.reply(413, Connection="close")
        peer.sock.shutdown(socket.SHUT_WR)
        peer.outlast()

    refuse.after = 1000
    carrier = serve(refuse)

    answer = send(pool, carrier.url, Request("POST", "/", body=b"x" * 5_000_000))

    assert 413 == answer.status


WHOLE = {
    "length": OK + b"Content-Length: 2\r\n\r\n{}",
    "same length twice": OK + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "chunks": OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\nX: y\r\n\r\n",
    "until the end": OK + b"\r\n{}",
    "gzip": OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}"),
    "gzip in two members": OK
    + b"Content-Encoding: gzip\r\n\r\n"
    + gzip.compress(b"{")
    + gzip.compress(b"}"),
    "continue and early hints": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n"
    b"Link: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\n{}",
}


@pytest.mark.parametrize("case", WHOLE)
def test_whole_answer_is_taken_however_it_is_framed(case, serve, pool):
    """
    Strictness costs no carrier that keeps to the rules.
    """
    carrier = serve(Script(WHOLE[case]))

    answer = send(pool, carrier.url)

    assert (200, b"{}") == (answer.status, answer.body)


@pytest.mark.parametrize(("status", "method"), [(204, "POST"), (304, "GET"), (200, "HEAD")])
def test_answer_without_a_body_ends_with_its_headers(status, method, serve, pool):
    """
    A length that no body follows is not waited for, and the connection is kept.
    """
    head = f"HTTP/1.1 {status} X\r\nContent-Length: 9\r\n\r\n".encode()
    carrier = serve(Script(head, keep=True))

    bodies = [send(pool, carrier.url, Request(method, "/")).body for _ in range(2)]

    assert [b"", b""] == bodies
    assert 1 == carrier.connections


def test_f013_body_longer_than_its_length_costs_the_connection(serve, pool):
    """
    What follows an answer could be taken for the next one.
    """
    forged = OK + b"Content-Length: 6\r\n\r\nforged"
    carrier = serve(
        Script(OK + b"Content-Length: 2\r\n\r\n{}" + forged, keep=True), Answer(body=b"true")
    )

    bodies = [send(pool, carrier.url).body for _ in range(2)]

    assert [b"{}", b"true"] == bodies
    assert 2 == carrier.connections


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
def test_f020_endless_body_stops_at_the_cap(framing, serve, pool):
    """
    A body without an end, or with a far one, is not read to it.
    """
    carrier = serve(Flood(OK + framing + b"\r\n"))

    assert "too_large" == failure(pool, carrier.url).kind


def test_f020_body_of_the_cap_is_taken_and_one_more_is_not(serve, pool):
    """
    The cap means what it says, chunked or not.
    """
    request = Request("GET", "/", body_cap=10)
    carrier = serve(Answer(body=b"x" * 10), Answer(body=b"x" * 11))

    assert b"x" * 10 == send(pool, carrier.url, request).body
    assert "too_large" == failure(pool, carrier.url, request=request).kind


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_f022_redirect_is_an_answer_and_nobody_else_is_asked(status, serve, pool):
    """
    Neither token nor body reaches a host that the settings do not name.
    """
    sink = serve(Echo())
    targets = [f"{sink.url}/x", f"{sink.secure_url}/x", "file:///etc/passwd", "/elsewhere"]
    carrier = serve(*(Answer(status, headers={"Location": target}) for target in targets))

    statuses = [send(pool, carrier.url).status for _ in targets]

    assert [status] * len(targets) == statuses
    assert len(targets) == len(carrier.requests)
    assert 0 == sink.connections


def test_f022_redirect_from_https_to_http_is_not_followed(serve, server_context, trusting):
    """
    An answer over TLS cannot send the request on in the clear, not even to the same host.
    """
    sink = serve(Echo())
    carrier = serve(Answer(307, headers={"Location": f"{sink.url}/x"}), tls=server_context)
    with HttpPool(ssl_context=trusting) as pool:
        answer = send(pool, carrier.url)

    assert (307, 1, 0) == (answer.status, len(carrier.requests), sink.connections)


def test_cookies_are_neither_kept_nor_shown(serve, pool):
    """
    Two accounts on one pool share no session of the carrier's.
    """
    carrier = serve(Answer(headers={"Set-Cookie": "id=canary", "X-Id": "7"}))

    answers = [send(pool, carrier.url) for _ in range(2)]

    assert b"cookie" not in carrier.requests[1].lower()
    assert "set-cookie" not in answers[0].headers
    assert "7" == answers[0].headers["x-id"]


def test_request_goes_out_whole_with_its_defaults(serve, pool):
    """
    Path, query, body and headers are what the provider said, and little else is added.
    """
    carrier = serve(Answer())
    request = Request(
        "POST", "/a%2Fb", query=(("q", "x y"),), headers={"X-Key": "1"}, body=b'{"n": 1}'
    )

    send(pool, carrier.url + "/base/", request)

    head, _, body = carrier.requests[0].partition(b"\r\n\r\n")
    assert b"POST /base/a%2Fb?q=x+y HTTP/1.1" == head.split(b"\r\n")[0]
    assert b'{"n": 1}' == body
    assert [
        "accept-encoding: gzip",
        "content-length: 8",
        "content-type: application/json",
        f"host: 127.0.0.1:{carrier.port}",
        "user-agent: doorstep/0.1.0",
        "x-key: 1",
    ] == sorted(line.decode().lower() for line in head.split(b"\r\n")[1:])


def test_headers_of_the_provider_replace_the_defaults(serve, pool):
    """
    No header is sent twice.
    """
    carrier = serve(Answer())
    headers = {"content-type": "text/plain", "USER-AGENT": "x", "Accept-encoding": "identity"}

    send(pool, carrier.url, Request("PUT", "/", headers=headers, body=b"x"))

    head = carrier.requests[0].lower()
    assert all(1 == head.count(name.lower().encode() + b":") for name in headers)


def test_f024_proxy_of_the_environment_is_ignored(serve, pool, monkeypatch):
    """
    A variable somewhere does not send tokens elsewhere.
    """
    sink = serve(Echo())
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setitem(os.environ, name, sink.url)
        monkeypatch.setitem(os.environ, name.lower(), sink.url)
    monkeypatch.setitem(os.environ, "NO_PROXY", "")
    carrier = serve(Echo())

    assert 200 == send(pool, carrier.url).status
    assert 0 == sink.connections


def test_f016_broken_tls_after_the_request_is_sent_and_asked_once(serve, server_context, trusting):
    """
    A broken record after the commit is no reason to book again.
    """
    carrier = serve(BrokenTls(), tls=server_context)
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.url)

    assert ("tls", True) == (error.kind, error.sent)
    assert 1 == len(carrier.requests)


def test_ragged_end_of_tls_is_no_end_of_a_body(serve, server_context, trusting):
    """
    Without a length only TLS can say that the body is whole.
    """
    carrier = serve(Script(OK + b"\r\n{}"), tls=server_context)
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.url)

    assert ("reset", True) == (error.kind, error.sent)
