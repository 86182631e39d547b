"""
A carrier with everything around deliveries: a marketplace, businesses, services.

All of it in memory. What a test may set: ``faults``, which the next requests meet in
turn, and what the services tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from doorstep.capabilities import CatalogCapabilities
from doorstep.errors import AccountNotFoundError
from doorstep.http import Flow, RepeatPolicy, Request, Response, TransportError
from doorstep.models import (
    Address,
    Assignment,
    Availability,
    Business,
    Closing,
    Closure,
    Coverage,
    Delivery,
    DeliveryId,
    ItemOutcome,
    ItemResult,
    ItemState,
    NewBusiness,
    NewStore,
    Proof,
    Rating,
    Status,
    Store,
    StoreState,
)
from doorstep.models import CloseReason as Reason
from doorstep.outcome import Effect, Repeat
from doorstep.provider import Page
from doorstep.testing import FakeProvider
from doorstep.testing._provider import ALL

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
CATALOG = CatalogCapabilities(
    close_reasons=frozenset(Reason) - {Reason.DELETED},
    close_until=True,
    closes_for_s=14 * 86_400,
    item_batch=2,
    items=True,
    options=True,
    read_store=True,
    read_items=True,
    read_options=True,
)
CAN = attrs.evolve(
    ALL,
    catalog=CATALOG,
    coverage=True,
    address_completion=True,
    redelivery=True,
    assignments=True,
    ratings=True,
    rating_reasons=frozenset({"ON_TIME"}),
    onboarding=True,
    proof_fetch=True,
)


@attrs.define(kw_only=True)
class Books:
    """
    What there is, and what was asked.
    """

    faults: list[BaseException | None] = attrs.field(factory=list)
    items: dict[str, bool] = attrs.field(factory=dict)
    words: dict[str, tuple[ItemOutcome, str]] = attrs.field(factory=dict)
    asked: list[Any] = attrs.field(factory=list)
    closing: Closing | None = None
    businesses: dict[str, Business] = attrs.field(factory=dict)
    stores: dict[str, Store] = attrs.field(factory=dict)
    pages: list[Page[Business]] = attrs.field(factory=list)
    coverage: Coverage = attrs.field(factory=lambda: Coverage(covered=True))
    addresses: list[Address] = attrs.field(factory=list)
    assignments: list[Assignment] = attrs.field(factory=list)
    proof: Proof | None = None

    def send(self, request: Request, base_url: str, call: Any) -> Response:
        """
        Be the pool: answer, or meet the next fault.
        """
        fault = self.faults.pop(0) if self.faults else None
        call.sent = True
        if fault is not None:
            raise fault
        return Response(status=200, body=b"{}", sent_at=NOW, received_at=NOW)

    def close(self) -> None:
        """
        Do nothing: there is no connection.
        """


def lost() -> TransportError:
    """
    Return the fault that nobody knows the end of.
    """
    return TransportError("reset", sent=True)


def unsent() -> TransportError:
    """
    Return the fault of a request that never left.
    """
    return TransportError("connect", sent=False)


def _ask(effect: Effect = Effect.NOTHING) -> Flow[None]:
    """
    Send one request, of whatever effect.
    """
    repeat = Repeat.NEVER if effect is Effect.BOOKS else Repeat.SAME_EFFECT
    yield Request("POST", "/any", body=b"{}", effect=effect, repeat=repeat)


@attrs.frozen(kw_only=True)
class MarketProvider(FakeProvider):
    """
    The provider; what it does is noted in *books*.
    """

    name: str = "acme"
    capabilities: Any = CAN
    repeat_policy: RepeatPolicy = RepeatPolicy(retries=0)
    books: Books = attrs.field(factory=Books, eq=False, repr=False)

    @property
    def catalog(self) -> Any:
        """
        The marketplace, which asks as the provider does.
        """
        return self

    def read_store(self, store: str, ctx: Any) -> Flow[StoreState]:
        """
        Read whether it is open.
        """
        yield from _ask()
        if store == "nowhere":
            raise AccountNotFoundError("was refused", http_status=404)
        return self._state(store)

    def close_store(self, store: str, closing: Closing, ctx: Any) -> Flow[StoreState]:
        """
        Close it.
        """
        yield from _ask(Effect.CHANGES)
        self.books.closing = closing
        return self._state(store)

    def open_store(self, store: str, ctx: Any) -> Flow[StoreState]:
        """
        Open it.
        """
        yield from _ask(Effect.CHANGES)
        self.books.closing = None
        return self._state(store)

    def set_items(
        self, store: str, wishes: Sequence[Availability], ctx: Any
    ) -> Flow[list[ItemResult]]:
        """
        Set what is known.
        """
        self.books.asked.append([(wish.id, wish.available) for wish in wishes])
        yield from _ask(Effect.CHANGES)
        return [self._set(wish) for wish in wishes]

    def set_options(
        self, store: str, wishes: Sequence[Availability], ctx: Any
    ) -> Flow[list[ItemResult]]:
        """
        Do as with items, under names of their own.
        """
        named = [attrs.evolve(wish, id=f"option {wish.id}") for wish in wishes]
        results = yield from self.set_items(store, named, ctx)
        return [attrs.evolve(one, id=one.id.removeprefix("option ")) for one in results]

    def read_items(self, store: str, ctx: Any) -> Flow[list[ItemState]]:
        """
        Read what is on and off.
        """
        yield from _ask()
        return [ItemState(id=one, available=on) for one, on in self.books.items.items()]

    def read_options(self, store: str, ctx: Any) -> Flow[list[ItemState]]:
        """
        Read that there is none.
        """
        yield from _ask()
        return []

    def create_business(self, business: NewBusiness, ctx: Any) -> Flow[Business]:
        """
        Register it.
        """
        yield from _ask(Effect.CHANGES)
        told = attrs.asdict(business, filter=lambda _, value: value is not None)
        return self.books.businesses.setdefault(business.id, Business(**told))

    def list_businesses(self, status: Any, page: str | None, ctx: Any) -> Flow[Page[Business]]:
        """
        Return the pages of the test, or all in one.
        """
        yield from _ask()
        self.books.asked.append(status)
        if self.books.pages:
            return self.books.pages[int(page or 0)]
        return Page(entries=list(self.books.businesses.values()), next=None)

    def get_business(self, business: str, ctx: Any) -> Flow[Business]:
        """
        Read it.
        """
        yield from _ask()
        if business not in self.books.businesses:
            raise AccountNotFoundError("was refused", http_status=404)
        return self.books.businesses[business]

    def update_business(self, business: str, changes: Any, ctx: Any) -> Flow[Business]:
        """
        Change it.
        """
        yield from _ask(Effect.CHANGES)
        told = attrs.asdict(changes, filter=lambda _, value: value is not None)
        return attrs.evolve(self.books.businesses[business], **told)

    def create_store(self, business: str, store: NewStore, ctx: Any) -> Flow[Store]:
        """
        Register it.
        """
        yield from _ask(Effect.CHANGES)
        told = {"name": store.name, "address": store.address.one_line, "phone": store.phone}
        made = Store(id=store.id, business=business, **told)
        return self.books.stores.setdefault(store.id, made)

    def list_stores(self, business: str, status: Any, page: Any, ctx: Any) -> Flow[Page[Store]]:
        """
        Return all in one page.
        """
        yield from _ask()
        return Page(entries=list(self.books.stores.values()), next=None)

    def get_store(self, business: str, store: str, ctx: Any) -> Flow[Store]:
        """
        Read it.
        """
        yield from _ask()
        return self.books.stores[store]

    def update_store(self, business: str, store: str, changes: Any, ctx: Any) -> Flow[Store]:
        """
        Change it.
        """
        yield from _ask(Effect.CHANGES)
        where = changes.address.one_line if changes.address else None
        told = {"name": changes.name, "address": where, "phone": changes.phone}
        given = {name: value for name, value in told.items() if value is not None}
        return attrs.evolve(self.books.stores[store], **given)

    def covers(self, pickup: Address, dropoff: Address, value: Any, ctx: Any) -> Flow[Coverage]:
        """
        Say what the test says.
        """
        yield from _ask()
        self.books.asked.append((pickup.one_line, dropoff.one_line, value))
        return self.books.coverage

    def complete_address(self, text: str, near: Any, limit: int, ctx: Any) -> Flow[list[Address]]:
        """
        Say what the test says.
        """
        yield from _ask()
        self.books.asked.append((text, near, limit))
        return self.books.addresses

    def redeliver(
        self, delivery: DeliveryId, reference: str, revision: int, ctx: Any
    ) -> Flow[Delivery]:
        """
        Bring it once more.
        """
        self.books.asked.append((delivery.value, reference, revision))
        yield from _ask(Effect.BOOKS)
        return Delivery(
            id=DeliveryId("acme", "default", f"{reference}~{revision}"),
            reference=reference,
            revision=revision,
            status=Status.PENDING,
            as_of=NOW,
        )

    def assignments(self, delivery: DeliveryId, ctx: Any) -> Flow[list[Assignment]]:
        """
        Say what the test says.
        """
        yield from _ask()
        return self.books.assignments

    def rate_courier(
        self, delivery: DeliveryId, courier: str, rating: Rating, ctx: Any
    ) -> Flow[None]:
        """
        Note it.
        """
        yield from _ask(Effect.CHANGES)
        self.books.asked.append((delivery.value, courier, rating))

    def proof(self, delivery: DeliveryId, stop: Any, kind: Any, ctx: Any) -> Flow[Proof | None]:
        """
        Say what the test says.
        """
        yield from _ask()
        self.books.asked.append((delivery.value, stop.value, kind.value))
        return self.books.proof

    def _state(self, store: str) -> StoreState:
        closing = self.books.closing
        if closing is None:
            return StoreState(store=store, open=True, instructions_max=200)
        for_s = closing.duration_s or 14 * 86_400
        ends = closing.until or NOW + timedelta(seconds=for_s)
        asked = closing.until is not None or closing.duration_s is not None
        return StoreState(
            store=store,
            open=False,
            reopens_at=ends,
            reopens_by_carrier=not asked,
            closures=[Closure(reason=closing.reason, notes=closing.notes, since=NOW)],
        )

    def _set(self, wish: Availability) -> ItemResult:
        outcome, word = self.books.words.get(wish.id, (ItemOutcome.APPLIED, "Done"))
        if outcome is ItemOutcome.APPLIED:
            self.books.items[wish.id] = wish.available
        return ItemResult(id=wish.id, available=wish.available, outcome=outcome, raw_outcome=word)
