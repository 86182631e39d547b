"""
Whatever bytes arrive: a value, or one of our errors with the path and no value.
"""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from decimal import Decimal

import attrs
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.codec import decode, from_json, to_json
from doorstep.errors import DoorstepError, InvalidAnswerError, ValidationError
from doorstep.models import (
    Cancellation,
    Contact,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    Raw,
    Status,
)

CANARY = "canary-Lovelace"


@attrs.frozen
class Part:
    """
    A part of a carrier's answer.
    """

    name: str | None = None
    fee: Decimal | None = None


@attrs.frozen
class Answer:
    """
    A carrier's answer with a field of each kind.
    """

    id: str
    count: int = 0
    at: datetime | None = None
    status: Status | None = None
    statuses: tuple[Status, ...] = ()
    part: Part | None = None
    parts: tuple[Part, ...] = ()
    by_name: dict[str, Part] = attrs.field(factory=dict)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"null",
        b"[]",
        b'"text"',
        b"5",
        b"{",
        b'{"id": "a"',
        b'{"id": "a",}',
        b"{'id': 'a'}",
        b'{"id": "a"} trailing',
        b'{"id": "a"}{"id": "b"}',
        b'{"id": NaN}',
        b'{"id": "a", "count": Infinity}',
        b'{"id": "a", "count": -Infinity}',
        b'{"id": "a", "count": 1e999}',
        b'\xef\xbb\xbf{"id": "a"}',
        '{"id": "a"}'.encode("utf-16"),
        b'{"id": "\xff\xfe"}',
        b'{"id": "\xed\xa0\x80"}',
        b'{"id": "\\ud800"}',
        b'{"id": "\x00"}',
        b'{"id": "a\nb"}',
        b'{"id": "a", "count": 01}',
        b'{"id": "a", "count": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b"<html><body>captive portal</body></html>",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_f047_bytes_that_are_no_answer_are_refused(body) -> None:
    """
    Not JSON, another encoding, too deep or no object: InvalidAnswerError at ``$``.
    """
    with pytest.raises(InvalidAnswerError) as caught:
        decode(body, Answer, http_status=200)

    assert ("$", 200) == (caught.value.params["path"], caught.value.http_status)
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
@pytest.mark.parametrize("depth", [101, 900, 1000])
def test_f039_answer_nested_too_deep_is_refused(opening, depth) -> None:
    """
    What could not be copied, pickled or written again is not taken in.
    """
    closing = {b"[": b"]", b'{"a":': b"}"}[opening]
    body = b'{"id": "a", "more": ' + opening * depth + b"1" + closing * depth + b"}"

    with pytest.raises(InvalidAnswerError, match="nested more than 100 deep"):
        decode(body, Answer)
    deeper = body.replace(b"1", opening * 10 + b"1" + closing * 10)
    with pytest.raises(ValidationError):
        from_json(b'{"doorstep":1,"type":"Raw","value":' + deeper + b"}", Raw)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_f039_answer_of_the_deepest_nesting_can_be_kept(opening) -> None:
    """
    Everything that is taken in survives copying, pickling and JSON, inside another value too.
    """
    closing = {b"[": b"]", b'{"a":': b"}"}[opening]
    _, raw = decode(b'{"id": "a", "more": ' + opening * 99 + b"1" + closing * 99 + b"}", Answer)
    delivery = Delivery(
        id=DeliveryId("acme", "main", "1"),
        status=Status.UNKNOWN,
        as_of=datetime(2026, 11, 22, tzinfo=UTC),
        raw=raw,
    )
    cancellation = Cancellation(confirmed=True, delivery=delivery)

    assert raw.as_dict() == pickle.loads(pickle.dumps(raw)).as_dict()
    assert raw == from_json(to_json(raw), Raw)
    assert raw == from_json(to_json(cancellation), Cancellation).delivery.raw
    assert raw["more"] == raw["more"]


def test_f039_many_brackets_are_not_depth() -> None:
    """
    A long list of small objects is a good answer.
    """
    body = b'{"id": "a", "parts": [' + b",".join([b"{}"] * 5000) + b"]}"

    assert 5000 == len(decode(body, Answer)[0].parts)


