"""
Answers that are broken, endless or hostile: never believed in part, never followed.
"""

from __future__ import annotations

import gzip
import os
import resource
import socket
import zlib

import pytest

from doorstep.http import Call, HttpPool, Request, TransportError

REQUEST = Request("POST", "/deliveries", body=b'{"a": 1}')
OK = b"HTTP/1.1 200 OK\r\n"


def send(pool, url, request=REQUEST, **options):
    return pool.send(request, url, Call("dispatch", deadline_s=5, **options))


def failure(pool, url, **options) -> TransportError:
    with pytest.raises(TransportError) as caught:
        send(pool, url, **options)
    return caught.value


def once(data: bytes, *, reset: bool = False):
    """
    Answer the first request with *data* and hang up.
    """

    def handle(peer, carrier):
        carrier.requests.append(peer.request())
        peer.send(data)
        if reset:
            peer.reset()

    return handle


BROKEN = {
    "fin before anything": b"",
    "fin in the status": b"HTTP/1.1 2",
    "fin in the headers": OK + b"Content-Type: application/json\r\n",
    "fin in a header": OK + b"Content-Type: applic",
    "fin in the body": OK + b'Content-Length: 9\r\n\r\n{"id"',
    "no body at all": OK + b"Content-Length: 9\r\n\r\n",
    "negative length": OK + b"Content-Length: -2\r\n\r\n{}",
    "two lengths": OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
    "two lengths in one": OK + b"Content-Length: 2, 3\r\n\r\n{} ",
    "length in words": OK + b"Content-Length: two\r\n\r\n{}",
    "length and chunks": OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"2\r\n{}\r\n0\r\n\r\n",
    "bad chunk size": OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n",
    "negative chunk size": OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
    "missing last chunk": OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
    "fin in a chunk": OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\n{}",
    "unknown transfer encoding": OK + b"Transfer-Encoding: rot13\r\n\r\n{}",
    "bad gzip": OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    "half a gzip": OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}" * 99)[:-9],
    "garbage after gzip": OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}") + b"??",
    "empty gzip": OK + b"Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
    "encodings in a chain": OK
    + b"Content-Encoding: gzip, gzip\r\n\r\n"
    + gzip.compress(gzip.compress(b"{}")),
    "unasked encoding": OK + b"Content-Encoding: br\r\n\r\nabc",
    "not http": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "http of the future": b"HTTP/2.0 200 OK\r\n\r\n{}",
    "many headers": OK + b"X: y\r\n" * 200 + b"\r\n{}",
    "long header": OK + b"X: " + b"y" * 70_000 + b"\r\n\r\n{}",
    "switching protocols": b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_answer_is_an_error_and_the_request_was_sent(case, serve, pool):
    """
    A prefix is never taken for an answer, and nobody is told that nothing was sent.
    """
    carrier = serve(once(BROKEN[case]))

    error = failure(pool, carrier.url)

    assert error.kind in ("protocol", "reset")
    assert error.sent
    assert 1 == len(carrier.requests) == carrier.connections
    assert not any(pool._idle.values())


def test_negative_chunk_size_is_not_read_to_the_end(serve, pool):
    """
    -1 means "everything" to a file; a carrier does not get to say that.
    """

    def handle(peer, carrier):
        peer.request()
        peer.send(OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n")
        carrier.done.wait(5)

    carrier = serve(handle)
    with pytest.raises(TransportError) as caught:
        pool.send(REQUEST, carrier.url, Call("dispatch", deadline_s=1))

    assert "protocol" == caught.value.kind


@pytest.mark.parametrize("answer", [b"", OK + b"Content-Length: 9\r\n\r\n{"])
def test_reset_after_the_request_was_read_is_sent(answer, serve, pool):
    """
    A carrier may have acted before it hung up.
    """
    carrier = serve(once(answer, reset=True))

    error = failure(pool, carrier.url)

    assert ("reset", True) == (error.kind, error.sent)


@pytest.mark.parametrize("flag", [0, socket.MSG_PEEK], ids=["ten bytes", "no byte"])
def test_reset_while_the_request_is_read_counts_as_sent(flag, serve, pool):
    """
    Bytes left us; where they ended nobody can say.
    """

    def reset(peer, carrier):
        peer.sock.recv(10, flag)
        peer.reset()

    carrier = serve(reset)

    error = failure(pool, carrier.url, request=Request("POST", "/", body=b"x" * 5_000_000))

    assert ("reset", True) == (error.kind, error.sent)


def test_answer_before_the_whole_request_was_read_is_taken(serve, pool):
    """
    A refusal that comes while a large body is on its way is an answer.
    """

    def refuse(peer, carrier):
        peer.sock.recv(1000)
        peer.reply(413, Connection="close")
        peer.sock.shutdown(1)
        while peer.sock.recv(65536):
            pass

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
    carrier = serve(once(WHOLE[case]))

    answer = send(pool, carrier.url)

    assert (200, b"{}") == (answer.status, answer.body)


@pytest.mark.parametrize(("status", "method"), [(204, "POST"), (304, "GET"), (200, "HEAD")])
def test_answer_without_a_body_ends_with_its_headers(status, method, serve, kit, pool):
    """
    A length that no body follows is not waited for, and the connection is kept.
    """

    def reply(peer):
        peer.send(f"HTTP/1.1 {status} X\r\nContent-Length: 9\r\n\r\n".encode())

    carrier = serve(kit.answering(reply))

    bodies = [send(pool, carrier.url, Request(method, "/")).body for _ in range(2)]

    assert [b"", b""] == bodies
    assert 1 == carrier.connections


def test_body_longer_than_its_length_costs_the_connection(serve, kit, pool):
    """
    What follows an answer could be taken for the next one.
    """
    forged = OK + b"Content-Length: 6\r\n\r\nforged"
    carrier = serve(
        kit.answering(
            lambda peer: peer.send(OK + b"Content-Length: 2\r\n\r\n{}" + forged),
            lambda peer: peer.reply(body=b"true"),
        )
    )

    bodies = [send(pool, carrier.url).body for _ in range(2)]

    assert [b"{}", b"true"] == bodies
    assert 2 == carrier.connections


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1024 * 1024)
    return b"".join(packer.compress(zeros) for _ in range(size)) + packer.flush()


