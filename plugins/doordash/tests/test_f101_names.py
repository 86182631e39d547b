"""
What people are called and which number they answer: refused before DoorDash refuses it.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.codec import encode
from doorstep.errors import ValidationError
from doorstep_contracts.naughty import NAUGHTY_STRINGS
from doorstep_doordash._requests import to_body

#: What the descriptions of both name fields of Drive 0.2.5 list.
FORBIDDEN = "~`@#$%^&*+=?;[{]}"
FIELDS = ("given", "family")


def _sent(request):
    return json.loads(encode(to_body(request, None)))


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("letter", FORBIDDEN)
def test_f101_character_that_doordash_forbids_in_names_is_refused(make_request, letter, field):
    """
    A name with a character that DoorDash takes in no name is refused before anything is
    sent; the field is named and the name is not.
    """
    for name in (letter, f"Ad{letter}a", f"Ada{letter}"):
        with pytest.raises(ValidationError) as caught:
            to_body(make_request(contact={field: name}), None)
        assert [f"dropoff.contact.{field}"] == [one.path for one in caught.value.fields]
        assert "Ad" not in str(caught.value)


letters = st.characters(
    exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Cn"), exclude_characters=FORBIDDEN
)


@given(name=st.text(letters, min_size=1, max_size=40).filter(lambda text: text[0].isalpha()))
def test_f101_every_other_name_is_sent_unchanged(make_request, name):
    """
    Nothing is replaced: every other letter of every script is sent as it is.
    """
    try:
        request = make_request(contact={"given": name, "family": name})
    except ValidationError:
        return  # a filler alone: the core refuses it
    body = _sent(request)

    assert [name] * 2 == [body[f"dropoff_contact_{field}_name"] for field in FIELDS]


def test_f101_naughty_names_are_refused_only_for_what_is_listed(make_request):
    """
    Of the names that the core takes, those with a listed character are refused and no
    others.
    """
    for text in (one for texts in NAUGHTY_STRINGS.values() for one in texts):
        try:
            request = make_request(contact={"given": text})
        except ValidationError:
            continue
        if set(text) & set(FORBIDDEN):
            with pytest.raises(ValidationError):
                to_body(request, None)
        else:
            assert text == _sent(request)["dropoff_contact_given_name"]


@pytest.mark.parametrize("field", ["business"])
def test_f101_business_name_may_hold_them(make_request, field):
    """
    The list is for people: what stands over a door is sent as it is.
    """
    assert FORBIDDEN == _sent(make_request(contact={field: FORBIDDEN}))["dropoff_business_name"]


@pytest.mark.parametrize(
    ("phone", "exists"),
    [
        ("+16505555555", True),
        ("+18003569377", True),
        ("+19002345678", True),
        ("+442071838750", True),
        ("+1911112", False),
        ("+12025550", False),
        ("+10000000000", False),
        ("+99912345678", False),
        ("+165055555555", False),
    ],
)
def test_f100_number_that_exists_is_sent_in_e164(make_request, phone, exists):
    """
    A number that no telephone network has is refused; a premium or toll-free one exists,
    and whether it may be called is DoorDash's to say.
    """
    request = make_request(contact={"phone": phone})
    if exists:
        assert phone == _sent(request)["dropoff_phone_number"]
        return
    with pytest.raises(ValidationError, match="a phone number that exists"):
        to_body(request, None)
