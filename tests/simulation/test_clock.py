"""
The simulator's clock.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from doorstep.simulation import SimulatorClock

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class Seconds:
    """
    Real seconds that pass when told to.
    """

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


@pytest.fixture(name="seconds")
def _seconds() -> Seconds:
    return Seconds()


@pytest.fixture(name="clock")
def _clock(seconds: Seconds) -> SimulatorClock:
    return SimulatorClock(START, monotonic=seconds)


def test_now_runs_with_real_time(clock, seconds):
    """
    By default a simulated second is a real one.
    """
    seconds.passed += 5

    assert START + timedelta(seconds=5) == clock.now()


def test_speed_multiplies_only_what_follows(clock, seconds):
    """
    A new speed does not change what has passed already.
    """
    seconds.passed += 5
    clock.speed = 60
    seconds.passed += 2

    assert START + timedelta(seconds=125) == clock.now()


def test_stop_freezes_and_resume_goes_on_from_there(clock, seconds):
    """
    Time between stop and resume never passes, however often each is said.
    """
    seconds.passed += 1
    clock.stop()
    seconds.passed += 100
    clock.stop()
    seconds.passed += 100
    clock.resume()
    seconds.passed += 100
    clock.resume()
    seconds.passed += 1

    assert START + timedelta(seconds=102) == clock.now()


def test_step_moves_a_stopped_clock(clock):
    """
    A stopped clock moves by exactly what it is stepped.
    """
    clock.stop()
    clock.step(300.5)

    assert START + timedelta(seconds=300.5) == clock.now()


def test_step_of_nothing_is_allowed(clock):
    """
    Zero seconds is a step, too.
    """
    clock.stop()
    clock.step(0)

    assert START == clock.now()


def test_step_counts_real_seconds_whatever_the_speed(clock):
    """
    A step is told in simulated seconds.
    """
    clock.speed = 60
    clock.step(10)

    assert START + timedelta(seconds=10) == clock.now()


def test_now_is_utc_whatever_zone_it_started_in(seconds):
    """
    Readings are in UTC.
    """
    elsewhere = START.astimezone(timezone(timedelta(hours=9)))
    clock = SimulatorClock(elsewhere, monotonic=seconds)

    assert UTC == clock.now().tzinfo
    assert START == clock.now()


def test_reading_tells_time_speed_and_standing(clock):
    """
    One reading has all that the control API tells.
    """
    clock.speed = 2
    clock.stop()

    expected = {"now": "2026-11-22T10:00:00+00:00", "speed": 2.0, "stopped": True}
    assert expected == clock.reading()
    assert clock.stopped
    assert clock.speed == 2.0


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_step_refuses_to_go_back(seconds):
    """
    What has happened cannot be undone.
    """
    with pytest.raises(ValueError, match="only steps ahead"):
        SimulatorClock(START).step(seconds)


@pytest.mark.parametrize("speed", [-1, 1_000_001, float("nan")])
def test_speed_refuses_what_is_no_speed(clock, speed):
    """
    Time does not run backwards, and not so fast that dates end.
    """
    with pytest.raises(ValueError, match="times real time"):
        clock.speed = speed


def test_start_refuses_a_naive_datetime():
    """
    A clock without a time zone would be wrong somewhere.
    """
    with pytest.raises(ValueError, match="aware"):
        SimulatorClock(START.replace(tzinfo=None))
