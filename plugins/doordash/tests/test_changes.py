"""
Reading, changing and cancelling what was booked; refunds.
"""

from __future__ import annotations

import json

import pytest

from doorstep.errors import (
    CarrierInternalError,
    CurrencyMismatchError,
    DeliveryNotFoundError,
    InvalidAnswerError,
    NotCancellableError,
    NotModifiableError,
    TipRejectedError,
    UnclassifiedCarrierError,
)
from doorstep.models import (
    Changes,
    Money,
    RefundReason,
    RefundStatus,
    Status,
    StopChanges,
)
from doorstep.outcome import Effect, Outcome, Repeat

UNKNOWN = {"code": "unknown_delivery_id", "message": "m", "external_delivery_id": "D-1763"}


def test_track_reads(provider, delivery_id, ctx, run, answer, told):
    """
    One GET, which may always be repeated.
    """
    (request,) = run(provider.track(delivery_id, ctx), answer(told())).requests

    assert ("GET", "/drive/v2/deliveries/D-1763") == (request.method, request.path.encoded)
    assert (Effect.NOTHING, Repeat.SAFE) == (request.effect, request.repeat)
    assert request.body is None


@pytest.mark.parametrize(("reference", "revision", "path"), [("a", 1, "a"), ("a.2", 1, "a.2.1")])
def test_find_reads_by_reference(provider, ctx, run, answer, told, reference, revision, path):
    """
    The reference and revision make the id.
    """
    body = told(external_delivery_id=path)
    ran = run(provider.find(reference, revision, ctx), answer(body))

    assert f"/drive/v2/deliveries/{path}" == ran.requests[0].path.encoded
    assert (reference, revision) == (ran.value.reference, ran.value.revision)


def test_find_of_nothing_is_none(provider, ctx, run, answer):
    """
    An id that DoorDash does not know was not booked under it.
    """
    assert run(provider.find("D-1763", 1, ctx), answer(UNKNOWN, 404)).value is None


@pytest.mark.parametrize("body", [b"", b"<html>404</html>", b"{}"])
def test_proxys_404_finds_nothing_out(provider, ctx, run, answer, body):
    """
    Only DoorDash's own 404 may lead a shop to book again.
    """
    with pytest.raises(UnclassifiedCarrierError):
        run(provider.find("D-1763", 1, ctx), answer(body, 404))


def test_f055_find_of_a_quote_is_none(provider, ctx, run, answer, told):
    """
    What is found was booked: a quote that was not taken is nothing.
    """
    assert run(provider.find("D-1763", 1, ctx), answer(told("quote"))).value is None


def test_update_patches(provider, delivery_id, ctx, run, answer, told):
    """
    A PATCH with what changes; the same once more has no further effect.
    """
    changes = Changes(dropoff=StopChanges(instructions="Ring"))
    ran = run(provider.update(delivery_id, changes, ctx), answer(told("confirmed")))

    (request,) = ran.requests
    assert ("PATCH", "/drive/v2/deliveries/D-1763") == (request.method, request.path.encoded)
    assert (Effect.CHANGES, Repeat.SAME_EFFECT) == (request.effect, request.repeat)
    assert {"dropoff_instructions": "Ring"} == json.loads(request.body)
    assert Status.ASSIGNED is ran.value.status


def test_f064_update_too_late_says_why(provider, delivery_id, ctx, run, answer):
    """
    After the pickup DoorDash refuses; the reason is told.
    """
    refused = {"code": "update_not_allowed", "reason": "delivery_picked_up", "message": "m"}

    with pytest.raises(NotModifiableError) as caught:
        run(provider.update(delivery_id, Changes(tip=Money(1, "USD")), ctx), answer(refused, 409))

    assert "delivery_picked_up" == caught.value.params["reason"]


def test_tip_is_set_by_patch(provider, delivery_id, ctx, run, answer, told):
    """
    The tip alone.
    """
    flow = provider.set_tip(delivery_id, Money(700, "USD"), ctx)
    ran = run(flow, answer(told()), answer(told(tip=700)))

    assert ["GET", "PATCH"] == [request.method for request in ran.requests]
    assert {"tip": 700} == json.loads(ran.requests[1].body)
    assert Money(700, "USD") == ran.value.tip


