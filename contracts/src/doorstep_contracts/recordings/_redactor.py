"""
Replacing secrets and personal data, before anything is written.

What may stay is listed; everything else goes. The list is the provider's own
``public_fields``, and for neutral values the names below.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote, unquote

import orjson

from doorstep.provider import Provider
from doorstep_contracts.recordings._format import MISSING, RecordedResponse
from doorstep_contracts.recordings._stand_ins import StandIns

__all__ = ["NEUTRAL", "Redactor"]

#: Fields of neutral values that say nothing of a person or an account: money, sizes,
#: times and choices.
NEUTRAL = frozenset(
    {
        "account",
        "age_restricted",
        "at",
        "available",
        "binding",
        "contactless",
        "country",
        "created_at",
        "currency",
        "earliest",
        "end",
        "expires_at",
        "height_mm",
        "if_undeliverable",
        "kind",
        "latest",
        "length_mm",
        "limit",
        "min_age",
        "minor",
        "notify",
        "provider",
        "quantity",
        "reason",
        "region",
        "reopens_at",
        "required",
        "revision",
        "start",
        "status",
        "stop",
        "weight_g",
        "width_mm",
    }
)
#: Headers of answers that are kept, beside those that the provider calls public.
_HEADERS = frozenset({"content-type", "retry-after"})
#: Never kept: what is secret whatever it is called, and what would no longer be true.
_NEVER = frozenset(
    {
        "authorization",
        "content-length",
        "cookie",
        "proxy-authorization",
        "set-cookie",
        "x-api-key",
    }
)
_FIELD = re.compile(r"[A-Za-z_$@][A-Za-z0-9_.$:-]{0,63}")
_LONG_NUMBER = re.compile(r"\d{4}")
#: Shorter values would be found in innocent text by chance.
_SHORTEST = 4
_PLACES = frozenset({"lat", "lng"})


class Redactor:
    """
    Replace what is not public by stand-ins of the same shape.

    One redactor for a delivery's whole life: the same value has the same stand-in in
    all of its recordings, and they can be replayed.

    Args:
        provider:
            Whose ``public_fields`` stay.

        hide:
            Texts that must not be in a recording wherever they stand, public fields
            among it: settings, for example.

        rng:
            Where the stand-ins come from; for tests.
    """

    def __init__(
        self, provider: Provider, *, hide: Iterable[str] = (), rng: random.Random | None = None
    ) -> None:
        self._public = frozenset(provider.public_fields)
        self._headers = {name.lower() for name in self._public} | _HEADERS
        #: What is public as a whole: a private field may well say the same word.
        self._told = {provider.name, provider.account}
        self._id = f"{provider.name}/{provider.account}/"
        self._stand_ins = StandIns(rng)
        self._hidden: dict[str, str] = {}
        for text in hide:
            self._hide(text)

    def arguments(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """
        Return the arguments of an operation, as neutral JSON, with stand-ins.
        """
        self._keep_codes(data)
        public = NEUTRAL | self._public
        return {
            name: self._value(value, public, shown=name in NEUTRAL) for name, value in data.items()
        }

    def response(self, status: int, headers: Mapping[str, str], body: bytes) -> RecordedResponse:
        """
        Return an answer with stand-ins. Of its headers the public ones stay, and no other.
        """
        kept = {name.lower(): text for name, text in headers.items()}
        shown = {
            name: self.known(text) for name, text in kept.items() if name in self._headers - _NEVER
        }
        if not body:
            return RecordedResponse(status=status, headers=shown)
        try:
            data = orjson.loads(body)
        except ValueError:
            text = self._stand_ins.text(self.known(body.decode("utf-8", "replace")))
            return RecordedResponse(status=status, headers=shown, text=text)
        return RecordedResponse(status=status, headers=shown, body=self.body(data))

    def body(self, data: Any) -> Any:
        """
        Return a carrier's JSON with stand-ins.
        """
        if data is MISSING:
            return MISSING
        self._told.update(_public_texts(data, self._public, shown=False))
        return self._value(data, self._public, shown=False)

    def known(self, text: str) -> str:
        """
        Return *text* without what was found to be private elsewhere.
        """
        for private in sorted(self._hidden, key=len, reverse=True):
            if private in text:
                text = self._hidden[private].join(_alone(private).split(text))
        return text

    def left(self, text: str) -> list[str]:
        """
        Return which private values are in *text* all the same.

        A value that is its own stand-in, as a time is, was never private.
        """
        return [
            private
            for private, stand_in in self._hidden.items()
            if private != stand_in and private in text and _alone(private).search(text)
        ]

    def hide(self, text: str) -> None:
        """
        Never let *text* be written, wherever it stands.
        """
        self._hide(text)

    def _hide(self, text: str) -> str:
        stand_in = self._stand_ins.text(text)
        if len(text) >= _SHORTEST and text not in self._told:
            self._hidden.setdefault(text, stand_in)
        return stand_in

    def _value(self, value: Any, public: frozenset[str], *, shown: bool) -> Any:
        if isinstance(value, dict):
            return {self._key(key): self._field(key, inner, public) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._value(one, public, shown=shown) for one in value]
        if value is None or isinstance(value, bool):
            return value
        if shown:
            return self.known(value) if isinstance(value, str) else value
        return self._replaced(value)

    def _field(self, key: str, value: Any, public: frozenset[str]) -> Any:
        if key in _PLACES and key not in public and isinstance(value, str):
            return str(self._stand_ins.number(Decimal(value)))
        return self._value(value, public, shown=key in public)

    def _replaced(self, value: str | float) -> Any:
        if isinstance(value, str):
            if value.startswith(self._id):
                return self._id + quote(self._hide(unquote(value[len(self._id) :])), safe="~")
            return self._hide(value)
        if isinstance(value, int):
            return self._stand_ins.whole(value)
        return float(self._stand_ins.number(Decimal(repr(value))))

    def _key(self, key: str) -> str:
        """
        Return a field's name as it is; what is none may be somebody's id.
        """
        if _FIELD.fullmatch(key) and not _LONG_NUMBER.search(key):
            return self.known(key)
        return self._hide(key)

    def _keep_codes(self, data: Any) -> None:
        """
        Let the codes of countries and regions, and the revision's number, stay words.
        """
        if isinstance(data, dict):
            for name in ("country", "region"):
                if isinstance(data.get(name), str) and len(data[name]) <= 3:
                    self._stand_ins.kept.add(data[name])
            if type(data.get("revision")) is int and data["revision"] > 1:
                self._stand_ins.kept.add(str(data["revision"]))
            for value in data.values():
                self._keep_codes(value)
        elif isinstance(data, list):
            for value in data:
                self._keep_codes(value)


def _public_texts(value: Any, public: frozenset[str], *, shown: bool) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _public_texts(one, public, shown=key in public)
    elif isinstance(value, list):
        for one in value:
            yield from _public_texts(one, public, shown=shown)
    elif shown and isinstance(value, str):
        yield value


def _alone(text: str) -> re.Pattern[str]:
    """
    Find *text* where it is not a part of a longer word.
    """
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")
