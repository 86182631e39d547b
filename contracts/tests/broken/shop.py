"""
Broken on the shop's side: the marketplace, and the register of businesses.
"""

from __future__ import annotations

from typing import Any

import attrs

from broken.good import InsteadError, Shop, hooked
from doorstep.errors import DuplicateError
from doorstep.http import Flow, Response
from doorstep.models import Business, ItemOutcome, ItemResult, Store, StoreState
from doorstep.provider import Page
from doorstep.testing._catalog import FakeCatalog


class _StaysClosed(FakeCatalog):
    def open_store(self, store: str, ctx: Any) -> Flow[StoreState]:
        return self.read_store(store, ctx)


class OpensNothing(Shop):
    """
    Reads the store instead of opening it.
    """

    shelves = _StaysClosed


class _HopefulItems(FakeCatalog):
    def set_items(self, *args: Any, **options: Any) -> Flow[list[ItemResult]]:
        return _applied(super().set_items(*args, **options))


class TakesItemsForSet(Shop):
    """
    Takes a success for part of the items for a success for all.
    """

    shelves = _HopefulItems


class _HopefulOptions(FakeCatalog):
    def set_options(self, *args: Any, **options: Any) -> Flow[list[ItemResult]]:
        return _applied(super().set_options(*args, **options))


class TakesOptionsForSet(Shop):
    """
    Takes a success for part of the options for a success for all.
    """

    shelves = _HopefulOptions


class _OpenAnyway(FakeCatalog):
    def read_store(self, store: str, ctx: Any) -> Flow[StoreState]:
        def hear(answer: Response) -> Response:
            if answer.status == 404:
                raise InsteadError(StoreState(store=store, open=True))
            return answer

        return hooked(super().read_store(store, ctx), hear=hear)


class OpensStoresOfNobody(Shop):
    """
    Takes a store that nobody knows for open.
    """

    shelves = _OpenAnyway


class ForgetsTheNewName(Shop):
    """
    Changes a business, and returns it under the name it had.
    """

    def update_business(self, business: str, changes: Any, ctx: Any) -> Flow[Business]:
        before = yield from self.get_business(business, ctx)
        changed = yield from super().update_business(business, changes, ctx)
        return attrs.evolve(changed, name=before.name)


class TakesAnothersBusiness(Shop):
    """
    Takes a business of somebody else under the same id for the caller's.
    """

    def create_business(self, business: Any, ctx: Any) -> Flow[Business]:
        try:
            return (yield from super().create_business(business, ctx))
        except DuplicateError:
            return (yield from self.get_business(business.id, ctx))


class LosesTheBusiness(Shop):
    """
    Reads a store as one of another business.
    """

    def get_store(self, *args: Any, **options: Any) -> Flow[Store]:
        read = yield from super().get_store(*args, **options)
        return attrs.evolve(read, business="another")


class LoopsOverPages(Shop):
    """
    Reads one page after the other as long as the carrier names a next one.
    """

    def list_businesses(self, status: Any, page: Any, ctx: Any) -> Flow[Page[Business]]:
        found = yield from super().list_businesses(status, page, ctx)
        entries = list(found.entries)
        while found.next is not None:
            found = yield from super().list_businesses(status, found.next, ctx)
            entries += found.entries
        return Page(entries=entries, next=None)


def _applied(flow: Flow[list[ItemResult]]) -> Flow[list[ItemResult]]:
    told = yield from flow
    return [attrs.evolve(one, outcome=ItemOutcome.APPLIED) for one in told]
