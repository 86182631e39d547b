"""
Write docs/reference/contract.md: which promises each plugin of this checkout keeps.

The rows come from a run of the contract on every plugin that is installed. Run it after
adding a promise or a plugin; a test compares the page's promises with those of the suites.

    python tools/contract_report.py                        the page
    python tools/contract_report.py --profile nightly DIR  results alone: .json, .md and .svg
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/reference/contract.md"

HEAD = """\
# The contract, by provider

What every provider promises, and whether the plugins of this repository keep it.
Each line is one promise of `doorstep-contracts`, tried against the plugin's simulator over real HTTP, its recordings, and answers that are made up.
*Exempt* is a promise that the carrier itself cannot keep, with the reason; *not claimed* is what the account's capabilities say that it cannot do.

Written by `python tools/contract_report.py`, from a run of `doorstep contract` under the profile `ci`; [how to run it on yours](../how-to/write-a-plugin.md#prove-it).
"""  # noqa: E501  one sentence to a line


def run(provider: str, profile: str, folder: Path) -> tuple[int, dict[str, Any]]:
    """
    Run the contract of *provider*, write its reports into *folder*, and return its exit
    code and what it told.
    """
    files = [folder / f"{provider}{suffix}" for suffix in (".json", ".md", ".svg")]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["--hypothesis-profile=ci", "--provider", provider, "--contract-profile", profile]
    command += [f"--contract-report={file}" for file in files]
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    told: dict[str, Any] = json.loads(files[0].read_text(encoding="utf-8"))
    return code, told


def page(results: Iterable[dict[str, Any]]) -> str:
    """
    Return the page that tells *results*, one for each provider.
    """
    told: dict[tuple[str, str], dict[str, str]] = {}
    for result in results:
        for row in result["rows"]:
            key = (row["operation"], row["promise"])
            told.setdefault(key, {})[row["provider"]] = _said(row)
    providers = sorted({name for row in told.values() for name in row})
    parts = [HEAD]
    for operation in sorted(
        {operation for operation, _ in told}, key=lambda one: (one != "any", one)
    ):
        title = "Every operation" if operation == "any" else f"`{operation}`"
        parts.append(f"\n## {title}\n\n| Promise | {' | '.join(providers)} |\n")
        parts.append(f"| --- |{' --- |' * len(providers)}\n")
        for (about, promise), by_provider in sorted(told.items()):
            if about == operation:
                cells = " | ".join(by_provider.get(one, "not run") for one in providers)
                parts.append(f"| {promise} | {cells} |\n")
    return "".join(parts)


def _said(row: dict[str, Any]) -> str:
    outcome = "kept" if row["outcome"] == "passed" else row["outcome"]
    tests = sum(row["tests"].values())
    counted = f"{outcome}, {tests} tests" if tests > 1 else outcome
    return f"{counted}: {'; '.join(row['reasons'])}" if row["reasons"] else counted


def main(profile: str, folder: Path | None) -> int:
    """
    Run every installed plugin's contract; write the page, or reports into *folder*.
    """
    names = sorted(one.name for one in metadata.entry_points(group="doorstep.contracts"))
    with tempfile.TemporaryDirectory() as scratch:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        runs = [run(name, profile, folder or Path(scratch)) for name in names]
    if folder is None:
        PAGE.write_text(page(told for _, told in runs), encoding="utf-8")
    return max((code for code, _ in runs), default=4)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Run the contract of every plugin, and report.")
    parser.add_argument("--profile", choices=("replay", "ci", "nightly"), default="ci")
    parser.add_argument("folder", type=Path, nargs="?", help="where reports go, not the page")
    chosen = parser.parse_args()
    sys.exit(main(chosen.profile, chosen.folder))
