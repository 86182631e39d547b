"""
The marketplace of the fake carrier: the provider's side.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

import attrs

from doorstep.codec import to_json
from doorstep.http import Flow, Grant, RepeatPolicy, Request, path
from doorstep.models import Availability, Closing, ItemResult, ItemState, Menu, StoreState
from doorstep.outcome import Effect, Repeat
from doorstep.provider import Context
from doorstep.testing._messages import check, read, read_each, write_each

__all__ = ["FakeCatalog"]

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class FakeCatalog:
    """
    The marketplace of an account of :class:`FakeCarrier`.
    """

    name: str
    account: str
    base_url: str
    repeat_policy: RepeatPolicy = RepeatPolicy()
    public_fields: frozenset[str] = frozenset({"error"})

    def grant(self, now: datetime) -> Flow[Grant] | None:
        """
        Need none.
        """
        return None

    def sign(self, request: Request, now: datetime, grant: Grant | None) -> Request:
        """
        Leave the request as it is.
        """
        return request

    def close_store(self, store: str, closing: Closing, ctx: Context) -> Flow[StoreState]:
        """
        Close a store.
        """
        answer = yield _change("/marketplace/{store}/closing", store, to_json(closing).encode())
        return read(answer, StoreState)

    def open_store(self, store: str, ctx: Context) -> Flow[StoreState]:
        """
        Open a store.
        """
        answer = yield _change("/marketplace/{store}/opening", store, None)
        return read(answer, StoreState)

    def read_store(self, store: str, ctx: Context) -> Flow[StoreState]:
        """
        Read a store.
        """
        answer = yield Request("GET", path("/marketplace/{store}/state", store=store))
        return read(answer, StoreState)

    def read_menus(self, store: str, ctx: Context) -> Flow[list[Menu]]:
        """
        Read the menus of a store.
        """
        return _list("/marketplace/{store}/menus", store, Menu)

    def set_items(
        self, store: str, wishes: Sequence[Availability], ctx: Context
    ) -> Flow[list[ItemResult]]:
        """
        Say which items can be ordered.
        """
        return _set("/marketplace/{store}/items", store, wishes)

    def set_options(
        self, store: str, wishes: Sequence[Availability], ctx: Context
    ) -> Flow[list[ItemResult]]:
        """
        Say which options can be ordered.
        """
        return _set("/marketplace/{store}/options", store, wishes)

    def read_items(self, store: str, ctx: Context) -> Flow[list[ItemState]]:
        """
        Read which items can be ordered.
        """
        return _list("/marketplace/{store}/items", store, ItemState)

    def read_options(self, store: str, ctx: Context) -> Flow[list[ItemState]]:
        """
        Read which options can be ordered.
        """
        return _list("/marketplace/{store}/options", store, ItemState)


def _change(route: str, store: str, body: bytes | None) -> Request:
    return Request(
        "PUT",
        path(route, store=store),
        body=body,
        effect=Effect.CHANGES,
        repeat=Repeat.SAME_EFFECT,
    )


def _set(route: str, store: str, wishes: Sequence[Availability]) -> Flow[list[ItemResult]]:
    answer = yield _change(route, store, write_each(wishes))
    check(answer)
    return read_each(answer.body, ItemResult)


def _list(route: str, store: str, kind: type[T]) -> Flow[list[T]]:
    answer = yield Request("GET", path(route, store=store))
    check(answer)
    return read_each(answer.body, kind)
