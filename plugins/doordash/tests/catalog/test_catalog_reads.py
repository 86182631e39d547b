"""
What can be ordered is read: the menu, and one question for each entry.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from doorstep import errors as e


def _entry(name, **more):
    return {"merchant_supplied_id": name, "name": name, **more}


MENU = {
    "reference": "menu-1",
    "menu": {
        "categories": [
            {"items": [_entry("burrito"), _entry("soup")]},
            {
                "items": [
                    _entry("soup"),
                    _entry(
                        "taco",
                        extras=[
                            {
                                "options": [
                                    _entry("mild"),
                                    _entry("hot", extras=[{"options": [_entry("very-hot")]}]),
                                ]
                            }
                        ],
                    ),
                ]
            },
            {"items": None},
            None,
        ]
    },
}


@pytest.fixture(name="ask")
def _ask(current, ctx, run):
    return lambda *answers, of="items": run(getattr(current, f"read_{of}")("s", ctx), *answers)


def _targets(ran):
    return [request.target for request in ran.requests]


def test_each_item_of_the_menu_is_asked_for_once(ask, answer):
    """
    The store stands in the path, the item in the query.
    """
    told = [
        {"merchant_supplied_id": one, "is_active": one != "soup"}
        for one in ("burrito", "soup", "taco")
    ]
    ran = ask(answer(MENU), *map(answer, told))

    assert ["burrito", "soup", "taco"] == [one.id for one in ran.value]
    assert [True, False, True] == [one.available for one in ran.value]
    assert told == [one.raw.as_dict() for one in ran.value]
    assert _targets(ran) == [
        "/api/v1/stores/s/store_menu",
        *(
            f"/api/v1/stores/s/item/availability?merchant_supplied_id={one}"
            for one in ("burrito", "soup", "taco")
        ),
    ]


def test_options_of_options_are_asked_for(ask, answer):
    """
    Wherever they stand on the menu.
    """
    told = [{"merchant_supplied_id": one} for one in ("mild", "hot", "very-hot")]
    ran = ask(answer(MENU), *map(answer, told), of="options")

    assert [("mild", None), ("hot", None), ("very-hot", None)] == [
        (one.id, one.available) for one in ran.value
    ]
    assert _targets(ran)[1].startswith("/api/v1/stores/s/item_option/availability?")


@pytest.mark.parametrize("menu", [b"", {}, [], {"menu": None}, {"menu": {}}, [None]])
def test_menu_without_items_asks_for_none(ask, answer, menu):
    """
    The menu may also be a list of them, or missing.
    """
    assert [] == ask(answer(menu)).value


def test_several_menus_are_read(ask, answer):
    """
    "Menu jsons", says the page.
    """
    other = {"menu": {"categories": [{"items": [_entry("cake")]}]}}
    told = [{"merchant_supplied_id": one} for one in ("burrito", "soup", "taco", "cake")]

    assert 4 == len(ask(answer([MENU, other]), *map(answer, told)).value)


def test_item_that_is_not_understood_is_not_guessed(ask, answer):
    """
    A 404 says nothing about it; the others are read.
    """
    told = [answer(b"", 404), answer({"is_active": True}), answer({"is_active": False})]
    ran = ask(answer(MENU), *told)

    assert [None, True, False] == [one.available for one in ran.value]


def test_times_without_an_offset_are_not_believed(ask, answer):
    """
    Nobody knows when they are; with an offset they are read.
    """
    menu = {"menu": {"categories": [{"items": [_entry("taco")]}]}}
    odd = {"start_time": "2026-11-22 10:00:00", "end_time": "2026-11-22T14:00:00+01:00"}
    (state,) = ask(answer(menu), answer(odd)).value
    (known,) = ask(answer(menu), answer({"start_time": "2026-11-22T10:00:00Z"})).value

    assert (None, datetime(2026, 11, 22, 13, tzinfo=UTC)) == (state.since, state.until)
    assert datetime(2026, 11, 22, 10, tzinfo=UTC) == known.since
    assert "2026-11-22 10:00:00" == state.raw["start_time"]


def test_answer_about_another_item_is_not_believed(ask, answer):
    """
    Such as the first item of the store, whatever was asked.
    """
    with pytest.raises(e.InvalidAnswerError):
        ask(answer(MENU), answer({"merchant_supplied_id": "soup", "is_active": True}))


@pytest.mark.parametrize(
    ("status", "expected"),
    [(401, e.AuthenticationError), (403, e.AccountForbiddenError), (500, e.CarrierInternalError)],
)
def test_refusals_are_raised(ask, answer, status, expected):
    """
    Of the menu and of an item alike.
    """
    with pytest.raises(expected):
        ask(answer(b"", status))
    with pytest.raises(expected):
        ask(answer(MENU), answer(b"", status))


@pytest.mark.parametrize("of", ["items", "options"])
def test_legacy_generation_has_no_such_question(legacy, ctx, run, of):
    """
    Nothing is sent.
    """
    with pytest.raises(e.UnsupportedError) as caught:
        run(getattr(legacy, f"read_{of}")("s", ctx))

    assert f"catalog.read_{of}" == caught.value.params["capability"]
