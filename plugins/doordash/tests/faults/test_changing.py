"""
Cancels, updates and refunds that come too late, race, or whose answer is lost.
"""

from __future__ import annotations

import pytest

from doorstep.errors import (
    CarrierUnavailableError,
    CurrencyMismatchError,
    InvalidAnswerError,
    NotCancellableError,
    NotModifiableError,
    OutcomeUnknownError,
)
from doorstep.models import (
    Address,
    Changes,
    Money,
    RefundReason,
    RefundStatus,
    Status,
    StopChanges,
)
from doorstep.outcome import Outcome, Retry

ROUTE = "/drive/v2/deliveries/<delivery>"
WALK = ["confirmed", "enroute_to_pickup", "arrived_at_pickup", "picked_up"]
RING = Changes(dropoff=StopChanges(instructions="Ring twice."))
WAIT = Changes(dropoff=StopChanges(instructions="Wait outside."))
BACK_DOOR = Changes(pickup=StopChanges(instructions="Use the back door."))


@pytest.fixture(name="booked")
def _booked(client, make_request):
    return client.dispatch(make_request())


@pytest.fixture(name="pick_up")
def _pick_up(drive):
    def walk(until="picked_up"):
        for status in [*WALK, "enroute_to_dropoff", "arrived_at_dropoff", "delivered"]:
            drive.advance("D-1763", status)
            if status == until:
                return

    return walk


# --- refunds ---------------------------------------------------------------------------


def _at(words):
    return {"address": Address(one_line=f"1 {words} Lane, San Francisco, CA 94105")}


DENIED = {
    "Refund Rejected": "rejected",
    "Refund Limit": "refund_limit_passed",
    "Refund Unclear": "could_not_determine",
    "Refund Cash": "unsupported_payment_method",
    "Refund Blocked": "blocked",
}


@pytest.mark.parametrize("words", DENIED)
def test_f060_denied_refund_is_a_decision_without_amounts(
    client, make_request, drive, pick_up, words
):
    """
    A denial is told as one, with the carrier's reason; amounts are not told, which is not zero.
    """
    booked = client.dispatch(make_request(dropoff=_at(words)))
    pick_up("delivered")
    decision = client.refund(booked.id, RefundReason.ENTIRE_ORDER_WRONG)

    assert (RefundStatus.DENIED, DENIED[words]) == (decision.status, decision.code)
    assert not decision.granted
    assert (None, None, None) == (decision.order_value, decision.tip, decision.delivery_fee)
    assert [None] == [entry["refunded"] for entry in drive.books()]


@pytest.mark.parametrize(
    ("reason", "status", "amounts"),
    [
        (RefundReason.ENTIRE_ORDER_WRONG, RefundStatus.FULL, (1999, 500, 975)),
        (RefundReason.MISSING_MAIN, RefundStatus.PARTIAL, (999, 0, 0)),
        (RefundReason.POOR_DELIVERY_EXPERIENCE, RefundStatus.PARTIAL, (0, 500, 487)),
    ],
)
def test_f060_granted_refund_is_told_to_the_cent(
    client, make_request, drive, pick_up, reason, status, amounts
):
    """
    Each amount comes back in whole cents of the delivery's currency, and their sum is what
    the carrier has booked back; a second refund is told as decided before.
    """
    booked = client.dispatch(make_request(tip=Money(500, "USD")))
    pick_up("delivered")
    decision = client.refund(booked.id, reason)
    again = client.refund(booked.id, reason)

    told = (decision.order_value, decision.tip, decision.delivery_fee)
    assert status is decision.status
    assert tuple(Money(minor, "USD") for minor in amounts) == told
    assert [sum(amounts)] == [entry["refunded"] for entry in drive.books()]
    assert (RefundStatus.ALREADY_REFUNDED, False) == (again.status, again.granted)


@pytest.mark.parametrize("raw", ["pending", "under_review", "FULL_REFUND", "full_refund ", ""])
def test_f060_decision_that_is_not_made_is_unknown(client, booked, pick_up, meddler, alter, raw):
    """
    A status that no document names is neither a grant nor a denial: unknown, in the
    carrier's own word.
    """
    pick_up("delivered")
    meddler.spoil("POST", alter(status=raw), ending="/refunds")
    decision = client.refund(booked.id, RefundReason.ENTIRE_ORDER_WRONG)

    assert (RefundStatus.UNKNOWN, raw) == (decision.status, decision.raw_status)
    assert not decision.granted


