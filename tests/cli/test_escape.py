"""
What carriers write cannot act on a terminal, nor read as something else.
"""

from __future__ import annotations

import unicodedata

import pytest

from doorstep import from_json, to_json
from doorstep.cli._escape import safe, safe_json
from doorstep.cli._output import Fields, Grid, Line, Output
from doorstep.models import Courier
from doorstep_contracts.naughty import NAUGHTY_STRINGS


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
def test_f097_what_acts_or_hides_is_shown(text, shown):
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
def test_f096_language_is_left_alone(text):
    """
    Names of people and streets stay readable, in every script.
    """
    assert text == safe(text)


@pytest.mark.parametrize("kind", ["terminal escapes", "bidirectional controls", "invisible"])
def test_f096_nothing_that_hides_or_reorders_is_shown_as_it_is(kind):
    """
    Of controls, overrides and invisible characters none reaches a terminal but the marks
    and joiners that languages are written with.
    """
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    for text in NAUGHTY_STRINGS[kind]:
        shown = safe(text)
        left = {one for one in shown if unicodedata.category(one) in hidden}
        assert left <= set("\u061c\u200c\u200d\u200e\u200f")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", r"\u001b]0;title\u0007"),
        ("\x9b2J", r"\u009b2J"),
        ("\x7f", r"\u007f"),
        ("abc\u202ecba", r"abc\u202ecba"),
        ("\u2028", r"\u2028"),
        ("\U000e0041", r"\udb40\udc41"),
        ("Stra\u00dfe \u6771\u4eac", "Stra\u00dfe \u6771\u4eac"),
    ],
)
def test_f097_json_for_a_terminal_means_the_same(text, shown):
    """
    With ``--json`` what would act on a terminal is written as JSON escapes it: a program
    reads the carrier's own text.
    """
    courier = Courier(name=text)
    printed = safe_json(to_json(courier))

    assert f'"name":"{shown}"' in printed
    assert courier == from_json(printed, Courier)


@pytest.mark.parametrize("json", [False, True])
def test_f097_no_escape_sequence_reaches_the_output(json, capsys):
    """
    Neither as lines, fields or tables nor as JSON does a carrier's text act on a terminal.
    """
    text = "\x1b]0;title\x07\x9b2J\u202ename\x7f"
    parts = (Line(text), Fields((("courier", text),)), Grid(("name",), ((text,),)))
    Output(json=json).value(to_json(Courier(name=text)), *parts)

    printed = capsys.readouterr().out
    assert "title" in printed
    assert all(one.isprintable() for one in printed.splitlines())
    assert printed.splitlines() == printed.rstrip("\n").split("\n")
