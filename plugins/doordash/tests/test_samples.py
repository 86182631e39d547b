"""
DoorDash's samples field by field: what is sent, what is read, and what tells two
deliveries apart.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import attrs
import pytest

from doorstep.codec import decode, encode
from doorstep.models import (
    Address,
    Changes,
    Contact,
    Dimensions,
    DropoffAt,
    Item,
    Money,
    PickupAt,
    Stop,
    StopChanges,
    StopKind,
    StoreRef,
    Undeliverable,
    Window,
    Windows,
)
from doorstep_doordash import DoorDashExtension, Vehicle
from doorstep_doordash._requests import to_body, to_changes
from doorstep_doordash._sameness import same_delivery
from doorstep_doordash._wire import Answer

AT = datetime(2018, 8, 22, 17, 20, 28, tzinfo=UTC)
LINE = "901 Market Street 6th Floor San Francisco, CA 94103"
GATE = "Enter gate code 1234 on the callbox."
WINDOWS = Windows(pickup=Window(AT, AT.replace(hour=18)), dropoff=Window(AT, AT.replace(hour=19)))
#: What one schedule excludes in another, and the store in the address.
TIMES = ("pickup_time", "dropoff_time", "pickup_window", "dropoff_window")
EXTENSION = DoorDashExtension(
    contains_alcohol=False,
    dasher_allowed_vehicles=[Vehicle.CAR, Vehicle.BICYCLE, Vehicle.WALKING],
    item_volumes=[Decimal("5.3")],
    promotion_id="ee680b87-0016-496e-ac3c-d3f33ab54c1c",
    send_currency=True,
)
ITEM = Item(
    name="Mega Bean and Cheese Burrito",
    description="Mega Burrito contains the biggest beans of the land with extra cheese.",
    quantity=2,
    external_id="123-123443434b",
    weight_g=1270,
    unit_price=Money(1000, "USD"),
)
PICKUP = {
    "contact": Contact(business="Wells Fargo SF Downtown", phone="+16505555555"),
    "instructions": GATE,
    "reference": "Order number 61",
}
DROPOFF = {
    "address": Address(one_line=LINE),
    "contact": Contact(
        business="Wells Fargo SF Downtown",
        phone="+16505555555",
        given="John",
        family="Doe",
        notify=True,
    ),
    "instructions": GATE,
    "items": [ITEM],
    "contactless": False,
}
MONEY = {"order_value": Money(1999, "USD"), "tip": Money(599, "USD")}


@pytest.fixture(name="asked")
def _asked(make_request):
    """
    Return a maker of the request that DoorDash's sample is.
    """

    def make(pickup, schedule=WINDOWS):
        return make_request(
            pickup=Stop(address=pickup, **PICKUP),
            dropoff=DROPOFF,
            schedule=schedule,
            if_undeliverable=Undeliverable.RETURN,
            extensions=[attrs.evolve(EXTENSION, locale="en-US")],
            **MONEY,
        )

    return make


def _shown(recorded, name):
    """
    Return what a sample sends, in grams that we can say and without its four times.
    """
    shown = recorded(name)["request"]
    shown["items"][0]["weight"] = 2.7999
    return {field: value for field, value in shown.items() if field not in TIMES}


def _untimed(body):
    sent = json.loads(encode(body))
    return {field: value for field, value in sent.items() if field not in TIMES}


@pytest.mark.parametrize("name", ["quote_sample", "create_sample"])
def test_every_field_of_the_sample_is_sent(asked, recorded, name):
    """
    A request for what DoorDash's sample asks for is the sample; by the address of the
    pickup, or by its store.
    """
    shown = _shown(recorded, name)
    shown.pop("dropoff_requires_signature")  # false is what it is without
    store = {field: shown.pop(field) for field in list(shown) if "_external_" in field[:16]}
    place = shown.pop("pickup_address")
    stored = Address(store_ref=StoreRef(store="ase-243-dzs", business="ase-243-dzs"))

    assert {**shown, "pickup_address": place} == _untimed(
        to_body(asked(Address(one_line=LINE)), None)
    )
    assert {**shown, **store} == _untimed(to_body(asked(stored), None))


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (PickupAt(AT), {"pickup_time": "2018-08-22T17:20:28Z"}),
        (DropoffAt(AT), {"dropoff_time": "2018-08-22T17:20:28Z"}),
        (
            WINDOWS,
            {
                "pickup_window": {
                    "start_time": "2018-08-22T17:20:28Z",
                    "end_time": "2018-08-22T18:20:28Z",
                },
                "dropoff_window": {
                    "start_time": "2018-08-22T17:20:28Z",
                    "end_time": "2018-08-22T19:20:28Z",
                },
            },
        ),
    ],
)
def test_each_time_stands_alone(asked, schedule, expected):
    """
    One of the two times, or all four of the windows, and never more; in an update too.
    """
    sent = json.loads(encode(to_body(asked(Address(one_line=LINE), schedule), None)))

    assert expected == {field: sent[field] for field in TIMES if field in sent}
    assert expected == json.loads(encode(to_changes(Changes(schedule=schedule), None)))


def test_every_field_of_an_update_is_sent(recorded):
    """
    An update to what DoorDash's sample says is the sample; what is fixed at the dispatch
    is in neither.
    """
    dropoff = {**DROPOFF, "contact": attrs.evolve(DROPOFF["contact"], notify=None)}
    shown = _shown(recorded, "update_sample")
    shown.pop("dropoff_contact_send_notifications")  # "cannot be updated"
    store = {field: shown.pop(field) for field in list(shown) if "_external_" in field[:16]}
    place = shown.pop("pickup_address")

    def sent(address):
        changes = Changes(
            pickup=StopChanges(address=address, **PICKUP),
            dropoff=StopChanges(verification=(), **dropoff),
            if_undeliverable=Undeliverable.RETURN,
            extensions=[EXTENSION],
            **MONEY,
        )
        return _untimed(to_changes(changes, None))

    stored = Address(store_ref=StoreRef(store="ase-243-dzs", business="ase-243-dzs"))
    assert {**shown, "pickup_address": place} == sent(Address(one_line=LINE))
    assert {**shown, **store} == sent(stored)


@pytest.mark.parametrize(
    "kind",
    ["alcohol", "pharmacy_items", "age_restricted_pharmacy_items", "tobacco", "hemp", "otc"],
)
@pytest.mark.parametrize("contained", [True, False])
def test_each_kind_of_goods_is_sent(make_request, kind, contained):
    """
    What is said of the goods stands alone under DoorDash's name, and can be changed.
    """
    extension = DoorDashExtension(**{f"contains_{kind}": contained})
    sent = json.loads(encode(to_body(make_request(extensions=[extension]), None)))
    changed = json.loads(encode(to_changes(Changes(extensions=[extension]), None)))

    assert {kind: contained} == sent["order_contains"] == changed["order_contains"]


def test_size_of_an_item_can_be_told_again():
    """
    What 2.1.59 has beside of an item goes out in an update, but for the barcode.
    """
    dimensions = Dimensions(length_mm=254, width_mm=127, height_mm=0)
    changes = Changes(dropoff=StopChanges(items=[attrs.evolve(ITEM, dimensions=dimensions)]))
    (sent,) = json.loads(encode(to_changes(changes, None)))["items"]

    assert (10.0, 5.0, 0.0) == (sent["length"], sent["width"], sent["height"])


def _read(provider, delivery_id, ctx, run, answer, body):
    return run(provider.track(delivery_id, ctx), answer(body)).value


@pytest.mark.parametrize(
    "name", ["quote_sample", "accept_sample", "create_sample", "get_sample", "update_sample"]
)
def test_every_field_of_the_sample_is_read(provider, delivery_id, ctx, run, answer, recorded, name):
    """
    Each field that has a neutral place stands in it, with the sample's value; the sample
    itself stays readable.
    """
    body = recorded(name)["response"]["body"]
    found = _read(provider, delivery_id, ctx, run, answer, body)
    courier = found.courier

    assert ("D-1763", 1, "quote") == (found.reference, found.revision, found.raw_status)
    assert (AT, "86313") == (found.as_of, found.support_ref)
    assert (Money(1900, "USD"), Money(599, "USD")) == (found.price.total, found.tip)
    assert [StopKind.PICKUP, StopKind.DROPOFF, StopKind.RETURN] == [s.kind for s in found.stops]
    assert {(LINE, AT, AT)} == {(stop.address, stop.eta, stop.done_at) for stop in found.stops}
    assert ("1232142", "John D.") == (courier.id, courier.name)
    assert ("+15555555555", "+14444444444") == (courier.phone, courier.pickup_phone)
    assert ("Toyota Corolla 2006", None) == (courier.vehicle, courier.location)
    assert body == found.raw.as_dict()


@pytest.mark.parametrize(
    ("field", "hour", "place"),
    [
        ("pickup_time_estimated", 13, lambda one: (one.stops[0].eta, one.etas.pickup)),
        ("pickup_time_actual", 14, lambda one: (one.stops[0].done_at,) * 2),
        ("dropoff_time_estimated", 15, lambda one: (one.stops[1].eta, one.etas.dropoff)),
        ("dropoff_time_actual", 16, lambda one: (one.stops[1].done_at,) * 2),
        ("return_time_estimated", 17, lambda one: (one.stops[2].eta, one.etas.back)),
        ("return_time_actual", 18, lambda one: (one.stops[2].done_at, one.end.at)),
    ],
)
def test_each_time_has_its_own_place(
    provider, delivery_id, ctx, run, answer, told, field, hour, place
):
    """
    The sample's times are all the same; here each is told alone.
    """
    body = told("returned", **{field: f"2026-11-22T{hour}:00:00Z"})
    found = _read(provider, delivery_id, ctx, run, answer, body)

    assert (datetime(2026, 11, 22, hour, tzinfo=UTC),) * 2 == place(found)


def test_link_to_follow_it_is_read(provider, delivery_id, ctx, run, answer, told):
    """
    The page for the recipient, as it stands.
    """
    link = "https://doordash.com/drive/portal/track/53904a0b"
    body = told(tracking_url=link)

    assert link == _read(provider, delivery_id, ctx, run, answer, body).tracking_url


@pytest.mark.parametrize(
    ("field", "index"), [("pickup_address", 0), ("dropoff_address", 1), ("return_address", 2)]
)
def test_each_address_has_its_own_place(
    provider, delivery_id, ctx, run, answer, told, field, index
):
    """
    As DoorDash writes it.
    """
    body = told("returned", **{field: "9 Elsewhere Rd, Town"})

    stops = _read(provider, delivery_id, ctx, run, answer, body).stops
    assert [index] == [at for at, stop in enumerate(stops) if stop.address == body[field]]


#: A field that an answer repeats, and another value of it.
OTHERWISE = {
    "pickup_address": "9 Elsewhere Road, San Francisco, CA 94103",
    "pickup_instructions": "Ask for Bea",
    "pickup_reference_tag": "Order number 62",
    "dropoff_address": "9 Elsewhere Road, San Francisco, CA 94103",
    "dropoff_business_name": "Deli",
    "dropoff_phone_number": "+16505555556",
    "dropoff_instructions": "Ring",
    "dropoff_contact_given_name": "Bea",
    "dropoff_contact_family_name": "Lovelace",
    "dropoff_contact_send_notifications": False,
    "order_value": 2000,
    "contactless_dropoff": True,
    "action_if_undeliverable": "dispose",
    "order_contains": {"alcohol": True},
    "dasher_allowed_vehicles": ["car"],
    "dropoff_requires_signature": True,
    "promotion_id": "another",
}
#: What DoorDash may say otherwise about what was asked for.
OWN = {
    "locale": "fr-CA",
    "pickup_business_name": "Wells Fargo",
    "pickup_phone_number": "+16505555550",
    "pickup_external_business_id": "default",
    "pickup_external_store_id": "other",
    "tip": 900,
}


@pytest.fixture(name="same")
def _same(asked, recorded, answer):
    body = to_body(asked(Address(one_line=LINE)), None)

    def same(items=None, **changes):
        told = {**recorded("get_sample")["response"]["body"], **changes}
        told["items"] = [{**told["items"][0], **(items or {})}]
        stood, _ = decode(answer(told).body, Answer)
        return same_delivery(stood, body)

    return same


@pytest.mark.parametrize("field", OTHERWISE)
def test_field_that_is_repeated_otherwise_is_another_delivery(same, field):
    """
    What DoorDash repeats must be what was sent.
    """
    assert same()
    assert not same(**{field: OTHERWISE[field]})


@pytest.mark.parametrize(
    "item", [{"name": "Cup"}, {"quantity": 3}, {"external_id": "124"}, {"price": 999}]
)
def test_item_that_is_repeated_otherwise_is_another_delivery(same, item):
    """
    Goods go by name, number, id and price.
    """
    assert not same(item)


@pytest.mark.parametrize("field", OWN)
def test_field_of_doordashs_own_is_no_other_delivery(same, field):
    """
    A store's own name and phone win over the request's, and a tip may be raised.
    """
    assert same(**{field: OWN[field]})


@pytest.mark.parametrize(
    "item", [{"description": "x"}, {"volume": 9}, {"weight": 9}, {"length": 9}, {"barcode": "1"}]
)
def test_measure_of_an_item_is_no_other_delivery(same, item):
    """
    Measures and words about the goods are not compared.
    """
    assert same(item)


@pytest.mark.parametrize(
    ("field", "default"),
    [
        ("dropoff_contact_send_notifications", False),
        ("dropoff_contact_send_notifications", True),
        ("action_if_undeliverable", "dispose"),
        ("contactless_dropoff", True),
        ("dasher_allowed_vehicles", ["car"]),
        ("order_fulfillment_method", "standard"),
    ],
)
def test_default_of_doordash_is_no_other_delivery(make_request, answer, told, field, default):
    """
    What nobody asked for is not sent, and may come back with either of its defaults.
    """
    body = to_body(make_request(), None)
    stood, _ = decode(answer(told(**{field: default})).body, Answer)

    assert getattr(body, field) is None
    assert same_delivery(stood, body)
