"""
What is refused of registering businesses and stores before the network.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from doorstep.errors import UnsupportedError, ValidationError
from doorstep.models import (
    Address,
    BusinessChanges,
    BusinessStatus,
    NewBusiness,
    NewStore,
    StoreChanges,
)
from doorstep.operations import OnboardingOperations, Operations
from doorstep.outcome import Outcome
from doorstep.testing import FakeProvider

BUSINESS = NewBusiness(id="b", name="Burrito Bar")
STORE = NewStore(id="s", name="Downtown", address=Address(one_line="1 Main St"))
Act = Callable[[OnboardingOperations], object]

EVERY: dict[str, Act] = {
    "create_business": lambda one: one.create_business(BUSINESS),
    "list_businesses": lambda one: one.list_businesses(None),
    "get_business": lambda one: one.get_business("b"),
    "update_business": lambda one: one.update_business("b", BusinessChanges(name="Bar")),
    "create_store": lambda one: one.create_store("b", STORE),
    "list_stores": lambda one: one.list_stores("b", None),
    "get_store": lambda one: one.get_store("b", "s"),
    "update_store": lambda one: one.update_store("b", "s", StoreChanges(name="Uptown")),
}


def operations(*, able: bool = True) -> OnboardingOperations:
    can = attrs.evolve(FakeProvider().capabilities, onboarding=able)
    return Operations(FakeProvider(capabilities=can)).onboarding


@pytest.mark.parametrize("operation", EVERY)
def test_carrier_that_registers_nobody_is_not_asked(operation: str) -> None:
    """
    Every operation is refused, by its name; with a carrier that does it, none is.
    """
    EVERY[operation](operations())
    with pytest.raises(UnsupportedError) as refused:
        EVERY[operation](operations(able=False))

    assert "onboarding" == refused.value.params["capability"]
    assert ("fake", operation) == (refused.value.provider, refused.value.operation)


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda one: one.create_business({"id": "b"}), "business"),
        (
            lambda one: one.create_business(attrs.evolve(BUSINESS, status=BusinessStatus.UNKNOWN)),
            "business.status",
        ),
        (lambda one: one.list_businesses("active!"), "status"),
        (lambda one: one.get_business(""), "business"),
        (lambda one: one.get_business("a\x00"), "business"),
        (lambda one: one.update_business("b", {"name": "x"}), "changes"),
        (
            lambda one: one.update_business("b", BusinessChanges(status=BusinessStatus.UNKNOWN)),
            "changes.status",
        ),
        (lambda one: one.create_store("b", BUSINESS), "store"),
        (lambda one: one.create_store(None, STORE), "business"),
        (lambda one: one.list_stores("b", BusinessStatus.ACTIVE), "status"),
        (lambda one: one.get_store("b", 7), "store"),
        (lambda one: one.update_store("b", "s", BusinessChanges(name="x")), "changes"),
    ],
)
def test_wrong_argument_of_onboarding_is_the_callers(act: Act, field: str) -> None:
    """
    What cannot be sent is refused by name, and a status that nobody knows is not asked for.
    """
    with pytest.raises(ValidationError) as refused:
        act(operations())

    assert [field] == [problem.path for problem in refused.value.fields]
    assert ("fake", Outcome.NOT_SENT) == (refused.value.provider, refused.value.booked)


@pytest.mark.parametrize(
    "make",
    [
        lambda: BusinessChanges(),
        lambda: StoreChanges(),
        lambda: NewBusiness(id="b 7", name="x"),
        lambda: NewBusiness(id="", name="x"),
        lambda: NewBusiness(id="b", name=" "),
        lambda: NewStore(id="s", name="x", address="1 Main St"),  # type: ignore[arg-type]
        lambda: attrs.evolve(STORE, phone="555-1234"),
    ],
)
def test_business_or_store_that_cannot_be_is_refused(make: Callable[[], Any]) -> None:
    """
    Ids, names, addresses and phones are checked when they are made; changes change something.
    """
    with pytest.raises(ValidationError):
        make()
