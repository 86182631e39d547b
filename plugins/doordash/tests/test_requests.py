"""
From neutral requests to Drive's bodies: nothing lost, nothing that Drive refuses.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from doorstep.codec import encode, from_json, to_json
from doorstep.errors import UnsupportedError, ValidationError
from doorstep.models import (
    Address,
    Changes,
    Contact,
    DeliveryRequest,
    Dimensions,
    DropoffAt,
    Item,
    Money,
    PickupAt,
    Pin,
    PinSource,
    Signature,
    Stop,
    StopChanges,
    StoreRef,
    Undeliverable,
    Window,
    Windows,
)
from doorstep_doordash import DoorDashExtension, Vehicle
from doorstep_doordash._requests import to_body, to_changes

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
WINDOW = Window(AT, AT + timedelta(hours=2))


def _sent(request, business_id=None):
    make = to_changes if isinstance(request, Changes) else to_body
    return json.loads(encode(make(request, business_id)))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"tip": Money(500, "USD")}, {"tip": 500}),
        ({"order_value": Money(0, "CAD")}, {"order_value": 0}),
        (
            {"if_undeliverable": Undeliverable.RETURN},
            {"action_if_undeliverable": "return_to_pickup"},
        ),
        ({"if_undeliverable": Undeliverable.DISPOSE}, {"action_if_undeliverable": "dispose"}),
        ({"schedule": PickupAt(AT)}, {"pickup_time": "2026-11-23T10:00:00Z"}),
        ({"schedule": DropoffAt(AT)}, {"dropoff_time": "2026-11-23T10:00:00Z"}),
        (
            {"schedule": Windows(pickup=WINDOW, dropoff=WINDOW)},
            {
                name: {"start_time": "2026-11-23T10:00:00Z", "end_time": "2026-11-23T12:00:00Z"}
                for name in ("pickup_window", "dropoff_window")
            },
        ),
        ({"dropoff": {"instructions": "Ring"}}, {"dropoff_instructions": "Ring"}),
        ({"dropoff": {"contactless": False}}, {"contactless_dropoff": False}),
        ({"dropoff": {"verification": (Signature(),)}}, {"dropoff_requires_signature": True}),
        ({"contact": {"notify": False}}, {"dropoff_contact_send_notifications": False}),
        ({"contact": {"business": "Deli & Co?"}}, {"dropoff_business_name": "Deli & Co?"}),
        ({"revision": 3}, {"external_delivery_id": "D-1763.3"}),
    ],
)
def test_field_reaches_the_body(make_request, changes, expected):
    """
    What a request asks for stands in the body under DoorDash's name.
    """
    body = _sent(make_request(**changes))

    assert expected == {name: body.get(name) for name in expected}


@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        ({"locale": "fr-CA"}, {"locale": "fr-CA"}),
        ({"promotion_id": "ee680b87"}, {"promotion_id": "ee680b87"}),
        ({"contains_alcohol": False}, {"order_contains": {"alcohol": False}}),
        ({"contains_tobacco": True}, {"order_contains": {"tobacco": True}}),
        (
            {"contains_otc": True, "contains_hemp": False, "contains_pharmacy_items": True},
            {"order_contains": {"otc": True, "hemp": False, "pharmacy_items": True}},
        ),
        ({"large_order": True}, {"order_fulfillment_method": "large_order"}),
        ({"large_order": False}, {"order_fulfillment_method": "standard"}),
        (
            {"dasher_allowed_vehicles": [Vehicle.CAR, Vehicle.WALKING]},
            {"dasher_allowed_vehicles": ["car", "walking"]},
        ),
        ({"send_currency": True}, {"currency": "USD"}),
        ({}, {"currency": None, "locale": None, "order_contains": None}),
        ({}, {"order_fulfillment_method": None, "dropoff_options": None}),
    ],
)
def test_extension_reaches_the_body(make_request, extension, expected):
    """
    What only DoorDash takes is sent when it is given, and not otherwise.
    """
    body = _sent(make_request(extensions=[DoorDashExtension(**extension)]))

    assert expected == {name: body.get(name) for name in expected}


def test_item_reaches_the_body(make_request):
    """
    Every field of an item that Drive has arrives; grams become pounds, millimetres inches.
    """
    item = Item(
        name="Burrito",
        quantity=2,
        description="Beans",
        external_id="123",
        unit_price=Money(1000, "USD"),
        weight_g=1270,
        dimensions=Dimensions(length_mm=254, width_mm=71, height_mm=0),
    )
    request = make_request(
        dropoff={"items": [item, Item(name="Cup")]},
        extensions=[
            DoorDashExtension(item_volumes=[None, Decimal("5.3")], item_barcodes=["12342830041"])
        ],
    )

    assert [
        {
            "name": "Burrito",
            "quantity": 2,
            "description": "Beans",
            "external_id": "123",
            "weight": 2.7999,
            "length": 10.0,
            "width": 2.7953,
            "height": 0.0,
            "price": 1000,
            "barcode": "12342830041",
        },
        {"name": "Cup", "quantity": 1, "volume": 5.3},
    ] == _sent(request)["items"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (Address(one_line="1 Main St, Town"), "1 Main St, Town"),
        (Address(one_line="1 Main St, Town", unit="Apt 4"), "1 Main St, Town, Apt 4"),
        (Address(one_line="1 Main St apt 4, Town", unit="Apt 4"), "1 Main St apt 4, Town"),
        (Address(one_line="4 Main St, Town", unit="4"), "4 Main St, Town, 4"),
        (Address(one_line="1 Main St, Apt 44", unit="Apt 4"), "1 Main St, Apt 44, Apt 4"),
        (
            Address(
                lines=("901 Market St", "Building B"),
                unit="Fl 6",
                locality="San Francisco",
                region="CA",
                postal_code="94103",
                country="US",
            ),
            "901 Market St, Building B, Fl 6, San Francisco, CA 94103, US",
        ),
        (Address(lines=("1 Main St",), locality="Town"), "1 Main St, Town"),
        (Address(lines=("1 Main St",), locality="Town", postal_code="9"), "1 Main St, Town, 9"),
    ],
)
def test_address_is_one_line(make_request, address, expected):
    """
    An address in parts is joined by commas, in the order of DoorDash's countries.
    """
    assert expected == _sent(make_request(dropoff={"address": address}))["dropoff_address"]


def test_access_notes_are_told_with_the_instructions(make_request):
    """
    How to get in is not lost, although Drive has no field for it.
    """
    address = Address(one_line="1 Main St, Town", access_notes="Gate 1234")
    request = make_request(dropoff={"address": address, "instructions": "Ring twice"})

    assert "Gate 1234\nRing twice" == _sent(request)["dropoff_instructions"]


@pytest.mark.parametrize(
    ("ref", "business_id", "expected"),
    [
        (StoreRef(store="09", business="ase-243"), None, ("ase-243", "09")),
        (StoreRef(store="#00012"), "deli", ("deli", "#00012")),
        (StoreRef(store="s", business="own"), "deli", ("own", "s")),
    ],
)
def test_store_is_named_with_its_business(make_request, ref, business_id, expected):
    """
    A store goes out with its business; the settings name one for all stores.
    """
    body = _sent(make_request(pickup=Stop(address=Address(store_ref=ref))), business_id)

    names = ("pickup_external_business_id", "pickup_external_store_id")
    assert expected == tuple(body[name] for name in names)
    assert "pickup_address" not in body


LONG = "x" * 101


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"contact": {"given": "Ada?"}}, "dropoff.contact.given"),
        ({"contact": {"family": "[x]"}}, "dropoff.contact.family"),
        ({"contact": {"phone": "+12025550"}}, "dropoff.contact.phone"),
        ({"contact": {"phone": "+10000000000"}}, "dropoff.contact.phone"),
        ({"contact": {"phone": "+99912345678"}}, "dropoff.contact.phone"),
        ({"tip": Money(2**31, "USD")}, "tip"),
        ({"order_value": Money(1, "EUR")}, "order_value"),
        ({"tip": Money(1, "CAD")}, "order_value"),
        ({"dropoff": {"items": [Item(name=LONG)]}}, "dropoff.items[0].name"),
        ({"dropoff": {"items": [Item(name="a", quantity=101)]}}, "dropoff.items[0].quantity"),
        (
            {"dropoff": {"items": [Item(name="a"), Item(name="b", description=LONG * 5)]}},
            "dropoff.items[1].description",
        ),
        (
            {"dropoff": {"items": [Item(name="a", external_id=LONG)]}},
            "dropoff.items[0].external_id",
        ),
        ({"dropoff": {"items": [Item(name="a", weight_g=453_593)]}}, "dropoff.items[0].weight_g"),
        (
            {"dropoff": {"items": [Item(name="a", unit_price=Money(10**7, "USD"))]}},
            "dropoff.items[0].unit_price",
        ),
        (
            {"dropoff": {"items": [Item(name="a", unit_price=Money(1, "CAD"))]}},
            "order_value",
        ),
        ({"dropoff": {"address": Address(store_ref=StoreRef(store="s"))}}, "dropoff.address"),
        (
            {"pickup": Stop(address=Address(store_ref=StoreRef(store="s")))},
            "pickup.address.store_ref",
        ),
        (
            {"pickup": Stop(address=Address(store_ref=StoreRef(store="s", business="a b"[:1])))},
            "pickup.address.store_ref",
        ),
        ({"extensions": [DoorDashExtension(item_volumes=[None])]}, "extensions.item_volumes"),
        ({"extensions": [DoorDashExtension(item_barcodes=["1"])]}, "extensions.item_barcodes"),
    ],
)
def test_broken_rule_names_the_neutral_field(make_request, changes, path):
    """
    What DoorDash is certain to refuse is refused here, by our name for the field.
    """
    with pytest.raises(ValidationError) as caught:
        to_body(make_request(**changes), None)

    assert [path] == [field.path for field in caught.value.fields]
    assert caught.value.http_status is None


def test_every_broken_rule_is_told_at_once(make_request):
    """
    A shop corrects a request once, not field by field; no value is repeated.
    """
    request = make_request(contact={"given": "Ada@", "phone": "+10000000000"})

    with pytest.raises(ValidationError) as caught:
        to_body(request, None)

    assert 2 == len(caught.value.fields)
    assert "Ada" not in str(caught.value)
    assert "+1000" not in str(caught.value)


def test_leaving_goods_is_unsupported(make_request):
    """
    Goods can be returned or disposed of; DoorDash does not leave them.
    """
    with pytest.raises(UnsupportedError):
        to_body(make_request(if_undeliverable=Undeliverable.LEAVE), None)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (Changes(tip=Money(0, "USD")), {"tip": 0}),
        (
            Changes(pickup=StopChanges(reference="Bag 7", contact=Contact(business="Deli"))),
            {"pickup_reference_tag": "Bag 7", "pickup_business_name": "Deli"},
        ),
        (
            Changes(dropoff=StopChanges(contactless=True, verification=())),
            {"contactless_dropoff": True, "dropoff_requires_signature": False},
        ),
        (Changes(dropoff=StopChanges(items=())), {"items": []}),
        (Changes(schedule=DropoffAt(AT)), {"dropoff_time": "2026-11-23T10:00:00Z"}),
        (
            Changes(extensions=[DoorDashExtension(promotion_id="p", contains_alcohol=True)]),
            {"promotion_id": "p", "order_contains": {"alcohol": True}},
        ),
    ],
)
def test_update_holds_what_changes_and_nothing_else(changes, expected):
    """
    A PATCH leaves alone what the caller does not name.
    """
    assert expected == _sent(changes)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        (Changes(), ValidationError),
        (Changes(extensions=[DoorDashExtension(send_currency=True)]), ValidationError),
        (Changes(extensions=[DoorDashExtension(send_address_components=True)]), ValidationError),
        (Changes(extensions=[DoorDashExtension(locale="en-US")]), UnsupportedError),
        (Changes(extensions=[DoorDashExtension(item_barcodes=["1"])]), UnsupportedError),
        (Changes(extensions=[DoorDashExtension(large_order=False)]), UnsupportedError),
        (Changes(extensions=[DoorDashExtension(catering_setup=False)]), UnsupportedError),
        (Changes(extensions=[DoorDashExtension(return_pin=Pin())]), UnsupportedError),
    ],
)
def test_update_of_nothing_is_refused(changes, error):
    """
    An empty update is a mistake; what is fixed at the dispatch cannot be updated.
    """
    with pytest.raises(error):
        to_changes(changes, None)


@pytest.mark.parametrize(
    "values",
    [
        {"locale": "en_US"},
        {"locale": "x\r\ny"},
        {"promotion_id": ""},
        {"promotion_id": "a b"},
        {"contains_alcohol": 1},
        {"send_currency": "yes"},
        {"dasher_allowed_vehicles": ["car"]},
        {"dasher_allowed_vehicles": [Vehicle.CAR, Vehicle.CAR]},
        {"item_volumes": [5.3]},
        {"item_volumes": [Decimal("NaN")]},
        {"item_volumes": [Decimal(1000)]},
        {"item_barcodes": [12342830041]},
        {"item_barcodes": ["two words"]},
        {"large_order": "yes"},
        {"catering_setup": 0},
        {"contains_otc": "no"},
        {"contains_age_restricted_pharmacy_items": 1},
        {"return_pin": "1234"},
        {"return_pin": Pin(source=PinSource.PHONE)},
        {"return_pin": Pin(source=PinSource.CALLER)},
        {"return_pin": Pin(source=PinSource.CALLER, value="12345")},
        {"return_pin": Pin(value="1234")},
        {"send_address_components": None},
    ],
)
def test_wrong_extension_is_refused(values):
    """
    The extension is as strict as the neutral values.
    """
    with pytest.raises(ValidationError) as caught:
        DoorDashExtension(**values)

    assert f"DoorDashExtension.{next(iter(values))}" == caught.value.fields[0].path


def test_extension_survives_json(make_request):
    """
    A request with the extension can be stored and sent in another process.
    """
    extension = DoorDashExtension(
        locale="en-US",
        dasher_allowed_vehicles=[Vehicle.BICYCLE],
        item_volumes=[Decimal("0.5"), None],
        contains_alcohol=True,
        item_barcodes=[None, "5901234123457"],
        return_pin=Pin(source=PinSource.CALLER, value="0412"),
    )
    request = make_request(
        dropoff={"items": [Item(name="a"), Item(name="b")]}, extensions=[extension]
    )

    assert request == from_json(to_json(request), DeliveryRequest)
    assert to_body(request, None) == to_body(from_json(to_json(request), DeliveryRequest), None)
