"""
What both clients refuse before anything is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from doorstep.capabilities import Need, QuoteKind, Recovery
from doorstep.errors import (
    FeeExceededError,
    NoCapacityError,
    QuoteMismatchError,
    UnsupportedError,
    ValidationError,
)
from doorstep.models import CancelReason, Changes, DeliveryId, DeliveryRequest, Money, RefundReason
from doorstep.outcome import Outcome
from doorstep.testing import FakeCarrier

Connect = Callable[..., Any]
Poorer = Callable[..., None]


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
