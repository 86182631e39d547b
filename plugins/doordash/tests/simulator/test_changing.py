"""
Update and cancel: what is allowed when.
"""

from __future__ import annotations

import pytest

DELIVERY = "/drive/v2/deliveries/D-1"
CANCEL = f"{DELIVERY}/cancel"
COLD = {"reason_code": "cold_chain", "should_create_return_delivery": True}
RETURNS = {"action_if_undeliverable": "return_to_pickup"}
ON_BOARD = ["picked_up", "enroute_to_dropoff", "arrived_at_dropoff"]
RETURNING = ["enroute_to_return", "arrived_at_return"]


@pytest.fixture(name="at")
def _at(drive, book):
    """
    Book a delivery and bring it to a status.
    """

    def at(status, **changes):
        book(**{**RETURNS, **changes})
        if status in {*RETURNING, "returned"}:
            drive.advance("D-1", "picked_up")
        if status != "created":
            drive.advance("D-1", status)

    return at


def _refusal(code, message, reason):
    return 409, {"code": code, "message": message, "reason": reason}


def _no_cancel(reason):
    return _refusal("cancel_not_allowed", "Cancellation is no longer possible", reason)


def _no_update(reason):
    return _refusal("update_not_allowed", "Update is no longer possible", reason)


@pytest.mark.parametrize("body", [None, {}, {"reason_code": "cold_chain"}, COLD])
@pytest.mark.parametrize(
    "status", ["created", "confirmed", "enroute_to_pickup", "arrived_at_pickup"]
)
def test_cancel_is_allowed_until_the_pickup(drive, call, at, status, body):
    """
    By its creator; with a body or without.
    """
    at(status)
    answer = call("PUT", CANCEL, body)

    assert (200, "cancelled", "cancelled_by_creator") == (
        answer.status,
        answer.body["delivery_status"],
        answer.body["cancellation_reason"],
    )
    assert [("cancelled", False)] == [(e["status"], e["live"]) for e in drive.books()]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        *((status, "delivery_picked_up") for status in ON_BOARD + RETURNING),
        ("delivered", "delivery_completed"),
        ("returned", "delivery_completed"),
        ("cancelled", "delivery_cancelled"),
    ],
)
def test_cancel_is_refused_with_the_reason(call, at, status, reason):
    """
    409, and the delivery stays as it is.
    """
    at(status)
    answer = call("PUT", CANCEL)

    assert _no_cancel(reason) == (answer.status, answer.body)
    assert status == call("GET", DELIVERY).body["delivery_status"]


def test_cancel_twice_is_refused(drive, call, at):
    """
    The second answer is 409 ``delivery_cancelled``; the first one holds.
    """
    at("created")
    answers = [call("PUT", CANCEL) for _ in range(2)]

    assert 200 == answers[0].status
    assert _no_cancel("delivery_cancelled") == (answers[1].status, answers[1].body)
    assert "cancelled" == drive.books()[0]["status"]


def test_cancel_notices_the_pickup_by_itself(drive, call, at):
    """
    A courier who picked up meanwhile is too far, though nobody looked.
    """
    at("created")
    drive.clock.step(510)

    assert "delivery_picked_up" == call("PUT", CANCEL).body["reason"]


@pytest.mark.parametrize("status", ON_BOARD)
def test_cancel_sends_back_what_must_stay_cold(call, at, status):
    """
    A return instead of a refusal, for the cold chain alone.
    """
    at(status)
    answer = call("PUT", CANCEL, COLD)

    assert (200, "enroute_to_return") == (answer.status, answer.body["delivery_status"])
    assert "cancellation_reason" not in answer.body


def test_cancel_of_warm_goods_returns_nothing(call, at):
    """
    Without the wish for a return the refusal stands.
    """
    at("picked_up")
    body = {"reason_code": "cold_chain", "should_create_return_delivery": False}

    assert "delivery_picked_up" == call("PUT", CANCEL, body).body["reason"]


@pytest.mark.parametrize(("words", "courier"), [("Closed Window", False), ("Open Window", True)])
def test_windows_close_only_with_a_courier_and_the_words(drive, call, at, words, courier):
    """
    Neither the words nor a courier alone closes the window.
    """
    at("confirmed" if courier else "created", dropoff_address=f"1 {words} Street, Reno")

    assert 200 == call("PATCH", DELIVERY, {"tip": 1}).status
    assert 200 == call("PUT", CANCEL).status


def test_closed_windows_refuse_both(call, at):
    """
    The reasons that name a window, which nothing else provokes before the pickup.
    """
    at("confirmed", dropoff_address="1 Closed Window Street, Reno")
    cancelled, updated = call("PUT", CANCEL), call("PATCH", DELIVERY, {"tip": 1})

    assert _no_cancel("cancellation_window_closed") == (cancelled.status, cancelled.body)
    assert _no_update("update_window_closed") == (updated.status, updated.body)


@pytest.mark.parametrize(
    ("seconds", "reason"), [(0, "delivery_creation_in_progress"), (301, "delivery_abandoned")]
)
def test_quotes_are_neither_cancelled_nor_updated(drive, call, request_body, seconds, reason):
    """
    Before the acceptance, and after the chance for it is gone.
    """
    call("POST", "/drive/v2/quotes", request_body())
    drive.clock.step(seconds)
    cancelled, updated = call("PUT", CANCEL), call("PATCH", DELIVERY, {"tip": 1})

    assert _no_cancel(reason) == (cancelled.status, cancelled.body)
    assert _no_update(reason) == (updated.status, updated.body)


