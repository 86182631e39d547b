"""
``doorstep items`` and ``doorstep options``: the truth about each wish, and its exit code.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta

import attrs
import pytest
from tests.cli.market import NOW, lost, unsent

from doorstep import from_json
from doorstep.cli._exit import Exit
from doorstep.cli._output import Output
from doorstep.errors import AuthenticationError
from doorstep.models import ItemOutcome, ItemResults, ItemState
from doorstep.testing import FakeProvider


@pytest.fixture(name="troubled")
def _troubled(books):
    """
    A carrier that knows no ``ghost`` and stumbles over ``soup``.
    """
    books.words = {
        "ghost": (ItemOutcome.NOT_FOUND, "no such thing"),
        "soup": (ItemOutcome.FAILED, "our fault"),
    }
    return books


def test_items_are_switched_on_and_off(cli, books):
    """
    Several ids follow one option; all done is exit code 0 and one line.
    """
    ran = cli("items", "acme", "store-1", "--on", "taco", "--off", "burrito", "soup")

    assert (Exit.OK, "3 of 3 applied\n", "") == ran
    assert {"taco": True, "burrito": False, "soup": False} == books.items


def test_options_are_no_items(cli, books):
    """
    The same command for what is chosen with an item asks for options.
    """
    ran = cli("options", "acme", "store-1", "--off=mild")

    assert Exit.OK == ran.code
    assert {"option mild": False} == books.items


def test_f050_partial_success_has_its_own_code_and_names_what_was_not_done(cli, troubled):
    """
    The table has each id that was not applied, with its outcome and the carrier's word.
    """
    ran = cli("items", "acme", "store-1", "--off", "taco", "ghost", "soup", "burrito")
    rows = [re.split("  +", line) for line in ran.out.splitlines()]

    assert Exit.PARTIAL == ran.code
    assert [
        ["ID", "WISHED", "OUTCOME", "CARRIER'S WORD"],
        ["ghost", "off", "not found", "no such thing"],
        ["soup", "off", "failed", "our fault"],
        ["2 of 4 applied, 1 not found, 1 failed"],
    ] == rows
    assert {"taco": False, "burrito": False} == troubled.items


def test_f050_nothing_done_is_a_refusal(cli, troubled):
    """
    If every wish was refused, nothing was changed, and the code says that.
    """
    ran = cli("items", "acme", "store-1", "--off", "ghost", "soup")

    assert Exit.REFUSED == ran.code
    assert "0 of 2 applied, 1 not found, 1 failed\n" in ran.out


def test_f050_lost_answer_in_the_middle_is_told_for_each_id(cli, books):
    """
    What was sent without an answer is unknown, what was not sent is told so, and that the
    same command again is safe.
    """
    books.faults = [None, lost(), unsent()]
    ran = cli("items", "acme", "store-1", "--off", *"abcdef", "--json")
    results = from_json(ran.out, ItemResults)

    assert (Exit.PARTIAL, "") == (ran.code, ran.err)
    assert (("a", "b"), ("c", "d"), ("e", "f")) == tuple(
        results.ids(one) for one in (ItemOutcome.APPLIED, ItemOutcome.UNKNOWN, ItemOutcome.NOT_SENT)
    )
    assert "carrier_unavailable" == results.error

    books.faults = [lost()]
    again = cli("items", "acme", "store-1", "--off=a")
    assert Exit.PARTIAL == again.code
    assert "What went wrong: carrier_unavailable\nThe same command again is safe" in again.out


def test_refusal_of_all_is_an_error_as_ever(cli, books):
    """
    While nothing was changed an error is an error, with its own code, and stdout is empty.
    """
    books.faults = [AuthenticationError("was refused", http_status=401)]
    refused = cli("items", "acme", "store-1", "--off=a")
    books.faults = [unsent()]
    away = cli("items", "acme", "store-1", "--off=a")

    assert (Exit.REFUSED, "") == refused[:2]
    assert "code: authentication" in refused.err
    assert (Exit.UNAVAILABLE, "") == away[:2]


def test_f091_interrupt_in_the_middle_tells_what_was_done(cli, books):
    """
    Ctrl-C between many loses nothing: what is done, what may be and what is not is told.
    """
    books.faults = [None, KeyboardInterrupt()]
    ran = cli("items", "acme", "store-1", "--off", *"abcdef", "--json")
    results = from_json(ran.out, ItemResults)

    assert Exit.PARTIAL == ran.code
    assert {"note": "interrupted"} == json.loads(ran.err)
    assert [("a", "applied"), ("b", "applied"), ("c", "unknown"), ("d", "unknown")] == [
        (one.id, one.outcome.value) for one in results.results[:4]
    ]
    assert (("e", "f"), "interrupted") == (results.ids(ItemOutcome.NOT_SENT), results.error)


def test_f091_interrupt_before_anything_is_sent_is_an_interrupt(cli, books, monkeypatch):
    """
    Then there is nothing to tell.
    """

    def interrupt(*_: object) -> Iterator[object]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr("tests.cli.market.MarketProvider.set_items", interrupt)
    ran = cli("items", "acme", "store-1", "--off=a")

    assert (Exit.INTERRUPTED, "") == ran[:2]


def test_f097_words_of_the_carrier_are_harmless(cli, books):
    """
    An id or a word of the carrier moves no cursor, in a table or in JSON.
    """
    books.words = {"a": (ItemOutcome.FAILED, "\x1b]0;owned[red]\x07\u202e")}
    books.items = {"\x1b[2Jb": True}
    ran = cli("items", "acme", "store-1", "--off=a")
    shown = cli("items", "acme", "store-1", "--show")
    told = cli("items", "acme", "store-1", "--off=a", "--json").out

    assert r"\x1b]0;owned[red]\x07\u202e" in ran.out
    assert r"\x1b[2Jb" in shown.out
    assert not {"\x1b", "\x07", "\u202e"} & set(ran.out + shown.out + told)


def test_show_reads_and_changes_nothing(cli, books):
    """
    One row for each, and the rule that the menu must have it, too.
    """
    books.items = {"taco": True, "burrito": False}
    ran = cli("items", "acme", "store-1", "--show")
    told = cli("items", "acme", "store-1", "--show", "--json").out.splitlines()

    assert Exit.OK == ran.code
    assert ["ID       AVAILABLE  SINCE  UNTIL", "taco     yes", "burrito  no"] == (
        ran.out.splitlines()[:3]
    )
    assert "only if the menu has it, too" in ran.out
    assert [ItemState(id="taco", available=True), ItemState(id="burrito", available=False)] == [
        from_json(line, ItemState) for line in told
    ]
    assert "The carrier tells of no options.\n" == cli("options", "acme", "s", "--show").out
    assert [] == books.asked


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "--on, --off or --csv must be given, or --show"),
        (["--show", "--on=a"], "--show cannot be given beside what is to change"),
        (["--on=a", "--off=a"], "--off contradicts --on"),
        (["--on=a\x1bb"], "--on has a control or reordering character"),
        (["--on="], "--on must"),
    ],
)
def test_wrong_wishes_are_usage(cli, books, words, message):
    """
    Nothing is sent.
    """
    ran = cli("items", "acme", "store-1", *words)

    assert (Exit.USAGE, "") == ran[:2]
    assert message in ran.err
    assert "\x1b" not in ran.err
    assert [] == books.asked


def test_the_same_wish_twice_is_one(cli, books):
    """
    Saying it again is no contradiction.
    """
    ran = cli("items", "acme", "store-1", "--on", "a", "a", "--on=a")

    assert "1 of 1 applied\n" == ran.out
    assert [[("a", True)]] == books.asked


def test_account_without_a_marketplace_is_told(cli, acme, monkeypatch):
    """
    It is said, and nothing is sent.
    """
    build, poor = acme.build, attrs.evolve(FakeProvider().capabilities, catalog=None)
    monkeypatch.setattr(
        acme, "build", lambda *given: attrs.evolve(build(*given), capabilities=poor)
    )
    ran = cli("items", "acme", "store-1", "--on=a")

    assert Exit.USAGE == ran.code
    assert "code: unsupported" in ran.err


class Terminal(io.StringIO):
    """
    A terminal that keeps what is printed.
    """

    encoding = "utf-8"

    def isatty(self) -> bool:
        """
        Say yes.
        """
        return True


def test_bar_is_for_terminals_and_counts(monkeypatch):
    """
    On a terminal a bar passes by and counts; it leaves nothing behind in JSON or a pipe.
    """
    monkeypatch.setenv("TERM", "xterm-256color")
    for stream, json_, counted in (
        (Terminal(), False, True),
        (Terminal(), True, False),
        (io.StringIO(), False, False),
    ):
        monkeypatch.setattr("sys.stdout", stream)
        with Output(json=json_).progress(2) as done:
            done()
            done()

        assert counted == ("2/2" in stream.getvalue())
        assert counted == bool(stream.getvalue())


def test_times_are_shown(cli, books, monkeypatch):
    """
    From when and to when, as far as the carrier says.
    """
    state = ItemState(id="taco", available=None, since=NOW, until=NOW + timedelta(hours=2))

    def read(*_: object):
        yield from ()
        return [state]

    monkeypatch.setattr("tests.cli.market.MarketProvider.read_items", read)
    ran = cli("items", "acme", "store-1", "--show")

    assert "taco  not told   2026-11-22 18:00:00Z  2026-11-22 20:00:00Z\n" in ran.out


def test_f091_interrupt_while_results_are_shown_hides_none(cli, books, monkeypatch):
    """
    Ctrl-C while the progress is drawn: what its request did is told as done, not as unsent.
    """

    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("doorstep.cli._output.Output.progress", lambda *_: nullcontext(interrupt))
    ran = cli("items", "acme", "store-1", "--off", *"abcd", "--json")
    results = from_json(ran.out, ItemResults)

    assert (("a", "b"), ("c", "d")) == (
        results.ids(ItemOutcome.APPLIED),
        results.ids(ItemOutcome.NOT_SENT),
    )
