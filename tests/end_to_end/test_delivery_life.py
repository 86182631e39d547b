"""
A delivery's whole life over loopback HTTP, sync and async with the same assertions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from doorstep.errors import (
    CarrierUnavailableError,
    DuplicateError,
    FeeExceededError,
    NotCancellableError,
    NotModifiableError,
    OutcomeUnknownError,
    OutOfCoverageError,
    QuoteExpiredError,
    QuoteMismatchError,
    RateLimitedError,
    UnsupportedError,
)
from doorstep.models import (
    Actor,
    CancelReason,
    Changes,
    DeliveryRequest,
    EndReason,
    Goods,
    Money,
    RefundReason,
    RefundStatus,
    Status,
    StopChanges,
)
from doorstep.outcome import Outcome
from doorstep_doordash.simulator import DriveServer

NewRequest = Callable[..., DeliveryRequest]

WALK = [
    ("confirmed", Status.ASSIGNED),
    ("enroute_to_pickup", Status.TO_PICKUP),
    ("arrived_at_pickup", Status.AT_PICKUP),
    ("picked_up", Status.PICKED_UP),
    ("enroute_to_dropoff", Status.TO_DROPOFF),
    ("arrived_at_dropoff", Status.AT_DROPOFF),
    ("delivered", Status.DELIVERED),
]


def walk(drive: DriveServer, reference: str, until: str) -> None:
    """
    Let the courier walk on to *until*.
    """
    for raw, _ in WALK:
        drive.advance(reference, raw)
        if raw == until:
            return


def seen(drive: DriveServer) -> int:
    """
    Count the requests that reached the server.
    """
    return sum(one.count for one in drive.journal.seen())


def test_quote_accept_track_ends_delivered(
    courier: Any, drive: DriveServer, new_request: NewRequest
) -> None:
    """
    A quote is taken, and the courier is followed through every status to the door.
    """
    request = new_request()
    (quote,) = courier.quote(request)

    assert Money(975, "USD") == quote.price.total
    assert timedelta(minutes=5) == quote.expires_at - quote.created_at
    assert [] == drive.books()

    delivery = courier.dispatch(request, quote=quote, max_fee=Money(975, "USD"))

    assert (Status.PENDING, "created") == (delivery.status, delivery.raw_status)
    assert ("order-118", 1) == (delivery.reference, delivery.revision)
    assert delivery.support_ref.isdigit()
    assert delivery.tracking_url.startswith("http")
    assert [1] == [entry["commits"] for entry in drive.books()]

    seen = []
    for raw, _ in WALK:
        drive.advance("order-118", raw)
        seen.append(courier.track(str(delivery.id)))

    assert [status for _, status in WALK] == [one.status for one in seen]
    assert seen[0].courier is not None
    assert (EndReason.COMPLETED, Goods.DELIVERED) == (seen[-1].end.reason, seen[-1].end.goods)


def test_create_update_cancel_ends_cancelled(
    courier: Any, drive: DriveServer, new_request: NewRequest
) -> None:
    """
    Without a quote a delivery is created, changed, tipped, cancelled, and cancelled again.
    """
    delivery = courier.dispatch(new_request())
    changed = courier.update(
        delivery.id, Changes(dropoff=StopChanges(instructions="Use the side door."))
    )

    assert "Use the side door." == changed.raw["dropoff_instructions"]
    assert Money(500, "USD") == courier.set_tip(delivery.id, Money(500, "USD")).tip

    first = courier.cancel(delivery.id, CancelReason.CUSTOMER_REQUEST)
    second = courier.cancel(delivery.id)

    assert (True, True) == (first.confirmed, second.confirmed)
    assert (Status.CANCELLED, Status.CANCELLED) == (first.delivery.status, second.delivery.status)
    assert (EndReason.REQUESTED, Actor.CALLER, Goods.UNKNOWN) == (
        first.delivery.end.reason,
        first.delivery.end.actor,
        first.delivery.end.goods,
    )


def test_f061_late_cancel_and_update_are_refused(
    courier: Any, drive: DriveServer, new_request: NewRequest
) -> None:
    """
    After the pickup a cancel and a change are refused, with the reason, and nothing changes.
    """
    delivery = courier.dispatch(new_request())
    walk(drive, "order-118", "picked_up")

    with pytest.raises(NotCancellableError) as cancel:
        courier.cancel(delivery.id)
    with pytest.raises(NotModifiableError) as update:
        courier.update(delivery.id, Changes(pickup=StopChanges(instructions="Back door")))

    assert "delivery_picked_up" == cancel.value.params["reason"]
    assert "delivery_picked_up" == update.value.params["reason"]
    assert Status.PICKED_UP == courier.track(delivery.id).status


def test_f060_refund_is_approved_denied_and_repeated(
    courier: Any, drive: DriveServer, new_request: NewRequest
) -> None:
    """
    A refusal is a decision; what was refunded is not refunded twice.
    """
    wrong = courier.dispatch(new_request("wrong-1"))
    walk(drive, "wrong-1", "delivered")
    denied = courier.dispatch(new_request("denied-1", to="2 Refund Limit Lane, Seattle, WA 98101"))
    walk(drive, "denied-1", "delivered")

    granted = courier.refund(wrong.id, RefundReason.ENTIRE_ORDER_WRONG)
    again = courier.refund(wrong.id, RefundReason.ENTIRE_ORDER_WRONG)
    refused = courier.refund(denied.id, RefundReason.DELIVERED_LATE)

    assert (RefundStatus.FULL, "dasher_at_fault") == (granted.status, granted.code)
    assert (Money(2000, "USD"), Money(300, "USD"), Money(975, "USD")) == (
        granted.order_value,
        granted.tip,
        granted.delivery_fee,
    )
    assert (RefundStatus.ALREADY_REFUNDED, "already_refunded") == (again.status, again.code)
    assert (RefundStatus.DENIED, "refund_limit_passed") == (refused.status, refused.code)
    assert (None, None, None) == (refused.order_value, refused.tip, refused.delivery_fee)


def test_f052_requote_under_one_reference_needs_next_revision(
    courier: Any, drive: DriveServer, new_request: NewRequest
) -> None:
    """
    A second quote under one revision is refused, the next revision is quoted and booked.
    """
    courier.quote(new_request())
    with pytest.raises(DuplicateError) as again:
        courier.quote(new_request())

    second = new_request(revision=2)
    delivery = courier.dispatch(second, quote=courier.quote(second)[0])

    assert Outcome.CREATED is not again.value.booked
    assert ("order-118", 2) == (delivery.reference, delivery.revision)
    assert delivery.id == courier.find("order-118", 2).id
    assert 1 == len(drive.books())


def test_f056_expired_quote_books_nothing(
    courier: Any, drive: DriveServer, new_request: NewRequest
) -> None:
    """
    A quote that the carrier let expire is refused and nothing is booked.
    """
    request = new_request()
    (quote,) = courier.quote(request)
    drive.clock.step(301)

    with pytest.raises(QuoteExpiredError) as expired:
        courier.dispatch(request, quote=quote)

    assert not expired.value.maybe_booked
    assert [] == drive.books()


def test_quote_for_another_request_is_refused_before_the_network(
    courier: Any, drive: DriveServer, new_request: NewRequest
) -> None:
    """
    A quote cannot book another address than the one that was quoted.
    """
    (quote,) = courier.quote(new_request())
    before = seen(drive)

    with pytest.raises(QuoteMismatchError):
        courier.dispatch(new_request(to="9 Elsewhere Road, Seattle, WA 98101"), quote=quote)

    assert before == seen(drive)


def test_f057_fee_above_max_fee_books_nothing(
    courier: Any, drive: DriveServer, new_request: NewRequest
) -> None:
    """
    With max_fee nothing dearer is booked, with a quote or without.
    """
    request = new_request()
    (quote,) = courier.quote(request)
    with pytest.raises(FeeExceededError):
        courier.dispatch(request, quote=quote, max_fee=Money(974, "USD"))
    with pytest.raises(FeeExceededError) as unquoted:
        courier.dispatch(new_request("order-119"), max_fee=Money(974, "USD"))

    assert not unquoted.value.maybe_booked
    assert [] == drive.books()


def test_f057_price_that_rises_on_accept_is_reported_with_the_delivery(
    courier: Any, drive: DriveServer, new_request: NewRequest
) -> None:
    """
    When the carrier books dearer than it quoted, the caller is told and holds the delivery.
    """
    request = new_request(to="1 Price Rise Road, Seattle, WA 98101")
    (quote,) = courier.quote(request)

    with pytest.raises(FeeExceededError) as dearer:
        courier.dispatch(request, quote=quote, max_fee=quote.price.total)

    assert Outcome.CREATED is dearer.value.booked
    assert courier.cancel(dearer.value.delivery.id).confirmed


def test_out_of_coverage_keeps_the_reference_free(
    courier: Any, drive: DriveServer, new_request: NewRequest
) -> None:
    """
    A refused request books nothing and does not use its reference up.
    """
    with pytest.raises(OutOfCoverageError) as refused:
        courier.dispatch(new_request(to="1 Faraway Street, Seattle, WA 98101"))

    assert (Outcome.REJECTED, "distance_too_long") == (
        refused.value.booked,
        refused.value.raw_reason,
    )
    assert Status.PENDING == courier.dispatch(new_request()).status


@pytest.mark.parametrize("fault", ["rst_after", "fin_after"])
@pytest.mark.parametrize("quoted", [False, True])
def test_lost_answer_is_unknown_and_repeating_returns_the_one_delivery(
    courier: Any, drive: DriveServer, new_request: NewRequest, fault: str, quoted: bool
) -> None:
    """
    The server commits and drops the connection: unknown, then found, then not booked again.
    """
    request = new_request()
    quote = courier.quote(request)[0] if quoted else None
    drive.faults.arm(fault, "accept" if quoted else "create")

    with pytest.raises(OutcomeUnknownError) as lost:
        courier.dispatch(request, quote=quote)

    assert ("order-118", 1) == (lost.value.reference, lost.value.revision)
    found = courier.find("order-118")
    repeated = courier.dispatch(request, quote=quote)
    assert found.id == repeated.id
    assert [1] == [entry["commits"] for entry in drive.books()]


def test_f048_wrong_id_in_the_answer_is_not_believed(
    courier: Any, drive: DriveServer, new_request: NewRequest
) -> None:
    """
    A success with somebody else's id leaves the outcome unknown.
    """
    drive.faults.arm("wrong_id_after", "create")

    with pytest.raises(OutcomeUnknownError):
        courier.dispatch(new_request())


@pytest.mark.parametrize("fault", ["error_500_after", "html_200_after", "empty_200_after"])
def test_f035_unusable_answer_to_a_booking_is_unknown(
    courier: Any, drive: DriveServer, new_request: NewRequest, fault: str
) -> None:
    """
    Neither a 500 nor a 200 without our delivery is taken for an answer, and nothing is sent twice.
    """
    drive.faults.arm(fault, "create")

    with pytest.raises(OutcomeUnknownError) as unknown:
        courier.dispatch(new_request())

    assert Outcome.UNKNOWN is unknown.value.booked
    assert [1] == [entry["attempts"] for entry in drive.books()]


def test_rate_limit_on_a_booking_is_refused_not_repeated(
    courier: Any, drive: DriveServer, new_request: NewRequest
) -> None:
    """
    A 429 on a booking is told to the caller with the wait, and nothing was booked.
    """
    drive.faults.arm("refuse_429", "create", retry_after=7)

    with pytest.raises(RateLimitedError) as limited:
        courier.dispatch(new_request())

    assert (7, Outcome.REJECTED) == (limited.value.retry_after_s, limited.value.booked)
    assert [] == drive.books()


def test_f062_lost_cancel_is_repeated_and_done_once(
    courier: Any, drive: DriveServer, new_request: NewRequest
) -> None:
    """
    A cancel whose answer is lost is sent again, and "already cancelled" is success.
    """
    delivery = courier.dispatch(new_request())
    drive.faults.arm("rst_after", "cancel")

    cancelled = courier.cancel(delivery.id)

    assert (True, Status.CANCELLED) == (cancelled.confirmed, cancelled.delivery.status)


def test_deadline_holds_against_a_silent_carrier(
    courier: Any, drive: DriveServer, new_request: NewRequest
) -> None:
    """
    A carrier that commits and says nothing is given up at the deadline: unknown.
    """
    drive.faults.arm("timeout_after", "create", seconds=5)

    with pytest.raises(OutcomeUnknownError):
        courier.dispatch(new_request(), deadline_s=0.3)

    assert courier.find("order-118") is not None


def test_stopped_server_means_nothing_was_sent(
    courier: Any, drive: DriveServer, new_request: NewRequest
) -> None:
    """
    When nobody listens, nothing was booked and the same call may be made again.
    """
    drive.stop()

    with pytest.raises(CarrierUnavailableError) as gone:
        courier.dispatch(new_request(), deadline_s=5)

    assert Outcome.NOT_SENT is gone.value.booked


def test_what_the_account_cannot_do_is_refused_before_the_network(
    courier: Any, drive: DriveServer, new_request: NewRequest
) -> None:
    """
    An unsupported wish raises and no request leaves.
    """
    two = new_request()
    two = type(two)(reference="two", pickup=two.pickup, dropoffs=[two.dropoff, two.dropoff])

    with pytest.raises(UnsupportedError) as refused:
        courier.dispatch(two)

    assert "max_dropoffs" == refused.value.params["capability"]
    assert 0 == seen(drive)
