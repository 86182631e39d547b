"""
Times: aware, in order, and of an hour that exists.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from doorstep.errors import ValidationError
from doorstep.models import (
    DropoffAt,
    End,
    Etas,
    PickupAt,
    Window,
    Windows,
)
from doorstep_contracts.strategies import moments

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEW_YORK = ZoneInfo("America/New_York")


class Nowhere(tzinfo):
    """
    A time zone that does not know its offset.
    """

    def utcoffset(self, when: datetime | None) -> None:
        return None

    def dst(self, when: datetime | None) -> None:
        return None

    def tzname(self, when: datetime | None) -> None:
        return None


@pytest.mark.parametrize(
    "when",
    [
        datetime(2026, 11, 22, 12),  # noqa: DTZ001
        datetime(2026, 11, 22, 12, tzinfo=Nowhere()),
        NOON.date(),
        "2026-11-22T12:00:00Z",
        1795348800,
        None,
    ],
)
@pytest.mark.parametrize(
    "build",
    [PickupAt, DropoffAt, lambda when: Window(when, NOON), lambda when: Window(NOON, when)],
)
def test_time_without_a_zone_is_refused(build, when) -> None:
    """
    Nobody knows where a naive time holds; text and numbers are not guessed at.
    """
    with pytest.raises(ValidationError, match="must be a datetime with a time zone"):
        build(when)


@pytest.mark.parametrize("build", [lambda when: Etas(dropoff=when), lambda when: End(at=when)])
def test_time_of_a_carrier_needs_a_zone_too(build) -> None:
    """
    A plugin that forgets the zone is told at once.
    """
    with pytest.raises(ValidationError):
        build(datetime(2026, 11, 22, 12))  # noqa: DTZ001


@given(when=moments())
def test_time_is_kept_in_utc(when) -> None:
    """
    The instant is the same, its zone is always UTC.
    """
    kept = PickupAt(when).at

    assert when.astimezone(UTC) == kept
    assert UTC is kept.tzinfo


@pytest.mark.parametrize(
    ("zone", "when"),
    [
        ("America/New_York", datetime(2026, 3, 8, 2, 30)),  # noqa: DTZ001
        ("Europe/Berlin", datetime(2026, 3, 29, 2, 0)),  # noqa: DTZ001
        ("Australia/Lord_Howe", datetime(2026, 10, 4, 2, 15)),  # noqa: DTZ001
        ("Pacific/Apia", datetime(2011, 12, 30, 12)),  # noqa: DTZ001
    ],
)
def test_time_that_the_clocks_skip_is_refused(zone, when) -> None:
    """
    There is no half past two in the night when summer time begins.
    """
    with pytest.raises(ValidationError, match="at a time that exists there"):
        PickupAt(when.replace(tzinfo=ZoneInfo(zone)))


def test_time_in_a_fold_follows_its_fold() -> None:
    """
    Half past one comes twice when summer time ends: ``fold`` tells which.
    """
    twice = datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK)

    first, second = PickupAt(twice).at, PickupAt(twice.replace(fold=1)).at

    assert HOUR == second - first


@pytest.mark.parametrize(
    "when",
    [
        datetime.min.replace(tzinfo=timezone(timedelta(hours=5))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_time_outside_the_calendar_is_refused(when) -> None:
    """
    The ends of the calendar raise our error, not OverflowError.
    """
    with pytest.raises(ValidationError):
        PickupAt(when)


@pytest.mark.parametrize("length", [timedelta(0), -HOUR, -timedelta.resolution])
def test_window_ends_after_it_starts(length) -> None:
    """
    An empty window is none.
    """
    with pytest.raises(ValidationError, match="must be after start"):
        Window(NOON, NOON + length)


def test_window_across_a_clock_change_is_measured_in_utc() -> None:
    """
    From 01:59 to 03:01 of the night that skips an hour is two minutes.
    """
    start = datetime(2026, 3, 8, 1, 59, tzinfo=NEW_YORK)
    window = Window(start, datetime(2026, 3, 8, 3, 1, tzinfo=NEW_YORK))

    assert timedelta(minutes=2) == window.end - window.start


@pytest.mark.parametrize("end", [-HOUR, timedelta(0)])
def test_dropoff_window_before_the_pickup_is_refused(end) -> None:
    """
    Nothing arrives before it was collected.
    """
    pickup = Window(NOON, NOON + HOUR)

    with pytest.raises(ValidationError, match="must not end before the pickup window begins"):
        Windows(pickup=pickup, dropoff=Window(NOON + end - HOUR, NOON + end))


def test_windows_may_overlap() -> None:
    """
    A dropoff window may begin before the pickup window does.
    """
    pickup, dropoff = Window(NOON, NOON + HOUR), Window(NOON - HOUR, NOON + HOUR)

    assert dropoff == Windows(pickup=pickup, dropoff=dropoff).dropoff


@pytest.mark.parametrize("missing", ["pickup", "dropoff"])
def test_windows_need_both(missing) -> None:
    """
    Three bounds of four are refused: a window is whole or not there.
    """
    both: dict[str, Any] = dict.fromkeys(("pickup", "dropoff"), Window(NOON, NOON + HOUR))

    with pytest.raises(ValidationError):
        Windows(**{**both, missing: None})
