"""
A run as text, JSON, Markdown and a badge.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from doorstep_contracts._pytest._results import FAILED, OUTCOMES, Results, Row

__all__ = ["as_badge", "as_json", "as_lines", "as_markdown", "as_text", "check_targets", "write"]

_SHOWN = {"passed": "kept"}
_GREEN, _RED, _GREY = "#3a7d34", "#b3261e", "#555"


def as_json(results: Results) -> str:
    """
    Return everything.
    """
    return json.dumps(results.as_dict(), indent=2, ensure_ascii=False) + "\n"


def as_lines(results: Results) -> Iterator[str]:
    """
    Yield a line for each provider.
    """
    for name in results.providers:
        yield f"contract of {name}, profile {results.profile}: {_summary(results, name)}"


def as_text(results: Results) -> Iterator[str]:
    """
    Yield the lines of a table.
    """
    rows = [(row.provider, row.operation, row.promise, _told(row)) for row in results.rows]
    widths = [max(len(row[at]) for row in rows) for at in range(3)] if rows else []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[3]])


def as_markdown(results: Results) -> str:
    """
    Return a table for each provider.
    """
    parts = []
    for name in results.providers:
        lines = [f"## {name}", "", f"{_summary(results, name)}.", ""]
        lines += ["| Operation | Promise | Result |", "| --- | --- | --- |"]
        lines += [
            f"| `{row.operation}` | {_cell(row.promise)} | {_cell(_told(row))} |"
            for row in results.rows
            if row.provider == name
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def as_badge(results: Results) -> str:
    """
    Return a badge: how many promises were kept, of those that are claimed.
    """
    rows = [row for row in results.rows if row.outcome in (FAILED, "exempt", "passed")]
    kept = sum(row.outcome == "passed" for row in rows)
    broken = any(row.outcome == FAILED for row in rows)
    left, right = "doorstep contract", f"{kept} of {len(rows)} kept"
    start, end = 7 * len(left) + 12, 7 * len(right) + 12
    colour = _GREY if not rows else _RED if broken else _GREEN
    title = f"{left} of {', '.join(results.providers) or 'nobody'}: {right}"
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{start + end}" height="20" role="img">
  <title>{escape(title)}</title>
  <clipPath id="c"><rect width="{start + end}" height="20" rx="3"/></clipPath>
  <g clip-path="url(#c)">
    <rect width="{start}" height="20" fill="#333"/>
    <rect x="{start}" width="{end}" height="20" fill="{colour}"/>
  </g>
  <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
    <text x="{start / 2}" y="14">{left}</text>
    <text x="{start + end / 2}" y="14">{right}</text>
  </g>
</svg>
"""


_BY_SUFFIX: dict[str, Callable[[Results], str]] = {
    ".json": as_json,
    ".md": as_markdown,
    ".svg": as_badge,
}


def check_targets(targets: Sequence[str]) -> None:
    """
    Refuse, before anything is run, what could not be written after it.

    Raises:
        pytest.UsageError:
            The suffix is of no format, or there is no such folder.
    """
    for target in targets:
        path = Path(target)
        if target == "-":
            continue
        if path.suffix not in _BY_SUFFIX:
            known = ", ".join(_BY_SUFFIX)
            raise pytest.UsageError(f"--contract-report {target}: the suffix must be of {known}")
        if not path.absolute().parent.is_dir():
            raise pytest.UsageError(f"--contract-report {target}: there is no such folder")


def write(results: Results, target: Path) -> None:
    """
    Write *results* in the format that the suffix of *target* names.
    """
    target.write_text(_BY_SUFFIX[target.suffix](results), encoding="utf-8")


def _summary(results: Results, provider: str) -> str:
    counts = results.promises(provider)
    order = sorted(OUTCOMES, key=lambda one: one != "passed")
    told = [f"{counts[one]} {_SHOWN.get(one, one)}" for one in order if counts[one]]
    return f"{sum(counts.values())} promises, {', '.join(told)}"


def _told(row: Row) -> str:
    counts = [(one, row.counts[one]) for one in OUTCOMES if row.counts.get(one)]
    told = ", ".join(f"{n} {one}" if len(counts) + n > 2 else one for one, n in counts)
    return f"{told}: {'; '.join(row.reasons)}" if row.reasons else told


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
