"""
Lists in pages: as documented, or in a manner that never lets a careless reader end.

================  ========================================================================
``paging``        what the caller of a list meets
================  ========================================================================
``orderly``       every entry once, a token until the last page, then null
``stuck``         from the second page on the token that was sent comes back, for ever
``endless``       after the last page the first comes again, each under a token never seen
``repeats``       each further page begins with the last entry of the page before
================  ========================================================================

The simulator's choices: a token names a position, so entries that are added
while somebody reads come at the end; ``result_count`` counts the page's entries
(DoorDash's sample has 0 beside one entry); a token that was never told, or that
belongs to another list, is refused with 400 for ``continuationToken``.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, Final, TypeVar

from doorstep_doordash.simulator._refused import validation

__all__ = ["Pages", "Paging"]

_T = TypeVar("_T")
_TOKEN: Final = re.compile(r"(?P<of>.*) (?P<offset>\d{1,9}) (?P<turn>\d{1,9})")


class Paging(StrEnum):
    """
    How pages follow each other, as the table above tells.
    """

    ORDERLY = "orderly"
    STUCK = "stuck"
    ENDLESS = "endless"
    REPEATS = "repeats"


class Pages:
    """
    Cut lists into pages.

    Args:
        size:
            The most entries of a page; 1 or more.

        manner:
            How they follow each other.
    """

    def __init__(self, size: int, manner: Paging) -> None:
        self._size = size
        self._manner = manner

    def page(
        self, of: str, entries: Sequence[_T], keep: Callable[[_T], bool], token: str | None
    ) -> tuple[list[_T], dict[str, Any]]:
        """
        Return one page's entries, and what its answer says beside them.

        Args:
            of:
                Which list it is: a token is good for one alone.

            entries:
                All there are, in an order that never changes.

            keep:
                Which of them were asked for.

            token:
                The token that was sent, None for the first page.

        Raises:
            RefusedError:
                400: the token was never told.
        """
        start, turn = _position(of, token) if token is not None else (0, 0)
        kept = [(index, entry) for index, entry in enumerate(entries) if keep(entry)]
        ahead = [one for one in kept if one[0] >= start]
        shown = ahead[: self._size]
        if self._manner is Paging.REPEATS:
            shown = [one for one in kept if one[0] < start][-1:] + shown
        end = None if len(ahead) <= self._size else ahead[self._size][0]
        told = {
            "continuation_token": self._next(of, token, end, turn),
            "result_count": len(shown),
        }
        return [entry for _, entry in shown], told

    def _next(self, of: str, token: str | None, end: int | None, turn: int) -> str | None:
        if self._manner is Paging.STUCK and token is not None:
            return token
        if end is None and self._manner in {Paging.STUCK, Paging.ENDLESS}:
            end = 0
        return None if end is None else _token(of, end, turn + 1)


def _token(of: str, offset: int, turn: int) -> str:
    return base64.urlsafe_b64encode(f"{of} {offset} {turn}".encode()).decode()


def _position(of: str, token: str) -> tuple[int, int]:
    try:
        found = _TOKEN.fullmatch(base64.urlsafe_b64decode(token).decode())
    except (binascii.Error, ValueError):
        found = None
    if found is None or found["of"] != of:
        raise validation([("continuationToken", "is not a continuation token of this list")])
    return int(found["offset"]), int(found["turn"])
