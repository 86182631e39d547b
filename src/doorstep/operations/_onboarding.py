"""
The operations on businesses and their stores.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

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
from doorstep.operations._checks import check_id, located, not_offered, wanted, wrong
from doorstep.operations._pages import Pages
from doorstep.operations._plan import Plan
from doorstep.provider import Context, Onboarding, Page, Provider

T = TypeVar("T")

_LOOK = "it may have been made: get it before trying again"


@attrs.frozen
class OnboardingOperations:
    """
    The operations on businesses and their stores; what can be refused here is.
    """

    provider: Provider

    def create_business(self, business: NewBusiness) -> Plan[Business]:
        """
        Plan to register a business.
        """
        registry = self._registry("create_business")
        with located(self.provider, "create_business"):
            wanted(business, NewBusiness, "business")
            if business.status is BusinessStatus.UNKNOWN:
                raise wrong("business.status", "must be one that the carrier knows")
        return _changing("create_business", lambda ctx: registry.create_business(business, ctx))

    def list_businesses(self, status: BusinessStatus | None) -> Pages[Business]:
        """
        Plan to list the businesses.
        """
        registry = self._registry("list_businesses")
        with located(self.provider, "list_businesses"):
            if status is not None:
                wanted(status, BusinessStatus, "status")

        def plan(page: str | None) -> Plan[Page[Business]]:
            return Plan("list_businesses", lambda ctx: registry.list_businesses(status, page, ctx))

        return Pages(self.provider, plan, lambda business: business.id)

    def get_business(self, business: str) -> Plan[Business]:
        """
        Plan to read a business.
        """
        registry = self._registry("get_business", business=business)
        return Plan("get_business", lambda ctx: registry.get_business(business, ctx))

    def update_business(self, business: str, changes: BusinessChanges) -> Plan[Business]:
        """
        Plan to change a business.
        """
        registry = self._registry("update_business", business=business)
        with located(self.provider, "update_business"):
            wanted(changes, BusinessChanges, "changes")
            if changes.status is BusinessStatus.UNKNOWN:
                raise wrong("changes.status", "must be one that the carrier knows")
        return _changing(
            "update_business", lambda ctx: registry.update_business(business, changes, ctx)
        )

    def create_store(self, business: str, store: NewStore) -> Plan[Store]:
        """
        Plan to register a store.
        """
        registry = self._registry("create_store", business=business)
        with located(self.provider, "create_store"):
            wanted(store, NewStore, "store")
        return _changing("create_store", lambda ctx: registry.create_store(business, store, ctx))

    def list_stores(self, business: str, status: StoreStatus | None) -> Pages[Store]:
        """
        Plan to list the stores of a business.
        """
        registry = self._registry("list_stores", business=business)
        with located(self.provider, "list_stores"):
            if status is not None:
                wanted(status, StoreStatus, "status")

        def plan(page: str | None) -> Plan[Page[Store]]:
            return Plan(
                "list_stores", lambda ctx: registry.list_stores(business, status, page, ctx)
            )

        return Pages(self.provider, plan, lambda store: store.id)

    def get_store(self, business: str, store: str) -> Plan[Store]:
        """
        Plan to read a store.
        """
        registry = self._registry("get_store", business=business, store=store)
        return Plan("get_store", lambda ctx: registry.get_store(business, store, ctx))

    def update_store(self, business: str, store: str, changes: StoreChanges) -> Plan[Store]:
        """
        Plan to change a store.
        """
        registry = self._registry("update_store", business=business, store=store)
        with located(self.provider, "update_store"):
            wanted(changes, StoreChanges, "changes")
        return _changing(
            "update_store", lambda ctx: registry.update_store(business, store, changes, ctx)
        )

    def _registry(self, operation: str, **ids: str) -> Onboarding:
        """
        Return the provider, if it registers businesses, and the *ids* can be ids.
        """
        provider = self.provider
        with located(provider, operation):
            for name, value in ids.items():
                check_id(value, name)
            if not isinstance(provider, Onboarding) or not provider.capabilities.onboarding:
                raise not_offered("onboarding")
        return provider


def _changing(operation: str, start: Callable[[Context], Flow[T]]) -> Plan[T]:
    return Plan(operation, start, if_unknown=_LOOK)
