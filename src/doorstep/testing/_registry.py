"""
Businesses and stores at the fake carrier: what it knows of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import attrs
import orjson

from doorstep.codec import from_json, to_json
from doorstep.models import (
    Address,
    Business,
    BusinessChanges,
    BusinessStatus,
    NewBusiness,
    NewStore,
    Store,
    StoreChanges,
    StoreStatus,
)
from doorstep.testing._clock import ManualClock
from doorstep.testing._messages import Refusal

__all__ = ["FakeRegistry"]

T = TypeVar("T", Business, Store)


class FakeRegistry:
    """
    The businesses and stores that the fake carrier knows. From :attr:`FakeCarrier.registry`.

    An id is taken once: the same business or store again is the one that is there,
    another one under its id is a duplicate.

    .. versionadded:: 0.2.0
    """

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._wishes: dict[tuple[str, ...], NewBusiness | NewStore] = {}
        self._businesses: dict[str, Business] = {}
        self._stores: dict[tuple[str, str], Store] = {}
        #: Entries on one page of a list.
        self.page_size = 20

    @property
    def businesses(self) -> tuple[Business, ...]:
        """
        Every business that was registered, in order.
        """
        return tuple(self._counted(one) for one in self._businesses.values())

    @property
    def stores(self) -> tuple[Store, ...]:
        """
        Every store that was registered, in order.
        """
        return tuple(self._stores.values())

    def answer(
        self, method: str, segments: list[str], query: Mapping[str, str], body: bytes
    ) -> bytes:
        """
        Do what a request below ``/businesses`` asks, and return the answer.
        """
        if not segments:
            if method == "POST":
                return _told(self._counted(self._create(from_json(body, NewBusiness))))
            return self._page(self.businesses, query)
        business = segments[0]
        if business not in self._businesses:
            raise Refusal(404, "account_not_found", reason="unknown_business")
        if segments[1:] == ["stores"]:
            if method == "POST":
                return _told(self._create_store(business, from_json(body, NewStore)))
            own = [one for one in self.stores if one.business == business]
            return self._page(own, query)
        if segments[1:]:
            return self._about_store(method, (business, segments[2]), body)
        if method == "PATCH":
            self._update(business, from_json(body, BusinessChanges))
        return _told(self._counted(self._businesses[business]))

    def _about_store(self, method: str, key: tuple[str, str], body: bytes) -> bytes:
        if key not in self._stores:
            raise Refusal(404, "account_not_found", reason="unknown_store")
        if method == "PATCH":
            self._update_store(key, from_json(body, StoreChanges))
        return _told(self._stores[key])

    def _create(self, wish: NewBusiness) -> Business:
        if self._is_new((wish.id,), wish):
            now = self._clock.now()
            status = wish.status or BusinessStatus.ACTIVE
            self._businesses[wish.id] = Business(
                id=wish.id,
                name=wish.name,
                description=wish.description,
                status=status,
                raw_status=status.value,
                test=True,
                created_at=now,
                updated_at=now,
            )
        return self._businesses[wish.id]

    def _create_store(self, business: str, wish: NewStore) -> Store:
        key = (business, wish.id)
        if self._is_new(key, wish):
            now = self._clock.now()
            self._stores[key] = Store(
                id=wish.id,
                business=business,
                name=wish.name,
                address=_on_one_line(wish.address),
                phone=wish.phone,
                status=StoreStatus.ACTIVE,
                raw_status=StoreStatus.ACTIVE.value,
                test=True,
                created_at=now,
                updated_at=now,
            )
        return self._stores[key]

    def _is_new(self, key: tuple[str, ...], wish: NewBusiness | NewStore) -> bool:
        if key not in self._wishes:
            self._wishes[key] = wish
            return True
        if self._wishes[key] != wish:
            raise Refusal(409, "duplicate")
        return False

    def _update(self, business: str, changes: BusinessChanges) -> None:
        old = self._businesses[business]
        status = changes.status or old.status
        self._businesses[business] = attrs.evolve(
            old,
            name=changes.name or old.name,
            description=changes.description or old.description,
            status=status,
            raw_status=status.value,
            updated_at=self._clock.now(),
        )

    def _update_store(self, key: tuple[str, str], changes: StoreChanges) -> None:
        old = self._stores[key]
        self._stores[key] = attrs.evolve(
            old,
            name=changes.name or old.name,
            address=old.address if changes.address is None else _on_one_line(changes.address),
            phone=changes.phone or old.phone,
            updated_at=self._clock.now(),
        )

    def _counted(self, business: Business) -> Business:
        own = sum(store.business == business.id for store in self._stores.values())
        return attrs.evolve(business, stores=own)

    def _page(self, entries: Iterable[T], query: Mapping[str, str]) -> bytes:
        wanted = query.get("status")
        found = [one for one in entries if wanted in (None, one.status.value)]
        begin = int(query.get("page", 0))
        end = begin + self.page_size
        told: dict[str, Any] = {
            "entries": [to_json(one) for one in found[begin:end]],
            "next": str(end) if end < len(found) else None,
        }
        return orjson.dumps(told)


def _told(value: Business | Store) -> bytes:
    return to_json(value).encode()


def _on_one_line(address: Address) -> str | None:
    parts = [*address.lines, address.locality, address.region, address.postal_code]
    return address.one_line or ", ".join(part for part in parts if part) or None
