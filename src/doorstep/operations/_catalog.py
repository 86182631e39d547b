"""
The operations of a marketplace, planned once for the sync and the async client.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import attrs

from doorstep.capabilities import CatalogCapabilities
from doorstep.errors import FieldProblem, TimeWindowInvalidError, UnsupportedError
from doorstep.http import Flow
from doorstep.models import Availability, Closing, ItemResult, ItemState, Menu, StoreState
from doorstep.operations._batches import Batches
from doorstep.operations._checks import check_id, located, not_offered, wanted, wrong
from doorstep.operations._plan import Plan
from doorstep.provider import Catalog, Context

T = TypeVar("T")

#: More wishes than any menu has entries.
_MOST_WISHES = 100_000


@attrs.frozen
class CatalogOperations:
    """
    The operations of one marketplace; what can be refused here is.
    """

    catalog: Catalog
    can: CatalogCapabilities

    def close_store(self, store: str, closing: Closing, now: datetime) -> Plan[StoreState]:
        """
        Plan to take a store off the marketplace.
        """
        with located(self.catalog, "close_store"):
            check_id(store, "store")
            wanted(closing, Closing, "closing")
            if not self.can.close_reasons:
                raise not_offered("catalog.close_reasons")
            if closing.reason not in self.can.close_reasons:
                known = ", ".join(sorted(self.can.close_reasons))
                raise _unsupported("catalog.close_reasons", f"takes the reasons {known}")
            ends = closing.until is not None or closing.duration_s is not None
            if ends and not self.can.close_until:
                raise _unsupported("catalog.close_until", "takes no time to open again")
            if closing.until is not None:
                _check_end(closing.until, now, "closing.until")
        return self._plan("close_store", lambda ctx: self.catalog.close_store(store, closing, ctx))

    def open_store(self, store: str) -> Plan[StoreState]:
        """
        Plan to put a store on the marketplace.
        """
        self._about("open_store", store, bool(self.can.close_reasons), "close_reasons")
        return self._plan("open_store", lambda ctx: self.catalog.open_store(store, ctx))

    def read_store(self, store: str) -> Plan[StoreState]:
        """
        Plan to read whether a store takes orders.
        """
        self._about("read_store", store, self.can.read_store, "read_store")
        return self._plan("read_store", lambda ctx: self.catalog.read_store(store, ctx))

    def read_menus(self, store: str) -> Plan[list[Menu]]:
        """
        Plan to read the menus of a store.
        """
        self._about("read_menus", store, self.can.read_menus, "read_menus")
        return self._plan("read_menus", lambda ctx: self.catalog.read_menus(store, ctx))

    def read_items(self, store: str) -> Plan[list[ItemState]]:
        """
        Plan to read which items can be ordered.
        """
        self._about("read_items", store, self.can.read_items, "read_items")
        return self._plan("read_items", lambda ctx: self.catalog.read_items(store, ctx))

    def read_options(self, store: str) -> Plan[list[ItemState]]:
        """
        Plan to read which options can be ordered.
        """
        self._about("read_options", store, self.can.read_options, "read_options")
        return self._plan("read_options", lambda ctx: self.catalog.read_options(store, ctx))

    def set_items(self, store: str, wishes: Sequence[Availability], now: datetime) -> Batches:
        """
        Plan to say which items can be ordered, in as many requests as it takes.
        """
        self._about("set_items", store, self.can.items, "items")
        return self._batches("set_items", store, wishes, now, self.catalog.set_items)

    def set_options(self, store: str, wishes: Sequence[Availability], now: datetime) -> Batches:
        """
        Plan to say which options can be ordered, in as many requests as it takes.
        """
        self._about("set_options", store, self.can.options, "options")
        return self._batches("set_options", store, wishes, now, self.catalog.set_options)

    def _batches(
        self,
        operation: str,
        store: str,
        wishes: Any,
        now: datetime,
        start: Callable[[str, Sequence[Availability], Context], Flow[list[ItemResult]]],
    ) -> Batches:
        with located(self.catalog, operation):
            each = self._checked(wishes, now)

        def plan(batch: Sequence[Availability]) -> Plan[list[ItemResult]]:
            return self._plan(operation, lambda ctx: start(store, batch, ctx))

        return Batches(store, each, self.can.item_batch, plan)

    def _checked(self, wishes: Any, now: datetime) -> tuple[Availability, ...]:
        """
        Return *wishes*, each once; refuse those that contradict each other.
        """
        if isinstance(wishes, str | bytes) or not isinstance(wishes, Sequence):
            raise wrong("wishes", f"must be a list of Availability, not {type(wishes).__name__}")
        if len(wishes) > _MOST_WISHES:
            raise wrong("wishes", f"must be {_MOST_WISHES} at most")
        found: dict[str, Availability] = {}
        for wish in wishes:
            wanted(wish, Availability, "wishes")
            if found.setdefault(wish.id, wish) != wish:
                raise wrong("wishes", "must not contradict each other")
            if wish.until is not None:
                if not self.can.item_until:
                    raise _unsupported("catalog.item_until", "takes no end for an item")
                _check_end(wish.until, now, "wishes.until")
        return tuple(found.values())

    def _about(self, operation: str, store: Any, offered: bool, capability: str) -> None:
        with located(self.catalog, operation):
            check_id(store, "store")
            if not offered:
                raise not_offered(f"catalog.{capability}")

    def _plan(self, operation: str, start: Callable[[Context], Flow[T]]) -> Plan[T]:
        return Plan(operation, start, endpoint=self.catalog)


def _check_end(until: datetime, now: datetime, name: str) -> None:
    if until < now - timedelta(seconds=60):  # it may be over by our clock alone
        problem = FieldProblem(name, "is over")
        raise TimeWindowInvalidError("asks for a time that cannot be", fields=(problem,))


def _unsupported(capability: str, what: str) -> UnsupportedError:
    return UnsupportedError(what, params={"capability": capability})
