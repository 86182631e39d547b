"""
Refunds, by the simulator's policy and in Drive's bodies.
"""

from __future__ import annotations

import pytest

from doorstep_doordash.simulator._fields import REFUND_REASONS
from doorstep_doordash.simulator._refunds import _POLICIES

REFUNDS = "/drive/v2/deliveries/D-1/refunds"
RETURNS = {"action_if_undeliverable": "return_to_pickup"}


@pytest.fixture(name="ask")
def _ask(call):
    def ask(reason):
        return call("POST", REFUNDS, {"refund_reason": reason})

    return ask


@pytest.fixture(name="lost")
def _lost(drive, book):
    """
    Book a delivery and let DoorDash cancel it with a reason.
    """

    def lost(reason):
        book()
        drive.advance("D-1", "cancelled", cancellation_reason=reason)

    return lost


def _granted(reason, code, amounts, status):
    tip, order_value, fee = amounts
    return {
        "refund_reason": reason,
        "message": f"A {status} refund was granted",
        "code": code,
        "tip_refund": tip,
        "order_value_refund": order_value,
        "delivery_fee_refund": fee,
        "status": f"{status}_refund",
    }


@pytest.mark.parametrize(
    ("reason", "code", "amounts", "status"),
    [
        ("poor_delivery_experience", "dasher_at_fault", (599, 0, 487), "partial"),
        ("entire_order_wrong", "dasher_at_fault", (599, 1999, 975), "full"),
        ("missing_main", "dasher_at_fault", (0, 999, 0), "partial"),
        ("missing_side", "dasher_at_fault", (0, 499, 0), "partial"),
        ("incorrect_items", "doordash_at_fault", (0, 999, 0), "partial"),
    ],
)
def test_delivered_orders_may_have_been_wrong(drive, book, ask, reason, code, amounts, status):
    """
    200 with all amounts, and the sum in the books.
    """
    book()
    drive.advance("D-1", "delivered")
    answer = ask(reason)

    assert (200, _granted(reason, code, amounts, status)) == (answer.status, answer.body)
    assert sum(amounts) == drive.books()[0]["refunded"]


def test_cancelled_orders_are_refunded_when_doordash_cancelled(lost, ask):
    """
    In full.
    """
    lost("failed_to_assign_and_refunded")
    answer = ask("cancelled_order")

    expected = _granted("cancelled_order", "doordash_cancelled", (599, 1999, 975), "full")
    assert (200, expected) == (answer.status, answer.body)


def test_cancelled_orders_are_not_refunded_to_who_cancelled(call, book, ask):
    """
    A creator's own cancellation is nobody's fault.
    """
    book()
    call("PUT", "/drive/v2/deliveries/D-1/cancel")
    answer = ask("cancelled_order")

    assert (422, "rejected") == (answer.status, answer.body["code"])


@pytest.mark.parametrize("ending", ["returned", "failed_to_deliver", "failed_to_return"])
def test_never_delivered_is_granted_when_it_is_true(drive, book, ask, ending):
    """
    Returned, or given up with the goods on board.
    """
    book(**RETURNS)
    drive.advance("D-1", "picked_up")
    if ending == "returned":
        drive.advance("D-1", "returned")
    else:
        drive.advance("D-1", "cancelled", cancellation_reason=ending)
    answer = ask("never_delivered")

    assert (200, "dasher_at_fault", "full_refund") == (
        answer.status,
        answer.body["code"],
        answer.body["status"],
    )


def test_never_delivered_is_rejected_when_it_was(drive, book, ask):
    """
    422 with the decision, and neither a status nor amounts.
    """
    book()
    drive.advance("D-1", "delivered")
    answer = ask("never_delivered")

    expected = {
        "refund_reason": "never_delivered",
        "message": "The refund was not granted: rejected",
        "code": "rejected",
    }
    assert (422, expected) == (answer.status, answer.body)
    assert drive.books()[0]["refunded"] is None


