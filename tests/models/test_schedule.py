"""
Times: aware, in order, and of an hour that exists.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep import from_json, to_json
from doorstep.errors import ValidationError
from doorstep.models import (
    Address,
    DeliveryRequest,
    DropoffAt,
    End,
    Etas,
    PickupAt,
    Stop,
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
def test_f105_time_without_a_zone_is_refused(build, when) -> None:
    """
    Nobody knows where a naive time holds; text and numbers are not guessed at.
    """
    with pytest.raises(ValidationError, match="must be a datetime with a time zone"):
        build(when)


@pytest.mark.parametrize("build", [lambda when: Etas(dropoff=when), lambda when: End(at=when)])
def test_f105_time_of_a_carrier_needs_a_zone_too(build) -> None:
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
def test_f103_time_that_the_clocks_skip_is_refused(zone, when) -> None:
    """
    There is no half past two in the night when summer time begins.
    """
    with pytest.raises(ValidationError, match="at a time that exists there"):
        PickupAt(when.replace(tzinfo=ZoneInfo(zone)))


def clock_changes(zone: ZoneInfo, year: int) -> list[tuple[datetime, timedelta]]:
    """
    Return the moments of *year* at which the clocks change, with by how much.
    """

    def offset(when: datetime) -> timedelta:
        found = when.astimezone(zone).utcoffset()
        assert found is not None
        return found

    found = []
    days = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(0, 367, 3)]
    for before, after in pairwise(days):
        first, last = before, after
        if offset(first) == offset(last):
            continue
        while last - first > timedelta(minutes=1):
            middle = first + (last - first) / 2
            first, last = (middle, last) if offset(middle) == offset(first) else (first, middle)
        moment = last.replace(second=0, microsecond=0)
        found.append((moment, offset(after) - offset(before)))
    return found


@pytest.mark.parametrize("year", [2025, 2026])
def test_f103_clock_change_of_every_zone_is_minded(year) -> None:
    """
    In every time zone, a local time that the clocks skip is refused, and of one that comes
    twice ``fold`` tells which: the first unless it says so.
    """
    gaps = folds = 0
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for moment, change in clock_changes(zone, year):
            if change > timedelta(0):
                gaps += 1
                start = (moment - timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None)
                skipped = start + timedelta(minutes=1) + change / 2
                for fold in (0, 1):
                    with pytest.raises(ValidationError, match="at a time that exists there"):
                        DropoffAt(skipped.replace(tzinfo=zone, fold=fold))
            else:
                folds += 1
                local = (moment - change * -0.5).astimezone(zone)
                twice = local.replace(fold=0)
                times = [PickupAt(twice.replace(fold=fold)).at for fold in (0, 1)]
                assert -change == times[1] - times[0], name
                assert times[0] < moment <= times[1]

    assert min(gaps, folds) > 50


def test_f103_time_in_a_fold_follows_its_fold() -> None:
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
def test_f104_window_ends_after_it_starts(length) -> None:
    """
    An empty window is none.
    """
    with pytest.raises(ValidationError, match="must be after start"):
        Window(NOON, NOON + length)


def test_f103_window_across_a_clock_change_is_measured_in_utc() -> None:
    """
    From 01:59 to 03:01 of the night that skips an hour is two minutes.
    """
    start = datetime(2026, 3, 8, 1, 59, tzinfo=NEW_YORK)
    window = Window(start, datetime(2026, 3, 8, 3, 1, tzinfo=NEW_YORK))

    assert timedelta(minutes=2) == window.end - window.start


@pytest.mark.parametrize("end", [-HOUR, timedelta(0)])
def test_f104_dropoff_window_before_the_pickup_is_refused(end) -> None:
    """
    Nothing arrives before it was collected.
    """
    pickup = Window(NOON, NOON + HOUR)

    with pytest.raises(ValidationError, match="must not end before the pickup window begins"):
        Windows(pickup=pickup, dropoff=Window(NOON + end - HOUR, NOON + end))


def test_f104_windows_may_overlap() -> None:
    """
    A dropoff window may begin before the pickup window does.
    """
    pickup, dropoff = Window(NOON, NOON + HOUR), Window(NOON - HOUR, NOON + HOUR)

    assert dropoff == Windows(pickup=pickup, dropoff=dropoff).dropoff


@pytest.mark.parametrize("missing", ["pickup", "dropoff"])
def test_f104_windows_need_both(missing) -> None:
    """
    Three bounds of four are refused: a window is whole or not there.
    """
    both: dict[str, Any] = dict.fromkeys(("pickup", "dropoff"), Window(NOON, NOON + HOUR))

    with pytest.raises(ValidationError):
        Windows(**{**both, missing: None})


@given(start=moments(), length=st.timedeltas(-HOUR, HOUR))
def test_f104_window_is_longer_than_nothing(start, length) -> None:
    """
    A window that ends when it starts, or before, is refused at any time of any year.
    """
    start = start.astimezone(UTC)
    if length > timedelta(0):
        assert length == Window(start, start + length).end - start
        return
    with pytest.raises(ValidationError, match="must be after start"):
        Window(start, start + length)


@pytest.mark.parametrize("end", ["pickup", "dropoff"])
@pytest.mark.parametrize("bound", ["start", "end"])
def test_f104_three_bounds_of_four_are_refused_in_json(end, bound) -> None:
    """
    A stored request that lost one of the four bounds is refused by the name of the field.
    """
    window = Window(NOON, NOON + HOUR)
    stop = Stop(address=Address(one_line="1 Main St"))
    schedule = Windows(pickup=window, dropoff=window)
    stored = json.loads(
        to_json(DeliveryRequest(reference="a", pickup=stop, dropoffs=stop, schedule=schedule))
    )
    del stored["value"]["schedule"][end][bound]

    with pytest.raises(ValidationError, match=rf"schedule\.{end}\.{bound}|schedule"):
        from_json(json.dumps(stored), DeliveryRequest)
