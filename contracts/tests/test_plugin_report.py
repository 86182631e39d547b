"""
What is told of a run: in the terminal, and in files.
"""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from doorstep_contracts._pytest._formats import as_badge, as_json, as_markdown, as_text
from doorstep_contracts._pytest._results import Results, Row, results_of
from doorstep_contracts.suite import ProviderContract

assert ProviderContract  # loaded once: each inner run forgets what it has imported

pytest_plugins = ["pytester"]

TESTS = '''
import pytest
from doorstep.models import Address, DeliveryRequest, Stop
from doorstep.testing import FakeProvider
from doorstep_contracts.promise import promise
from doorstep_contracts.suites._contract import Contract

class Suite(Contract):
    @promise("quote", "kept")
    def test_kept(self, case):
        """Kept. If this fails: mend."""

    @promise("quote", "broken")
    @pytest.mark.parametrize("good", [True, False])
    def test_broken(self, case, good):
        """Broken. If this fails: mend."""
        assert good

    @promise("cancel", "not theirs", claims="warp")
    def test_not_claimed(self, case):
        """Not claimed. If this fails: mend."""

    @promise("cancel", "no carrier", carrier=True)
    def test_no_carrier(self, case):
        """No carrier. If this fails: mend."""

    @promise("cancel", "cannot be | kept")
    def test_exempt(self, case):
        """Exempt. If this fails: mend."""
        raise AssertionError

    @promise("track", "ends well")
    def test_left_behind(self, case, leaking):
        """Leaks. If this fails: mend."""

class TestFake(Suite):
    exempt = {"test_exempt": "Acme cannot"}

    @pytest.fixture
    def leaking(self):
        yield
        raise AssertionError

    @pytest.fixture
    def provider(self):
        return FakeProvider()

    @pytest.fixture
    def delivery_request(self):
        where = Stop(address=Address(one_line="1 Main St"))
        return DeliveryRequest(reference="order-1", pickup=where, dropoffs=where)
'''


@pytest.fixture(name="go")
def _go(pytester, monkeypatch):
    """
    Return a function that runs a suite in which everything happens.
    """
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makepyfile(test_fake=TESTS)
    return lambda *options: pytester.runpytest_inprocess("-p", "no:cacheprovider", *options)


def test_every_outcome_is_told(go, pytester):
    """
    Each promise has its worst outcome, how many tests ended how, and why some did not run.
    """
    go("--contract-report=out.json")
    told = json.loads((pytester.path / "out.json").read_text())
    rows = {row["promise"]: row for row in told["rows"]}

    assert {"fake"} == set(told["providers"])
    assert {
        "kept": "passed",
        "broken": "failed",
        "not theirs": "not claimed",
        "no carrier": "skipped",
        "cannot be | kept": "exempt",
        "ends well": "failed",
    } == {name: row["outcome"] for name, row in rows.items()}
    assert (1, 1) == (rows["broken"]["tests"]["failed"], rows["broken"]["tests"]["passed"])
    assert 1 == sum(rows["ends well"]["tests"].values())
    assert ["warp"] == rows["not theirs"]["reasons"]
    assert ["Acme cannot"] == rows["cannot be | kept"]["reasons"]
    assert {"failed": 2, "exempt": 1, "passed": 1, "skipped": 1, "not claimed": 1} == told[
        "providers"
    ]["fake"]


@pytest.mark.parametrize("option", ["-v", "--contract-report=-"])
def test_terminal_shows_every_promise_when_asked(go, option):
    """
    The last lines count; the table comes with -v, or as a report on the terminal.
    """
    summary = "contract of fake, profile ci: 6 promises, 1 kept, 2 failed, 1 exempt, *1 not claimed"
    short, long = go(), go(option)

    for result in (short, long):
        result.stdout.fnmatch_lines([summary])
    long.stdout.fnmatch_lines(["fake  cancel  not theirs  *  not claimed: warp"])
    short.stdout.no_fnmatch_line("*not claimed: warp*")


def test_processes_report_together(go, pytester):
    """
    With pytest-xdist the files hold the tests of every process.
    """
    pytest.importorskip("xdist")
    go("--contract-report=one.json")
    pytester.runpytest_subprocess("-n1", "--contract-report=two.json")
    one, two = ((pytester.path / name).read_text() for name in ("one.json", "two.json"))

    assert one == two


@pytest.mark.parametrize(
    ("target", "told"), [("out.txt", "*the suffix must be of .json*"), ("no/out.md", "*no such*")]
)
def test_report_that_cannot_be_written_is_told_first(go, target, told):
    """
    Nobody waits for a run whose report goes nowhere.
    """
    result = go(f"--contract-report={target}")

    assert 4 == result.ret
    result.stderr.fnmatch_lines([told])


def _results(*outcomes: str) -> Results:
    rows = (
        Row(provider="a&b", operation="tip", promise=f"{n} & <b>|", counts={one: 1})
        for n, one in enumerate(outcomes)
    )
    return Results(profile="ci", version="1", rows=tuple(rows))


@pytest.mark.parametrize(
    ("outcomes", "says", "colour"),
    [
        (("passed", "passed", "skipped", "not claimed"), "2 of 2 kept", "#3a7d34"),
        (("passed", "exempt"), "1 of 2 kept", "#3a7d34"),
        (("passed", "failed"), "1 of 2 kept", "#b3261e"),
        ((), "0 of 0 kept", "#555"),
    ],
)
def test_badge_counts_what_was_tried(outcomes, says, colour):
    """
    The badge is well-formed, red when a promise is broken, and leaves out what did not run.
    """
    svg = as_badge(_results(*outcomes))
    texts = [one.text for one in ET.fromstring(svg).iter() if one.tag.endswith("text")]

    assert ["doorstep contract", says] == texts
    assert colour in svg


def test_formats_agree():
    """
    JSON, Markdown and the table have a line for each promise; a bar splits no cell.
    """
    results = _results("passed", "failed", "skipped")
    table = [line for line in as_markdown(results).splitlines() if line.startswith("| `")]

    assert (
        3 == len(table) == len(list(as_text(results))) == len(json.loads(as_json(results))["rows"])
    )
    assert "| `tip` | 0 & <b>\\| | passed |" == table[0]
    assert not list(as_text(_results()))
    assert "\n" == as_markdown(_results())


def test_nothing_is_told_of_other_tests(pytester):
    """
    Whoever has the plugin installed sees nothing of it.
    """
    pytester.makepyfile("def test_x(): pass")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-v")

    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*= contract =*")
    assert not results_of([], "ci").rows
