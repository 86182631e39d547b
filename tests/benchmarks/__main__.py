"""
The figures that Doorstep is measured by, each beside its baseline: ``tox run -e benchmark``.

``python tests/benchmarks [--quick] [--only 1,3] [--json FILE]``
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import calls
import finding
import processes
import values
import webhooks
from measure import Row, Run, Target

#: Number, what, how it is measured, what it should be. A figure is a line here; one that
#: cannot be measured yet has a reason in place of a function.
FIGURES: list[tuple[int, str, Callable[[Run], list[Row]] | str, Target]] = [
    (1, "a call, everything on", calls.one_call, Target(1.30, 1.20)),
    (2, "a call beside requests", calls.beside_requests, Target(0.60, 0.50)),
    (3, "bytes to wire class", values.decoding, Target(9, 7.6)),
    (4, "bytes to neutral value", values.mapping, Target(3, 2)),
    (5, "neutral request to bytes", values.encoding, Target(2, 1.1)),
    (6, "cached signature", values.signature, Target(0.5, 0.3, of="ours")),
    (7, "import", processes.importing, Target(0.45, 0.36)),
    (8, "fresh process to first quote", processes.first_quote, Target(1.45, 1.25)),
    (9, "new HTTPS connection", calls.new_connection, Target(2.0, 1.5)),
    (10, "threads", calls.threads, Target(0.85, 0.95, at_least=True)),
    (11, "tasks", calls.tasks, Target(0.45, 0.9, at_least=True)),
    (12, "deadline of 200 ms", processes.deadline, Target(15, 8, of="ours")),
    (13, "webhooks", webhooks.receiving, Target(20_000, 35_000, of="ours", at_least=True)),
    (14, "memory", processes.memory, Target(1, of="ours")),
    (15, "finding providers", finding.finding, Target(1.2)),
]

PACKAGES = [
    *("doorstep", "doorstep-doordash", "attrs", "cattrs", "orjson", "pluggy", "urllib3"),
    *("phonenumberslite", "requests", "aiohttp", "msgspec", "pydantic"),
]
SERVER = "a Python process of its own on loopback, one thread, poll(); no nginx"


def main() -> None:
    """
    Measure, print the table, and write it as JSON where that is asked for.
    """
    parser = argparse.ArgumentParser(description="Measure Doorstep beside its baselines.")
    parser.add_argument("--quick", action="store_true", help="only see that each figure works")
    parser.add_argument("--only", default="", help="numbers of figures, with commas")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    chosen = parser.parse_args()
    only = {int(number) for number in chosen.only.split(",") if number}
    about = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": chosen.quick,
        "server": SERVER,
        "machine": processes.machine(),
        "versions": processes.versions(PACKAGES),
    }
    for name, value in about.items():
        _say(f"{name}: {_words(value)}")
    _say()
    _say(_line("#", "what", "ours", "baseline", "ratio", "target", "", "beside"))
    rows = [
        row
        for figure in FIGURES
        if not only or figure[0] in only
        for row in _measured(*figure, Run(quick=chosen.quick))
    ]
    if chosen.json is not None:
        text = json.dumps({**about, "figures": rows}, indent=2, ensure_ascii=False)
        chosen.json.write_text(text + "\n", encoding="utf-8")


def _measured(
    number: int, name: str, measure: Callable[[Run], list[Row]] | str, usual: Target, run: Run
) -> list[dict[str, Any]]:
    """
    Measure one figure, print its lines, return them for the JSON.
    """
    if isinstance(measure, str):
        _say(_line(number, name, "", "", "", _target(usual), "", measure))
        return [{"figure": number, "what": name, "note": measure}]
    found = []
    for row in measure(run):
        target = row.target or usual
        met = target.met(row)
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        theirs = "" if row.baseline is None else _number(row.baseline, row.unit)
        beside = "; ".join(one for one in (row.against, row.note) if one)
        ours = _number(row.ours, row.unit)
        _say(_line(number, row.what, ours, theirs, ratio, _target(target), _verdict(met), beside))
        found.append(
            {
                "figure": number,
                "what": row.what,
                "unit": row.unit,
                "ours": row.ours,
                "baseline": row.baseline,
                "baseline_is": row.against,
                "ratio": row.ratio,
                "target": _target(target),
                "met": met,
                "note": row.note,
            }
        )
    return found


def _target(target: Target) -> str:
    sign = "≥" if target.at_least else "≤"
    times = " x" if target.of == "ratio" else ""
    return f"{sign} {target.limit:g}{times}"


def _verdict(met: bool | None) -> str:
    return {True: "yes", False: "NO", None: "?"}[met]


def _number(value: float, unit: str) -> str:
    return f"{value:,.{0 if abs(value) >= 100 else 2}f} {unit}"


def _line(*cells: object) -> str:
    widths = (3, 32, 16, 16, 7, 10, 4, 0)
    return "".join(f"{cell!s:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {one}" for name, one in value.items())
    return str(value)


def _say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