@pytest.mark.parametrize("text", ["\\u0000", "a\\u0000b", "\\n\\u0000", "\\\\\\u0000"])
@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b'{"id": "%s"}', "$.id"),
        (b'{"id": "a", "part": {"name": "%s"}}', "$.part.name"),
        (b'{"id": "a", "parts": [{}, {"name": "%s"}]}', "$.parts[1].name"),
    ],
)
def test_f047_nul_in_a_field_that_is_read_is_refused(body, path, text) -> None:
    """
    A NUL, which ends text early elsewhere, comes into no value: the path is told.
    """
    with pytest.raises(InvalidAnswerError, match="holds a NUL @") as caught:
        decode(body % text.encode(), Answer)

    assert path == caught.value.params["path"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"id": "a", "more": "\\u0000"}',
        b'{"id": "a", "\\u0000": 1}',
        b'{"id": "a", "part": {"more": ["\\u0000"]}}',
        rb'{"id": "\\u0000"}',
    ],
)
def test_f047_nul_that_nobody_reads_is_kept_in_raw_alone(body) -> None:
    """
    Elsewhere it does no harm, and neither does text that only looks like its escape.
    """
    answer, raw = decode(body, Answer)

    assert "\0" not in repr(answer)
    assert orjson.loads(body) == raw.as_dict() == from_json(to_json(raw), Raw).as_dict()


def everything_of(error: BaseException) -> str:
    """
    Return all text of an error: message, arguments, attributes, notes and what led to it.
    """
    parts = [str(error), repr(error), str(error.args), str(vars(error))]
    parts += getattr(error, "__notes__", [])
    for below in (error.__cause__, error.__context__):
        if below is not None:
            parts.append(everything_of(below))
    return " ".join(parts)


@pytest.mark.parametrize(
    "data",
    [
        {"id": "a", "at": CANARY},
        {"id": "a", "count": CANARY},
        {"id": "a", "status": CANARY},
        {"id": "a", "statuses": ["pending", CANARY]},
        {"id": "a", "part": {"fee": CANARY}},
        {"id": "a", "part": CANARY},
        {"id": "a", "part": [CANARY]},
        {"id": "a", "parts": CANARY},
        {"id": "a", "parts": [{"name": "x"}, CANARY]},
        {"id": "a", "parts": [{"fee": CANARY}]},
        {"id": "a", "by_name": {"x": CANARY}},
        {"id": "a", "by_name": [CANARY]},
        {"id": [CANARY]},
        {"id": {CANARY: CANARY}},
        {CANARY: CANARY},
        [CANARY],
        CANARY,
    ],
)
def test_no_error_repeats_the_value_it_refuses(data) -> None:
    """
    An answer may hold names and phones: errors name the path and the rule alone.
    """
    with pytest.raises(InvalidAnswerError) as caught:
        decode(orjson.dumps(data), Answer)

    assert CANARY not in everything_of(caught.value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Contact, {"phone": CANARY}),
        (Contact, {"email": CANARY}),
        (Contact, {"display": f"{CANARY}\n"}),
        (Contact, {CANARY: 1}),
        (Contact, [CANARY]),
        (DeliveryRequest, {"reference": f"{CANARY}/..", "pickup": {}, "dropoffs": []}),
        (DeliveryRequest, {"reference": "a", "schedule": {"kind": CANARY}}),
        (DeliveryRequest, {"reference": "a", "extensions": [{"provider": CANARY}]}),
        (DeliveryRequest, {"extensions": [{"provider": CANARY, "value": {}}]}),
        (Delivery, {"id": CANARY, "status": CANARY, "as_of": CANARY, "milestones": [CANARY]}),
        (Delivery, {"raw": CANARY, "stops": [{"kind": CANARY}], "tip": {"minor": CANARY}}),
    ],
)
def test_no_error_repeats_a_stored_value(kind, value) -> None:
    """
    The same holds for stored values that were damaged.
    """
    text = orjson.dumps({"doorstep": 1, "type": kind.__name__, "value": value})

    with pytest.raises(ValidationError) as caught:
        from_json(text, kind)

    assert CANARY not in everything_of(caught.value)


@settings(max_examples=200)
@given(body=st.one_of(st.binary(max_size=80), st.text(max_size=80).map(str.encode)))
def test_f047_any_bytes_give_an_answer_or_our_own_error(body) -> None:
    """
    Nothing that is not ours escapes.
    """
    with pytest.raises(DoorstepError):
        decode(b'{"id": ' + body, Answer)
