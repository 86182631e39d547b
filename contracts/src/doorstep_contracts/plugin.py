"""
The pytest plugin: chooses a provider, collects its contract, and tells what came of it.

pytest loads this module at start-up, before coverage of anything else can be measured, so
it imports nothing of the suites and nothing of doorstep; what is heavier stands in
``_pytest`` and is imported when it is needed.
"""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from doorstep_contracts.effort import Effort

__all__: list[str] = []

_MARK = "contract_promise"


def pytest_addoption(parser: pytest.Parser) -> None:
    """
    Add the options.
    """
    group = parser.getgroup("doorstep", "contract of a Doorstep provider")
    group.addoption(
        "--provider",
        dest="contract_provider",
        metavar="NAME",
        help="run the whole contract on an installed plugin",
    )
    group.addoption(
        "--contract-profile",
        choices=("replay", "ci", "nightly"),
        default="ci",
        help="replay: without a server, in seconds; ci (default); nightly: much further",
    )
    group.addoption(
        "--contract-report",
        action="append",
        default=[],
        metavar="FILE",
        help="write what was kept, as .json, .md or .svg (a badge); - shows the table; repeatable",
    )


def pytest_configure(config: pytest.Config) -> None:
    """
    Make the mark of the suites known, and choose the provider.
    """
    config.addinivalue_line("markers", f"{_MARK}(promise): what a contract test proves.")
    config.pluginmanager.register(_Results(config), "doorstep-contract-results")
    if config.getoption("contract_report"):
        from doorstep_contracts._pytest._formats import check_targets

        check_targets(config.getoption("contract_report"))
    if config.getoption("contract_provider"):
        from doorstep_contracts._pytest._choose import choose

        choose(config, config.getoption("contract_provider"))


def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> pytest.Class | None:
    """
    Collect a class of the contract, as one that no test can be taken out of unsaid.
    """
    contract = sys.modules.get("doorstep_contracts.suites._contract")
    if contract is None or not isinstance(obj, type) or not issubclass(obj, contract.Contract):
        return None
    if not collector.istestclass(obj, name):
        return None
    from doorstep_contracts._pytest._collect import ContractClass

    made: ContractClass = ContractClass.from_parent(collector, name=name, obj=obj)
    return made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """
    Say of a contract test what it is about; of one that failed, what to mend.
    """
    report = yield
    if item.get_closest_marker(_MARK) is not None:
        from doorstep_contracts._pytest._explain import explain

        explain(item, report)
    return report


@pytest.fixture(scope="session")
def effort(pytestconfig: pytest.Config) -> Effort:
    """
    How far a contract goes: ``--contract-profile``.
    """
    from doorstep_contracts.effort import effort_of

    return effort_of(pytestconfig)


class _Results:
    """
    What came of the contract tests, those of other processes too.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._reports: list[pytest.TestReport] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """
        Keep the report of a contract test.
        """
        if hasattr(report, "contract"):
            self._reports.append(report)

    def pytest_sessionfinish(self) -> None:
        """
        Write the files.
        """
        targets = [one for one in self._config.getoption("contract_report") if one != "-"]
        if targets and not hasattr(self._config, "workerinput"):
            from doorstep_contracts._pytest._formats import write

            results = self._results()
            for target in targets:
                write(results, Path(target))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """
        Show how many promises were kept; each with ``-v``, or as a report on ``-``.
        """
        if not self._reports:
            return
        from doorstep_contracts._pytest._formats import as_lines, as_text

        results = self._results()
        whole = self._config.option.verbose > 0 or "-" in self._config.getoption("contract_report")
        terminalreporter.section("contract")
        for line in as_text(results) if whole else ():
            terminalreporter.line(line)
        for line in as_lines(results):
            terminalreporter.line(line)

    def _results(self) -> Any:
        from doorstep_contracts._pytest._results import results_of

        return results_of(self._reports, self._config.getoption("contract_profile"))


def suite_modules() -> list[str]:
    """
    Name the modules of the suite, without importing any of them.

    Returns:
        Full names, sorted; this module is not one of them.
    """
    package = __name__.rpartition(".")[0]
    here = Path(__file__).parent
    names = (f"{package}.{module.name}" for module in pkgutil.iter_modules([str(here)]))
    return sorted(name for name in names if name != __name__)


# pytest rewrites the files that a wheel lists; an editable install lists none of them, and
# a broken promise would print a bare AssertionError.
if modules := suite_modules():
    pytest.register_assert_rewrite(*modules)
