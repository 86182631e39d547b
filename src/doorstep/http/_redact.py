"""
Showing the shape of a message and none of its contents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias

MASK = "***"
#: Levels of a body that are shown.
_DEPTH = 32
#: Names of fields that are remembered for each provider.
_REMEMBERED = 2048

Json: TypeAlias = Any

# A carrier may key an object by ids or phone numbers; a field's name is a word.
_FIELD = re.compile(r"[A-Za-z_$@][A-Za-z0-9_.$:-]{0,63}")
_LONG_NUMBER = re.compile(r"\d{4}")
_NEVER = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key"}
)


def redact_headers(headers: Mapping[str, str], public: frozenset[str]) -> dict[str, str]:
    """
    Return *headers* with lower-case names and masked values, but for *public* ones.

    Credentials and cookies are masked even if somebody calls them public.
    """
    allowed = _allowed(public)
    return {
        name: value if name in allowed else MASK
        for name, value in ((name.lower(), value) for name, value in headers.items())
        if name not in _NEVER
    }


@lru_cache(maxsize=64)
def _allowed(public: frozenset[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in public) - _NEVER


def redact_body(body: bytes | None, public: frozenset[str]) -> Json:
    """
    Return a JSON body with its keys and its shape; values are masked, but for *public* keys.

    What is no JSON is None: nobody knows what it holds.
    """
    if not body:
        return None
    import orjson  # only where somebody observes

    try:
        return _redact(orjson.loads(body), public, shown=False, depth=0)
    except orjson.JSONDecodeError:
        return None


def _redact(value: Json, public: frozenset[str], *, shown: bool, depth: int) -> Json:
    kind = type(value)
    if kind is not dict and kind is not list:
        return value if shown or value is None else MASK
    if depth >= _DEPTH:
        return MASK
    if kind is dict:
        return _fields(value, public, depth + 1)
    return [_redact(each, public, shown=shown, depth=depth + 1) for each in value]


def _fields(fields: dict[str, Json], public: frozenset[str], depth: int) -> dict[str, Json]:
    redacted: dict[str, Json] = {}
    known = _known(public)
    for key, value in fields.items():
        shown = known.get(key)
        if shown is None:
            shown, name = key in public, key
            if shown or _is_field(key):
                _remember(known, key, shown)
            else:
                name = f"(key {len(redacted) + 1})"
        else:
            name = key
        kind = type(value)
        if kind is dict or kind is list:
            redacted[name] = _redact(value, public, shown=shown, depth=depth)
        else:
            redacted[name] = value if shown or value is None else MASK
    return redacted


@lru_cache(maxsize=64)
def _known(public: frozenset[str]) -> dict[str, bool]:
    """
    Return the fields that were met so far, each with whether its value is shown.
    """
    del public
    return {}


def _remember(known: dict[str, bool], key: str, shown: bool) -> None:
    # What is no field's name may be somebody's phone number, and is not kept.
    if len(known) < _REMEMBERED:
        known[key] = shown


def _is_field(key: str) -> bool:
    return _FIELD.fullmatch(key) is not None and _LONG_NUMBER.search(key) is None
