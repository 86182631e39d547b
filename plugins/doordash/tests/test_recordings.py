"""
Bodies that others published: each is read, and what is invented is not believed.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from doorstep import errors as e
from doorstep.codec import encode
from doorstep.models import (
    Address,
    ComponentKind,
    Contact,
    DeliveryId,
    Dimensions,
    IdCheck,
    Item,
    Milestone,
    Money,
    Pin,
    PinSource,
    RefundReason,
    RefundStatus,
    Signature,
    Status,
    Stop,
    StopKind,
    StopStatus,
    Undeliverable,
)
from doorstep_doordash import DoorDashExtension
from doorstep_doordash._errors import refusal
from doorstep_doordash._requests import to_body
from doorstep_doordash._wire import (
    Answer,
    Body,
    DropoffOptions,
    ItemBody,
    OrderContains,
    RefundBody,
)

RECORDINGS = {
    path.stem: json.loads(path.read_text())
    for path in sorted((Path(__file__).parent.parent / "recordings").glob("*.json"))
}
ANSWERS = {name: one for name, one in RECORDINGS.items() if one["response"]}

READ = {
    "quote_sample": Status.DRAFT,
    "quote_sandbox": Status.DRAFT,
    "quote_fake": Status.DRAFT,
    "quote_canada": Status.DRAFT,
    "accept_sample": Status.DRAFT,
    "create_sample": Status.DRAFT,
    "create_created": Status.PENDING,
    "create_newer": Status.PENDING,
    "get_sample": Status.DRAFT,
    "get_picked_up": Status.PICKED_UP,
    "get_returned": Status.RETURNED,
    "get_invented": Status.PENDING,
    "update_sample": Status.DRAFT,
    "cancel_sample": Status.DRAFT,
}
REFUSED = {
    "quote_distance_too_long": e.OutOfCoverageError,
    "quote_duplicate_fake": e.DuplicateError,
    "accept_unknown_fake": e.DeliveryNotFoundError,
    "cancel_refused_fake": e.UnclassifiedCarrierError,
    "any_401_fake": e.AuthenticationError,
    "error_authentication": e.AuthenticationError,
    "error_authorization": e.AccountForbiddenError,
    "error_cancel_not_allowed": e.NotCancellableError,
    "error_duplicate_delivery": e.DuplicateError,
    "error_missing_business_id": e.ValidationError,
    "error_outside_of_delivery_time": e.OutsideHoursError,
    "error_service_fault": e.CarrierInternalError,
    "error_unknown_business": e.AccountNotFoundError,
    "error_unknown_delivery": e.DeliveryNotFoundError,
    "error_update_not_allowed": e.NotModifiableError,
    "error_validation": e.ValidationError,
}
UNUSABLE = {
    "quote_minimal": "$.external_delivery_id",
    "quote_invented": "$.delivery_status",
    "accept_minimal": "$.external_delivery_id",
    "create_without_delivery_status": "$.delivery_status",
}
REFUNDS = {
    "refund_partial": RefundStatus.PARTIAL,
    "refund_already_refunded": RefundStatus.ALREADY_REFUNDED,
    "refund_rejected": RefundStatus.DENIED,
}


def _track(provider, ctx, run, answer, name):
    body = RECORDINGS[name]["response"]["body"]
    delivery = DeliveryId("doordash", "downtown", body.get("external_delivery_id", "D-1763"))
    return run(provider.track(delivery, ctx), answer(body)).value


def test_every_recording_is_read():
    """
    No recording lies unused.
    """
    assert set(ANSWERS) == {*READ, *REFUSED, *UNUSABLE, *REFUNDS}


@pytest.mark.parametrize("name", RECORDINGS)
def test_recording_states_its_origin(name):
    """
    Every recording says where it comes from, and what it is not.
    """
    one = RECORDINGS[name]

    assert one["origin"] in {"sandbox", "documentation", "synthetic"}
    assert one["source"]
    assert {"date", "api_version", "note", "operation", "request", "response"} <= set(one)


@pytest.mark.parametrize(("name", "expected"), READ.items())
def test_delivery_is_read(provider, ctx, run, answer, name, expected):
    """
    A delivery of any source is read, its price exact, its body kept.
    """
    delivery = _track(provider, ctx, run, answer, name)
    body = RECORDINGS[name]["response"]["body"]

    assert expected is delivery.status
    assert Money(body["fee"], body["currency"]) == delivery.price.total
    assert body == delivery.raw.as_dict()


@pytest.mark.parametrize(("name", "expected"), REFUSED.items())
def test_refusal_is_classified(answer, name, expected):
    """
    Each refusal is the error that its words say.
    """
    one = RECORDINGS[name]

    error = refusal(answer(one["response"]["body"], one["response"]["status"]), one["operation"])
    assert expected is type(error)


@pytest.mark.parametrize(("name", "path"), UNUSABLE.items())
def test_unusable_answer_names_the_path(provider, ctx, run, answer, name, path):
    """
    An answer without an id or a status is not believed.
    """
    with pytest.raises(e.InvalidAnswerError) as caught:
        _track(provider, ctx, run, answer, name)

    assert path == caught.value.params["path"]


@pytest.mark.parametrize(("name", "expected"), REFUNDS.items())
def test_refund_is_decided(provider, delivery_id, ctx, run, answer, told, name, expected):
    """
    A decision is read from whatever status it comes with.
    """
    response = RECORDINGS[name]["response"]
    flow = provider.refund(delivery_id, RefundReason.CANCELLED_ORDER, ctx)
    ran = run(flow, answer(told("delivered")), answer(response["body"], response["status"]))

    assert expected is ran.value.status


def test_invented_fields_are_not_believed(provider, ctx, run, answer):
    """
    A body that was made up fills no field with what it made up.
    """
    negative = {name for name, one in RECORDINGS.items() if one.get("negative")}
    delivery = _track(provider, ctx, run, answer, "get_invented")

    assert {"get_invented", "quote_invented", "create_without_delivery_status"} == negative
    assert delivery.courier.phone is None
    assert {"contains_alcohol", "force_batch_id", "dasher_phone_number"} <= set(delivery.raw)


def test_wire_has_every_field_of_the_samples():
    """
    No field of Drive 0.2.5, of a request or an answer, is missing in the wire
    classes, nor one of those that 2.1.59 has beside; and they have no others.
    """
    older, newer = RECORDINGS["create_sample"]["request"], RECORDINGS["create_newer"]["request"]

    for name in ("quote_sample", "create_sample", "update_sample", "accept_sample"):
        assert set(RECORDINGS[name]["request"]) <= _names(Body)
        assert set(RECORDINGS[name]["response"]["body"]) <= _names(Answer)
    assert {*older, *newer} == _names(Body)
    assert {*older["items"][0], *newer["items"][0]} == _names(ItemBody)
    assert set(newer["order_contains"]) == _names(OrderContains)
    assert set(newer["dropoff_options"]) == _names(DropoffOptions)
    assert set(RECORDINGS["refund_partial"]["request"]) == _names(RefundBody)
    told = {*RECORDINGS["get_sample"]["response"]["body"], *_answer("get_returned")}
    assert LEFT_TO_RAW == told - _names(Answer)


#: What 2.1.59 tells and no neutral value has a place for.
LEFT_TO_RAW = {
    "dropoff_time_estimated_pre_checkout",
    "dropped_items",
    "shipping_label",
    "shopped_items",
}


def _answer(name):
    return RECORDINGS[name]["response"]["body"]


NEWER_ITEM = Item(
    name="Mega Bean and Cheese Burrito",
    quantity=2,
    external_id="123-123443434b",
    unit_price=Money(1000, "USD"),
    weight_g=1270,
    dimensions=Dimensions(length_mm=71, width_mm=71, height_mm=71),
)


def _in_parts(street, unit, postal_code):
    parts = {"locality": "San Francisco", "region": "CA", "country": "US"}
    return Address(lines=(street,), unit=unit, postal_code=postal_code, **parts)


def test_request_of_the_newer_generation_is_what_is_sent(make_request):
    """
    A neutral request that asks for all that 2.1.59 has becomes the body in the file.
    """
    no = ("pharmacy_items", "age_restricted_pharmacy_items", "tobacco", "hemp", "otc")
    extension = DoorDashExtension(
        contains_alcohol=True,
        **{f"contains_{kind}": False for kind in no},
        item_volumes=[Decimal("5.3")],
        item_barcodes=["12342830041"],
        large_order=True,
        catering_setup=True,
        return_pin=Pin(source=PinSource.CALLER, value="1234"),
        send_address_components=True,
    )
    request = make_request(
        pickup=Stop(
            address=_in_parts("901 Market Street", "6th Floor", "94103"),
            contact=Contact(phone="+16505555555"),
        ),
        contact={"given": "John", "family": "Doe"},
        dropoff={
            "address": _in_parts("1 Hackathon Way", "Apt. 121", "94105"),
            "contactless": False,
            "items": [NEWER_ITEM],
            "verification": [Signature(required=False), IdCheck(), Pin()],
        },
        if_undeliverable=Undeliverable.RETURN,
        extensions=[extension],
    )

    assert RECORDINGS["create_newer"]["request"] == json.loads(encode(to_body(request, None)))


def test_answer_of_the_newer_generation_is_read(provider, ctx, run, answer):
    """
    The PIN that DoorDash made stands at the dropoff, the caller's own nowhere; the
    fee has its parts, and the dropoff its bounds.
    """
    delivery = _track(provider, ctx, run, answer, "create_newer")
    pickup, dropoff = delivery.stops

    assert (None, "0412") == (pickup.pin, dropoff.pin)
    assert Milestone.PIN_ISSUED in delivery.milestones
    assert timedelta(minutes=15) == dropoff.latest - dropoff.earliest
    assert [1400, 100, 600, -200] == [part.amount.minor for part in delivery.price.components]
    assert {ComponentKind.FEE} == {part.kind for part in delivery.price.components}
    assert delivery.price.total.minor == sum(p.amount.minor for p in delivery.price.components)


def test_return_of_the_newer_generation_is_read(provider, ctx, run, answer):
    """
    Goods that came back: where, when, when they were expected, and with which PIN.
    """
    delivery = _track(provider, ctx, run, answer, "get_returned")
    back = delivery.stops[2]

    assert (StopKind.RETURN, StopStatus.DONE, "2060") == (back.kind, back.status, back.pin)
    assert datetime(2018, 8, 22, 18, 40, 28, 123456, tzinfo=UTC) == back.done_at
    assert datetime(2018, 8, 22, 18, 30, 28, tzinfo=UTC) == back.eta
    assert (back.done_at, back.eta) == (delivery.end.at, delivery.etas.back)
    assert back.address.startswith("901 Market St")
    assert LEFT_TO_RAW < set(delivery.raw)


def test_tax_in_parts_is_read(provider, ctx, run, answer):
    """
    The parts of the tax are told apart from those of the fee, and sum to the tax.
    """
    price = _track(provider, ctx, run, answer, "quote_canada").price
    by_kind = {
        kind: {one.raw_name: one.amount.minor for one in price.components if one.kind is kind}
        for kind in ComponentKind
    }

    assert {"distance_based_fee": 1900} == by_kind[ComponentKind.FEE]
    assert {"gst_hst": 247, "pst": 273} == by_kind[ComponentKind.TAX]
    assert Money(520, "CAD") == price.tax_amount


def _names(kind):
    return {field.name for field in attrs.fields(kind)}
