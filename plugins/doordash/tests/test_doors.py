"""
Whether two addresses are one door: what DoorDash rewrites is, and nothing else.
"""

from __future__ import annotations

import pytest

from doorstep_doordash._doors import same_door

REWRITTEN = [
    # The first five were seen live or in DoorDash's own samples.
    (
        "901 Market Street 6th Floor San Francisco, CA 94103",
        "901 Market St Fl 6th, San Francisco CA 94103-1729, USA",
    ),
    (
        "901 Market Street, 6th Floor, San Francisco, CA 94103, US",
        "901 Market St Fl 6th, San Francisco CA 94103-1729, USA",
    ),
    (
        "1 Hackathon Way, Apt. 121, San Francisco, CA 94105, US",
        "1 Hackathon Way Apt 121, San Francisco CA 94105, USA",
    ),
    (
        "358 Industry Drive, Toronto, ON M4C-1V7, CA",
        "358 Industry Dr, Toronto ON M4C 1V7, Canada",
    ),
    ("1000 4th Ave, Seattle, WA, 98104", "1000 4th Ave, Seattle WA 98104-1109, United States"),
    ("1 Main St", "1 Main St, Springfield IL 62701, USA"),
    ("1 Main St Town CA 94103", "1 Main Street, Town CA 94103, USA"),
    ("1 Main St, 4B, Town, CA 94105, US", "1 Main St #4B, Town CA 94105, USA"),
    ("1 Main St, Town, 4", "1 MAIN STREET, Town, 4"),
    ("10 North Capitol Street N.W., Washington", "10 N Capitol St NW, Washington DC 20002, USA"),
    ("12 Fifth Avenue, New York, NY 10011", "12 5th Ave, New York NY 10011, USA"),
    ("12 Ocean Dr Miami FL 33139", "12 Ocean Drive, Miami FL 33139-1234, USA"),
    ("12 rue Saint-Émile, Montréal, QC H2X 1Y4", "12 Rue St-Emile, Montreal QC H2X1Y4, Canada"),
    ("City Hall, 1 Main St, Town", "City Hall, 1 Main Street, Town, USA"),
    ("Fl 6, Building B, 901 Market St, Town", "901 Market St Bldg B Floor 6, Town"),
    ("Main Square, Town", "main  square, town"),
    ("\u2014", "\u2014"),
]
OTHERS = [
    ("12 Elm St, Springfield, IL 62701", "12 Oak St, Springfield, IL 62701-1729, USA"),
    ("5 First Street, Springfield, IL 62701", "5 Third St, Springfield, IL 62701, USA"),
    ("5 42nd St, New York, NY 10036", "42 5th Ave, New York, NY 10036, USA"),
    ("12 Madison Ave, Springfield, IL 62701", "12 Oak St, Madison, IL 62701, USA"),
    ("12 Oak Park Ave, Chicago, IL 60302", "12 Park Ridge Blvd, Chicago, IL 60302"),
    ("10 Lincoln Street, Boise, ID 83702", "10 Lincoln Avenue, Boise, ID 83702"),
    ("10 North Capitol St, Washington, DC 20002", "10 South Capitol St, Washington, DC 20002"),
    ("12 Park Ave South, New York, NY 10003", "12 Park Ave, New York NY 10003, USA"),
    ("12 Elm St", "12 Elm St NW, Washington"),
    ("112 Elm St, Town", "12 Elm St, Town"),
    ("1 Main St Apt 4, Town, CA 94103", "4 Main St Apt 1, Town, CA 94103, USA"),
    ("1 Main St Apt 4 Rm 5, Town", "1 Main St Apt 5 Rm 4, Town"),
    ("1 Main St Apt 4, Town", "1 Main St Fl 4, Town"),
    ("1 Main St Apt B, Town", "1 Main St Apt C, Town"),
    ("1 Main St, 4B, Town", "1 Main St, 4C, Town"),
    ("12 Main St, Town, CA 94103", "12 Main St Apt 7, Town, CA 94103, USA"),
    ("12 Main St, Town, CA 94103", "12 Main St, Town, CA 94103, USA, 7"),
    ("12 Main St, Town", "12 Main St, Town, USA, 7"),
    ("12 Main St Apt 7, Town, CA 94103", "12 Main St, Town, CA 94103, USA"),
    ("12 Main St, Town", "12 Main St, Rear House, Town"),
    ("Flat B, 12 Elm Road, X 94103", "12 Yew Lane, X 94103"),
    ("Tower A, 12 Elm St, Town", "Tower B, 12 Elm St, Town"),
    ("Pier 39, 1 Beach St, Town", "Pier 39, 1 Oak St, Town"),
    ("39 Pier Row, 1 Beach St, Town", "39 Pier Row, 1 Oak St, Town"),
    ("12 Main St, Springfield", "12 Main St, Shelbyville"),
    ("12 Main St, Springfield, IL 62701", "12 Main St, Springfield, IL 62702"),
    ("\u2014", "!"),
]


@pytest.mark.parametrize(("ours", "theirs"), REWRITTEN)
def test_rewritten_address_is_the_same_door(ours, theirs):
    """
    Short forms, case, accents, points and commas, and what is added behind tell no doors apart.
    """
    assert same_door(theirs, ours)


@pytest.mark.parametrize(("ours", "theirs"), OTHERS)
def test_f052_other_door_is_never_the_same(ours, theirs):
    """
    Another number, street, unit or town is another door, whatever words the two share.
    """
    assert not same_door(theirs, ours)
    assert not same_door(ours, theirs)
