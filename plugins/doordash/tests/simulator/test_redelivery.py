"""
Delivering again: what is inherited, and when it is refused.
"""

from __future__ import annotations

import pytest

DELIVERIES = "/drive/v2/deliveries"
TIME = "2026-11-22T12:00:00Z"


@pytest.fixture(name="again")
def _again(call):
    def again(delivery="D-1", new="D-2", **changes):
        body = {"external_delivery_id": new, **changes}
        return call("POST", f"{DELIVERIES}/{delivery}/redelivery", body)

    return again


@pytest.mark.parametrize("ending", ["delivered", "cancelled", "returned"])
def test_what_has_ended_is_delivered_again(drive, book, again, ending):
    """
    200: a new delivery under the new id, like the old one where nothing else was said.
    """
    old = book(action_if_undeliverable="return_to_pickup", dropoff_instructions="Ring.").body
    drive.advance("D-1", "picked_up")
    drive.advance("D-1", ending)
    answer = again(tip=100, pickup_time=TIME)
    kept = old.keys() - {
        "external_delivery_id",
        "tip",
        "tracking_url",
        "support_reference",
        "updated_at",
        "pickup_time_estimated",
        "dropoff_time_estimated",
    }

    assert (200, "D-2", "created", 100) == (
        answer.status,
        answer.body["external_delivery_id"],
        answer.body["delivery_status"],
        answer.body["tip"],
    )
    assert {name: old[name] for name in kept} == {name: answer.body[name] for name in kept}
    assert TIME == answer.body["pickup_time_estimated"]
    assert [("D-1", 1, 1), ("D-2", 1, 1)] == [
        (one["id"], one["commits"], one["attempts"]) for one in drive.books()
    ]


def test_times_are_not_inherited(drive, book, again):
    """
    Those of the old delivery have passed.
    """
    book(pickup_time="2026-11-22T10:30:00Z")
    drive.advance("D-1", "delivered")
    drive.clock.step(7200)

    assert 200 == again().status


def test_another_pickup_address_leaves_the_store(drive, book, again):
    """
    The ids of the old delivery's store do not win over what is asked for now.
    """
    drive.register_store("deli", "09", address="2 Mission St", phone_number="+12065551212")
    book(pickup_external_business_id="deli", pickup_external_store_id="09")
    drive.advance("D-1", "cancelled")
    same = again().body
    drive.advance("D-2", "confirmed")
    other = again(new="D-3", pickup_address="3 Mission St").body

    assert ["2 Mission St", "3 Mission St"] == [one["pickup_address"] for one in (same, other)]


@pytest.mark.parametrize("status", ["created", "confirmed", "picked_up"])
def test_what_is_under_way_is_not_delivered_again(drive, book, again, status):
    """
    422 with the reason, and nothing is booked.
    """
    book()
    if status != "created":
        drive.advance("D-1", status)

    assert _refusal("delivery_not_completed_or_cancelled") == _told(again())
    assert ["D-1"] == [one["id"] for one in drive.books()]


def test_quote_is_not_delivered_again(call, request_body, again):
    """
    Nothing was delivered.
    """
    call("POST", "/drive/v2/quotes", request_body())

    assert _refusal("delivery_not_valid_for_redelivery") == _told(again())


def test_window_closes_with_the_words(drive, book, again):
    """
    "Closed Window" in the dropoff address of the old delivery.
    """
    book(dropoff_address="1 Closed Window Way, San Francisco, CA 94105")
    drive.advance("D-1", "delivered")

    assert _refusal("redelivery_window_closed") == _told(again())


def test_second_redelivery_waits_for_the_courier_of_the_first(drive, book, again):
    """
    Until then the first is in progress.
    """
    book()
    drive.advance("D-1", "cancelled")
    first, second = again(), again(new="D-3")
    drive.advance("D-2", "confirmed")

    assert 200 == first.status
    assert _refusal("redelivery_creation_in_progress") == _told(second)
    assert 200 == again(new="D-3").status


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("Faraway", "distance_too_long"),
        ("Nowhere", "delivery_address_not_in_coverage"),
        ("Midnight", "outside_of_delivery_time"),
    ],
)
def test_coverage_is_a_reason_of_its_own_code(drive, book, again, word, reason):
    """
    The reasons of a create, under ``redelivery_not_allowed``.
    """
    book()
    drive.advance("D-1", "delivered")
    answer = again(dropoff_address=f"1 {word} Street, San Francisco, CA 94105")

    assert _refusal(reason) == _told(answer)
    assert 200 == again().status


def test_pickup_out_of_coverage_is_a_reason(drive, book, again):
    """
    The fourth of them is about the pickup.
    """
    book()
    drive.advance("D-1", "delivered")

    assert _refusal("pickup_address_not_in_coverage") == _told(again(pickup_address="1 Nowhere St"))


@pytest.mark.parametrize(
    ("delivery", "changes", "status", "code"),
    [
        ("D-9", {}, 404, "unknown_delivery_id"),
        ("D-1", {"new": "D-1"}, 400, "validation_error"),
        ("D-1", {"new": "a b"}, 400, "validation_error"),
        ("D-1", {"tip": "600"}, 400, "validation_error"),
        ("D-1", {"new": "D-0"}, 409, "duplicate_delivery_id"),
        ("D-1", {"pickup_external_business_id": "biz"}, 400, "validation_error"),
    ],
)
def test_wrong_requests_are_refused(drive, book, again, delivery, changes, status, code):
    """
    As those of a create; the old id is no new one.
    """
    book("D-0")
    book()
    drive.advance("D-1", "delivered")
    answer = again(delivery, **changes)

    assert (status, code) == (answer.status, answer.body["code"])
    assert 2 == len(drive.books())


def test_new_id_is_required(drive, call, book):
    """
    400 names it.
    """
    book()
    drive.advance("D-1", "delivered")
    answer = call("POST", f"{DELIVERIES}/D-1/redelivery", {})

    assert (400, "external_delivery_id") == (
        answer.status,
        answer.body["field_errors"][0]["field"],
    )


def test_lost_answer_of_a_redelivery_books_once(drive, book, again):
    """
    The second request finds the first in progress, and one delivery is in the books.
    """
    book()
    drive.advance("D-1", "delivered")
    drive.faults.arm("error_500_after", "redelivery")
    statuses = [again().status for _ in range(2)]

    assert [500, 422] == statuses
    assert [1, 1] == [one["commits"] for one in drive.books()]


def _refusal(reason):
    return 422, "redelivery_not_allowed", reason


def _told(answer):
    return answer.status, answer.body["code"], answer.body.get("reason")
