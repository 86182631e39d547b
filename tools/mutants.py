"""
Break a plugin at many places, one at a time, and see that its contract notices.

The mutants are made by mutmut's operators and are never written down: each is compiled
from memory, in a process of its own, and judged by the contract without a server
(``--contract-profile replay``). Writes docs/explanation/mutants.md; exits with 1 if
fewer are noticed than promised.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import attrs
from mutants_judged import judge, reached, warm_up
from mutants_made import Mutant, sample
from mutants_page import ENOUGH, Outcome, page

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/explanation/mutants.md"


def main() -> int:
    """
    Break, judge, write the page, and return the exit code.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plugin", default="doordash")
    parser.add_argument("--sample", type=int, default=500)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--modules", nargs="*", help="only these, as _mapping; writes no page")
    parser.add_argument("--json", type=Path, help="keep what came of each there")
    parser.add_argument("--again", type=Path, help="write the page from such a file; judge nothing")
    told = parser.parse_args()
    os.chdir(ROOT)
    if told.again:
        kept = json.loads(told.again.read_text(encoding="utf-8"))
        outcomes = [Outcome(**one) for one in kept["outcomes"]]
        PAGE.write_text(page(outcomes, kept["every"], told.seed), encoding="utf-8")
        return 0
    package = ROOT / f"plugins/{told.plugin}/src/doorstep_{told.plugin}"
    paths = sorted(
        path
        for path in package.glob("*.py")
        if path.stem != "contract" and (not told.modules or path.stem in told.modules)
    )
    contract = ["--provider", told.plugin, "--contract-profile", "replay"]
    warm_up(contract, package.name)
    lines = reached(contract, paths)
    mutants, every = sample(paths, told.sample, told.seed)
    # What nothing runs, nothing notices.
    ran = [one for one in mutants if one.line in lines[one.path.name]]
    noticed: dict[Mutant, str | None] = {}
    for mutant, by in judge(ran, contract, jobs=told.jobs):
        noticed[mutant] = by
        if len(noticed) % 25 == 0:
            alive = sum(one is None for one in noticed.values())
            print(f"{len(noticed)} of {len(ran)} judged, {alive} not noticed", flush=True)
    outcomes = [
        Outcome(one.path.name, one.line, one.change, noticed.get(one), one in noticed)
        for one in mutants
    ]
    for one in outcomes:
        if one.by is None:
            print(f"{one.module}:{one.line}: {'' if one.reached else '(not reached) '}{one.change}")
    outcomes.sort(key=lambda one: (one.module, one.line, one.change))
    killed = sum(one.by is not None for one in outcomes)
    print(f"{killed} of {len(outcomes)} noticed, of {every} that there are")
    if told.json:
        kept = {"every": every, "outcomes": [attrs.asdict(one) for one in outcomes]}
        told.json.write_text(json.dumps(kept), encoding="utf-8")
    if not told.modules:
        PAGE.write_text(page(outcomes, every, told.seed), encoding="utf-8")
    return 0 if killed >= ENOUGH * len(outcomes) else 1


if __name__ == "__main__":
    raise SystemExit(main())
