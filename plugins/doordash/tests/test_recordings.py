"""
Bodies that others published: each is read, and what is invented is not believed.
"""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest

from doorstep import errors as e
from doorstep.models import DeliveryId, Money, RefundReason, RefundStatus, Status
from doorstep_doordash._errors import refusal
from doorstep_doordash._wire import Answer, Body, ItemBody, RefundBody

RECORDINGS = {
    path.stem: json.loads(path.read_text())
    for path in sorted((Path(__file__).parent.parent / "recordings").glob("*.json"))
}
ANSWERS = {name: one for name, one in RECORDINGS.items() if one["response"]}

READ = {
    "quote_sample": Status.DRAFT,
    "quote_sandbox": Status.DRAFT,
    "quote_fake": Status.DRAFT,
    "accept_sample": Status.DRAFT,
    "create_sample": Status.DRAFT,
    "create_created": Status.PENDING,
    "get_sample": Status.DRAFT,
    "get_picked_up": Status.PICKED_UP,
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
    assert Money(body["fee"], "USD") == delivery.price.total
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
    No field of Drive 0.2.5, of a request or an answer, is missing in the wire classes.
    """
    sent, item = _names(Body), _names(ItemBody)

    for name in ("quote_sample", "create_sample", "update_sample", "accept_sample"):
        assert set(RECORDINGS[name]["request"]) <= sent
        for one in RECORDINGS[name]["request"].get("items", ()):
            assert set(one) == item
        assert set(RECORDINGS[name]["response"]["body"]) <= _names(Answer)
    assert set(RECORDINGS["refund_partial"]["request"]) == _names(RefundBody)
    assert sent - {"external_delivery_id"} == set(RECORDINGS["create_sample"]["request"]) - {
        "external_delivery_id"
    }


def _names(kind):
    return {field.name for field in attrs.fields(kind)}
