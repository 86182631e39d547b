"""
The Marketplace over HTTP, by both generations, against the Drive server's own state.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

import doorstep
from doorstep import errors as e
from doorstep.models import Availability, CloseReason, Closing, ItemOutcome, MenuUpdateStatus
from doorstep.testing import ManualClock

simulator = pytest.importorskip(
    "doorstep_doordash.simulator", reason="needs the extra simulator", exc_type=ImportError
)

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
MANY = [f"item-{number}" for number in range(998)]
FLOOD = Closing(reason=CloseReason.OPERATIONAL_ISSUE, notes="flooded")


def _menu(ids):
    items = tuple(simulator.MenuItem(one, one) for one in ids)
    return simulator.Menu("menu-1", "All", (simulator.MenuCategory("All", items),))


@pytest.fixture(name="waits")
def _waits():
    return ManualClock(START)


@pytest.fixture(name="drive")
def _drive(generation, waits):
    stores = (
        *simulator.DriveOptions().marketplace_stores,
        simulator.MarketplaceStore("large", (_menu([*MANY, "broken"]),)),
    )
    options = simulator.DriveOptions(
        marketplace=generation,
        marketplace_stores=stores,
        start=START,
        real_time=lambda: waits.now().timestamp(),
    )
    with simulator.DriveServer(options) as drive:
        yield drive


@pytest.fixture(name="client")
def _client(drive, waits):
    with doorstep.connect("doordash", **drive.credentials(), clock=waits) as client:
        yield client


@pytest.fixture(name="shop")
def _shop(client):
    return client.catalog


def _state(drive, store):
    return next(one for one in drive.marketplace.state() if one["id"] == store)


def _puts(drive):
    return sum(one.count for one in drive.journal.seen() if one.method == "PUT")


def _off(*ids):
    return [Availability(id=one, available=False) for one in ids]


def _truth(drive, results):
    """
    Return each outcome that the server's state contradicts.
    """
    there = _state(drive, results.store)["items"]
    return {
        one.id: one.outcome
        for one in results.results
        if (one.outcome is ItemOutcome.APPLIED and there[one.id] is not one.available)
        or (one.outcome is ItemOutcome.NOT_FOUND and one.id in there)
        or (
            one.outcome in (ItemOutcome.FAILED, ItemOutcome.NOT_SENT)
            and there[one.id] is one.available
        )
    }


@pytest.mark.parametrize("fault", ["rst_before", "rst_after", "fin_after"])
def test_f050_thousand_items_and_the_truth_about_each(drive, shop, fault):
    """
    With one unknown id, one failure and a lost connection in the middle each of 1,000
    wishes is told as it is; what is unknown is settled by sending it again.
    """
    drive.marketplace.break_item("broken")
    wishes = _off(*MANY[:500], "nobodys", "broken", *MANY[500:])
    told = []

    def lose(result):
        told.append(result.id)
        if len(told) == 300:
            drive.faults.arm(fault, "items")

    results = shop.set_items("large", wishes, on_result=lose)
    lost = results.ids(ItemOutcome.UNKNOWN)

    assert {"applied": 898, "unknown": 100, "not_found": 1, "failed": 1} == Counter(
        one.outcome.value for one in results.results
    )
    assert [wish.id for wish in wishes] == told == [one.id for one in results.results]
    assert (("nobodys",), ("broken",)) == (
        results.ids(ItemOutcome.NOT_FOUND),
        results.ids(ItemOutcome.FAILED),
    )
    assert (tuple(MANY[300:400]), "carrier_unavailable") == (lost, results.error)
    assert {} == _truth(drive, results)
    assert 10 == _puts(drive)

    again = shop.set_items("large", _off(*lost, "broken"))

    assert again.complete
    assert {} == _truth(drive, again)
    assert [] == drive.marketplace.shown("large")


def test_f050_async_client_tells_the_same(drive, waits):
    """
    The same wishes, awaited.
    """
    drive.marketplace.break_item("broken")
    wishes = _off(*MANY, "nobodys", "broken")

    async def run():
        async with doorstep.connect_async("doordash", **drive.credentials(), clock=waits) as client:
            return await client.catalog.set_items("large", wishes)

    results = asyncio.run(run())

    assert {"applied": 998, "not_found": 1, "failed": 1} == Counter(
        one.outcome.value for one in results.results
    )
    assert {} == _truth(drive, results)


def test_f050_batch_that_is_too_large_is_halved(generation):
    """
    How many are too many nobody tells: they are sent in halves until they are taken.
    """
    options = simulator.DriveOptions(
        marketplace=generation,
        marketplace_largest_batch=30,
        marketplace_stores=(simulator.MarketplaceStore("large", (_menu(MANY),)),),
    )
    with (
        simulator.DriveServer(options) as drive,
        doorstep.connect("doordash", **drive.credentials()) as client,
    ):
        results = client.catalog.set_items("large", _off(*MANY[:200]))

        assert results.complete
        assert {} == _truth(drive, results)


@pytest.mark.parametrize("fault", ["error_500_before", "error_500_after"])
def test_f050_only_a_500_is_sent_again(drive, shop, waits, fault):
    """
    Three times, after half a second, one and two; then it is over.
    """
    drive.faults.arm(fault, "items", times=3)
    results = shop.set_items("store-1", _off("taco"))

    assert results.complete
    assert [0.5, 1.0, 2.0] == waits.slept
    assert 4 == _puts(drive)


@pytest.mark.parametrize("fault", ["rst_before", "error_503_before", "refuse_429"])
def test_what_is_no_500_is_sent_once(drive, shop, fault):
    """
    A lost answer is told, not repeated; so is a refusal.
    """
    drive.faults.arm(fault, "store_status")
    with pytest.raises(e.ProviderError):
        shop.close_store("store-1", FLOOD)

    assert 1 == _puts(drive)


def test_f050_all_unknown_is_no_unknown_store(drive, shop):
    """
    Whether a 400 tells it or a 404, each id is not found; an unknown store is an error.
    """
    results = shop.set_items("store-1", _off("no", "neither"))

    assert ("no", "neither") == results.ids(ItemOutcome.NOT_FOUND)
    with pytest.raises(e.AccountNotFoundError):
        shop.set_items("store-9", _off("taco"))


@pytest.mark.parametrize("fault", ["html_200_after", "garbage_json", "truncate_after"])
def test_f050_spoilt_success_is_unknown(drive, shop, fault):
    """
    It may have been taken; that is what is said of it, and nothing else.
    """
    drive.faults.arm(fault, "items")
    results = shop.set_items("store-1", _off("taco", "soup"))

    assert ("taco", "soup") == results.ids(ItemOutcome.UNKNOWN)


def test_item_in_several_places_and_its_options(drive, shop):
    """
    An item is off in all its places; without a choice that it needs it is not shown.
    """
    assert shop.set_items("store-1", _off("soup")).complete
    assert shop.set_options("store-1", _off("salsa-mild", "salsa-hot")).complete

    assert ["taco"] == drive.marketplace.shown("store-1")
    assert not _state(drive, "store-1")["options"]["salsa-hot"]


def test_new_menu_switches_nothing_on(drive, shop):
    """
    Menu state and availability must both be on.
    """
    shop.set_items("store-1", _off("taco"))
    (menu,) = drive.options.marketplace_stores[0].menus
    drive.marketplace.refresh_menu("store-1", menu)

    assert "taco" not in drive.marketplace.shown("store-1")
    shop.set_items("store-1", [Availability(id="taco", available=True)])
    assert "taco" in drive.marketplace.shown("store-1")


@pytest.mark.parametrize("reason", CloseReason)
def test_store_closes_and_opens(drive, shop, reason):
    """
    For each reason; without an end it opens by itself after two weeks.
    """
    closed = shop.close_store("store-1", Closing(reason=reason, notes="flooded"))
    there, read = _state(drive, "store-1"), shop.read_store("store-1")

    assert (False, True) == (closed.open, closed.reopens_by_carrier)
    assert (False, closed.closures[0].raw_reason) == (there["is_active"], there["reason"])
    assert (False, "flooded") == (read.open, read.closures[0].notes)
    assert [] == drive.marketplace.shown("store-1")
    assert shop.open_store("store-1").open
    assert shop.read_store("store-1").open
    assert _state(drive, "store-1")["is_active"]


def test_closed_store_opens_by_itself(drive, shop):
    """
    After the two weeks that its result tells.
    """
    shop.close_store("store-1", FLOOD)
    drive.clock.step(14 * 86_400 + 1)

    assert shop.read_store("store-1").open


def test_end_of_a_closing(drive, shop, generation, waits):
    """
    Where an end is taken it is read back; the legacy generation refuses it unsent.
    """
    ends = [Closing(reason=FLOOD.reason, duration_s=3600)]
    ends.append(Closing(reason=FLOOD.reason, until=waits.now() + timedelta(days=366)))
    for closing in ends:
        if generation == "legacy":
            with pytest.raises(e.UnsupportedError):
                shop.close_store("store-1", closing)
            continue
        closed = shop.close_store("store-1", closing)
        read = shop.read_store("store-1")

        assert not closed.reopens_by_carrier
        assert read.reopens_at is not None
        assert closing.until is None or closing.until == closed.reopens_at == read.reopens_at


@pytest.mark.parametrize("store", ["store-without-bank", "store-without-menu"])
def test_store_that_fails_the_checks(drive, shop, store):
    """
    It says what to mend, and is asked for once.
    """
    with pytest.raises(e.NotModifiableError, match="bank data") as caught:
        shop.open_store(store)

    assert 400 == caught.value.http_status
    assert 1 == _puts(drive)


def test_somebody_elses_store_is_refused(shop):
    """
    Whatever is asked of it.
    """
    for ask in (
        lambda: shop.close_store("store-of-others", FLOOD),
        lambda: shop.open_store("store-of-others"),
        lambda: shop.read_store("store-of-others"),
        lambda: shop.read_menus("store-of-others"),
        lambda: shop.set_items("store-of-others", _off("taco")),
        lambda: shop.set_options("store-of-others", _off("salsa-hot")),
    ):
        with pytest.raises(e.AccountForbiddenError):
            ask()


def test_menus_are_read(shop):
    """
    With hours, special days and the latest update.
    """
    (menu,) = shop.read_menus("store-1")

    assert ("menu-1", True, MenuUpdateStatus.DONE) == (menu.id, menu.active, menu.update_status)
    assert (7, 2) == (len(menu.hours), len(menu.special_hours))


def test_what_is_sold_out_is_read(drive, shop, generation):
    """
    Where that can be asked, each item and option once.
    """
    shop.set_items("store-1", _off("soup"))
    if generation == "legacy":
        with pytest.raises(e.UnsupportedError):
            shop.read_items("store-1")
        return
    items = {one.id: one.available for one in shop.read_items("store-1")}
    options = {one.id: one.available for one in shop.read_options("store-1")}
    there = _state(drive, "store-1")

    assert (there["items"], there["options"]) == (items, options)
    assert not items["soup"]


def test_wrong_credentials_are_refused(drive, generation, waits):
    """
    Those of the Marketplace are its own: Drive's do not open it.
    """
    credentials = drive.credentials()
    if generation == "legacy":
        credentials["marketplace_token"] = "$101$wrong-token"
    else:
        names = ("developer_id", "key_id", "signing_secret")
        credentials |= {f"marketplace_{name}": credentials[name] for name in names}
    with (
        doorstep.connect("doordash", **credentials, clock=waits) as client,
        pytest.raises(e.AuthenticationError),
    ):
        client.catalog.read_store("store-1")


def test_drive_and_marketplace_are_signed_apart(drive, client):
    """
    One client asks both, each with its own credentials.
    """
    assert client.find("no-such-order") is None
    assert client.catalog.read_store("store-1").open
    assert client.find("no-such-order") is None
