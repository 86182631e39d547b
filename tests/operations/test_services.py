"""
What is refused of the services around a delivery before the network.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from doorstep.capabilities import Recovery
from doorstep.errors import UnsupportedError, ValidationError
from doorstep.models import Address, Money, Opinion, Rating
from doorstep.operations import Operations
from doorstep.outcome import Outcome
from doorstep.testing import FakeProvider

HERE = Address(one_line="1 Main St")
ID = "fake/default/order-1~1"
GOOD = Rating(opinion=Opinion.GOOD)
Act = Callable[[Operations], object]


def operations(**narrowed: Any) -> Operations:
    return Operations(
        FakeProvider(capabilities=attrs.evolve(FakeProvider().capabilities, **narrowed))
    )


@pytest.mark.parametrize(
    ("narrowed", "act"),
    [
        ({"coverage": False}, lambda one: one.covers(HERE, HERE, None)),
        ({"address_completion": False}, lambda one: one.complete_address("1 Ma", None, 3)),
        ({"redelivery": False}, lambda one: one.redeliver(ID, "order-2", 1)),
        ({"assignments": False}, lambda one: one.assignments(ID)),
        ({"ratings": False}, lambda one: one.rate_courier(ID, "courier-1", GOOD)),
        (
            {"rating_reasons": frozenset()},
            lambda one: one.rate_courier(ID, "courier-1", attrs.evolve(GOOD, reason="polite")),
        ),
        (
            {"rating_reasons": frozenset({"late"})},
            lambda one: one.rate_courier(ID, "courier-1", attrs.evolve(GOOD, reason="polite")),
        ),
    ],
)
def test_service_that_is_not_claimed_is_refused(narrowed: dict[str, Any], act: Act) -> None:
    """
    The error names the capability; what is claimed is planned.
    """
    (capability,) = narrowed

    act(operations())
    with pytest.raises(UnsupportedError) as refused:
        act(operations(**narrowed))

    assert capability == refused.value.params["capability"]
    assert ("fake", Outcome.NOT_SENT) == (refused.value.provider, refused.value.booked)


@pytest.mark.parametrize(
    ("reasons", "told"), [(frozenset(), "no reason"), (frozenset({"b", "a"}), "the reasons a, b")]
)
def test_reason_that_is_not_taken_is_answered_with_those_that_are(
    reasons: frozenset[str], told: str
) -> None:
    """
    The carrier's own words are listed, or that there are none.
    """
    with pytest.raises(UnsupportedError, match=f"fake: rate_courier takes {told}"):
        operations(rating_reasons=reasons).rate_courier(
            ID, "courier-1", Rating(opinion=Opinion.BAD, reason="rude")
        )


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda one: one.covers("1 Main St", HERE, None), "pickup"),
        (lambda one: one.covers(HERE, None, None), "dropoff"),
        (lambda one: one.covers(HERE, HERE, 1200), "order_value"),
        (lambda one: one.complete_address(" ", None, 3), "text"),
        (lambda one: one.complete_address("x" * 513, None, 3), "text"),
        (lambda one: one.complete_address(None, None, 3), "text"),
        (lambda one: one.complete_address("1 Ma", (1, 2), 3), "near"),
        (lambda one: one.complete_address("1 Ma", None, 0), "limit"),
        (lambda one: one.complete_address("1 Ma", None, 21), "limit"),
        (lambda one: one.complete_address("1 Ma", None, True), "limit"),
        (lambda one: one.redeliver(None, "order-2", 1), "delivery"),
        (lambda one: one.redeliver(ID, "a b", 1), "reference"),
        (lambda one: one.redeliver(ID, "order-2", 0), "revision"),
        (lambda one: one.assignments(7), "delivery"),
        (lambda one: one.assignments("acme/default/x"), "delivery"),
        (lambda one: one.rate_courier(ID, 4, GOOD), "courier"),
        (lambda one: one.rate_courier(ID, "courier-1", 5), "rating"),
    ],
)
def test_wrong_argument_of_a_service_is_the_callers(act: Act, field: str) -> None:
    """
    An argument of a wrong type or size is refused by name.
    """
    with pytest.raises(ValidationError) as refused:
        act(operations())

    assert [field] == [problem.path for problem in refused.value.fields]
    assert ("fake", Outcome.NOT_SENT) == (refused.value.provider, refused.value.booked)


def test_redelivery_that_cannot_be_looked_up_leads_to_support() -> None:
    """
    Nobody is told to look up a reference where the carrier cannot be asked for one.
    """
    assert operations().redeliver(ID, "order-2", 1).if_unknown is None
    advice = operations(recovery=Recovery.NONE).redeliver(ID, "order-2", 1).if_unknown

    assert advice == "ask the carrier's support for the reference before anything else"


def test_services_without_a_wish_beyond_are_planned() -> None:
    """
    Whatever is well-formed and claimed gets as far as a plan.
    """
    assert "covers" == operations().covers(HERE, HERE, Money(1200, "USD")).operation
    assert "redeliver" == operations().redeliver(ID, "order-2", 2).operation
