"""
The page of the DoorDash plugin against its code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import attrs
import pytest

pytest.importorskip("doorstep_doordash")

from doorstep.cli import main
from doorstep_doordash import _errors, _mapping, _refunds, _webhook_wire, _webhooks, _wire
from doorstep_doordash._extension import DoorDashExtension
from doorstep_doordash._settings import DoorDashSettings
from doorstep_doordash.simulator import DriveOptions, _magic

Open = Callable[[str], Any]

REQUEST = "What a request becomes"
ANSWER = "What an answer becomes"
# What no command line can hold.
NO_FLAGS = {"real_time", "marketplace_stores"}


def names(kind: type) -> set[str]:
    """
    Return the fields of an attrs class.
    """
    return {field.name for field in attrs.fields(kind)}


def words(text: str) -> set[str]:
    """
    Return everything between back ticks.
    """
    return set(re.findall(r"`([^`\n]+)`", text))


def cells(rows: list[list[str]], column: int = 0) -> list[str]:
    """
    Return one column without its back ticks.
    """
    return [row[column].strip("`") for row in rows]


@pytest.fixture(name="doordash")
def _doordash(page: Open) -> Any:
    return page("reference/doordash.md")


def test_every_field_of_a_request_has_a_row(doordash: Any) -> None:
    """
    Every field that the plugin can send is a row, and no row is about another one.
    """
    rows = set(cells(doordash.rows(REQUEST)))

    assert names(_wire.Body) | names(_wire.ItemBody) | names(_wire.TimeWindow) == rows
    assert names(_wire.OrderContains) <= words(doordash.section(REQUEST))
    assert names(_wire.RefundBody) <= words(doordash.section(REQUEST))


def test_what_2_1_59_has_beside_has_a_place(doordash: Any) -> None:
    """
    Goods, checks at the door and parts of an address are named where they are explained.
    """
    door = names(_wire.DropoffOptions) | names(_wire.PinCode)

    assert names(_wire.OrderContains) == set(cells(doordash.rows("Kinds of goods")))
    assert door <= words(doordash.section("At the door"))
    assert names(_wire.AddressComponents) <= words(doordash.section("Addresses in parts"))


def test_every_field_of_an_answer_has_a_row(doordash: Any) -> None:
    """
    Every field that the plugin reads is a row that says where it surfaces.
    """
    rows = cells(doordash.rows(ANSWER))

    assert sorted(names(_wire.Answer)) == sorted(rows)
    parts = names(_wire.ItemEcho) | names(_wire.Location) | names(_wire.FeeComponent)
    assert parts == set(cells(doordash.rows("Parts of an answer")))


def test_every_setting_has_a_row(doordash: Any) -> None:
    """
    The settings of an account are on the page.
    """
    rows = " ".join(row[0] for row in doordash.rows("Settings"))

    assert names(DoorDashSettings) == words(rows)


def test_every_input_of_the_extension_has_a_place(doordash: Any) -> None:
    """
    Every field of the extension is named where it goes.
    """
    found = {one for one in words(doordash.section(REQUEST)) if one.startswith("DoorDashExtension")}

    assert {f"DoorDashExtension.{name}" for name in names(DoorDashExtension)} == found


def test_statuses_are_those_of_the_mapping(doordash: Any) -> None:
    """
    Every status of DoorDash's has the row that the plugin goes by.
    """
    rows = doordash.rows("Statuses")

    assert {raw: status.name for raw, status in _mapping.STATUSES.items()} == dict(
        zip(cells(rows), cells(rows, 1), strict=True)
    )


def test_endings_are_those_of_the_mapping(doordash: Any) -> None:
    """
    Every reason of a cancelled delivery has actor, reason and goods.
    """
    rows = doordash.rows("How it ended")

    assert {
        raw: (actor.name, reason.name, goods.value.replace("_", " "))
        for raw, (actor, reason, goods) in _mapping.ENDS.items()
    } == {row[0].strip("`"): (row[1].strip("`"), row[2].strip("`"), row[3]) for row in rows}


def test_codes_reasons_and_texts_are_those_of_the_classifier(doordash: Any) -> None:
    """
    Every word that the plugin classifies has a row that begins with the error it becomes.
    """
    rows = {row[0].strip("`"): row[1] for row in doordash.rows("Errors")}
    known = {**_errors._CODES, **_errors._REASONS, **_errors._TEXTS}
    by_reason = "invalid_delivery_parameters"

    assert known.keys() | _errors._TOO_LATE == {one for one in rows if not _is_status(one)}
    assert [] == [
        word
        for word, (kind, _) in known.items()
        if word != by_reason and not rows[word].startswith(f"`{kind.__name__}`")
    ]


def _is_status(text: str) -> bool:
    return bool(re.match(r"\d|anything", text))


def test_refund_decisions_are_those_of_the_plugin(doordash: Any) -> None:
    """
    Every status and code of a decision has a row.
    """
    rows = {row[0]: row[1].strip("`") for row in doordash.rows("Refunds")}
    decisions = {
        code: status.name for code, status in {**_refunds.STATUSES, **_refunds.DENIALS}.items()
    }

    assert decisions == {
        one: rows[cell] for cell in rows for one in words(cell) if cell[0].isdigit()
    }
    assert names(_wire.RefundAnswer) == {cell.strip("`") for cell in rows if not cell[0].isdigit()}


def test_events_are_those_of_the_plugin(doordash: Any) -> None:
    """
    Every event has a row that says what becomes of it, and whether to look first.
    """
    rows = [row for row in doordash.rows("Webhooks") if len(row) == 5]

    assert {
        name: (news.status or "none", _becomes(news), news.may_end)
        for name, news in _webhooks.EVENTS.items()
    } == {
        name.strip("`"): (status.strip("`"), became.strip("`"), "confirm" in note)
        for name, status, became, note, _ in rows
    }


def _becomes(news: _webhooks.News) -> str:
    if news.status:
        return _mapping.STATUSES[news.status].name
    return f"milestone `{news.milestone.name}" if news.milestone else "reported"


def test_every_field_of_a_webhook_has_a_row(doordash: Any) -> None:
    """
    Every field that is read, of the refund too, is a row that says where it surfaces.
    """
    rows = doordash.rows("Webhooks")

    assert names(_webhook_wire.Message) <= set(cells([row for row in rows if len(row) == 4]))
    assert names(_webhook_wire.RefundData) <= set(cells([row for row in rows if len(row) == 3]))
    inside = names(_webhook_wire.AmountDetails) | names(_webhook_wire.OrderDetails)
    assert inside <= words(doordash.section("Webhooks"))


def test_magic_words_are_those_of_the_simulator(page: Open) -> None:
    """
    Every word that the simulator reacts to is on the page.
    """
    section = page("reference/simulation.md").section("Magic words of the DoorDash simulator")
    known = {word for _, word, _ in _magic._COVERAGE} | set(_magic._REFUNDS) | {_magic.PROMOTION}

    assert known <= words(section)


def test_options_of_the_simulator_are_told_by_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    """
    Every option has a sentence where the command line lists it.
    """
    assert 0 == main(["simulate", "doordash", "--help"])
    shown = capsys.readouterr().out
    told = re.findall(r"^ *--([a-z-]+)[^:\n]*: [A-Z]", shown, re.MULTILINE)

    assert names(DriveOptions) - NO_FLAGS <= {one.replace("-", "_") for one in told}


def test_options_of_the_simulator_have_rows(page: Open) -> None:
    """
    Every option that the command line offers is explained.
    """
    rows = " ".join(row[0] for row in page("how-to/run-the-simulator.md").rows("From the shell"))
    found = {one.removeprefix("--").removeprefix("no-") for one in words(rows)}

    assert names(DriveOptions) - NO_FLAGS == {one.replace("-", "_") for one in found}
