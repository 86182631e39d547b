"""
The converter takes each type as it is and coerces nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

import attrs
import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from doorstep.codec import Int32, decode, encode, new_converter
from doorstep.errors import InvalidAnswerError


class Colour(StrEnum):
    """
    A closed set of words.
    """

    RED = "red"


@attrs.frozen
class Inner:
    """
    A part of an answer; all its fields may be missing.
    """

    name: str | None = None


TIME = "2026-11-22T12:00:00Z"

#: Each type of a wire field, and the JSON values among VALUES that it takes.
TYPES: dict[str, tuple[Any, set[str]]] = {
    "str": (
        str,
        {
            *("text", "digits", "empty text", "blank digits", "true text", "time", "red"),
            *("date", "hour"),
        },
    ),
    "bool": (bool, {"true"}),
    "int": (int, {"zero", "whole", "2^31"}),
    "int32": (Int32, {"zero", "whole"}),
    "float": (float, {"zero", "whole", "fraction", "2^31", "2^63", "2^64"}),
    "decimal": (Decimal, {"zero", "whole", "fraction", "2^31", "2^63", "2^64", "digits"}),
    "time": (datetime, {"time"}),
    "date": (date, {"date"}),
    "hour": (time, {"hour"}),
    "enum": (Colour, {"red"}),
    "object": (Inner, {"empty object"}),
    "list": (list[str], {"empty list", "list of text"}),
    "tuple": (tuple[str, ...], {"empty list", "list of text"}),
    "sequence": (Sequence[str], {"empty list", "list of text"}),
    "set": (frozenset[str], {"empty list", "list of text"}),
    "list of objects": (list[Inner], {"empty list"}),
    "mapping": (Mapping[str, int], {"empty object", "object"}),
    "dict": (dict[str, int], {"empty object", "object"}),
}
VALUES: dict[str, Any] = {
    "null": None,
    "true": True,
    "zero": 0,
    "whole": 12,
    "fraction": 19.99,
    "2^31": 2**31,
    "2^63": 2**63,
    "2^64": 2**64 - 1,
    "text": "x",
    "empty text": "",
    "digits": "12",
    "blank digits": " 7 ",
    "true text": "true",
    "time": TIME,
    "date": "2026-12-24",
    "hour": "11:30",
    "red": "red",
    "empty list": [],
    "list of text": ["a", "b"],
    "list of lists": [["a"]],
    "empty object": {},
    "object": {"name": 5},
}
ANY_DEPTH = [False, True]


def holder(kind: Any) -> type:
    """
    Make a wire class with one field of *kind*.
    """
    return attrs.make_class("Holder", {"field": attrs.field(type=kind)}, frozen=True)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("kind", TYPES)
def test_f044_every_type_takes_its_own_values_alone(kind, value) -> None:
    """
    19.99 is no whole number, "false" no bool, null no text, "abc" no list of letters.
    """
    wire, good = TYPES[kind]
    body = orjson.dumps({"field": VALUES[value]})

    if value in good:
        decode(body, holder(wire))
    else:
        with pytest.raises(InvalidAnswerError) as caught:
            decode(body, holder(wire))
        assert str(caught.value.params["path"]).startswith("$.field")


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("kind", TYPES)
def test_f044_optional_takes_null_and_nothing_else_more(kind, value) -> None:
    """
    ``T | None`` is as strict as ``T``; a missing field is None as well.
    """
    wire, good = TYPES[kind]
    optional = holder(wire | None)
    body = orjson.dumps({"field": VALUES[value]})

    if value in good | {"null"}:
        decode(body, optional)
    else:
        with pytest.raises(InvalidAnswerError):
            decode(body, optional)


@pytest.mark.parametrize("detailed", ANY_DEPTH)
@pytest.mark.parametrize("kind", TYPES)
def test_f044_fast_and_detailed_converters_agree(kind, detailed) -> None:
    """
    What the fast way takes the detailed way takes: it is only asked for the path.
    """
    wire, good = TYPES[kind]
    converter = new_converter(detailed=detailed)

    for name, value in VALUES.items():
        try:
            converter.structure(value, wire)
        except Exception:  # noqa: BLE001  any: the point is that it refuses
            assert name not in good
        else:
            assert name in good


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b'{"rows": [{"name": "a"}, {"name": 5}], "by": {}}', "$.rows[1].name"),
        (b'{"rows": [{"name": "a"}, 5], "by": {}}', "$.rows[1]"),
        (b'{"rows": {"name": "a"}, "by": {}}', "$.rows"),
        (b'{"rows": [], "by": {"k": {"name": []}}}', "$.by['k'].name"),
        (b'{"rows": []}', "$.by"),
        (b"[]", "$"),
        (b"", "$"),
    ],
)
def test_path_leads_to_what_is_wrong(body, path) -> None:
    """
    A carrier that changed its format is told where.
    """
    rows = attrs.make_class(
        "Rows",
        {"rows": attrs.field(type=list[Inner]), "by": attrs.field(type=dict[str, Inner])},
    )

    with pytest.raises(InvalidAnswerError) as caught:
        decode(body, rows)

    assert path == str(caught.value.params["path"])[: len(path)]


@pytest.mark.parametrize("bits", [31, 63, 64, 16_000])
@pytest.mark.parametrize("sign", ["", "-"])
def test_f045_integer_of_many_digits_is_refused(bits, sign) -> None:
    """
    Neither 64 bits nor 5,000 digits are cut, wrapped or made a float.
    """
    body = f'{{"field": {sign}{"9" * (bits // 3)}}}'.encode()

    with pytest.raises(InvalidAnswerError):
        decode(body, holder(Int32))
    if bits >= 63:
        with pytest.raises(InvalidAnswerError):
            decode(body.replace(b"999", b"9999"), holder(int))


@pytest.mark.parametrize("kind", ["int32", "int"])
def test_f045_integer_fits_its_field_exactly_or_is_refused(kind) -> None:
    """
    The last number that fits is read, the next is an invalid answer: none becomes a fraction.
    """
    wire, limit = {"int32": (Int32, 2**31), "int": (int, 2**63)}[kind]

    for value in (limit - 1, -limit):
        read: Any = decode(orjson.dumps({"field": value}), holder(wire))[0]
        assert (int, value) == (type(read.field), read.field)
    for digits in (limit, -limit - 1, 2**63, 2**64, 2**64 + 1, -(2**64), 10**300, "1e2", "12.0"):
        with pytest.raises(InvalidAnswerError) as caught:
            decode(f'{{"field":{digits}}}'.encode(), holder(wire))
        assert "$.field" == caught.value.params["path"]


@given(value=st.floats(allow_nan=False, allow_infinity=False))
@example(8.17)
@example(19.99)
@example(0.1)
def test_decimal_takes_a_json_number_by_its_shortest_digits(value) -> None:
    """
    8.17 arrives as 8.17, not as the binary fraction beside it.
    """
    read: Any = decode(orjson.dumps({"field": value}), holder(Decimal))[0]

    assert Decimal(repr(value)) == read.field


@pytest.mark.parametrize(
    "text", ["NaN", "sNaN", "Infinity", "", " 1", "1_0", "\u0663", "0x1", "1,5"]
)
def test_f044_decimal_takes_plain_numbers_alone(text) -> None:
    """
    What ``Decimal`` would read out of text is not what a carrier meant.
    """
    with pytest.raises(InvalidAnswerError):
        decode(orjson.dumps({"field": text}), holder(Decimal))


def test_f042_unknown_keys_are_ignored_and_kept() -> None:
    """
    A carrier may add fields; they stay readable in the raw answer.
    """
    inner, raw = decode(b'{"name": "a", "new": {"x": [1]}}', Inner)

    assert Inner("a") == inner
    assert (1,) == raw["new"]["x"]


def test_encode_leaves_out_what_is_none() -> None:
    """
    A field that is not set is not sent, at any depth; false and zero are.
    """
    kind = attrs.make_class("Sent", ["a", "b", "c", "d"])
    sent = kind(a=None, b=[{"x": None, "y": 0}], c=False, d=Decimal("1.50"))

    assert b'{"b":[{"y":0}],"c":false,"d":"1.50"}' == encode(sent)
