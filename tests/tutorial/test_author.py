"""
The tutorial for authors, followed line by line: what it says happens, happens.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "write-a-provider.md"

_STEP = re.compile(
    r"In `(?P<file>src/[^`]+)`:\n\n```diff\n(?P<diff>.*?)```"
    r"|\nrm -r (?P<gone>[^\n]+)\n"
    r"|<!-- outcome: (?P<outcome>passed|failed)(?: \"(?P<text>[^\"]+)\")? -->",
    re.DOTALL,
)


class Edit(NamedTuple):
    """
    Some lines of a file take the place of others.
    """

    file: str
    old: str
    new: str


class Removal(NamedTuple):
    """
    A folder goes away.
    """

    folder: str


class Outcome(NamedTuple):
    """
    What the page says of running the tests, and what is in the output then.
    """

    passed: bool
    text: str


Step = Edit | Removal | Outcome


def steps(page: str) -> list[Step]:
    """
    Read the edits and outcomes off a page, in its order.
    """
    found: list[Step] = []
    for step in _STEP.finditer(page):
        if step["gone"]:
            found.append(Removal(step["gone"]))
            continue
        if step["outcome"]:
            found.append(Outcome(step["outcome"] == "passed", step["text"] or ""))
            continue
        lines = step["diff"].splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        found.append(Edit(step["file"], old, new))
    return found


def test_page_is_read_as_it_is_meant():
    """
    The page has edits and outcomes, and ends green.
    """
    found = steps(PAGE.read_text())

    assert len([one for one in found if isinstance(one, Edit)]) >= 8
    assert [True, False, False, True, False, True] == [
        one.passed for one in found if isinstance(one, Outcome)
    ]


def test_an_author_who_follows_the_page_ends_with_a_green_plugin(tmp_path):
    """
    Every edit fits, and the tests pass and fail where the page says so, for the reason
    that it says.
    """
    scaffold = pytest.importorskip("doorstep_contracts.scaffold")
    folder = tmp_path / "doorstep-swift"
    scaffold.new_provider("swift", folder)
    for step in steps(PAGE.read_text()):
        if isinstance(step, Edit):
            _edit(folder / step.file, step)
        elif isinstance(step, Removal):
            shutil.rmtree(folder / step.folder)
        else:
            _check(folder, step)


def _edit(file: Path, edit: Edit) -> None:
    text = file.read_text()
    assert text.count(edit.old) == 1, f"{edit.file} has {text.count(edit.old)} times:\n{edit.old}"
    file.write_text(text.replace(edit.old, edit.new))


def _check(folder: Path, wanted: Outcome) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == wanted.passed, done.stdout[-3000:]
    assert wanted.text in done.stdout
