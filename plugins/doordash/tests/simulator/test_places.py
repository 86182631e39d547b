"""
Whether DoorDash delivers there, and how an address goes on.
"""

from __future__ import annotations

import attrs
import pytest

SERVICEABILITY = "/drive/v2/serviceability"
COMPLETION = "/drive/v2/address/auto_complete"
PLACES = {
    "pickup_address": "901 Market Street 6th Floor San Francisco, CA 94103",
    "dropoff_address": "1 Hackathon Way, San Francisco, CA 94105",
}
MARKET = [
    "901 Market St, San Francisco CA 94103, USA",
    "1455 Market St, San Francisco CA 94103, USA",
]


@pytest.fixture(name="options")
def _options(options, request):
    return attrs.evolve(options, **getattr(request, "param", {}))


@pytest.fixture(name="complete")
def _complete(call):
    def complete(beginning="Market", **more):
        return call("POST", COMPLETION, {"input_address": beginning, **more})

    return complete


@pytest.fixture(name="proposed")
def _proposed(complete):
    return lambda *args, **more: [one["address"] for one in complete(*args, **more).body["results"]]


def test_places_near_are_served(call):
    """
    200, without a reason against it; nothing is booked.
    """
    answer = call("POST", SERVICEABILITY, {**PLACES, "order_value": 1999})

    assert 200 == answer.status
    assert {"is_serviceable": True, "reasons_not_serviceable": []} == answer.body


@pytest.mark.parametrize(
    ("pickup", "dropoff", "reasons"),
    [
        ("Market", "Faraway", ["distance_too_long"]),
        ("Market", "Farther", ["Allowed distance between addresses exceeded"]),
        ("Market", "Midnight", ["outside_of_delivery_time"]),
        (
            "Nowhere",
            "Nowhere",
            ["pickup_address_not_in_coverage", "delivery_address_not_in_coverage"],
        ),
    ],
)
def test_reasons_against_it_are_told(call, pickup, dropoff, reasons):
    """
    Every one of them, in an answer that is no error.
    """
    places = {"pickup_address": f"1 {pickup} St", "dropoff_address": f"1 {dropoff} St"}
    answer = call("POST", SERVICEABILITY, places)

    assert 200 == answer.status
    assert {"is_serviceable": False, "reasons_not_serviceable": reasons} == answer.body


@pytest.mark.parametrize("missing", sorted(PLACES))
def test_both_places_are_needed(call, missing):
    """
    400 names what is missing.
    """
    answer = call("POST", SERVICEABILITY, {n: v for n, v in PLACES.items() if n != missing})

    assert (400, [missing]) == (
        answer.status,
        [one["field"] for one in answer.body["field_errors"]],
    )


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        ("901 market", MARKET[:1]),
        ("Market Street, San Fr", MARKET),
        ("1600 Amphitheatre", ["1600 Amphitheatre Pkwy, Mountain View CA 94043, USA"]),
        ("Nothing like it", []),
    ],
)
def test_words_begin_the_words_of_an_address(proposed, beginning, expected):
    """
    All of them, without regard to case or to how a street is shortened.
    """
    assert expected == proposed(beginning)


@pytest.mark.parametrize(
    ("country", "end"),
    [
        ("US", ", USA"),
        ("PR", "PR 00901, USA"),
        ("CA", ", Canada"),
        ("AU", ", Australia"),
        ("NZ", ", New Zealand"),
    ],
)
def test_country_narrows_them(proposed, country, end):
    """
    Each country that the API knows has one at least, and nothing else is proposed.
    """
    found = [one for letter in "acw" for one in proposed(letter, country=country, max_results=5)]

    assert found
    assert all(address.endswith(end) for address in found)
    assert (country == "PR") == any(" PR " in address for address in found)


@pytest.mark.parametrize(
    ("wish", "count"), [({}, 3), ({"max_results": 1}, 1), ({"max_results": 5}, 5)]
)
def test_as_many_as_wished_are_proposed(book, proposed, wish, count):
    """
    Three unless said; five at most.
    """
    for number in range(6):
        book(f"D-{number}", dropoff_address=f"{number} Elm Street, San Francisco, CA 94103")

    assert count == len(proposed("Elm", **wish))


def test_addresses_that_were_seen_are_proposed_once(book, proposed):
    """
    Those of deliveries, as DoorDash writes them.
    """
    book("D-1", pickup_address="7 Oak Street, San Francisco, CA 94103")
    book("D-2", dropoff_address="7 Oak Street, San Francisco, CA 94103")

    assert ["7 Oak St, San Francisco CA 94103, USA"] == proposed("7 Oak")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"input_address": ""}, "input_address"),
        ({"max_results": 0}, "max_results"),
        ({"max_results": 6}, "max_results"),
        ({"max_results": "3"}, "max_results"),
        ({"country": "DE"}, "country"),
        ({"location": {"lat": 1.5}}, "location.lng"),
        ({"search_radius_meter": "far"}, "search_radius_meter"),
    ],
)
def test_wrong_wishes_are_refused(call, body, field):
    """
    400 names the field.
    """
    answer = call("POST", COMPLETION, {"input_address": "Market", **body})

    assert (400, [field]) == (answer.status, [one["field"] for one in answer.body["field_errors"]])


def test_sample_of_the_specification_is_taken(complete):
    """
    Its latitude is not on Earth.
    """
    location = {"lat": 123.1312343, "lng": -37.2144343}
    answer = complete(
        "1600 Amphitheatre",
        location=location,
        search_radius_meter=1000,
        max_results=3,
        country="US",
    )

    assert (200, 1) == (answer.status, len(answer.body["results"]))


@pytest.mark.parametrize("options", [{"address_objects": True}], indirect=True, ids=[""])
def test_proposed_address_may_be_an_object(proposed):
    """
    No document says which; a client must survive both.
    """
    assert {"formatted_address": MARKET[0], "street_address": "901 Market St"} == proposed()[0]
