"""
What a shop asks for: refused here when no carrier could take it.
"""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given, settings

from doorstep.errors import ValidationError
from doorstep.models import (
    Address,
    Asap,
    Changes,
    DeliveryRequest,
    Dimensions,
    Extension,
    IdCheck,
    Item,
    Money,
    Stop,
    StopChanges,
    Window,
)
from doorstep_contracts.strategies import neutral, references

STOP = Stop(address=Address(one_line="1 Main St"))


@attrs.frozen(kw_only=True)
class FerretExtension(Extension, provider="ferret"):
    """
    The inputs of a carrier that does not exist.
    """

    speed: int | None = None


@attrs.frozen(kw_only=True)
class OtterExtension(Extension, provider="otter"):
    """
    The inputs of another one.
    """

    depth: int | None = None


def request(**fields) -> DeliveryRequest:
    """
    Build a request that is good but for *fields*.
    """
    good: dict[str, Any] = {"reference": "a", "pickup": STOP, "dropoffs": STOP}
    return DeliveryRequest(**good | fields)


@given(reference=references())
def test_f098_reference_of_safe_letters_is_taken(reference) -> None:
    """
    Letters, digits and ``._~-`` survive in paths, files and headers.
    """
    assert reference == request(reference=reference).reference


@pytest.mark.parametrize(
    "reference",
    [
        "",
        ".",
        "..",
        "-a",
        "_a",
        "~a",
        "a/b",
        "a/../b",
        "a b",
        "a?b",
        "a#b",
        "%2e%2e",
        "a\n",
        "é",
        "\u043erder",
        "a\u200bb",
        "a\u202eb",
        "\uff0e\uff0e",
        "x" * 129,
        "x" * 10_000,
        "a\x00",
        None,
        5,
    ],
)
def test_f098_reference_that_changes_a_path_is_refused(reference) -> None:
    """
    A reference may end up in a URL: nothing in it means anything there.
    """
    with pytest.raises(ValidationError, match="must be 1 to 128 letters"):
        request(reference=reference)


@pytest.mark.parametrize("revision", [0, -1, 1000, True, "1", 1.0, None])
def test_revision_counts_from_one(revision) -> None:
    """
    A revision is a small whole number.
    """
    with pytest.raises(ValidationError):
        request(revision=revision)


@pytest.mark.parametrize("dropoffs", [[], (), None, "abc", 5, [STOP, None], STOP.address])
def test_dropoffs_are_one_stop_or_more(dropoffs) -> None:
    """
    Nothing but stops can be brought to; our own error says so.
    """
    with pytest.raises(ValidationError):
        request(dropoffs=dropoffs)


def test_one_stop_may_stand_for_the_list() -> None:
    """
    The common case needs no brackets, and any iterable will do.
    """
    assert (STOP,) == request(dropoffs=STOP).dropoffs == request(dropoffs=iter([STOP])).dropoffs


def test_items_at_the_pickup_are_refused() -> None:
    """
    What is handed over belongs to the dropoff where it is handed over.
    """
    stop = attrs.evolve(STOP, items=[Item(name="soup")])

    with pytest.raises(ValidationError, match="they belong to a dropoff"):
        request(pickup=stop)
    with pytest.raises(ValidationError, match="they belong to a dropoff"):
        Changes(pickup=StopChanges(items=[Item(name="soup")]))


def test_two_extensions_for_one_provider_are_refused() -> None:
    """
    Which of the two counts would be a guess.
    """
    with pytest.raises(ValidationError, match="has two for one provider"):
        request(extensions=[FerretExtension(), FerretExtension(speed=2)])
    with pytest.raises(ValidationError, match="has two for one provider"):
        Changes(extensions=[FerretExtension(), FerretExtension()])


def test_extension_is_found_by_its_kind() -> None:
    """
    One request can carry the inputs of several carriers; each reads its own.
    """
    asked = request(extensions=[OtterExtension(depth=3), FerretExtension(speed=2)])

    assert FerretExtension(speed=2) == asked.extension(FerretExtension)
    assert OtterExtension() == request().extension(OtterExtension)


@pytest.mark.parametrize("extensions", [[{"speed": 2}], ["ferret"], [None]])
def test_untyped_extension_is_refused(extensions) -> None:
    """
    Carrier-only inputs are typed values of a plugin.
    """
    with pytest.raises(ValidationError):
        request(extensions=extensions)


@pytest.mark.parametrize(
    "fields",
    [
        {"pickup": None},
        {"pickup": STOP.address},
        {"schedule": "asap"},
        {"schedule": None},
        {"schedule": Window},
        {"order_value": 5},
        {"order_value": Money(-1, "USD")},
        {"tip": "5"},
        {"tip": Money(-1, "USD")},
        {"if_undeliverable": "return"},
        {"cash_on_delivery": Money(1, "USD")},
    ],
)
def test_field_of_another_type_is_refused(fields) -> None:
    """
    Every field has one type, and what is owed is not negative.
    """
    with pytest.raises(ValidationError):
        request(**fields)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Item, {"quantity": 0}),
        (Item, {"quantity": -1}),
        (Item, {"quantity": 10_000}),
        (Item, {"quantity": 1.0}),
        (Item, {"weight_g": float("nan")}),
        (Item, {"weight_g": -1}),
        (Item, {"unit_price": 19.99}),
        (Item, {"age_restricted": "no"}),
        (Dimensions, {"length_mm": -1}),
        (Dimensions, {"length_mm": 1.5}),
        (IdCheck, {"min_age": 0}),
        (IdCheck, {"min_age": 151}),
        (Stop, {"verification": ["pin"]}),
        (Stop, {"items": None}),
        (Stop, {"contactless": "yes"}),
        (Stop, {"contact": None}),
    ],
)
def test_f108_item_or_stop_that_breaks_its_rule_is_refused(kind, fields) -> None:
    """
    Counts, weights and sizes are whole and bounded; flags are true or false.
    """
    good: dict[type, Any] = {
        Item: Item(name="x"),
        Dimensions: Dimensions(length_mm=1, width_mm=1, height_mm=1),
        IdCheck: IdCheck(),
        Stop: STOP,
    }

    with pytest.raises(ValidationError):
        attrs.evolve(good[kind], **fields)


def test_defaults_ask_for_nothing() -> None:
    """
    As soon as possible, no money, and no opinion on what to do with the goods.
    """
    plain = request()

    assert Asap() == plain.schedule
    assert (1, None, None, None) == (
        plain.revision,
        plain.order_value,
        plain.tip,
        plain.if_undeliverable,
    )


@settings(max_examples=20)
@given(value=neutral(DeliveryRequest))
def test_request_cannot_be_changed(value) -> None:
    """
    A request that was checked stays what was checked.
    """
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        value.revision = 2
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        value.pickup.address.one_line = "elsewhere"
    assert value.dropoffs[-1] == value.dropoff


@pytest.mark.parametrize("field", ["quantity", "weight_g"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1, True, "1", 10**30])
def test_f108_item_count_or_weight_that_is_none_is_refused(field, value) -> None:
    """
    Quantities and grams are whole numbers within bounds, never NaN and never negative.
    """
    with pytest.raises(ValidationError, match=f"Item.{field} must be a whole number"):
        Item(name="Soup", **{field: value})


def test_f108_items_with_one_id_stay_two_lines() -> None:
    """
    One article may stand in two lines, with and without onions: both are kept, in order.
    """
    lines = (Item(name="Soup", external_id="7"), Item(name="Soup, no onions", external_id="7"))
    dropoff = attrs.evolve(STOP, items=lines)

    assert lines == request(dropoffs=dropoff).dropoff.items
