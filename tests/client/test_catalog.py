"""
What a marketplace shows of a shop, through both clients.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.errors import (
    AccountNotFoundError,
    CarrierUnavailableError,
    ClientClosedError,
    DoorstepError,
    NoCapacityError,
    UnsupportedError,
)
from doorstep.http import RepeatPolicy
from doorstep.models import (
    Availability,
    CloseReason,
    Closing,
    ItemOutcome,
    ItemResult,
    Menu,
)
from doorstep.outcome import Outcome, Retry
from doorstep.testing import FakeCarrier, FakeProvider, ManualClock

Connect = Callable[..., Any]
Poorer = Callable[..., None]

ITEMS = [f"item-{number}" for number in range(7)]
FLOODED = Closing(reason=CloseReason.OPERATIONAL_ISSUE, notes="water in the kitchen")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
APPLIED, NOT_FOUND, FAILED, UNKNOWN, NOT_SENT = ItemOutcome


@pytest.fixture(name="carrier")
def _carrier() -> FakeCarrier:
    carrier = FakeCarrier(provider=FakeProvider(repeat_policy=RepeatPolicy(retries=0)))
    carrier.marketplace.add_store(
        "12345", items=ITEMS, options=["salsa"], menus=[Menu(id="lunch", name="Lunch")]
    )
    return carrier


@pytest.fixture(name="batches_of_two")
def _batches_of_two(carrier: FakeCarrier, poorer: Poorer) -> None:
    can = carrier.provider.capabilities.catalog
    assert can is not None
    poorer(catalog=attrs.evolve(can, item_batch=2))


def sold_out(*ids: str) -> list[Availability]:
    return [Availability(id=one, available=False) for one in ids]


def available(carrier: FakeCarrier) -> set[str]:
    return {one.id for one in carrier.marketplace.items("12345") if one.available}


def test_store_is_closed_until_it_is_opened(connect: Connect, carrier: FakeCarrier) -> None:
    """
    A closed store tells why and that the carrier opens it by its own rule; opening ends it.
    """
    catalog = connect().catalog
    closed = catalog.close_store("12345", FLOODED)

    assert closed == catalog.close_store("12345", FLOODED) == catalog.read_store("12345")
    assert (False, True) == (closed.open, closed.reopens_by_carrier)
    assert NOON + timedelta(days=14) == closed.reopens_at
    assert [CloseReason.OPERATIONAL_ISSUE] == [one.reason for one in closed.closures]
    assert catalog.open_store("12345").open
    assert carrier.marketplace.store("12345").open


@pytest.mark.parametrize("wish", [{"duration_s": 3600}, {"until": NOON + timedelta(hours=1)}])
def test_closing_with_an_end_is_the_callers(
    connect: Connect, carrier: FakeCarrier, wish: dict[str, Any]
) -> None:
    """
    A store that was closed for an hour opens after one, and not by the carrier's rule.
    """
    catalog = connect().catalog
    closed = catalog.close_store("12345", attrs.evolve(FLOODED, **wish))

    assert (NOON + timedelta(hours=1), False) == (closed.reopens_at, closed.reopens_by_carrier)
    carrier.clock.step(3599)
    assert not catalog.read_store("12345").open
    carrier.clock.step(1)
    assert catalog.read_store("12345").open


def test_items_and_options_are_set_and_read(connect: Connect) -> None:
    """
    What was set is what is read, items and options apart.
    """
    catalog = connect().catalog
    items = catalog.set_items("12345", sold_out("item-1"))
    options = catalog.set_options("12345", sold_out("salsa"))

    assert items.complete
    assert options.complete
    assert ["item-1"] == [one.id for one in catalog.read_items("12345") if not one.available]
    assert [("salsa", False)] == [(one.id, one.available) for one in catalog.read_options("12345")]
    assert ["Lunch"] == [menu.name for menu in catalog.read_menus("12345")]


def test_f050_unknown_item_among_others_is_told_by_its_id(
    connect: Connect, carrier: FakeCarrier
) -> None:
    """
    One unknown and one failing id spoil nothing for the others, and each is told.
    """
    carrier.marketplace.failing.add("item-2")
    told = connect().catalog.set_items("12345", sold_out("item-1", "pizza", "item-2", "item-3"))

    assert [APPLIED, NOT_FOUND, FAILED, APPLIED] == [one.outcome for one in told.results]
    assert {*ITEMS} - {"item-1", "item-3"} == available(carrier)
    assert told.error is None


@pytest.mark.usefixtures("batches_of_two")
def test_results_are_told_as_soon_as_they_are_known(connect: Connect, carrier: FakeCarrier) -> None:
    """
    on_result hears of each wish that was tried, before the next request is sent.
    """
    heard: list[ItemResult] = []
    changed: list[int] = []

    def listen(result: ItemResult) -> None:
        heard.append(result)
        changed.append(len(ITEMS) - len(available(carrier)))

    told = connect().catalog.set_items("12345", sold_out(*ITEMS), on_result=listen)

    assert [*told.results] == heard
    assert [2, 2, 4, 4, 6, 6, 7] == changed


@pytest.mark.usefixtures("batches_of_two")
def test_f050_lost_answer_in_the_middle_is_unknown_for_its_ids_alone(
    connect: Connect, carrier: FakeCarrier
) -> None:
    """
    A lost connection makes two ids unknown; the others are confirmed, also those after it.
    """
    carrier.pass_next()
    carrier.lose_next_answer()
    told = connect().catalog.set_items("12345", sold_out(*ITEMS))

    assert ("item-2", "item-3") == told.ids(UNKNOWN)
    assert 5 == len(told.ids(APPLIED))
    assert "carrier_unavailable" == told.error
    assert set() == available(carrier)


_FATES: dict[str, Callable[[FakeCarrier], None]] = {
    "answered": FakeCarrier.pass_next,
    "lost": FakeCarrier.lose_next_answer,
    "unsent": FakeCarrier.refuse_connection,
    "refused": lambda carrier: carrier.refuse_next(NoCapacityError),
}


@given(
    fates=st.lists(st.sampled_from(sorted(_FATES)), max_size=6),
    unknown=st.sets(st.sampled_from(ITEMS), max_size=2),
    size=st.integers(1, 4),
)
def test_f050_what_is_told_of_an_item_is_what_the_carrier_did(
    fates: list[str], unknown: set[str], size: int
) -> None:
    """
    Whatever becomes of the requests, the truth is told about each id afterwards.
    """
    able = FakeProvider().capabilities
    assert able.catalog is not None
    can = attrs.evolve(able, catalog=attrs.evolve(able.catalog, item_batch=size))
    carrier = FakeCarrier(
        provider=FakeProvider(capabilities=can, repeat_policy=RepeatPolicy(retries=0))
    )
    carrier.marketplace.add_store("12345", items=set(ITEMS) - unknown)
    for fate in fates:
        _FATES[fate](carrier)
    with carrier.connect() as client:
        try:
            told = client.catalog.set_items("12345", sold_out(*ITEMS))
        except DoorstepError:
            assert set(ITEMS) - unknown == available(carrier)
            return

    changed = set(ITEMS) - unknown - available(carrier)
    assert ITEMS == [one.id for one in told.results]
    assert set(told.ids(APPLIED)) <= changed <= {*told.ids(APPLIED), *told.ids(UNKNOWN)}
    assert set(told.ids(NOT_FOUND)) <= unknown


@pytest.mark.usefixtures("batches_of_two")
def test_f091_interrupt_while_results_are_told_hides_none(
    connect: Connect, carrier: FakeCarrier
) -> None:
    """
    What ends a large change while its results are heard carries the whole truth so far.
    """
    heard: list[str] = []

    def listen(result: ItemResult) -> None:
        heard.append(result.id)
        if "item-2" == result.id:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as told:
        connect().catalog.set_items("12345", sold_out(*ITEMS), on_result=listen)
    results = told.value.results  # type: ignore[attr-defined]

    assert ["item-0", "item-1", "item-2"] == heard
    assert tuple(ITEMS[:4]) == results.ids(APPLIED)
    assert tuple(ITEMS[4:]) == results.ids(NOT_SENT)
    assert {*ITEMS[4:]} == available(carrier)
    assert Outcome.CREATED is told.value.outcome  # type: ignore[attr-defined]


@pytest.mark.usefixtures("batches_of_two")
def test_f090_cancelled_in_the_middle_knows_each_item(carrier: FakeCarrier) -> None:
    """
    A cancelled task is told what was applied; what was never sent is told as such.
    """

    async def change() -> None:
        task = asyncio.current_task()
        assert task is not None

        def listen(result: ItemResult) -> None:
            if "item-3" == result.id:
                task.cancel()

        async with carrier.connect_async() as client:
            await client.catalog.set_items("12345", sold_out(*ITEMS), on_result=listen)

    with pytest.raises(asyncio.CancelledError) as told:
        asyncio.run(change())
    results = told.value.results  # type: ignore[attr-defined]

    changed = set(ITEMS) - available(carrier)
    assert tuple(ITEMS[:4]) == results.ids(APPLIED)
    assert changed <= {*ITEMS[:4], *results.ids(UNKNOWN)}
    assert ("item-6",) == results.ids(NOT_SENT)[-1:]


def test_lost_answer_to_a_closing_says_that_it_may_be_closed(
    connect: Connect, carrier: FakeCarrier
) -> None:
    """
    Nobody knows; closing it again has no further effect, and the error says that it may be tried.
    """
    carrier.lose_next_answer()

    with pytest.raises(CarrierUnavailableError) as told:
        connect().catalog.close_store("12345", FLOODED)

    assert (Outcome.UNKNOWN, Retry.SAME_CALL) == (told.value.booked, told.value.retryable)
    assert not carrier.marketplace.store("12345").open


def test_unknown_store_is_an_error_at_its_place(connect: Connect) -> None:
    """
    An error of the marketplace names provider, account and operation, and nothing was changed.
    """
    with pytest.raises(AccountNotFoundError) as told:
        connect().catalog.set_items("99999", sold_out("item-1"))

    assert ("fake", "default", "set_items") == (
        told.value.provider,
        told.value.account,
        told.value.operation,
    )
    assert Outcome.REJECTED is told.value.booked


@pytest.mark.usefixtures("batches_of_two")
def test_deadline_is_for_each_request(
    connect: Connect, carrier: FakeCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Every request of a large batch has all the time that was given, and so has a single call.
    """
    seen: list[float] = []
    answer = carrier.send

    def send(request: Any, base_url: str, call: Any) -> Any:
        seen.append(call.remaining())
        carrier.clock.step(2)
        return answer(request, base_url, call)

    monkeypatch.setattr(carrier, "send", send)
    catalog = connect(deadlines={"set_items": 3}).catalog
    catalog.set_items("12345", sold_out(*ITEMS))
    catalog.set_items("12345", sold_out("item-1"), deadline_s=5)
    catalog.open_store("12345")

    assert [3.0, 3.0, 3.0, 3.0, 5.0, 20.0] == seen


