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
_POSTAL: Final = (
    (re.compile(r"\b([a-z][0-9][a-z])[ -]?([0-9][a-z][0-9])\b"), r"\1\2"),
    (re.compile(r"\b([0-9]{5})-[0-9]{4}\b"), r"\1"),
)
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
            How many of the words are the house's number and street, and the name of
            the house if it is told before; the town among them if no comma is between.

        units:
            Floor, apartment and the like: what, and which.
    """

    words: tuple[str, ...]
    street: int
    units: frozenset[tuple[str, str]]

    def after(self, count: int) -> tuple[set[str], set[str]]:
        """
        Return the first word after *count* words, the town's, and the numbers there.
        """
        rest = self.words[count:]
        return set(rest[:1]), set(filter(_has_digit, rest))


def same_door(theirs: str, ours: str) -> bool:
    """
    Whether *theirs* is certainly the address *ours*, as DoorDash may rewrite it.

    It may add town, postal code and country, and nothing else.
    """
    there, here = _door(theirs), _door(ours)
    street = max(there.street, here.street)
    if there.words[:street] != here.words[:street] or there.units != here.units:
        return False
    town, numbers = here.after(street)
    _, added = there.after(street)
    told = added == numbers or not numbers and all(len(one) > 3 for one in added)
    return told and town <= set(there.words[street:])


def _door(text: str) -> _Door:
    plain = _one_form(text)
    units = {
        (one["kind"] or "fl", one["value"] or one["floor"] or one["nth"])
        for one in _UNIT.finditer(plain)
    }
    parts = [part.split() for part in _UNIT.sub("", plain).split(",")]
    parts = [part for part in parts if part]
    street: list[str] = []
    while parts and not any(map(_has_digit, street)):
        street += parts.pop(0)
    if parts and len(parts[0]) == 1 and _has_digit(parts[0][0]):
        # "1 Main St, 4B, Town": what stands alone there is the unit.
        units.add(("#", parts.pop(0)[0]))
    words = (*street, *(word for part in parts for word in part))
    return _Door(words, len(street), frozenset(units))


def _one_form(text: str) -> str:
    """
    Return *text* in small letters without accents and points, each word in its short form.
    """
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one)
    )
    for written, kept in _POSTAL:
        plain = written.sub(kept, plain)
    return " ".join(_SHORT.get(word, word) for word in _WORD.findall(plain))


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))
