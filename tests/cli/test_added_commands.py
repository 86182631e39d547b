"""
Commands that other distributions add: found by entry points, imported when used.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from doorstep.cli._exit import Exit

COMMAND = """
from cyclopts import App

app = App(name="wave", help="Wave at somebody.")

@app.default
def wave(name: str, *, times: int = 1) -> int:
    print(f"hello {name}" * times)
    if name == "boom":
        raise RuntimeError("key is s3cr3t")
    return 7 if name == "seven" else 0

not_an_app = 3
"""


@pytest.fixture(name="add")
def _add(tmp_path, monkeypatch):
    """
    Return a function that installs a distribution with commands.
    """

    def add(distribution, source=COMMAND, /, **commands):
        folder = tmp_path / distribution
        module = f"added_{distribution}"
        info = folder / f"{distribution}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1\n")
        lines = [f"{name} = {module}:{value}" for name, value in commands.items()]
        (info / "entry_points.txt").write_text("\n".join(["[doorstep.commands]", *lines, ""]))
        Path(folder, f"{module}.py").write_text(source)
        monkeypatch.syspath_prepend(str(folder))
        monkeypatch.delitem(sys.modules, module, raising=False)
        return module

    return add


def test_added_command_is_run(cli, add):
    """
    It gets its words, and its number is the exit code.
    """
    add("waving", wave="app")

    assert (0, "hello Adahello Ada\n", "") == cli("wave", "Ada", "--times", "2")
    assert 7 == cli("wave", "seven").code
    assert "Wave at somebody." in cli("wave", "--help").out


def test_help_names_it_and_imports_nothing(cli, add):
    """
    The list of commands says whose it is; what it needs may be slow, or broken.
    """
    module = add("waving", "raise RuntimeError('key is s3cr3t')", wave="app")
    ran = cli("--help")

    assert "wave: A command of waving." in ran.out
    assert module not in sys.modules
    assert Exit.OK == ran.code


@pytest.mark.parametrize(
    ("source", "value", "problem"),
    [
        ("raise RuntimeError('key is s3cr3t')", "app", "raised RuntimeError"),
        (COMMAND, "missing", "raised AttributeError"),
        (COMMAND, "not_an_app", "is no cyclopts App"),
    ],
)
def test_broken_command_is_named_and_hides_no_other(cli, add, source, value, problem):
    """
    Its name, whose it is and what is wrong are told; the others work.
    """
    add("broken", source, oops=value)
    add("waving", wave="app")
    ran = cli("oops", "--any", "thing")

    assert Exit.PLUGIN == ran.code
    assert f"command 'oops' of broken is broken: it {problem}" in ran.err
    assert "s3cr3t" not in ran.err
    assert Exit.OK == cli("wave", "Ada").code
    assert Exit.OK == cli("providers").code


def test_command_of_two_distributions_is_nobodys(cli, add):
    """
    Neither is taken: which one somebody means cannot be known.
    """
    add("one", wave="app")
    add("two", wave="app")
    ran = cli("wave", "Ada")

    assert Exit.PLUGIN == ran.code
    assert "it is added by one and two" in ran.err


def test_added_command_does_not_replace_ours(cli, add, options):
    """
    What doorstep has itself stays what it is.
    """
    module = add("waving", quote="app")

    assert Exit.OK == cli("quote", "acme", *options).code
    assert module not in sys.modules
    assert "A command of waving." not in cli("--help").out


def test_error_of_an_added_command_tells_no_text(cli, add):
    """
    What it raises may hold anything; the place is told.
    """
    add("waving", wave="app")
    ran = cli("wave", "boom")

    assert Exit.PLUGIN == ran.code
    assert "RuntimeError" in ran.err
    assert "s3cr3t" not in ran.err


def test_unreadable_metadata_hide_no_command(cli, add, monkeypatch):
    """
    A broken file of any distribution is gone round.
    """
    from importlib import metadata

    add("waving", wave="app")

    def explode(**_):
        raise UnicodeDecodeError("utf-8", b"", 0, 1, "no")

    monkeypatch.setattr(metadata, "entry_points", explode)

    assert Exit.OK == cli("wave", "Ada").code
