"""
The text rules: every script is welcome, nothing that breaks lines or reorders them is.
"""

from __future__ import annotations

import pytest
from hypothesis import given

from doorstep.errors import ValidationError
from doorstep.models import (
    Address,
    Barcode,
    Contact,
    Courier,
    DeliveryId,
    Item,
    Pin,
    Signature,
    Stop,
)
from doorstep_contracts.strategies import lines, names, prose

PLACE = Address(one_line="1 Main St")

#: Each field of text on one line, and how to fill it.
LINES = {
    "Address.one_line": lambda text: Address(one_line=text),
    "Address.unit": lambda text: Address(one_line="x", unit=text),
    "Address.locality": lambda text: Address(one_line="x", locality=text),
    "Address.postal_code": lambda text: Address(one_line="x", postal_code=text),
    "Address.lines": lambda text: Address(one_line="x", lines=[text]),
    "Contact.given": lambda text: Contact(given=text),
    "Contact.family": lambda text: Contact(family=text),
    "Contact.display": lambda text: Contact(display=text),
    "Contact.business": lambda text: Contact(business=text),
    "Item.name": lambda text: Item(name=text),
    "Item.external_id": lambda text: Item(name="x", external_id=text),
    "Signature.name": lambda text: Signature(name=text),
    "Barcode.values": lambda text: Barcode(values=[text]),
    "Stop.reference": lambda text: Stop(address=PLACE, reference=text),
    "DeliveryId.value": lambda text: DeliveryId("acme", "main", text),
}
PROSE = {
    "Address.access_notes": lambda text: Address(one_line="x", access_notes=text),
    "Stop.instructions": lambda text: Stop(address=PLACE, instructions=text),
    "Item.description": lambda text: Item(name="x", description=text),
}
BAD_ANYWHERE = {
    "nul": "a\x00b",
    "bell": "a\x07b",
    "escape": "\x1b]0;title\x07",
    "carriage return": "a\rb",
    "crlf": "a\r\nX-Injected: 1",
    "next line": "a\x85b",
    "line separator": "a\u2028b",
    "paragraph separator": "a\u2029b",
    "delete": "a\x7fb",
    "right-to-left override": "exe.\u202egnp",
    "left-to-right embedding": "a\u202ab",
    "pop directional": "a\u202cb",
    "isolate": "a\u2066b",
    "pop isolate": "a\u2069b",
    "high surrogate": "a\ud83d",
    "low surrogate": "\udc80a",
    "not a character": "a\uffffb",
    "blank": "  \u2003",
    "zero-width alone": "\u200b\u2060\ufeff",
    "joiners and marks alone": "\u200c\u200d\u200e\u200f",
    "fillers alone": "\u3164\uffa0\u115f \u2800",
    "empty": "",
}
#: Those that are wrong beside good letters, too.
BAD_IN_IDS = [one for kind, one in BAD_ANYWHERE.items() if not kind.endswith("alone")]
GOOD = {
    "arabic": "محمد عبد الله",
    "hebrew with a right-to-left mark": "שרה\u200f כהן",
    "persian with a joiner": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0646\u0645",
    "emoji of four": "👩\u200d👩\u200d👧\u200d👦",
    "skin tone": "👍🏽",
    "combining": "e\u0301clair",
    "devanagari": "क्षत्रिय",
    "beyond the first plane": "𐐷 🀄",
    "punctuation": 'O\'Brien-Núñez & #5/6 "x" <y>',
}


@pytest.mark.parametrize("text", BAD_ANYWHERE.values(), ids=BAD_ANYWHERE)
@pytest.mark.parametrize("fill", [*LINES.values(), *PROSE.values()], ids=[*LINES, *PROSE])
def test_f095_text_that_misleads_is_refused(fill, text) -> None:
    """
    Control characters, line separators, reordering and broken text reach no carrier.
    """
    with pytest.raises(ValidationError):
        fill(text)


@pytest.mark.parametrize("text", ["a\nb", "a\tb"])
@pytest.mark.parametrize("fill", LINES.values(), ids=LINES)
def test_f095_line_has_no_line_ends_or_tabs(fill, text) -> None:
    """
    A name or an address stays on one line, in a log too.
    """
    with pytest.raises(ValidationError, match="control or reordering"):
        fill(text)


