"""
Say of a contract test what it promised, and of one that failed what to mend.
"""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from doorstep_contracts.promise import PROVIDER, promise_of

__all__ = ["explain", "parts_of"]


def explain(item: pytest.Item, report: pytest.TestReport) -> None:
    """
    Tell *report* what it is about.
    """
    promised = promise_of(item)
    if promised is None:
        return
    chosen = item.config.getoption("contract_provider", None)
    provider = item.stash.get(PROVIDER, None) or chosen or "?"
    told: Any = report
    # Plain values: a report may come from another process.
    told.contract = {
        "provider": provider,
        "operation": promised.operation,
        "promise": promised.says,
        "test": getattr(item, "originalname", None) or item.name,
    }
    if report.failed:
        _add(report, f"contract of {provider}", _text(item, report, promised.operation, provider))


def parts_of(test: Any) -> tuple[str, str]:
    """
    Return what the docstring of *test* promises, and what it says to mend.
    """
    told, _, mend = (inspect.getdoc(test) or "").partition("If this fails:")
    return " ".join(told.split()), " ".join(mend.split())


def _text(item: pytest.Item, report: pytest.TestReport, operation: str, provider: str) -> str:
    promised, mend = parts_of(getattr(item, "obj", None))
    if "XPASS(strict)" in str(report.longrepr):
        mend = "the promise is kept after all: take its name out of `exempt`"
    lines = [f"promised:  {promised}", f"mend:      {mend or 'see the test'}"]
    if operation != "any":
        lines.append(f"operation: {operation}")
    return "\n".join([*lines, f"provider:  {provider}"])


def _add(report: pytest.TestReport, title: str, text: str) -> None:
    add = getattr(report.longrepr, "addsection", None)
    if add is None:
        report.sections.append((title, text))
    else:  # part of the failure itself, which --show-capture=no does not hide
        add(title, text, "-")
