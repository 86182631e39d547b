"""
What is refused to an account that makes no deliveries.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from doorstep.errors import UnsupportedError
from doorstep.http import Call, Request, Response
from doorstep.models import (
    Address,
    Changes,
    DeliveryRequest,
    Money,
    Opinion,
    ProofKind,
    Rating,
    RefundReason,
    Stop,
    StopKind,
)
from doorstep.operations import (
    OPERATIONS,
    CatalogOperations,
    OnboardingOperations,
    Operations,
)
from doorstep.outcome import Outcome
from doorstep.testing import FakeCarrier, FakeProvider
from doorstep.webhooks import WebhookRequest

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE = Address(one_line="1 Main St")
WISH = DeliveryRequest(
    reference="order-1", pickup=Stop(address=HERE), dropoffs=[Stop(address=HERE)]
)
ID = "fake/default/order-1~1"
TIP = Money(500, "USD")
Act = Callable[[Operations], object]

EVERY: dict[str, Act] = {
    "quote": lambda one: one.quote(WISH, NOW),
    "dispatch": lambda one: one.dispatch(WISH, None, None, NOW),
    "track": lambda one: one.track(ID),
    "find": lambda one: one.find("order-1", 1),
    "update": lambda one: one.update(ID, Changes(tip=TIP), NOW),
    "cancel": lambda one: one.cancel(ID, None),
    "refund": lambda one: one.refund(ID, RefundReason.MISSING_MAIN),
    "set_tip": lambda one: one.set_tip(ID, TIP),
    "proof": lambda one: one.proof(ID, StopKind.DROPOFF, ProofKind.PHOTO),
    "covers": lambda one: one.covers(HERE, HERE, None),
    "complete_address": lambda one: one.complete_address("1 Ma", None, 3),
    "redeliver": lambda one: one.redeliver(ID, "order-2", 1),
    "assignments": lambda one: one.assignments(ID),
    "rate_courier": lambda one: one.rate_courier(ID, "courier-1", Rating(opinion=Opinion.GOOD)),
    "receive": lambda one: one.webhooks(),
}


def without_deliveries() -> FakeProvider:
    return FakeProvider(capabilities=attrs.evolve(FakeProvider().capabilities, deliveries=False))


def test_every_operation_is_about_a_delivery_or_about_something_else() -> None:
    """
    No operation is forgotten below: what is neither the marketplace nor a business is there.
    """
    elsewhere = {*vars(CatalogOperations), *vars(OnboardingOperations)}

    assert EVERY.keys() == OPERATIONS - elsewhere | {"receive"}


@pytest.mark.parametrize("operation", EVERY)
def test_account_without_deliveries_is_refused_whatever_is_about_one(operation: str) -> None:
    """
    Refused by its name before anything else, whatever else is claimed.
    """
    with pytest.raises(UnsupportedError) as refused:
        EVERY[operation](Operations(without_deliveries()))

    assert "deliveries" == refused.value.params["capability"]
    assert ("fake", operation) == (refused.value.provider, refused.value.operation)
    assert Outcome.NOT_SENT is refused.value.booked


@pytest.mark.parametrize("act", [lambda one: one.dispatch(None, None, None, NOW), EVERY["track"]])
def test_that_there_are_none_comes_before_what_is_wrong_with_the_question(act: Act) -> None:
    """
    Nobody corrects an argument of what is refused in any case.
    """
    with pytest.raises(UnsupportedError):
        act(Operations(attrs.evolve(without_deliveries(), account="other")))


def test_marketplace_and_businesses_go_on_without_deliveries() -> None:
    """
    They are capabilities of their own.
    """
    able = Operations(without_deliveries())

    assert "read_store" == able.catalog.read_store("store-1").operation
    assert "get_business" == able.onboarding.get_business("b").operation


@pytest.mark.parametrize(
    "act",
    [
        lambda client: client.dispatch(WISH),
        lambda client: next(iter(client.watch(ID))),
        lambda client: client.support_case(ID),
        lambda client: client.receive(WebhookRequest(headers={}, body=b"{}")),
    ],
)
def test_client_without_deliveries_sends_nothing(act: Callable[[Any], object]) -> None:
    """
    Whatever a client makes of these operations is refused as they are.
    """

    class Silent(FakeCarrier):
        def send(self, request: Request, base_url: str, call: Call) -> Response:
            msg = f"was sent {request.method}"
            raise AssertionError(msg)

    carrier = Silent(provider=without_deliveries())
    with carrier.connect() as client, pytest.raises(UnsupportedError) as refused:
        act(client)

    assert "deliveries" == refused.value.params["capability"]


def test_async_client_without_deliveries_is_refused_the_same() -> None:
    """
    Both clients ask the same operations.
    """

    async def book() -> None:
        async with FakeCarrier(provider=without_deliveries()).connect_async() as client:
            await client.dispatch(WISH)

    with pytest.raises(UnsupportedError, match="fake: dispatch is not offered"):
        asyncio.run(book())
