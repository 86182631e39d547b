"""
The simulator's time: real by default, and under the caller's hand when a test wants it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypedDict

__all__ = ["ClockReading", "SimulatorClock"]


class ClockReading(TypedDict):
    """
    What the control API says about the clock.
    """

    #: The simulator's time, ISO 8601 in UTC.
    now: str
    #: Simulated seconds for each real second.
    speed: float
    #: Whether time moves by :meth:`SimulatorClock.step` alone.
    stopped: bool


class SimulatorClock:
    """
    Tell a time that can be hurried, stopped and stepped.

    No thread runs behind it: whoever simulates something asks the clock and
    works out what has happened since. A stopped clock that is stepped
    therefore gives the same result every time.

    Args:
        start:
            The first reading, aware; the real time when absent.

        speed:
            Simulated seconds for each real second, 0 or more.

        monotonic:
            Where real seconds come from.

    Raises:
        ValueError:
            *start* has no time zone, or *speed* is negative.
    """

    def __init__(
        self,
        start: datetime | None = None,
        *,
        speed: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if start is not None and start.tzinfo is None:
            msg = f"a simulator's clock must start at an aware datetime (got {start!r})"
            raise ValueError(msg)
        self._lock = threading.Lock()
        self._monotonic = monotonic
        self._base = (start or datetime.now(UTC)).astimezone(UTC)
        self._mark = monotonic()
        self._speed = _checked_speed(speed)
        self._stopped = False

    @property
    def speed(self) -> float:
        """
        Simulated seconds for each real second while the clock runs.
        """
        with self._lock:
            return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        checked = _checked_speed(speed)
        with self._lock:
            self._rebase()
            self._speed = checked

    @property
    def stopped(self) -> bool:
        """
        Whether time moves by :meth:`step` alone.
        """
        with self._lock:
            return self._stopped

    def now(self) -> datetime:
        """
        Return the simulator's time, aware and in UTC.
        """
        with self._lock:
            return self._reading()

    def stop(self) -> None:
        """
        Stand still until :meth:`resume`. Repeating is harmless.
        """
        with self._lock:
            self._rebase()
            self._stopped = True

    def resume(self) -> None:
        """
        Run again from where the clock stood. Repeating is harmless.
        """
        with self._lock:
            self._rebase()
            self._stopped = False

    def step(self, seconds: float) -> None:
        """
        Jump ahead, whether the clock runs or stands.

        Args:
            seconds:
                How far, in simulated seconds.

        Raises:
            ValueError:
                *seconds* is negative: what has happened cannot be undone.
        """
        if not seconds >= 0:
            msg = f"a simulator's clock only steps ahead (got {seconds!r} s)"
            raise ValueError(msg)
        with self._lock:
            self._base += timedelta(seconds=seconds)

    def reading(self) -> ClockReading:
        """
        Return time, speed and whether the clock stands, all of one moment.
        """
        with self._lock:
            return {
                "now": self._reading().isoformat(),
                "speed": self._speed,
                "stopped": self._stopped,
            }

    def _reading(self) -> datetime:
        if self._stopped:
            return self._base
        elapsed_s = (self._monotonic() - self._mark) * self._speed
        return self._base + timedelta(seconds=elapsed_s)

    def _rebase(self) -> None:
        self._base = self._reading()
        self._mark = self._monotonic()


def _checked_speed(speed: float) -> float:
    if not 0 <= speed <= 1_000_000:
        msg = f"a simulator's clock runs at 0 to 1,000,000 times real time (got {speed!r})"
        raise ValueError(msg)
    return float(speed)
