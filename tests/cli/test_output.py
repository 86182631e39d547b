"""
Results on stdout, readable with and without a terminal.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from doorstep.cli._output import Fields, Grid, Line, Output


class Terminal(io.StringIO):
    """
    A terminal that keeps what is printed.
    """

    encoding = "utf-8"

    def isatty(self) -> bool:
        """
        Say yes.
        """
        return True


@pytest.fixture(name="on_terminal")
def _on_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Terminal]:
    def use(**environ: str) -> Terminal:
        screen = Terminal()
        monkeypatch.setattr("sys.stdout", screen)
        monkeypatch.delenv("NO_COLOR", raising=False)
        for name, value in {"TERM": "xterm-256color", "COLUMNS": "80", **environ}.items():
            monkeypatch.setenv(name, value)
        return screen

    return use


HOSTILE = Grid(("name", "state"), (("[red]x[/red]", "\x1b]0;owned\x07"), (":bomb:", "é")))


def test_plain_table_is_aligned_text(capsys):
    """
    Without a terminal a table is columns of text: no boxes, no escape sequences.
    """
    Output().show(HOSTILE)

    expected = "NAME          STATE\n[red]x[/red]  \\x1b]0;owned\\x07\n:bomb:        é\n"
    assert expected == capsys.readouterr().out


def test_plain_columns_are_aligned_by_what_is_seen(capsys):
    """
    Wide characters take two places.
    """
    Output().show(Fields((("東京", "a"), ("x", "b"), ("gone", ""))))

    assert "東京  a\nx     b\n" == capsys.readouterr().out


def test_plain_line_is_escaped(capsys):
    """
    A line is one line, whatever a carrier wrote into it.
    """
    Output().show(Line("one\ntwo \x1b[2J"))

    assert "one\\x0atwo \\x1b[2J\n" == capsys.readouterr().out


def test_terminal_shows_markup_as_it_was_written(on_terminal):
    """
    A carrier's text is neither markup nor emoji nor an escape sequence, in a table or a line.
    """
    terminal = on_terminal()
    Output().show(HOSTILE, Line("[bold]y[/bold] \x1b[2J"), Fields((("k", "[link=x]z"),)))

    shown = terminal.getvalue()
    assert "[red]x[/red]" in shown
    assert ":bomb:" in shown
    assert "[bold]y[/bold] \\x1b[2J" in shown
    assert "[link=x]z" in shown
    assert "\x1b]" not in shown
    assert "\x1b[2J" not in shown


def test_terminal_without_colour_when_asked(on_terminal):
    """
    NO_COLOR is honoured.
    """
    terminal = on_terminal(NO_COLOR="1")
    Output().show(Line("x", "cyan"))

    assert "\x1b[36m" not in terminal.getvalue()


def test_terminal_with_colour_otherwise(on_terminal):
    """
    The test above is not green because nothing is ever coloured.
    """
    terminal = on_terminal()
    Output().show(Line("x", "cyan"))

    assert "\x1b[36m" in terminal.getvalue()


def test_dumb_terminal_gets_plain_text(on_terminal):
    """
    A terminal that knows lines alone gets lines alone.
    """
    terminal = on_terminal(TERM="dumb")
    Output().show(HOSTILE)

    assert terminal.getvalue().startswith("NAME          STATE\n")


def test_json_stays_on_one_line(on_terminal):
    """
    JSON is never wrapped, nor coloured, not even on a terminal.
    """
    terminal = on_terminal()
    Output(json=True).data({"text": "x" * 500})

    assert f'{{"text":"{"x" * 500}"}}\n' == terminal.getvalue()


def test_passing_line_is_for_terminals(capsys):
    """
    A log does not fill with progress.
    """
    with Output().live() as passing:
        passing("looking")

    assert "" == capsys.readouterr().out


def test_passing_line_is_escaped(on_terminal):
    """
    What passes by is as harmless as what stays.
    """
    terminal = on_terminal()
    with Output().live() as passing:
        passing("\x1b]0;owned\x07")

    assert "\x1b]" not in terminal.getvalue()