@pytest.mark.parametrize("field", ["order_value_refund", "tip_refund", "delivery_fee_refund"])
@pytest.mark.parametrize("amount", [None, ..., -1])
def test_f060_amount_that_is_not_told_is_not_zero(
    client, booked, pick_up, meddler, alter, field, amount
):
    """
    An amount that is absent, null or below zero is none, and the others stand.
    """
    pick_up("delivered")
    meddler.spoil("POST", alter(**{field: amount}), ending="/refunds")
    decision = client.refund(booked.id, RefundReason.ENTIRE_ORDER_WRONG)

    name = field.removesuffix("_refund")
    told = {one: getattr(decision, one) for one in ("order_value", "tip", "delivery_fee")}
    assert told.pop(name) is None
    assert None not in told.values()


@pytest.mark.parametrize("amount", [19.99, "1999", True, 2**31])
def test_f060_amount_that_is_none_is_no_decision(
    client, booked, pick_up, meddler, alter, amount, drive
):
    """
    An amount that is no whole number is not rounded: what was decided is unknown, and the
    caller is told that asking again is safe, which it is.
    """
    pick_up("delivered")
    meddler.spoil("POST", alter(order_value_refund=amount), ending="/refunds")

    with pytest.raises(OutcomeUnknownError) as caught:
        client.refund(booked.id, RefundReason.ENTIRE_ORDER_WRONG)

    assert "$.order_value_refund" == caught.value.params["path"]
    assert "what was refunded already is not refunded twice" in str(caught.value)
    again = client.refund(booked.id, RefundReason.ENTIRE_ORDER_WRONG)
    assert RefundStatus.ALREADY_REFUNDED is again.status
    assert [1999 + 975] == [entry["refunded"] for entry in drive.books()]


@pytest.mark.parametrize("depth", [50, 500])
def test_f060_denial_that_hides_a_depth_ends_in_a_value_or_a_typed_error(
    client, booked, meddler, say, depth
):
    """
    A denial nested beyond reason is no denial: unknown, and nothing breaks on reading it.
    """
    body = b'{"code": "rejected", "more": ' + b"[" * depth + b"]" * depth + b"}"
    meddler.spoil("POST", say(body, 422), ending="/refunds")

    if depth == 50:
        assert not client.refund(booked.id, RefundReason.MISSING_MAIN).granted
    else:
        with pytest.raises(OutcomeUnknownError):
            client.refund(booked.id, RefundReason.MISSING_MAIN)


# --- cancels ---------------------------------------------------------------------------

REASONS = {"picked_up": "delivery_picked_up", "delivered": "delivery_completed"}


@pytest.mark.parametrize("status", REASONS)
def test_f061_cancel_too_late_changes_nothing(client, drive, booked, pick_up, tally, status):
    """
    The caller is told why, that nothing happened, and to arrange a return; the delivery goes
    on as it was, and is asked for once.
    """
    pick_up(status)
    before = drive.books()

    with pytest.raises(NotCancellableError) as caught:
        client.cancel(booked.id)

    error = caught.value
    assert (Outcome.REJECTED, Retry.NO) == (error.booked, error.retryable)
    assert (REASONS[status], "doordash/default/D-1763") == (
        error.params["reason"],
        error.params["delivery_id"],
    )
    assert "arrange a return" in str(error)
    assert before == drive.books()
    assert 1 == drive.journal.count("PUT", f"{ROUTE}/cancel")
    assert status == client.track(booked.id).raw_status
    assert tally() == (1, int(status == "picked_up"))


@pytest.mark.parametrize("fault", ["rst_after", "fin_after", "error_500_after", "truncate_after"])
def test_f062_lost_cancel_is_repeated_and_confirmed(client, drive, booked, tally, fault):
    """
    A cancel whose answer is lost is sent again; "cancelled already" is then read and told as
    success.
    """
    drive.faults.arm(fault, "cancel")
    cancelled = client.cancel(booked.id)

    assert (True, Status.CANCELLED) == (cancelled.confirmed, cancelled.delivery.status)
    assert 2 == drive.journal.count("PUT", f"{ROUTE}/cancel")
    assert (1, 0) == tally()


def test_f062_cancel_without_any_answer_is_unknown_and_safe_to_repeat(client, drive, booked, tally):
    """
    No answer to any try: the caller is told that it may have been made and to call again;
    tracking shows it, and the same call confirms it.
    """
    drive.faults.arm("rst_after", "cancel", times=4)
    with pytest.raises(CarrierUnavailableError) as caught:
        client.cancel(booked.id)

    error = caught.value
    assert (Outcome.UNKNOWN, Retry.SAME_CALL) == (error.booked, error.retryable)
    assert "doordash/default/D-1763" == error.params["delivery_id"]
    assert "try the same call again" in str(error)
    assert Status.CANCELLED is client.track(booked.id).status
    assert client.cancel(booked.id).confirmed
    assert (1, 0) == tally()


