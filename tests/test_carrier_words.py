"""
Core and the contracts know no carrier: not in code, not in a comment, not in an example.

The list lives here because tests are not searched.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SEARCHED = ("src", "contracts/src")

# Names of companies and what only their documents say. Neutral examples speak of "acme".
WORDS = (
    "bolt food",
    "bringg",
    "cabify",
    "dasher",
    "dashmart",
    "dd-ver",
    "deliveroo",
    "doordash",
    "dqt",
    "drive_",
    "external_business_id",
    "external_delivery_id",
    "external_store_id",
    "fetchr",
    "foodpanda",
    "getir",
    "glovo",
    "gojek",
    "gophr",
    "grab express",
    "grabexpress",
    "grubhub",
    "instacart",
    "just eat",
    "lalamove",
    "manifest_total_value",
    "onfleet",
    "order_fulfillment_method",
    "pandago",
    "pickup_business_name",
    "postmates",
    "quotation",
    "quotationid",
    "rappi",
    "roadie",
    "shipday",
    "skipcart",
    "stuart",
    "swiggy",
    "uber",
    "walmart",
    "wolt",
    "zomato",
)


def pattern(word: str) -> re.Pattern[str]:
    """
    Match *word* as a word: alone, or as a part of a name in any case and spelling.

    A trailing underscore in *word* means that more must follow it, as in a field's name.
    """
    parts = [re.escape(part) for part in re.split(r"[ _-]", word) if part]
    begin = r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
    end = r"(?:e?s)?(?:(?![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
    if word.endswith("_"):
        end = r"_(?=[A-Za-z])"
    return re.compile(f"{begin}(?i:{'[ _-]?'.join(parts)}){end}")


PATTERNS = {word: pattern(word) for word in WORDS}


def carrier_words(text: str) -> list[str]:
    """
    List the carriers' words in *text*, each with the line that it stands on.
    """
    return [
        f"line {number}: {word!r} in {line.strip()!r}"
        for number, line in enumerate(text.splitlines(), start=1)
        for word, found in PATTERNS.items()
        if found.search(line)
    ]


FILES = [
    path
    for folder in SEARCHED
    for path in sorted((ROOT / folder).rglob("*"))
    if path.is_file() and "__pycache__" not in path.parts
]


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(ROOT)) for path in FILES])
def test_core_knows_no_carrier(path):
    """
    The second carrier costs core nothing, because core never learned the first one's words.
    """
    found = carrier_words(f"{path.relative_to(ROOT)}\n{path.read_text('utf-8')}")

    assert [] == found


def test_there_is_something_to_search():
    """
    The test above is not green because it looked in the wrong folder.
    """
    assert {"outcome.py", "plugin.py"} <= {path.name for path in FILES}


@pytest.mark.parametrize(
    "text",
    [
        "# as DoorDash does",
        "doordash",
        "class DoorDashProvider:",
        "from doorstep_doordash import x",
        "MyDoordashThing",
        "Dashers are paid",
        '"drive_forbidden"',
        "UBER_DIRECT",
        "uber-direct",
        "UberProvider",
        'quote["external_delivery_id"]',
        "externalDeliveryId",
        "quotationId",
        "dqt_12ab",
        "the Stuart API",
        "GrabExpress",
        "grab express",
        "dd-ver: DD-JWT-V1",
        "Just Eat",
        "quotations",
    ],
)
def test_carrier_word_is_found(text):
    """
    The search sees a carrier's word in every spelling that code uses.
    """
    assert carrier_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "the driver drives a flow",
        "doorstep",
        "hard drive",
        "a tuber in Stuartfield",
        "quote, quoted, quotable",
        "an external reference of the delivery",
        "dashes and dashed lines",
        "exuberant",
        "thunderbolt",
        "bolt",
        "undeliverable",
    ],
)
def test_innocent_word_is_left_alone(text):
    """
    The search does not forbid the language.
    """
    assert [] == carrier_words(text)
