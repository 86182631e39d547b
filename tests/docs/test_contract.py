"""
The page of the contract has every promise of every suite, and tells a run.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

suite = pytest.importorskip("doorstep_contracts.suite", reason="needs doorstep-contracts")

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool():
    """
    The tool that makes the page.
    """
    spec = importlib.util.spec_from_file_location("report", ROOT / "tools/contract_report.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _promised():
    """
    Return what the suites promise: the heading, and the words.
    """
    tests = (getattr(suite.ProviderContract, name) for name in dir(suite.ProviderContract))
    marks = [mark for test in tests for mark in getattr(test, "pytestmark", ())]
    promises = [mark.args[0] for mark in marks if mark.name == "contract_promise"]
    return {
        ("Every operation" if one.operation == "any" else f"`{one.operation}`", one.says)
        for one in promises
    }


def test_page_has_every_promise(tool):
    """
    Run tools/contract_report.py after adding or rewording a promise.
    """
    found, heading = set(), ""
    for line in tool.PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line[3:]
        elif line.startswith("| ") and not re.match(r"\| (Promise|---) \|", line):
            found.add((heading, line.split(" | ")[0].removeprefix("| ")))

    assert _promised() == found


def test_page_is_made_from_results(tool):
    """
    A promise has a cell for each provider: kept, broken, or not run and why.
    """

    def row(provider, outcome, tests=1, reasons=()):
        return {
            "provider": provider,
            "operation": "quote",
            "promise": "expires",
            "outcome": outcome,
            "tests": {outcome: tests},
            "reasons": list(reasons),
        }

    rows = [row("acme", "passed", 3)], [row("bolt", "not claimed", 1, ["quote"])]
    page = tool.page({"rows": one} for one in rows)

    assert page.startswith(tool.HEAD)
    assert "## `quote`\n\n| Promise | acme | bolt |\n| --- | --- | --- |\n" in page
    assert "| expires | kept, 3 tests | not claimed: quote |\n" in page


def test_page_shows_a_run_that_kept_everything(tool):
    """
    What is published failed nothing, and left nothing untried.
    """
    rows = [line for line in tool.PAGE.read_text(encoding="utf-8").splitlines() if line[:2] == "| "]

    assert rows
    assert not [row for row in rows if re.search(r"\| (failed|skipped|not run)", row)]
