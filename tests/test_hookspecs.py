"""
The hooks, and the values that plugins register.
"""

from __future__ import annotations

import inspect
import os
import subprocess
import sys

import attrs
import pluggy
import pytest

import doorstep
from doorstep import hookspecs
from doorstep.hookspecs import CommandSpec, ProviderSpec, Simulator, SimulatorSpec


@attrs.frozen
class Settings:
    pass


def build(*_):
    return None


def hooks():
    """
    Every hook by name, as pluggy finds them.
    """
    manager = pluggy.PluginManager("doorstep")
    manager.add_hookspecs(hookspecs)
    found = {name for name in dir(manager.hook) if name.startswith("doorstep_")}
    return {name: getattr(hookspecs, name) for name in found}


def test_hooks_are_these_with_these_arguments():
    """
    A hook's name and arguments are promised to plugins: changing them is a new API version.
    """
    found = {name: list(inspect.signature(hook).parameters) for name, hook in hooks().items()}

    assert {
        "doorstep_register_providers": ["register"],
        "doorstep_register_simulators": ["register"],
        "doorstep_register_commands": ["register"],
        "doorstep_exchange": ["exchange"],
        "doorstep_call": ["summary"],
        "doorstep_delivery_changed": ["change"],
    } == found
    assert 1 == hookspecs.API_VERSION


def test_every_hook_says_what_it_is_for():
    """
    Each hook has a docstring.
    """
    assert [] == [name for name, hook in hooks().items() if not inspect.getdoc(hook)]


def test_hookimpl_comes_from_the_top_package():
    """
    A plugin imports the marker from doorstep itself.
    """
    assert doorstep.hookimpl is hookspecs.hookimpl


def test_importing_doorstep_does_not_import_pluggy():
    """
    The hooks load when they are first used.
    """
    code = "import sys, doorstep; sys.exit('pluggy' in sys.modules or 'attrs' in sys.modules)"
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", code], env=environ, check=False)

    assert 0 == done.returncode


@pytest.mark.parametrize("name", ["acme", "uber_direct", "a1", "a" * 64])
def test_provider_name_in_lower_case_is_taken(name):
    """
    Names are words of lower-case letters and digits, joined by one underscore.
    """
    assert name == ProviderSpec(name=name, settings=Settings, build=build).name
    assert name == SimulatorSpec(name=name, options=Settings, build=build).name


@pytest.mark.parametrize(
    "name",
    ["", "Acme", "ac-me", "_acme", "acme_", "ac__me", "1acme", "a" * 65, "acme\n", "é", None],
)
def test_provider_name_with_two_readings_is_refused(name):
    """
    A name that could make a variable read as another's is refused.
    """
    with pytest.raises(ValueError, match=r"ProviderSpec\.name must be lower-case"):
        ProviderSpec(name=name, settings=Settings, build=build)


@pytest.mark.parametrize("settings", [int, Settings(), None, dict])
def test_settings_that_are_no_attrs_class_are_refused(settings):
    """
    Settings and options are classes whose fields can be read.
    """
    with pytest.raises(TypeError, match="must be an attrs class"):
        ProviderSpec(name="acme", settings=settings, build=build)
    with pytest.raises(TypeError, match="must be an attrs class"):
        SimulatorSpec(name="acme", options=settings, build=build)


def test_build_that_cannot_be_called_is_refused():
    """
    What builds must be callable.
    """
    with pytest.raises(TypeError):
        ProviderSpec(name="acme", settings=Settings, build=None)
    with pytest.raises(TypeError):
        CommandSpec(name="check", load=None)


@pytest.mark.parametrize("name", ["Check", "sync_menu", "--help", "", "a b"])
def test_command_name_that_is_no_word_is_refused(name):
    """
    Commands are words that can be typed.
    """
    with pytest.raises(ValueError, match=r"CommandSpec\.name must be"):
        CommandSpec(name=name, load=build)


def test_specs_do_not_show_what_builds():
    """
    A partial with a key in it stays out of the repr.
    """
    assert "build" not in repr(ProviderSpec(name="acme", settings=Settings, build=build))


def test_simulator_is_recognised_by_what_it_does():
    """
    The protocol can be checked at run time.
    """

    class Toy:
        base_url = "http://127.0.0.1:1"

        def credentials(self):
            return {}

        def start(self):
            pass

        def stop(self):
            pass

    assert isinstance(Toy(), Simulator)
    assert not isinstance(object(), Simulator)
