"""
Bringing a delivery once more: one request, one new id, and nothing taken for ours.
"""

from __future__ import annotations

import json

import pytest

from doorstep import errors as e
from doorstep.http import TransportError
from doorstep.models import DeliveryId, Related, Relation, Status
from doorstep.outcome import Effect, Repeat
from doorstep_doordash._redelivery import ADVICE

AGAIN = "D-1763.2"


@pytest.fixture(name="again", scope="module")
def _again(provider, delivery_id, ctx):
    return lambda reference="D-1763", revision=2: provider.redeliver(
        delivery_id, reference, revision, ctx
    )


def test_redelivery_books_once_under_a_new_id(again, run, answer, told):
    """
    The body has the new id and no more: all else is inherited. It is never sent twice.
    """
    ran = run(again(), answer(told(external_delivery_id=AGAIN)))
    (request,) = ran.requests

    assert {"external_delivery_id": AGAIN} == json.loads(request.body)
    assert "/drive/v2/deliveries/D-1763/redelivery" == request.target
    assert ("POST", Effect.BOOKS, Repeat.NEVER) == (request.method, request.effect, request.repeat)


def test_redelivery_names_the_original(again, run, answer, told, delivery_id):
    """
    What comes back is the new delivery, with its price, and says what it was before.
    """
    delivery = run(again(), answer(told(external_delivery_id=AGAIN))).value

    assert DeliveryId("doordash", "downtown", AGAIN) == delivery.id
    assert ("D-1763", 2, Status.PENDING) == (
        delivery.reference,
        delivery.revision,
        delivery.status,
    )
    assert 975 == delivery.price.total.minor
    assert (Related(delivery_id=delivery_id, relation=Relation.ORIGINAL),) == delivery.related


def test_old_id_is_refused_before_the_network(provider, ctx, again):
    """
    The id that the delivery has is no new one, however it is spelt.
    """
    spelt = DeliveryId("doordash", "downtown", AGAIN)
    for flow in (again(revision=1), provider.redeliver(spelt, "D-1763", 2, ctx)):
        with pytest.raises(e.ValidationError) as caught:
            next(flow)

        assert ["reference"] == [field.path for field in caught.value.fields]


@pytest.mark.parametrize("other", ["D-1763", "D-1763.3", "", None, ...])
def test_answer_about_another_delivery_is_refused(again, run, answer, told, other):
    """
    Only the new id is ours: the old one in the answer is no redelivery.
    """
    with pytest.raises(e.InvalidAnswerError) as caught:
        run(again(), answer(told(external_delivery_id=other)))

    assert "$.external_delivery_id" == caught.value.params["path"]


def test_quote_is_no_redelivery(again, run, answer, told):
    """
    A priced delivery that nobody comes for is not what was asked for.
    """
    with pytest.raises(e.InvalidAnswerError, match="a quote for a booking"):
        run(again(), answer(told("quote", external_delivery_id=AGAIN)))


USED = {"code": "duplicate_delivery_id", "message": "m"}


@pytest.mark.parametrize(("body", "status"), [(USED, 409), (USED, 422), ({}, 409), (b"", 409)])
def test_used_id_is_never_taken_for_ours(again, run, answer, told, body, status):
    """
    An order of its own can be alike in everything, so what has the id is shown, not returned.
    """
    there = told("confirmed", external_delivery_id=AGAIN)
    with pytest.raises(e.DuplicateError) as caught:
        run(again(), answer(body, status), answer(there))

    assert f"doordash/downtown/{AGAIN}" == caught.value.params["existing_id"]
    assert Status.ASSIGNED is caught.value.delivery.status
    assert [False, True] == [one.recovery for one in run.requests]


@pytest.mark.parametrize(
    "look", [({"code": "unknown_delivery_id"}, 404), (b"", 500), TransportError("reset", sent=True)]
)
def test_used_id_that_cannot_be_read_is_unknown(again, run, answer, look):
    """
    A courier may be on the way for what has the id, so not seeing it is no refusal.
    """
    reply = look if isinstance(look, Exception) else answer(*look)
    with pytest.raises(e.OutcomeUnknownError):
        run(again(), answer(USED, 409), reply)


REASONS = [
    ("delivery_not_valid_for_redelivery", e.NotModifiableError),
    ("redelivery_creation_in_progress", e.NotModifiableError),
    ("delivery_not_completed_or_cancelled", e.NotModifiableError),
    ("redelivery_window_closed", e.NotModifiableError),
    ("distance_too_long", e.OutOfCoverageError),
    ("pickup_address_not_in_coverage", e.OutOfCoverageError),
    ("delivery_address_not_in_coverage", e.OutOfCoverageError),
    ("outside_of_delivery_time", e.OutsideHoursError),
    ("a_new_reason", e.NotModifiableError),
]


@pytest.mark.parametrize(("reason", "expected"), REASONS)
@pytest.mark.parametrize("status", [422, 409])
def test_reason_decides_the_error(again, run, answer, reason, expected, status):
    """
    Too early, too late and too far are told apart, each with what to do now.
    """
    body = {"code": "redelivery_not_allowed", "message": "string", "reason": reason}
    with pytest.raises(expected) as caught:
        run(again(), answer(body, status))

    assert reason == caught.value.raw_reason
    if expected is e.NotModifiableError:
        assert reason == caught.value.params["reason"]
    assert reason not in ADVICE or ADVICE[reason] in str(caught.value)


def test_every_reason_of_its_own_has_an_advice():
    """
    What to do about a redelivery that is refused is not what to do about an update.
    """
    own = {reason for reason, kind in REASONS if kind is e.NotModifiableError}

    assert own - {"a_new_reason"} == set(ADVICE)


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        ({"code": "validation_error", "message": "m"}, 400, e.ValidationError),
        ({"code": "authorization_error", "message": "m"}, 403, e.AccountForbiddenError),
        ({"code": "unknown_delivery_id", "message": "m"}, 404, e.DeliveryNotFoundError),
        ({"code": "service_fault", "message": "m"}, 500, e.CarrierInternalError),
        (b"", 302, e.UnclassifiedCarrierError),
    ],
)
def test_refusal_is_classified(again, run, answer, body, status, expected):
    """
    The other refusals are what they are elsewhere.
    """
    with pytest.raises(expected):
        run(again(), answer(body, status))


@pytest.mark.parametrize("sent", [False, True])
def test_lost_answer_is_left_to_the_driver(again, run, sent):
    """
    Nothing more is asked: the new reference is what to look up.
    """
    lost = TransportError("reset", sent=sent)
    with pytest.raises(TransportError) as caught:
        run(again(), lost)

    assert lost is caught.value
