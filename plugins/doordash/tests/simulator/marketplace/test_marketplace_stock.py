"""
Items and options go out of stock and come back, in batches.
"""

from __future__ import annotations

import attrs
import pytest

from doorstep_doordash.simulator import (
    DriveOptions,
    DriveServer,
    MarketplaceStore,
    Menu,
    MenuCategory,
    MenuItem,
    MenuOption,
    OptionGroup,
)


def _words(answer):
    return [(one["merchant_supplied_id"], one["response"]) for one in answer[1]]


@pytest.fixture(name="menu")
def _menu(drive):
    return drive.options.marketplace_stores[0].menus[0]


def test_an_item_that_is_sold_out_is_not_shown(drive, shop):
    """
    In this store alone, until it is switched on again.
    """
    off = shop.switch("items", "store-1", taco=False)
    seen = drive.marketplace.shown("store-1")
    on = shop.switch("items", "store-1", taco=True)

    assert (200, [{"merchant_supplied_id": "taco", "response": "Success"}]) == off == on
    assert ["burrito", "soup"] == seen
    assert "taco" in drive.marketplace.shown("store-1")
    assert "taco" in drive.marketplace.shown("store-2")


def test_each_entry_of_a_batch_is_answered_in_order(shop):
    """
    An item in two places of the menu twice.
    """
    answer = shop.switch("items", "store-1", taco=True, soup=False, burrito=False)

    assert 200 == answer[0]
    assert ["taco", "soup", "soup", "burrito"] == [one for one, _ in _words(answer)]


def test_one_that_fails_makes_it_400_and_the_others_are_done(drive, shop):
    """
    The body tells which; it has neither code nor message.
    """
    answer = shop.switch("items", "store-1", taco=False, pizza=False)

    assert 400 == answer[0]
    assert [("taco", "Success"), ("pizza", "Item not found")] == _words(answer)
    assert "taco" not in drive.marketplace.shown("store-1")


def test_nothing_but_unknown_items_is_404_today(current, legacy):
    """
    The same as an unknown store; the legacy API told each as ever.
    """
    answer = current.switch("items", "store-1", pizza=False, pasta=False)

    assert (404, "NOT_FOUND") == (answer[0], answer[1]["code"])
    assert 400 == legacy.switch("items", "store-1", pizza=False)[0]


def test_a_broken_item_fails_as_often_as_it_was_told(drive, shop):
    """
    "Server Error" in each of its places and nothing changed; then it works.
    """
    drive.marketplace.break_item("soup", 2)
    answers = [shop.switch("items", "store-1", soup=False, taco=False) for _ in range(2)]
    seen = drive.marketplace.shown("store-1")
    last = shop.switch("items", "store-1", soup=False)

    broken = [("soup", "Server Error"), ("soup", "Server Error"), ("taco", "Success")]
    assert [400, 400] == [status for status, _ in answers]
    assert [broken, broken] == [_words(answer) for answer in answers]
    assert ["burrito", "soup"] == seen
    assert 200 == last[0]
    assert ["burrito"] == drive.marketplace.shown("store-1")


def test_an_option_goes_out_of_stock(drive, shop):
    """
    One entry for each item that has it; the items stay.
    """
    answer = shop.switch("options", "store-1", guacamole=False)

    assert (200, [("guacamole", "Success")] * 2) == (answer[0], _words(answer))
    assert ["salsa-mild", "salsa-hot"] == drive.marketplace.shown_options("store-1", "burrito")
    assert ["burrito", "soup", "taco"] == drive.marketplace.shown("store-1")


def test_an_item_whose_last_required_option_is_gone_is_not_shown(drive, shop):
    """
    One salsa is enough; without any there is no burrito.
    """
    shop.switch("options", "store-1", salsa_hot=False)
    with_one = drive.marketplace.shown("store-1")
    shop.switch("options", "store-1", salsa_mild=False)

    assert "burrito" in with_one
    assert ["soup", "taco"] == drive.marketplace.shown("store-1")
    assert [] == drive.marketplace.shown_options("store-1", "burrito")


def test_an_option_must_be_on_the_menu_too(drive, menu):
    """
    What the menu has off is not shown, although it is in stock.
    """
    group = OptionGroup("Extras", (MenuOption("guacamole", "Guacamole", active=False),))
    taco = MenuItem("taco", "Taco", groups=(group,))
    mains = attrs.evolve(menu, categories=(MenuCategory("Mains", (taco,)),))
    drive.marketplace.refresh_menu("store-1", mains)

    assert ["taco"] == drive.marketplace.shown("store-1")
    assert [] == drive.marketplace.shown_options("store-1", "taco")
    assert {"guacamole": True} == drive.marketplace.state()[0]["options"]


