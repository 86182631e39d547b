"""
Write docs/reference/broken-providers.md: each promise of the contract, a provider that
breaks it, and the test that catches it.

Made of the table in contracts/tests/broken; run it after changing that. A test compares.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/reference/broken-providers.md"
SOURCES = (
    ROOT / "contracts/tests",
    ROOT / "contracts/src/doorstep_contracts/template/src",
)

_HEAD = """\
# Broken providers

How the contract is judged itself.
Two good providers pass every test of it.
Each provider below breaks one promise and is right otherwise.
Exactly the test beside it fails, and its message says what to mend.
Made by `tools/broken_table.py` from `contracts/tests/broken`.

Random lives (`LifecycleContract`) meet much of this too.
They are run on the good providers and on the one that nothing else catches.
"""


def rows() -> list[Any]:
    """
    Return the table of the contract's own tests.
    """
    added = [str(one) for one in SOURCES]
    sys.path[:0] = added
    try:
        return list(importlib.import_module("broken.table").TABLE)
    finally:
        for one in added:
            sys.path.remove(one)


def page(table: list[Any]) -> str:
    """
    Return the page that *table* makes.
    """
    parts = [_HEAD]
    for suite in dict.fromkeys(row.suite for row in table):
        parts.append(f"## {suite.removesuffix('Contract')}\n")
        lines = [_line(row) for row in table if row.suite == suite]
        parts.append(
            "| Operation | Promise | Broken provider | What it does | Test |\n"
            "| --- | --- | --- | --- | --- |\n" + "".join(lines)
        )
    return "\n".join(parts)


def _line(row: Any) -> str:
    told = " ".join((row.broken.__doc__ or "").split()).replace("|", "\\|")
    promise = row.promise
    return (
        f"| `{promise.operation}` | {promise.says} | `{row.broken.__name__}` | {told} "
        f"| `{row.suite}.{row.test}` |\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(rows()), encoding="utf-8")
