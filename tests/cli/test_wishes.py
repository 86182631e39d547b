"""
A CSV file of any editor: read, or refused by the line.
"""

from __future__ import annotations

import tracemalloc

import pytest

from doorstep.cli._exit import Exit
from doorstep.cli._wishes import WishOptions
from doorstep.errors import ValidationError

PLAIN = "id,available\ntaco,true\nburrito,false\n"


def read(path) -> list[tuple[str, bool]]:
    """
    Return the wishes of a file.
    """
    return [(wish.id, wish.available) for wish in WishOptions(csv=path).read()]


@pytest.fixture(name="table")
def _table(tmp_path):
    """
    Write a file as it is.
    """

    def write(content: str | bytes):
        path = tmp_path / "items.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("last", ["", "\n", "\n\n"], ids=["no end", "end", "empty line"])
def test_f109_table_of_any_editor_is_read(table, mark, end, last):
    """
    A byte order mark, Windows line ends and empty lines around the rows change nothing.
    """
    content = (PLAIN.strip() + last).replace("\n", end)

    assert [("taco", True), ("burrito", False)] == read(table(mark + content.encode()))


@pytest.mark.parametrize("cell", ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "a;b"])
def test_f109_formula_in_a_table_is_text(table, cell):
    """
    What a spreadsheet would compute is an id like any other, and reaches the carrier so.
    """
    assert [(cell, False)] == read(table(f"id,available\n{cell},FALSE\n"))


def test_quotes_are_read_as_csv_has_them(table):
    """
    A comma or a quote may be in an id.
    """
    content = 'id,available\n"a,b",true\n"say ""hi""","False"\n'

    assert [("a,b", True), ('say "hi"', False)] == read(table(content))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "--csv must begin with the line id,available"),
        ("taco,true\n", "--csv must begin with the line id,available"),
        ("id;available\ntaco;true\n", "--csv must begin with the line id,available"),
        ("ID,available\ntaco,true\n", "--csv must begin with the line id,available"),
        ("id,available,note\ntaco,true,x\n", "--csv must begin with the line id,available"),
        ("id,available\n\n", "--csv holds no row"),
        ("id,available\ntaco,true,x\n", "--csv line 2 must have 2 cells"),
        ("id,available\ntaco\n", "--csv line 2 must have 2 cells"),
        ("id,available\ntaco,yes\n", "--csv line 2 must be true or false"),
        ("id,available\ntaco, true\n", "--csv line 2 must be true or false"),
        ("id,available\ntaco,=TRUE\n", "--csv line 2 must be true or false"),
        ('id,available\n"taco,true\n', "--csv line 2 is not CSV"),
        ('id,available\n"ta"co,true\n', "--csv line 2 is not CSV"),
        ('id,available\n"ta\nco",true\n', "--csv line 3 has a control"),
        ("id,available\n,true\n", "--csv line 2 must"),
        ("id,available\nta\x00co,true\n", "--csv line 2 "),
        (f"id,available\n{'x' * 257},true\n", "--csv line 2 must"),
        (f"id,available\n{'x' * 200_000},true\n", "--csv line 2 is not CSV"),
        (PLAIN.encode("utf-16"), "--csv is not text in UTF-8"),
        ("id,available\ncaf\xe9,true\n".encode("latin-1"), "--csv is not text in UTF-8"),
        (PLAIN + "taco,false\n", "--csv line 4 contradicts --csv line 2"),
    ],
)
def test_f109_table_that_is_not_right_is_refused_by_the_line(table, content, message):
    """
    Strictly: nothing is guessed, nothing of it is sent, and no cell is in the message.
    """
    with pytest.raises(ValidationError) as caught:
        read(table(content))

    assert message in str(caught.value)
    assert "taco" not in str(caught.value)


def test_f109_table_that_is_too_large_is_refused_and_not_read(tmp_path):
    """
    A hundred megabytes are told to be too large; no more than four are read.
    """
    path = tmp_path / "export.csv"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    tracemalloc.start()
    try:
        with pytest.raises(ValidationError, match="--csv is larger than 4 MiB"):
            read(path)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert most < 10 * 1024 * 1024


def test_table_and_options_go_together(cli, books, table):
    """
    What options say is sent first; the same twice is one, a contradiction is refused.
    """
    path = str(table(PLAIN))
    ran = cli("items", "acme", "store-1", "--csv", path, "--on", "salsa", "taco")
    refused = cli("items", "acme", "store-1", "--csv", path, "--off=taco")

    assert (Exit.OK, "3 of 3 applied\n") == ran[:2]
    assert [[("salsa", True), ("taco", True)], [("burrito", False)]] == books.asked
    assert Exit.USAGE == refused.code
    assert "--csv line 2 contradicts --off" in refused.err


def test_table_is_read_from_stdin(cli, books):
    """
    ``-`` is stdin, as everywhere.
    """
    ran = cli("options", "acme", "store-1", "--csv", "-", stdin=PLAIN)

    assert (Exit.OK, "2 of 2 applied\n") == ran[:2]
