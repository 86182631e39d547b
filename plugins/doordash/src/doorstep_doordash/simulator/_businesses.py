"""
The account's businesses and stores.

What the simulator had to choose, because no document or recording says it:

- A second create under one id is refused with 400 ``validation_error`` for the id.
- 424 ``missing_dependency_error``: the store's business is not active.
- A business is active unless its creator says otherwise. A store is active
  while its business is; no request says its status.
- ``is_test`` is true of everything: the account is one of the sandbox.
- ``number_of_stores`` is what was said, else how many stores there are.
- The business ``default`` has one store from the start, and one more for each
  address that a delivery was asked to be picked up at, so that the ids which
  answers tell are known. Both can be read and updated, not created.

Source:
    Drive API 0.2.5, businesses and stores; 2.1.59 for 424 and ``client_email``.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import attrs

from doorstep.simulation import SimulatorClock
from doorstep_doordash.simulator._addresses import normalised
from doorstep_doordash.simulator._pages import Pages
from doorstep_doordash.simulator._refused import (
    missing_dependency,
    unknown_business,
    unknown_store,
    validation,
)

__all__ = ["Businesses", "DEFAULT"]

#: The id of the business that every account has.
DEFAULT: Final = "default"

_ACTIVE: Final = "active"
_NAMESPACE: Final = uuid.UUID("6a2f41a3-c54c-4a3e-9d2b-9f6a3b1c7d10")
_FIRST_STORE: Final = {
    "external_store_id": str(uuid.uuid5(_NAMESPACE, "the first store")),
    "name": "Default Store",
    "address": "901 Market St, San Francisco CA 94103, USA",
    "phone_number": "+16505555555",
}


@attrs.define(kw_only=True)
class _Store:
    #: What was said of it, by the names of the wire.
    body: dict[str, Any]
    created_at: datetime
    updated_at: datetime


@attrs.define(kw_only=True)
class _Business:
    #: What was said of it, by the names of the wire.
    body: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    #: By their ids, in the order they came.
    stores: dict[str, _Store] = attrs.field(factory=dict)

    @property
    def id(self) -> str:
        return str(self.body["external_business_id"])

    @property
    def active(self) -> bool:
        return bool(self.body["activation_status"] == _ACTIVE)


class Businesses:
    """
    Keep an account's businesses and stores.

    Bodies that come in are checked field by field already. Every method answers
    with Drive's body, or raises ``RefusedError`` having done nothing.

    Args:
        clock:
            The simulator's clock.

        pages:
            Cuts the lists.
    """

    def __init__(self, clock: SimulatorClock, pages: Pages) -> None:
        self._clock = clock
        self._pages = pages
        self._lock = threading.Lock()
        self._known: dict[str, _Business] = {}
        self._open({"external_business_id": DEFAULT, "name": "Default Business"})
        self._add(self._known[DEFAULT], _FIRST_STORE)

    def create(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """
        Register a business.
        """
        with self._lock:
            if body["external_business_id"] in self._known:
                raise validation([("external_business_id", "is used already")])
            return _business(self._open(body))

    def list(self, status: str | None, token: str | None) -> dict[str, Any]:
        """
        Return a page of the businesses, of one activation status or of all.
        """
        with self._lock:
            shown, told = self._pages.page(
                "businesses",
                list(self._known.values()),
                lambda one: status in {None, one.body["activation_status"]},
                token,
            )
            return {"result": [_business(one) for one in shown], **told}

    def get(self, business: str) -> dict[str, Any]:
        """
        Tell of a business.
        """
        with self._lock:
            return _business(self._find(business))

    def update(self, business: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """
        Change what is said of a business.
        """
        with self._lock:
            found = self._find(business)
            found.body.update(changes)
            found.updated_at = self._clock.now()
            return _business(found)

    def create_store(self, business: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """
        Register a store of a business that is active.
        """
        with self._lock:
            store = body["external_store_id"]
            found = self._find(business, store)
            if not found.active:
                raise missing_dependency([("activation_status", "the business is not active")])
            if store in found.stores:
                raise validation([("external_store_id", "is used already")])
            return _store(found, self._add(found, body))

    def list_stores(self, business: str, status: str | None, token: str | None) -> dict[str, Any]:
        """
        Return a page of a business's stores, of one status or of all.
        """
        with self._lock:
            found = self._find(business)
            shown, told = self._pages.page(
                f"stores of {business}",
                list(found.stores.values()),
                lambda _: status in {None, _status(found)},
                token,
            )
            return {"result": [_store(found, one) for one in shown], **told}

    def get_store(self, business: str, store: str) -> dict[str, Any]:
        """
        Tell of a store.
        """
        with self._lock:
            return _store(*self._find_store(business, store))

    def update_store(self, business: str, store: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """
        Change what is said of a store.
        """
        with self._lock:
            found, one = self._find_store(business, store)
            one.body.update(changes)
            one.updated_at = self._clock.now()
            return _store(found, one)

    def register(self, business: str, body: Mapping[str, Any]) -> None:
        """
        Register a store as DoorDash's people can: under any id, with its business if need be.
        """
        with self._lock:
            if business not in self._known:
                self._open({"external_business_id": business, "name": business})
            self._add(self._known[business], body)

    def pickup(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """
        Return the fields by which a delivery's answers tell its pickup.

        A registered store's own name, address and phone win over the request's.

        Raises:
            RefusedError:
                400 for a business or a store that is not registered.
        """
        if "pickup_external_store_id" not in body:
            return {
                "pickup_external_business_id": DEFAULT,
                "pickup_external_store_id": _at(body["pickup_address"]),
                "pickup_address": normalised(body["pickup_address"]),
            }
        names = ("pickup_external_business_id", "pickup_external_store_id")
        ids = [body[name] for name in names]
        with self._lock:
            found = self._known.get(ids[0])
            if found is None:
                raise _not_found(names[0], ids[0])
            if ids[1] not in found.stores:
                raise _not_found(names[1], ids[1])
            store = found.stores[ids[1]].body
        told = {"pickup_business_name": store["name"], "pickup_address": store["address"]}
        if "phone_number" in store:
            told["pickup_phone_number"] = store["phone_number"]
        return told

    def remember(self, body: Mapping[str, Any]) -> None:
        """
        Make a store of the default business of an address that is picked up at.
        """
        if "pickup_external_store_id" in body:
            return
        store = {
            "external_store_id": _at(body["pickup_address"]),
            "name": body.get("pickup_business_name") or "Default Store",
            "address": normalised(body["pickup_address"]),
            "phone_number": body["pickup_phone_number"],
        }
        with self._lock:
            default = self._known[DEFAULT]
            if store["external_store_id"] not in default.stores:
                self._add(default, store)

    def _open(self, body: Mapping[str, Any]) -> _Business:
        now = self._clock.now()
        said = {"activation_status": _ACTIVE, **body}
        found = _Business(body=said, created_at=now, updated_at=now)
        self._known[found.id] = found
        return found

    def _add(self, business: _Business, body: Mapping[str, Any]) -> _Store:
        now = self._clock.now()
        store = _Store(body=dict(body), created_at=now, updated_at=now)
        business.stores[store.body["external_store_id"]] = store
        return store

    def _find(self, business: str, store: str | None = None) -> _Business:
        if business not in self._known:
            raise unknown_business(business, store)
        return self._known[business]

    def _find_store(self, business: str, store: str) -> tuple[_Business, _Store]:
        found = self._find(business, store)
        if store not in found.stores:
            raise unknown_store(business, store)
        return found, found.stores[store]


def _at(address: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, address))


def _not_found(field: str, name: str) -> Exception:
    return validation([(field, f"The following external ids were not found: [{name}]")])


def _status(business: _Business) -> str:
    return _ACTIVE if business.active else "inactive"


def _business(business: _Business) -> dict[str, Any]:
    metadata = business.body.get("external_metadata", {})
    return {
        **business.body,
        "created_at": _written(business.created_at),
        "last_updated_at": _written(business.updated_at),
        "is_test": True,
        "external_metadata": {"number_of_stores": len(business.stores), **metadata},
    }


def _store(business: _Business, store: _Store) -> dict[str, Any]:
    return {
        **store.body,
        "external_business_id": business.id,
        "status": _status(business),
        "is_test": True,
        "created_at": _written(store.created_at),
        "last_updated_at": _written(store.updated_at),
    }


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
