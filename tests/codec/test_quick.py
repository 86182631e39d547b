"""
The short way through a wire class takes and refuses what the long way does.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import attrs
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.codec import Int32, encode, new_converter

QUICK = new_converter(detailed=False)
LONG = new_converter(detailed=True)


@attrs.frozen(kw_only=True)
class Inner:
    """
    An object in an object.
    """

    word: str
    count: int | None = None


@attrs.frozen(kw_only=True)
class Outer:
    """
    One field of every kind that a carrier's object has.
    """

    text: str | None = None
    yes: bool | None = None
    whole: int | None = None
    small: Int32 | None = None
    number: float | None = None
    exact: Decimal | None = None
    at: datetime | None = None
    inner: Inner | None = None
    many: tuple[Inner, ...] | None = None
    words: tuple[str, ...] | None = None
    anything: Any = None


NAMES = [field.name for field in attrs.fields(Outer)]
VALUES = [
    *(None, True, False, 0, -1, 2**31, 2**63, 1.5, "", "x", "1", "2026-11-22T12:00:00Z"),
    *([], ["x"], [None], {}, {"word": "x"}, {"word": None}, {"word": "x", "count": True}),
    *([{"word": "x", "new": 1}], [{}], "2026-11-22", "NaN", 10**30),
]


def read(converter: Any, data: Any, kind: type) -> tuple[bool, Any]:
    """
    Return whether *data* is taken, and as what.
    """
    try:
        return True, converter.structure(data, kind)
    except Exception:  # noqa: BLE001  whatever a hook raises
        return False, None


@pytest.mark.parametrize("name", NAMES)
def test_one_value_is_taken_or_refused_both_ways(name: str) -> None:
    """
    No value is taken on the short way that the long way refuses, nor read otherwise.
    """
    for value in VALUES:
        data = {name: value, "unknown": value}

        assert read(LONG, data, Outer) == read(QUICK, data, Outer), value


@given(st.dictionaries(st.sampled_from([*NAMES, "new"]), st.sampled_from(VALUES)))
def test_any_object_is_taken_or_refused_both_ways(data: dict[str, Any]) -> None:
    """
    The same holds for several values at once.
    """
    assert read(LONG, data, Outer) == read(QUICK, data, Outer)


@pytest.mark.parametrize("data", [{}, {"count": 1}, [], "text", None, 1])
def test_what_is_required_is_required_both_ways(data: Any) -> None:
    """
    A missing field is no default, and only an object is an object.
    """
    assert (False, None) == read(QUICK, data, Inner) == read(LONG, data, Inner)


def test_encode_writes_what_stands_in_nested_objects() -> None:
    """
    Times, decimals and nested objects are written; None is left out at every depth.
    """
    sent = Outer(
        exact=Decimal("1.50"),
        at=datetime(2026, 11, 22, 12, tzinfo=UTC),
        inner=Inner(word="x"),
        many=(Inner(word="y", count=0),),
        words=("a",),
        anything={"kept": 1, "gone": None},
        yes=False,
    )
    written = {
        "yes": False,
        "exact": "1.50",
        "at": "2026-11-22T12:00:00Z",
        "inner": {"word": "x"},
        "many": [{"word": "y", "count": 0}],
        "words": ["a"],
        "anything": {"kept": 1},
    }

    assert written == orjson.loads(encode(sent))


def test_encode_writes_wire_classes_inside_of_a_dict() -> None:
    """
    A body may be a dict, with wire classes in it.
    """
    assert {"a": {"word": "x"}} == orjson.loads(encode({"a": Inner(word="x"), "b": None}))
