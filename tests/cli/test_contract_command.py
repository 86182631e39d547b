"""
``doorstep contract``, which the contracts add: pytest, with the right words.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from doorstep_contracts.commands import _contract


def test_command_runs_pytest_with_its_options(monkeypatch):
    """
    ``doorstep contract`` is pytest with the right words, and its exit code.
    """
    asked: list[list[str]] = []

    def ran(command, *, check):
        asked.append(command)
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(subprocess, "run", ran)
    code = _contract.contract("acme", profile="replay", report=[Path("a.svg"), Path("b.md")])
    _contract.contract("acme", only="quote", verbose=True)
    first, second = (" ".join(one) for one in asked)

    assert 3 == code
    assert "--provider acme --contract-profile replay" in first
    assert "--contract-report=a.svg --contract-report=b.md -q" in first
    assert "-k quote --contract-report=-" in second


def test_command_heeds_no_configuration_of_the_folder(tmp_path):
    """
    Where it is called changes nothing: of an absent plugin it says what to do, with 4.
    """
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (tmp_path / "conftest.py").write_text("raise AssertionError\n")
    code = "from doorstep_contracts.commands._contract import contract as c; exit(c('nobody'))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert 4 == done.returncode
    assert "no contract named 'nobody' is installed" in done.stderr
