"""
The contract, judged: good providers keep every promise, and each broken one fails on the
one test that guards what it breaks.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.once

HERE = Path(__file__).parent
TEMPLATE = HERE.parents[1] / "src/doorstep_contracts/template/src"
#: Processes that share the work.
SHARES = 2


def table() -> Any:
    """
    Import the table, from folders that no other test needs.
    """
    added = [str(HERE.parent), str(TEMPLATE)]
    sys.path[:0] = added
    try:
        return importlib.import_module("broken.table")
    finally:
        for one in added:
            sys.path.remove(one)


ROWS = {row.broken.__name__: row for row in table().TABLE}
GOOD = [one.__name__ for one in table().GOOD]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """
    Run the whole contract on them all: by provider, what failed and what passed.
    """
    folder = tmp_path_factory.mktemp("verdicts")
    running = []
    for share in range(SHARES):
        command = [sys.executable, str(HERE / "judge.py"), str(folder / f"{share}.json")]
        environment = {**os.environ, "JUDGED": f"{share}/{SHARES}"}
        with (folder / f"{share}.txt").open("w") as told:
            running.append(subprocess.Popen(command, env=environment, stdout=told, stderr=told))
    ended = [process.wait() for process in running]
    told = [(folder / f"{share}.txt").read_text("utf-8") for share in range(SHARES)]
    assert [0] * SHARES == ended, "\n".join(told)
    found: dict[str, dict[str, Any]] = {"failed": {}, "passed": {}}
    for share in range(SHARES):
        for kind, by_provider in json.loads((folder / f"{share}.json").read_text("utf-8")).items():
            found[kind].update(by_provider)
    return found


@pytest.mark.parametrize("provider", GOOD)
def test_good_provider_keeps_every_promise(
    verdicts: dict[str, dict[str, Any]], provider: str
) -> None:
    """
    What is right is not complained of.
    """
    assert {} == verdicts["failed"][provider]


@pytest.mark.parametrize("provider", ROWS)
def test_broken_provider_fails_on_the_test_that_guards_its_promise(
    verdicts: dict[str, dict[str, Any]], provider: str
) -> None:
    """
    Nothing else fails; and the failure says what to mend.
    """
    failed = verdicts["failed"][provider]

    assert {ROWS[provider].test} == {name.partition("[")[0] for name in failed}
    for told in failed.values():
        assert "mend: " in told


def test_every_promise_is_kept_by_somebody_and_broken_by_somebody(
    verdicts: dict[str, dict[str, Any]],
) -> None:
    """
    No test of the contract passes whatever is done, and none is skipped by all.
    """
    suite = importlib.import_module("doorstep_contracts.suite").ProviderContract
    tests = {name for name in dir(suite) if name.startswith("test_")}
    passed = {name.partition("[")[0] for good in GOOD for name in verdicts["passed"][good]}

    assert set() == tests - passed
    assert set() == tests - {row.test for row in ROWS.values()}


def test_every_broken_provider_says_what_is_wrong_with_it() -> None:
    """
    The table in the documentation is made of the first sentences of their docstrings.
    """
    assert [] == [name for name, row in ROWS.items() if not (row.broken.__doc__ or "").strip()]
