"""
What 2.1.59 has beside: PINs, signatures, parts of fee and tax, returns.
"""

from __future__ import annotations

import re

import pytest

DELIVERIES = "/drive/v2/deliveries"
DROPOFF_PIN = "dropoff_pin_code_verification_metadata"
RETURN_PIN = "return_pin_code_verification_metadata"
PIN_CODE = {"proof_of_delivery": "pin_code"}
RANDOM = {"pin_code_type": "random_number"}
PINS = (DROPOFF_PIN, RETURN_PIN)


@pytest.fixture(name="get")
def _get(call):
    return lambda: call("GET", f"{DELIVERIES}/D-1").body


@pytest.mark.parametrize(
    ("field", "more"),
    [(DROPOFF_PIN, {"dropoff_options": PIN_CODE}), (RETURN_PIN, {})],
)
def test_pin_is_made_when_it_is_booked(call, request_body, get, field, more):
    """
    A quote has none; the delivery has four digits, the same at every reading.
    """
    body = request_body(**{field: RANDOM}, **more)
    quoted = call("POST", "/drive/v2/quotes", body).body
    accepted = call("POST", "/drive/v2/quotes/D-1/accept").body

    assert RANDOM == quoted[field]
    assert re.fullmatch("[0-9]{4}", accepted[field]["pin_code_value"])
    assert accepted[field] == get()[field]


def test_pins_of_two_deliveries_differ(book):
    """
    Nobody's PIN opens another's parcel.
    """
    wish = {"dropoff_options": PIN_CODE, DROPOFF_PIN: RANDOM, RETURN_PIN: RANDOM}
    told = [book(f"D-{number}", **wish).body for number in (1, 2)]

    assert 4 == len({one[name]["pin_code_value"] for one in told for name in PINS})


def test_pin_without_a_kind_is_of_the_phone(book):
    """
    The default of 2.1.59; its digits are not told.
    """
    told = book(dropoff_options=PIN_CODE).body[DROPOFF_PIN]

    assert {"pin_code_type": "customer_phone_number"} == told


def test_pin_of_the_callers_own_comes_back(book):
    """
    It is repeated as it was sent.
    """
    mine = {"pin_code_type": "merchant_provided_number", "pin_code_value": "0412"}

    assert mine == book(**{RETURN_PIN: mine}).body[RETURN_PIN]


@pytest.mark.parametrize(
    ("wish", "signed"),
    [
        ({"dropoff_requires_signature": True}, True),
        ({"dropoff_options": {"signature": "required"}}, True),
        ({"dropoff_options": {"signature": "preferred"}}, True),
        ({"dropoff_options": {"signature": "none"}}, False),
        ({"dropoff_requires_signature": False}, False),
        ({}, False),
    ],
)
def test_signature_is_there_where_it_was_asked_for(drive, book, get, wish, signed):
    """
    In the field of either generation; it is collected at the door.
    """
    book(**wish)
    before = get()
    drive.advance("D-1", "delivered")

    assert "dropoff_signature_image_url" not in before
    assert signed == ("dropoff_signature_image_url" in get())


def test_parts_of_the_fee_sum_to_it(book):
    """
    A promotion is a part of its own; without one there are no parts, as recorded.
    """
    told = book(promotion_id="half-price").body

    assert ["distance_based_fee", "promotion"] == [one["type"] for one in told["fee_components"]]
    assert told["fee"] == sum(one["amount"] for one in told["fee_components"]) == 487
    assert [] == book("D-2").body["fee_components"]


def test_parts_of_the_tax_sum_to_it_in_canada(book):
    """
    Elsewhere there is neither.
    """
    told, other = book(currency="CAD").body, book("D-2").body

    assert told["tax"] == sum(one["amount"] for one in told["tax_components"]) == 48
    assert ([], False) == (other["tax_components"], "tax" in other)


def test_return_has_its_times_and_its_place(drive, book, get):
    """
    Expected from the turn on, happened when it is over; where it was picked up.
    """
    book(action_if_undeliverable="return_to_pickup", **{RETURN_PIN: RANDOM})
    drive.advance("D-1", "picked_up")
    before = get()
    drive.advance("D-1", "enroute_to_return")
    under_way = get()
    drive.advance("D-1", "returned")

    assert not {"return_time_estimated", "return_address"} & before.keys()
    assert before["pickup_address"] == under_way["return_address"]
    assert "return_time_actual" not in under_way
    assert get()["return_time_actual"]


def test_request_of_the_newer_generation_is_taken(call, recorded):
    """
    What the plugin sends when everything is asked for is good, and comes back.
    """
    body = recorded("create_newer")["request"]
    answer = call("POST", DELIVERIES, body)
    rewritten = {"pickup_address", "dropoff_address", DROPOFF_PIN}

    assert 200 == answer.status, answer.body
    assert set(body) <= set(answer.body)
    assert {} == {
        name: value
        for name, value in body.items()
        if name not in rewritten and value != answer.body[name]
    }
