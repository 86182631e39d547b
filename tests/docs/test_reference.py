"""
The reference against the code: what it lists is what there is.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import attrs
import pytest

from doorstep import errors, hookspecs, models
from doorstep.capabilities import Capabilities, CatalogCapabilities, Idempotency, Recovery
from doorstep.cli import main
from doorstep.errors import DoorstepError
from doorstep.operations import OPERATIONS
from doorstep.outcome import Outcome, Retry
from doorstep.requirements import all_paths

Open = Callable[[str], Any]

#: Those that a shop meets first, whose fields can be read without building the pages.
MAIN_MODELS = {
    "Address",
    "Assignment",
    "Availability",
    "Business",
    "BusinessChanges",
    "CashOnDelivery",
    "Cancellation",
    "Changes",
    "Closing",
    "Closure",
    "Contact",
    "Coordinates",
    "Courier",
    "Coverage",
    "Delivery",
    "DeliveryRequest",
    "DeliveryStop",
    "DropoffAt",
    "End",
    "Item",
    "ItemResult",
    "ItemResults",
    "ItemState",
    "Menu",
    "Money",
    "NewBusiness",
    "NewStore",
    "OpenHours",
    "PickupAt",
    "Quote",
    "Rating",
    "RefundDecision",
    "SpecialHours",
    "Stop",
    "StopChanges",
    "Store",
    "StoreChanges",
    "StoreState",
    "Windows",
}


def ticked(rows: list[list[str]]) -> list[str]:
    """
    Return the first cell of each row, without its back ticks.
    """
    return [row[0].strip("`") for row in rows]


def ticked_at(place: int, rows: list[list[str]]) -> list[str]:
    """
    Return one cell of each row, without its back ticks.
    """
    return [row[place].strip("`") for row in rows]


def own_errors(kind: type[DoorstepError]) -> Iterator[type[DoorstepError]]:
    """
    Yield *kind* and every error of doorstep below it.
    """
    yield kind
    for one in kind.__subclasses__():
        if one.__module__.startswith("doorstep.errors"):
            yield from own_errors(one)


def test_hooks_are_headings_with_their_signatures(page: Open) -> None:
    """
    Every hook has a section, headed by exactly what a plugin must write.
    """
    signatures = [
        f"`{name}{inspect.signature(hook)}`".replace("'", "")
        for name, hook in vars(hookspecs).items()
        if name.startswith("doorstep_") and inspect.isfunction(hook)
    ]
    found = [one for one in page("reference/hooks.md").headings(2) if one.startswith("`")]

    assert signatures == found


def test_errors_are_rows_with_code_and_defaults(page: Open) -> None:
    """
    Every error stands in the table with its code and with what it says by default.
    """
    rows = page("reference/errors.md").rows("All errors")
    kinds = set(own_errors(DoorstepError))

    assert {
        (kind.__name__, kind.code, kind.retryable.value, kind.booked.value) for kind in kinds
    } == {tuple(cell.strip("`") for cell in row[:4]) for row in rows}
    assert len(kinds) == len(rows)


def test_error_tree_is_drawn_as_it_is(page: Open) -> None:
    """
    The tree on the page is the tree of the classes.
    """
    trees = [text for kind, text, _ in page("reference/errors.md").blocks() if kind == "text"]
    drawn = [(len(line) - len(line.lstrip()), line.strip()) for line in trees[0].splitlines()]
    depths = {kind.__name__: 2 * (len(_above(kind)) - 1) for kind in own_errors(DoorstepError)}

    assert depths == {name: depth for depth, name in drawn}


def _above(kind: type[DoorstepError]) -> list[type]:
    return [one for one in kind.__mro__ if issubclass(one, DoorstepError)]


@pytest.mark.parametrize("kind", [Retry, Outcome])
def test_words_of_an_error_are_explained(page: Open, kind: type[Enum]) -> None:
    """
    Every value of retryable and booked has a row.
    """
    rows = set(ticked(page("reference/errors.md").rows("What the two words mean")))

    assert {one.value for one in kind} <= rows


def test_models_are_all_there(page: Open) -> None:
    """
    Every public model is on its page, once.
    """
    found = re.findall(
        r"auto(?:class|data):: doorstep\.models\.(\w+)", page("reference/models.md").text
    )

    assert sorted(models.__all__) == sorted(found)


def test_fields_of_models_are_rows(page: Open) -> None:
    """
    The tables name every field of a model in order, and which of them must be given.
    """
    parts = page("reference/models.md").section("Fields").split("\n### ")[1:]
    found = {
        part.partition("\n")[0]: re.findall(r"^\| `(\w+)` \| (\S+) \|", part, re.MULTILINE)
        for part in parts
    }

    assert MAIN_MODELS <= found.keys()
    for name, rows in found.items():
        own = [
            (field.name, field.default is attrs.NOTHING)
            for field in attrs.fields(getattr(models, name))
        ]
        assert own == [(field, default == "needed") for field, default in rows], name


def test_calls_of_a_client_are_rows(page: Open) -> None:
    """
    Everything that a client can be asked stands in the table of calls.
    """
    reference = page("reference/client.md")
    own = set(re.findall(r"^\| `(\w+)\(", reference.text.split("\n## ")[0], re.MULTILINE))
    of_catalog = set(re.findall(r"^\| `(\w+)\(", reference.section("Catalog"), re.MULTILINE))
    of_onboarding = set(ticked_at(1, reference.rows("Onboarding")))

    assert OPERATIONS | {"receive", "support_case", "watch"} == own | of_catalog | of_onboarding
    assert set() == own & of_catalog | own & of_onboarding | of_catalog & of_onboarding


def test_codes_of_the_command_line_are_rows(page: Open) -> None:
    """
    Every code that the command line tells is explained.
    """
    folder = Path(pytest.importorskip("doorstep.cli").__file__).parent
    source = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    told = re.findall(r'(?:tell_problem|_told)\(\s*"(\w+)"', source)
    rows = page("reference/errors.md").rows("Codes of the command line")

    assert {*told, "plugin", "bug"} == set(ticked(rows))


def test_nobody_is_sent_to_another_courier_by_a_duplicate(pages: list[Any]) -> None:
    """
    No table advises the next revision because of ``duplicate``.
    """
    advised = [
        line
        for page in pages
        for line in page.text.splitlines()
        if line.startswith("|")
        and "`duplicate`" in line
        and re.search(r"revision \+ 1|the next one", line)
    ]

    assert [] == advised


def test_errors_and_outcomes_are_described_once(page: Open) -> None:
    """
    Every error class has its docstring on the page.
    """
    found = re.findall(r"autoexception:: doorstep\.errors\.(\w+)", page("reference/errors.md").text)

    assert sorted(kind.__name__ for kind in own_errors(DoorstepError)) == sorted(found)
    assert {*found, "FieldProblem", "raw_token"} == set(errors.__all__)


def test_capabilities_are_rows_with_their_defaults(page: Open) -> None:
    """
    Every field of the capabilities has a row that says its default.
    """
    for kind, heading in ((Capabilities, "Fields"), (CatalogCapabilities, "Catalog")):
        rows = page("reference/capabilities.md").rows(heading)

        assert [(field.name, _default(field.default)) for field in attrs.fields(kind)] == [
            (row[0].strip("`"), row[1].strip("`")) for row in rows
        ]


def _default(value: object) -> str:
    if value == frozenset():
        return "empty"
    return str(value.value) if isinstance(value, Enum) else str(value)


def test_paths_are_those_of_the_code(page: Open) -> None:
    """
    The list of paths is the one that capabilities are checked against.
    """
    (listed,) = [
        text for kind, text, _ in page("reference/capabilities.md").blocks() if kind == "text"
    ]

    assert sorted(all_paths()) == listed.split()


def test_commands_are_sections(page: Open) -> None:
    """
    Every command of the command line has a section.
    """
    commands = pytest.importorskip("doorstep.cli._app").COMMANDS
    found = page("reference/command-line.md").headings(2)

    assert sorted(name for name, _, _ in commands) == [
        one for one in found if one not in ("Options of many commands", "Exit codes")
    ]


def test_options_are_rows(
    page: Open, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Every option that a command's help names stands in its section, or among the shared ones.
    """
    app = pytest.importorskip("doorstep.cli._app")
    monkeypatch.setenv("COLUMNS", "200")
    reference = page("reference/command-line.md")
    shared = {*ticked(reference.rows("Options of many commands")), "--help", "--version"}
    for name, _, _ in app.COMMANDS:
        main([*name.split(), "--help"])
        told = set(re.findall(r"^ *(--[a-z-]+)", capsys.readouterr().out, re.MULTILINE))
        rows = {one for one in ticked(reference.rows(name)) if one.startswith("--")}

        assert rows == told - shared, name


