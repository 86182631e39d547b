"""
What carriers write cannot act on a terminal, nor read as something else.
"""

from __future__ import annotations

import pytest

from doorstep.cli._escape import safe


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b2J", r"\x9b2J"),
        ("one\ntwo\r\tthree", r"one\x0atwo\x0d\x09three"),
        ("\x00\x7f", r"\x00\x7f"),
        ("abc\u202ecba", r"abc\u202ecba"),
        ("\u2066a\u2069", r"\u2066a\u2069"),
        ("\u2028", r"\u2028"),
        ("\ufeff\u200b", r"\ufeff\u200b"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_acts_or_hides_is_shown(text, shown):
    """
    Control characters, escape sequences, overrides and invisible ones become visible.
    """
    assert shown == safe(text)


@pytest.mark.parametrize(
    "text",
    [
        "Straße 12",
        "שלום\u200f",
        "پی\u200cش",
        "👩\u200d🍳",
        "東京",
        "[red]x[/red]",
        "a\\x1b",
        "",
    ],
)
def test_language_is_left_alone(text):
    """
    Names of people and streets stay readable, in every script.
    """
    assert text == safe(text)