def test_refused_tip_is_about_the_tip(provider, delivery_id, ctx, run, answer):
    """
    A tip that DoorDash does not take is its own error; in an update it is a field.
    """
    errors = [{"field": "tip", "error": "odd"}]
    refused = {"code": "validation_error", "message": "m", "field_errors": errors}

    with pytest.raises(TipRejectedError):
        run(provider.set_tip(delivery_id, Money(1, "USD"), ctx), answer(refused, 400))


@pytest.mark.parametrize("operation", ["set_tip", "update"])
def test_change_in_another_currency_is_refused_before_it_is_made(
    provider, delivery_id, ctx, run, answer, told, operation
):
    """
    DoorDash is sent cents alone, so the delivery's currency is read first.
    """
    tip = Money(700, "CAD")
    flow = provider.set_tip(delivery_id, tip, ctx)
    if operation == "update":
        flow = provider.update(delivery_id, Changes(tip=tip), ctx)

    with pytest.raises(CurrencyMismatchError) as caught:
        run(flow, answer(told(tip=700)))

    assert Outcome.NOT_SENT is caught.value.booked


@pytest.fixture(name="cancel")
def _cancel(provider, delivery_id, ctx, run):
    def cancel(*answers):
        return run(provider.cancel(delivery_id, None, ctx), *answers)

    return cancel


def _refused(reason):
    return {"code": "cancel_not_allowed", "message": "m", "reason": reason}


def test_cancel_puts_without_a_body(cancel, answer, told):
    """
    A PUT that may be repeated; DoorDash takes no reason.
    """
    ran = cancel(answer(told("cancelled", cancellation_reason="cancelled_by_creator")))

    (request,) = ran.requests
    assert ("PUT", "/drive/v2/deliveries/D-1763/cancel") == (request.method, request.path.encoded)
    assert (Effect.CHANGES, Repeat.SAME_EFFECT) == (request.effect, request.repeat)
    assert request.body is None
    assert ran.value.confirmed
    assert not ran.value.reason_sent
    assert Status.CANCELLED is ran.value.delivery.status


def test_cancel_that_is_not_done_yet_is_not_confirmed(cancel, answer, told):
    """
    A 200 about a delivery that goes on is a wish that was heard.
    """
    assert not cancel(answer(told("confirmed"))).value.confirmed


@pytest.mark.parametrize("reason", ["delivery_cancelled", "duplicate_request"])
@pytest.mark.parametrize("repeated", [False, True])
def test_f062_cancelling_twice_is_cancelling_once(cancel, answer, told, reason, repeated):
    """
    What is cancelled already is cancelled, also without a repeat.
    """
    ran = cancel(answer(_refused(reason), 409, repeated=repeated), answer(told("cancelled")))

    assert ran.value.confirmed
    assert ran.requests[1].recovery


def test_cancel_under_way_is_not_confirmed(cancel, answer, told):
    """
    A cancel that was asked for before and is not done is a wish that was heard.
    """
    ran = cancel(answer(_refused("duplicate_request"), 409), answer(told("confirmed")))

    assert not ran.value.confirmed


REASONS = [
    "delivery_abandoned",
    "delivery_completed",
    "delivery_creation_in_progress",
    "delivery_picked_up",
    "cancellation_window_closed",
    "a_new_reason",
]


@pytest.mark.parametrize("reason", REASONS)
def test_f061_cancel_too_late_says_why(cancel, answer, reason):
    """
    The delivery goes on; no read is needed to know that.
    """
    with pytest.raises(NotCancellableError) as caught:
        cancel(answer(_refused(reason), 409))

    assert reason == caught.value.params["reason"]


@pytest.mark.parametrize(("status", "confirmed"), [("cancelled", True), ("picked_up", False)])
def test_f062_refused_repeat_is_read(cancel, answer, told, status, confirmed):
    """
    After a lost answer any 409 may be about our own cancel: the delivery tells.
    """
    answers = (
        answer(_refused("cancellation_window_closed"), 409, repeated=True),
        answer(told(status)),
    )

    if confirmed:
        assert cancel(*answers).value.confirmed
    else:
        with pytest.raises(NotCancellableError):
            cancel(*answers)


def test_cancel_of_nothing_is_not_found(cancel, answer):
    """
    An unknown delivery cannot be cancelled.
    """
    with pytest.raises(DeliveryNotFoundError):
        cancel(answer(UNKNOWN, 404))


