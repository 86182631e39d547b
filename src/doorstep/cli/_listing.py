"""
Values of one kind, one after the other: rows for people, lines of JSON for programs.
"""

from __future__ import annotations

from collections.abc import Iterable

from doorstep.cli._output import Grid, Line, Output
from doorstep.codec import to_json

__all__ = ["show_each"]


def show_each(
    output: Output,
    headings: tuple[str, ...],
    entries: Iterable[tuple[object, tuple[str, ...]]],
    *,
    empty: str,
    after: str = "",
) -> None:
    """
    Print all of *entries*, and those that came if it breaks off.

    Args:
        entries:
            Neutral values, each with its cells.

        empty, after:
            What people read if there are none, and below the table.
    """
    rows: list[tuple[str, ...]] = []
    try:
        for value, cells in entries:
            rows.append(cells)
            if output.json:
                output.value(to_json(value))
    except BaseException:
        _show(output, headings, rows)
        raise
    _show(output, headings, rows)
    note = after if rows else empty
    if note and not output.json:
        output.show(Line(note))


def _show(output: Output, headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    if rows and not output.json:
        output.show(Grid(headings, tuple(rows)))
