"""
``doorstep businesses`` and ``doorstep stores``: registered, listed, shown, changed.
"""

from __future__ import annotations

import pytest
from tests.cli.market import NOW, lost

from doorstep import from_json
from doorstep.cli._exit import Exit
from doorstep.models import Business, BusinessStatus, Store
from doorstep.provider import Page

STORE = ("bakery", "corner", "--name=The Corner", "--address=901 Market Street")


def test_business_is_registered_shown_and_changed(cli, books):
    """
    Each command prints the business as the carrier tells it.
    """
    made = cli("businesses", "create", "acme", "bakery", "--name", "The Bakery", "--status=active")
    shown = cli("businesses", "show", "acme", "bakery", "--json")
    changed = cli("businesses", "update", "acme", "bakery", "--description", "Bread.")

    assert "business  bakery\nname      The Bakery\nstatus    active\n" == made.out
    assert Business(id="bakery", name="The Bakery", status=BusinessStatus.ACTIVE) == from_json(
        shown.out, Business
    )
    assert "description  Bread.\n" in changed.out
    assert [Exit.OK] * 3 == [made.code, shown.code, changed.code]


def test_all_that_is_told_of_a_business_is_shown(cli, books):
    """
    With the carrier's own word for its status, and no line for what is not told.
    """
    books.businesses["b"] = Business(
        id="b", raw_status="brooding", test=True, stores=3, phone="+16505555555", created_at=NOW
    )
    ran = cli("businesses", "show", "acme", "b")

    assert [
        ["business", "b"],
        ["status", "unknown (brooding)"],
        ["for tests", "yes"],
        ["stores", "3"],
        ["phone", "+16505555555"],
        ["created", "2026-11-22 18:00:00Z"],
    ] == [[part.strip() for part in line.split("  ", 1)] for line in ran.out.splitlines()]


def test_businesses_are_listed(cli, books):
    """
    A table for people, a line for each for programs, and --status reaches the carrier.
    """
    none = cli("businesses", "list", "acme")
    books.businesses = {one: Business(id=one, stores=1) for one in "ab"}
    ran = cli("businesses", "list", "acme", "--status=active")
    told = cli("businesses", "list", "acme", "--json").out.splitlines()

    assert "The carrier knows no such business.\n" == none.out
    assert ["BUSINESS", "a", "b"] == [line.split()[0] for line in ran.out.splitlines()]
    assert ["a", "b"] == [from_json(line, Business).id for line in told]
    assert [None, BusinessStatus.ACTIVE, None] == books.asked


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_f049_list_that_turns_in_circles_shows_what_came_and_fails(cli, books, words):
    """
    What was told before the list broke off is printed once; the error is told, too.
    """
    first, again = Business(id="first"), Business(id="second")
    books.pages = [Page(entries=[first], next="1"), Page(entries=[first, again], next="1")]
    ran = cli("businesses", "list", "acme", *words)

    assert 1 == ran.out.count("first")
    assert 1 == ran.out.count("second")
    assert Exit.OK != ran.code
    assert "broke off a list" in ran.err


def test_f097_names_of_the_carrier_are_harmless(cli, books):
    """
    A name moves no cursor.
    """
    books.businesses["b"] = Business(id="b", name="\x1b]0;owned\x07")
    ran = cli("businesses", "list", "acme")

    assert r"\x1b]0;owned\x07" in ran.out
    assert "\x1b" not in ran.out


def test_store_is_registered_listed_shown_and_changed(cli, books):
    """
    Under its business, by the ids of both.
    """
    none = cli("stores", "list", "acme", "bakery")
    made = cli("stores", "create", "acme", *STORE, "--phone=+16505555555")
    listed = cli("stores", "list", "acme", "bakery", "--status=active")
    shown = cli("stores", "show", "acme", "bakery", "corner", "--json")
    changed = cli("stores", "update", "acme", "bakery", "corner", "--address", "1 Ferry Building")

    assert "The carrier knows no such store.\n" == none.out
    assert [
        "store     corner",
        "business  bakery",
        "name      The Corner",
        "address   901 Market Street",
        "phone     +16505555555",
        "status    unknown",
    ] == made.out.splitlines()
    assert ["STORE", "corner"] == [line.split()[0] for line in listed.out.splitlines()]
    assert "The Corner" == from_json(shown.out, Store).name
    assert "address   1 Ferry Building\n" in changed.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["businesses", "create", "acme", "b\u00e4ckerei", "--name=x"], "(BUSINESS must be 1 to"),
        (["businesses", "create", "acme", "b", "--name="], "--name must"),
        (["businesses", "create", "acme", "b"], "requires an argument"),
        (["businesses", "create", "acme", "b", "--name=x", "--status=unknown"], "status must"),
        (["businesses", "update", "acme", "b"], "--name or another must be given"),
        (["stores", "create", "acme", "b", "a b", "--name=x", "--address=y"], "(STORE must be 1"),
        (["stores", "create", "acme", *STORE, "--phone=123"], "--phone must be E.164"),
        (["stores", "update", "acme", "b", "s"], "--name or another must be given"),
        (["stores", "update", "acme", "b", "s", f"--address={'x' * 600}"], "--address must"),
    ],
)
def test_wrong_field_is_named_by_its_option(cli, books, words, message):
    """
    Nothing is sent.
    """
    ran = cli(*words)

    assert (Exit.USAGE, "") == ran[:2]
    assert message in ran.err
    assert {} == books.businesses | books.stores


def test_lost_answer_leaves_the_business_in_doubt(cli, books):
    """
    It may be registered: exit code 5. Trying again is safe.
    """
    books.faults = [lost()]
    ran = cli("businesses", "create", "acme", "b", "--name=x")

    assert (Exit.UNKNOWN, "") == ran[:2]
    assert "booked: unknown; retry: same_call" in ran.err


def test_unknown_business_is_a_refusal(cli, books):
    """
    As with every command.
    """
    ran = cli("businesses", "show", "acme", "nowhere")

    assert Exit.REFUSED == ran.code
    assert "code: account_not_found" in ran.err


@pytest.mark.parametrize("group", ["store", "stores", "businesses"])
def test_group_alone_shows_its_commands(cli, group):
    """
    A word too few is answered with what there is.
    """
    ran = cli(group)

    assert f"Usage: doorstep {group} COMMAND" in ran.out
    assert "show: Show" in ran.out
