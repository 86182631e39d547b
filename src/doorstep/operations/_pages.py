"""
Lists that come in pages, from carriers that may never end them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from doorstep.errors import InvalidAnswerError
from doorstep.operations._checks import located
from doorstep.operations._plan import Plan
from doorstep.provider import Page, Provider

T = TypeVar("T")

#: Pages of one list, at most.
_MOST_PAGES = 10_000
#: Pages in a row that may hold nothing new.
_MOST_STALE = 20


class Pages(Generic[T]):
    """
    A list under way. Run the plan, say what came of it, until there are no more.

    Each entry is told once, however often the carrier repeats it. A list that
    turns in circles, or does not end, is an error after what it told.

    Args:
        plan:
            Makes the operation for one page; None asks for the first.

        key:
            Returns the id of an entry.
    """

    def __init__(
        self,
        provider: Provider,
        plan: Callable[[str | None], Plan[Page[T]]],
        key: Callable[[T], str],
    ) -> None:
        self._provider = provider
        self._make = plan
        self._key = key
        self._plan = plan(None)
        self._seen: set[str] = set()
        self._asked: set[str] = set()
        self._stale = 0
        self._problem: str | None = None
        self._ended = False

    def next(self) -> Plan[Page[T]] | None:
        """
        Return the operation for the next page, or None after the last.

        Raises:
            doorstep.errors.InvalidAnswerError:
                There is no next page that anybody could reach.
        """
        if self._problem is not None:
            with located(self._provider, self._plan.operation):
                raise InvalidAnswerError(
                    f"broke off a list: {self._problem}",
                    advice="what was told so far holds; the rest is not known",
                )
        return None if self._ended else self._plan

    def took(self, page: Page[T]) -> list[T]:
        """
        Note what the last operation returned; return the entries that are new.
        """
        fresh = []
        for entry in page.entries:
            key = self._key(entry)
            if key not in self._seen:
                self._seen.add(key)
                fresh.append(entry)
        self._turn(page.next, stale=not fresh)
        return fresh

    def _turn(self, token: str | None, *, stale: bool) -> None:
        self._stale = self._stale + 1 if stale else 0
        if not token:
            self._ended = True
        elif token in self._asked:
            self._problem = "its next page has been read before"
        elif self._stale >= _MOST_STALE:
            self._problem = f"{self._stale} pages held nothing new"
        elif len(self._asked) + 1 >= _MOST_PAGES:
            self._problem = f"it has more than {_MOST_PAGES} pages"
        else:
            self._asked.add(token)
            self._plan = self._make(token)