def test_gzip_bomb_stops_at_the_cap(serve, pool):
    """
    256 MiB in 250 kB are refused at 1 MiB, and memory does not notice.
    """
    body = bomb(256)
    head = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    carrier = serve(once(head + body))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    error = failure(pool, carrier.url)

    assert ("too_large", True) == (error.kind, error.sent)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


@pytest.mark.parametrize("framing", [b"", b"Content-Length: 99999999\r\n"])
def test_endless_body_stops_at_the_cap(framing, serve, pool):
    """
    A body without an end, or with a far one, is not read to it.
    """

    def flood(peer, carrier):
        peer.request()
        peer.send(OK + framing + b"\r\n")
        while peer.send(bytes(65536)):
            pass

    carrier = serve(flood)

    assert "too_large" == failure(pool, carrier.url).kind


def test_body_of_the_cap_is_taken_and_one_more_is_not(serve, kit, pool):
    """
    The cap means what it says, chunked or not.
    """
    request = Request("GET", "/", body_cap=10)
    carrier = serve(
        kit.answering(
            lambda peer: peer.reply(body=b"x" * 10),
            lambda peer: peer.reply(body=b"x" * 11),
        )
    )

    assert b"x" * 10 == send(pool, carrier.url, request).body
    assert "too_large" == failure(pool, carrier.url, request=request).kind


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_an_answer_and_nobody_else_is_asked(status, serve, kit, pool):
    """
    Neither token nor body reaches a host that the settings do not name.
    """
    sink = serve(kit.echo)
    target = [f"http://127.0.0.1:{sink.port}/x", "file:///etc/passwd", "/elsewhere"]
    replies = [lambda peer, to=to: peer.reply(status, Location=to) for to in target]
    carrier = serve(kit.answering(*replies))

    statuses = [send(pool, carrier.url).status for _ in target]

    assert [status] * 3 == statuses
    assert 3 == len(carrier.requests)
    assert 0 == sink.connections


def test_cookies_are_neither_kept_nor_shown(serve, kit, pool):
    """
    Two accounts on one pool share no session of the carrier's.
    """
    carrier = serve(kit.answering(lambda peer: peer.reply(Set_Cookie="id=canary", X_Id="7")))

    answers = [send(pool, carrier.url) for _ in range(2)]

    assert b"cookie" not in carrier.requests[1].lower()
    assert "set-cookie" not in answers[0].headers
    assert "7" == answers[0].headers["x-id"]


def test_request_goes_out_whole_with_its_defaults(serve, kit, pool):
    """
    Path, query, body and headers are what the provider said, and little else is added.
    """
    carrier = serve(kit.answering(lambda peer: peer.reply()))
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


def test_headers_of_the_provider_replace_the_defaults(serve, kit, pool):
    """
    No header is sent twice.
    """
    carrier = serve(kit.answering(lambda peer: peer.reply()))
    headers = {"content-type": "text/plain", "USER-AGENT": "x", "Accept-encoding": "identity"}

    send(pool, carrier.url, Request("PUT", "/", headers=headers, body=b"x"))

    head = carrier.requests[0].lower()
    assert all(1 == head.count(name.lower().encode() + b":") for name in headers)


def test_proxy_of_the_environment_is_ignored(serve, kit, pool, monkeypatch):
    """
    A variable somewhere does not send tokens elsewhere.
    """
    sink = serve(kit.echo)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setitem(os.environ, name, sink.url)
        monkeypatch.setitem(os.environ, name.lower(), sink.url)
    carrier = serve(kit.echo)

    assert 200 == send(pool, carrier.url).status
    assert 0 == sink.connections


def test_tls_garbage_after_the_request_is_sent_and_asked_once(serve, server_context, trusting):
    """
    A broken record after the commit is no reason to book again.
    """

    def garbage(peer, carrier):
        carrier.requests.append(peer.request())
        os.write(peer.sock.fileno(), b"\x17\x03\x03\x00\x20" + b"?" * 32)
        carrier.done.wait(1)

    carrier = serve(garbage, context=server_context)
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.url)

    assert ("tls", True) == (error.kind, error.sent)
    assert 1 == len(carrier.requests)


def test_ragged_end_of_tls_is_no_end_of_a_body(serve, server_context, trusting):
    """
    Without a length only TLS can say that the body is whole.
    """
    carrier = serve(once(OK + b"\r\n{}"), context=server_context)
    with HttpPool(ssl_context=trusting) as pool:
        error = failure(pool, carrier.url)

    assert ("reset", True) == (error.kind, error.sent)
