"""
The bare WSGI receiver, called as servers call it and under two of them.
"""

from __future__ import annotations

import io
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import attrs
import pytest

from doorstep.models import Status
from doorstep.webhooks import Received, WebhookAnswer, wsgi


class Endless(io.RawIOBase):
    """
    A stream that would wait for the sender after what it has.
    """

    def __init__(self, body=b"", at_once=10**9):
        self.left = body
        self.at_once = at_once
        self.taken = 0

    def read(self, size=-1):
        """
        Return the next bytes, or fail where a socket would wait.
        """
        assert self.left, "would wait for ever"
        size = min(size, self.at_once, len(self.left))
        found, self.left = self.left[:size], self.left[size:]
        self.taken += len(found)
        return found


class Broken(io.RawIOBase):
    """
    A connection that is reset.
    """

    def read(self, size=-1):
        """
        Fail as a socket does.
        """
        raise ConnectionResetError(104, "reset")


class Answers:
    """
    A receiver that gives one answer to everything.
    """

    def __init__(self, **answer):
        self.answer = WebhookAnswer(**answer)

    def receive(self, request):
        """
        Answer.
        """
        return Received(answer=self.answer)


def test_webhook_is_taken_and_answered(kit, shop):
    """
    A webhook of the carrier changes the state and is answered with 200 and no body.
    """
    webhook = shop.carrier.webhook(shop.booked.id)

    assert (200, kit.EMPTY, b"") == kit.call(wsgi(shop), kit.environ(webhook))
    assert Status.TO_PICKUP is shop.status


def test_f067_forged_webhook_is_refused(kit, shop):
    """
    Without the carrier's word it is 401, without a word of what was sent.
    """
    forged = attrs.evolve(shop.carrier.webhook(shop.booked.id), headers={"authorization": "mine"})

    assert (401, kit.EMPTY, b"") == kit.call(wsgi(shop), kit.environ(forged))
    assert Status.PENDING is shop.status


@pytest.mark.parametrize("length", ["-1", "+1", "1.0", "abc", "1, 1", "0x10", "٣", "9" * 4000])
def test_length_that_is_none_is_refused(kit, shop, length):
    """
    A length that is no number is a bad request, and nothing is read.
    """
    asked = kit.environ(CONTENT_LENGTH=length, **{"wsgi.input": Endless()})

    assert 400 == kit.call(wsgi(shop), asked)[0]
    assert [] == shop.seen


def test_declared_length_over_the_cap_is_refused_unread(kit, shop):
    """
    Who says that too much is coming is believed, and not read.
    """
    stream = Endless(b"x" * 11)
    asked = kit.environ(CONTENT_LENGTH="11", **{"wsgi.input": stream})

    assert 413 == kit.call(wsgi(shop, body_cap=10), asked)[0]
    assert (0, []) == (stream.taken, shop.seen)


@pytest.mark.parametrize("length", [None, "", "3"])
def test_undeclared_length_over_the_cap_is_refused_at_the_cap(kit, shop, length):
    """
    In chunks anybody can send for ever: reading ends one byte behind the cap.
    """
    stream = Endless(b"x" * 1000, at_once=3)
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    asked = kit.environ(CONTENT_LENGTH=length, **chunked, **{"wsgi.input": stream})

    assert 413 == kit.call(wsgi(shop, body_cap=10), asked)[0]
    assert 11 == stream.taken


def test_body_of_exactly_the_cap_is_taken(kit, shop):
    """
    The cap itself is allowed.
    """
    webhook = shop.carrier.webhook(shop.booked.id)
    receiver = wsgi(shop, body_cap=len(webhook.body))

    assert 200 == kit.call(receiver, kit.environ(webhook))[0]


def test_body_in_small_reads_is_joined(kit, shop):
    """
    A stream that gives less than was asked for is read on.
    """
    webhook = shop.carrier.webhook(shop.booked.id)
    asked = kit.environ(webhook, **{"wsgi.input": Endless(webhook.body, at_once=7)})

    assert 200 == kit.call(wsgi(shop), asked)[0]


