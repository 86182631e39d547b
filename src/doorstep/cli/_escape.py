"""
Text of carriers and plugins, made harmless for a terminal and a log.
"""

from __future__ import annotations

import unicodedata

__all__ = ["safe", "safe_json"]

# Marks and joiners are of category Cf as overrides are, but Hebrew, Persian and
# emoji need them and they hide nothing.
_NEEDED = frozenset("\u061c\u200c\u200d\u200e\u200f")
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def safe(text: object) -> str:
    """
    Return *text* on one line, with everything visible that would act or hide.

    Control characters, and with them every escape sequence, are written as
    ``\\x1b``; characters that reorder or hide text, and halves of surrogate
    pairs, as ``\\u202e``.
    """
    shown = str(text)
    if shown.isascii() and shown.isprintable():
        return shown
    return "".join(_visible(one) for one in shown)


def _visible(one: str) -> str:
    if one in _NEEDED or unicodedata.category(one) not in _UNSAFE:
        return one
    point = ord(one)
    if point <= 0xFF:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def safe_json(text: str) -> str:
    """
    Return JSON that means the same, with what would act on a terminal written as ``\\u009b``.

    Such characters stand in JSON only within its texts, where both forms are one.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_as_json(one) for one in text)


def _as_json(one: str) -> str:
    if _visible(one) == one:
        return one
    units = one.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