@pytest.mark.parametrize("method", ["PATCH", "PUT", "POST"])
def test_unknown_ids_are_refused(call, method):
    """
    404 for update, cancel and refund.
    """
    path, body = {
        "PATCH": (DELIVERY, {"tip": 1}),
        "PUT": (CANCEL, None),
        "POST": (f"{DELIVERY}/refunds", {"refund_reason": "missing_main"}),
    }[method]
    answer = call(method, path, body)

    assert (404, "unknown_delivery_id", "D-1") == (
        answer.status,
        answer.body["code"],
        answer.body["external_delivery_id"],
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tip", 700),
        ("pickup_instructions", "Ring twice"),
        ("pickup_phone_number", "+16505550000"),
        ("dropoff_phone_number", "+16505550000"),
        ("order_value", 1),
        ("items", [{"name": "a", "quantity": 1}]),
        ("action_if_undeliverable", "dispose"),
    ],
)
@pytest.mark.parametrize("status", ["created", "arrived_at_pickup"])
def test_update_changes_what_it_names(call, at, status, field, value):
    """
    Before the pickup, and nothing else with it.
    """
    at(status)
    before = call("GET", DELIVERY).body
    answer = call("PATCH", DELIVERY, {field: value})

    assert 200 == answer.status
    assert {**before, field: value} == answer.body == call("GET", DELIVERY).body


def test_update_tells_when(drive, call, at):
    """
    ``updated_at`` moves with a change.
    """
    at("created")
    drive.clock.step(7)

    assert (
        "2026-11-22T10:00:07.123456456Z" == call("PATCH", DELIVERY, {"tip": 1}).body["updated_at"]
    )


def test_update_of_the_tip_is_in_the_books(drive, call, at):
    """
    The tip is what the shop will pay.
    """
    at("created")
    call("PATCH", DELIVERY, {"tip": 0})

    assert 0 == drive.books()[0]["tip"]


@pytest.mark.parametrize(
    "changes",
    [
        {"dropoff_contact_send_notifications": True},
        {"dropoff_options": {"signature": "required"}},
        {"external_delivery_id": "D-2"},
        {"from_the_future": 1},
    ],
)
def test_update_ignores_what_cannot_be_updated(call, at, changes):
    """
    DoorDash's sample of an update holds such a field, so it is no error.
    """
    at("created")
    before = call("GET", DELIVERY).body
    answer = call("PATCH", DELIVERY, changes)

    assert (200, before) == (answer.status, answer.body)


def test_update_leaves_the_fee_alone(call, request_body):
    """
    A price that rose with the acceptance stays; only a promotion changes it.
    """
    address = "1 Price Rise Road, San Francisco, CA 94105"
    call("POST", "/drive/v2/quotes", request_body(dropoff_address=address))
    call("POST", "/drive/v2/quotes/D-1/accept")
    fees = [
        call("PATCH", DELIVERY, changes).body["fee"]
        for changes in ({"tip": 1}, {"promotion_id": "half-price"}, {"tip": 2})
    ]

    assert [1175, 487, 487] == fees


@pytest.mark.parametrize("status", ON_BOARD + RETURNING)
def test_update_after_the_pickup_reaches_the_door(call, at, status):
    """
    The tip and what the courier needs at the door, and nothing else.
    """
    at(status)
    answer = call("PATCH", DELIVERY, {"pickup_instructions": "x", "tip": 1})

    assert 200 == call("PATCH", DELIVERY, {"tip": 1, "dropoff_instructions": "Ring"}).status
    assert _no_update("delivery_picked_up") == (answer.status, answer.body)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("delivered", "delivery_completed"),
        ("returned", "delivery_completed"),
        ("cancelled", "delivery_cancelled"),
    ],
)
def test_update_after_the_end_is_refused(call, at, status, reason):
    """
    409, whatever is to be changed.
    """
    at(status)
    answer = call("PATCH", DELIVERY, {"tip": 1})

    assert _no_update(reason) == (answer.status, answer.body)


def test_update_moves_the_schedule(drive, call, at):
    """
    A new time replaces the old one, also of the other kind.
    """
    at("created", pickup_time="2026-11-22T12:00:00Z")
    answer = call("PATCH", DELIVERY, {"dropoff_time": "2026-11-22T15:00:00Z"})
    drive.clock.step(5 * 3600)

    assert "2026-11-22T15:00:00Z" == answer.body["dropoff_time_estimated"]
    assert "2026-11-22T15:00:00.000000Z" == call("GET", DELIVERY).body["dropoff_time_actual"]


def test_update_of_times_needs_a_waiting_delivery(call, at):
    """
    With a courier under way the window is closed.
    """
    at("confirmed")
    answer = call("PATCH", DELIVERY, {"pickup_time": "2026-11-22T12:00:00Z"})

    assert _no_update("update_window_closed") == (answer.status, answer.body)


def test_update_of_an_old_schedule_is_not_refused_for_it(drive, call, at):
    """
    A pickup time that has passed meanwhile does not stand in the way of a tip.
    """
    at("enroute_to_pickup", pickup_time="2026-11-22T10:01:00Z")
    drive.clock.step(299)

    assert 200 == call("PATCH", DELIVERY, {"tip": 1}).status


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"dropoff_address": "1 Faraway Street, Reno"}, 422),
        ({"pickup_address": "1 Nowhere Street, Reno"}, 422),
        ({"contactless_dropoff": True}, 400),
        ({"pickup_external_business_id": "biz"}, 400),
        ({"pickup_time": "2018-08-22T17:20:28Z"}, 400),
    ],
)
def test_update_is_checked_with_what_is_there(call, at, changes, status):
    """
    A change that makes no sense with the rest changes nothing.
    """
    at("created")
    before = call("GET", DELIVERY).body
    answer = call("PATCH", DELIVERY, changes)

    assert status == answer.status
    assert before == call("GET", DELIVERY).body
