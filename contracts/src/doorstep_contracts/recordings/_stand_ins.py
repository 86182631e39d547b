"""
Values of the same shape that stand for the real ones, the same for the same.

Text is replaced word by word, so that what was put together from parts still fits its
parts: an address on one line, and the same address in fields.
"""

from __future__ import annotations

import random
import re
import string
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal

__all__ = ["StandIns"]

_WORD = re.compile(r"[^\W\d_]+|\d+")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_PHONE = re.compile(r"\+?\(?\d[\d\s().\-]{6,22}\d")
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+")
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*)://[^/\s?#]*(?P<rest>\S*)")
_VOWELS, _CONSONANTS = "aeiou", "bdfgklmnprstvz"
#: Tries for a stand-in that nothing else has; there are only ten of one digit.
_TRIES = 50


class StandIns:
    """
    Remember what stands for what.

    Args:
        rng:
            Where the stand-ins come from. The system's own unless said: nobody can
            compute what they stand for.

    Attributes:
        kept:
            Words that stay: codes of countries, the number of the revision.
    """

    def __init__(self, rng: random.Random | None = None) -> None:
        self._rng = rng or random.SystemRandom()
        self.kept: set[str] = set()
        self._words: dict[str, str] = {}
        self._phones: dict[str, str] = {}
        self._numbers: dict[Decimal, Decimal] = {}
        self._dates: dict[str, str] = {}
        self._taken: set[str] = set()

    def text(self, value: str) -> str:
        """
        Return what stands for *value*; times stay, for flows compare them.
        """
        value = unicodedata.normalize("NFC", value)
        if _MOMENT.fullmatch(value):
            return value
        if day := _DATE.fullmatch(value):
            return self._date(day[0])
        return self._split(value)

    def whole(self, value: int) -> int:
        """
        Return a whole number of as many digits; zero stays.
        """
        return value if value == 0 else int(_WORD.sub(self._word, str(value)))

    def number(self, value: Decimal) -> Decimal:
        """
        Return a number with as many decimals, nearer to zero: a place stays a place.
        """
        if value == 0:
            return value
        places = value.as_tuple().exponent
        found = self._numbers.get(value)
        if found is None:
            share = Decimal(self._rng.randint(400, 900)) / 1000
            found = (value * share).quantize(Decimal(1).scaleb(int(places)))
            self._numbers[value] = found
        return found

    def _split(self, value: str) -> str:
        """
        Replace URLs, e-mails and phones in a text, and the words of what is left.
        """
        finders: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
            (_URL, self._url),
            (_EMAIL, self._email),
            (_PHONE, self._phone_or_words),
        ]
        for pattern, replace in finders:
            found = pattern.search(value)
            if found is not None:
                before, after = value[: found.start()], value[found.end() :]
                return self._split(before) + replace(found) + self._split(after)
        bare = "".join(one for one in value if unicodedata.category(one) != "Mn")
        return _WORD.sub(self._word, bare)

    def _url(self, found: re.Match[str]) -> str:
        return f"{found['scheme']}://carrier.example{self._split(found['rest'])}"

    def _email(self, found: re.Match[str]) -> str:
        local, _, _ = found[0].partition("@")
        return f"{_WORD.sub(self._word, local)}@mail.example"

    def _phone_or_words(self, found: re.Match[str]) -> str:
        text = found[0]
        digits = re.sub(r"\D", "", text)
        plain = digits == text
        if not 10 <= len(digits) <= 15 or (plain and len(digits) != 10):
            return _WORD.sub(self._word, text)
        return self._phone(text, digits)

    def _phone(self, text: str, digits: str) -> str:
        """
        Return a fictional phone as *text* writes one: +1 202 555 01xx.
        """
        key = digits[-10:]
        if key not in self._phones:
            taken = set(self._phones.values())
            free = [f"20255501{end:02d}" for end in range(100)]
            self._phones[key] = self._rng.choice([one for one in free if one not in taken] or free)
        found = self._phones[key]
        american = len(digits) == 11 and digits.startswith("1")
        if not american and (text.startswith("+") or len(digits) != 10):
            return f"+1{found}"
        left = iter(f"1{found}" if american else found)
        return re.sub(r"\d", lambda _: next(left), text)

    def _date(self, text: str) -> str:
        if text not in self._dates:
            ordinal = self._rng.randint(
                date(1950, 1, 1).toordinal(), date(1999, 12, 31).toordinal()
            )
            self._dates[text] = date.fromordinal(ordinal).isoformat()
        return self._dates[text]

    def _word(self, found: re.Match[str]) -> str:
        word = found[0]
        if word in self.kept:
            return word
        key = word.casefold()
        if key not in self._words:
            self._words[key] = self._new(key)
        return _cased(self._words[key], word)

    def _new(self, word: str) -> str:
        """
        Return a word as long that is not *word*, if possible one that nothing else has.
        """
        make = self._digits if word[0].isdigit() else self._letters
        found = make(word)
        for _ in range(_TRIES):
            if found != word and found not in self._taken and found not in self._words:
                break
            found = make(word)
        self._taken.add(found)
        return found

    def _digits(self, word: str) -> str:
        first = "0" if word.startswith("0") else self._rng.choice("123456789")
        if len(word) == 1:
            return self._rng.choice("123456789") if word != "0" else word
        return first + "".join(self._rng.choice(string.digits) for _ in word[1:])

    def _letters(self, word: str) -> str:
        at = self._rng.randint(0, 1)
        return "".join(
            self._rng.choice((_CONSONANTS, _VOWELS)[(at + place) % 2]) for place in range(len(word))
        )


def _cased(word: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word.capitalize() if like[:1].isupper() else word
