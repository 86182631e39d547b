"""
Days of the calendar and times of the day are read as written, and nothing else is.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.codec import decode, encode, from_json, to_json
from doorstep.errors import InvalidAnswerError, ValidationError
from doorstep.models import Menu, OpenHours, SpecialHours


@attrs.frozen
class Day:
    """
    What a carrier may tell of one day.
    """

    on: date | None = None
    opens: time | None = None


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("11:30", time(11, 30)),
        ("00:00", time(0)),
        ("23:59:59", time(23, 59, 59)),
        ("23:59:59.5", time(23, 59, 59, 500_000)),
        ("23:59:59.999999", time(23, 59, 59, 999_999)),
    ],
)
def test_f046_time_of_the_day_is_read(text: str, when: time) -> None:
    """
    Hour and minute, with seconds or without; no zone is made up.
    """
    found = decode(json.dumps({"opens": text}).encode(), Day)[0].opens

    assert when == found
    assert found is not None
    assert found.tzinfo is None


@pytest.mark.parametrize(
    "wrong",
    [
        *("24:00", "11:60", "11:30:60", "1:30", "1130", "11", "11:30 AM", "11.30"),
        *("11:30Z", "11:30+01:00", "11:30:00.1234567", " 11:30", "11:30\n", "\u0661\u0661:30"),
        *("2026-12-24T11:30:00Z", "", 41400, True, [], {}),
    ],
)
def test_f046_any_other_time_of_the_day_is_refused(wrong: Any) -> None:
    """
    Offsets, twelve hours and seconds since midnight are not guessed at.
    """
    with pytest.raises(InvalidAnswerError) as caught:
        decode(json.dumps({"opens": wrong}).encode(), Day)

    assert "$.opens" == caught.value.params["path"]


@pytest.mark.parametrize(
    "wrong",
    [
        *("2026-02-30", "2023-02-29", "2026-13-01", "0000-01-01", "2026-12-24T00:00:00Z"),
        *("20261224", "2026-W52-4", "2026-358", "24.12.2026", "12/24/2026", "2026-12-24\n"),
        *("", 20261224, 1798070400, False, [2026, 12, 24]),
    ],
)
def test_f046_any_other_date_is_refused(wrong: Any) -> None:
    """
    Only year, month and day that are in the calendar are a date.
    """
    with pytest.raises(InvalidAnswerError) as caught:
        decode(json.dumps({"on": wrong}).encode(), Day)

    assert "$.on" == caught.value.params["path"]


@given(on=st.dates(), opens=st.times())
def test_written_day_is_read_back(on: date, opens: time) -> None:
    """
    What is sent to a carrier and what it answers is the same day and time.
    """
    body = encode(Day(on=on, opens=opens))

    assert {"on": on.isoformat(), "opens": opens.isoformat()} == json.loads(body)
    assert Day(on=on, opens=opens) == decode(body, Day)[0]


def test_hours_of_a_menu_survive_json() -> None:
    """
    Hours past midnight and closed days come back as they were.
    """
    menu = Menu(
        id="dinner",
        hours=[OpenHours(weekday=6, opens=time(17, 30), closes=time(1))],
        special_hours=[SpecialHours(on=date(2026, 12, 24), closed=True)],
    )

    text = to_json(menu)

    assert menu == from_json(text, Menu)
    assert '"opens":"17:30:00","closes":"01:00:00"' in text
    assert '"on":"2026-12-24"' in text


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: OpenHours(weekday=0, opens="9:00", closes=time(17)), "OpenHours.opens"),
        (lambda: OpenHours(weekday=0, opens=time(9), closes=None), "OpenHours.closes"),
        (lambda: OpenHours(weekday=0, opens=time(9, tzinfo=UTC), closes=time(9)), "opens"),
        (lambda: SpecialHours(on="2026-12-24"), "SpecialHours.on"),
        (lambda: SpecialHours(on=datetime(2026, 12, 24, tzinfo=UTC)), "SpecialHours.on"),
        (lambda: SpecialHours(on=date(2026, 12, 24), opens=9), "SpecialHours.opens"),
    ],
)
def test_hours_that_are_none_are_refused(make: Any, field: str) -> None:
    """
    Text, moments and times of another zone are no hours of a store.
    """
    with pytest.raises(ValidationError) as caught:
        make()

    assert field in caught.value.fields[0].path
