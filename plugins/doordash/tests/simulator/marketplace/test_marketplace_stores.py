"""
Stores are closed, come back, and are looked at.
"""

from __future__ import annotations

import attrs
import pytest

DAY_S = 86_400
CLOSE = {"is_active": False, "reason": "operational_issues", "notes": "flooded"}
# DoorDash's "Sample Get Store Information response".
SAMPLE = {
    "provider_name",
    "merchant_supplied_id",
    "is_order_protocol_pos",
    "auto_release_enabled",
    "auto_release_distance",
    "special_instructions_max_length",
    "current_deactivations",
}


@pytest.fixture(name="entry")
def _entry(drive):
    """
    Return a look at one store's entry in the books.
    """

    def entry(store="store-1"):
        return next(one for one in drive.marketplace.state() if one["id"] == store)

    return entry


def test_closing_takes_the_store_from_customers(drive, shop, entry):
    """
    200; nothing of it is shown, and the books say why.
    """
    answer = shop("status", "store-1", CLOSE)

    assert (200, {}) == answer
    assert [] == drive.marketplace.shown("store-1")
    assert ["burrito", "soup", "taco"] == drive.marketplace.shown("store-2")
    assert (False, "operational_issues", "flooded", 1) == tuple(
        entry()[name] for name in ("is_active", "reason", "notes", "commits")
    )


def test_opening_brings_it_back(drive, shop):
    """
    200, and everything that was in stock shows again.
    """
    shop("status", "store-1", CLOSE)
    answer = shop("status", "store-1", {"is_active": True})

    assert (200, {}) == answer
    assert ["burrito", "soup", "taco"] == drive.marketplace.shown("store-1")


def test_changing_to_what_it_is_already_is_fine(shop, entry):
    """
    Closing twice, the second time for another reason, and opening twice are 200.
    """
    other = {"is_active": False, "reason": "payment_issue"}
    bodies = [CLOSE, other, {"is_active": True}, {"is_active": True}]

    assert [200] * 4 == [shop("status", "store-1", body)[0] for body in bodies]
    assert 4 == entry()["commits"]


@pytest.mark.parametrize("reason", ["operational_issues", "out_of_business"])
def test_a_closing_without_an_end_ends_after_two_weeks(drive, shop, reason):
    """
    By itself, whatever the reason, and its details name no end.
    """
    shop("status", "store-1", {**CLOSE, "reason": reason})
    (told,) = shop("details", "store-1")[1]["current_deactivations"]
    drive.clock.step(14 * DAY_S - 1)
    before = drive.marketplace.shown("store-1")
    drive.clock.step(1)

    assert told["end_time"] is None
    assert [] == before
    assert [] != drive.marketplace.shown("store-1")
    assert [] == shop("details", "store-1")[1]["current_deactivations"]


@pytest.mark.parametrize(
    ("end", "seconds"),
    [
        ({"end_time": "2026-11-22T13:00:00+02:00"}, 3600),
        ({"duration_in_hours": 1}, 3600),
        ({"duration_in_secs": 90}, 90),
        ({"duration_in_hours": 1, "duration_in_secs": 90}, 3690),
        ({"end_time": "2026-11-22T13:00:00+02:00", "duration_in_hours": 1}, 14 * DAY_S),
    ],
)
def test_a_closing_ends_when_it_was_asked_to(drive, current, end, seconds):
    """
    At a time, or after hours and seconds; a time and a duration together count for nothing.
    """
    current("status", "store-1", {**CLOSE, **end})
    drive.clock.step(seconds - 1)
    before = drive.marketplace.shown("store-1")
    drive.clock.step(1)

    assert [] == before
    assert [] != drive.marketplace.shown("store-1")


def test_the_legacy_api_passes_over_an_end(drive, legacy):
    """
    It is not in its documents: the store stays closed for two weeks.
    """
    legacy("status", "store-1", {**CLOSE, "duration_in_secs": 90})
    drive.clock.step(14 * DAY_S - 1)

    assert [] == drive.marketplace.shown("store-1")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"is_active": False, "notes": "flooded"}, "reason"),
        ({**CLOSE, "reason": "flood"}, "reason"),
        ({"reason": "payment_issue"}, "is_active"),
        ({"is_active": "no"}, "is_active"),
        ({**CLOSE, "notes": 7}, "notes"),
        ({**CLOSE, "duration_in_hours": "2"}, "duration_in_hours"),
        ({**CLOSE, "merchant_supplied_id": "store-2"}, "merchant_supplied_id"),
        ([CLOSE], ""),
        (b"{", "body"),
    ],
)
def test_what_is_badly_made_is_refused(shop, entry, body, field):
    """
    400 naming the field, and the store stays open.
    """
    status, said = shop("status", "store-1", body)

    assert (400, "validation_error") == (status, said["code"])
    assert [field] == [error["field"] for error in said["field_errors"]]
    assert (True, 0) == (entry()["is_active"], entry()["commits"])


