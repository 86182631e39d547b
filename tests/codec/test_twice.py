"""
Keys given twice: harmless where nobody reads them, refused where the values differ.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import attrs
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.codec import _silent as silent
from doorstep.codec import decode, from_json, to_json
from doorstep.errors import InvalidAnswerError, ValidationError
from doorstep.models import Contact, Money, Raw


@attrs.frozen
class Part:
    """
    A part of an answer.
    """

    name: str | None = None


@attrs.frozen
class Answer:
    """
    What matters in an answer.
    """

    id: str | None = None
    fee: int | None = None
    currency: str | None = None
    status: str | None = None
    part: Part | None = None
    parts: tuple[Part, ...] = ()
    by_name: dict[str, Part] = attrs.field(factory=dict)
    anything: Any = None


TWICE = "is given twice, with different values @ "


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ('{"id":"a","id":"b"}', "$.id"),
        ('{"id":"a","fee":1,"fee":2}', "$.fee"),
        ('{"id":"a","fee":1,"fee":null}', "$.fee"),
        ('{"fee":null,"fee":1}', "$.fee"),
        ('{"fee":1,"fee":true,"fee":1}', "$.fee"),
        ('{"fee":true,"fee":1}', "$.fee"),
        ('{"currency":"USD", "currency" : "CAD"}', "$.currency"),
        ('{"status":"a","status":["b"],"status":"a"}', "$.status"),
        ('{"status":"a","more":{"x":1},"status":"b"}', "$.status"),
        (r'{"status":"a","\u0073tatus":"b"}', "$.status"),
        ('{"part":{"name":"a","name":"b"}}', "$.part.name"),
        ('{"part":{"name":"a"},"part":{"name":"b"}}', "$.part"),
        ('{"part":{"name":"a","name":"b"},"part":{"name":"b"}}', "$.part"),
        ('{"parts":[{},{"name":"a","name":"b"}]}', "$.parts[1].name"),
        ('{"by_name":{"x":{"name":"a"},"x":{}}}', "$.by_name"),
        ('{"anything":{"x":1,"x":2}}', "$"),
        # An escaped colon makes up for the one that is lost with the key.
        (r'{"fee":1,"fee":2,"more":"\u003a"}', "$.fee"),
        (r'{"fee":1,"fee":2,"more":"\u003A"}', "$.fee"),
        ('{"fee":' + "[" * 500 + "]" * 500 + ',"fee":1}', "$.fee"),
    ],
)
def test_f040_field_that_is_read_and_given_twice_is_refused(body, path) -> None:
    """
    Two ids, fees, currencies or statuses are no answer: neither is believed, the path is told.
    """
    with pytest.raises(InvalidAnswerError) as caught:
        decode(body.encode(), Answer, http_status=200)

    assert TWICE + path in str(caught.value)
    assert str(caught.value.params["path"]).startswith(path)


@pytest.mark.parametrize(
    "body",
    [
        '{"id":"a","id":"a"}',
        '{"fee":1,"more":1,"more":2}',
        '{"fee":1,"more":{"fee":1,"fee":2}}',
        '{"part":{"name":"a","more":1,"more":[]}}',
        '{"part":{"name":"a"},"part":{"name":"a"}}',
        '{"id":"a:b","status":":","\u00e9:":"::"}',
        r'{"id":"a\u003ab"}',
        '{ "id" : "a:b" , "more" : 1e5 }',
    ],
)
def test_f040_key_given_twice_that_changes_nothing_is_harmless(body) -> None:
    """
    The same value twice, or a key that nobody reads: the last is kept in raw.
    """
    answer, raw = decode(body.encode(), Answer)

    assert decode(orjson.dumps(json.loads(body)), Answer)[0] == answer
    assert json.loads(body) == raw.as_dict()


def test_f040_nesting_below_a_lost_key_is_a_typed_error() -> None:
    """
    What was thrown away may be nested deeper than what is kept.
    """
    body = b'{"fee":1,"more":' + b"[" * 1000 + b"]" * 1000 + b',"more":1}'

    with suppress(InvalidAnswerError):
        assert 1 == decode(body, Answer)[0].fee


FIELDS = {
    "id": st.sampled_from(["a", "b:", '":"']),
    "fee": st.sampled_from([1, 2]),
    "currency": st.sampled_from(["USD", "CAD"]),
    "status": st.sampled_from(["new", "\\u003a", "\u00e9"]),
    "other": st.one_of(st.integers(0, 2), st.text(max_size=3)),
}


@given(
    pairs=st.lists(
        st.sampled_from(sorted(FIELDS)).flatmap(
            lambda name: st.tuples(st.just(name), FIELDS[name])
        ),
        max_size=6,
    ),
    ascii_only=st.booleans(),
    colon=st.sampled_from([":", " : ", ": "]),
)
def test_f040_exactly_what_differs_and_is_read_is_refused(pairs, ascii_only, colon) -> None:
    """
    Whatever is repeated in whatever form: an answer if there is one reading of it.
    """
    told = (f"{json.dumps(k)}{colon}{json.dumps(v, ensure_ascii=ascii_only)}" for k, v in pairs)
    body = ("{" + ",".join(told) + "}").encode()
    ambiguous = any(len({v for k, v in pairs if k == name}) > 1 for name in set(FIELDS) - {"other"})

    if ambiguous:
        with pytest.raises(InvalidAnswerError, match=TWICE):
            decode(body, Answer)
    else:
        read = attrs.asdict(decode(body, Answer)[0])
        assert {k: v for k, v in pairs if k != "other"}.items() <= read.items()


@pytest.mark.parametrize("body", ['{"id":"a:b"}', '{"id": "a:b", "fee": 1}', r'{"id":"\u00e9\n:"}'])
def test_f040_ordinary_answer_is_not_read_a_second_time(body, monkeypatch) -> None:
    """
    The careful reading costs something, and only suspicious answers pay for it.
    """
    monkeypatch.setattr(silent.json, "loads", lambda *_, **__: pytest.fail("was read again"))

    assert decode(body.encode(), Answer)[0].id


@pytest.mark.parametrize(
    ("kind", "text", "path"),
    [
        (
            Money,
            '{"doorstep":1,"type":"Money","value":{"minor":1,"minor":2,"currency":"USD"}}',
            ".minor",
        ),
        (
            Money,
            '{"doorstep":1,"type":"Money","value":{"minor":1,"currency":"USD"},"value":null}',
            "",
        ),
        (Contact, '{"doorstep":1,"type":"Contact","value":{"given":"a","given":"b"}}', ".given"),
    ],
)
def test_f040_stored_value_with_a_key_given_twice_is_refused(kind, text, path) -> None:
    """
    The same rule holds for what a shop stores and reads back.
    """
    with pytest.raises(ValidationError) as caught:
        from_json(text, kind)

    assert str(caught.value.fields[0]).startswith(f"$.value{path}")
    if path:
        assert "given twice" in str(caught.value.fields[0])


@pytest.mark.parametrize("version", ['"doorstep":2,"doorstep":1', '"type":"Raw","type":"Money"'])
def test_f040_stored_value_of_two_versions_or_types_is_refused(version) -> None:
    """
    A text that says two things of itself is not ours.
    """
    text = '{"doorstep":1,"type":"Money","value":{"minor":1,"currency":"USD"}}'
    key = version.partition(":")[0]
    doubled = text.replace(key + ":1" if "doorstep" in key else key + ':"Money"', version)

    with pytest.raises(ValidationError, match="given twice"):
        from_json(doubled, Money)


def test_f040_key_given_twice_in_a_stored_raw_answer_is_harmless() -> None:
    """
    What a carrier sent is kept, not judged, when a delivery is stored.
    """
    text = to_json(Raw({"x": 1}))

    assert {"x": 1} == from_json(text.replace('"x":1', '"x":1,"x":1'), Raw).as_dict()
