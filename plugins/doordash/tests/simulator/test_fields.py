"""
What a request may say, field by field and all together.
"""

from __future__ import annotations

import pytest

from doorstep_doordash.simulator._fields import REFUND_REASONS

BIG = 2**31
LONG = "x" * 101
DROPOFF_PIN = "dropoff_pin_code_verification_metadata"
RETURN_PIN = "return_pin_code_verification_metadata"
PIN_CODE = {"proof_of_delivery": "pin_code"}
MINE = {"pin_code_type": "merchant_provided_number"}


def _item(**changes):
    return [{"name": "Burrito", "quantity": 2, **changes}]


@pytest.fixture(name="quote")
def _quote(call, request_body):
    def quote(delivery="D-1", **changes):
        return call("POST", "/drive/v2/quotes", request_body(delivery, **changes))

    return quote


FULL = {
    "locale": "en-US",
    "pickup_business_name": "Wells Fargo SF Downtown",
    "pickup_instructions": "Enter gate code 1234 on the callbox.",
    "pickup_reference_tag": "Order number 61",
    "dropoff_business_name": "Wells Fargo SF Downtown",
    "dropoff_instructions": "Enter gate code 1234 on the callbox.",
    "dropoff_contact_given_name": "José",
    "dropoff_contact_family_name": "O'Neil-Doe",
    "dropoff_contact_send_notifications": True,
    "currency": "CAD",
    "items": [
        {
            "name": "Mega Bean and Cheese Burrito",
            "description": "The biggest beans of the land.",
            "quantity": 2,
            "external_id": "123-123443434b",
            "volume": 5.3,
            "weight": 2.8,
            "length": 10,
            "width": 2.8,
            "height": 0,
            "price": 1000,
            "barcode": 12342830041,
        }
    ],
    "contactless_dropoff": False,
    "action_if_undeliverable": "return_to_pickup",
    "order_contains": {"alcohol": True, "tobacco": False},
    "dasher_allowed_vehicles": ["car", "bicycle", "walking"],
    "dropoff_requires_signature": False,
    "promotion_id": "ee680b87-0016-496e-ac3c-d3f33ab54c1c",
    "dropoff_options": {
        "signature": "preferred",
        "id_verification": "required",
        "proof_of_delivery": "pin_code",
        "catering_setup": "none",
    },
    "dropoff_pin_code_verification_metadata": {
        "pin_code_type": "merchant_provided_number",
        "pin_code_value": "0412",
    },
    "return_pin_code_verification_metadata": {"pin_code_type": "random_number"},
    "order_fulfillment_method": "large_order",
    "pickup_address_components": {"city": "San Francisco", "sub_premise": "6th Floor"},
    "dropoff_address_components": {"city": "San Francisco", "state": "CA", "country": "US"},
}


def test_every_field_is_taken_and_echoed(quote):
    """
    What is sent comes back, but for the addresses, which are normalised.
    """
    answer = quote(**FULL)

    assert answer.status == 200
    assert answer.body == {**answer.body, **FULL, "tip": 599, "order_value": 1999}