def test_exit_codes_are_rows(page: Open) -> None:
    """
    Every exit code has a row with the meaning that the help gives.
    """
    meanings = pytest.importorskip("doorstep.cli._exit").MEANINGS
    rows = page("reference/command-line.md").rows("Exit codes")

    assert [(str(code.value), meaning) for code, meaning in meanings.items()] == [
        (row[0], row[1]) for row in rows
    ]


def test_faults_are_rows(page: Open) -> None:
    """
    Every fault that a simulator knows has a row.
    """
    faults = pytest.importorskip("doorstep.simulation").FAULT_NAMES

    assert sorted(faults) == sorted(ticked(page("reference/simulation.md").rows("Faults")))


def test_members_of_enums_are_rows(page: Open) -> None:
    """
    Every enum of the models has a row with all of its members, in order.
    """
    rows = page("reference/models.md").rows("Words")
    kinds = [
        kind
        for kind in (getattr(models, name) for name in models.__all__)
        if isinstance(kind, type) and issubclass(kind, Enum)
    ]

    assert {kind.__name__: [one.name for one in kind] for kind in kinds} == {
        row[0].strip("`"): re.findall(r"`(\w+)`", row[1]) for row in rows
    }
    assert all(one.value == one.name.lower() for kind in kinds for one in kind)


def test_ways_of_repeating_and_recovering_are_rows(page: Open) -> None:
    """
    Every value of idempotency and recovery has a meaning and a duty.
    """
    rows = page("reference/capabilities.md").rows("Repeats and lost answers")

    assert [one.value for kind in (Idempotency, Recovery) for one in kind] == ticked(rows)


def test_ways_of_sending_webhooks_are_rows(page: Open) -> None:
    """
    Every option of a simulator's webhooks has a row, in order.
    """
    options = pytest.importorskip("doorstep.simulation").WebhookOptions
    rows = page("reference/simulation.md").rows("Webhooks")

    assert [field.name for field in attrs.fields(options)] == ticked(rows)
