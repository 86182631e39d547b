"""
Canaries: values that must not get out, and a search that finds them in disguise.

Give the code under test secrets and personal data that exist nowhere else, capture
everything that it prints, logs, raises and shows, and search that::

    secrets = Canaries(secret=settings_secret)
    personal = Canaries(phone="+15550107734", name=("Kzvq", "Xjwylund"))
    ...
    assert [] == secrets.search(captured_log, "log")

A search that finds nothing proves something only if it can find: plant each canary in
each place once, and see it found.

.. versionadded:: 0.2.0
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

import attrs

from doorstep_contracts._shown import (
    Shown,
    reachable,
    shown_by_error,
    shown_by_frames,
    shown_by_value,
)

__all__ = [
    "Canaries",
    "Hit",
    "Shown",
    "reachable",
    "shown_by_error",
    "shown_by_frames",
    "shown_by_value",
]

#: Shorter encodings would be found by chance.
_SHORTEST = 6
_SEPARATORS = r"[\s().\-/]{0,3}"


@attrs.frozen
class Hit:
    """
    A canary that was found. It does not say the value: reports of tests are logged too.

    Args:
        canary:
            Its name.

        form:
            The disguise: ``plain``, ``base64``, ...

        where:
            The place that was searched.
    """

    canary: str
    form: str
    where: str


class Canaries:
    """
    Values that must not get out.

    Args:
        values:
            The values by name. A name in parts, or a street in lines, is given as a
            tuple: each part is a canary. Values want to be long and odd, so that none
            of them is found by chance.
    """

    def __init__(self, **values: str | Iterable[str]) -> None:
        self._values = {
            name: (given,) if isinstance(given, str) else tuple(given)
            for name, given in values.items()
        }
        self._forms = [
            (name, form, re.compile(pattern, re.IGNORECASE))
            for name, parts in self._values.items()
            for part in parts
            for form, pattern in _patterns(part).items()
        ]

    @property
    def names(self) -> tuple[str, ...]:
        """
        The names of the canaries.
        """
        return tuple(self._values)

    def reveal(self, name: str) -> str:
        """
        Return the canary *name*, its parts joined by spaces, to plant it somewhere.
        """
        return " ".join(self._values[name])

    def search(self, text: str | bytes, where: str = "") -> list[Hit]:
        """
        Return the canaries that are in *text*, in whatever form.
        """
        if isinstance(text, bytes):
            # UTF-16 may begin at an even or an odd byte.
            wide = [text[at:].decode("utf-16-le", "replace") for at in (0, 1)]
            text = "\n".join((text.decode("utf-8", "backslashreplace"), *wide))
        composed = unicodedata.normalize("NFC", text)
        return [Hit(name, form, where) for name, form, look in self._forms if look.search(composed)]

    def search_all(self, shown: Iterable[Shown], where: str = "") -> list[Hit]:
        """
        Return the canaries that are in what *shown* yields, a text that recurs but once.
        """
        texts: dict[str | bytes, str] = {}
        for how, text in shown:
            texts.setdefault(text, f"{where} {how}".strip())
        return [hit for text, how in texts.items() for hit in self.search(text, how)]

    def __or__(self, other: Canaries) -> Canaries:
        joined = Canaries()
        joined._values = self._values | other._values
        joined._forms = self._forms + other._forms
        return joined

    def __repr__(self) -> str:
        return f"<Canaries: {', '.join(self._values)}>"


def _patterns(value: str) -> dict[str, str]:
    """
    Return a pattern for each form that *value* can take, without regard to case.
    """
    data = value.encode("utf-8", "surrogatepass")
    escaped = json.dumps(value)[1:-1]
    texts = {
        "plain": unicodedata.normalize("NFC", value),
        "percent-encoded": quote(value, safe=""),
        "form-encoded": quote_plus(value),
        "percent-encoded twice": quote(quote(value, safe=""), safe=""),
        "JSON": escaped,
        "JSON with slashes escaped": escaped.replace("/", "\\/"),
        "JSON in JSON": json.dumps(escaped)[1:-1],
        "repr": repr(value)[1:-1],
        "repr of bytes": repr(data)[2:-1],
        "hex": data.hex(),
        "hex with separators": data.hex(":"),
        "reversed": value[::-1],
        "without scheme": value.partition("://")[2],
    }
    patterns = {form: re.escape(text) for form, text in texts.items() if text}
    patterns |= {f"base64, {at} before": one for at, one in enumerate(_base64(data)) if one}
    if re.fullmatch(r"\+\d{7,15}", value):
        patterns["phone without +"] = _spaced(value[1:])
        patterns["phone without country"] = _spaced(value[-7:])
    seen: dict[str, str] = {}
    for form, pattern in patterns.items():
        seen.setdefault(pattern, form)
    return {form: pattern for pattern, form in seen.items()}


def _spaced(digits: str) -> str:
    return rf"(?<!\d){_SEPARATORS.join(digits)}" if len(digits) > 7 else _SEPARATORS.join(digits)


def _base64(data: bytes) -> Iterator[str]:
    """
    Return a pattern for *data* in base64, with 0, 1 or 2 unknown bytes before it.
    """
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + data).decode().rstrip("=")
        # What shares a character with the unknown bytes around it is left out.
        known = encoded[(0, 2, 3)[before] : len(encoded) - (len(data) + before) % 3]
        either = {"+": "[+-]", "/": "[/_]"}
        text = "".join(either.get(one, one) for one in known)
        yield text if len(known) >= _SHORTEST else ""
