"""
``doorstep support``, the journal of the command line, and the words of refunds.
"""

from __future__ import annotations

import json
import stat
import sys

import pytest

from doorstep.cli._exit import Exit
from doorstep.support import SqliteJournal


@pytest.fixture(name="journal")
def _journal(tmp_path):
    """
    Where the journal is.
    """
    return tmp_path / "journal.db"


@pytest.fixture(name="kept")
def _kept(cli, options, journal, monkeypatch):
    """
    The id of a delivery that was dispatched while a journal was on.
    """
    monkeypatch.setenv("DOORSTEP_JOURNAL", str(journal))
    ran = cli("dispatch", "acme", *options, "--json")
    return json.loads(ran.out)["value"]["id"]


def test_case_is_printed_as_markdown(cli, kept):
    """
    The journal that the environment names has the dispatch; nobody's name is there.
    """
    ran = cli("support", kept)

    assert Exit.OK == ran.code
    assert ran.out.startswith("# Support case: delivery `order-118~1`\n")
    assert "1. `dispatch`" in ran.out
    assert "`POST /deliveries`: HTTP 200" in ran.out
    assert "- contacts: the plugin does not say whom to ask" in ran.out
    assert not any(text in ran.out for text in ("Ada", "Ferry", "901 Market"))


def test_case_is_printed_as_json(cli, kept):
    """
    One object, by --format or by --json.
    """
    told = json.loads(cli("support", kept, "--format", "json", "--country", "US").out)

    assert ["dispatch", "track"] == [one["operation"] for one in told["exchanges"]]
    assert "US" == told["country"]
    assert told.keys() == json.loads(cli("support", kept, "--json").out).keys()


def test_option_names_another_journal(cli, booked, journal):
    """
    --journal comes before the environment; without either the case says what is missing.
    """
    first = cli("track", booked, "--journal", str(journal))
    second = cli("support", booked, "--journal", str(journal))

    assert Exit.OK == first.code
    assert "`track` 2 times" in second.out
    assert "no journal was kept" in cli("support", booked).out


def test_case_is_written_to_a_new_file(cli, kept, tmp_path):
    """
    For the owner alone, and never over another file; stdout tells where.
    """
    path = tmp_path / "case.md"
    ran = cli("support", kept, "--out", str(path), "--json")

    assert str(path) == json.loads(ran.out)["written"]
    assert json.loads(path.read_text("utf-8"))["carrier_id"] == "order-118~1"
    assert sys.platform == "win32" or 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert json.loads(ran.err)["note"].startswith("absent: contacts")
    again = cli("support", kept, "--out", str(path))
    assert Exit.USAGE == again.code
    assert "--out is there already" in again.err


def test_case_nobody_can_write_is_told(cli, kept, tmp_path):
    """
    A folder that is not there is no bug.
    """
    ran = cli("support", kept, "--out", str(tmp_path / "no" / "case.md"))

    assert Exit.BUG == ran.code
    assert "could not be printed" in ran.err


def test_case_is_made_without_the_carrier(cli, kept, server):
    """
    If nobody answers, the journal is all there is; that is no failure.
    """
    server.stop()
    ran = cli("support", kept, "--deadline", "0.5")

    assert Exit.OK == ran.code
    assert "could not be read just now" in ran.out.replace("\\", "")
    assert "1. `dispatch`" in ran.out


def test_forgotten_delivery_is_gone_from_the_journal(cli, kept, journal):
    """
    --forget drops what is kept; it needs a journal.
    """
    ran = cli("support", kept, "--forget")
    with SqliteJournal(journal) as found:
        kept_of_it = found.history(kept)

    assert f"forgotten: {kept}\n" == ran.out
    assert () == kept_of_it.steps == kept_of_it.exchanges


def test_forgetting_without_a_journal_is_refused(cli, booked):
    """
    There would be nothing to forget.
    """
    ran = cli("support", booked, "--forget")

    assert Exit.USAGE == ran.code
    assert "--journal must be given" in ran.err


@pytest.mark.parametrize("way", ["option", "variable"])
def test_journal_that_cannot_be_opened_stops_the_command(cli, booked, tmp_path, monkeypatch, way):
    """
    Nothing is sent: whoever wants a journal wants it whole.
    """
    (tmp_path / "other.txt").write_text("no database, but long enough to be told apart")
    options = ["--journal", str(tmp_path / "other.txt")] if way == "option" else []
    if way == "variable":
        monkeypatch.setenv("DOORSTEP_JOURNAL", str(tmp_path / "other.txt"))
    ran = cli("track", booked, *options)

    assert Exit.USAGE == ran.code
    assert "cannot be opened" in ran.err
    assert "DOORSTEP_JOURNAL" in ran.err or way == "option"


def test_reasons_are_listed_with_their_words(cli):
    """
    A clerk chooses from words; nobody is asked.
    """
    ran = cli("refund", "--reasons")
    french = cli("refund", "--reasons", "--language", "fr-CA", "--json").out.splitlines()

    assert Exit.OK == ran.code
    assert "The order was picked up but never delivered." in ran.out
    assert 9 == len(french)
    assert {
        "reason": "never_delivered",
        "label": "Jamais livrée",
        "text": "La commande a été ramassée, mais jamais livrée.",
    } in map(json.loads, french)


def test_decision_is_shown_in_another_language(cli, booked):
    """
    Labels and our words are translated; what was not told is named.
    """
    ran = cli("refund", booked, "never-delivered", "--language", "es")

    assert "decisión" in ran.out
    assert "denegado" in ran.out
    assert "no informado" in ran.out


@pytest.mark.parametrize(("given", "missing"), [((), "DELIVERY"), (("acme/default/x",), "REASON")])
def test_refund_needs_a_delivery_and_a_reason(cli, given, missing):
    """
    What is missing is named, with the way to the list.
    """
    ran = cli("refund", *given)

    assert Exit.USAGE == ran.code
    assert f"{missing} must be given, or --reasons" in ran.err


def test_decision_in_json_has_every_field(cli, booked):
    """
    What was not told is null there, and not left out.
    """
    told = json.loads(cli("refund", booked, "never-delivered", "--json").out)["value"]
    shown = {"status", "code", "message", "order_value", "tip", "delivery_fee", "total"}

    assert shown <= told.keys()
