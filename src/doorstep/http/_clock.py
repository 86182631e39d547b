"""
The one door to the time: everything that waits or asks goes through a clock.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """
    What the drivers know of time. Tests give them one that stands still.
    """

    def now(self) -> datetime:
        """
        Return the time, aware, UTC.
        """

    def monotonic(self) -> float:
        """
        Return seconds that never go backwards; deadlines are measured in them.
        """

    def sleep(self, seconds: float, interrupted: threading.Event) -> None:
        """
        Wait for *seconds*, or until *interrupted* is set.
        """


class SystemClock:
    """
    The computer's own time.

    .. versionadded:: 0.1.0
    """

    __slots__ = ()

    def now(self) -> datetime:
        """
        Return the time, aware, UTC.
        """
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """
        Return seconds that never go backwards.
        """
        return time.monotonic()

    def sleep(self, seconds: float, interrupted: threading.Event) -> None:
        """
        Wait for *seconds*, or until *interrupted* is set.
        """
        interrupted.wait(seconds)
