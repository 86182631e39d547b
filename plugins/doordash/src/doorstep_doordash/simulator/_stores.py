"""
Every store of one Marketplace account, and what callers may do to them.

What the simulator had to choose, because no document or recording says it:

- Closing a closed store puts the new closing in the place of the old one.
- An end that has passed is refused with 400.
- Any reason of a closing ends after 14 days, ``out_of_business`` too. The details
  tell no end then, because none was asked for.
- A closing that ends by itself is not checked as an opening is.
- Of an item in several places each place is changed, or none of them is.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from doorstep.simulation import SimulatorClock
from doorstep_doordash.simulator._menus import MarketplaceStore
from doorstep_doordash.simulator._refused import not_in_marketplace, not_your_store, validation
from doorstep_doordash.simulator._store import Closing, Store
from doorstep_doordash.simulator._store_answers import (
    availability,
    menu_details,
    store_details,
    store_menu,
)

__all__ = ["Kind", "Stores"]

Kind = Literal["items", "options"]

_REOPENS_AFTER: Final = timedelta(days=14)
_SUCCESS: Final = "Success"
_NOT_FOUND: Final = "Item not found"
_BROKEN: Final = "Server Error"


class Stores:
    """
    Keep the account's stores.

    Bodies that come in are checked already. Every method that takes the id of a
    store raises ``RefusedError``, 403 or 404, when it is not the account's; whoever
    does more than one thing holds *lock*.

    Args:
        clock:
            The simulator's clock.

        stores:
            The stores there are.

        provider:
            The account's provider type, which answers name.

    Attributes:
        lock:
            Held by whoever reads or changes a store.

        states:
            The stores by their ids.

        broken:
            How often items and options are to answer "Server Error".
    """

    def __init__(
        self, clock: SimulatorClock, stores: Iterable[MarketplaceStore], provider: str
    ) -> None:
        self._clock = clock
        self._provider = provider
        self.lock = threading.RLock()
        self.broken: Counter[str] = Counter()
        now = clock.now()
        self.states = {store.id: Store.of(store, now) for store in stores}

    def open(self, id_: str) -> None:
        """
        Open a store, unless 400 says why not. An open one stays open.
        """
        with self.lock:
            store = self._own(id_)
            objection = store.objection()
            if objection is not None:
                raise validation([("is_active", objection)])
            store.closing = None
            store.commits += 1

    def close(self, id_: str, reason: str, notes: str, end: datetime | None) -> None:
        """
        Close a store until *end*, or for 14 days; 400 if that has passed.
        """
        with self.lock:
            store = self._own(id_)
            now = self._clock.now()
            if end is not None and end <= now:
                raise validation([("end_time", "must not be in the past")])
            store.closing = Closing(
                reason=reason,
                notes=notes,
                since=now,
                end=end,
                reopens=end or now + _REOPENS_AFTER,
            )
            store.commits += 1

    def change(
        self, id_: str, kind: Kind, wishes: Iterable[tuple[str, bool]]
    ) -> list[dict[str, str]]:
        """
        Change what is in stock, one by one, and return the outcome for each place.
        """
        with self.lock:
            store = self._own(id_)
            off = store.items_off if kind == "items" else store.options_off
            places = _places(store, kind)
            return [
                {"merchant_supplied_id": one, "response": word}
                for one, is_active in wishes
                for word in self._switched(one, is_active, places, off)
            ]

    def details(self, id_: str, *, current: bool) -> dict[str, Any]:
        """
        Return a store's information, in the form of either generation.
        """
        with self.lock:
            store = self._own(id_)
            closing = store.closed(self._clock.now())
            return store_details(store, self._provider, closing, current=current)

    def menu_details(self, id_: str, url: str) -> dict[str, Any]:
        """
        Return a store's menus without their items, with previews below *url*.
        """
        with self.lock:
            return menu_details(self._own(id_), self._provider, url)

    def store_menu(self, id_: str) -> dict[str, Any]:
        """
        Return a store's menu with its items.
        """
        with self.lock:
            return store_menu(self._own(id_), self._provider)

    def availability(self, kind: Kind, id_: str, store: str | None = None) -> dict[str, Any]:
        """
        Return whether an item or option is in stock: of *store*, or of the first that has it.
        """
        with self.lock:
            own = [one for one in self.states.values() if not one.foreign]
            for one in own if store is None else [self._own(store)]:
                if id_ in _places(one, kind):
                    off = one.items_off if kind == "items" else one.options_off
                    return availability(id_, off.get(id_))
        what = "Item" if kind == "items" else "Item option"
        raise not_in_marketplace(f"{what} does not exist")

    def _switched(
        self, id_: str, is_active: bool, places: Mapping[str, int], off: dict[str, datetime]
    ) -> list[str]:
        if id_ not in places:
            return [_NOT_FOUND]
        if self.broken[id_] > 0:
            self.broken[id_] -= 1
            return [_BROKEN] * places[id_]
        if is_active:
            off.pop(id_, None)
        else:
            off.setdefault(id_, self._clock.now())
        return [_SUCCESS] * places[id_]

    def _own(self, id_: str) -> Store:
        if id_ not in self.states:
            raise not_in_marketplace("Store not found")
        if self.states[id_].foreign:
            raise not_your_store()
        return self.states[id_]


def _places(store: Store, kind: Kind) -> Counter[str]:
    """
    Return how often each item or option stands on the store's menus.
    """
    found = store.places() if kind == "items" else store.option_places()
    return Counter(one.id for one in found)