@pytest.mark.parametrize(
    "changes",
    [
        {"items": _item(quantity=1, price=0, weight=0, volume=0, length=0)},
        {"items": _item(quantity=100, price=9_999_999, weight=999.9995, volume=999.9995)},
        {"items": _item(name="x" * 100, description="x" * 500, external_id="x" * 100)},
        {"items": []},
        {"order_value": 0, "tip": 0},
        {"order_value": BIG - 1, "tip": BIG - 1},
        {"dropoff_location": {"lat": 123.13, "lng": -37.2}},
    ],
)
def test_the_ends_of_every_range_are_taken(quote, changes):
    """
    The limits themselves are allowed.
    """
    assert quote(**changes).status == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("external_delivery_id", 5),
        ("external_delivery_id", "a b"),
        ("external_delivery_id", ""),
        ("external_delivery_id", "a/b"),
        ("locale", "english please"),
        ("locale", 1),
        ("pickup_address", 1),
        ("pickup_address", "  "),
        ("dropoff_address", ["1 Way"]),
        ("dropoff_address", ""),
        ("pickup_business_name", 1),
        ("pickup_instructions", 1),
        ("pickup_reference_tag", 61),
        ("dropoff_business_name", 1),
        ("dropoff_instructions", {}),
        ("dropoff_contact_given_name", "A@b"),
        ("dropoff_contact_given_name", "A;b"),
        ("dropoff_contact_family_name", "[Doe]"),
        ("dropoff_contact_family_name", "Do~e"),
        ("dropoff_contact_send_notifications", "true"),
        ("dropoff_requires_signature", 1),
        ("order_value", -1),
        ("order_value", BIG),
        ("order_value", 19.99),
        ("order_value", "1999"),
        ("order_value", True),
        ("tip", "600"),
        ("tip", -1),
        ("tip", BIG),
        ("currency", "NZD"),
        ("currency", 840),
        ("contactless_dropoff", "no"),
        ("action_if_undeliverable", "return"),
        ("promotion_id", 1),
        ("pickup_time", "tomorrow"),
        ("pickup_time", "2026-11-22T12:00:00"),
        ("pickup_time", "2026-11-22"),
        ("pickup_time", "2026-13-22T12:00:00Z"),
        ("pickup_time", 1_800_000_000),
        ("pickup_window", []),
        ("dropoff_location", [37.7, -122.4]),
        ("dropoff_cash_on_delivery", 1.5),
        ("order_fulfillment_method", "drone"),
        ("order_route_type", "oneway"),
        ("dasher_allowed_vehicles", "car"),
        ("order_contains", ["alcohol"]),
        ("items", {}),
        ("dropoff_options", "none"),
    ],
)
def test_a_wrong_value_is_refused_by_the_fields_name(drive, quote, field, value):
    """
    400 names the field; the id stays free.
    """
    answer = quote(**{field: value})

    assert (400, "validation_error") == (answer.status, answer.body["code"])
    assert [field] == [error["field"] for error in answer.body["field_errors"]]
    assert answer.body["message"] == "One or more request values couldn't be validated."
    assert quote().status == 200


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"items": _item(name="")}, "items[0].name"),
        ({"items": _item(name=LONG)}, "items[0].name"),
        ({"items": [{"quantity": 1}]}, "items[0].name"),
        ({"items": [{"name": "a"}]}, "items[0].quantity"),
        ({"items": _item(quantity=0)}, "items[0].quantity"),
        ({"items": _item(quantity=101)}, "items[0].quantity"),
        ({"items": _item(quantity=1.0)}, "items[0].quantity"),
        ({"items": _item(description="x" * 501)}, "items[0].description"),
        ({"items": _item(external_id=LONG)}, "items[0].external_id"),
        ({"items": _item(volume=1000)}, "items[0].volume"),
        ({"items": _item(weight=-0.1)}, "items[0].weight"),
        ({"items": _item(weight="1")}, "items[0].weight"),
        ({"items": _item(length=-1)}, "items[0].length"),
        ({"items": _item(price=10_000_000)}, "items[0].price"),
        ({"items": _item(price=9.99)}, "items[0].price"),
        ({"items": _item(barcode=[])}, "items[0].barcode"),
        ({"items": _item(item_options={})}, "items[0].item_options.substitution_preference"),
        ({"items": [1]}, "items[0]"),
        ({"order_contains": {"alcohol": "yes"}}, "order_contains.alcohol"),
        ({"dasher_allowed_vehicles": ["car", "drone"]}, "dasher_allowed_vehicles[1]"),
        ({"dropoff_location": {"lat": "37", "lng": 0}}, "dropoff_location.lat"),
        ({"pickup_window": {"start_time": "now"}}, "pickup_window.start_time"),
        ({"dropoff_options": {"signature": "yes"}}, "dropoff_options.signature"),
        ({"dropoff_address_components": {"country": "DE"}}, "dropoff_address_components.country"),
        (
            {"dropoff_pin_code_verification_metadata": {"pin_code_value": "12345"}},
            "dropoff_pin_code_verification_metadata.pin_code_value",
        ),
        (
            {"return_pin_code_verification_metadata": {"pin_code_type": "customer_phone_number"}},
            "return_pin_code_verification_metadata.pin_code_type",
        ),
    ],
)
def test_a_wrong_value_inside_is_refused_by_its_path(quote, changes, path):
    """
    The field of an error inside an object or array is its path.
    """
    answer = quote(**changes)

    assert answer.status == 400
    assert path in [error["field"] for error in answer.body["field_errors"]]


@pytest.mark.parametrize(
    "field", ["external_delivery_id", "dropoff_address", "dropoff_phone_number"]
)
@pytest.mark.parametrize("path", ["/drive/v2/quotes", "/drive/v2/deliveries"])
def test_a_missing_field_is_refused(call, request_body, path, field):
    """
    What 0.2.5 requires must be there.
    """
    answer = call("POST", path, request_body(**{"delivery": "D-1", field: None}))

    assert answer.status == 400
    assert [{"field": field, "error": f"missing {field}"}] == answer.body["field_errors"]


@pytest.mark.parametrize(
    "phone", ["+16505555555", "+1(650)5555555", "+1 650-555-5555", "+61 2 9374 4000"]
)
def test_phones_with_a_country_code_are_taken_as_sent(quote, phone):
    """
    They come back as they were sent, parentheses and all.
    """
    assert phone == quote(dropoff_phone_number=phone).body["dropoff_phone_number"]


@pytest.mark.parametrize("phone", ["(202) 555-0199", "6505555555", "", "1-650-555-5555"])
def test_phones_without_a_country_code_are_an_unknown_format(quote, phone):
    """
    The text that the sandbox was seen to send.
    """
    answer = quote(dropoff_phone_number=phone)
    error = {"field": "dropoff_phone_number", "error": "Unknown phone number format"}

    assert (400, [error]) == (answer.status, answer.body["field_errors"])
    assert answer.body["message"] == "Unknown phone number format"


