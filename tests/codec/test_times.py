"""
Only RFC 3339 times with an offset are read.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.codec import rfc3339

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2026-11-22T12:00:00Z", NOON),
        ("2026-11-22T12:00:00+00:00", NOON),
        ("2026-11-22T12:00:00-00:00", NOON),
        ("2026-11-22T07:00:00-05:00", NOON),
        ("2026-11-22T17:45:00+05:45", NOON),
        ("2026-11-23T11:59:00+23:59", NOON),
        ("2026-11-22T12:00:00.5Z", NOON.replace(microsecond=500_000)),
        ("2026-11-22T12:00:00.123456Z", NOON.replace(microsecond=123_456)),
        ("2026-11-22T12:00:00.123456789Z", NOON.replace(microsecond=123_456)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_f046_time_with_an_offset_is_read_to_utc(text, when) -> None:
    """
    Z, offsets of any quarter and up to nine digits; past microseconds they are cut.
    """
    assert when == rfc3339(text)
    assert UTC is rfc3339(text).tzinfo


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T12:00:00",
        "2026-11-22 12:00:00Z",
        "2026-11-22",
        "20261122T120000Z",
        "2026-W47-7T12:00:00Z",
        "2022-W05-2",
        "2026-326T12:00:00Z",
        "2026-11-22T12:00Z",
        "2026-11-22T12Z",
        "2026-11-22T12:00:60Z",
        "2026-11-22T12:60:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T12:00:00+25:00",
        "2026-11-22T12:00:00+05",
        "2026-11-22T12:00:00+0530",
        "2026-11-22T12:00:00+05:60",
        "2020-12-12T12:30:123Z",
        "2026-11-22T12:00:00.Z",
        "2026-11-22T12:00:00,5Z",
        "2026-11-22T12:00:00.1234567891Z",
        "2026-11-22t12:00:00z",
        "2026-02-30T12:00:00Z",
        "2023-02-29T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-00-01T12:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "12026-11-22T12:00:00Z",
        "-2026-11-22T12:00:00Z",
        " 2026-11-22T12:00:00Z",
        "2026-11-22T12:00:00Z\n",
        "\u0662026-11-22T12:00:00Z",
        "now",
        "",
        1795348800,
        None,
        True,
        b"2026-11-22T12:00:00Z",
    ],
)
def test_f046_any_other_time_is_refused(text) -> None:
    """
    Naive, bare, weekly, leap or out of the calendar: a ValueError that holds no value.
    """
    with pytest.raises(ValueError) as caught:
        rfc3339(text)

    assert str(caught.value) in ("must be an RFC 3339 time with an offset", "is out of range")
    assert caught.value.__cause__ is caught.value.__context__ is None


@given(
    when=st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31)),  # noqa: DTZ001
    minutes=st.integers(-23 * 60, 23 * 60),
)
def test_written_time_is_read_back(when, minutes) -> None:
    """
    Whatever the offset, the instant is the same.
    """
    aware = when.replace(tzinfo=timezone(timedelta(minutes=minutes)))

    assert aware == rfc3339(aware.isoformat(timespec="microseconds"))


@given(text=st.text(max_size=40))
def test_f046_any_text_gives_a_time_or_a_value_error(text) -> None:
    """
    No other exception comes out, whatever stands there.
    """
    with pytest.raises(ValueError):
        rfc3339(f"{text}x")
