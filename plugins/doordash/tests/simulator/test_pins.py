"""
PIN codes: which are allowed, and what the courier asks for in the end.
"""

from __future__ import annotations

import pytest

DELIVERIES = "/drive/v2/deliveries"
DROPOFF = "dropoff_pin_code_verification_metadata"
RETURN = "return_pin_code_verification_metadata"
PIN_CODE = {"proof_of_delivery": "pin_code"}
MINE = {"pin_code_type": "merchant_provided_number", "pin_code_value": "0412"}


def test_pin_of_the_phone_is_its_last_four_digits(drive, book):
    """
    The default; brackets and spaces are no digits, and the answer does not tell it.
    """
    book(dropoff_options=PIN_CODE, dropoff_phone_number="+1(650)555 12-34")

    assert {"dropoff": "1234"} == drive.books()[0]["pins"]


def test_pin_follows_the_phone(drive, call, book):
    """
    An update of the phone is one of the PIN.
    """
    book(dropoff_options=PIN_CODE)
    call("PATCH", f"{DELIVERIES}/D-1", {"dropoff_phone_number": "+16505559876"})

    assert {"dropoff": "9876"} == drive.books()[0]["pins"]


def test_random_pin_is_the_one_that_is_told(drive, book):
    """
    The books have what the answer has.
    """
    random = {"pin_code_type": "random_number"}
    told = book(dropoff_options=PIN_CODE, **{DROPOFF: random, RETURN: random}).body

    assert {
        "dropoff": told[DROPOFF]["pin_code_value"],
        "return": told[RETURN]["pin_code_value"],
    } == drive.books()[0]["pins"]


def test_pin_of_the_callers_own_is_asked_for(drive, book):
    """
    With its zero in front.
    """
    book(dropoff_options=PIN_CODE, **{DROPOFF: MINE})

    assert {"dropoff": "0412"} == drive.books()[0]["pins"]


def test_without_a_wish_there_is_none(drive, book):
    """
    Other proofs need no PIN.
    """
    book(dropoff_options={"proof_of_delivery": "photo_required"})

    assert {} == drive.books()[0]["pins"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"dropoff_options": PIN_CODE, "contactless_dropoff": True}, "dropoff_options"),
        ({DROPOFF: MINE}, DROPOFF),
        (
            {"dropoff_options": {"proof_of_delivery": "photo_required"}, DROPOFF: MINE},
            DROPOFF,
        ),
        (
            {"dropoff_options": PIN_CODE, DROPOFF: {**MINE, "pin_code_value": "412"}},
            f"{DROPOFF}.pin_code_value",
        ),
        (
            {"dropoff_options": PIN_CODE, DROPOFF: {**MINE, "pin_code_value": "04a2"}},
            f"{DROPOFF}.pin_code_value",
        ),
        (
            {"dropoff_options": PIN_CODE, DROPOFF: {**MINE, "pin_code_value": 412}},
            f"{DROPOFF}.pin_code_value",
        ),
        (
            {"dropoff_options": PIN_CODE, DROPOFF: {"pin_code_type": MINE["pin_code_type"]}},
            DROPOFF,
        ),
        (
            {"dropoff_options": PIN_CODE, DROPOFF: {**MINE, "pin_code_type": "random_number"}},
            DROPOFF,
        ),
        (
            {"dropoff_options": PIN_CODE, DROPOFF: {"pin_code_type": "birthday"}},
            f"{DROPOFF}.pin_code_type",
        ),
        ({RETURN: {"pin_code_type": "customer_phone_number"}}, f"{RETURN}.pin_code_type"),
    ],
)
def test_pin_that_is_wrong_is_refused(drive, call, request_body, changes, field):
    """
    400 names the field, and nothing is booked.
    """
    answer = call("POST", DELIVERIES, request_body(**changes))

    assert (400, [field]) == (answer.status, [one["field"] for one in answer.body["field_errors"]])
    assert [] == drive.books()