@pytest.fixture(name="refund")
def _refund(provider, delivery_id, ctx, run, answer, told):
    def refund(*answers, reason=RefundReason.NEVER_DELIVERED, **changes):
        first = answer(told("delivered", **changes))
        return run(provider.refund(delivery_id, reason, ctx), first, *answers)

    return refund


GRANTED = {
    "refund_reason": "never_delivered",
    "message": "We are sorry.",
    "code": "dasher_at_fault",
    "status": "partial_refund",
    "tip_refund": 0,
    "order_value_refund": 1999,
    "delivery_fee_refund": 975,
}


@pytest.mark.parametrize("reason", list(RefundReason))
def test_refund_asks_with_doordashs_reason(refund, answer, reason):
    """
    The delivery is read for its currency, then one POST decides, never repeated.
    """
    read, asked = refund(answer(GRANTED), reason=reason).requests

    assert "GET" == read.method
    assert "/drive/v2/deliveries/D-1763/refunds" == asked.path.encoded
    assert {"refund_reason": reason.value} == json.loads(asked.body)
    assert (Effect.BOOKS, Repeat.NEVER) == (asked.effect, asked.repeat)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("full_refund", RefundStatus.FULL),
        ("partial_refund", RefundStatus.PARTIAL),
        ("under_review", RefundStatus.UNKNOWN),
    ],
)
def test_f060_granted_refund_has_amounts(refund, answer, raw, expected):
    """
    Whole cents in the delivery's currency, the decision and the explanation.
    """
    decision = refund(answer({**GRANTED, "status": raw}), currency="CAD").value

    assert (expected, raw) == (decision.status, decision.raw_status)
    amounts = (decision.order_value, decision.tip, decision.delivery_fee)
    assert (Money(1999, "CAD"), Money(0, "CAD"), Money(975, "CAD")) == amounts
    assert ("dasher_at_fault", "We are sorry.") == (decision.code, decision.message)


@pytest.mark.parametrize("status", [409, 422])
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("already_refunded", RefundStatus.ALREADY_REFUNDED),
        ("rejected", RefundStatus.DENIED),
        ("refund_limit_passed", RefundStatus.DENIED),
        ("could_not_determine", RefundStatus.DENIED),
        ("unsupported_payment_method", RefundStatus.DENIED),
        ("blocked", RefundStatus.DENIED),
    ],
)
def test_f060_denied_refund_is_a_decision(refund, answer, status, code, expected):
    """
    A denial comes as an HTTP error and is no error; amounts are not told, not zero.
    """
    body = {"refund_reason": "never_delivered", "message": "No.", "code": code}
    decision = refund(answer(body, status)).value

    assert (expected, code, "No.") == (decision.status, decision.code, decision.message)
    assert (None, None, None) == (decision.order_value, decision.tip, decision.delivery_fee)
    assert not decision.granted


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"code": "a_new_code"}, 422, UnclassifiedCarrierError),
        ({"code": 7}, 409, UnclassifiedCarrierError),
        (b"<html>", 422, UnclassifiedCarrierError),
        ({"code": "rejected"}, 400, UnclassifiedCarrierError),
        ({"code": "rejected"}, 500, CarrierInternalError),
        ({"code": "dasher_at_fault"}, 200, InvalidAnswerError),
    ],
)
def test_f060_refund_without_a_decision_is_an_error(refund, answer, body, status, error):
    """
    Only a decision that is known, where DoorDash gives it, is a decision.
    """
    with pytest.raises(error):
        refund(answer(body, status))


def test_f060_refund_in_an_unknown_currency_has_no_amounts(refund, answer):
    """
    Cents without a currency stay in ``raw``.
    """
    decision = refund(answer(GRANTED), currency=None).value

    assert decision.order_value is None
    assert 1999 == decision.raw["order_value_refund"]


def test_refund_of_nothing_is_not_asked_for(provider, delivery_id, ctx, run, answer):
    """
    An unknown delivery ends the flow before the refund.
    """
    with pytest.raises(DeliveryNotFoundError):
        run(provider.refund(delivery_id, RefundReason.MISSING_MAIN, ctx), answer(UNKNOWN, 404))