@pytest.mark.parametrize(
    "phone",
    ["+1202", "+1202555019x", "+0123456789", "+12025550199123", "+1٢025550199", 12025550199],
)
def test_phones_that_cannot_be_dialled_are_refused(quote, phone):
    """
    A country code alone does not make a number.
    """
    answer = quote(pickup_phone_number=phone)

    assert (400, "pickup_phone_number") == (
        answer.status,
        answer.body["field_errors"][0]["field"],
    )


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"pickup_address": None}, ["pickup_address"]),
        ({"pickup_phone_number": None}, ["pickup_phone_number"]),
        ({"pickup_external_business_id": "biz"}, ["pickup_external_store_id"]),
        ({"pickup_external_store_id": "sto"}, ["pickup_external_business_id"]),
        (
            {"pickup_time": "2026-11-22T12:00:00Z", "dropoff_time": "2026-11-22T13:00:00Z"},
            ["dropoff_time"],
        ),
        ({"pickup_time": "2026-11-22T09:00:00Z"}, ["pickup_time"]),
        ({"dropoff_time": "2018-08-22T17:20:28Z"}, ["dropoff_time"]),
        (
            {"action_if_undeliverable": "return_to_pickup", "contactless_dropoff": True},
            ["action_if_undeliverable"],
        ),
        (
            {"order_contains": {"alcohol": True}, "dropoff_options": {"id_verification": "none"}},
            ["dropoff_options"],
        ),
        (
            {
                "order_contains": {"age_restricted_pharmacy_items": True},
                "dropoff_options": {"id_verification": "preferred"},
            },
            ["dropoff_options"],
        ),
        ({"dropoff_options": PIN_CODE, "contactless_dropoff": True}, ["dropoff_options"]),
        ({DROPOFF_PIN: {"pin_code_type": "random_number"}}, [DROPOFF_PIN]),
        ({"dropoff_options": PIN_CODE, DROPOFF_PIN: MINE}, [DROPOFF_PIN]),
        ({"dropoff_options": PIN_CODE, DROPOFF_PIN: {"pin_code_value": "1234"}}, [DROPOFF_PIN]),
        ({RETURN_PIN: MINE}, [RETURN_PIN]),
        (
            {RETURN_PIN: {"pin_code_type": "random_number", "pin_code_value": "1234"}},
            [RETURN_PIN],
        ),
        ({"items": _item(external_id="suspended-1")}, ["item external_id"]),
        (
            {
                "items": _item(
                    item_options={
                        "substitution_preference": "refund",
                        "weight_unit": "lbs",
                        "substitute_item_ids": ["a"],
                        "merchant_recommended_substitute_item_ids": ["b"],
                    }
                )
            },
            ["items"],
        ),
    ],
)
def test_fields_that_contradict_each_other_are_refused(quote, changes, fields):
    """
    Each value is good by itself; together they are not.
    """
    answer = quote(**changes)

    assert answer.status == 400
    assert fields == [error["field"] for error in answer.body["field_errors"]]


@pytest.mark.parametrize(
    "pickup",
    [
        {"pickup_address": None, "pickup_phone_number": None},
        {},
    ],
)
def test_a_store_stands_for_address_and_phone(drive, quote, pickup):
    """
    The store's address wins over the request's.
    """
    drive.register_store("biz", "09", address="2 Mission St, San Francisco, CA 94105")
    answer = quote(pickup_external_business_id="biz", pickup_external_store_id="09", **pickup)

    assert answer.status == 200
    assert answer.body["pickup_address"] == "2 Mission St, San Francisco, CA 94105"
    assert answer.body["pickup_external_store_id"] == "09"


def test_a_business_that_is_not_the_callers_is_forbidden(quote):
    """
    403 with the documented body.
    """
    answer = quote(pickup_external_business_id="forbidden-1", pickup_external_store_id="sto")

    assert (403, "authorization_error") == (answer.status, answer.body["code"])


@pytest.mark.parametrize(
    ("business", "store", "field"),
    [
        ("other", "09", "pickup_external_business_id"),
        ("biz", "other", "pickup_external_store_id"),
    ],
)
def test_a_store_that_does_not_exist_is_named(drive, quote, business, store, field):
    """
    The text of DoorDash's page on errors.
    """
    drive.register_store("biz", "09", address="2 Mission St, San Francisco, CA 94105")
    answer = quote(pickup_external_business_id=business, pickup_external_store_id=store)
    error = "The following external ids were not found: [other]"

    assert 400 == answer.status
    assert [{"field": field, "error": error}] == answer.body["field_errors"]


def test_unknown_fields_are_forgotten(quote):
    """
    A field of another version is neither refused nor echoed.
    """
    answer = quote(from_the_future={"a": 1}, shipping_label_config={})

    assert answer.status == 200
    assert not {"from_the_future", "shipping_label_config"} & answer.body.keys()


def test_all_refund_reasons_are_known():
    """
    The nine of the guide.
    """
    assert len(set(REFUND_REASONS)) == 9