def test_receiver_keeps_to_the_protocol(kit, shop):
    """
    What the standard library checks of a WSGI application holds.
    """
    webhook = shop.carrier.webhook(shop.booked.id)
    asked = kit.environ(webhook)
    setup_testing_defaults(asked)
    started = []
    body = validator(wsgi(shop))(asked, lambda *told: started.append(told))

    assert [b""] == list(body)
    assert "200 OK" == started[0][0]
    body.close()


def test_chunks_without_an_end_want_a_length(kit, shop):
    """
    Where the server does not end a chunked stream, it cannot be read: 411.
    """
    webhook = shop.carrier.webhook(shop.booked.id)
    stream = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": Endless(webhook.body)}

    assert 411 == kit.call(wsgi(shop), kit.environ(webhook, **stream))[0]
    assert 411 == kit.call(wsgi(shop), kit.environ(CONTENT_LENGTH=None, **stream))[0]
    assert [] == shop.seen


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_neither_length_nor_chunks_is_no_body(kit, shop, method):
    """
    A request without a body is not waited for.
    """
    asked = kit.environ(REQUEST_METHOD=method, CONTENT_LENGTH=None, **{"wsgi.input": Endless()})

    assert 401 == kit.call(wsgi(shop), asked)[0]
    assert (method, b"") == (shop.seen[0][0].method, shop.seen[0][0].body)


@pytest.mark.parametrize("stream", [Broken(), io.BytesIO(b"half")])
def test_body_that_breaks_off_is_refused(kit, shop, stream):
    """
    Half a message is none.
    """
    asked = kit.environ(CONTENT_LENGTH="100", **{"wsgi.input": stream})

    assert 400 == kit.call(wsgi(shop), asked)[0]
    assert [] == shop.seen


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ({"SCRIPT_NAME": "/hooks", "PATH_INFO": "/a b/\xc3\xa4"}, "/hooks/a%20b/%C3%A4"),
        ({"SCRIPT_NAME": "/hooks", "PATH_INFO": ""}, "/hooks"),
        ({"PATH_INFO": "/a:b;c=d@e,f+g~!$&'()*"}, "/a:b;c=d@e,f+g~!$&'()*"),
        ({"PATH_INFO": "/%41\x00\r\n?#"}, "/%2541%00%0D%0A%3F%23"),
        ({"PATH_INFO": "/A", "RAW_URI": "/%41?a=1"}, "/%41"),
        ({"PATH_INFO": "/A", "REQUEST_URI": "/%41"}, "/%41"),
        ({"PATH_INFO": "/A", "REQUEST_URI": "http://shop.example/%41"}, "/A"),
        ({"PATH_INFO": "/\u20ac"}, "/%3F"),
    ],
)
def test_path_is_that_of_the_request_line(kit, shop, told, path):
    """
    A provider sees the path as it was sent, with whatever it is mounted under.
    """
    kit.call(wsgi(shop), kit.environ(QUERY_STRING="a=1&b=%20", **told))

    assert (path, "a=1&b=%20") == (shop.seen[0][0].path, shop.seen[0][0].query)


def test_headers_are_those_of_the_request_in_any_case(kit, shop):
    """
    Every header can be asked for by its name, the content's among them.
    """
    more = {"HTTP_X_ODD": "caf\xe9", "HTTP_NO_TEXT": 7, "CONTENT_TYPE": "application/json"}
    kit.call(wsgi(shop), kit.environ(**more))
    headers = shop.seen[0][0].headers

    assert ("caf\xe9", "application/json", "0") == (
        headers["X-Odd"],
        headers["content-type"],
        headers["Content-Length"],
    )
    assert "no-text" not in headers


