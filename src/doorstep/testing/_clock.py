"""
A clock that a test moves.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event, Lock


class ManualClock:
    """
    Stand still until told otherwise; sleeping moves it and takes no time.

    Args:
        start:
            The time it shows first, aware.
    """

    def __init__(self, start: datetime = datetime(2026, 1, 1, 12, tzinfo=UTC)) -> None:
        self._start = start.astimezone(UTC)
        self._elapsed_s = 0.0
        self._lock = Lock()
        #: Every wait that was asked for, in seconds.
        self.slept: list[float] = []

    def now(self) -> datetime:
        """
        Return the time, UTC.
        """
        return self._start + timedelta(seconds=self._elapsed_s)

    def monotonic(self) -> float:
        """
        Return the seconds since the start.
        """
        return self._elapsed_s

    def sleep(self, seconds: float, interrupted: Event) -> None:
        """
        Move on by *seconds* at once, unless *interrupted*.
        """
        self.slept.append(seconds)
        if not interrupted.is_set():
            self.step(seconds)

    def step(self, seconds: float) -> None:
        """
        Move on by *seconds*.
        """
        with self._lock:
            self._elapsed_s += seconds
