"""
Strategies for what values are made of: names, phones, times, amounts.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

from doorstep.models import Money
from doorstep.models._checks import BLANK
from doorstep.models._currency import EXPONENTS

T = TypeVar("T")

#: From Arabic, Hebrew and Persian (with its joiner) to emoji that are joined from several.
_NAMES = (
    "Ada Lovelace",
    "Jürgen Groß",
    "O'Brien-Núñez",
    "محمد عبد الله",
    "שרה כהן",
    "علی‌رضا",
    "王小明",
    "Đặng Thị Hồng",
    "Zoe 👩‍👩‍👧‍👦",
    "👍🏽 Café",
    "e\u0301clair",
)
_PHONES = ("+16505555555", "+442071838750", "+4915123456789", "+6591234567", "+97142345678")
#: Zones whose clocks jump by an hour, half an hour, at midnight, or jumped over a whole day.
_ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Pacific/Apia",
)
STREETS = ("901 Market St", "שדרות רוטשילד 12", "شارع الشيخ زايد", "東京都千代田区1-1")
#: What no text field takes, besides control characters: reordering, and what is no character.
_REFUSED = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff"
#: Beside a gap, in a fold (both times), in a fold of half an hour, beside a missing day.
_EDGES = tuple(
    datetime.fromisoformat(text).replace(fold=fold, tzinfo=ZoneInfo(zone))
    for zone, text, fold in (
        ("America/New_York", "2026-03-08T01:59:59.999999", 0),
        ("America/New_York", "2026-03-08T03:00", 0),
        ("Europe/Berlin", "2026-10-25T02:30", 0),
        ("Europe/Berlin", "2026-10-25T02:30", 1),
        ("Australia/Lord_Howe", "2026-04-05T01:45", 1),
        ("Pacific/Apia", "2011-12-31T00:00", 0),
    )
    if zone in available_timezones()
)
_FIRST = datetime(1970, 1, 1)  # noqa: DTZ001  Hypothesis adds the zone
_LAST = datetime(2200, 1, 1)  # noqa: DTZ001


@cache
def currencies() -> st.SearchStrategy[str]:
    """
    Every ISO 4217 code with a minor unit, whatever its number of decimal places.
    """
    return st.sampled_from(sorted(EXPONENTS))


def money(
    currency: str | None = None, *, lowest: int = 0, highest: int = 2**53
) -> st.SearchStrategy[Money]:
    """
    Amounts, in *currency* or in any, from *lowest* to *highest* minor units.
    """
    minor = st.one_of(st.integers(max(lowest, 0), max(lowest, 9_999)), st.integers(lowest, highest))
    return st.builds(Money, minor, currencies() if currency is None else st.just(currency))


def _has_something_to_read(text: str) -> bool:
    return bool(text.strip(BLANK))


@cache
def lines(longest: int = 40) -> st.SearchStrategy[str]:
    """
    Text on one line that every text field takes.
    """
    letters = st.characters(
        exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters=_REFUSED
    )
    return st.text(letters, min_size=1, max_size=longest).filter(_has_something_to_read)


@cache
def prose() -> st.SearchStrategy[str]:
    """
    Text that may have line ends, as instructions do.
    """
    return st.one_of(lines(), st.lists(lines(), min_size=2, max_size=3).map("\n".join))


@cache
def names() -> st.SearchStrategy[str]:
    """
    Names as people write them, in many scripts.
    """
    return st.one_of(st.sampled_from(_NAMES), lines(30))


@cache
def phones() -> st.SearchStrategy[str]:
    """
    E.164 numbers, of real length and of every length that is allowed.
    """
    return st.one_of(st.sampled_from(_PHONES), st.from_regex(r"\A\+[1-9][0-9]{6,14}\Z"))


@cache
def references() -> st.SearchStrategy[str]:
    """
    Ids that a caller may give.
    """
    return st.one_of(
        st.sampled_from(("order-118", "A", "0.1~b_c-d", "x" * 128)),
        st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._~-]{0,30}\Z"),
    )


@cache
def moments() -> st.SearchStrategy[datetime]:
    """
    Aware times in UTC and in zones with clock changes; none that the clocks skip.
    """
    known = [name for name in _ZONES if name in available_timezones()]
    zones = st.sampled_from([UTC, *map(ZoneInfo, known)])
    anywhen = st.datetimes(_FIRST, _LAST, timezones=zones, allow_imaginary=False)
    return st.one_of(anywhen, st.sampled_from(_EDGES)) if _EDGES else anywhen


@cache
def json_objects() -> st.SearchStrategy[dict[str, Any]]:
    """
    What a parsed answer may hold.
    """
    text = st.text(st.characters(codec="utf-8"), max_size=8)
    numbers = st.one_of(
        st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False, allow_infinity=False)
    )
    values = st.recursive(
        st.one_of(st.none(), st.booleans(), numbers, text),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(text, inner, max_size=3)
        ),
        max_leaves=6,
    )
    return st.dictionaries(text, values, max_size=3)


def urls() -> st.SearchStrategy[str]:
    """
    Pages for a recipient: personal.
    """
    return st.from_regex(r"\A[a-z0-9]{8,20}\Z").map("https://track.example/{}?k=1".format)


def ids() -> st.SearchStrategy[str]:
    """
    Names of providers and accounts.
    """
    return st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,12}\Z")


def degrees(limit: int) -> st.SearchStrategy[Decimal]:
    """
    Coordinates with seven places, to one side of zero or the other.
    """
    return st.decimals(-limit, limit, places=7)


def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    """
    None, as often as not.
    """
    return st.one_of(st.none(), strategy)


def few(strategy: st.SearchStrategy[T], least: int = 0) -> st.SearchStrategy[tuple[T, ...]]:
    """
    A tuple of two at most.
    """
    return st.lists(strategy, min_size=least, max_size=2).map(tuple)
