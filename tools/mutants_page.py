"""
What docs/explanation/mutants.md says of the mutants; written by ``tools/mutants.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import attrs

__all__ = ["ENOUGH", "Outcome", "page"]

#: How much of what is broken must be noticed.
ENOUGH = 0.9


@attrs.frozen
class Outcome:
    """
    What came of one mutant.

    Args:
        by:
            The test that noticed it; None if nothing did.

        reached:
            Whether the contract runs the line at all.
    """

    module: str
    line: int
    change: str
    by: str | None
    reached: bool


#: Why survivors live, by the module and a part of the change; the first that fits.
KINDS: tuple[tuple[str, str, str], ...] = (
    ("_settings.py", "", "settings"),
    ("_capabilities.py", "", "claims"),
    ("_support.py", "", "claims"),
    ("_generations.py", "", "claims"),
    ("_auth.py", "", "signing"),
    ("_extension.py", "", "checks"),
    ("", "repr=", "looks"),
    ("", "advice", "looks"),
    ("", "RepeatPolicy", "signing"),
    ("", "decode(response.body", "looks"),
    ("", "raw=", "raw"),
    ("", "refusal(", "names"),
    ("", "operation=", "names"),
    ("", "http_status", "looks"),
    ("_webhook_wire.py", "", "tolerance"),
)
#: What each kind is.
WHY = {
    "settings": (
        "Rules of the account's settings. The contract is given an account that is set up, and "
        "tries no wrong one; the plugin's own tests do."
    ),
    "claims": (
        "What the account says of itself: capabilities, hosts, whom to ask. A recording holds "
        "what comes of a call; a claim that is wrong shows when a server is asked (`ci`)."
    ),
    "signing": (
        "Tokens, signatures and the pace of repeats. Recordings are replayed unsigned and asked "
        "once: a real server refuses such a mutant, under `ci`."
    ),
    "checks": (
        "Validators of the plugin's extension: what is refused when a value is made, before "
        "any operation starts. The plugin's own tests make wrong ones."
    ),
    "looks": "How an error or an object looks: advice, the status in its text, its repr.",
    "raw": "The carrier's answer beside the neutral value, which recordings do not compare.",
    "names": "The name of the operation in an error's text, where it decides nothing else.",
    "tolerance": (
        "What is done about a webhook's field of a wrong kind. Recordings have right ones, and "
        "the kinds that carriers are known to send."
    ),
    "not reached": (
        "No recording gets there: a branch that only a server, or the plugin's own tests, try."
    ),
    "the rest": (
        "Reached, and no recording tells the difference. Some change nothing that anybody sees."
    ),
}


def page(outcomes: Sequence[Outcome], every: int, seed: int) -> str:
    """
    Return the page.
    """
    return (
        "\n".join([*_head(outcomes, every, seed), *_modules(outcomes), *_survivors(outcomes)])
        + "\n"
    )


def _head(outcomes: Sequence[Outcome], every: int, seed: int) -> Iterator[str]:
    noticed = [one for one in outcomes if one.by is not None]
    share = 100 * len(noticed) / len(outcomes)
    by = Counter((one.by or "").rpartition("::")[2].partition("[")[0] for one in noticed)
    yield from (
        "# Mutants",
        "",
        "<!-- written by tools/mutants.py -->",
        "",
        "How much of a plugin does its contract hold? Its code is broken at one place, and the",
        "contract is run: the part of it that needs no server,",
        "`pytest --provider doordash --contract-profile replay`.",
        "",
        f"On {datetime.now(UTC):%Y-%m-%d}, of {len(outcomes)} mutants that seed {seed} chose out",
        f"of {every}, **{len(noticed)} were noticed: {share:.1f} %**. {_aim(share)}",
        "",
        "`tox run -e mutants` repeats it and writes this page.",
        "",
        "## What is broken",
        "",
        "[mutmut](https://mutmut.readthedocs.io) makes the mutants: other numbers, words,",
        "comparisons and operators, arguments that are None or gone, values that are None,",
        "conditions forced either way. They are made in all of the plugin but its simulator and",
        "the contract's own fixtures. Left out is what nobody could notice: docstrings,",
        "annotations, prose for people (messages, rules, advice: every text with a space in it),",
        "`__all__`, aliases of types, and the default None of a field, which answers also tell by",
        "an empty text.",
        "mutmut itself leaves decorated functions alone, which are the properties here.",
        "",
        "A mutant is noticed if a test fails or takes longer than 30 seconds.",
        "",
        "## What noticed them",
        "",
        "| Test | Mutants |",
        "| --- | ---: |",
        *(f"| `{name}` | {count} |" for name, count in by.most_common(12)),
        "",
    )


def _aim(share: float) -> str:
    aim = f"{100 * ENOUGH:.0f} %"
    return (
        f"The aim of {aim} is kept."
        if share >= 100 * ENOUGH
        else f"The aim is {aim}: it is not reached."
    )


def _modules(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield from (
        "## By module",
        "",
        "| Module | Mutants | Noticed | |",
        "| --- | ---: | ---: | ---: |",
    )
    for module in sorted({one.module for one in outcomes}):
        mine = [one for one in outcomes if one.module == module]
        noticed = sum(one.by is not None for one in mine)
        yield f"| `{module}` | {len(mine)} | {noticed} | {100 * noticed / len(mine):.0f} % |"
    yield ""


def _survivors(outcomes: Sequence[Outcome]) -> Iterator[str]:
    alive = [one for one in outcomes if one.by is None]
    yield from ("## What was not noticed", "")
    for kind, why in WHY.items():
        mine = [one for one in alive if _kind(one) == kind]
        if mine:
            yield from (f"### {kind.capitalize()}: {len(mine)}", "", why, "")
            yield from (f"- `{one.module}`, line {one.line}: {_code(one.change)}" for one in mine)
            yield ""


def _kind(one: Outcome) -> str:
    for module, part, kind in KINDS:
        if module in ("", one.module) and part in one.change:
            return kind
    return "the rest" if one.reached else "not reached"


def _code(text: str) -> str:
    short = text if len(text) <= 160 else f"{text[:157]}..."
    return f"`` {short} ``"
