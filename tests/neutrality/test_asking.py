"""
What a carrier that the core was not made for is asked, and what comes of it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import attrs
import pytest
from tests.neutrality.samples import CONTEXT, DROPOFF, NOW, ORDER, REQUEST, flow, order

from doorstep import errors
from doorstep.models import (
    CancelReason,
    CashOnDelivery,
    DropoffAt,
    IdCheck,
    Money,
    Pin,
    PinSource,
)
from doorstep.outcome import Effect, Outcome, Repeat


def test_quote_comes_from_two_calls_and_binds_nobody(rider, replay) -> None:
    """
    Fee and times are asked for apart; the fee is in the account's currency, exactly.
    """
    (quote,), requests = replay(flow(rider, "quote"), "estimate_fee_200", "estimate_time_200")

    assert ["/orders/fee", "/orders/time"] == [one.target for one in requests]
    assert Money(817, "SGD") == quote.price.total
    assert (None, False, None) == (quote.token, quote.binding, quote.expires_at)
    assert datetime(2018, 9, 13, 1, 45, 52, 123_000, tzinfo=UTC) == quote.dropoff_eta
    assert "PT25M" == quote.raw["time"]["upper_bound"]
    assert {Effect.NOTHING} == {one.effect for one in requests}


def test_fee_with_more_places_than_the_currency_is_refused(rider, replay) -> None:
    """
    8.175 Singapore dollars are no price: told, not rounded.
    """
    with pytest.raises(errors.InvalidAnswerError, match="has more decimal places than SGD"):
        replay(flow(rider, "quote"), (200, {"estimated_delivery_fee": 8.175}))


def test_dispatch_sends_the_documented_body(rider, replay, recording) -> None:
    """
    What the neutral request can say reads as the carrier's own example.
    """
    delivery, (request,) = replay(flow(rider, "dispatch"), (201, order(recording)))
    documented = recording("create_order_request")["body"]
    expected = {name: documented[name] for name in ("sender", "recipient", "amount")}
    expected |= {name: documented[name] for name in ("payment_method", "description")}
    expected |= {name: documented[name] for name in ("delivery_tasks", "pickup_tasks")}
    expected |= {"packaging": {"weight": 1.2}, "currency_code": "SGD"}

    assert expected | {"client_order_id": "client-ref-000001"} == json.loads(request.body)
    assert (Effect.BOOKS, Repeat.NEVER) == (request.effect, request.repeat)
    assert (ORDER, "client-ref-000001") == (delivery.id, delivery.reference)


def test_answer_for_another_id_is_no_booking(rider, replay, recording) -> None:
    """
    The carrier does not keep references unique: an echo of another one proves nothing.
    """
    with pytest.raises(errors.OutcomeUnknownError):
        replay(flow(rider, "dispatch"), (201, order(recording, client_order_id="other")))


def test_cash_is_an_amount_and_a_payment_method(rider, replay, recording) -> None:
    """
    Cash at the door travels as COD; one amount cannot stand for two.
    """
    cash = CashOnDelivery(collect=Money(2350, "SGD"))
    asked = attrs.evolve(REQUEST, cash_on_delivery=cash)
    dispatch = rider.dispatch(asked, CONTEXT, quote=None, max_fee=None)
    _, (request,) = replay(dispatch, (201, order(recording)))

    assert {"COD": 23.5} == {json.loads(request.body)["payment_method"]: 23.5}
    other = attrs.evolve(asked, order_value=Money(1, "SGD"))
    with pytest.raises(errors.ValidationError, match="there is one amount"):
        replay(rider.dispatch(other, CONTEXT, quote=None, max_fee=None))


@pytest.mark.parametrize("minutes", [45, 46, 7 * 24 * 60])
def test_time_means_the_dropoff_in_unix_seconds(rider, replay, minutes) -> None:
    """
    ``preordered_for`` is when it shall arrive; without a time it is left out, never 0.
    """
    asked = attrs.evolve(REQUEST, schedule=DropoffAt(NOW + timedelta(minutes=minutes)))
    _, requests = replay(rider.quote(asked, CONTEXT), "estimate_fee_200", "estimate_time_200")
    _, plain = replay(flow(rider, "quote"), "estimate_fee_200", "estimate_time_200")

    assert 1536802000 + 60 * minutes == json.loads(requests[0].body)["preordered_for"]
    assert "preordered_for" not in json.loads(plain[0].body)


@pytest.mark.parametrize("lead", [timedelta(minutes=44), timedelta(days=7, seconds=1)])
def test_time_too_soon_or_too_late_is_refused_before_the_network(rider, replay, lead) -> None:
    """
    From 45 minutes to 7 days ahead; the flow asks nothing.
    """
    asked = attrs.evolve(REQUEST, schedule=DropoffAt(NOW + lead))

    with pytest.raises(errors.TimeWindowInvalidError) as caught:
        replay(rider.quote(asked, CONTEXT))
    assert Outcome.NOT_SENT is caught.value.booked


@pytest.mark.parametrize("check", [Pin(source=PinSource.CALLER, value="1234"), IdCheck(min_age=21)])
def test_part_of_a_check_that_cannot_travel_is_refused(rider, replay, check) -> None:
    """
    The carrier makes its PINs and knows no ages: neither is dropped silently.
    """
    asked = attrs.evolve(REQUEST, dropoffs=attrs.evolve(DROPOFF, verification=[check]))

    with pytest.raises(errors.UnsupportedError):
        replay(rider.dispatch(asked, CONTEXT, quote=None, max_fee=None))


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        (CancelReason.TOO_SLOW, "DELIVERY_ETA_TOO_LONG"),
        (CancelReason.MISTAKE, "MISTAKE_ERROR"),
        (CancelReason.OTHER, "REASON_UNKNOWN"),
        (CancelReason.MERCHANT_CLOSED, "REASON_UNKNOWN"),
    ],
)
def test_cancel_sends_one_of_three_reasons(rider, replay, recording, reason, word) -> None:
    """
    A reason that the carrier does not know travels as unknown, and the answer says so.
    """
    cancellation, (request,) = replay(rider.cancel(ORDER, reason, CONTEXT), (204, b""))
    documented = recording("cancel_order_request")["body"]

    assert {**documented, "reason": word} == json.loads(request.body)
    assert cancellation.confirmed
    assert (reason is not CancelReason.MERCHANT_CLOSED) == cancellation.reason_sent


def test_cancel_answered_with_prose_is_confirmed(rider, replay) -> None:
    """
    203 cancels too, but the reason was replaced.
    """
    cancellation, _ = replay(flow(rider, "cancel"), "cancel_203")

    assert (True, False) == (cancellation.confirmed, cancellation.reason_sent)
    assert "reason has been modified to REASON_UNKNOWN" == cancellation.raw["message"]


def test_update_reads_the_order_again(rider, replay, recording) -> None:
    """
    The answer to a change is the delivery as it then is.
    """
    delivery, (put, _) = replay(flow(rider, "update"), (200, {}), "get_order_200")

    assert {"amount": 1.0, "location": {"notes": "ring twice"}} == json.loads(put.body)
    assert ORDER == delivery.id


def test_proof_is_bytes_or_none(rider, replay) -> None:
    """
    A missing proof is None; the body of a found one is not documented, base64 is.
    """
    proof, _ = replay(flow(rider, "proof"), (200, b"iVBORw=="))
    missing, _ = replay(flow(rider, "proof"), "proof_of_delivery_404")

    assert b"\x89PNG" == proof.content
    assert missing is None


def test_estimate_takes_the_body_of_a_dispatch(rider, replay, recording) -> None:
    """
    Everything the documented estimate asks for is in what is sent.
    """
    _, requests = replay(flow(rider, "quote"), "estimate_fee_200", "estimate_time_200")
    documented = recording("estimate_order_request")["body"]

    assert set(documented) <= set(json.loads(requests[0].body))
    assert requests[0].body == requests[1].body
