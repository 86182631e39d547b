"""
Whether a delivery under a taken id is the one that was asked for: the newer wishes.
"""

from __future__ import annotations

import pytest

from doorstep.codec import decode
from doorstep.models import IdCheck, Pin, PinSource, Signature
from doorstep_doordash import DoorDashExtension
from doorstep_doordash._requests import to_body
from doorstep_doordash._sameness import same_delivery
from doorstep_doordash._wire import Answer

DROPOFF_PIN = "dropoff_pin_code_verification_metadata"
RETURN_PIN = "return_pin_code_verification_metadata"
MINE = {"pin_code_type": "merchant_provided_number", "pin_code_value": "0412"}


@pytest.fixture(name="same")
def _same(make_request, answer, told):
    def same(asked, **stands):
        extension = DoorDashExtension(
            contains_alcohol=True,
            contains_otc=False,
            large_order=True,
            return_pin=Pin(source=PinSource.CALLER, value="0412"),
        )
        checks = [Signature(required=False), IdCheck(), Pin()]
        wishes = {"dropoff": {"verification": checks}, "extensions": [extension]}
        body = to_body(make_request(**(wishes if asked else {})), None)
        stood, _ = decode(answer(told(**stands)).body, Answer)
        return same_delivery(stood, body)

    return same


@pytest.mark.parametrize(
    "stands",
    [
        {},
        {"order_contains": None, "dropoff_options": {}, DROPOFF_PIN: {}},
        {"order_contains": {"alcohol": True}},
        {"order_contains": {"alcohol": True, "otc": False, "tobacco": False, "hemp": True}},
        {"dropoff_options": {"signature": "preferred", "catering_setup": "none"}},
        {DROPOFF_PIN: {"pin_code_type": "random_number", "pin_code_value": "1234"}},
        {RETURN_PIN: MINE},
        {"order_fulfillment_method": "large_order"},
    ],
)
def test_what_doordash_fills_in_makes_no_difference(same, stands):
    """
    Defaults and a PIN of DoorDash's making are nobody's wish.
    """
    assert same(True, **stands)
    assert same(False, **stands)


@pytest.mark.parametrize(
    "stands",
    [
        {"order_contains": {"alcohol": False}},
        {"order_contains": {"alcohol": True, "otc": True}},
        {"dropoff_options": {"id_verification": "none"}},
        {"dropoff_options": {"signature": "required"}},
        {"dropoff_options": {"proof_of_delivery": "photo_required"}},
        {DROPOFF_PIN: {"pin_code_type": "customer_phone_number"}},
        {RETURN_PIN: {"pin_code_type": "random_number"}},
        {RETURN_PIN: {**MINE, "pin_code_value": "0413"}},
        {"order_fulfillment_method": "standard"},
    ],
)
def test_wish_that_stands_otherwise_is_another_delivery(same, stands):
    """
    A delivery with other checks at the door is never taken for the one asked for.
    """
    assert not same(True, **stands)
    assert same(False, **stands)
