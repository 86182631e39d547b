"""
Showing the shape of a message and none of its contents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

MASK = "***"
#: Levels of a body that are shown.
_DEPTH = 32

Json: TypeAlias = Any

# A carrier may key an object by ids or phone numbers; a field's name is a word.
_FIELD = re.compile(r"[A-Za-z_$@][A-Za-z0-9_.$:@-]{0,63}")
_LONG_NUMBER = re.compile(r"\d{4}")
_NEVER = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key"}
)


def redact_headers(headers: Mapping[str, str], public: frozenset[str]) -> dict[str, str]:
    """
    Return *headers* with lower-case names and masked values, but for *public* ones.

    Credentials and cookies are masked even if somebody calls them public.
    """
    allowed = {name.lower() for name in public} - _NEVER
    return {
        name.lower(): value if name.lower() in allowed else MASK
        for name, value in headers.items()
        if name.lower() not in _NEVER
    }


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
    if isinstance(value, dict):
        if depth >= _DEPTH:
            return MASK
        return _fields(value, public, depth + 1)
    if isinstance(value, list):
        if depth >= _DEPTH:
            return MASK
        return [_redact(each, public, shown=shown, depth=depth + 1) for each in value]
    return value if shown or value is None else MASK


def _fields(fields: dict[str, Json], public: frozenset[str], depth: int) -> dict[str, Json]:
    redacted = {}
    for number, (key, value) in enumerate(fields.items(), 1):
        if key in public or (_FIELD.fullmatch(key) and not _LONG_NUMBER.search(key)):
            name = key
        else:
            name = f"(key {number})"
        redacted[name] = _redact(value, public, shown=key in public, depth=depth)
    return redacted
