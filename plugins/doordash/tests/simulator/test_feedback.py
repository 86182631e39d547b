"""
Which couriers a delivery had, and their rating.
"""

from __future__ import annotations

import pytest

DELIVERIES = "/drive/v2/deliveries"
REASONS = (
    "EQUIPPED",
    "ON_TIME",
    "PATIENT_RESPECTFUL",
    "INSTRUCTIONS_FOLLOWED",
    "GREAT_COMMUNICATION",
    "CHECKED_ITEMS",
    "DASHER_UNPROFESSIONAL",
    "INSTRUCTIONS_NOT_FOLLOWED",
    "NOT_EQUIPPED",
    "STOLE_ORDER",
    "DASHER_SOMEONE_ELSE",
    "MISHANDLED_ORDER",
    "EARLY_LATE_FOR_PICKUP",
    "DASHER_NEVER_ARRIVED",
    "OTHER",
    "HARASSED_STAFF_OR_CUSTOMERS",
    "INAPPROPRIATE_BEHAVIOR",
    "UNDER_THE_INFLUENCE",
    "OTHER_BLOCK",
)


@pytest.fixture(name="assignments")
def _assignments(call):
    return lambda: call("GET", f"{DELIVERIES}/D-1/assignments").body["dashers"]


@pytest.fixture(name="rate")
def _rate(call):
    def rate(dasher, delivery="D-1", **body):
        return call("POST", f"{DELIVERIES}/{delivery}/dashers/{dasher}/rating", body)

    return rate


@pytest.fixture(name="dasher")
def _dasher(drive, call, book):
    """
    The id of the courier of a delivery that was made.
    """
    book()
    drive.advance("D-1", "delivered")
    return call("GET", f"{DELIVERIES}/D-1").body["dasher_id"]


def test_nobody_has_it_at_first(call, request_body, assignments, book):
    """
    Neither a quote nor a new delivery has a courier.
    """
    call("POST", "/drive/v2/quotes", request_body())
    quoted = assignments()
    call("POST", "/drive/v2/quotes/D-1/accept")

    assert [] == quoted == assignments()


def test_courier_is_told_with_the_time_at_the_store(drive, call, book, assignments):
    """
    The same courier as the delivery's own answer tells.
    """
    book()
    drive.advance("D-1", "confirmed")
    coming = assignments()
    drive.clock.step(330)
    told = call("GET", f"{DELIVERIES}/D-1").body
    there = assignments()

    named = {"dasher_id": told["dasher_id"], "first_name": "TAS-DASHER-01", "last_name": "Tas"}
    assert told["dasher_name"] == "TAS-DASHER-01 T."
    assert [named] == coming
    assert [{**named, "dasher_at_store_time": "2026-11-22T10:05:30.123456Z"}] == there


def test_courier_who_dropped_out_stays_in_the_history(drive, book, assignments):
    """
    With the time and a reason; the next one comes after.
    """
    book()
    drive.advance("D-1", "arrived_at_pickup")
    drive.clock.step(5)
    drive.advance("D-1", "created")
    left = assignments()
    drive.advance("D-1", "confirmed")
    first, second = assignments()

    assert [first] == left
    assert "2026-11-22T10:00:05.123456Z" == first["unassigned_time"]
    assert first["unassigned_reason"]
    assert not {"unassigned_time", "unassigned_reason", "dasher_at_store_time"} & second.keys()
    assert first["dasher_id"] != second["dasher_id"]


@pytest.mark.parametrize("rating", [-1, 0, 1])
def test_rating_is_taken(drive, rate, dasher, rating):
    """
    200 with the JSON string "SUCCESS"; the books have it.
    """
    answer = rate(dasher, rating=rating, comment="Rang twice.", mood="fine")

    assert (200, "SUCCESS") == (answer.status, answer.body)
    assert [{"dasher_id": dasher, "rating": rating, "comment": "Rang twice."}] == (
        drive.books()[0]["ratings"]
    )


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_taken(drive, rate, dasher, reason):
    """
    Those of the feedback API.
    """
    assert 200 == rate(dasher, rating=-1, feedback_reason=reason).status
    assert reason == drive.books()[0]["ratings"][0]["feedback_reason"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "rating"),
        ({"rating": 2}, "rating"),
        ({"rating": True}, "rating"),
        ({"rating": "1"}, "rating"),
        ({"rating": 1, "feedback_reason": "on_time"}, "feedback_reason"),
        ({"rating": 1, "comment": 5}, "comment"),
    ],
)
def test_rating_that_is_wrong_is_refused(drive, rate, dasher, body, field):
    """
    400 names the field, and nothing is written down.
    """
    answer = rate(dasher, **body)

    assert (400, [field]) == (answer.status, [one["field"] for one in answer.body["field_errors"]])
    assert [] == drive.books()[0]["ratings"]


def test_courier_who_never_had_it_is_not_rated(rate, dasher):
    """
    404, as for a delivery that was never booked.
    """
    other, none = rate(dasher + 1, rating=1), rate(dasher, "D-9", rating=1)

    assert (404, "unknown_dasher_id") == (other.status, other.body["code"])
    assert (404, "unknown_delivery_id") == (none.status, none.body["code"])


def test_courier_who_dropped_out_is_rated(drive, book, assignments, rate):
    """
    For not coming, perhaps.
    """
    book()
    drive.advance("D-1", "confirmed")
    drive.advance("D-1", "created")
    answer = rate(assignments()[0]["dasher_id"], rating=-1, feedback_reason="DASHER_NEVER_ARRIVED")

    assert 200 == answer.status


def test_assignments_of_an_unknown_delivery_are_not_found(call):
    """
    404 with its id.
    """
    answer = call("GET", f"{DELIVERIES}/D-9/assignments")

    assert (404, "D-9") == (answer.status, answer.body["external_delivery_id"])
