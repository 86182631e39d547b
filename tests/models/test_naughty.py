"""
Every text field of every input, given every string that is known to break software.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest

from doorstep import from_json, to_json
from doorstep.errors import ValidationError
from doorstep.models import (
    Address,
    Barcode,
    CashOnDelivery,
    Changes,
    Contact,
    Coordinates,
    DeliveryId,
    DeliveryRequest,
    Item,
    Money,
    Pin,
    Price,
    PriceComponent,
    Quote,
    Signature,
    Stop,
    StopChanges,
    StoreRef,
)
from doorstep_contracts.naughty import EVERY_NAUGHTY_STRING, NAUGHTY_STRINGS

PLACE = Address(one_line="1 Main St")
USD = Money(1, "USD")
#: A good value of each class that has text, to put other text into.
SAMPLES: tuple[Any, ...] = (
    Address(one_line="1 Main St", lines=["1 Main St"]),
    Barcode(values=["1"]),
    CashOnDelivery(collect=USD),
    Changes(),
    Contact(),
    DeliveryId("acme", "main", "d-1"),
    DeliveryRequest(reference="a", pickup=Stop(address=PLACE), dropoffs=Stop(address=PLACE)),
    Item(name="Soup"),
    USD,
    Pin(),
    Price(total=USD),
    PriceComponent(raw_name="fee", amount=USD),
    Quote(
        provider="acme",
        account="main",
        reference="a",
        revision=1,
        created_at=datetime(2026, 11, 22, tzinfo=UTC),
        binding=True,
    ),
    Signature(),
    Stop(address=PLACE),
    StopChanges(),
    StoreRef(store="s-1"),
)
FIELDS = {
    f"{type(sample).__name__}.{field.name}": (sample, field.name)
    for sample in SAMPLES
    for field in attrs.fields(type(sample))
}
#: Fields for people, which take whatever people write.
PROSE = {"Address.access_notes", "Stop.instructions", "StopChanges.instructions"}
PROSE |= {"Item.description"}
#: Kinds with nothing in them that a person might not have meant.
HARMLESS = ("scripts", "emoji", "homoglyphs", "injections", "numbers", "words", "dates")


def kinds_in(hint: Any) -> Iterator[type]:
    """
    Yield the classes that a type hint is made of.
    """
    members = typing.get_args(hint)
    if not members and isinstance(hint, type):
        yield hint
    for one in members:
        yield from kinds_in(one)


def text_fields(*roots: type) -> set[str]:
    """
    Name every field of type text, in *roots* and in all that they are made of.
    """
    found, seen, left = set(), set(), list(roots)
    while left:
        kind = left.pop()
        seen.add(kind)
        for name, hint in typing.get_type_hints(kind).items():
            kinds = set(kinds_in(hint)) - {types.NoneType}
            left += [one for one in kinds if attrs.has(one) and one not in seen]
            if str in kinds and typing.get_origin(hint) is not typing.ClassVar:
                found.add(f"{kind.__name__}.{name}")
    return found


TEXTS = sorted(text_fields(DeliveryRequest, Changes, DeliveryId, Quote))


def filled(where: str, text: str) -> Any:
    """
    Return the sample of a class with *text* in one field.
    """
    sample, name = FIELDS[where]
    many = type(getattr(sample, name)) is tuple
    return attrs.evolve(sample, **{name: (text,) if many else text})


def test_f094_naughty_strings_are_many() -> None:
    """
    There are more than 515 of them, each once, of every kind that the catalogue names.
    """
    assert 515 < len(EVERY_NAUGHTY_STRING) == len(set(EVERY_NAUGHTY_STRING))
    assert {one for texts in NAUGHTY_STRINGS.values() for one in texts} == {*EVERY_NAUGHTY_STRING}


@pytest.mark.parametrize("where", TEXTS)
def test_f094_naughty_string_is_kept_unchanged_or_refused(where) -> None:
    """
    Every text field takes a string as it is, through JSON and back, or refuses it with
    ``ValidationError`` before anything is sent; nothing crashes.
    """
    name = where.partition(".")[2]
    for text in EVERY_NAUGHTY_STRING:
        try:
            value = filled(where, text)
            stored = to_json(value)
        except ValidationError:
            continue
        held = getattr(value, name)
        assert text == (held[0] if type(held) is tuple else held)
        assert value == from_json(stored, type(value))


@pytest.mark.parametrize("kind", HARMLESS)
@pytest.mark.parametrize("where", sorted(PROSE))
def test_f094_what_people_may_write_is_taken(where, kind) -> None:
    """
    Instructions may hold every script, emoji, quote and bracket: nothing is refused for
    looking like code.
    """
    for text in NAUGHTY_STRINGS[kind]:
        filled(where, text)


@pytest.mark.parametrize("where", ["lat", "lng"])
def test_f094_naughty_number_is_exact_or_refused(where) -> None:
    """
    A coordinate given as text is that very number or is refused.
    """
    good = {"lat": "1", "lng": "1"}
    taken = []
    for text in EVERY_NAUGHTY_STRING:
        try:
            value = Coordinates(**{**good, where: text})
        except ValidationError:
            continue
        taken.append(text)
        assert Decimal(text) == getattr(value, where)
        assert value == from_json(to_json(value), Coordinates)
    assert {"0", "-0", "19.99"} < set(taken) <= {*NAUGHTY_STRINGS["numbers"], *"0123456789"}


def test_f094_naughty_amount_is_exact_or_refused() -> None:
    """
    An amount given as text is that very amount or is refused.
    """
    taken = set()
    for text in EVERY_NAUGHTY_STRING:
        try:
            value = Money.from_decimal(text, "USD")
        except ValidationError:
            continue
        taken.add(text)
        assert Decimal(text) == value.decimal
    assert (
        {"0", "19.99"}
        < taken
        < {*NAUGHTY_STRINGS["numbers"], *NAUGHTY_STRINGS["dates"]} | {*"0123456789"}
    )


def test_f094_naughty_delivery_id_is_read_back_or_refused() -> None:
    """
    A stored id that was damaged is refused and never becomes another id.
    """
    for text in EVERY_NAUGHTY_STRING:
        for stored in (text, f"acme/main/{text}"):
            try:
                value = DeliveryId.parse(stored)
            except ValidationError:
                continue
            assert value == DeliveryId.parse(str(value))
            assert str(value).isascii()
