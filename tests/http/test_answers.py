"""
Answers that are broken or end too early: never believed in part.
"""

from __future__ import annotations

import gzip
import socket

import pytest

from doorstep.http import Call, HttpPool, Request, TransportError
from doorstep_contracts.faults import Answer, BrokenTls, HangUp, Pause, Reset, Script

OK = b"HTTP/1.1 200 OK\r\n"


def check_broken(answer: bytes, serve, pool, kit) -> None:
    """
    Hold that *answer* is an error, that the request was sent once, and the connection is gone.
    """
    carrier = serve(Script(answer))

    error = kit.failure(pool, carrier.url)

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


def test_f010_connection_that_ends_without_an_answer_was_sent(serve, pool, kit):
    """
    Nothing came back and nothing says that nothing was done: the request counts as sent.
    """
    carrier = serve(HangUp())

    error = kit.failure(pool, carrier.url)

    assert ("reset", True) == (error.kind, error.sent)
    assert 1 == len(carrier.requests) == carrier.connections


@pytest.mark.parametrize("case", LENGTHS)
def test_f013_body_of_another_length_is_no_answer(case, serve, pool, kit):
    """
    A body that is not as long as declared is never taken for an answer, not even in part.
    """
    check_broken(LENGTHS[case], serve, pool, kit)


@pytest.mark.parametrize("case", HEADS)
def test_f014_end_inside_the_headers_is_no_answer(case, serve, pool, kit):
    """
    Headers that stop in the middle are not taken for an answer with an empty body.
    """
    check_broken(HEADS[case], serve, pool, kit)


@pytest.mark.parametrize("case", CHUNKS)
def test_f015_broken_chunks_are_no_answer(case, serve, pool, kit):
    """
    A chunk of a wrong size, or a missing last one, makes the whole answer unusable.
    """
    check_broken(CHUNKS[case], serve, pool, kit)


@pytest.mark.parametrize("case", ENCODINGS)
def test_f019_body_that_cannot_be_decoded_is_no_answer(case, serve, pool, kit):
    """
    Bad gzip, encodings in a chain and those nobody asked for are not believed.
    """
    check_broken(ENCODINGS[case], serve, pool, kit)


@pytest.mark.parametrize("case", FLOODED_HEADS)
def test_f021_headers_without_measure_are_no_answer(case, serve, pool, kit):
    """
    More than a hundred headers, or one of 70 kB, end the exchange.
    """
    check_broken(FLOODED_HEADS[case], serve, pool, kit)


@pytest.mark.parametrize("case", OTHER_PROTOCOLS)
def test_other_protocol_is_no_answer(case, serve, pool, kit):
    """
    What does not speak HTTP/1 has not answered.
    """
    check_broken(OTHER_PROTOCOLS[case], serve, pool, kit)


def test_f015_negative_chunk_size_is_not_read_to_the_end(serve, pool, kit):
    """
    -1 means "everything" to a file; a carrier does not get to say that.
    """
    carrier = serve(Script(OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", Pause()))
    with pytest.raises(TransportError) as caught:
        pool.send(kit.REQUEST, carrier.url, Call("dispatch", deadline_s=1))

    assert "protocol" == caught.value.kind


@pytest.mark.parametrize("answer", [b"", OK + b"Content-Length: 9\r\n\r\n{"])
def test_f009_reset_after_the_request_was_read_is_sent(answer, serve, pool, kit):
    """
    A carrier may have acted before the connection was reset.
    """
    carrier = serve(Script(answer, Reset()))

    error = kit.failure(pool, carrier.url)

    assert ("reset", True) == (error.kind, error.sent)


@pytest.mark.parametrize("after", [0, 10])
def test_f008_reset_while_the_request_is_read_counts_as_sent(after, serve, pool, kit):
    """
    Bytes left us; where they ended nobody can say.
    """
    carrier = serve(Reset(after=after))

    error = kit.failure(pool, carrier.url, request=Request("POST", "/", body=b"x" * 5_000_000))

    assert ("reset", True) == (error.kind, error.sent)


def test_answer_before_the_whole_request_was_read_is_taken(serve, pool, kit):
    """
    A refusal that comes while a large body is on its way is an answer.
    """

    def refuse(peer):
        peer.reply(413, Connection="close")
        peer.sock.shutdown(socket.SHUT_WR)
        peer.outlast()

    refuse.after = 1000
    carrier = serve(refuse)

    answer = kit.send(pool, carrier.url, Request("POST", "/", body=b"x" * 5_000_000))

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
def test_whole_answer_is_taken_however_it_is_framed(case, serve, pool, kit):
    """
    Strictness costs no carrier that keeps to the rules.
    """
    carrier = serve(Script(WHOLE[case]))

    answer = kit.send(pool, carrier.url)

    assert (200, b"{}") == (answer.status, answer.body)


@pytest.mark.parametrize(("status", "method"), [(204, "POST"), (304, "GET"), (200, "HEAD")])
def test_answer_without_a_body_ends_with_its_headers(status, method, serve, pool, kit):
    """
    A length that no body follows is not waited for, and the connection is kept.
    """
    head = f"HTTP/1.1 {status} X\r\nContent-Length: 9\r\n\r\n".encode()
    carrier = serve(Script(head, keep=True))

    bodies = [kit.send(pool, carrier.url, Request(method, "/")).body for _ in range(2)]

    assert [b"", b""] == bodies
    assert 1 == carrier.connections


def test_f013_body_longer_than_its_length_costs_the_connection(serve, pool, kit):
    """
    What follows an answer could be taken for the next one.
    """
    forged = OK + b"Content-Length: 6\r\n\r\nforged"
    carrier = serve(
        Script(OK + b"Content-Length: 2\r\n\r\n{}" + forged, keep=True), Answer(body=b"true")
    )

    bodies = [kit.send(pool, carrier.url).body for _ in range(2)]

    assert [b"{}", b"true"] == bodies
    assert 2 == carrier.connections


def test_f016_broken_tls_after_the_request_is_sent_and_asked_once(
    serve, server_context, trusting, kit
):
    """
    A broken record after the commit is no reason to book again.
    """
    carrier = serve(BrokenTls(), tls=server_context)
    with HttpPool(ssl_context=trusting) as pool:
        error = kit.failure(pool, carrier.url)

    assert ("tls", True) == (error.kind, error.sent)
    assert 1 == len(carrier.requests)


def test_ragged_end_of_tls_is_no_end_of_a_body(serve, server_context, trusting, kit):
    """
    Without a length only TLS can say that the body is whole.
    """
    carrier = serve(Script(OK + b"\r\n{}"), tls=server_context)
    with HttpPool(ssl_context=trusting) as pool:
        error = kit.failure(pool, carrier.url)

    assert ("reset", True) == (error.kind, error.sent)
