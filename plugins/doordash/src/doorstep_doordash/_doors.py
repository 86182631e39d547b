"""
Whether two addresses are one door.

DoorDash rewrites what was sent: "901 Market Street, 6th Floor, San Francisco, CA 94103"
comes back as "901 Market St Fl 6th, San Francisco CA 94103-1729, USA". So both are
brought to one form. Whatever differs then is another door: a wrong yes loses a
delivery, a wrong no asks somebody to look.

Source:
    Drive's sandbox, seen live, for that rewrite: "St", "Ave", "Dr" and "Fl", no comma
    before the state, the longer postal code, the country. The other abbreviations are
    assumed: they are those of the American post, and "Wy".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain
from operator import itemgetter
from typing import Final

import attrs

__all__ = ["same_door"]

#: The short form, then what else is written for it.
_FORMS: Final = (
    "st street str saint",
    "ave avenue av",
    "rd road",
    "ln lane",
    "blvd boulevard",
    "dr drive",
    "ct court",
    "pl place",
    "sq square",
    "ter terrace",
    "hwy highway",
    "pkwy parkway",
    "cir circle",
    "cres crescent",
    "trl trail",
    "plz plaza",
    "rte route",
    "wy way",
    "mt mount",
    "ft fort",
    "n north",
    "s south",
    "e east",
    "w west",
    "ne northeast",
    "nw northwest",
    "se southeast",
    "sw southwest",
    "1st first",
    "2nd second",
    "3rd third",
    "4th fourth",
    "5th fifth",
    "6th sixth",
    "7th seventh",
    "8th eighth",
    "9th ninth",
    "10th tenth",
    "fl floor",
    "bldg building",
    "# apt apartment flat unit suite ste room rm",
)
_SHORT: Final = {
    word: short for short, *others in map(str.split, _FORMS) for word in (short, *others)
}
_WORD: Final = re.compile(r"[^\W_]+|[#,]")
#: "M4C-1V7" and "M4C 1V7"; "94103-1729", which is 94103; "N.W.".
_ONE_WORD: Final = (
    (re.compile(r"\b([a-z][0-9][a-z])[ -]?([0-9][a-z][0-9])\b"), r"\1\2"),
    (re.compile(r"\b([0-9]{5})-[0-9]{4}\b"), r"\1"),
    (re.compile(r"\b([ns])\.([we])\b"), r"\1\2"),
)
_LONGEST_UNIT: Final = 3
#: "# 121", "bldg b", "fl 6th" and "6th fl", but not the "fl 33101" of Florida.
_UNIT: Final = re.compile(
    r"(?P<kind>#|\bbldg) (?:# )*(?P<value>[a-z]|\w*[0-9]\w*)\b"
    r"|\bfl (?P<floor>[0-9]{1,3})(?:st|nd|rd|th)?\b|\b(?P<nth>[0-9]{1,3})(?:st|nd|rd|th) fl\b"
)


@attrs.frozen
class _Door:
    """
    An address in parts.

    Args:
        words:
            All of it in one form, without its units.

        street:
            How many of the words are number and street, and what is told before; the
            town is among them where no comma is between.

        units:
            Floor, apartment and the like: what, and which; of one kind in their order.
    """

    words: tuple[str, ...]
    street: int
    units: list[tuple[str, str]]


def same_door(theirs: str, ours: str) -> bool:
    """
    Whether *theirs* is certainly the address *ours*, as DoorDash may rewrite it.

    It may add a town, a postal code and a country, and nothing else.
    """
    if theirs == ours:
        return True
    there, here = _door(theirs), _door(ours)
    street = max(there.street, here.street)
    added, rest = there.words[street:], here.words[street:]
    return (
        street > 0
        and there.words[:street] == here.words[:street]
        and there.units == here.units
        and (not rest or added[:1] == rest[:1])
        and _same_numbers(_numbers(added), _numbers(rest))
    )


def _same_numbers(theirs: list[str], ours: list[str]) -> bool:
    """
    Compare what stands behind the street; a postal code may have been added.
    """
    return theirs == ours or (not ours and all(len(one) > _LONGEST_UNIT for one in theirs))


def _door(text: str) -> _Door:
    plain = _one_form(text)
    units = [
        (one["kind"] or "fl", one["value"] or one["floor"] or one["nth"])
        for one in _UNIT.finditer(plain)
    ]
    parts = [part for part in map(str.split, _UNIT.sub("", plain).split(",")) if part]
    end = _end_of_street(parts)
    if len(parts) > end and len(parts[end]) == 1 and _numbers(parts[end]):
        # "1 Main St, 4B, Town": what stands alone there is the unit.
        units.append(("#", parts.pop(end)[0]))
    return _Door(tuple(chain(*parts)), sum(map(len, parts[:end])), sorted(units, key=itemgetter(0)))


def _end_of_street(parts: list[list[str]]) -> int:
    """
    Return how many parts are told up to number and street.

    A number stands first, but not alone: that would be a postal code.
    """
    numbered = [at for at, part in enumerate(parts, 1) if len(part) > 1 and part[0][0].isdigit()]
    with_number = [at for at, part in enumerate(parts, 1) if _numbers(part)]
    return numbered[-1] if numbered else (with_number or [len(parts)])[0]


def _numbers(words: Iterable[str]) -> list[str]:
    return [word for word in words if any(map(str.isdigit, word))]


def _one_form(text: str) -> str:
    """
    Return *text* in small letters without accents and points, each word in its short form.
    """
    plain = "".join(
        one
        for one in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(one)
    )
    for written, kept in _ONE_WORD:
        plain = written.sub(kept, plain)
    return " ".join(_SHORT.get(word, word) for word in _WORD.findall(plain))
