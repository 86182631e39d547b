"""
Menus and stock are looked at.
"""

from __future__ import annotations

import attrs
import pytest

from doorstep_doordash.simulator import MarketplaceStore, Menu, MenuCategory, MenuItem


@pytest.fixture(name="menu")
def _menu(drive):
    return drive.options.marketplace_stores[0].menus[0]


def test_menus_are_told_with_their_hours(drive, shop):
    """
    Seven days, the special days, and how the latest update went.
    """
    status, told = shop("menus", "store-1")
    (menu,) = told.pop("menu")
    hours = menu.pop("open_hours")

    assert 200 == status
    assert {"provider_name": "doorstep", "merchant_supplied_id": "store-1"} == told
    assert ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"] == [one["day_index"] for one in hours]
    assert {("09:00:00", "21:00:00")} == {(one["start_time"], one["end_time"]) for one in hours}
    assert {
        "menu_id": "menu-1",
        "name": "Lunch and dinner",
        "subtitle": "",
        "is_active": True,
        "is_pos_menu": True,
        "latest_menu_update": {"created_at": "2026-11-22T10:00:00.123456Z", "status": "SUCCESS"},
        "last_successful_menu_update_at": "2026-11-22T10:00:00.123456Z",
        "url": f"{drive.base_url}/store/store-1/menu-1",
        "special_hours": [
            {
                "date": "2026-12-24",
                "closed": False,
                "start_time": "09:00:00",
                "end_time": "14:00:00",
            },
            {"date": "2026-12-25", "closed": True},
        ],
    } == menu


@pytest.mark.parametrize("status", ["PENDING", "FAILURE"])
def test_an_update_that_did_not_go_well_leaves_the_menu(drive, shop, menu, status):
    """
    The latest one says so, beside when the last good one was.
    """
    drive.clock.step(60)
    drive.marketplace.refresh_menu("store-1", attrs.evolve(menu, categories=()), status)
    (told,) = shop("menus", "store-1")[1]["menu"]

    assert {"created_at": "2026-11-22T10:01:00.123456Z", "status": status} == told[
        "latest_menu_update"
    ]
    assert "2026-11-22T10:00:00.123456Z" == told["last_successful_menu_update_at"]
    assert [] != drive.marketplace.shown("store-1")


def test_a_further_menu_is_told_beside_the_first(drive, shop, menu):
    """
    Its items show besides, unless it is not in use.
    """
    dinner = attrs.evolve(menu, id="menu-2", name="Dinner", pos=False)
    drive.marketplace.refresh_menu("store-without-menu", dinner)
    drive.marketplace.refresh_menu("store-without-menu", attrs.evolve(menu, active=False))
    told = shop("menus", "store-without-menu")[1]["menu"]
    shown = drive.marketplace.shown("store-without-menu")
    drive.marketplace.refresh_menu("store-without-menu", attrs.evolve(dinner, active=False))

    assert [("menu-2", True, False), ("menu-1", False, True)] == [
        (one["menu_id"], one["is_active"], one["is_pos_menu"]) for one in told
    ]
    assert ["burrito", "soup", "taco"] == shown
    assert [] == drive.marketplace.shown("store-without-menu")


def test_a_further_menu_whose_first_update_fails_is_not_there(drive, shop, menu):
    """
    Nothing is told of a menu that never was.
    """
    drive.marketplace.refresh_menu("store-1", attrs.evolve(menu, id="menu-2"), "FAILURE")

    assert ["menu-1"] == [one["menu_id"] for one in shop("menus", "store-1")[1]["menu"]]


def test_the_menu_with_its_items_is_what_the_pos_sent(shop):
    """
    Categories, items, options with the states of the menu; stock is not in it.
    """
    shop.switch("items", "store-1", burrito=False)
    status, told = shop("menu", "store-1")
    categories = told["menu"]["categories"]
    burrito = categories[0]["items"][0]

    assert 200 == status
    assert {"merchant_supplied_id": "store-1", "provider_type": "doorstep"} == told["store"]
    assert ["Popular", "Mains", "Soups"] == [one["name"] for one in categories]
    assert ("burrito", True, 1195) == (
        burrito["merchant_supplied_id"],
        burrito["active"],
        burrito["price"],
    )
    assert [("Salsa", 1, 2), ("Extras", 0, 1)] == [
        (one["name"], one["min_num_options"], one["max_num_options"]) for one in burrito["extras"]
    ]
    assert {
        "name": "Guacamole",
        "merchant_supplied_id": "guacamole",
        "active": True,
        "price": 250,
    } == burrito["extras"][1]["options"][0]


def test_a_store_without_a_menu_has_an_empty_one(shop):
    """
    200 without the field ``menu``.
    """
    status, told = shop("menu", "store-without-menu")

    assert 200 == status
    assert "menu" not in told
    assert [] == told["open_hours"]


def _asked(shop, operation, store, id_, reading):
    """
    Ask as the path is described, or as the other paths are meant.
    """
    if reading == "item":
        return shop(operation, id_)
    return shop(operation, store, query=f"?merchant_supplied_id={id_}")


@pytest.mark.parametrize("reading", ["item", "store"])
def test_stock_can_be_asked_for(drive, current, reading):
    """
    The id in the path is the item's; or the store's, with the item's in the query.
    """
    before = _asked(current, "item", "store-1", "taco", reading)
    drive.clock.step(60)
    current.switch("items", "store-1", taco=False)
    drive.clock.step(60)
    current.switch("items", "store-1", taco=False)

    on = {"merchant_supplied_id": "taco", "is_active": True, "start_time": None, "end_time": None}
    off = {**on, "is_active": False, "start_time": "2026-11-22 10:01:00"}
    assert (200, on) == before
    assert (200, off) == _asked(current, "item", "store-1", "taco", reading)
    assert (200, on) == _asked(current, "item", "store-2", "taco", "store")


@pytest.mark.parametrize("reading", ["item", "store"])
def test_stock_of_options_can_be_asked_for(current, reading):
    """
    As that of items.
    """
    current.switch("options", "store-1", guacamole=False)
    status, told = _asked(current, "option", "store-1", "guacamole", reading)

    assert (200, "guacamole", False) == (status, told["merchant_supplied_id"], told["is_active"])


@pytest.mark.parametrize("reading", ["item", "store"])
@pytest.mark.parametrize(
    ("operation", "id_", "message"),
    [
        ("item", "guacamole", "Item does not exist"),
        ("option", "taco", "Item option does not exist"),
        ("item", "store-1", "Item does not exist"),
    ],
)
def test_stock_of_what_is_on_no_menu_is_not_found(current, operation, id_, message, reading):
    """
    404.
    """
    status, said = _asked(current, operation, "store-1", id_, reading)

    assert (404, message) == (status, said["message"])


def test_stock_of_an_item_of_others_is_not_told(drive, current):
    """
    404, although somebody has it.
    """
    pie = Menu("m", "Pies", (MenuCategory("Pies", (MenuItem("pie", "Pie"),)),))
    drive.marketplace.add_store(MarketplaceStore("store-of-others", (pie,), foreign=True))

    assert 404 == _asked(current, "item", "store-of-others", "pie", "item")[0]


@pytest.mark.parametrize(("store", "status"), [("store-9", 404), ("store-of-others", 403)])
def test_stock_of_other_stores_is_not_told(current, store, status):
    """
    404 and 403, as for everything.
    """
    assert status == _asked(current, "item", store, "taco", "store")[0]
