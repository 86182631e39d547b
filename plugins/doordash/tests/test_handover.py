"""
What is done at the door, and addresses in parts: what 2.1.59 has and 0.2.5 has not.
"""

from __future__ import annotations

import json

import pytest

from doorstep.codec import encode
from doorstep.errors import UnsupportedError, ValidationError
from doorstep.models import (
    Address,
    Barcode,
    Changes,
    IdCheck,
    Photo,
    Pin,
    PinSource,
    Signature,
    Stop,
    StopChanges,
    StoreRef,
)
from doorstep.requirements import check_changes, check_request
from doorstep_doordash import DoorDashExtension
from doorstep_doordash._requests import to_body, to_changes

SIGNATURE = "dropoff_requires_signature"
OPTIONS = "dropoff_options"
DROPOFF_PIN = "dropoff_pin_code_verification_metadata"
RETURN_PIN = "return_pin_code_verification_metadata"
DOOR = (SIGNATURE, OPTIONS, DROPOFF_PIN, RETURN_PIN)
MINE = PinSource.CALLER


@pytest.fixture(name="door")
def _door(make_request):
    def sent(*checks, contactless=None, **extension):
        stop = {"verification": checks, "contactless": contactless}
        request = make_request(dropoff=stop, extensions=[DoorDashExtension(**extension)])
        body = json.loads(encode(to_body(request, None)))
        return {name: body[name] for name in DOOR if name in body}

    return sent


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ([], {}),
        ([Signature()], {SIGNATURE: True}),
        ([Signature(required=False)], {OPTIONS: {"signature": "preferred"}}),
        ([IdCheck()], {OPTIONS: {"id_verification": "required"}}),
        ([IdCheck(required=False)], {OPTIONS: {"id_verification": "preferred"}}),
        ([Photo()], {OPTIONS: {"proof_of_delivery": "photo_required"}}),
        (
            [Signature(), IdCheck(), Photo()],
            {
                SIGNATURE: True,
                OPTIONS: {"id_verification": "required", "proof_of_delivery": "photo_required"},
            },
        ),
    ],
)
def test_check_reaches_the_body(door, checks, expected):
    """
    Each check goes out in the field that understands it: a required signature in
    the one of both generations, the rest in the options of the newer one.
    """
    assert expected == door(*checks)


@pytest.mark.parametrize(
    ("pin", "expected"),
    [
        (Pin(), {"pin_code_type": "random_number"}),
        (Pin(source=PinSource.PHONE), {"pin_code_type": "customer_phone_number"}),
        (
            Pin(source=MINE, value="0412"),
            {"pin_code_type": "merchant_provided_number", "pin_code_value": "0412"},
        ),
    ],
)
def test_pin_reaches_the_body(door, pin, expected):
    """
    Who makes the PIN is said, and the value only where the shop makes it.
    """
    told = {OPTIONS: {"proof_of_delivery": "pin_code"}, DROPOFF_PIN: expected}

    assert told == door(pin) == door(pin, contactless=False)


@pytest.mark.parametrize(
    ("pin", "expected"),
    [
        (Pin(), {"pin_code_type": "random_number"}),
        (
            Pin(source=MINE, value="1234"),
            {"pin_code_type": "merchant_provided_number", "pin_code_value": "1234"},
        ),
    ],
)
def test_pin_of_the_return_reaches_the_body(door, pin, expected):
    """
    It stands alone: the dropoff needs none.
    """
    assert {RETURN_PIN: expected} == door(return_pin=pin)


@pytest.mark.parametrize("kind", ["alcohol", "age_restricted_pharmacy_items"])
def test_goods_of_restricted_age_require_an_id_check(door, kind):
    """
    What 2.1.59 requires is sent, whether the caller asks for it or not.
    """
    required = {OPTIONS: {"id_verification": "required"}}

    assert required == door(**{f"contains_{kind}": True})
    assert required == door(IdCheck(), **{f"contains_{kind}": True})
    assert {} == door(**{f"contains_{kind}": False})


@pytest.mark.parametrize("kind", ["pharmacy_items", "tobacco", "hemp", "otc"])
def test_other_goods_require_nothing(door, kind):
    """
    No check is made up where no document asks for one.
    """
    assert {} == door(**{f"contains_{kind}": True})


@pytest.mark.parametrize(("setup", "expected"), [(True, "required"), (False, "none")])
def test_setup_reaches_the_body(door, setup, expected):
    """
    Whether the meal is set up is one of the options.
    """
    assert {OPTIONS: {"catering_setup": expected}} == door(catering_setup=setup)


