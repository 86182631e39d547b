"""
The documented limit: about 300 requests in 60 seconds for each access key.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from doorstep_doordash.simulator._refused import of_status

__all__ = ["RequestLimit"]

_WINDOW_S: Final = 60.0


class RequestLimit:
    """
    Refuse what exceeds *limit* requests in any 60 real seconds.

    Args:
        limit:
            How many pass; None lets all pass.

        real_time:
            The real time in seconds.
    """

    def __init__(self, limit: int | None, real_time: Callable[[], float]) -> None:
        self._limit = limit
        self._real_time = real_time
        self._lock = threading.Lock()
        self._passed: deque[float] = deque()

    def check(self) -> None:
        """
        Count one request.

        Raises:
            RefusedError:
                429: nothing was done. It carries no ``Retry-After``, because
                none is documented.
        """
        if self._limit is None:
            return
        with self._lock:
            now = self._real_time()
            while self._passed and self._passed[0] <= now - _WINDOW_S:
                self._passed.popleft()
            if len(self._passed) >= self._limit:
                raise of_status(429)
            self._passed.append(now)
