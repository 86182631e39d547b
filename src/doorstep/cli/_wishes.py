"""
Which items or options are to be on or off, from a CSV file or from options.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import attrs
from cyclopts import Parameter

from doorstep.cli._files import read_bytes
from doorstep.cli._shared import Input, given_by, invalid
from doorstep.models import Availability

__all__ = ["WishOptions"]

_HEADER = ["id", "available"]
_WORDS = {"true": True, "false": False}
_Ids = Annotated[tuple[str, ...], Parameter(consume_multiple=True)]


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class WishOptions:
    """
    What is to be on and off, or only to be shown.

    Args:
        on:
            Ids of what can be ordered; several may follow.

        off:
            Ids of what cannot.

        csv:
            A file with the header id,available and a line for each: burrito,false; - is stdin.

        show:
            Change nothing; show what can be ordered.
    """

    on: _Ids = ()
    off: _Ids = ()
    csv: Input | None = None
    show: bool = False

    def read(self) -> list[Availability]:
        """
        Return a wish for each id; none if they are only to be shown.

        Raises:
            doorstep.errors.ValidationError:
                There is no wish, or there are some that contradict each other, or the
                file is not what it should be.
        """
        given = bool(self.on or self.off or self.csv)
        if self.show and given:
            raise invalid("--show", "cannot be given beside what is to change")
        if not self.show and not given:
            raise invalid("--on, --off or --csv", "must be given, or --show")
        held: dict[str, tuple[Availability, str]] = {}
        for where, id_, available in self._all():
            with given_by(id=where.removeprefix("--")):
                wish = Availability(id=id_, available=available)
            known, place = held.setdefault(id_, (wish, where))
            if known != wish:
                raise invalid(where, f"contradicts {place}")
        return [wish for wish, _ in held.values()]

    def _all(self) -> Iterator[tuple[str, str, bool]]:
        yield from (("--on", one, True) for one in self.on)
        yield from (("--off", one, False) for one in self.off)
        if self.csv is not None:
            yield from _rows(self.csv)


def _rows(path: Path) -> Iterator[tuple[str, str, bool]]:
    """
    Yield place, id and availability of each row. A cell is text, whatever it looks like.
    """
    try:
        text = read_bytes("--csv", path).decode()
    except UnicodeDecodeError:
        raise invalid("--csv", "is not text in UTF-8") from None
    rows = _cells(text)
    if next(rows, (0, []))[1] != _HEADER:
        raise invalid("--csv", f"must begin with the line {','.join(_HEADER)}")
    found = False
    for line, row in rows:
        found = True
        yield _read(f"--csv line {line}", row)
    if not found:
        raise invalid("--csv", "holds no row")


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """
    Yield the number of its last line, and the cells, of each row that is not empty.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error:
        raise invalid(f"--csv line {reader.line_num}", "is not CSV") from None


def _read(place: str, row: list[str]) -> tuple[str, str, bool]:
    if len(row) != len(_HEADER):
        raise invalid(place, f"must have {len(_HEADER)} cells, separated by a comma")
    id_, word = row
    if word.lower() not in _WORDS:
        raise invalid(place, "must be true or false after the comma")
    return place, id_, _WORDS[word.lower()]