@pytest.mark.parametrize(
    ("end", "field"),
    [
        ({"end_time": "2026-11-23T10:00:00"}, "end_time"),
        ({"end_time": "tomorrow"}, "end_time"),
        ({"end_time": "2026-11-22T09:59:59Z"}, "end_time"),
        ({"duration_in_secs": 0}, "duration_in_secs"),
        ({"duration_in_hours": 0, "duration_in_secs": 0}, "duration_in_hours"),
    ],
)
def test_an_end_that_is_none_is_refused(current, entry, end, field):
    """
    400 for a time without an offset, a time that has passed, and no time at all.
    """
    status, said = current("status", "store-1", {**CLOSE, **end})

    assert (400, [field]) == (status, [error["field"] for error in said["field_errors"]])
    assert entry()["is_active"] is True


@pytest.mark.parametrize("store", ["store-without-bank", "store-without-menu"])
def test_a_store_in_disorder_stays_closed(shop, entry, store):
    """
    Opening it is 400 until somebody has mended it; closing it is not.
    """
    closed = shop("status", store, CLOSE)[0]
    statuses = [shop("status", store, {"is_active": True})[0] for _ in range(2)]

    assert [200, 400, 400] == [closed, *statuses]
    assert entry(store)["is_active"] is False


def test_what_was_mended_lets_it_open(drive, shop):
    """
    Bank data that came, or a menu of the POS.
    """
    menu = drive.options.marketplace_stores[0].menus[0]
    drive.marketplace.set_bank_data("store-without-bank", good=True)
    drive.marketplace.refresh_menu("store-without-menu", attrs.evolve(menu, pos=False))
    still = shop("status", "store-without-menu", {"is_active": True})[0]
    drive.marketplace.refresh_menu("store-without-menu", menu)
    opened = [
        shop("status", store, {"is_active": True})[0]
        for store in ("store-without-bank", "store-without-menu")
    ]

    assert [400, 200, 200] == [still, *opened]


def test_a_closing_that_ends_is_not_checked(drive, current, entry):
    """
    Only who opens a store by hand meets the checks.
    """
    current("status", "store-without-bank", {**CLOSE, "duration_in_secs": 60})
    drive.clock.step(60)

    assert entry("store-without-bank")["is_active"] is True


def test_details_have_the_form_of_the_sample(current, legacy):
    """
    Every field of DoorDash's own sample, the times as it writes them.
    """
    current("status", "store-1", {**CLOSE, "end_time": "2026-11-22T13:00:00+02:00"})
    status, told = current("details", "store-1")
    older = legacy("details", "store-1")[1]

    assert 200 == status
    assert told.keys() == SAMPLE | {"is_active", "auto_release_from_store_enabled"}
    assert older.keys() == SAMPLE
    assert "experience" not in older["current_deactivations"][0]
    assert {
        "reason": "Merchant operational issues",
        "notes": "flooded",
        "created_at": "2026-11-22T10:00:00.123456Z",
        "end_time": "2026-11-22T11:00:00Z",
        "experience": "ANY_EXPERIENCE",
    } == told["current_deactivations"][0]


def test_only_the_current_details_say_whether_it_is_active(current, legacy):
    """
    DoorDash's samples differ; so do the generations here.
    """
    current("status", "store-1", CLOSE)

    assert current("details", "store-1")[1]["is_active"] is False
    assert "is_active" not in legacy("details", "store-1")[1]


def test_both_generations_are_one_account(drive, current, legacy):
    """
    What one closes the other finds closed, and opens.
    """
    current("status", "store-1", CLOSE)
    told = legacy("details", "store-1")[1]["current_deactivations"]
    legacy("status", "store-1", {"is_active": True})

    assert "flooded" == told[0]["notes"]
    assert [] != drive.marketplace.shown("store-1")


@pytest.mark.parametrize(
    ("store", "status", "code"),
    [("store-9", 404, "NOT_FOUND"), ("store-of-others", 403, "NO_ACCESS")],
)
@pytest.mark.parametrize("operation", ["status", "items", "options", "details", "menus", "menu"])
def test_other_stores_are_out_of_reach(drive, shop, operation, store, status, code):
    """
    404 for a store that is not there, 403 for somebody else's, whatever is asked.
    """
    stock = [{"merchant_supplied_id": "taco", "is_active": False}]
    body = {"status": CLOSE, "items": stock, "options": stock}.get(operation)
    before = drive.marketplace.state()
    answer = shop(operation, store, body)

    assert (status, code) == (answer[0], answer[1]["code"])
    assert answer[1]["message"]
    assert before == drive.marketplace.state()


def test_the_hand_behind_it_names_unknown_stores(drive):
    """
    A test that misspells a store is told which there are.
    """
    with pytest.raises(LookupError, match=r"'store-9' .*store-1"):
        drive.marketplace.shown("store-9")
