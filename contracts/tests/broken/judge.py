"""
Run the contract on the broken providers, and write down which tests failed on whom.

    JUDGED=0/2 python judge.py VERDICTS.json [options of pytest]

A process of its own: the providers fail tests by the dozen, which is nobody's business.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
SOURCES = (HERE.parent, HERE.parents[1] / "src/doorstep_contracts/template/src")

#: Random lives meet whatever is broken: they are for the providers that nothing else catches.
LIVES = ("test_any_order_of_operations_keeps_the_books_right",)
#: Of these, with all their parameters, a third is enough to see that they do not fail.
SWEEPS = (
    "test_any_body_under_any_status_ends_in_a_value_or_a_typed_error",
    "test_any_changed_field_ends_in_a_value_or_a_typed_error",
    "test_cancel_tells_the_truth_about_every_fault",
    "test_dispatch_tells_the_truth_about_every_fault",
)


class Verdicts:
    """
    What came of each test on each provider.
    """

    def __init__(self) -> None:
        self.failed: dict[str, dict[str, str]] = {}
        self.passed: dict[str, list[str]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """
        Thin out what sweeps over everything, but for whom it is meant.
        """
        from broken.table import GOOD, TABLE

        meant = {row.broken.__name__: row.test for row in TABLE}
        good = {one.__name__ for one in GOOD}
        items[:] = [
            item
            for number, item in enumerate(items)
            if (name := _provider(item.nodeid)) in good
            or (test := _test(item.nodeid)) == meant[name]
            or (test not in LIVES and (test not in SWEEPS or number % 3 == 0))
        ]

    def pytest_collection_finish(self) -> None:
        """
        Leave what was collected alone: going through it costs more than all tests do.
        """
        gc.freeze()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """
        Note a test that failed, with all that it shows, and one that passed.
        """
        provider, test = _provider(report.nodeid), report.nodeid.rpartition("::")[2]
        failed = self.failed.setdefault(provider, {})
        if report.failed:
            told = [report.longreprtext, *(text for _, text in report.sections)]
            failed.setdefault(test, "\n".join(told))
        elif report.when == "call" and report.passed:
            self.passed.setdefault(provider, []).append(test)


def _provider(nodeid: str) -> str:
    return nodeid.split("::")[1].removeprefix("Test")


def _test(nodeid: str) -> str:
    return nodeid.split("::")[2].partition("[")[0]


def main(arguments: Sequence[str]) -> int:
    """
    Write the verdicts to the first of *arguments*.
    """
    target, *options = arguments
    verdicts = Verdicts()
    sys.path[:0] = [str(one) for one in SOURCES]
    os.chdir(HERE.parents[1])
    quiet = ("-q", "--tb=short", "--assert=plain", "-p", "no:cacheprovider", "-c", "pyproject.toml")
    code = pytest.main([*quiet, *options, str(HERE / "judged.py")], [verdicts])
    told = {"failed": verdicts.failed, "passed": verdicts.passed}
    Path(target).write_text(json.dumps(told), encoding="utf-8")
    return 0 if code in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) else int(code)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
