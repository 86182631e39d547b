"""
What a request is taken for when its author says nothing.
"""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.errors import DoorstepError, ValidationError
from doorstep.http import Call, Request, path
from doorstep.models import DeliveryId
from doorstep.outcome import Effect, Repeat
from doorstep_contracts.faults import Answer
from doorstep_contracts.naughty import EVERY_NAUGHTY_STRING


@pytest.mark.parametrize(
    ("request_", "effect", "repeat"),
    [
        (Request("GET", "/x"), Effect.NOTHING, Repeat.SAFE),
        (Request("HEAD", "/x"), Effect.NOTHING, Repeat.SAFE),
        (Request("POST", "/x"), Effect.BOOKS, Repeat.NEVER),
        (Request("DELETE", "/x"), Effect.BOOKS, Repeat.NEVER),
        (Request("POST", "/x", effect=Effect.NOTHING), Effect.NOTHING, Repeat.SAFE),
        (Request("PUT", "/x", effect=Effect.CHANGES), Effect.CHANGES, Repeat.NEVER),
    ],
)
def test_what_is_not_said_is_taken_with_care(
    request_: Request, effect: Effect, repeat: Repeat
) -> None:
    """
    Forgetting to say that a request books cannot book twice.
    """
    assert (effect, repeat) == (request_.effect, request_.repeat)


#: An id, and how it must stand between the slashes on the wire.
IDS = {
    "a/../b": b"a%2F..%2Fb",
    "../../admin": b"..%2F..%2Fadmin",
    "%2e%2e": b"%252e%252e",
    "%2F": b"%252F",
    "a?b=c": b"a%3Fb%3Dc",
    "a#b": b"a%23b",
    "a;b": b"a%3Bb",
    "a\\..\\b": b"a%5C..%5Cb",
    "a b": b"a%20b",
    "//host": b"%2F%2Fhost",
    "...": b"...",
    "\u00e9\uff0e\uff0e": b"%C3%A9%EF%BC%8E%EF%BC%8E",
    "~a-b_c.d": b"~a-b_c.d",
    "x" * 10_000: b"x" * 10_000,
}


def test_f098_id_is_one_segment_on_the_wire(serve, pool):
    """
    Whatever an id holds, the path that the carrier reads has as many segments as meant,
    and the id comes out of its own.
    """
    server = serve(Answer())
    for value in IDS:
        request = Request("GET", path("/v2/deliveries/{id}/cancel", id=value))
        pool.send(request, server.url, Call("track", deadline_s=5))
    targets = [request.split(b" ", 2)[1] for request in server.requests]

    assert [b"/v2/deliveries/" + one + b"/cancel" for one in IDS.values()] == targets


@pytest.mark.parametrize("value", ["", ".", "..", "a\x00", "a\nb", "a\r\nX: 1", "\u2028", "\ud800"])
def test_f098_id_that_no_path_can_hold_is_refused(value) -> None:
    """
    Dots that would climb, and control characters, are refused before anything is sent.
    """
    with pytest.raises(ValidationError, match="an id that no path can hold"):
        path("/v2/deliveries/{id}", id=value)


@given(value=st.text(max_size=40) | st.sampled_from(EVERY_NAUGHTY_STRING))
def test_f098_delivery_id_fills_one_segment_or_is_refused(value) -> None:
    """
    No text of any kind changes which path is asked for.
    """
    try:
        filled = path("/d/{id}", id=DeliveryId("acme", "main", value).value)
    except DoorstepError:
        return
    segment = filled.encoded.removeprefix("/d/")

    assert segment.isascii()
    assert not set("/?#\\ ;") & set(segment)
    assert segment not in ("", ".", "..")
    assert value == unquote(segment)


BREAKING = [
    "a\r\nX-Injected: 1",
    "a\nb",
    "a\rb",
    "a\x00b",
    "\x0b",
    "\x7f",
    "\x85",
    "\u2028",
    "\u00e9",
]


@pytest.mark.parametrize("text", BREAKING, ids=ascii)
@pytest.mark.parametrize("name", ["User-Agent", "Accept-Language", "X-Plugin"])
def test_f099_header_that_breaks_the_message_is_refused(name, text) -> None:
    """
    Line ends, NUL and what is not visible ASCII are refused in every header, whoever sets
    it, and the message does not repeat the value.
    """
    request = Request("GET", "/x", headers={"X-Good": "a\tb ~"})
    for build in (
        lambda: Request("GET", "/x", headers={name: text}),
        lambda: request.with_headers({name: text}),
    ):
        with pytest.raises(ValidationError, match="a header that breaks the message") as caught:
            build()
        assert str(caught.value).isprintable()


@given(text=st.text(max_size=20) | st.sampled_from(EVERY_NAUGHTY_STRING))
def test_f099_header_is_on_one_line_or_refused(text) -> None:
    """
    A header that is taken is visible ASCII on one line.
    """
    try:
        request = Request("GET", "/x", headers={"X-Plugin": text})
    except ValidationError:
        return

    assert text == request.headers["X-Plugin"]
    assert all(one == "\t" or " " <= one <= "~" for one in text)


@pytest.mark.parametrize("name", ["", "X Plugin", "X-Plugin:", "X\r\nY", "X\x00", "\u00c9", "X(1)"])
def test_f099_header_name_that_breaks_the_message_is_refused(name) -> None:
    """
    The same for names.
    """
    with pytest.raises(ValidationError, match="a header that breaks the message"):
        Request("GET", "/x", headers={name: "a"})


def test_request_goes_out_whole_with_its_defaults(serve, pool, kit):
    """
    Path, query, body and headers are what the provider said, and little else is added.
    """
    carrier = serve(Answer())
    request = Request(
        "POST", "/a%2Fb", query=(("q", "x y"),), headers={"X-Key": "1"}, body=b'{"n": 1}'
    )

    kit.send(pool, carrier.url + "/base/", request)

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


def test_headers_of_the_provider_replace_the_defaults(serve, pool, kit):
    """
    No header is sent twice.
    """
    carrier = serve(Answer())
    headers = {"content-type": "text/plain", "USER-AGENT": "x", "Accept-encoding": "identity"}

    kit.send(pool, carrier.url, Request("PUT", "/", headers=headers, body=b"x"))

    head = carrier.requests[0].lower()
    assert all(1 == head.count(name.lower().encode() + b":") for name in headers)
