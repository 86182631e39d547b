"""
What both clients do themselves, before and around every carrier.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs
import pytest

from doorstep.codec import from_json, to_json
from doorstep.errors import (
    ClientClosedError,
    CurrencyMismatchError,
    DeliveryNotFoundError,
    DuplicateError,
    FeeExceededError,
    OutcomeUnknownError,
    QuoteExpiredError,
)
from doorstep.models import DeliveryRequest, Money, Quote, RefundReason, RefundStatus, Status
from doorstep.outcome import Outcome
from doorstep.testing import FakeCarrier

Connect = Callable[..., Any]


def test_life_of_a_delivery_is_walked(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest
) -> None:
    """
    Every operation reaches the carrier and its answer comes back.
    """
    courier = connect()
    (quote,) = courier.quote(wish)
    delivery = courier.dispatch(wish, quote=quote, max_fee=quote.price.total)

    assert delivery == courier.find("order-1")
    assert Money(500, "USD") == courier.set_tip(delivery.id, Money(500, "USD")).tip
    carrier.advance(delivery.id, Status.PICKED_UP)
    assert Status.PICKED_UP == courier.track(str(delivery.id)).status
    carrier.advance(delivery.id, Status.DELIVERED)
    statuses = [courier.refund(delivery.id, RefundReason.DELIVERED_LATE).status for _ in "12"]
    assert [RefundStatus.FULL, RefundStatus.ALREADY_REFUNDED] == statuses


def test_quote_crosses_processes_as_json(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest
) -> None:
    """
    A request and its quote, written as JSON and read again, can be dispatched.
    """
    (quote,) = connect().quote(wish)
    there = from_json(to_json(wish), DeliveryRequest), from_json(to_json(quote), Quote)

    delivery = connect().dispatch(there[0], quote=there[1])

    assert (delivery,) == carrier.deliveries


def test_expired_quote_books_nothing(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest
) -> None:
    """
    A quote past its time is refused; the message says when it expired.
    """
    courier = connect()
    (quote,) = courier.quote(wish)
    carrier.clock.step(300)

    with pytest.raises(QuoteExpiredError, match=r"fake: dispatch .* 2026-01-01T12:05:00Z"):
        courier.dispatch(wish, quote=quote)

    assert () == carrier.deliveries


def test_expired_quote_that_was_taken_before_returns_its_delivery(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest
) -> None:
    """
    After a lost answer the very same dispatch finds what was booked, however late it is.
    """
    courier = connect()
    (quote,) = courier.quote(wish)
    carrier.lose_next_answer()
    with pytest.raises(OutcomeUnknownError):
        courier.dispatch(wish, quote=quote)
    carrier.clock.step(301)

    assert (courier.dispatch(wish, quote=quote),) == carrier.deliveries


def test_expired_quote_of_a_cancelled_delivery_is_expired(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest
) -> None:
    """
    What was booked with the quote and cancelled since is not taken for the answer.
    """
    courier = connect()
    (quote,) = courier.quote(wish)
    courier.cancel(courier.dispatch(wish, quote=quote).id)
    carrier.clock.step(301)

    with pytest.raises(QuoteExpiredError):
        courier.dispatch(wish, quote=quote)


def test_booking_in_another_currency_comes_with_the_delivery(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest
) -> None:
    """
    When a carrier charges in a currency that nobody spoke of, the caller holds the delivery.
    """
    with pytest.raises(CurrencyMismatchError) as told:
        connect().dispatch(attrs.evolve(wish, tip=Money(500, "CAD")))

    assert Outcome.CREATED is told.value.booked
    assert carrier.deliveries == (told.value.delivery,)


def test_refund_without_an_answer_says_what_to_do(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest
) -> None:
    """
    A refund cannot be looked up: the error names the delivery and advises to ask again.
    """
    courier = connect()
    delivery = courier.dispatch(wish)
    carrier.lose_next_answer()

    with pytest.raises(OutcomeUnknownError, match="ask again") as lost:
        courier.refund(delivery.id, RefundReason.DELIVERED_LATE)

    assert str(delivery.id) == lost.value.params["delivery_id"]


def test_lost_answer_is_unknown_and_the_repeat_books_nothing_new(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest
) -> None:
    """
    A dispatch that was sent and not answered is unknown; repeating it finds the delivery.
    """
    courier = connect()
    carrier.lose_next_answer()

    with pytest.raises(OutcomeUnknownError, match="reference"):
        courier.dispatch(wish)

    assert (courier.dispatch(wish),) == carrier.deliveries


def test_connection_that_is_refused_is_tried_again(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest
) -> None:
    """
    What never left is sent again by the driver, even a booking.
    """
    carrier.refuse_connection()

    assert (connect().dispatch(wish),) == carrier.deliveries


def test_other_payload_under_one_reference_is_a_duplicate(
    connect: Connect, wish: DeliveryRequest
) -> None:
    """
    One reference and revision is one delivery.
    """
    courier = connect()
    courier.dispatch(wish)

    with pytest.raises(DuplicateError):
        courier.dispatch(attrs.evolve(wish, tip=Money(1, "USD")))


def test_errors_name_provider_account_and_operation(connect: Connect) -> None:
    """
    Whatever a carrier refuses says who refused what.
    """
    with pytest.raises(DeliveryNotFoundError, match=r"^fake: track ") as missing:
        connect().track("fake/default/none")

    assert ("fake", "default", "track") == (
        missing.value.provider,
        missing.value.account,
        missing.value.operation,
    )


def test_fee_that_the_carrier_names_too_late_comes_with_the_delivery(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    When a provider books above max_fee all the same, the caller is told what there is to cancel.
    """
    courier = connect()
    monkeypatch.setattr(carrier, "fee", Money(2000, "USD"))
    dear = courier.dispatch(wish)

    monkeypatch.setattr(carrier, "_handle", lambda request: to_json(dear).encode())
    with pytest.raises(FeeExceededError) as told:
        courier.dispatch(wish, max_fee=Money(1999, "USD"))

    assert (Outcome.CREATED, dear) == (told.value.booked, told.value.delivery)


def _dispatch_sync(carrier: FakeCarrier, wish: DeliveryRequest) -> None:
    with carrier.connect() as courier:
        pass
    courier.dispatch(wish)


def _dispatch_async(carrier: FakeCarrier, wish: DeliveryRequest) -> None:
    asyncio.run(_dispatch_after_closing(carrier, wish))


@pytest.mark.parametrize("dispatch", [_dispatch_sync, _dispatch_async])
def test_closed_client_says_so(
    carrier: FakeCarrier, wish: DeliveryRequest, dispatch: Callable[..., None]
) -> None:
    """
    A client that was closed books nothing more, in both forms with the same error.
    """
    with pytest.raises(ClientClosedError, match="fake: dispatch was asked") as closed:
        dispatch(carrier, wish)

    assert Outcome.NOT_SENT is closed.value.booked
    assert () == carrier.deliveries


async def _dispatch_after_closing(carrier: FakeCarrier, wish: DeliveryRequest) -> None:
    async with carrier.connect_async() as courier:
        pass
    await courier.dispatch(wish)


def test_clock_of_the_carrier_does_not_expire_quotes(
    carrier: FakeCarrier, wish: DeliveryRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A wrong clock here is corrected for signing; quotes are made and judged by one clock.
    """
    courier = carrier.connect()
    ahead = carrier.clock.now() + timedelta(hours=1)
    monkeypatch.setattr(type(courier._session), "now", lambda self: ahead)
    (quote,) = courier.quote(wish)

    assert (courier.dispatch(wish, quote=quote),) == carrier.deliveries