@pytest.mark.parametrize("fault", ["html_200_after", "empty_200_after", "wrong_id_after"])
def test_f062_cancel_that_is_answered_with_nonsense_is_unknown(client, drive, booked, tally, fault):
    """
    A success that proves nothing is not told as cancelled; the same call once more is.
    """
    drive.faults.arm(fault, "cancel")
    with pytest.raises(InvalidAnswerError) as caught:
        client.cancel(booked.id)

    assert (Outcome.UNKNOWN, Retry.SAME_CALL) == (caught.value.booked, caught.value.retryable)
    assert client.cancel(booked.id).confirmed
    assert (1, 0) == tally()


def test_f062_lost_cancel_that_never_arrived_and_is_too_late_now(
    client, booked, meddler, pick_up, tally
):
    """
    The first try never arrived, the courier came, the repeat is refused: a read tells that
    the delivery goes on, and the caller is told so for certain.
    """

    def lose(send):
        pick_up()
        meddler.hold(send)

    meddler.spoil("PUT", lose)
    with pytest.raises(NotCancellableError) as caught:
        client.cancel(booked.id)

    assert Outcome.REJECTED is caught.value.booked
    assert "picked_up" == client.track(booked.id).raw_status
    assert (1, 1) == tally()


# --- updates ---------------------------------------------------------------------------


def test_f064_update_too_late_is_refused_with_the_reason(client, drive, booked, pick_up):
    """
    After the pickup the caller is told why nothing changed; the tip can still be set.
    """
    pick_up()
    with pytest.raises(NotModifiableError) as caught:
        client.update(booked.id, BACK_DOOR)

    error = caught.value
    assert (Outcome.REJECTED, "delivery_picked_up") == (error.booked, error.params["reason"])
    assert "to change what is fixed, cancel it and dispatch anew" in str(error)
    assert "pickup_instructions" not in client.track(booked.id).raw
    assert Money(700, "USD") == client.set_tip(booked.id, Money(700, "USD")).tip
    assert [700] == [entry["tip"] for entry in drive.books()]


@pytest.mark.parametrize("status", ["delivered", "cancelled"])
def test_f064_update_of_what_has_ended_is_refused(client, booked, pick_up, status):
    """
    What is over is not changed, and the end is the reason.
    """
    if status == "cancelled":
        client.cancel(booked.id)
    else:
        pick_up(status)

    with pytest.raises(NotModifiableError) as caught:
        client.update(booked.id, RING)

    ended = {"delivered": "delivery_completed", "cancelled": "delivery_cancelled"}
    assert ended[status] == caught.value.params["reason"]


def test_f064_last_of_two_updates_is_seen_by_its_time(client, clock, drive, booked):
    """
    Each writer is told how the delivery stands and as of when: the later one has won.
    """
    first = client.update(booked.id, RING)
    clock.step(1)
    drive.clock.step(1)
    second = client.update(booked.id, WAIT)
    now = client.track(booked.id)

    assert first.as_of < second.as_of == now.as_of
    assert "Wait outside." == now.raw["dropoff_instructions"]


def test_f064_update_whose_answer_is_lost_is_made_once_more(client, drive, booked):
    """
    The same changes again have no further effect, so they are sent again.
    """
    drive.faults.arm("rst_after", "update")
    told = client.update(booked.id, RING)

    assert "Ring twice." == told.raw["dropoff_instructions"]
    assert 2 == drive.journal.count("PATCH", ROUTE)


def test_f064_lost_update_that_is_refused_when_repeated_is_unknown(
    client, booked, meddler, pick_up
):
    """
    The first try was made and its answer lost, the courier came, the repeat is refused: the
    refusal is told, but not that nothing was changed.
    """

    def lose(send):
        send()
        pick_up()
        meddler.hold(send)

    meddler.spoil("PATCH", lose)
    with pytest.raises(NotModifiableError) as caught:
        client.update(booked.id, BACK_DOOR)

    assert Outcome.UNKNOWN is caught.value.booked
    assert "Use the back door." == client.track(booked.id).raw["pickup_instructions"]


def test_f064_answer_of_another_currency_to_a_tip_is_told(client, booked, meddler, alter):
    """
    A tip is sent in cents alone: if the answer is in other money, the caller is told that it
    was set, and holds the delivery.
    """
    meddler.spoil("PATCH", alter(currency="CAD"))
    with pytest.raises(CurrencyMismatchError) as caught:
        client.set_tip(booked.id, Money(700, "USD"))

    assert (Outcome.CREATED, Money(700, "CAD")) == (
        caught.value.booked,
        caught.value.delivery.tip,
    )