@pytest.mark.parametrize(
    ("checks", "more"),
    [
        ([Photo(), Pin()], {}),
        ([Pin(), Pin(source=PinSource.PHONE)], {}),
        ([Signature(), Signature(required=False)], {}),
        ([Pin()], {"contactless": True}),
        ([Pin(source=MINE)], {}),
        ([Pin(source=MINE, value="12345")], {}),
        ([Pin(value="1234")], {}),
        ([Pin(source=PinSource.PHONE, value="1234")], {}),
        ([IdCheck(required=False)], {"contains_alcohol": True}),
        ([IdCheck(required=False)], {"contains_age_restricted_pharmacy_items": True}),
    ],
)
def test_check_that_cannot_be_is_refused(door, checks, more):
    """
    Checks that contradict each other, or a rule of DoorDash, are refused before the
    network, without the PIN in the message.
    """
    with pytest.raises(ValidationError) as caught:
        door(*checks, **more)

    assert ["dropoff.verification"] == [field.path for field in caught.value.fields]
    assert "1234" not in str(caught.value)


@pytest.mark.parametrize(
    ("check", "capability"),
    [
        (Signature(name="Ada"), "signature"),
        (Signature(relation="self"), "signature"),
        (IdCheck(min_age=21), "id_check.min_age"),
        (Photo(required=False), "photo.required"),
        (Barcode(values=("1",)), "barcode"),
    ],
)
def test_wish_for_another_check_is_unsupported(provider, make_request, door, check, capability):
    """
    Drive has no finer checks: no age but that of the law, no photo that is only
    preferred, no signature of somebody certain.
    """
    with pytest.raises(UnsupportedError) as caught:
        door(check)
    with pytest.raises(UnsupportedError):
        check_request(make_request(dropoff={"verification": [check]}), provider.capabilities)

    assert f"dropoff.verification.{capability}" == caught.value.params["capability"]


def _changed(*checks):
    return Changes(dropoff=StopChanges(verification=checks))


def test_signature_can_be_changed(provider):
    """
    The field of both generations can be updated.
    """
    check_changes(_changed(Signature()), provider.capabilities)
    body = json.loads(encode(to_changes(_changed(Signature()), None)))

    assert {SIGNATURE: True} == body


@pytest.mark.parametrize(
    ("check", "capability"),
    [
        (Signature(required=False), "signature.required"),
        (IdCheck(), "id_check"),
        (Photo(), "photo"),
        (Pin(), "pin"),
    ],
)
def test_other_checks_cannot_be_changed(provider, check, capability):
    """
    The options of the newer generation are fixed at the dispatch.
    """
    with pytest.raises(UnsupportedError) as caught:
        to_changes(_changed(check), None)
    with pytest.raises(UnsupportedError):
        check_changes(_changed(check), provider.capabilities)

    assert f"dropoff.verification.{capability}" == caught.value.params["capability"]


def _address(**parts):
    values = {"lines": ("1 Main St", "Hall B"), "unit": "Flat 2", "locality": "Town"}
    return Address(**{**values, "region": "XY", "postal_code": "12345", **parts})


STREET = {"street_address": "1 Main St, Hall B", "sub_premise": "Flat 2"}


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("US", {"city": "Town", "state": "XY", "zip_code": "12345"}),
        ("PR", {"city": "Town", "state": "XY", "zip_code": "12345"}),
        ("CA", {"city": "Town", "province": "XY", "postal_code": "12345"}),
        ("AU", {"locality": "Town", "territory": "XY", "postal_code": "12345"}),
        ("NZ", {"locality": "Town", "postal_code": "12345"}),
    ],
)
def test_address_goes_out_in_its_countrys_parts(make_request, country, expected):
    """
    Beside the one line, under the names that its country has.
    """
    address = _address(country=country)
    request = make_request(
        pickup=Stop(address=address),
        dropoff={"address": address},
        extensions=[DoorDashExtension(send_address_components=True)],
    )
    body = json.loads(encode(to_body(request, None)))

    for side in ("pickup", "dropoff"):
        assert {**STREET, **expected, "country": country} == body[f"{side}_address_components"]
        assert body[f"{side}_address"].startswith("1 Main St, Hall B, Flat 2, Town, XY 12345")


@pytest.mark.parametrize(
    ("address", "send"),
    [
        (_address(country="US"), False),
        (_address(country="DE"), True),
        (_address(), True),
        (Address(one_line="1 Main St, Town"), True),
        (Address(one_line="1 Main St, Town", lines=("1 Main St",), country="US"), True),
    ],
)
def test_address_without_a_form_goes_out_in_one_line_alone(make_request, address, send):
    """
    Parts are sent when they are asked for, and whole; nothing is lost without them.
    """
    extension = DoorDashExtension(send_address_components=send)
    request = make_request(dropoff={"address": address}, extensions=[extension])
    body = json.loads(encode(to_body(request, None)))

    assert "dropoff_address_components" not in body
    assert body["dropoff_address"].startswith("1 Main St")


def test_parts_of_a_changed_address_are_changed(make_request):
    """
    An update tells the new parts; a store without an address has none.
    """
    extension = DoorDashExtension(send_address_components=True)
    stops = {
        "pickup": StopChanges(address=Address(store_ref=StoreRef(store="09", business="deli"))),
        "dropoff": StopChanges(address=_address(country="US")),
    }
    body = json.loads(encode(to_changes(Changes(**stops, extensions=[extension]), None)))

    assert "Town" == body["dropoff_address_components"]["city"]
    assert "pickup_address_components" not in body
