"""
What customers see of the Marketplace, and what tests do behind its back.
"""

from __future__ import annotations

from typing import Any

from doorstep.simulation import SimulatorClock
from doorstep_doordash.simulator._menus import MarketplaceStore, Menu
from doorstep_doordash.simulator._store import MenuUpdate, Store
from doorstep_doordash.simulator._stores import Stores

__all__ = ["Marketplace"]


class Marketplace:
    """
    What the simulated Marketplace shows to customers, and the hand behind it.

    Args:
        stores:
            The account's stores.

        clock:
            The simulator's clock.
    """

    def __init__(self, stores: Stores, clock: SimulatorClock) -> None:
        self._stores = stores
        self._clock = clock

    def shown(self, store: str) -> list[str]:
        """
        Return the items of a store that customers see: none while it is closed.

        Raises:
            LookupError:
                There is no such store.
        """
        with self._stores.lock:
            return self._known(store).shown(self._clock.now())

    def shown_options(self, store: str, item: str) -> list[str]:
        """
        Return the options that customers see with an item: none while it is not shown.

        Raises:
            LookupError:
                There is no such store.
        """
        with self._stores.lock:
            return self._known(store).shown_options(item, self._clock.now())

    def state(self) -> list[dict[str, Any]]:
        """
        Return every store, in order.

        Each has ``id``, ``is_active``; ``reason``, ``notes`` and ``reopens`` while it
        is closed; ``commits`` (how many requests opened or closed it); ``items`` and
        ``options`` with their availability; and the items ``shown``.
        """
        with self._stores.lock:
            return [store.entry(self._clock.now()) for store in self._stores.states.values()]

    def add_store(self, store: MarketplaceStore) -> None:
        """
        Begin a store, or begin it anew.
        """
        with self._stores.lock:
            self._stores.states[store.id] = Store.of(store, self._clock.now())

    def break_item(self, item: str, times: int = 1) -> None:
        """
        Let the next requests answer "Server Error" for an item or option, and not change it.

        Args:
            item:
                Its id, in whichever store.

            times:
                How often.
        """
        with self._stores.lock:
            self._stores.broken[item] += times

    def refresh_menu(self, store: str, menu: Menu, status: str = "SUCCESS") -> None:
        """
        Let the POS send a menu again. What is sold out stays so.

        Args:
            store:
                Whose.

            menu:
                It takes the place of the one with its id, or is a further one.

            status:
                How it goes: SUCCESS, or PENDING or FAILURE, which leave the menu as it is.

        Raises:
            LookupError:
                There is no such store.
        """
        with self._stores.lock:
            known = self._known(store)
            now = self._clock.now()
            update = known.updates.setdefault(menu.id, MenuUpdate(at=now, succeeded_at=now))
            update.at, update.status = now, status
            if status == "SUCCESS":
                update.succeeded_at = now
                known.menus[menu.id] = menu

    def set_bank_data(self, store: str, *, good: bool) -> None:
        """
        Say whether a store's bank data are there and right.

        Raises:
            LookupError:
                There is no such store.
        """
        with self._stores.lock:
            self._known(store).bank_data = good

    def _known(self, id_: str) -> Store:
        states = self._stores.states
        if id_ not in states:
            msg = f"there is no store {id_!r} (there are: {', '.join(states)})"
            raise LookupError(msg)
        return states[id_]
