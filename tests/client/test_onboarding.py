"""
Businesses and stores, through both clients.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from doorstep.errors import (
    AccountNotFoundError,
    CarrierUnavailableError,
    DuplicateError,
    InvalidAnswerError,
    UnsupportedError,
)
from doorstep.http import RepeatPolicy
from doorstep.models import (
    Address,
    BusinessChanges,
    BusinessStatus,
    NewBusiness,
    NewStore,
    StoreChanges,
    StoreStatus,
)
from doorstep.outcome import Outcome
from doorstep.testing import FakeCarrier, FakeProvider

Connect = Callable[..., Any]
Poorer = Callable[..., None]

BAR = NewBusiness(id="burrito-bar", name="Burrito Bar")
DOWNTOWN = NewStore(
    id="downtown", name="Downtown", address=Address(one_line="1 Main St"), phone="+12065551212"
)


def test_business_and_store_are_registered_read_and_changed(
    connect: Connect, carrier: FakeCarrier
) -> None:
    """
    What was registered is read, changed where something is said, and else as it was.
    """
    onboarding = connect().onboarding
    onboarding.create_business(BAR)
    onboarding.create_store("burrito-bar", DOWNTOWN)
    bar = onboarding.update_business("burrito-bar", BusinessChanges(status=BusinessStatus.INACTIVE))
    store = onboarding.update_store("burrito-bar", "downtown", StoreChanges(name="Uptown"))

    assert ("Burrito Bar", BusinessStatus.INACTIVE, 1) == (bar.name, bar.status, bar.stores)
    assert ("Uptown", "1 Main St", "+12065551212") == (store.name, store.address, store.phone)
    assert bar == onboarding.get_business("burrito-bar")
    assert store == onboarding.get_store("burrito-bar", "downtown")
    assert ((bar,), (store,)) == (carrier.registry.businesses, carrier.registry.stores)


def test_same_business_again_is_the_one_that_is_there(
    connect: Connect, carrier: FakeCarrier
) -> None:
    """
    Repeating a registration registers nothing more, and another one under its id is a duplicate.
    """
    onboarding = connect().onboarding

    assert onboarding.create_business(BAR) == onboarding.create_business(BAR)
    assert onboarding.create_store(BAR.id, DOWNTOWN) == onboarding.create_store(BAR.id, DOWNTOWN)
    for act in (
        lambda: onboarding.create_business(attrs.evolve(BAR, name="Taco Bar")),
        lambda: onboarding.create_store(BAR.id, attrs.evolve(DOWNTOWN, phone=None)),
    ):
        with pytest.raises(DuplicateError):
            act()
    assert (1, 1) == (len(carrier.registry.businesses), len(carrier.registry.stores))


def test_lists_are_walked_page_by_page(
    connect: Connect, carrier: FakeCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Every entry is yielded once, a page is asked for only when it is wanted.
    """
    carrier.registry.page_size = 2
    onboarding = connect().onboarding
    for number in range(5):
        onboarding.create_business(NewBusiness(id=f"b{number}", name="x"))
        onboarding.create_store("b0", attrs.evolve(DOWNTOWN, id=f"s{number}"))
    onboarding.update_business("b3", BusinessChanges(status=BusinessStatus.INACTIVE))
    sent: list[str] = []
    answer = carrier.send
    monkeypatch.setattr(
        carrier,
        "send",
        lambda request, *rest: sent.append(request.target) or answer(request, *rest),
    )

    assert [f"b{number}" for number in range(5)] == [one.id for one in onboarding.businesses()]
    assert [f"s{number}" for number in range(5)] == [one.id for one in onboarding.stores("b0")]
    assert ["b3"] == [one.id for one in onboarding.businesses(BusinessStatus.INACTIVE)]
    assert [] == list(onboarding.stores("b0", StoreStatus.INACTIVE))
    sent.clear()
    assert "b0" == next(iter(onboarding.businesses())).id
    assert ["/businesses"] == sent


def test_f049_list_that_turns_in_circles_is_an_error_after_what_it_told(
    connect: Connect, carrier: FakeCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Through both clients: what was yielded holds, then the error says that the list is broken.
    """
    onboarding = connect().onboarding
    onboarding.create_business(BAR)
    body = carrier.registry._page(carrier.registry.businesses, {}).replace(b"null}", b'"1"}')
    monkeypatch.setattr(carrier.registry, "answer", lambda *request: body)

    entries = onboarding.businesses()

    assert "burrito-bar" == next(entries).id
    with pytest.raises(InvalidAnswerError, match="fake: list_businesses broke off a list"):
        next(entries)


@pytest.mark.parametrize(
    "act",
    [
        lambda one: one.get_business("nobody"),
        lambda one: one.update_business("nobody", BusinessChanges(name="x")),
        lambda one: one.create_store("nobody", DOWNTOWN),
        lambda one: list(one.stores("nobody")),
        lambda one: one.get_store("nobody", "downtown"),
        lambda one: one.get_store("burrito-bar", "nowhere"),
        lambda one: one.update_store("burrito-bar", "nowhere", StoreChanges(name="x")),
    ],
)
def test_business_or_store_that_nobody_knows_is_told(
    connect: Connect, act: Callable[[Any], object]
) -> None:
    """
    What is not registered is not there.
    """
    onboarding = connect().onboarding
    onboarding.create_business(BAR)

    with pytest.raises(AccountNotFoundError):
        act(onboarding)


def test_lost_answer_to_a_registration_may_have_registered(
    connect: Connect, carrier: FakeCarrier
) -> None:
    """
    Nobody knows; the same registration again finds the business.
    """
    carrier.provider = FakeProvider(repeat_policy=RepeatPolicy(retries=0))
    onboarding = connect().onboarding
    carrier.lose_next_answer()

    with pytest.raises(CarrierUnavailableError) as told:
        onboarding.create_business(BAR)

    assert Outcome.UNKNOWN is told.value.booked
    assert carrier.registry.businesses == (onboarding.create_business(BAR),)


def test_carrier_that_registers_nobody_is_not_asked_by_lists(
    connect: Connect, poorer: Poorer
) -> None:
    """
    Also a list refuses as soon as it is walked.
    """
    poorer(onboarding=False)

    with pytest.raises(UnsupportedError):
        list(connect().onboarding.businesses())
