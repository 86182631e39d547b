"""
What is refused of a marketplace before the network, and where the rest is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from doorstep.capabilities import CatalogCapabilities
from doorstep.errors import TimeWindowInvalidError, UnsupportedError, ValidationError
from doorstep.models import Availability, CloseReason, Closing
from doorstep.operations import CatalogOperations, Operations
from doorstep.outcome import Outcome
from doorstep.testing import FakeProvider

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
PAUSED = Closing(reason=CloseReason.PAUSED_BY_STORE)
TACO = Availability(id="taco", available=False)
Act = Callable[[CatalogOperations], object]


def operations(**narrowed: Any) -> CatalogOperations:
    """
    The operations of a marketplace that can do everything but what is *narrowed*.
    """
    able = FakeProvider().capabilities
    assert able.catalog is not None
    catalog = attrs.evolve(able.catalog, **narrowed)
    provider = FakeProvider(capabilities=attrs.evolve(able, catalog=catalog))
    return Operations(provider).catalog


#: What each capability allows.
CLAIMED: list[tuple[dict[str, Any], Act]] = [
    ({"close_reasons": frozenset()}, lambda one: one.close_store("s", PAUSED, NOW)),
    ({"close_reasons": frozenset()}, lambda one: one.open_store("s")),
    (
        {"close_reasons": frozenset({CloseReason.DELETED})},
        lambda one: one.close_store("s", PAUSED, NOW),
    ),
    (
        {"close_until": False},
        lambda one: one.close_store("s", attrs.evolve(PAUSED, duration_s=60), NOW),
    ),
    (
        {"close_until": False},
        lambda one: one.close_store("s", attrs.evolve(PAUSED, until=NOW), NOW),
    ),
    ({"items": False}, lambda one: one.set_items("s", [TACO], NOW)),
    ({"options": False}, lambda one: one.set_options("s", [TACO], NOW)),
    ({"item_until": False}, lambda one: one.set_items("s", [attrs.evolve(TACO, until=NOW)], NOW)),
    ({"read_store": False}, lambda one: one.read_store("s")),
    ({"read_menus": False}, lambda one: one.read_menus("s")),
    ({"read_items": False}, lambda one: one.read_items("s")),
    ({"read_options": False}, lambda one: one.read_options("s")),
]


@pytest.mark.parametrize(("narrowed", "act"), CLAIMED)
def test_what_the_marketplace_does_not_claim_is_refused(narrowed: dict[str, Any], act: Act) -> None:
    """
    The error names the capability and the operation; what is claimed is planned.
    """
    (capability,) = narrowed

    act(operations())
    with pytest.raises(UnsupportedError) as refused:
        act(operations(**narrowed))

    assert f"catalog.{capability}" == refused.value.params["capability"]
    assert ("fake", "default", Outcome.NOT_SENT) == (
        refused.value.provider,
        refused.value.account,
        refused.value.booked,
    )
    assert refused.value.operation is not None


def test_every_claim_of_a_marketplace_is_refused_without_it() -> None:
    """
    No capability of a marketplace is forgotten above; three are figures that refuse nothing.
    """
    names = {field.name for field in attrs.fields(CatalogCapabilities)}

    assert {name for narrowed, _ in CLAIMED for name in narrowed} == names - {
        "closes_for_s",
        "item_batch",
    }


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda one: one.close_store(7, PAUSED, NOW), "store"),
        (lambda one: one.close_store("", PAUSED, NOW), "store"),
        (lambda one: one.close_store("s", "paused", NOW), "closing"),
        (lambda one: one.open_store("a\nb"), "store"),
        (lambda one: one.read_store("x" * 257), "store"),
        (lambda one: one.read_menus(None), "store"),
        (lambda one: one.set_items("s", "taco", NOW), "wishes"),
        (lambda one: one.set_items("s", TACO, NOW), "wishes"),
        (lambda one: one.set_items("s", ["taco"], NOW), "wishes"),
        (lambda one: one.set_items("s", iter([TACO]), NOW), "wishes"),
        (lambda one: one.set_options("s", [TACO] * 100_001, NOW), "wishes"),
        (
            lambda one: one.set_items("s", [TACO, attrs.evolve(TACO, available=True)], NOW),
            "wishes",
        ),
        (
            lambda one: one.set_options("s", [TACO, attrs.evolve(TACO, until=NOW)], NOW),
            "wishes",
        ),
    ],
)
def test_wrong_argument_of_a_marketplace_is_the_callers(act: Act, field: str) -> None:
    """
    Ids that are none, and wishes that contradict each other, are refused by name.
    """
    with pytest.raises(ValidationError) as refused:
        act(operations())

    assert [field] == [problem.path for problem in refused.value.fields]
    assert ("fake", Outcome.NOT_SENT) == (refused.value.provider, refused.value.booked)


@pytest.mark.parametrize("late_s", [61, 86_400])
@pytest.mark.parametrize("what", ["closing", "items"])
def test_end_that_is_over_is_refused(what: str, late_s: int) -> None:
    """
    A store is not closed until yesterday; a minute is allowed for clocks that differ.
    """

    def ask(until: datetime) -> None:
        if what == "closing":
            operations().close_store("s", attrs.evolve(PAUSED, until=until), NOW)
        else:
            operations().set_items("s", [attrs.evolve(TACO, until=until)], NOW)

    ask(NOW - timedelta(seconds=60))
    with pytest.raises(TimeWindowInvalidError):
        ask(NOW - timedelta(seconds=late_s))


def test_closing_until_a_time_and_for_a_duration_is_refused() -> None:
    """
    A closing has one end at most.
    """
    with pytest.raises(ValidationError, match=r"Closing\.until"):
        Closing(reason=CloseReason.PAUSED_BY_STORE, until=NOW, duration_s=60)


def test_wish_that_is_repeated_is_sent_once() -> None:
    """
    The same wish twice is one, in the place of the first.
    """
    other = Availability(id="burrito", available=True)

    (plan,) = operations().set_items("s", [TACO, other, TACO], NOW).plans()
    (request,) = [next(plan.start(None))]  # type: ignore[arg-type]

    assert 1 == request.body.count(b"taco")
    assert request.body.index(b"taco") < request.body.index(b"burrito")


@pytest.mark.parametrize(("batch", "requests"), [(1, 5), (2, 3), (5, 1), (100, 1), (0, 5)])
def test_wishes_are_split_by_what_the_carrier_takes(batch: int, requests: int) -> None:
    """
    No request has more wishes than the carrier takes, and none is empty.
    """
    wishes = [Availability(id=str(number), available=True) for number in range(5)]

    plans = list(operations(item_batch=batch).set_items("s", wishes, NOW).plans())

    assert requests == len(plans)
    assert [] == list(operations().set_items("s", [], NOW).plans())


def test_account_without_a_marketplace_says_so() -> None:
    """
    Neither a carrier without one nor an account without credentials for it is asked.
    """
    able = FakeProvider().capabilities

    class Unable(FakeProvider):
        catalog = None  # type: ignore[assignment]

    for provider in (FakeProvider(capabilities=attrs.evolve(able, catalog=None)), Unable()):
        with pytest.raises(UnsupportedError) as refused:
            _ = Operations(provider).catalog

        assert "catalog" == refused.value.params["capability"]
        assert "fake" == refused.value.provider
