"""
Lists in pages: each entry once, and no list without an end.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.errors import InvalidAnswerError
from doorstep.operations import Pages, Plan
from doorstep.outcome import Outcome
from doorstep.provider import Page
from doorstep.testing import FakeProvider

Serve = Callable[[str | None], Page[str]]


def plan(page: str | None) -> Plan[Page[str]]:
    return Plan("list_businesses", lambda ctx: page)  # type: ignore[arg-type,return-value]


class Walk:
    """
    A walk through a list: what was asked for, and what was told.
    """

    def __init__(self, serve: Serve) -> None:
        self.asked: list[str | None] = []
        self.told: list[str] = []
        self._serve = serve

    def to_its_end(self) -> list[str]:
        """
        Ask for page after page, and return the entries.
        """
        pages = Pages(FakeProvider(), plan, lambda entry: entry)
        while (one := pages.next()) is not None:
            token: Any = one.start(None)  # type: ignore[arg-type]
            self.asked.append(token)
            self.told += pages.took(self._serve(token))
        return self.told


def listed(*pages: tuple[str, str | None]) -> Serve:
    """
    Serve each page under the token that the one before names.
    """
    tokens = [None, *(following for _, following in pages)]
    by_token = dict(zip(tokens, pages, strict=False))
    return lambda token: Page(entries=by_token[token][0], next=by_token[token][1])


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([("", None)], ""),
        ([("ab", None)], "ab"),
        ([("ab", "")], "ab"),
        ([("ab", "t"), ("cd", None)], "abcd"),
        ([("ab", "t"), ("bc", "u"), ("ca", None)], "abc"),
        ([("aa", None)], "a"),
        ([("", "t"), ("", "u"), ("a", None)], "a"),
        ([("a", "t"), ("", "u"), ("b", None)], "ab"),
    ],
)
def test_f049_list_is_told_once_over_gaps_and_duplicates(
    pages: list[tuple[str, str | None]], expected: str
) -> None:
    """
    Empty pages are walked over, and an entry that comes again is not told again.
    """
    assert list(expected) == Walk(listed(*pages)).to_its_end()


@pytest.mark.parametrize(
    "follows",
    [
        {None: "t", "t": "t"},
        {None: "t", "t": "u", "u": "t"},
        {None: "t", "t": "u", "u": "v", "v": "u"},
    ],
)
def test_f049_same_token_twice_is_an_error_after_what_it_told(
    follows: dict[str | None, str],
) -> None:
    """
    A list that turns in circles ends with an error; no page is read twice, what was told holds.
    """
    walk = Walk(lambda token: Page(entries=[f"after {token}"], next=follows[token]))

    with pytest.raises(InvalidAnswerError, match="read before") as told:
        walk.to_its_end()

    assert sorted(map(str, follows)) == sorted(map(str, walk.asked))
    assert len(walk.asked) == len(walk.told)
    assert ("fake", "list_businesses") == (told.value.provider, told.value.operation)
    assert Outcome.NOT_SENT is told.value.booked
    assert "what was told so far holds" in str(told.value)


def test_f049_list_that_tells_nothing_new_ends_with_an_error() -> None:
    """
    Pages that repeat old entries under ever new tokens are given up after twenty.
    """
    walk = Walk(lambda token: Page(entries="ab", next=f"{token}+"))

    with pytest.raises(InvalidAnswerError, match="20 pages held nothing new"):
        walk.to_its_end()

    assert (["a", "b"], 21) == (walk.told, len(walk.asked))


def test_f049_list_without_an_end_ends_with_an_error() -> None:
    """
    Even a list that always has something new is broken off, after ten thousand pages.
    """
    walk = Walk(lambda token: Page(entries=[str(token)], next=str(int(token or 0) + 1)))

    with pytest.raises(InvalidAnswerError, match="more than 10000 pages"):
        walk.to_its_end()

    assert 10_000 == len(walk.asked)


_page = st.tuples(st.text("abc", max_size=3), st.sampled_from([None, "", "t", "u", "v", "w"]))


@given(pages=st.lists(_page, min_size=1, max_size=8))
def test_f049_any_pages_come_to_an_end(pages: list[tuple[str, str | None]]) -> None:
    """
    Whatever a carrier pages: no entry twice, no page twice, and an end or an error.
    """
    left = list(pages)

    def serve(token: str | None) -> Page[str]:
        entries, following = left.pop(0) if left else ("", None)
        return Page(entries=entries, next=following)

    walk = Walk(serve)
    with suppress(InvalidAnswerError):
        walk.to_its_end()

    assert len(walk.told) == len(set(walk.told))
    assert len(walk.asked) == len(set(walk.asked))
    read = pages[: len(walk.asked)]
    assert set(walk.told) == {entry for entries, _ in read for entry in entries}
