"""
Requests and changes, from options and from both forms of JSON.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.cli.samples import PLAIN, REQUEST

from doorstep import to_json
from doorstep.cli._changes import ChangeOptions
from doorstep.cli._files import read_value
from doorstep.cli._inputs import RequestOptions
from doorstep.cli._money import read_money, read_time
from doorstep.errors import ValidationError
from doorstep.models import (
    Changes,
    Contact,
    DeliveryRequest,
    DropoffAt,
    Money,
    PickupAt,
    StopChanges,
)


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("19.99 USD", Money(1999, "USD")),
        ("0.1 USD", Money(10, "USD")),
        ("1000 JPY", Money(1000, "JPY")),
        ("1.234 KWD", Money(1234, "KWD")),
        ("90071992547409.93 USD", Money(9007199254740993, "USD")),
    ],
)
def test_f106_money_is_read_exactly(text, money):
    """
    No amount goes through a float.
    """
    assert money == read_money("--tip", text)


@pytest.mark.parametrize(
    "text",
    ["19.99", "$19.99", "19,99 USD", "19.999 USD", "1_9 USD", "1e3 USD", "NaN USD", "5 usd", "",
     "5 XXX", "\u0665 USD", " 5 USD", "5 USD ", "5 USDX"],
)  # fmt: skip
def test_f106_money_that_is_unclear_is_refused_by_its_option(text):
    """
    Nothing is rounded or guessed, and the option is named.
    """
    with pytest.raises(ValidationError, match="--tip"):
        read_money("--tip", text)


def test_time_keeps_its_moment():
    """
    An offset is understood.
    """
    expected = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)

    assert expected == read_time("--pickup-at", "2026-11-22T18:30:00+01:00")


@pytest.mark.parametrize("text", ["2026-11-22T18:30:00", "tomorrow", "2026-11-22"])
def test_f105_time_without_an_offset_is_refused(text):
    """
    Nobody knows where a naive time holds.
    """
    with pytest.raises(ValidationError, match="--pickup-at must read like"):
        read_time("--pickup-at", text)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("reference", "a b"),
        ("revision", 0),
        ("pickup_address", ""),
        ("pickup_phone", "0650 555 55 55"),
        ("dropoff_address", ""),
        ("dropoff_phone", "0650 555 55 55"),
        ("dropoff_family_name", "a\nb"),
        ("instructions", ""),
        ("tip", "-5.00 USD"),
    ],
)
def test_field_that_is_wrong_is_told_by_its_option(option, value):
    """
    What came by an option is named as the option, not as a field of a class.
    """
    good = {"reference": "order-118", "pickup_address": "here", "dropoff_address": "there"}
    with pytest.raises(ValidationError) as caught:
        RequestOptions(**{**good, option: value}).read()

    assert ["--" + option.replace("_", "-")] == [field.path for field in caught.value.fields]


@pytest.mark.parametrize("option", ["dropoff_phone", "tip"])
def test_change_that_is_wrong_is_told_by_its_option(option):
    """
    The options of an update are named, too.
    """
    with pytest.raises(ValidationError) as caught:
        ChangeOptions(**{option: "-5.00 USD"}).read()

    assert ["--" + option.replace("_", "-")] == [field.path for field in caught.value.fields]


def test_options_make_a_request():
    """
    Each option lands in its field.
    """
    read = RequestOptions(
        reference="order-118",
        pickup_address="901 Market Street",
        pickup_name="Bakery",
        dropoff_address="1 Ferry Building",
        dropoff_given_name="Ada",
        dropoff_phone="+16505555555",
        instructions="Ring twice.",
        order_value="19.99 USD",
        tip="5.00 USD",
    ).read()

    assert REQUEST == read


@pytest.mark.parametrize(
    ("given", "schedule"),
    [
        ({"pickup_at": "2026-11-22T18:30:00Z"}, PickupAt),
        ({"dropoff_at": "2026-11-22T18:30:00Z"}, DropoffAt),
    ],
)
def test_time_option_makes_a_schedule(given, schedule):
    """
    The option says which end of the way the time is for.
    """
    read = RequestOptions(reference="a", pickup_address="b", dropoff_address="c", **given).read()

    assert schedule(datetime(2026, 11, 22, 18, 30, tzinfo=UTC)) == read.schedule


def test_two_times_are_refused():
    """
    A pickup time and a dropoff time contradict each other.
    """
    options = ChangeOptions(pickup_at="2026-11-22T18:30:00Z", dropoff_at="2026-11-22T19:30:00Z")

    with pytest.raises(ValidationError, match="cannot both be given"):
        options.read()


def test_missing_options_are_all_named():
    """
    One try shows everything that is missing.
    """
    with pytest.raises(ValidationError, match="--pickup-address, --dropoff-address must be given"):
        RequestOptions(reference="order-118").read()


@pytest.mark.parametrize("content", [to_json(REQUEST), PLAIN], ids=["versioned", "plain"])
def test_file_in_either_form_is_the_request(file, content):
    """
    What doorstep wrote is read, and what a person writes.
    """
    assert REQUEST == RequestOptions(request=file(content)).read()


@pytest.mark.parametrize(
    ("field", "schedule"), [("pickup_at", PickupAt), ("dropoff_at", DropoffAt)]
)
def test_plain_time_is_a_schedule(file, field, schedule):
    """
    A person writes a time, not a tagged union.
    """
    read = RequestOptions(request=file({**PLAIN, field: "2026-11-22T18:30:00Z"})).read()

    assert schedule(datetime(2026, 11, 22, 18, 30, tzinfo=UTC)) == read.schedule


def test_file_can_be_asked_for_again_under_another_revision(file):
    """
    The next attempt needs no other file.
    """
    read = RequestOptions(request=file(PLAIN), reference="order-119", revision=2).read()

    assert ("order-119", 2) == (read.reference, read.revision)


def test_option_beside_a_file_is_refused(file):
    """
    Nobody has to know which of the two wins.
    """
    with pytest.raises(ValidationError, match="--tip is in the file already"):
        RequestOptions(request=file(PLAIN), tip="9.00 USD").read()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "--request is not JSON"),
        ("1 2", "--request is not JSON"),
        ("[]", "--request"),
        ({**PLAIN, "colour": "red"}, "colour|keys that this version does not know"),
        ({**PLAIN, "order_value": "19.999 USD"}, "order_value has more decimal places"),
        ({**PLAIN, "revision": "2"}, r"--request \$\.revision"),
        ({"reference": "x"}, r"--request \$.* required field missing|--request \$"),
        ({"doorstep": 99, "type": "DeliveryRequest", "value": {}}, "another version"),
        ({"doorstep": 1, "type": "Quote", "value": {}}, "must be DeliveryRequest"),
    ],
)
def test_wrong_file_is_refused_with_the_path(file, content, words):
    """
    The message names the option and the field as the writer knows it, and no value.
    """
    with pytest.raises(ValidationError, match=words):
        RequestOptions(request=file(content)).read()


def test_file_that_cannot_be_read_is_named(tmp_path):
    """
    A missing file is the caller's mistake, not a crash.
    """
    with pytest.raises(ValidationError, match="--quote cannot be read"):
        read_value("--quote", tmp_path / "nothing.json", DeliveryRequest)


def test_options_make_changes():
    """
    What is not given stays as it is.
    """
    read = ChangeOptions(dropoff_instructions="At the back.", tip="6.00 USD").read()
    stop = StopChanges(instructions="At the back.")

    assert Changes(dropoff=stop, tip=Money(600, "USD")) == read


def test_file_makes_changes(file):
    """
    Changes have a plain form too.
    """
    content = {"tip": "6.00 USD", "dropoff": {"contact": {"phone": "+16505555555"}}}
    stop = StopChanges(contact=Contact(phone="+16505555555"))

    expected = Changes(dropoff=stop, tip=Money(600, "USD"))
    assert expected == ChangeOptions(changes=file(content)).read()


def test_no_changes_are_refused():
    """
    An update of nothing is a mistake.
    """
    with pytest.raises(ValidationError, match="--changes FILE must be given"):
        ChangeOptions().read()


def test_change_beside_a_file_is_refused(file):
    """
    Nobody has to know which of the two wins.
    """
    with pytest.raises(ValidationError, match="--tip is in the file already"):
        ChangeOptions(changes=file({"tip": "6.00 USD"}), tip="5.00 USD").read()
