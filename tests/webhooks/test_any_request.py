"""
Whatever a stranger sends: an answer that says no, and nothing else.
"""

from __future__ import annotations

import io
from http import HTTPStatus

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.webhooks import asgi, wsgi

METHODS = st.sampled_from(["POST", "GET", "HEAD", "PUT", "OPTIONS", "PROPFIND"])
WIRE = st.text(st.characters(max_codepoint=255), max_size=20)
WORD = "Word of the fake carrier"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abi", max_size=3), inner),
    max_leaves=8,
)  # fmt: skip
#: Bytes, JSON, and events with one part replaced.
BODIES = st.one_of(
    st.binary(max_size=60),
    JSON.map(orjson.dumps),
    st.tuples(st.integers(0, 400), st.binary(max_size=6)),
)
FIRM = frozenset({200, 400, 401, 411, 413})


def body_of(drawn, genuine):
    """
    Return bytes: as drawn, or a genuine webhook with some of it overwritten.
    """
    if isinstance(drawn, bytes):
        return drawn
    at, other = drawn
    return genuine[:at] + other + genuine[at + len(other) :]


@pytest.fixture(scope="module")
def lasting(kit):
    """
    One shop for all examples: none of them may spoil it.
    """
    return kit.Shop()


@given(
    method=METHODS,
    path=WIRE,
    query=WIRE,
    length=st.none() | st.integers(-5, 500).map(str) | WIRE,
    headers=st.dictionaries(st.sampled_from(["HTTP_AUTHORIZATION", "HTTP_X", "HTTP_"]), WIRE),
    genuine=st.booleans(),
    body=BODIES,
    ends=st.booleans(),
    chunked=st.booleans(),
)
def test_any_wsgi_request_is_answered(kit, lasting, **drawn):
    """
    No request raises, and none is answered with 5xx.
    """
    body = body_of(drawn["body"], lasting.carrier.webhook(lasting.booked.id).body)
    made = kit.environ(
        REQUEST_METHOD=drawn["method"],
        PATH_INFO=drawn["path"],
        QUERY_STRING=drawn["query"],
        CONTENT_LENGTH=drawn["length"],
        **{"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": drawn["ends"]},
        **drawn["headers"],
    )
    if drawn["genuine"]:
        made |= {"HTTP_AUTHORIZATION": WORD, "CONTENT_LENGTH": str(len(body))}
    if drawn["chunked"]:
        made["HTTP_TRANSFER_ENCODING"] = "chunked"

    assert kit.call(wsgi(lasting, body_cap=450), made)[0] in FIRM


@given(
    method=METHODS,
    path=st.text(max_size=20),
    raw=st.none() | st.binary(max_size=20),
    query=st.binary(max_size=20),
    headers=st.lists(
        st.tuples(
            st.sampled_from([b"authorization", b"content-length", b"x"]) | st.binary(max_size=9),
            st.sampled_from([WORD.encode()]) | st.binary(max_size=9),
        )
    ),
    bodies=st.lists(BODIES, min_size=1, max_size=3),
    leaves=st.booleans(),
)
def test_any_asgi_request_is_answered(kit, lasting, **drawn):
    """
    No request raises, and none is answered with 5xx; who left is not answered.
    """
    genuine = lasting.carrier.webhook(lasting.booked.id).body
    messages = kit.pieces(*(body_of(one, genuine) for one in drawn["bodies"]))
    if drawn["leaves"]:
        messages[-1] = {"type": "http.disconnect"}
    asked = kit.scope(
        method=drawn["method"],
        path=drawn["path"],
        raw_path=drawn["raw"],
        query_string=drawn["query"],
        headers=drawn["headers"],
    )
    sent = kit.ask(asgi(kit.AsyncShop(lasting), body_cap=1200), asked, messages)

    assert {one["status"] for one in sent[:1]} <= FIRM
    assert drawn["leaves"] or sent


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b"[" * 500 + b"]" * 500,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b'{"doorstep":1,"type":"Event","value":{"raw":' + b"[" * 900 + b"]" * 900 + b"}}",
        b'{"doorstep":1,"type":"Event","value":{"raw":' + b'{"a":' * 900 + b"1" + b"}" * 902,
        b"\xff\xfe{\x00}\x00",
        b"\x00",
        b"1e999",
        b"9" * 5000,
        b'"\\ud800"',
    ],
    ids=lambda body: repr(body[:12]),
)  # fmt: skip
def test_naughty_body_with_the_carriers_word_is_a_bad_request(kit, lasting, body):
    """
    Bodies that break parsers are refused like others that are no event.
    """
    made = kit.environ(
        HTTP_AUTHORIZATION=WORD, CONTENT_LENGTH=str(len(body)), **{"wsgi.input": io.BytesIO(body)}
    )

    assert HTTPStatus.BAD_REQUEST == kit.call(wsgi(lasting), made)[0]
