"""
The marketplace of the fake carrier: what it shows of the shops in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import attrs

from doorstep.codec import from_json, to_json
from doorstep.models import (
    Availability,
    Closing,
    Closure,
    ItemOutcome,
    ItemResult,
    ItemState,
    Menu,
    StoreState,
)
from doorstep.testing._clock import ManualClock
from doorstep.testing._messages import Refusal, read_each, write_each
from doorstep.testing._mishaps import invalid

__all__ = ["CLOSES_FOR_S", "FakeMarketplace"]

#: A store that was closed without a time opens again after two weeks.
CLOSES_FOR_S = 14 * 86_400


@attrs.define
class _Shop:
    """
    One store; the states of its items and options by their ids.
    """

    menus: tuple[Menu, ...]
    items: dict[str, ItemState]
    options: dict[str, ItemState]
    closure: Closure | None = None
    by_carrier: bool = False


class FakeMarketplace:
    """
    What the fake carrier shows of a shop. From :attr:`FakeCarrier.marketplace`.

    It knows the stores, items and options that the test adds, all of them open
    and available at first.

    .. versionadded:: 0.2.0
    """

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._shops: dict[str, _Shop] = {}
        #: Ids of items and options that every wish fails at.
        self.failing: set[str] = set()

    def add_store(
        self,
        store: str,
        *,
        items: Iterable[str] = (),
        options: Iterable[str] = (),
        menus: Iterable[Menu] = (),
    ) -> None:
        """
        Let there be a store, with items and options by the shop's own ids.
        """
        self._shops[store] = _Shop(
            menus=tuple(menus),
            items={one: ItemState(id=one, available=True) for one in items},
            options={one: ItemState(id=one, available=True) for one in options},
        )

    def store(self, store: str) -> StoreState:
        """
        Return how the store is now.

        Raises:
            doorstep.errors.ValidationError:
                There is no such store.
        """
        return self._state(store, self._added(store))

    def items(self, store: str) -> tuple[ItemState, ...]:
        """
        Return which items can be ordered now.
        """
        return self._now(self._added(store).items)

    def options(self, store: str) -> tuple[ItemState, ...]:
        """
        Return which options can be ordered now.
        """
        return self._now(self._added(store).options)

    def answer(self, method: str, segments: list[str], body: bytes) -> bytes:
        """
        Do what a request below ``/marketplace`` asks, and return the answer.
        """
        store, what = segments
        shop = self._shops.get(store)
        if shop is None:
            raise Refusal(404, "account_not_found", reason="unknown_store")
        if what in ("items", "options"):
            states = shop.items if what == "items" else shop.options
            if method == "GET":
                return write_each(self._now(states))
            return write_each([self._set(one, states) for one in read_each(body, Availability)])
        if what == "menus":
            return write_each(shop.menus)
        if what == "closing":
            self._close(shop, from_json(body, Closing))
        elif what == "opening":
            shop.closure = None
        return to_json(self._state(store, shop)).encode()

    def _added(self, store: str) -> _Shop:
        if store not in self._shops:
            raise invalid("store", "must be one that was added here")
        return self._shops[store]

    def _close(self, shop: _Shop, wish: Closing) -> None:
        now = self._clock.now()
        shop.by_carrier = wish.until is None and wish.duration_s is None
        seconds = CLOSES_FOR_S if wish.duration_s is None else wish.duration_s
        shop.closure = Closure(
            reason=wish.reason,
            raw_reason=wish.reason.value,
            notes=wish.notes,
            since=now,
            until=wish.until or now + timedelta(seconds=seconds),
        )

    def _state(self, store: str, shop: _Shop) -> StoreState:
        closure = shop.closure
        if closure is None or _over(closure.until, self._clock.now()):
            return StoreState(store=store, open=True)
        return StoreState(
            store=store,
            open=False,
            reopens_at=closure.until,
            reopens_by_carrier=shop.by_carrier,
            closures=[closure],
        )

    def _set(self, wish: Availability, states: dict[str, ItemState]) -> ItemResult:
        outcome = ItemOutcome.APPLIED
        if wish.id in self.failing:
            outcome = ItemOutcome.FAILED
        elif wish.id not in states:
            outcome = ItemOutcome.NOT_FOUND
        else:
            now = self._clock.now()
            states[wish.id] = ItemState(
                id=wish.id, available=wish.available, since=now, until=wish.until
            )
        return ItemResult(id=wish.id, available=wish.available, outcome=outcome)

    def _now(self, states: dict[str, ItemState]) -> tuple[ItemState, ...]:
        now = self._clock.now()
        return tuple(
            ItemState(id=one.id, available=not one.available, since=one.until)
            if _over(one.until, now)
            else one
            for one in states.values()
        )


def _over(until: datetime | None, now: datetime) -> bool:
    return until is not None and until <= now
