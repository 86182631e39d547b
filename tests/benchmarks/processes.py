"""
Figures 7, 8, 12 and 14: what a whole process costs, and how it ends.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from measure import Row, Run, Target, installed, median, medians, row
from sample import HERE, carrier

_FLOOR = "import pluggy, attrs, cattrs, urllib3, orjson"
_DEADLINE_S = 0.2


def importing(run: Run) -> list[Row]:
    """
    Measure ``import doorstep`` beside importing all that it stands on.
    """
    blocks: list[list[float]] = [[], []]
    for _ in range(run.times(40, 2)):
        for statement, times in zip(("import doorstep", _FLOOR), blocks, strict=True):
            code = (
                f"import time; t = time.perf_counter()\n{statement}\nprint(time.perf_counter() - t)"
            )
            times.append(float(_python("-c", code)))
    return [row("import doorstep", "ms", medians(blocks), _FLOOR.replace("import ", ""))]


def first_quote(run: Run) -> list[Row]:
    """
    Measure a fresh process to its first quote, beside one that has requests alone.
    """
    names = ["ours", *(["requests"] if installed("requests") else [])]
    blocks: list[list[float]] = [[] for _ in names]
    with carrier() as host:
        for _ in range(run.times(40, 2)):
            for name, times in zip(names, blocks, strict=True):
                began = time.perf_counter()
                _child("first_quote", name, host)
                times.append(time.perf_counter() - began)
    return [row("process to first quote", "ms", medians(blocks), "requests alone")]


def deadline(run: Run) -> list[Row]:
    """
    Measure how late a call ends at a carrier that hangs or drips, and its process after it.
    """
    rows = []
    for kind in ("hung", "drip"):
        late: dict[str, list[float]] = {"ours": [], "urllib3": []}
        ended: dict[str, list[float]] = {"ours": [], "urllib3": []}
        with carrier(kind) as host:
            for _ in range(run.times(10, 1)):
                for who in late:
                    took, at = json.loads(_child("deadline", who, host))
                    ended[who].append((time.monotonic() - at) * 1000)
                    late[who].append((took - _DEADLINE_S) * 1000)
        for what, found, limit, stretch in (
            (f"{kind}: after the deadline", late, 15, 8),
            (f"{kind}: process ends after that", ended, 100, 50),
        ):
            ours, theirs = median(found["ours"]), median(found["urllib3"])
            target = Target(limit, stretch, of="ours")
            rows.append(
                Row(what, "ms", ours, theirs, "urllib3, total=0.2", ours / theirs, target=target)
            )
    return rows


def memory(run: Run) -> list[Row]:
    """
    Measure how much a process grows over 100,000 calls.
    """
    calls = run.times(100_000, 500)
    with carrier() as host:
        arguments = [("memory", who, host, str(calls)) for who in ("ours", "urllib3")]
        # At once: nobody is timed here.
        children = [_start(*each) for each in arguments]
        ours, theirs = (json.loads(each.communicate()[0]) for each in children)
    return [
        Row(
            f"growth over {calls:,} calls",
            "MB",
            ours["rss"],
            theirs["rss"],
            "urllib3 + orjson",
            note=f"objects {ours['objects']:+d}, beside {theirs['objects']:+d}",
        )
    ]


def _start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / "child.py"), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _child(*arguments: str) -> str:
    return _python(str(HERE / "child.py"), *arguments)


def _python(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


def versions(names: list[str]) -> dict[str, Any]:
    """
    Return the versions of what is installed.
    """
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def machine() -> dict[str, Any]:
    """
    Return what the figures were taken on.
    """
    import os
    import platform

    cpu = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.partition(":")[2].strip()
            for line in info.read_text().splitlines()
            if line.startswith("model name")
        ]
        cpu = names[0] if names else cpu
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "load": [round(one, 2) for one in os.getloadavg()] if hasattr(os, "getloadavg") else None,
    }
