"""
The server's books: which requests reached it, and how often. No header and no body is kept.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass

__all__ = ["Journal", "SeenRequest"]


@dataclass(frozen=True)
class SeenRequest:
    """
    One kind of request that reached the server.
    """

    #: The HTTP method.
    method: str
    #: The route's template, so that no identifier is kept; "(none)" when no route matched.
    route: str
    #: How many reached the server, whatever came of them.
    count: int


class Journal:
    """
    Count the requests that reached a server by method and route.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()

    def note(self, method: str, route: str) -> None:
        """
        Count one request.
        """
        with self._lock:
            self._counts[method, route] += 1

    def seen(self) -> list[SeenRequest]:
        """
        Return what reached the server, in the order of first appearance.
        """
        with self._lock:
            return [SeenRequest(*key, count) for key, count in self._counts.items()]

    def count(self, method: str, route: str) -> int:
        """
        Return how many requests of one method and route reached the server.
        """
        with self._lock:
            return self._counts[method, route]
