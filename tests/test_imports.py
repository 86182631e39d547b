"""
Importing doorstep stays cheap: heavy parts load when they are first used.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"asyncio", "cattrs", "cyclopts", "orjson", "pluggy", "rich", "urllib3", "werkzeug"}


def loaded_by(statement: str) -> set[str]:
    """
    Return which heavy modules *statement* loads in a fresh interpreter.
    """
    code = f"import sys\n{statement}\nprint(*(set(sys.modules) & {HEAVY!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("import doorstep", set()),
        ("import doorstep.errors", set()),
        ("import doorstep.models", set()),
        ("import doorstep.capabilities", set()),
        ("from doorstep import hookimpl", {"pluggy"}),
        ("import doorstep.provider", {"orjson"}),
        ("import doorstep.codec", {"cattrs", "orjson"}),
        ("from doorstep import connect", {"cattrs", "orjson", "pluggy"}),
        ("from doorstep.cli import main", set()),
    ],
)
def test_import_loads_no_more_than_it_needs(statement: str, allowed: set[str]) -> None:
    """
    A process pays for urllib3, asyncio, plugins and the command line only when it uses them.
    """
    assert loaded_by(statement) <= allowed
