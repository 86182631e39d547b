"""
Strategies for the shop's side: stores, menus, availability, and who serves whom.
"""

from __future__ import annotations

from datetime import time
from functools import partial
from typing import Any, TypeVar

from hypothesis import strategies as st

from doorstep import models
from doorstep.models import (
    Address,
    Assignment,
    Availability,
    Business,
    BusinessChanges,
    Closing,
    Closure,
    Courier,
    Coverage,
    ItemResult,
    ItemResults,
    ItemState,
    Menu,
    NewBusiness,
    NewStore,
    OpenHours,
    Rating,
    Raw,
    SpecialHours,
    Store,
    StoreChanges,
    StoreState,
)
from doorstep_contracts._primitives import (
    STREETS,
    few,
    lines,
    moments,
    names,
    phones,
    prose,
    urls,
)
from doorstep_contracts._values import Maker, each, fields_of, neutral, simple

T = TypeVar("T")


def shop_ids() -> st.SearchStrategy[str]:
    """
    Ids that a shop gives its stores, items and options: numbers, paths, other scripts.
    """
    known = ("12345", "0", "entree_carne-asada/1", "SKU 7", "burrito%2F..", "ブリトー", "🌯")
    return st.one_of(st.sampled_from(known), lines(256))


def caller_ids() -> st.SearchStrategy[str]:
    """
    Ids that a carrier keeps for good: visible ASCII, whatever that means in a path.
    """
    known = ("business-7", "a/b", "..", "%2e%2e", "?page=2", "#", "x" * 128)
    return st.one_of(st.sampled_from(known), st.from_regex(r"\A[!-~]{1,40}\Z"))


def _closing() -> st.SearchStrategy[Closing]:
    """
    With a time to open again, with a duration, or with neither.
    """
    wish: dict[str, Any] = {"reason": neutral(models.CloseReason), "notes": prose()}
    return st.one_of(
        fields_of(Closing, **wish),
        fields_of(Closing, ("until",), until=moments(), **wish),
        fields_of(Closing, ("duration_s",), duration_s=st.integers(1, 366 * 86_400), **wish),
    )


def _results() -> st.SearchStrategy[ItemResults]:
    """
    Every wish once, with any outcome in any place.
    """
    several = st.lists(neutral(ItemResult), max_size=4, unique_by=lambda one: one.id)
    return fields_of(
        ItemResults,
        store=shop_ids(),
        results=several,
        error=st.sampled_from(("outcome_unknown", "carrier_unavailable")),
    )


def _changes(kind: type[T], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[T]:
    """
    Changes of something, which is any one of the fields.
    """
    return st.one_of([fields_of(kind, (name,), **fields) for name in fields])


def _business_changes() -> st.SearchStrategy[BusinessChanges]:
    return _changes(
        BusinessChanges,
        name=names(),
        description=lines(),
        status=neutral(models.BusinessStatus),
    )


def _store_changes() -> st.SearchStrategy[StoreChanges]:
    return _changes(StoreChanges, name=names(), address=neutral(Address), phone=phones())


def _times() -> st.SearchStrategy[time]:
    """
    Of the day: on the hour, as menus have them, and to the microsecond.
    """
    return st.one_of(st.sampled_from((0, 9, 12, 23)).map(time), st.times())


_count = partial(st.integers, 0, 100_000)

#: How each class of the shop's side is made.
SHOP_STRATEGIES: dict[type[Any], Maker] = {
    Assignment: simple(
        Assignment,
        courier=each(Courier),
        at_pickup_at=moments,
        unassigned_at=moments,
        unassigned_reason=lines,
        raw=each(Raw),
    ),
    Availability: simple(Availability, id=shop_ids, available=st.booleans, until=moments),
    Business: simple(
        Business,
        id=caller_ids,
        name=names,
        description=lines,
        status=each(models.BusinessStatus),
        raw_status=lines,
        test=st.booleans,
        stores=_count,
        phone=phones,
        created_at=moments,
        updated_at=moments,
        raw=each(Raw),
    ),
    BusinessChanges: _business_changes,
    Closing: _closing,
    Closure: simple(
        Closure,
        reason=each(models.CloseReason),
        raw_reason=lines,
        notes=prose,
        since=moments,
        until=moments,
    ),
    Coverage: simple(Coverage, covered=st.booleans, reasons=lambda: few(lines()), raw=each(Raw)),
    ItemResult: simple(
        ItemResult,
        id=shop_ids,
        available=st.booleans,
        outcome=each(models.ItemOutcome),
        raw_outcome=lines,
    ),
    ItemResults: _results,
    ItemState: simple(
        ItemState,
        id=shop_ids,
        available=st.booleans,
        since=moments,
        until=moments,
        raw=each(Raw),
    ),
    Menu: simple(
        Menu,
        id=shop_ids,
        name=names,
        subtitle=names,
        active=st.booleans,
        from_pos=st.booleans,
        updated_at=moments,
        update_status=each(models.MenuUpdateStatus),
        raw_update_status=lines,
        valid_since=moments,
        preview_url=urls,
        hours=lambda: few(neutral(OpenHours)),
        special_hours=lambda: few(neutral(SpecialHours)),
        raw=each(Raw),
    ),
    NewBusiness: simple(
        NewBusiness,
        id=caller_ids,
        name=names,
        description=lines,
        status=each(models.BusinessStatus),
    ),
    NewStore: simple(NewStore, id=caller_ids, name=names, address=each(Address), phone=phones),
    OpenHours: simple(OpenHours, weekday=partial(st.integers, 0, 6), opens=_times, closes=_times),
    Rating: simple(Rating, opinion=each(models.Opinion), reason=lines, comment=prose),
    SpecialHours: simple(
        SpecialHours, on=st.dates, closed=st.booleans, opens=_times, closes=_times
    ),
    Store: simple(
        Store,
        id=caller_ids,
        business=caller_ids,
        name=names,
        address=partial(st.sampled_from, STREETS),
        phone=phones,
        status=each(models.StoreStatus),
        raw_status=lines,
        test=st.booleans,
        created_at=moments,
        updated_at=moments,
        raw=each(Raw),
    ),
    StoreChanges: _store_changes,
    StoreState: simple(
        StoreState,
        store=shop_ids,
        open=st.booleans,
        reopens_at=moments,
        reopens_by_carrier=st.booleans,
        closures=lambda: few(neutral(Closure)),
        instructions_max=_count,
        raw=each(Raw),
    ),
}
