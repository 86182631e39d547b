"""
Where everything is printed: results to stdout, the rest to stderr.

Nothing is printed that :func:`~doorstep.cli._escape.safe` has not seen, and
nothing is ever read as markup.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import attrs
import orjson

from doorstep.cli._escape import safe, safe_json

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

__all__ = [
    "Fields",
    "Grid",
    "Line",
    "Output",
    "Part",
    "UnprintableError",
    "is_terminal",
    "printing",
]


class UnprintableError(OSError):
    """
    There is an answer, and nowhere to print it.
    """


@attrs.frozen
class Line:
    """
    One line of text. *style* is for terminals.
    """

    text: str = ""
    style: str = ""


@attrs.frozen
class Fields:
    """
    Names with values, one to a line; an empty value is left out.
    """

    rows: tuple[tuple[str, str], ...]

    def shown(self) -> list[list[str]]:
        """
        Return the rows that have a value, safe.
        """
        return [[safe(name), safe(value)] for name, value in self.rows if value]


@attrs.frozen
class Grid:
    """
    A table with a heading for each column.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def shown(self) -> list[list[str]]:
        """
        Return the rows, safe.
        """
        return [[safe(cell) for cell in row] for row in self.rows]


Part = Line | Fields | Grid


def is_terminal(stream: TextIO | None) -> bool:
    """
    Tell whether *stream* is a terminal that understands more than lines.
    """
    dumb = os.environ.get("TERM", "") in ("dumb", "unknown")
    return stream is not None and stream.isatty() and not dumb


@contextmanager
def printing() -> Iterator[None]:
    """
    Tell a full disk from an error of doorstep's. A reader who left is neither.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UnprintableError(error.errno, error.strerror) from None


class Output:
    """
    Print the results of one command. Safe for threads: what is printed is whole.

    Args:
        json:
            Print JSON, one value to a line, instead of text for people.
    """

    def __init__(self, *, json: bool = False) -> None:
        self.json = json
        self._lock = threading.Lock()
        self.terminal = is_terminal(sys.stdout)
        self._console = _new_console() if self.terminal and not json else None

    def value(self, text: str, *parts: Part) -> None:
        """
        Print a result: *text*, which is JSON, or *parts* for people.
        """
        if not self.json:
            self.show(*parts)
            return
        with self._lock, printing():
            self._write(safe_json(text))

    def data(self, value: object, *parts: Part) -> None:
        """
        Print a result that is no neutral value, as :meth:`value` does.
        """
        self.value(orjson.dumps(value, default=str).decode() if self.json else "", *parts)

    def show(self, *parts: Part) -> None:
        """
        Print *parts* for people.
        """
        with self._lock, printing():
            for part in parts:
                if self._console is not None:
                    self._console.print(_rich(part), soft_wrap=isinstance(part, Line))
                else:
                    for line in _plain(part):
                        self._write(line)
            if sys.stdout is not None:
                sys.stdout.flush()

    @contextmanager
    def live(self) -> Iterator[Callable[[str], None]]:
        """
        Return what shows a passing line on a terminal, and does nothing elsewhere.
        """
        if self._console is None:
            yield lambda _: None
            return
        from rich.text import Text

        with self._console.status("") as status:
            yield lambda text: status.update(Text(safe(text)))

    @contextmanager
    def progress(self, total: int) -> Iterator[Callable[[], None]]:
        """
        Return what counts one of *total* as done on a bar, which passes; only on a terminal.
        """
        if self._console is None:
            yield lambda: None
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress

        bar = Progress(BarColumn(), MofNCompleteColumn(), console=self._console, transient=True)
        with bar:
            task = bar.add_task("", total=total)
            yield lambda: bar.advance(task)

    def _write(self, line: str) -> None:
        # No console: it would wrap lines, and JSON must stay on one.
        print(line, flush=True)


def _plain(part: Part) -> Iterator[str]:
    if isinstance(part, Line):
        yield safe(part.text)
        return
    rows = part.shown()
    if isinstance(part, Grid):
        rows = [[heading.upper() for heading in part.headings], *rows]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (cell + " " * (widths[i] - _width(cell)) for i, cell in enumerate(row))
        yield "  ".join(padded).rstrip()


def _width(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _rich(part: Part) -> RenderableType:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    if isinstance(part, Line):
        return Text(safe(part.text), style=part.style)
    if isinstance(part, Fields):
        table = Table.grid(padding=(0, 2))
        for name, value in part.shown():
            table.add_row(Text(name, style="dim"), Text(value, overflow="fold"))
        return table
    table = Table(*part.headings, box=box.SIMPLE_HEAD)
    for row in part.shown():
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    return table


def _new_console() -> Console:
    from rich.console import Console

    return Console(file=sys.stdout, markup=False, emoji=False, highlight=False)
