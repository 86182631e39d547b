"""
What came of a run: each promise of each provider, with how many tests kept it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import attrs
import pytest

import doorstep_contracts

__all__ = ["FAILED", "OUTCOMES", "Results", "Row", "results_of"]

FAILED = "failed"
#: What may come of a test, the worst first.
OUTCOMES = (FAILED, "exempt", "passed", "skipped", "not claimed")
_NOT_CLAIMED = "not claimed"


@attrs.frozen(kw_only=True)
class Row:
    """
    A promise, and what came of its tests.

    Args:
        counts:
            How many tests, by outcome.

        reasons:
            Why tests were exempt or skipped, each once.
    """

    provider: str
    operation: str
    promise: str
    counts: dict[str, int]
    reasons: tuple[str, ...] = ()

    @property
    def outcome(self) -> str:
        """
        The worst that came of it.
        """
        return next(one for one in OUTCOMES if self.counts.get(one))


@attrs.frozen(kw_only=True)
class Results:
    """
    A whole run.
    """

    profile: str
    version: str
    rows: tuple[Row, ...]

    @property
    def providers(self) -> list[str]:
        """
        Their names, sorted.
        """
        return sorted({row.provider for row in self.rows})

    def promises(self, provider: str) -> Counter[str]:
        """
        Return how many promises of *provider* ended how.
        """
        return Counter(row.outcome for row in self.rows if row.provider == provider)

    def as_dict(self) -> dict[str, Any]:
        """
        Return plain values.
        """
        return {
            "doorstep-contracts": self.version,
            "profile": self.profile,
            "providers": {
                name: {one: self.promises(name)[one] for one in OUTCOMES} for name in self.providers
            },
            "rows": [
                {
                    "provider": row.provider,
                    "operation": row.operation,
                    "promise": row.promise,
                    "outcome": row.outcome,
                    "tests": {one: row.counts.get(one, 0) for one in OUTCOMES},
                    "reasons": list(row.reasons),
                }
                for row in self.rows
            ],
        }


def results_of(reports: Iterable[pytest.TestReport], profile: str) -> Results:
    """
    Return what *reports* tell, of every phase of every test.
    """
    tests: dict[str, tuple[tuple[str, str, str], str, str]] = {}
    for report in reports:
        told: dict[str, str] = getattr(report, "contract", {})
        ended = _ended(report)
        if ended is None:
            continue
        where = (told["provider"], told["operation"], told["promise"])
        before = tests.get(report.nodeid)
        if before is None or ended[0] == FAILED:  # a failure after the test counts as one
            tests[report.nodeid] = (where, *ended)
    grouped: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for where, outcome, reason in tests.values():
        grouped.setdefault(where, []).append((outcome, reason))
    rows = (
        Row(
            provider=provider,
            operation=operation,
            promise=promise,
            counts=dict(Counter(outcome for outcome, _ in ends)),
            reasons=tuple(dict.fromkeys(reason for _, reason in ends if reason)),
        )
        for (provider, operation, promise), ends in grouped.items()
    )
    ordered = sorted(rows, key=lambda row: (row.provider, row.operation, row.promise))
    return Results(profile=profile, version=doorstep_contracts.__version__, rows=tuple(ordered))


def _ended(report: pytest.TestReport) -> tuple[str, str] | None:
    """
    Return how a test ended, and why it did not run; None if this phase says nothing.
    """
    if report.failed:
        return FAILED, ""
    if report.skipped:
        exempt = getattr(report, "wasxfail", None)
        if exempt is not None:
            return "exempt", str(exempt).removeprefix("reason: ")
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        reason = reason.removeprefix("Skipped: ")
        if reason.startswith(_NOT_CLAIMED):
            return _NOT_CLAIMED, reason.removeprefix(_NOT_CLAIMED).lstrip(": ")
        return "skipped", reason
    return ("passed", "") if report.when == "call" else None
