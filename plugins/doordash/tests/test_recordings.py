"""
Bodies that others published: what they are, and what of DoorDash's own is in them.

That each is read as its file says, and no invented one believed, is the replay of the
contract.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from doorstep.models import (
    ComponentKind,
    DeliveryId,
    Milestone,
    Money,
    StopKind,
    StopStatus,
)
from doorstep_doordash._wire import (
    Answer,
    Body,
    DropoffOptions,
    ItemBody,
    OrderContains,
    RefundBody,
)

FOLDER = Path(__file__).parent.parent / "recordings"
RECORDINGS = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
#: What is real traffic, by the index of where it was found. Six bodies; one file has two.
SANDBOX = {
    "accept_request_sandbox",
    "quote_distance_too_long",
    "quote_request_sandbox",
    "quote_sandbox",
    "webhook_arrivals",
}


def test_real_traffic_is_what_is_called_so():
    """
    Nothing else is said to be recorded in the sandbox.
    """
    told = {name for name, one in RECORDINGS.items() if one["origin"] == "sandbox"}

    assert SANDBOX == told


def _track(provider, ctx, run, answer, name):
    body = RECORDINGS[name]["response"]["body"]
    delivery = DeliveryId("doordash", "downtown", body.get("external_delivery_id", "D-1763"))
    return run(provider.track(delivery, ctx), answer(body)).value


@pytest.mark.parametrize("name", ["get_invented", "get_returned", "get_sample"])
def test_body_is_kept_whole(provider, ctx, run, answer, name):
    """
    Whatever is not understood can be read all the same.
    """
    delivery = _track(provider, ctx, run, answer, name)

    assert RECORDINGS[name]["response"]["body"] == delivery.raw.as_dict()


def test_negative_bodies_are_marked():
    """
    What was made up by a machine, or in a form that DoorDash does not have, says so.
    """
    negative = {name for name, one in RECORDINGS.items() if one.get("negative")}

    assert {"get_invented", "quote_invented", "create_without_delivery_status"} == negative


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
    assert set(_published("refund_partial")["request"]) == _names(RefundBody)
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


def _published(name):
    """
    Return the exchange of a recording that was not added by hand.
    """
    return next(one for one in RECORDINGS[name]["exchanges"] if not one.get("supplied"))


def _names(kind):
    return {field.name for field in attrs.fields(kind)}
