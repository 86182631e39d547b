"""
Every neutral class by :func:`neutral`, and the strategies for what a carrier answers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, TypeAlias, TypeVar, cast

import attrs
from hypothesis import strategies as st

from doorstep import models
from doorstep.models import (
    Courier,
    Delivery,
    DeliveryId,
    DeliveryStop,
    End,
    Price,
    Quote,
    Raw,
    Related,
    Status,
    Window,
    Windows,
)
from doorstep_contracts._primitives import few, ids, lines, maybe, moments, money, references, urls

T = TypeVar("T")

#: Makes a strategy when it is wanted, so that the order of a table does not matter.
Maker: TypeAlias = Callable[[], st.SearchStrategy[Any]]


def neutral(kind: type[T]) -> st.SearchStrategy[T]:
    """
    Values of *kind*, one of the classes of ``doorstep.models``.
    """
    if issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    return cast("st.SearchStrategy[T]", _made(cast("Any", kind)))


@cache
def _made(kind: type[Any]) -> st.SearchStrategy[Any]:
    """
    Make each strategy once: making them takes longer than drawing from them.
    """
    from doorstep_contracts._table import STRATEGIES  # which is made of what stands here

    return STRATEGIES[kind]()


def fields_of(
    kind: type[T], given: tuple[str, ...] = (), /, **fields: st.SearchStrategy[Any]
) -> st.SearchStrategy[T]:
    """
    Build *kind*; a field that may be None often is, unless it is one of *given*.
    """
    may_be_none = {one.name for one in attrs.fields(cast("Any", kind)) if one.default is None}
    chosen = {
        name: maybe(strategy) if name in may_be_none - set(given) else strategy
        for name, strategy in fields.items()
    }
    return st.builds(kind, **chosen)


def simple(kind: type[Any], /, **fields: Maker) -> Maker:
    """
    Make the strategy of a class whose fields do not depend on one another.
    """
    return lambda: fields_of(kind, **{name: make() for name, make in fields.items()})


def each(kind: type[Any]) -> Maker:
    """
    Make the strategy of *kind*, for a field of that class.
    """
    return lambda: neutral(kind)


def window() -> st.SearchStrategy[Window]:
    """
    Windows of any length, up to thirty days.
    """

    def build(start: datetime, length: timedelta) -> Window:
        return Window(start, start.astimezone(UTC) + length)

    return st.builds(build, moments(), st.timedeltas(timedelta.resolution, timedelta(days=30)))


def windows() -> st.SearchStrategy[Windows]:
    """
    A pickup and, after it, a dropoff.
    """

    def build(pickup: Window, delay: timedelta, length: timedelta) -> Windows:
        start = pickup.start + delay
        return Windows(pickup=pickup, dropoff=Window(start, start + length))

    some = st.timedeltas(timedelta(seconds=1), timedelta(days=1))
    return st.builds(build, window(), some, some)


def quote() -> st.SearchStrategy[Quote]:
    """
    Quotes, with all that a carrier may say.
    """
    return fields_of(
        Quote,
        provider=ids(),
        account=ids(),
        reference=references(),
        revision=st.integers(1, 999),
        token=lines(),
        price=neutral(Price),
        created_at=moments(),
        expires_at=moments(),
        binding=st.booleans(),
        pickup_eta=moments(),
        dropoff_eta=moments(),
        service=lines(),
        raw=neutral(Raw),
    )


def delivery() -> st.SearchStrategy[Delivery]:
    """
    Deliveries under way, and ones that ended and say how.
    """
    ended = [one for one in Status if one.terminal]
    under_way = [one for one in Status if not one.terminal]
    return st.one_of(_delivery_in(under_way), _delivery_in(ended, "end"))


def _delivery_in(statuses: list[Status], *given: str) -> st.SearchStrategy[Delivery]:
    return fields_of(
        Delivery,
        given,
        id=neutral(DeliveryId),
        reference=references(),
        revision=st.integers(1, 999),
        status=st.sampled_from(statuses),
        raw_status=lines(),
        milestones=st.frozensets(neutral(models.Milestone), max_size=3),
        end=neutral(End),
        as_of=moments(),
        courier=neutral(Courier),
        stops=few(neutral(DeliveryStop)),
        price=neutral(Price),
        tip=money(),
        tracking_url=urls(),
        support_ref=lines(),
        related=few(neutral(Related)),
        raw=neutral(Raw),
    )
