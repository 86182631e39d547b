"""
Where and who: what is refused before any carrier sees it, and what is not shown.
"""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from doorstep.errors import ValidationError
from doorstep.models import Address, Contact, Coordinates, Stop, StoreRef
from doorstep_contracts.strategies import phones

POINT = Coordinates(lat="1.2923742", lng="103.8486029")


@pytest.mark.parametrize(
    "fields",
    [
        {"one_line": "1 Main St"},
        {"lines": ["1 Main St"], "locality": "Springfield"},
        {"coordinates": POINT},
        {"store_ref": StoreRef(store="s-1")},
        {"coordinates": Coordinates(lat=0, lng=0)},
    ],
)
def test_address_needs_one_way_to_be_found(fields) -> None:
    """
    Any one of the four ways is enough, a point on the equator among them.
    """
    assert Address(**fields) == Address(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"lines": ["1 Main St"]},
        {"locality": "Springfield"},
        {"postal_code": "94103", "country": "US"},
        {"access_notes": "ring twice"},
    ],
)
def test_f102_address_nobody_can_find_is_refused(fields) -> None:
    """
    A town or a postal code alone is no address.
    """
    with pytest.raises(ValidationError, match="needs one_line, lines with locality"):
        Address(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"one_line": ""},
        {"one_line": "   "},
        {"one_line": "x" * 513},
        {"one_line": "x" * 10_000},
        {"one_line": 5},
        {"one_line": "x", "lines": "1 Main St"},
        {"one_line": "x", "lines": None},
        {"one_line": "x", "lines": [5]},
        {"one_line": "x", "lines": ["a\nb"]},
        {"one_line": "x", "unit": "x" * 65},
        {"one_line": "x", "locality": ""},
        {"one_line": "x", "region": "x" * 129},
        {"one_line": "x", "postal_code": "x" * 33},
        {"one_line": "x", "country": "us"},
        {"one_line": "x", "country": "USA"},
        {"one_line": "x", "country": "\uff35\uff33"},
        {"one_line": "x", "coordinates": (1, 2)},
        {"one_line": "x", "store_ref": "s-1"},
    ],
)
def test_f102_address_field_that_breaks_its_rule_is_refused(fields) -> None:
    """
    Every field has its own rule; text in place of lines is not taken letter by letter.
    """
    with pytest.raises(ValidationError):
        Address(**fields)


@pytest.mark.parametrize("lat", ["90", "-90", 90, Decimal("-89.9999999"), "0", "1E-7"])
def test_f102_latitude_within_the_earth_is_taken(lat) -> None:
    """
    Both poles belong to the earth, and numbers arrive exactly.
    """
    assert Decimal(lat) == Coordinates(lat=lat, lng=0).lat


@pytest.mark.parametrize(
    ("lat", "lng"),
    [
        ("123.13", "1"),
        ("90.00000000000000000000000000000001", "1"),
        ("1", "180.1"),
        ("-91", "1"),
        (1.5, "1"),
        ("abc", "1"),
        ("", "1"),
        (" 1", "1"),
        ("٣", "1"),
        ("1", "NaN"),
        (Decimal("sNaN"), "1"),
        ("1", Decimal("Infinity")),
        ("1", None),
        (True, "1"),
    ],
)
def test_f102_coordinates_off_the_earth_are_refused(lat, lng) -> None:
    """
    Out of range, not a number, or a float: refused as ValidationError, nothing else.
    """
    with pytest.raises(ValidationError, match="must be a decimal number from -"):
        Coordinates(lat=lat, lng=lng)


def test_f102_coordinates_are_given_by_name() -> None:
    """
    Some carriers write longitude first: the order cannot be mixed up here.
    """
    with pytest.raises(TypeError):
        Coordinates("1", "2")  # type: ignore[call-arg]


@pytest.mark.parametrize("store", ["", "a b", "é", "x" * 129, "a\n", None])
def test_store_ref_is_visible_ascii(store) -> None:
    """
    A carrier's id of a place has no blanks and no line ends.
    """
    with pytest.raises(ValidationError):
        StoreRef(store=store)


@pytest.mark.parametrize(
    "phone",
    [
        "6505555555",
        "(650) 555-5555",
        "+1 650 555 5555",
        "+1-650-555-5555",
        "+16505555555 ext. 12",
        "+16505555555;ext=12",
        "+16505555555;phone-context=example.com",
        "tel:+16505555555",
        "1-800-FLOWERS",
        "+1800FLOWERS",
        "\uff0b\uff11\uff16\uff15\uff10\uff15\uff15\uff15\uff15\uff15\uff15\uff15",
        "+١٦٥٠٥٥٥٥٥٥٥",
        "+1650555555\u0665",
        "\u202a+16505555555",
        "+16505555555\u200f",
        "+16505555555\x00",
        "+16505555555\n",
        "+0123456789",
        "911",
        "+" + "1" * 250,
        "+1234567890123456",
        "",
        16505555555,
    ],
)
def test_f100_phone_that_is_not_e164_is_refused(phone) -> None:
    """
    National, vanity, extended, full-width or marked numbers are never passed on.
    """
    with pytest.raises(ValidationError, match=r"must be E\.164"):
        Contact(phone=phone)


@given(
    text=st.text(st.characters(codec="utf-8"), max_size=30) | st.from_regex(r"\+?[0-9 ()x-]{3,20}")
)
@example("+1650555555\n")
@example("+1911")
def test_f100_phone_is_sent_as_it_is_or_refused(text) -> None:
    """
    Nothing is guessed from what people type: a number is E.164 already, or it is refused.
    """
    good = re.fullmatch(r"\+[1-9][0-9]{6,14}", text, re.ASCII) is not None
    if good:
        assert text == Contact(phone=text).phone
        return
    with pytest.raises(ValidationError, match=r"must be E\.164"):
        Contact(phone=text)


def test_f100_extension_belongs_into_the_instructions() -> None:
    """
    A number with an extension is refused; the extension travels in the instructions.
    """
    contact = Contact(phone="+16505555555")
    stop = Stop(address=Address(one_line="x"), contact=contact, instructions="Call extension 12.")

    assert ("+16505555555", "Call extension 12.") == (stop.contact.phone, stop.instructions)


@given(phone=phones())
def test_f100_phone_in_e164_is_kept(phone) -> None:
    """
    A number with its country code is kept as it is.
    """
    assert phone == Contact(phone=phone).phone


@pytest.mark.parametrize(
    "email", ["a", "a@", "@b", "a b@c", "a@b c", "a@b\n", "a@@b", "x" * 65 + "@b"]
)
def test_email_without_its_parts_is_refused(email) -> None:
    """
    An e-mail address has one at-sign and no blanks.
    """
    with pytest.raises(ValidationError, match="must be an e-mail address"):
        Contact(email=email)


def test_name_is_never_split_or_joined() -> None:
    """
    What was not given stays unknown.
    """
    contact = Contact(display="Ludwig van Beethoven")

    assert (None, None) == (contact.given, contact.family)


def test_refusal_names_the_field_and_not_the_value() -> None:
    """
    The message says which rule was broken; the number itself may be logged nowhere.
    """
    with pytest.raises(ValidationError) as caught:
        Contact(phone="650 555 5555")

    assert "Contact.phone" == caught.value.fields[0].path
    assert "555" not in f"{caught.value} {caught.value.params} {caught.value!r}"
