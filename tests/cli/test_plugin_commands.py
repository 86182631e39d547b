"""
What plugins add, and what is said of those that do not work.
"""

from __future__ import annotations

import json
import sys

import pytest

from doorstep.cli._exit import Exit


@pytest.fixture(name="broken")
def _broken(acme, tmp_path, monkeypatch):
    """
    A plugin that raises when it is imported, beside one that works.
    """
    acme.write_plugin(tmp_path / "more", "bolt", 'raise RuntimeError("key is s3cr3t")\n')
    monkeypatch.syspath_prepend(str(tmp_path / "more"))


def test_command_of_a_plugin_is_under_its_name(cli):
    """
    It gets its arguments, and its number is the exit code.
    """
    assert (0, "hello Ada\n", "") == cli("acme", "greet", "Ada")
    assert 7 == cli("acme", "greet", "seven").code


def test_command_loads_no_other_command(cli, monkeypatch):
    """
    The broken one beside it is not touched: nothing of it is reported.
    """
    monkeypatch.setenv("DOORSTEP_DEBUG", "1")

    assert "" == cli("acme", "greet", "Ada").err
    assert "ZeroDivisionError" in cli("acme", "broken").err


def test_help_of_a_plugin_lists_its_commands(cli):
    """
    One broken command is named and hides no other.
    """
    ran = cli("acme", "--help")

    assert "greet: Greet somebody." in ran.out
    assert "broken: Broken: it raised ZeroDivisionError." in ran.out


def test_broken_command_is_the_plugins_fault(cli):
    """
    The code is that of plugin problems, and both names are told.
    """
    ran = cli("acme", "broken", "--any", "thing")

    assert Exit.PLUGIN == ran.code
    assert "plugin 'acme' has a broken command 'broken'" in ran.err


def test_command_that_raises_is_the_plugins_fault(cli, monkeypatch):
    """
    Its text is not told, because it may hold anything; the place is.
    """
    cli("acme")  # imports it

    def explode():
        from cyclopts import App

        app = App(name="greet")

        @app.default
        def greet(name: str) -> None:
            raise RuntimeError("key is s3cr3t")

        return app

    monkeypatch.setattr("doorstep_acme._greet", explode)
    monkeypatch.setattr("doorstep.registry._registry._defaults", {})
    ran = cli("acme", "greet", "x")

    assert Exit.PLUGIN == ran.code
    assert "plugin 'acme' raised an unexpected RuntimeError" in ran.err
    assert "s3cr3t" not in ran.err


def test_unknown_command_is_usage(cli):
    """
    What is neither a command nor a plugin is named, with the commands that exist.
    """
    ran = cli("dispach")

    assert Exit.USAGE == ran.code
    assert 'Unknown command "dispach". Did you mean "dispatch"?' in ran.err


def test_providers_lists_what_works_and_what_does_not(cli, broken, monkeypatch):
    """
    A broken plugin is named with why, the others work, and the exit code is 0.
    """
    monkeypatch.setenv("DOORSTEP_PLUGINS", "acme=doorstep-acme,bolt=doorstep-bolt")
    ran = cli("providers")
    lines = {line.split()[0]: line.split(maxsplit=3) for line in ran.out.splitlines()}

    assert Exit.OK == ran.code
    assert ["acme", "doorstep-acme", "1.2", "ok"] == lines["acme"]
    assert ["bolt", "doorstep-bolt", "1.2"] == lines["bolt"][:3]
    assert lines["bolt"][3].startswith("broken: ")
    assert "RuntimeError" in ran.out
    assert "s3cr3t" not in ran.out


def test_providers_names_what_is_not_allowed(cli, broken):
    """
    What the allow-list leaves out is shown and not imported.
    """
    rows = [json.loads(line) for line in cli("providers", "--json").out.splitlines()]
    states = {row["name"]: row["state"] for row in rows}

    assert {"acme": "ok", "bolt": "not_allowed"}.items() <= states.items()
    assert "doorstep_bolt" not in sys.modules


def test_broken_plugin_hides_no_other(cli, broken, options):
    """
    A command imports no plugin but the one that is asked for.
    """
    ran = cli("quote", "acme", *options)

    assert Exit.OK == ran.code
    assert "doorstep_bolt" not in sys.modules


def test_plugin_that_cannot_be_used_has_a_code(cli, broken, monkeypatch):
    """
    A missing plugin and a broken one are problems of the installation.
    """
    monkeypatch.setenv("DOORSTEP_PLUGINS", "bolt=doorstep-bolt")

    assert Exit.PLUGIN == cli("capabilities", "bolt").code
    assert Exit.PLUGIN == cli("capabilities", "nobody").code
    assert Exit.PLUGIN == cli("bolt", "anything").code


def test_no_plugin_at_all_is_said(cli, monkeypatch):
    """
    An empty list comes with what to do.
    """
    monkeypatch.setattr("doorstep.registry._registry.find", dict)

    assert "No plugin is installed" in cli("providers").out
