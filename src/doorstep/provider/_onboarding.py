"""
Registering businesses and their stores.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar, runtime_checkable

import attrs

from doorstep.http import Flow
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
from doorstep.provider._deliveries import Context

T = TypeVar("T")


def _as_tuple(entries: Iterable[T]) -> tuple[T, ...]:
    return tuple(entries)


@attrs.frozen(kw_only=True)
class Page(Generic[T]):
    """
    One page of a list, as a flow returns it.

    Args:
        entries:
            What is on it; may be empty although more pages follow.

        next:
            What to ask for the next page with; None on the last.
    """

    entries: tuple[T, ...] = attrs.field(converter=_as_tuple)
    next: str | None = None


@runtime_checkable
class Onboarding(Protocol):
    """
    Carriers with which businesses and their stores are registered.
    """

    def create_business(self, business: NewBusiness, ctx: Context) -> Flow[Business]:
        """
        Register a business; one that is there already, and the same, is returned.
        """

    def list_businesses(
        self, status: BusinessStatus | None, page: str | None, ctx: Context
    ) -> Flow[Page[Business]]:
        """
        Read one page of the businesses, all or those in *status*.
        """

    def get_business(self, business: str, ctx: Context) -> Flow[Business]:
        """
        Read a business.
        """

    def update_business(
        self, business: str, changes: BusinessChanges, ctx: Context
    ) -> Flow[Business]:
        """
        Change a business; what is None stays as it is.
        """

    def create_store(self, business: str, store: NewStore, ctx: Context) -> Flow[Store]:
        """
        Register a store; one that is there already, and the same, is returned.
        """

    def list_stores(
        self, business: str, status: StoreStatus | None, page: str | None, ctx: Context
    ) -> Flow[Page[Store]]:
        """
        Read one page of the stores of a business, all or those in *status*.
        """

    def get_store(self, business: str, store: str, ctx: Context) -> Flow[Store]:
        """
        Read a store.
        """

    def update_store(
        self, business: str, store: str, changes: StoreChanges, ctx: Context
    ) -> Flow[Store]:
        """
        Change a store; what is None stays as it is.
        """
