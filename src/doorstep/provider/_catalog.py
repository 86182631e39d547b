"""
A carrier's marketplace.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from doorstep.http import Endpoint, Flow
from doorstep.models import (
    Availability,
    Closing,
    ItemResult,
    ItemState,
    Menu,
    StoreState,
)
from doorstep.provider._deliveries import Context


@runtime_checkable
class Catalogs(Protocol):
    """
    Providers whose account can also reach the carrier's marketplace.
    """

    @property
    def catalog(self) -> Catalog | None:
        """
        The marketplace, or None if the account has no credentials for it.
        """


@runtime_checkable
class Catalog(Endpoint, Protocol):
    """
    What a marketplace shows of a shop: an endpoint of its own, with its own
    credentials, because no carrier is known that takes one for both.

    What ``capabilities.catalog`` does not claim is not asked for.
    """

    def close_store(self, store: str, closing: Closing, ctx: Context) -> Flow[StoreState]:
        """
        Take a store off the marketplace. Closing it twice is closing it once.
        """

    def open_store(self, store: str, ctx: Context) -> Flow[StoreState]:
        """
        Put a store on the marketplace. Opening it twice is opening it once.
        """

    def read_store(self, store: str, ctx: Context) -> Flow[StoreState]:
        """
        Read whether a store takes orders, and what keeps it from it.
        """

    def read_menus(self, store: str, ctx: Context) -> Flow[list[Menu]]:
        """
        Read the menus of a store.
        """

    def set_items(
        self, store: str, wishes: Sequence[Availability], ctx: Context
    ) -> Flow[list[ItemResult]]:
        """
        Say which items can be ordered: ``capabilities.catalog.item_batch`` at most.

        Returns one result for each wish. What cannot be the fault of single
        wishes is raised: then none of them was taken.
        """

    def set_options(
        self, store: str, wishes: Sequence[Availability], ctx: Context
    ) -> Flow[list[ItemResult]]:
        """
        Say which options of items can be ordered; see :meth:`set_items`.
        """

    def read_items(self, store: str, ctx: Context) -> Flow[list[ItemState]]:
        """
        Read which items can be ordered.
        """

    def read_options(self, store: str, ctx: Context) -> Flow[list[ItemState]]:
        """
        Read which options of items can be ordered.
        """