def test_closed_client_asks_no_marketplace(connect: Connect, carrier: FakeCarrier) -> None:
    """
    After close nothing is sent, whatever was kept of the client.
    """
    client = connect()
    catalog = client.catalog
    (client.aclose if hasattr(client, "aclose") else client.close)()

    for act in (
        lambda: catalog.open_store("12345"),
        lambda: catalog.set_items("12345", sold_out("item-1")),
    ):
        with pytest.raises(ClientClosedError) as told:
            act()
        assert "fake" == told.value.provider
    assert {*ITEMS} == available(carrier)


def test_carrier_without_a_marketplace_is_not_asked(connect: Connect, poorer: Poorer) -> None:
    """
    The capability is named when the marketplace is asked for.
    """
    poorer(catalog=None)

    with pytest.raises(UnsupportedError, match="catalog") as told:
        _ = connect().catalog.open_store

    assert "catalog" == told.value.params["capability"]


def test_item_that_is_back_by_itself_is_available(connect: Connect, carrier: FakeCarrier) -> None:
    """
    Until its end an item is sold out, and afterwards it is not.
    """
    catalog = connect().catalog
    wish = Availability(id="item-1", available=False, until=NOON + timedelta(hours=1))
    catalog.set_items("12345", [wish])

    assert "item-1" not in available(carrier)
    carrier.clock.step(3600)
    assert "item-1" in available(carrier)


def test_clock_of_the_carrier_is_its_own() -> None:
    """
    A clock that a test brings is the one that closings go by.
    """
    clock = ManualClock(datetime(2026, 6, 1, tzinfo=UTC))
    carrier = FakeCarrier(clock=clock)
    carrier.marketplace.add_store("12345")
    with carrier.connect() as client:
        closed = client.catalog.close_store("12345", FLOODED)

    assert datetime(2026, 6, 15, tzinfo=UTC) == closed.reopens_at
