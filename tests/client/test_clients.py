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

from doorstep.capabilities import Need, QuoteKind, Recovery
from doorstep.codec import from_json, to_json
from doorstep.errors import (
    ClientClosedError,
    CurrencyMismatchError,
    DeliveryNotFoundError,
    DuplicateError,
    FeeExceededError,
    NoCapacityError,
    OutcomeUnknownError,
    QuoteExpiredError,
    QuoteMismatchError,
    SettingsError,
    UnsupportedError,
    ValidationError,
)
from doorstep.models import (
    CancelReason,
    Changes,
    DeliveryId,
    DeliveryRequest,
    Money,
    Quote,
    RefundReason,
    RefundStatus,
    Status,
)
from doorstep.outcome import Outcome
from doorstep.testing import FakeCarrier

Connect = Callable[..., Any]
Poorer = Callable[..., None]


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


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda c, w: c.quote(None), "request"),
        (lambda c, w: c.dispatch({}), "request"),
        (lambda c, w: c.dispatch(w, quote=c.quote(w)), "quote"),
        (lambda c, w: c.dispatch(w, max_fee=1200), "max_fee"),
        (lambda c, w: c.dispatch(w, max_fee=Money(-1, "USD")), "max_fee"),
        (lambda c, w: c.track(None), "delivery"),
        (lambda c, w: c.update("fake/default/x", {}), "changes"),
        (lambda c, w: c.cancel("fake/default/x", "junk"), "reason"),
        (lambda c, w: c.refund("fake/default/x", "missing_main"), "reason"),
        (lambda c, w: c.set_tip("fake/default/x", 500), "tip"),
        (lambda c, w: c.find("order-1", "1"), "revision"),
        (lambda c, w: c.find("order-1", 0), "revision"),
        (lambda c, w: c.find("a b"), "reference"),
        (lambda c, w: c.find(None), "reference"),
    ],
)
def test_wrong_argument_is_the_callers_not_the_carriers(
    connect: Connect, wish: DeliveryRequest, act: Callable[[Any, Any], object], field: str
) -> None:
    """
    An argument of a wrong type is refused at the door, by name, and nothing is sent.
    """
    with pytest.raises(ValidationError) as refused:
        act(connect(), wish)

    assert [field] == [problem.path for problem in refused.value.fields]
    assert ("fake", Outcome.NOT_SENT) == (refused.value.provider, refused.value.booked)


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


@pytest.mark.parametrize("field", ["provider", "account", "reference", "revision"])
def test_quote_of_somebody_else_is_refused(
    connect: Connect, wish: DeliveryRequest, field: str
) -> None:
    """
    A quote belongs to one request of one account of one provider.
    """
    courier = connect()
    (quote,) = courier.quote(wish)
    foreign = attrs.evolve(quote, **{field: 2 if field == "revision" else "other"})

    with pytest.raises(QuoteMismatchError) as refused:
        courier.dispatch(wish, quote=foreign)

    assert Outcome.NOT_SENT is refused.value.booked


def test_quote_above_max_fee_is_refused(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest
) -> None:
    """
    A quote dearer than max_fee is not taken.
    """
    courier = connect()
    (quote,) = courier.quote(wish)

    with pytest.raises(FeeExceededError):
        courier.dispatch(wish, quote=quote, max_fee=Money(974, "USD"))

    assert () == carrier.deliveries


def test_max_fee_in_another_currency_is_refused(connect: Connect, wish: DeliveryRequest) -> None:
    """
    Amounts of two currencies are never compared: the error is ours, not a TypeError.
    """
    courier = connect()
    (quote,) = courier.quote(wish)

    with pytest.raises(ValidationError):
        courier.dispatch(wish, quote=quote, max_fee=Money(975, "CAD"))


def test_delivery_of_another_provider_is_refused_with_whom_to_ask(connect: Connect) -> None:
    """
    An id stored under another carrier names the provider and account to connect to.
    """
    with pytest.raises(ValidationError, match="belongs to provider 'acme', account 'north'"):
        connect().track(DeliveryId("acme", "north", "x"))


