"""
Every word of DoorDash's documents has a row on the plugin's pages, and every row a test.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest

pytest.importorskip("doorstep_doordash")

from doorstep.capabilities import Capabilities, CatalogCapabilities
from doorstep.refunds import refund_reasons, refund_texts
from doorstep_doordash import _catalog_answers as outcomes
from doorstep_doordash._catalog_wire import REASONS
from doorstep_doordash._onboarding_answers import BUSINESS_STATUSES
from doorstep_doordash._redelivery import ADVICE
from doorstep_doordash._services_wire import RATING_REASONS

Open = Callable[[str], Any]

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "plugins" / "doordash" / "tests"
PAGES = (
    "doordash.md",
    "doordash/around-a-delivery.md",
    "doordash/businesses-and-stores.md",
    "doordash/capabilities.md",
    "doordash/contradictions.md",
    "doordash/marketplace.md",
    "doordash/support.md",
)
#: Headings over tables that stand before the first section.
TOP = ""

ADDRESSED = (
    "pickup_address dropoff_address pickup_phone_number dropoff_phone_number "
    "pickup_instructions dropoff_instructions pickup_reference_tag dropoff_contact_given_name "
    "dropoff_contact_family_name dropoff_contact_send_notifications order_value currency tip"
)
ASKED = (
    f"external_delivery_id locale {ADDRESSED} pickup_business_name pickup_external_business_id "
    "pickup_external_store_id dropoff_business_name items contactless_dropoff "
    "action_if_undeliverable order_contains dasher_allowed_vehicles dropoff_requires_signature "
    "promotion_id"
)
ESTIMATED = "pickup_time_estimated pickup_time_actual dropoff_time_estimated dropoff_time_actual"
#: The words of five documents of DoorDash, by the page and the section that explains them:
#: Drive API 0.2.5, its pages of webhook fields, refunds and support, and the Marketplace's
#: page of stores and items. Read 2026-11-21.
WORDS = {
    ("doordash.md", "Identity"): (
        "quote dispatch track find update cancel refund",
        "/drive/v2/deliveries/{external_delivery_id}/refunds",
    ),
    ("doordash.md", "What a request becomes"): (
        f"{ASKED} pickup_time dropoff_time pickup_window dropoff_window",
        "name description quantity external_id volume weight price start_time end_time",
    ),
    ("doordash.md", "Values of a request"): (
        "return_to_pickup dispose car bicycle walking USD CAD AUD",
    ),
    ("doordash.md", "Kinds of goods"): ("alcohol",),
    ("doordash.md", "What an answer becomes"): (
        f"{ASKED} {ESTIMATED} delivery_status cancellation_reason updated_at",
        "return_time_estimated return_time_actual return_address fee support_reference",
        "dasher_id dasher_name dasher_dropoff_phone_number dasher_pickup_phone_number",
        "dasher_location dasher_vehicle_make dasher_vehicle_model dasher_vehicle_year",
    ),
    ("doordash.md", "Parts of an answer"): (
        "name description quantity external_id volume weight price lat lng",
    ),
    ("doordash.md", "Statuses"): ("quote",),
    ("doordash.md", "How it ended"): ("cancelled_by_creator",),
    ("doordash.md", "Errors"): ("200 400 403 404 409 422 500",),
    ("doordash.md", "Refunds"): (
        "status code message order_value_refund tip_refund delivery_fee_refund",
    ),
    ("doordash.md", "Reasons for a refund"): (
        "cancelled_order never_delivered delivered_late delivered_early",
        "poor_delivery_experience entire_order_wrong missing_main missing_side incorrect_items",
    ),
    ("doordash.md", "Webhooks"): (
        f"created_at event_name external_delivery_id dasher_name dasher_phone_number {ADDRESSED}",
        f"{ESTIMATED} pickup_verification_image_url dropoff_verification_image_url",
        "fee support_reference tracking_url contactless cancellation_reason",
        "dasher_picked_up dasher_dropped_off delivery_cancelled",
    ),
    ("doordash/businesses-and-stores.md", TOP): (
        "create_business businesses get_business update_business",
        "create_store stores get_store update_store 200 400 403 404 500",
    ),
    ("doordash/businesses-and-stores.md", "What is sent"): (
        "external_business_id name description activation_status activationStatus",
        "external_store_id phone_number address continuationToken",
    ),
    ("doordash/businesses-and-stores.md", "What is read"): (
        "name description external_business_id activation_status created_at last_updated_at",
        "is_test external_metadata number_of_stores client_phone_number",
        "external_store_id phone_number address status result continuation_token result_count",
    ),
    ("doordash/businesses-and-stores.md", "States"): (
        "initiated pending_external_activation pending_legal_agreement abandoned failed",
        "active inactive",
    ),
    ("doordash/marketplace.md", "Two generations"): (
        "close_store open_store set_items set_options read_store read_menus",
        "…/{store}/activation-status …/{store}/item/activation-status",
        "…/{store}/item_option/activation-status …/{store} …/{store}/menu_details",
    ),
    ("doordash/marketplace.md", "Closing and opening"): (
        "is_active reason notes out_of_business delete_store payment_issue operational_issues",
        "store_self_disabled_in_their_POS_portal store_pos_connectivity_issues bank menu",
    ),
    ("doordash/marketplace.md", "Items and options"): (
        "merchant_supplied_id is_active is_suspended price item item_option",
        "Success Not Found Item not found Erreur du serveur",
    ),
    ("doordash/marketplace.md", "Answers"): ("200 400 401 403 404 429 500",),
    ("doordash/marketplace.md", "What is read of a store"): (
        "is_order_protocol_pos special_instructions_max_length current_deactivations reason",
        "auto_release_enabled",
    ),
    ("doordash/marketplace.md", "What is read of menus"): (
        "menu_id is_active last_successful_menu_update_at open_hours special_hours is_pos_menu url",
    ),
    ("doordash/support.md", TOP): (
        "855 973-1040 drive-support@doordash.com Portal support_reference external_delivery_id",
        "request response steps",
    ),
}


@attrs.frozen
class Row:
    """
    A row of a table.
    """

    page: str
    under: str
    head: tuple[str, ...]
    cells: tuple[str, ...]

    @property
    def tests(self) -> list[str]:
        """
        What stands in the last column.
        """
        return re.findall(r"`([^`]+)`", self.cells[-1])

    def has(self, word: str) -> bool:
        """
        Whether the row is about *word*; a path stands behind what it is for.
        """
        told = " ".join(self.cells[:-1] if "/" in word else self.cells[:1])
        return re.search(rf"(?<![\w/-]){re.escape(word)}(?![\w/-])", told) is not None


def cells(line: str) -> tuple[str, ...]:
    """
    Return the cells of a line of a table.
    """
    return tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1])


def rows_of(name: str, text: str) -> Iterator[Row]:
    """
    Yield the rows of a page.
    """
    under, head, above = TOP, (), ""
    for line in text.splitlines():
        if line.startswith("## "):
            under = line[3:]
        if line.startswith("| --- "):
            head = cells(above)
        elif line.startswith("|") and head:
            yield Row(name, under, head, cells(line))
        elif not line.startswith("|"):
            head = ()
        above = line


@pytest.fixture(name="rows")
def _rows(page: Open) -> list[Row]:
    """
    Every row of every page about the plugin.
    """
    return [row for name in PAGES for row in rows_of(name, page(f"reference/{name}").text)]


@cache
def names_in(path: Path) -> frozenset[str]:
    """
    Return the names of the tests in a module; none if it is not there.
    """
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, kinds) and node.name.startswith("test_")
    )


def is_there(name: str) -> bool:
    """
    Whether a test exists, by its module and name; what it is given may stand behind it.
    """
    module, found, test = name.partition("::")
    folder = ROOT if module.startswith(("tests/", "contracts/", "plugins/")) else TESTS
    return bool(found) and test.partition("[")[0] in names_in(folder / module)


def test_every_row_names_a_test(rows: list[Row]) -> None:
    """
    Each table ends with the column of tests, and each row has one there at least.
    """
    assert [] == [row.head for row in rows if row.head[-1] != "Test"]
    assert [] == [row.cells for row in rows if len(row.cells) != len(row.head) or not row.tests]


def test_every_named_test_exists(rows: list[Row]) -> None:
    """
    A test that was renamed or taken away takes its name off the page.
    """
    if not TESTS.is_dir():
        pytest.skip("the plugin's tests are not part of this copy")

    assert [] == sorted({one for row in rows for one in row.tests if not is_there(one)})


@pytest.mark.parametrize(("name", "under"), WORDS)
def test_every_word_of_the_documents_has_a_row(rows: list[Row], name: str, under: str) -> None:
    """
    Nothing of DoorDash's documents is left out.
    """
    here = [row for row in rows if (row.page, row.under) == (name, under)]
    words = " ".join(WORDS[name, under]).split()

    assert [] == [word for word in words if not any(row.has(word) for row in here)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("| `a` | `b` | `test_errors.py::test_words_are_classified` |", True),
        ("| `a` | `b` | `test_errors.py::test_words_are_classified[x]` |", True),
        ("| `a` | `b` | `test_errors.py::test_nothing` |", False),
        ("| `a` | `b` | `test_nothing.py::test_words_are_classified` |", False),
        ("| `a` | `b` | `tests/docs/test_pages.py::test_nothing` |", False),
        ("| `a` | `b` | `test_words_are_classified` |", False),
    ],
)
def test_name_of_a_test_is_looked_up(row: str, expected: bool) -> None:
    """
    By its module and its own name.
    """
    if not TESTS.is_dir():
        pytest.skip("the plugin's tests are not part of this copy")
    (found,) = rows_of("x", f"| Field | From | Test |\n| --- | --- | --- |\n{row}\n")

    assert [expected] == [is_there(one) for one in found.tests]
    assert found.has("a")
    assert not found.has("test_errors")


def test_every_page_is_linked(page: Open) -> None:
    """
    Whatever lies beside is checked too, and found from the first page.
    """
    folder = page("reference/doordash.md").path.with_suffix("")
    text = page("reference/doordash.md").text

    assert {f"doordash/{one.name}" for one in folder.glob("*.md")} == set(PAGES[1:])
    assert [] == [name for name in PAGES[1:] if f"\n{name.removesuffix('.md')}\n" not in text]


def first(rows: list[Row], name: str, heading: str) -> dict[str, str]:
    """
    Return the first two columns of the tables of *name* whose first column is *heading*.
    """
    return {
        row.cells[0].strip("`"): row.cells[1].strip("`")
        for row in rows
        if row.page == name and row.head[0] == heading
    }


def test_words_of_the_tables_are_those_of_the_plugin(rows: list[Row]) -> None:
    """
    Reasons to close, to redeliver, to rate and to refund, the states of a business, and
    what became of an item.
    """
    around, business = "doordash/around-a-delivery.md", "doordash/businesses-and-stores.md"
    texts = {one.key: one.label for one in refund_reasons(refund_texts("en"))}

    assert {raw: reason.name for reason, raw in REASONS.items()} == first(
        rows, "doordash/marketplace.md", "`reason`"
    )
    assert set(ADVICE) < set(first(rows, around, "`reason`"))
    assert set(first(rows, around, "`feedback_reason`")) == RATING_REASONS
    assert {raw: one.name for raw, one in BUSINESS_STATUSES.items()} == first(
        rows, business, "`activation_status` of a business"
    )
    assert set(outcomes.WORDS) == {
        word.lower()
        for row in rows
        if row.head[0] == "`response`"
        for word in re.findall(r"`([^`]+)`", row.cells[0])
    }
    assert texts == first(rows, "doordash.md", "`refund_reason`")


def test_capabilities_have_rows(rows: list[Row]) -> None:
    """
    Every capability is told, with what an account of DoorDash says.
    """
    told = first(rows, "doordash/capabilities.md", "Capability")
    kinds = (Capabilities, CatalogCapabilities)

    assert set(told) == {field.name for kind in kinds for field in attrs.fields(kind)}