@pytest.mark.parametrize(("wasted_s", "status"), [(1800, 422), (1801, 200)])
def test_delivered_late_is_more_than_half_an_hour(drive, book, ask, wasted_s, status):
    """
    After the time estimated at booking, not after a later estimate: the fee alone.
    """
    book()
    for _ in range(36):
        drive.clock.step(50)
        drive.advance("D-1", "confirmed")
        drive.advance("D-1", "created")
    drive.clock.step(wasted_s - 1800)
    drive.advance("D-1", "confirmed")
    drive.advance("D-1", "created")
    drive.clock.step(1200)
    answer = ask("delivered_late")

    assert status == answer.status
    if status == 200:
        expected = _granted("delivered_late", "order_delivered_late", (0, 0, 975), "partial")
        assert expected == answer.body


@pytest.mark.parametrize(("after_s", "status"), [(600, 422), (599, 200)])
def test_delivered_early_is_more_than_ten_minutes(drive, book, ask, after_s, status):
    """
    Before the time that was estimated at booking: the fee alone.
    """
    book()
    drive.clock.step(after_s)
    drive.advance("D-1", "delivered")
    answer = ask("delivered_early")

    assert status == answer.status
    if status == 200:
        expected = _granted("delivered_early", "order_delivered_early", (0, 0, 975), "partial")
        assert expected == answer.body


@pytest.mark.parametrize("reason", REFUND_REASONS)
def test_nothing_is_decided_under_way(drive, book, ask, reason):
    """
    While the delivery may still go well nobody knows.
    """
    book()
    drive.advance("D-1", "picked_up")
    answer = ask(reason)

    assert (422, "could_not_determine") == (answer.status, answer.body["code"])


def test_a_quote_has_nothing_to_refund(call, request_body, ask):
    """
    Nothing was booked, so nothing was paid.
    """
    call("POST", "/drive/v2/quotes", request_body())

    assert (422, "rejected") == (ask("cancelled_order").status, ask("never_delivered").body["code"])


@pytest.mark.parametrize("second", ["missing_side", "entire_order_wrong"])
def test_a_second_refund_is_a_duplicate(drive, book, ask, second):
    """
    409 whatever is asked for, and no more money.
    """
    book()
    drive.advance("D-1", "delivered")
    ask("missing_side")
    answer = ask(second)

    expected = {
        "refund_reason": second,
        "message": "The refund was not granted: already refunded",
        "code": "already_refunded",
    }
    assert (409, expected) == (answer.status, answer.body)
    assert 499 == drive.books()[0]["refunded"]


def test_a_rejected_refund_leaves_the_way_open(drive, book, ask):
    """
    Only a granted one is the last.
    """
    book()
    drive.advance("D-1", "delivered")

    assert [422, 200] == [ask("never_delivered").status, ask("missing_main").status]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Refund Rejected", "rejected"),
        ("Refund Limit", "refund_limit_passed"),
        ("Refund Unclear", "could_not_determine"),
        ("Refund Cash", "unsupported_payment_method"),
        ("Refund Blocked", "blocked"),
    ],
)
def test_words_in_the_address_refuse(drive, book, ask, words, code):
    """
    Every code of a refusal can be had.
    """
    book(dropoff_address=f"1 {words} Street, San Francisco, CA 94105")
    drive.advance("D-1", "delivered")
    answer = ask("entire_order_wrong")

    assert (422, code) == (answer.status, answer.body["code"])
    assert {"refund_reason", "message", "code"} == answer.body.keys()


@pytest.mark.parametrize("reason", REFUND_REASONS)
def test_no_refund_exceeds_what_was_paid(drive, book, ask, reason):
    """
    With every reason, on small and odd amounts.
    """
    book(tip=1, order_value=3)
    drive.advance("D-1", "delivered")
    body = ask(reason).body

    assert body.get("tip_refund", 0) <= 1
    assert body.get("order_value_refund", 0) <= 3
    assert body.get("delivery_fee_refund", 0) <= 975


def test_every_reason_has_a_policy():
    """
    No reason is forgotten.
    """
    assert set(REFUND_REASONS) == set(_POLICIES)