def test_items_and_options_have_different_ids(shop):
    """
    Neither is found among the others.
    """
    items = shop.switch("items", "store-1", guacamole=False, taco=True)
    options = shop.switch("options", "store-1", taco=False, guacamole=True)

    assert ("guacamole", "Item not found") == _words(items)[0]
    assert ("taco", "Item not found") == _words(options)[0]


def test_both_states_must_be_on(drive, shop, menu):
    """
    A menu that has an item again does not put it into stock, nor does stock put it on a menu.
    """
    without = attrs.evolve(menu, categories=(MenuCategory("Soups", (MenuItem("soup", "Soup"),)),))
    hidden = MenuCategory("Mains", (MenuItem("taco", "Taco", active=False),))
    shown = []
    shop.switch("items", "store-1", taco=False)
    for refreshed in (without, menu):
        drive.marketplace.refresh_menu("store-1", refreshed)
        shown.append("taco" in drive.marketplace.shown("store-1"))
    drive.marketplace.refresh_menu("store-1", attrs.evolve(menu, categories=(hidden,)))
    shop.switch("items", "store-1", taco=True)
    shown.append("taco" in drive.marketplace.shown("store-1"))
    drive.marketplace.refresh_menu("store-1", menu)

    assert [False, False, False] == shown
    assert "taco" in drive.marketplace.shown("store-1")


def test_only_the_legacy_api_takes_a_single_object(drive, current, legacy):
    """
    As the translated page prints it; today it must be an array.
    """
    body = {"merchant_supplied_id": "taco", "is_active": False}
    refused = current("items", "store-1", body)
    taken = legacy("items", "store-1", body)

    assert (400, "validation_error") == (refused[0], refused[1]["code"])
    assert (200, [("taco", "Success")]) == (taken[0], _words(taken))
    assert "taco" not in drive.marketplace.shown("store-1")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "body"),
        (b"", "body"),
        (b"[", "body"),
        ("taco", ""),
        ([{"is_active": False}], "[0].merchant_supplied_id"),
        ([{"merchant_supplied_id": "taco"}], "[0].is_active"),
        ([{"merchant_supplied_id": "taco", "is_active": 0}], "[0].is_active"),
        ([{"merchant_supplied_id": "", "is_active": False}], "[0].merchant_supplied_id"),
        ([{"merchant_supplied_id": 7, "is_active": False}], "[0].merchant_supplied_id"),
        (
            [{"merchant_supplied_id": "taco", "is_active": False}, "soup"],
            "[1]",
        ),
    ],
)
def test_a_batch_that_is_badly_made_changes_nothing(drive, shop, body, field):
    """
    400 naming the entry.
    """
    status, said = shop("items", "store-1", body)

    assert (400, [field]) == (status, [error["field"] for error in said["field_errors"]])
    assert "taco" in drive.marketplace.shown("store-1")


class TestLargestBatch:
    """
    A limit on batches, which the documents have and do not tell.
    """

    @pytest.fixture(name="options")
    def _options(self, options):
        return attrs.evolve(options, marketplace_largest_batch=2)

    def test_more_than_it_takes_is_413(self, drive, shop):
        """
        Nothing is changed; as many as it takes are.
        """
        status, said = shop.switch("items", "store-1", taco=False, soup=False, burrito=False)

        assert (413, "Request Entity Too Large") == (status, said["message"])
        assert 3 == len(drive.marketplace.shown("store-1"))
        assert 200 == shop.switch("items", "store-1", taco=False, soup=False)[0]


def test_the_books_tell_what_is_in_stock(drive, shop):
    """
    By store, without regard to the menus.
    """
    shop.switch("items", "store-1", taco=False)
    shop.switch("options", "store-1", guacamole=False)
    first, second, *_ = drive.marketplace.state()

    assert {"burrito": True, "soup": True, "taco": False} == first["items"]
    assert {"salsa-mild": True, "salsa-hot": True, "guacamole": False} == first["options"]
    assert ["burrito", "soup"] == first["shown"]
    assert all([*second["items"].values(), *second["options"].values()])


def test_stores_are_an_option():
    """
    Whoever wants other stores names them.
    """
    menu = Menu("m", "All day", (MenuCategory("Drinks", (MenuItem("tea", "Tea"),)),))
    server = DriveServer(DriveOptions(marketplace_stores=(MarketplaceStore("corner", (menu,)),)))

    assert ["tea"] == server.marketplace.shown("corner")
    assert ["corner"] == [one["id"] for one in server.marketplace.state()]
