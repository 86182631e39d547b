"""
Timing two things beside each other, and what is said of them.

Only ratios that were taken in one run count: machines differ, and the same machine
differs from minute to minute. So ours and the baseline take turns in short blocks,
and the ratio is the median of the ratios of neighbouring blocks.
"""

from __future__ import annotations

import gc
import importlib
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

Timed = Callable[[], Any]

#: Seconds of one block, and of the shortest sample that a clock is asked about.
_BLOCK_S = 0.02
_SAMPLE_S = 50e-6


@dataclass(frozen=True)
class Target:
    """
    What a figure should be: a ratio to its baseline, or a value in its unit.

    *stretch* is what would be better still, or None.
    """

    limit: float
    stretch: float | None = None
    of: str = "ratio"
    at_least: bool = False

    def met(self, row: Row) -> bool | None:
        """
        Whether *row* is within; None if it was not measured.
        """
        value = row.ratio if self.of == "ratio" else row.ours
        if value is None:
            return None
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True)
class Row:
    """
    One measured figure beside its baseline.
    """

    what: str
    unit: str
    ours: float
    baseline: float | None = None
    against: str = ""
    ratio: float | None = None
    note: str = ""
    #: Where the target of one row differs from that of its figure.
    target: Target | None = None


@dataclass(frozen=True)
class Run:
    """
    How long to measure: seconds for each pair, and other numbers that ``--quick`` cuts.
    """

    quick: bool = False
    seconds: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "seconds", 0.05 if self.quick else 4.0)

    def times(self, usual: int, quick: int) -> int:
        """
        Return how often to do what takes long.
        """
        return quick if self.quick else usual


def installed(name: str) -> ModuleType | None:
    """
    Return a package that only a baseline needs, or None.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def in_turns(ours: Timed, baseline: Timed | None, run: Run) -> tuple[float, float | None]:
    """
    Return the seconds that one call of each takes, and so that their ratio is fair.
    """
    sides = [ours] if baseline is None else [ours, baseline]
    counts = [_calibrate(side) for side in sides]
    gc.collect()
    blocks: list[list[float]] = [[] for _ in sides]
    until = time.perf_counter() + run.seconds * len(sides)
    while time.perf_counter() < until or len(blocks[0]) < 3:
        turns = list(enumerate(sides))
        # Whoever comes second finds the caches of the first.
        for index, side in turns if len(blocks[0]) % 2 else reversed(turns):
            blocks[index].append(_block(side, *counts[index]))
    return medians(blocks)


def medians(blocks: list[list[float]]) -> tuple[float, float | None]:
    """
    Return our median, and the baseline's value that gives the median of the ratios.
    """
    ours = statistics.median(blocks[0])
    if len(blocks) == 1:
        return ours, None
    ratio = statistics.median(mine / theirs for mine, theirs in zip(*blocks, strict=True))
    return ours, ours / ratio


def row(
    what: str,
    unit: str,
    timing: tuple[float, float | None],
    against: str,
    **more: Any,
) -> Row:
    """
    Return the row for a pair of seconds, in *unit*: ``ms``, ``µs`` or ``calls/s``.
    """
    ours, baseline = timing
    factor = {"s": 1.0, "ms": 1e3, "µs": 1e6, "calls/s": 1.0}[unit]
    return Row(
        what=what,
        unit=unit,
        ours=ours * factor,
        baseline=None if baseline is None else baseline * factor,
        against=against if baseline is not None else f"{against}: not installed",
        ratio=None if baseline is None else ours / baseline,
        **more,
    )


def median(values: Iterable[float]) -> float:
    """
    Return the median.
    """
    return statistics.median(values)


def _calibrate(side: Timed) -> tuple[int, int]:
    """
    Return how many calls make a sample, and how many samples a block.
    """
    side()
    calls = 1
    while (took := _sample(side, calls)) < _SAMPLE_S:
        calls *= 2
    return calls, max(1, min(200, round(_BLOCK_S / took)))


def _block(side: Timed, calls: int, samples: int) -> float:
    return statistics.median(_sample(side, calls) for _ in range(samples)) / calls


def _sample(side: Timed, calls: int) -> float:
    started = time.perf_counter()
    for _ in range(calls):
        side()
    return time.perf_counter() - started
