"""
Stores are closed, opened and read; menus are read.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from doorstep import errors as e
from doorstep.models import CloseReason, Closing, MenuUpdateStatus
from doorstep.outcome import Outcome, Retry

FLOOD = Closing(reason=CloseReason.OPERATIONAL_ISSUE, notes="flooded")
WORDS = {
    CloseReason.OUT_OF_BUSINESS: "out_of_business",
    CloseReason.DELETED: "delete_store",
    CloseReason.PAYMENT_ISSUE: "payment_issue",
    CloseReason.OPERATIONAL_ISSUE: "operational_issues",
    CloseReason.PAUSED_BY_STORE: "store_self_disabled_in_their_POS_portal",
    CloseReason.CONNECTION_ISSUE: "store_pos_connectivity_issues",
}


@pytest.fixture(name="read")
def _read(current, ctx, run, answer):
    return lambda body: run(current.read_store("location1", ctx), answer(body)).value


@pytest.fixture(name="menus")
def _menus(current, ctx, run, answer):
    def read(*menus):
        body = {"provider_name": "acmepos", "merchant_supplied_id": "s", "menu": list(menus)}
        return run(current.read_menus("s", ctx), answer(body)).value

    return read


@pytest.mark.parametrize("reason", CloseReason)
def test_each_reason_has_its_word(catalog, ctx, run, answer, reason):
    """
    All six of DoorDash's reasons, there and back.
    """
    ran = run(catalog.close_store("s", Closing(reason=reason), ctx), answer())
    (closure,) = ran.value.closures

    assert f'"reason":"{WORDS[reason]}"'.encode() in ran.requests[0].body
    assert (reason, WORDS[reason]) == (closure.reason, closure.raw_reason)


@pytest.mark.parametrize("body", [b"", b"{}", b" \n", {"is_active": False}])
def test_closing_without_an_end_says_that_doordash_ends_it(catalog, ctx, run, answer, now, body):
    """
    After two weeks it opens by itself, which nobody asked for.
    """
    state = run(catalog.close_store("s", FLOOD, ctx), answer(body)).value

    assert (False, True) == (state.open, state.reopens_by_carrier)
    assert now + timedelta(days=14) == state.reopens_at
    assert [(now, None)] == [(one.since, one.until) for one in state.closures]


@pytest.mark.parametrize(
    "end",
    [
        {"until": datetime(2026, 11, 22, 13, 30, 0, 5, tzinfo=UTC)},
        {"duration_s": 5400},
    ],
)
def test_closing_with_an_end_says_when(current, ctx, run, answer, end):
    """
    The end that was asked for, and so not DoorDash's.
    """
    closing = Closing(reason=CloseReason.PAUSED_BY_STORE, **end)
    state = run(current.close_store("s", closing, ctx), answer()).value

    assert datetime(2026, 11, 22, 13, 30, tzinfo=UTC) == state.reopens_at
    assert state.reopens_at == state.closures[0].until
    assert not state.reopens_by_carrier


def test_opening_opens(catalog, ctx, run, answer):
    """
    A 200 confirms it.
    """
    state = run(catalog.open_store("s", ctx), answer()).value

    assert (True, ()) == (state.open, state.closures)


@pytest.mark.parametrize(
    "body", [b"", {"code": "validation_error", "message": "m"}, b"Bad bank account"]
)
def test_store_that_fails_the_checks_stays_closed(catalog, ctx, run, answer, body):
    """
    A 400 to an opening is not tried again: somebody must mend bank data or menu first.
    """
    with pytest.raises(e.NotModifiableError) as caught:
        run(catalog.open_store("s", ctx), answer(body, 400))

    assert (Outcome.REJECTED, Retry.NO) == (caught.value.booked, caught.value.retryable)
    assert "bank data" in str(caught.value)
    assert "menu" in str(caught.value)
    assert "account" not in str(caught.value)


STATUSES = {
    400: e.ValidationError,
    401: e.AuthenticationError,
    403: e.AccountForbiddenError,
    404: e.AccountNotFoundError,
    429: e.RateLimitedError,
    500: e.CarrierInternalError,
    418: e.UnclassifiedCarrierError,
}


#: All but the 400 of an opening, which has a test of its own.
REFUSED = [
    (operation, status)
    for operation in ("close_store", "open_store", "read_store", "read_menus")
    for status in STATUSES
    if (operation, status) != ("open_store", 400)
]


@pytest.mark.parametrize(("operation", "status"), REFUSED)
@pytest.mark.parametrize("body", [b"", {"code": "NOT_FOUND", "message": "Store not found"}])
def test_refusals_are_classified(catalog, ctx, run, answer, operation, body, status):
    """
    By the status alone: no body of a refusal is documented.
    """
    extra = (FLOOD,) if operation == "close_store" else ()
    with pytest.raises(e.ProviderError) as caught:
        run(getattr(catalog, operation)("s", *extra, ctx), answer(body, status))

    assert STATUSES[status] is type(caught.value)
    assert status == caught.value.http_status


@pytest.mark.parametrize("operation", ["close_store", "open_store"])
def test_page_on_the_way_confirms_nothing(catalog, ctx, run, answer, operation):
    """
    A 200 that is no JSON is not DoorDash's.
    """
    extra = (FLOOD,) if operation == "close_store" else ()
    with pytest.raises(e.InvalidAnswerError):
        run(getattr(catalog, operation)("s", *extra, ctx), answer(b"<html>Log in</html>"))


def test_sample_of_a_store_is_read(catalog, ctx, run, answer, recorded):
    """
    Without ``is_active`` a deactivation says that it is closed, and its end when it opens.
    """
    body = recorded("store_sample")["response"]["body"]
    state = run(catalog.read_store("location1", ctx), answer(body)).value
    (closure,) = state.closures

    assert ("location1", False, 250) == (state.store, state.open, state.instructions_max)
    assert (CloseReason.OPERATIONAL_ISSUE, "store deactivated") == (closure.reason, closure.notes)
    assert "Merchant operational issues" == closure.raw_reason
    assert datetime(2020, 8, 14, 2, 13, 56, 121734, tzinfo=UTC) == closure.since
    assert datetime(2021, 8, 20, 7, 0, 17, tzinfo=UTC) == closure.until == state.reopens_at
    assert not state.reopens_by_carrier
    assert body == state.raw.as_dict()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, None),
        ({"current_deactivations": []}, True),
        ({"current_deactivations": None, "is_active": None}, None),
        ({"current_deactivations": [{}]}, False),
        ({"current_deactivations": [{"experience": "STOREFRONT"}, {"experience": "VOICE"}]}, True),
        ({"current_deactivations": [{"experience": "ANY_EXPERIENCE"}]}, False),
        ({"current_deactivations": [{"experience": "DOORDASH"}]}, False),
        ({"current_deactivations": [{"experience": "A_NEW_ONE"}]}, False),
        ({"is_active": False, "current_deactivations": []}, False),
        ({"is_active": True, "current_deactivations": [{}]}, True),
    ],
)
def test_open_is_what_is_told(read, body, expected):
    """
    ``is_active`` first, then whether the marketplace is what a deactivation is for.
    """
    assert expected is read(body).open


@pytest.mark.parametrize("text", ["2020-12-12T12:30:123Z", "2021-02-30T00:00:00Z", 7, "", None])
def test_f050_impossible_time_does_not_crash(read, text):
    """
    A time that cannot be, as in DoorDash's own sample, is no time; it stays in ``raw``.
    """
    told = {"reason": "Flood", "created_at": text, "end_time": text}
    state = read({"current_deactivations": [told]})
    (closure,) = state.closures

    assert (None, None, None) == (closure.since, closure.until, state.reopens_at)
    assert text == state.raw["current_deactivations"][0]["created_at"]


def test_reason_that_is_not_certain_is_not_guessed(read):
    """
    The reason is a text for people: only what DoorDash shows is taken for one of ours.
    """
    texts = ("Merchant payment problem", "payment_issue", None)
    state = read({"current_deactivations": [{"reason": text} for text in texts]})

    assert [None, CloseReason.PAYMENT_ISSUE, None] == [one.reason for one in state.closures]
    assert list(texts) == [one.raw_reason for one in state.closures]


def test_store_opens_when_the_last_reason_ends(read):
    """
    If one has no end, nobody knows.
    """
    ends = ("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z")
    both = read({"current_deactivations": [{"end_time": one} for one in ends]})
    one = read({"current_deactivations": [{"end_time": ends[0]}, {"end_time": None}]})

    assert datetime(2026, 11, 24, tzinfo=UTC) == both.reopens_at
    assert one.reopens_at is None


@pytest.mark.parametrize("operation", ["read_store", "read_menus"])
def test_answer_about_another_store_is_not_believed(catalog, ctx, run, answer, operation):
    """
    Whatever it says is about somebody else.
    """
    with pytest.raises(e.InvalidAnswerError) as caught:
        run(getattr(catalog, operation)("s", ctx), answer({"merchant_supplied_id": "t"}))

    assert "$.merchant_supplied_id" == caught.value.params["path"]


def test_menu_is_read_whole(menus):
    """
    Every field of a menu: its state, its latest update, its hours, its preview.
    """
    told = {
        "menu_id": "7",
        "name": "Lunch",
        "subtitle": "till three",
        "is_active": True,
        "is_pos_menu": False,
        "latest_menu_update": {"created_at": "2026-11-20T10:00:00Z", "status": "FAILURE"},
        "last_successful_menu_update_at": "2026-11-19T10:00:00Z",
        "url": "https://www.doordash.com/store/7",
        "open_hours": [
            {"day_index": "MON", "start_time": "13:00:00", "end_time": "18:00:00"},
            {"day_index": "SUN", "start_time": "20:00", "end_time": "24:00:00"},
        ],
        "special_hours": [
            {
                "date": "2026-12-24",
                "closed": False,
                "start_time": "09:00:00",
                "end_time": "14:00:00",
            },
            {"date": "2026-12-25", "closed": True},
        ],
    }
    (menu,) = menus(told)

    assert ("7", "Lunch", "till three") == (menu.id, menu.name, menu.subtitle)
    assert (True, False) == (menu.active, menu.from_pos)
    assert (MenuUpdateStatus.FAILED, "FAILURE") == (menu.update_status, menu.raw_update_status)
    assert datetime(2026, 11, 20, 10, tzinfo=UTC) == menu.updated_at
    assert datetime(2026, 11, 19, 10, tzinfo=UTC) == menu.valid_since
    assert "https://www.doordash.com/store/7" == menu.preview_url
    assert [(0, time(13), time(18)), (6, time(20), time(0))] == [
        (one.weekday, one.opens, one.closes) for one in menu.hours
    ]
    assert [
        (date(2026, 12, 24), False, time(9), time(14)),
        (date(2026, 12, 25), True, None, None),
    ] == [(one.on, one.closed, one.opens, one.closes) for one in menu.special_hours]
    assert told == menu.raw.as_dict()


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("PENDING", MenuUpdateStatus.PENDING),
        ("SUCCESS", MenuUpdateStatus.DONE),
        ("FAILURE", MenuUpdateStatus.FAILED),
        ("A_NEW_ONE", MenuUpdateStatus.UNKNOWN),
        (None, None),
    ],
)
def test_update_status_is_never_guessed(menus, word, expected):
    """
    A word that nobody has described is UNKNOWN; none is None.
    """
    (menu,) = menus({"menu_id": "7", "latest_menu_update": {"status": word}})

    assert (expected, word) == (menu.update_status, menu.raw_update_status)


def test_hours_that_cannot_be_are_left_out(menus):
    """
    They stay in ``raw``; the rest of the menu is read.
    """
    (menu,) = menus(
        {
            "menu_id": "7",
            "open_hours": [
                {"day_index": "XXX", "start_time": "13:00:00", "end_time": "18:00:00"},
                {"day_index": "MON", "start_time": "25:00:00", "end_time": "18:00:00"},
                {"day_index": "TUE"},
            ],
            "special_hours": [{"date": "2026-02-30"}, {"date": "soon"}, {}],
        }
    )

    assert ((), ()) == (menu.hours, menu.special_hours)
    assert 3 == len(menu.raw["open_hours"])


@pytest.mark.parametrize("body", [{}, {"menu": None}, {"menu": []}])
def test_store_may_have_no_menu(catalog, ctx, run, answer, body):
    """
    That is no error.
    """
    assert [] == run(catalog.read_menus("s", ctx), answer(body)).value
