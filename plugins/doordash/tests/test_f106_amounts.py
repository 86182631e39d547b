"""
Amounts, addresses and items at the bounds that DoorDash documents.
"""

from __future__ import annotations

import json

import pytest

from doorstep.codec import encode
from doorstep.errors import DoorstepError, RequestRejectedError, ValidationError
from doorstep.models import Address, Item, Money
from doorstep.outcome import Outcome
from doorstep_doordash._requests import to_body

LARGEST = 2**31 - 1


@pytest.mark.parametrize("field", ["tip", "order_value"])
@pytest.mark.parametrize("minor", [0, 1, LARGEST])
def test_f106_amount_of_32_bits_is_sent_in_cents(make_request, field, minor):
    """
    Amounts up to the largest that DoorDash can hold are sent exactly, as whole cents.
    """
    body = json.loads(encode(to_body(make_request(**{field: Money(minor, "USD")}), None)))

    assert minor == body[field]
    assert int is type(body[field])


@pytest.mark.parametrize("field", ["tip", "order_value"])
@pytest.mark.parametrize("minor", [LARGEST + 1, 2**32, 2**63 - 1])
def test_f106_amount_beyond_32_bits_is_refused(make_request, field, minor):
    """
    A larger amount is refused before anything is sent, and never wrapped.
    """
    with pytest.raises(ValidationError) as caught:
        to_body(make_request(**{field: Money(minor, "USD")}), None)

    assert [field] == [one.path for one in caught.value.fields]


@pytest.mark.parametrize("field", ["tip", "order_value"])
def test_f106_negative_amount_is_refused(make_request, field):
    """
    Nobody is tipped less than nothing.
    """
    with pytest.raises(ValidationError, match="must not be negative"):
        make_request(**{field: Money(-1, "USD")})


@pytest.mark.parametrize(("quantity", "taken"), [(1, True), (100, True), (101, False)])
def test_f108_quantity_is_bounded(make_request, quantity, taken):
    """
    More pieces than DoorDash takes are refused by the item's place in the list.
    """
    request = make_request(dropoff={"items": [Item(name="Soup", quantity=quantity)]})
    if taken:
        assert quantity == json.loads(encode(to_body(request, None)))["items"][0]["quantity"]
        return
    with pytest.raises(ValidationError, match=r"dropoff\.items\[0\]\.quantity must be 100"):
        to_body(request, None)


@pytest.mark.parametrize(
    "where",
    [
        "PO Box 7, San Francisco, CA 94103",
        "1 Main St, San Francisco, NY 94103, US",
        "1 Main St, San Francisco, CA 94103, DE",
        "nowhere",
    ],
)
@pytest.mark.parametrize("status", [400, 422])
def test_f102_address_that_only_doordash_can_judge_is_its_refusal(
    book, answer, told, where, status
):
    """
    A post box, a postal code of another state, a country that does not fit: sent as
    written, and DoorDash's refusal tells that nothing was booked.
    """
    refused = answer(
        {
            "code": "validation_error",
            "message": "One or more fields failed validation",
            "field_errors": [{"field": "dropoff_address", "error": "invalid"}],
        },
        status,
    )

    with pytest.raises(DoorstepError) as caught:
        book(refused, dropoff={"address": Address(one_line=where)})

    assert isinstance(caught.value, RequestRejectedError)
    assert Outcome.REJECTED is caught.value.booked
    assert where not in str(caught.value)