@pytest.mark.parametrize("fill", PROSE.values(), ids=PROSE)
def test_f095_prose_keeps_its_line_ends_and_tabs(fill) -> None:
    """
    Instructions may have several lines.
    """
    fill("Ring twice.\n\tThen wait.")


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
@pytest.mark.parametrize("fill", [*LINES.values(), *PROSE.values()], ids=[*LINES, *PROSE])
def test_f096_text_of_every_script_is_taken(fill, text) -> None:
    """
    Right-to-left names, emoji and joiners are how people write.
    """
    fill(text)


@pytest.mark.parametrize("text", [*BAD_IN_IDS, "a\nb", "a\tb"], ids=ascii)
@pytest.mark.parametrize("form", ["{}@example.org", "ada@{}"])
def test_f095_email_has_no_control_characters(form, text) -> None:
    """
    What no name may hold, no e-mail address holds either.
    """
    with pytest.raises(ValidationError, match="must be an e-mail address"):
        Contact(email=form.format(text))


@pytest.mark.parametrize("text", BAD_ANYWHERE.values(), ids=BAD_ANYWHERE)
@pytest.mark.parametrize("fill", [*LINES.values(), *PROSE.values()], ids=[*LINES, *PROSE])
def test_f095_refusal_stays_on_one_line(fill, text) -> None:
    """
    The message of a refusal holds nothing of the text: a log line stays one line.
    """
    with pytest.raises(ValidationError) as caught:
        fill(text)

    assert str(caught.value).isprintable()
    assert not text or text not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["A\u200bda", "Ad\u0430", "\u0391da", "\uff21da", "a\u00adb", "\ufeffAda"], ids=ascii
)
@pytest.mark.parametrize("fill", [*LINES.values(), *PROSE.values()], ids=[*LINES, *PROSE])
def test_f096_lookalikes_in_text_for_people_are_kept(fill, text) -> None:
    """
    A Cyrillic letter in a name is a letter, and a zero-width space may come from a web
    page: text for people keeps them. References take ASCII alone, and a terminal is shown
    what is invisible.
    """
    fill(text)


@pytest.mark.parametrize("value", [b"bytes", 5, True, ["x"], {"x": 1}], ids=repr)
@pytest.mark.parametrize("fill", [*LINES.values(), *PROSE.values()], ids=[*LINES, *PROSE])
def test_what_is_not_text_is_refused(fill, value) -> None:
    """
    Nothing is turned into text by guesswork.
    """
    with pytest.raises(ValidationError):
        fill(value)


@pytest.mark.parametrize(
    ("fill", "longest"),
    [
        (LINES["Contact.display"], 255),
        (LINES["Address.one_line"], 512),
        (LINES["DeliveryId.value"], 256),
        (PROSE["Stop.instructions"], 2000),
    ],
)
def test_text_longer_than_its_field_is_refused(fill, longest) -> None:
    """
    The longest text fits, one character more does not.
    """
    fill("x" * longest)

    with pytest.raises(ValidationError, match=f"must have {longest} characters at most"):
        fill("x" * (longest + 1))


@pytest.mark.parametrize("pin", ["12", "123456789", "12a4", "١٢٣٤", "1234\n", 1234])
def test_pin_is_ascii_digits(pin) -> None:
    """
    A PIN is what a courier can type.
    """
    with pytest.raises(ValidationError, match="must be 3 to 8 digits"):
        Pin(value=pin)


@given(name=names(), note=prose(), one=lines())
def test_generated_text_is_taken_unchanged(name, note, one) -> None:
    """
    No field trims, folds or normalises what it was given.
    """
    stop = Stop(address=PLACE, contact=Contact(display=name), instructions=note, reference=one)

    assert (name, note, one) == (stop.contact.display, stop.instructions, stop.reference)


def test_f095_text_of_a_carrier_is_kept_as_it_is() -> None:
    """
    What a carrier tells must not fail for its looks: no rule but its type.
    """
    assert "a\x07\u202eb" == Courier(name="a\x07\u202eb").name