def test_text_that_is_no_delivery_id_is_refused(connect: Connect) -> None:
    """
    A malformed id raises our error, located at the provider and operation.
    """
    with pytest.raises(ValidationError, match=r"^fake: cancel "):
        connect().cancel("nonsense")


@pytest.mark.parametrize(
    ("narrowed", "act"),
    [
        ({"quote": QuoteKind.NONE}, lambda c, w: c.quote(w)),
        ({"quote_required": True}, lambda c, w: c.dispatch(w)),
        ({"recovery": Recovery.NONE}, lambda c, w: c.find("order-1")),
        (
            {"update_fields": frozenset()},
            lambda c, w: c.update("fake/default/x", Changes(tip=Money(1, "USD"))),
        ),
        (
            {"refund_request": False},
            lambda c, w: c.refund("fake/default/x", RefundReason.NEVER_DELIVERED),
        ),
        ({"tip": frozenset()}, lambda c, w: c.set_tip("fake/default/x", Money(1, "USD"))),
        ({"inputs": frozenset()}, lambda c, w: c.dispatch(w)),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_not_claimed_is_refused_before_the_network(
    connect: Connect,
    carrier: FakeCarrier,
    poorer: Poorer,
    wish: DeliveryRequest,
    narrowed: dict[str, Any],
    act: Callable[[Any, DeliveryRequest], object],
) -> None:
    """
    A capability that the account lacks raises UnsupportedError with its name.
    """
    poorer(**narrowed)
    carrier.refuse_next(NoCapacityError)  # would answer, if it were asked

    with pytest.raises(UnsupportedError) as refused:
        act(connect(), wish)

    assert ("fake", Outcome.NOT_SENT) == (refused.value.provider, refused.value.booked)
    assert refused.value.params["capability"]


def test_required_cancel_reason_is_asked_for(connect: Connect, poorer: Poorer) -> None:
    """
    A carrier that needs a reason is not asked without one.
    """
    poorer(cancel_reason=Need.REQUIRED, cancel_reasons=frozenset({CancelReason.MISTAKE}))

    with pytest.raises(ValidationError, match="one of mistake"):
        connect().cancel("fake/default/x")


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


@pytest.mark.parametrize("options", [{"deadline_s": 0}, {"deadline_s": True}, {"deadline_s": "5"}])
def test_deadline_that_is_no_time_is_refused(connect: Connect, options: dict[str, Any]) -> None:
    """
    A deadline is a positive number of seconds.
    """
    with pytest.raises(SettingsError, match="seconds"):
        connect(**options)


def test_deadline_for_an_unknown_operation_is_refused(connect: Connect) -> None:
    """
    A misspelt operation in deadlines is named.
    """
    with pytest.raises(SettingsError, match="qoute"):
        connect(deadlines={"qoute": 3})


@pytest.mark.parametrize(
    ("options", "call", "expected"),
    [
        ({}, None, 20.0),
        ({"deadline_s": 7}, None, 7.0),
        ({"deadlines": {"track": 3}}, None, 3.0),
        ({"deadlines": {"track": 3}}, 1.5, 1.5),
    ],
)
def test_nearest_deadline_holds(
    connect: Connect,
    carrier: FakeCarrier,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, Any],
    call: float | None,
    expected: float,
) -> None:
    """
    A call's deadline comes before the operation's, which comes before the client's.
    """
    seen: list[float] = []
    answer = carrier.send

    def send(request: Any, base_url: str, under_way: Any) -> Any:
        seen.append(under_way.remaining())
        return answer(request, base_url, under_way)

    monkeypatch.setattr(carrier, "send", send)
    with pytest.raises(DeliveryNotFoundError):
        connect(**options).track("fake/default/none", deadline_s=call)

    assert [expected] == seen


def test_fee_that_the_carrier_names_too_late_comes_with_the_delivery(
    connect: Connect, carrier: FakeCarrier, wish: DeliveryRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    When a provider books above max_fee all the same, the caller is told what there is to cancel.
    """
    courier = connect()
    monkeypatch.setattr(carrier, "fee", Money(2000, "USD"))
    dear = courier.dispatch(wish)

    def book(request: Any) -> Any:
        return carrier._value(dear)

    monkeypatch.setattr(carrier, "_handle", book)
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
