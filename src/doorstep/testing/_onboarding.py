"""
Businesses and stores at the fake carrier: the provider's side.
"""

from __future__ import annotations

from typing import TypeVar

import orjson

from doorstep.codec import from_json, to_json
from doorstep.http import Flow, Path, Request, path
from doorstep.models import (
    Business,
    BusinessChanges,
    BusinessStatus,
    NewBusiness,
    NewStore,
    Store,
    StoreChanges,
    StoreStatus,
)
from doorstep.outcome import Effect, Repeat
from doorstep.provider import Context, Page
from doorstep.testing._messages import check, read

__all__ = ["FakeOnboarding"]

T = TypeVar("T", Business, Store)


class FakeOnboarding:
    """
    How the fake provider registers businesses and stores.
    """

    def create_business(self, business: NewBusiness, ctx: Context) -> Flow[Business]:
        """
        Register a business.
        """
        answer = yield _write("POST", path("/businesses"), business)
        return read(answer, Business)

    def list_businesses(
        self, status: BusinessStatus | None, page: str | None, ctx: Context
    ) -> Flow[Page[Business]]:
        """
        Read one page of the businesses.
        """
        return _page(path("/businesses"), status, page, Business)

    def get_business(self, business: str, ctx: Context) -> Flow[Business]:
        """
        Read a business.
        """
        answer = yield Request("GET", path("/businesses/{business}", business=business))
        return read(answer, Business)

    def update_business(
        self, business: str, changes: BusinessChanges, ctx: Context
    ) -> Flow[Business]:
        """
        Change a business.
        """
        answer = yield _write("PATCH", path("/businesses/{business}", business=business), changes)
        return read(answer, Business)

    def create_store(self, business: str, store: NewStore, ctx: Context) -> Flow[Store]:
        """
        Register a store.
        """
        answer = yield _write("POST", path("/businesses/{id}/stores", id=business), store)
        return read(answer, Store)

    def list_stores(
        self, business: str, status: StoreStatus | None, page: str | None, ctx: Context
    ) -> Flow[Page[Store]]:
        """
        Read one page of the stores of a business.
        """
        return _page(path("/businesses/{id}/stores", id=business), status, page, Store)

    def get_store(self, business: str, store: str, ctx: Context) -> Flow[Store]:
        """
        Read a store.
        """
        answer = yield Request("GET", _store_path(business, store))
        return read(answer, Store)

    def update_store(
        self, business: str, store: str, changes: StoreChanges, ctx: Context
    ) -> Flow[Store]:
        """
        Change a store.
        """
        answer = yield _write("PATCH", _store_path(business, store), changes)
        return read(answer, Store)


def _store_path(business: str, store: str) -> Path:
    return path("/businesses/{business}/stores/{store}", business=business, store=store)


def _write(method: str, where: Path, value: object) -> Request:
    body = to_json(value).encode()
    return Request(method, where, body=body, effect=Effect.CHANGES, repeat=Repeat.SAME_EFFECT)


def _page(where: Path, status: str | None, page: str | None, kind: type[T]) -> Flow[Page[T]]:
    asked = {"status": status, "page": page}
    answer = yield Request(
        "GET", where, query=tuple((name, one) for name, one in asked.items() if one is not None)
    )
    check(answer)
    told = orjson.loads(answer.body)
    return Page(entries=[from_json(one, kind) for one in told["entries"]], next=told["next"])