def test_answer_of_the_provider_goes_out(kit):
    """
    A challenge is answered as the provider says; no browser takes it for a page.
    """
    receiver = wsgi(Answers(status=202, headers={"X-Answer": "caf\xe9"}, body=b"<b>1</b>"))
    status, headers, body = kit.call(receiver, kit.environ())

    assert (202, b"<b>1</b>") == (status, body)
    assert {
        "x-answer": "caf\xe9",
        **kit.EMPTY,
        "content-length": "8",
    } == headers


@pytest.mark.parametrize(
    "headers",
    [
        {"x-echo": "1\r\nset-cookie: a=b"},
        {"x-echo": "1\nx"},
        {"x-echo\r\nset-cookie": "a=b"},
        {"x-echo": "1\x00"},
        {"x-echo": "\u20ac"},
        {"": "x"},
        {"x echo": "x"},
        {"content-length": "3"},
        {"Transfer-Encoding": "chunked"},
        {"connection": "close"},
    ],
)
def test_answer_begins_no_other_header(kit, headers):
    """
    What a provider repeats of a request cannot become a header of its own, nor the server's.
    """
    receiver = wsgi(Answers(headers=headers))

    assert (200, kit.EMPTY, b"") == kit.call(receiver, kit.environ())


def test_head_has_no_body_and_204_no_length(kit):
    """
    Answers look as HTTP wants them.
    """
    told = Answers(body=b"abc")
    empty = Answers(status=204, body=b"abc")
    odd = Answers(status=299)
    status, headers, body = kit.call(wsgi(told), kit.environ(REQUEST_METHOD="HEAD"))

    assert (200, "3", b"") == (status, headers["content-length"], body)
    assert (204, {}, b"") == kit.call(wsgi(empty), kit.environ())
    assert 299 == kit.call(wsgi(odd), kit.environ())[0]


def test_what_the_store_raises_goes_on_to_the_server(kit, shop, monkeypatch):
    """
    News that could not be kept are not acknowledged.
    """
    webhook = shop.carrier.webhook(shop.booked.id)

    def full(observation):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shop.client._store, "add", full)
    with pytest.raises(OSError, match="No space"):
        kit.call(wsgi(shop), kit.environ(webhook))


@pytest.mark.parametrize("kind", ["wsgiref", "werkzeug"])
def test_servers_hand_webhooks_over(kit, shop, kind):
    """
    Under a real server: taken, refused when forged, too long, broken off or without a
    length, and never waited for.
    """
    webhook = shop.carrier.webhook(shop.booked.id)
    word = f"Authorization: {webhook.headers['authorization']}\r\n".encode()
    start = b"POST /hooks/%41 HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n"
    size = b"Content-Length: %d\r\n\r\n"
    body = webhook.body

    def status(*parts, **how):
        return int(kit.talk(port, *parts, **how).split()[1])

    with kit.serving(kind, wsgi(shop, body_cap=len(body) + 1000)) as port:
        assert 200 == status(start, word, size % len(body), body)
        assert 401 == status(start, size % len(body), body)
        assert 413 == status(start, word, size % (len(body) + 1001))
        assert 400 == status(start, word, size % len(body), body[:9], half_close=True)
        assert 400 == status(start, word, b"\r\n")
        assert 400 == status(start, word, b"Content-Length: many\r\n\r\n")
        assert 401 == status(start.replace(b"POST", b"GET"), b"\r\n")
        chunked = b"Transfer-Encoding: chunked\r\n\r\n"
        whole = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
        taken = {"wsgiref": 411, "werkzeug": 200}[kind]
        assert taken == status(start, word, chunked, whole)
        if kind == "werkzeug":
            assert 413 == status(start, word, chunked, (b"3e8\r\n" + b"x" * 1000 + b"\r\n") * 9)
            assert 400 == status(start, word, chunked, b"zz\r\nabc")
    assert {"wsgiref": "/hooks/A", "werkzeug": "/hooks/%41"}[kind] == shop.seen[0][0].path
