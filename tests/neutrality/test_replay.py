"""
Every documented body of a carrier that the core was not made for, read by the core as it is.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from tests.neutrality.mapping import STATUSES
from tests.neutrality.samples import NOW, PICKUP, REQUEST, flow, order

from doorstep import errors
from doorstep.codec import from_json, to_json
from doorstep.models import (
    Actor,
    Contact,
    Coordinates,
    Delivery,
    EndReason,
    Goods,
    Milestone,
    Money,
    Status,
    StoreRef,
)
from doorstep.outcome import Outcome, Retry

#: Where each recording is read.
READ_BY = {
    "callback_request": "receive",
    "cancel_203": "cancel",
    "cancel_404": "cancel",
    "cancel_500": "cancel",
    "cancel_order_request": "cancel",
    "coordinates_200": "track",
    "coordinates_404": "track",
    "create_order_400": "dispatch",
    "create_order_401": "dispatch",
    "create_order_422": "dispatch",
    "create_order_request": "dispatch",
    "estimate_fee_200": "quote",
    "estimate_fee_400": "quote",
    "estimate_fee_500": "quote",
    "estimate_order_request": "quote",
    "estimate_time_200": "quote",
    "estimate_time_422": "quote",
    "estimate_time_500": "quote",
    "get_order_200": "track",
    "get_order_404": "track",
    "get_outlet_404": "outlet",
    "outlet": "outlet",
    "proof_of_delivery_404": "proof",
    "proof_of_delivery_500": "proof",
    "update_400": "update",
    "update_405": "update",
    "update_422": "update",
    "upsert_outlet_500": "outlet",
}


def test_every_recording_is_walked() -> None:
    """
    No body is left out, and each tells where it comes from.
    """
    files = sorted((Path(__file__).parent / "recordings").glob("*.json"))

    assert sorted(READ_BY) == [file.stem for file in files]
    for file in files:
        told = json.loads(file.read_text())
        assert "documentation" == told["origin"]
        assert told["source"].startswith("github:api-evangelist/delivery-hero@")


def test_track_reads_empty_text_as_not_told(rider, replay) -> None:
    """
    Without a rider there are no times and nobody to look for.
    """
    delivery, requests = replay(flow(rider, "track"), "get_order_200")

    assert 1 == len(requests)
    assert (Status.PENDING, "NEW", None) == (delivery.status, delivery.raw_status, delivery.end)
    assert (None, None, None) == (delivery.courier, delivery.etas.pickup, delivery.etas.dropoff)
    assert (Money(817, "SGD"), NOW) == (delivery.price.total, delivery.as_of)
    assert "20 Esplanade Drive" == delivery.stops[1].address
    assert "1234" == delivery.raw["delivery_tasks"]["handover_confirmation"]["drop_off"]["code"]


def test_courier_is_found_in_a_second_call(rider, replay, recording) -> None:
    """
    The rider's place is somewhere else; a 404 there means that it is not known.
    """
    moving = order(recording, status="PICKED_UP", driver={"id": "12324", "name": "Panda Go"})
    found, requests = replay(flow(rider, "track"), (200, moving), "coordinates_200")
    unknown, _ = replay(flow(rider, "track"), (200, moving), "coordinates_404")

    assert "/orders/y0ud-000001/coordinates" == requests[1].target
    assert Coordinates(lat="1.2857488", lng="103.8548608") == found.courier.location
    assert (None, "Panda Go") == (unknown.courier.location, unknown.courier.name)


def test_callback_is_read_with_its_misspelt_key(rider, recording) -> None:
    """
    ``extimated_pickup_time`` is what arrives.
    """
    delivery = rider.receive(json.dumps(recording("callback_request")["body"]).encode())

    assert (Status.PICKED_UP, None) == (delivery.status, delivery.end)
    assert datetime(2018, 9, 13, 1, 30, 52, 123_000, tzinfo=UTC) == delivery.etas.pickup
    assert Decimal("1.2923742") == delivery.courier.location.lat
    assert delivery == from_json(to_json(delivery), Delivery)


@pytest.mark.parametrize("raw", [*STATUSES, "DELAYED", "TELEPORTED"])
def test_every_status_is_a_delivery(rider, replay, recording, raw) -> None:
    """
    Each of the carrier's words, and one that nobody knows, is a value.
    """
    delivery = rider.receive(json.dumps(order(recording, status=raw)).encode())

    assert raw == delivery.raw_status
    assert STATUSES.get(raw, Status.UNKNOWN) is delivery.status
    assert delivery.status.terminal == (delivery.end is not None)


@pytest.mark.parametrize(
    ("raw", "milestone"),
    [
        ("NEAR_VENDOR", Milestone.NEAR_PICKUP),
        ("NEAR_CUSTOMER", Milestone.NEAR_DROPOFF),
        ("DELAYED", Milestone.DELAYED),
    ],
)
def test_near_and_late_are_milestones(rider, recording, raw, milestone) -> None:
    """
    Near is not there, and late is no place on the way.
    """
    delivery = rider.receive(json.dumps(order(recording, status=raw)).encode())

    assert {milestone} == delivery.milestones
    assert not delivery.status.terminal


@pytest.mark.parametrize(
    ("raw", "status", "goods"),
    [
        ("CANCELLED", Status.CANCELLED, Goods.UNKNOWN),
        ("RETURNED_TO_VENDOR", Status.RETURNED, Goods.RETURNED),
    ],
)
def test_cancellation_says_who_and_why(rider, recording, raw, status, goods) -> None:
    """
    Reason and source become an end; goods returned may follow a cancel.
    """
    end = rider.receive(json.dumps(order(recording, status=raw)).encode()).end

    assert (Actor.CALLER, EndReason.REQUESTED) == (end.actor, end.reason)
    assert ("MISTAKE_ERROR", goods) == (end.raw_reason, end.goods)


@pytest.mark.parametrize(
    ("name", "kind", "booked"),
    [
        ("estimate_fee_400", errors.ValidationError, Outcome.REJECTED),
        ("estimate_fee_500", errors.CarrierInternalError, Outcome.NOT_SENT),
        ("estimate_time_422", errors.OutOfCoverageError, Outcome.REJECTED),
        ("estimate_time_500", errors.CarrierInternalError, Outcome.NOT_SENT),
        ("create_order_400", errors.ValidationError, Outcome.REJECTED),
        ("create_order_401", errors.AuthenticationError, Outcome.REJECTED),
        ("create_order_422", errors.OutOfCoverageError, Outcome.REJECTED),
        ("get_order_404", errors.DeliveryNotFoundError, Outcome.REJECTED),
        ("cancel_404", errors.DeliveryNotFoundError, Outcome.REJECTED),
        ("cancel_500", errors.CarrierInternalError, Outcome.NOT_SENT),
        ("update_400", errors.ValidationError, Outcome.REJECTED),
        ("update_405", errors.AccountForbiddenError, Outcome.REJECTED),
        ("update_422", errors.NotModifiableError, Outcome.REJECTED),
        ("proof_of_delivery_500", errors.CarrierInternalError, Outcome.NOT_SENT),
    ],
)
def test_prose_is_classified_and_not_repeated(rider, replay, recording, name, kind, booked) -> None:
    """
    Status and prose decide the class; the prose itself stays out of the message.
    """
    before = ["estimate_fee_200"] if name.startswith("estimate_time") else []

    with pytest.raises(errors.ProviderError) as caught:
        replay(flow(rider, READ_BY[name]), *before, name)

    answer = recording(name)["response"]
    assert (kind, booked) == (type(caught.value), caught.value.booked)
    assert answer["status"] == caught.value.http_status
    assert answer["body"]["message"] not in str(caught.value)


def test_missing_fields_are_named_out_of_the_prose(rider, replay) -> None:
    """
    Names of fields are machine words, even in a sentence.
    """
    with pytest.raises(errors.ValidationError) as caught:
        replay(flow(rider, "dispatch"), "create_order_400")

    assert ["recipient", "payment_method"] == [field.path for field in caught.value.fields]


def test_failure_of_a_dispatch_is_unknown(rider, replay) -> None:
    """
    The same 500 that is harmless elsewhere may have booked a rider here.
    """
    with pytest.raises(errors.OutcomeUnknownError) as caught:
        replay(flow(rider, "dispatch"), "cancel_500")

    assert (Outcome.UNKNOWN, Retry.LOOK_UP_FIRST) == (caught.value.booked, caught.value.retryable)
    assert REQUEST.reference == caught.value.reference


def test_new_prose_is_unclassified(rider, replay) -> None:
    """
    What nobody has described is not guessed.
    """
    with pytest.raises(errors.UnclassifiedCarrierError):
        replay(flow(rider, "track"), (422, {"message": "the stars are wrong"}))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("get_outlet_404", errors.AccountNotFoundError),
        ("upsert_outlet_500", errors.CarrierInternalError),
    ],
)
def test_outlets_refuse_in_the_same_words(replay, recording, name, kind) -> None:
    """
    Outlets are pickup places that the carrier knows; their refusals need no new class.
    """
    from tests.neutrality.refusals import refusal

    from doorstep.http import Response

    answer = recording(name)["response"]
    body = json.dumps(answer["body"]).encode()
    response = Response(status=answer["status"], body=body, sent_at=NOW, received_at=NOW)

    assert kind is type(refusal("outlet", response))


def test_outlet_is_a_place_and_a_contact(recording) -> None:
    """
    A registered pickup is a store reference with coordinates, and a business.
    """
    body = recording("outlet")["body"]
    point = Coordinates(lat=str(body["latitude"]), lng=str(body["longitude"]))
    store = StoreRef(store=body["client_vendor_id"])
    address = attrs.evolve(PICKUP.address, store_ref=store, locality=body["city"])

    assert point == address.coordinates
    assert body["address"] == address.one_line
    assert body["phone_number"] == Contact(business=body["name"], phone=body["phone_number"]).phone
