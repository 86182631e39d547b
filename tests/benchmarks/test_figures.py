"""
The benchmark measures every figure; whether a figure is good is not judged here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_quick_benchmark_measures_every_figure(tmp_path: Path) -> None:
    """
    Each figure gives a value, beside a baseline where its package is installed.
    """
    found = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, "tests/benchmarks", "--quick", "--json", str(found)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stderr)
    figures = json.loads(found.read_text())["figures"]
    measured = {one["figure"] for one in figures if one.get("ours") is not None}
    lonely = {
        one["figure"]
        for one in figures
        if "ours" in one and one["baseline"] is None and "not installed" not in one["baseline_is"]
    }

    assert set(range(1, 16)) == {one["figure"] for one in figures}
    assert set(range(1, 16)) == measured
    assert set() == lonely
