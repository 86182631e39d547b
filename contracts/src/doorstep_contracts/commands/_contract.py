"""
``doorstep contract``: does an installed plugin keep what every provider promises?
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

__all__ = ["app"]

app = App(
    name="contract",
    help="Run the contract of a plugin, and say which promises it keeps.",
    default_parameter=Parameter(negative=()),
)
#: Of a folder's own configuration nothing is read: the verdict is the same everywhere.
_ALIKE = ("-p", "no:cacheprovider", "--noconftest", "--hypothesis-profile=ci", "-W", "error")


@app.default
def contract(
    provider: str,
    /,
    *,
    profile: Literal["replay", "ci", "nightly"] = "ci",
    report: Annotated[list[Path] | None, Parameter(consume_multiple=True)] = None,
    only: Annotated[str | None, Parameter(alias="-k")] = None,
    verbose: Annotated[bool, Parameter(alias="-v")] = False,
) -> int:
    """
    Run the contract of a plugin, and say which promises it keeps.

    The exit code is pytest's: 0 if every promise is kept, 1 if one is not, 4 if there is
    no such plugin.

    Args:
        provider:
            The plugin's name.

        profile:
            replay needs no simulator and takes seconds; nightly goes much further.

        report:
            Files to write: .json, .md, or .svg for a badge.

        only:
            Only the tests whose names match this, as pytest's -k.

        verbose:
            Show every promise, not the broken ones alone.
    """
    command = [sys.executable, "-m", "pytest", *_ALIKE, "-c", _nothing(), "--rootdir", "."]
    command += ["--provider", provider, "--contract-profile", profile]
    command += [f"--contract-report={path}" for path in report or ()]
    command += ["-k", only] if only is not None else []
    command += ["--contract-report=-"] if verbose else ["-q"]
    return subprocess.run(command, check=False).returncode  # noqa: S603  no shell, and the command is made here


def _nothing() -> str:
    return str(Path(__file__).with_name("contract.ini"))
