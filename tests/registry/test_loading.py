"""
What becomes of a plugin that is asked for: it works, or it is named.
"""

from __future__ import annotations

import sys
import threading
from types import ModuleType

import pytest

from doorstep.errors import (
    IncompatibleProviderError,
    NoSuchProviderError,
    ProviderLoadError,
)
from doorstep.registry import Registry

PROVIDER = """
@hookimpl
def doorstep_register_providers(register):
    register(ProviderSpec(name="bolt", settings=Settings, build=build))
"""


def _error(shelf, body, kind=ProviderLoadError):
    shelf.put("bolt", version="0.3.0", body=body)
    with pytest.raises(kind) as caught:
        Registry().provider("bolt")
    return caught.value


def assert_matches(pattern, error):
    with pytest.raises(type(error), match=pattern):
        raise error


class TestWorkingPlugins:
    def test_provider_is_kept_after_the_first_time(self, shelf):
        """
        A plugin is loaded once for a registry.
        """
        shelf.put("acme")
        registry = Registry()

        assert registry.provider("acme") is registry.provider("acme")

    def test_simulators_and_commands_are_found_by_the_plugins_name(self, shelf):
        """
        A plugin registers all three kinds, each by its own hook.
        """
        shelf.put(
            "acme",
            body="""
@hookimpl
def doorstep_register_simulators(register):
    register(SimulatorSpec(name="acme", options=Settings, build=build))

@hookimpl
def doorstep_register_commands(register):
    register(CommandSpec(name="sync-menu", load=build))
    register(CommandSpec(name="check", load=build))
""",
        )
        registry = Registry()

        assert "acme" == registry.simulator("acme").name
        assert ["sync-menu", "check"] == [one.name for one in registry.commands("acme")]
        with pytest.raises(NoSuchProviderError, match="has no provider named 'acme'"):
            registry.provider("acme")

    def test_f119_broken_simulator_does_not_break_the_provider(self, shelf):
        """
        Each hook is called when it is needed: a missing extra hurts only its own hook.
        """
        body = """
@hookimpl
def doorstep_register_providers(register):
    register(ProviderSpec(name="acme", settings=Settings, build=build))

@hookimpl
def doorstep_register_simulators(register):
    import no_such_extra
"""
        shelf.put("acme", body=body)
        registry = Registry()

        assert "acme" == registry.provider("acme").name
        with pytest.raises(ProviderLoadError, match="no module named 'no_such_extra'"):
            registry.simulator("acme")

    def test_one_module_may_serve_two_entry_points_of_its_distribution(self, shelf):
        """
        A carrier with two products ships them in one distribution.
        """
        body = """
@hookimpl
def doorstep_register_providers(register):
    for name in ("acme", "acme_express"):
        register(ProviderSpec(name=name, settings=Settings, build=build))

@hookimpl
def doorstep_call(summary):
    pass
"""
        module = "shelved_doorstep_acme"
        entry = f"[doorstep]\nacme = {module}\nacme_express = {module}\n"
        shelf.put("acme", body=body, entry=entry)
        registry = Registry()

        assert "acme" == registry.provider("acme").name
        assert "acme_express" == registry.provider("acme_express").name
        assert 1 == len(registry.observers())

    def test_threads_that_ask_at_once_import_once(self, shelf):
        """
        However many threads ask, the hook is called once and all get its answer.
        """
        body = """
import time
calls = []

@hookimpl
def doorstep_register_providers(register):
    calls.append(1)
    time.sleep(0.01)
    register(ProviderSpec(name="acme", settings=Settings, build=build))
"""
        shelf.put("acme", body=body)
        registry, found = Registry(), []
        threads = [
            threading.Thread(target=lambda: found.append(registry.provider("acme")))
            for _ in range(16)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert 16 == len(found)
        assert 1 == len({id(spec) for spec in found})


class TestBrokenPlugins:
    def test_f120_plugin_that_hangs_at_import_holds_up_no_other(self, shelf):
        """
        While one plugin is stuck in its import, the others are found and used.
        """
        shelf.put("acme")
        shelf.put("bolt", body="import shelved_gate\nshelved_gate.reached()\n" + PROVIDER)
        gate = sys.modules["shelved_gate"] = ModuleType("shelved_gate")
        stuck, go_on = threading.Event(), threading.Event()
        gate.reached = lambda: stuck.set() or go_on.wait(10)
        registry, found = Registry(), []
        thread = threading.Thread(target=lambda: found.append(registry.provider("bolt")))
        thread.start()
        try:
            assert stuck.wait(10)
            assert "acme" == registry.provider("acme").name
            assert [] == found
        finally:
            go_on.set()
            thread.join()

        assert ["bolt"] == [one.name for one in found]

    def test_f119_plugin_that_raises_is_named_and_the_others_work(self, shelf):
        """
        An error at import is one plugin's, with its version, type and line.
        """
        shelf.put("acme")
        error = _error(shelf, 'raise RuntimeError("boom")')

        assert str(error).startswith(
            "doorstep-bolt 0.3.0 failed to load: RuntimeError at shelved_doorstep_bolt line 14; "
            "the other providers are not affected"
        )
        assert error.__cause__ is None
        assert error.__context__ is None
        assert "acme" == Registry().provider("acme").name

    @pytest.mark.parametrize(
        ("raised", "told"),
        [
            ("import no_such_library", r"ModuleNotFoundError \(no module named 'no_such_library'"),
            ("raise SystemExit(3)", "SystemExit"),
            ("raise BaseException", "BaseException"),
            ("class Odd(BaseException): pass\nraise Odd", "Odd"),
            ("1 +", "SyntaxError"),
        ],
    )
    def test_f121_anything_raised_at_import_is_a_load_error(self, shelf, raised, told):
        """
        Nobody asked the process to leave: SystemExit is a failure to load as well.
        """
        assert_matches(told, _error(shelf, raised))

    @pytest.mark.parametrize("raised", ["RuntimeError", "SystemExit", "BaseException"])
    def test_f121_anything_raised_while_registering_is_a_load_error(self, shelf, raised):
        """
        A hook that raises is named, with the hook.
        """
        body = f"@hookimpl\ndef doorstep_register_providers(register):\n    raise {raised}\n"

        assert_matches(f"failed in doorstep_register_providers: {raised}", _error(shelf, body))

    @pytest.mark.parametrize(
        "where", ["", "@hookimpl\ndef doorstep_register_providers(register):\n  "]
    )
    def test_f121_keyboard_interrupt_passes_and_leaves_the_registry_usable(self, shelf, where):
        """
        Ctrl-C is the user's; afterwards the plugin can be asked for again.
        """
        body = f"import builtins\n{where}raise getattr(builtins, 'interrupt', KeyboardInterrupt)\n"
        shelf.put("bolt", body=body)
        registry = Registry()
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                registry.provider("bolt")

    def test_f119_load_all_names_the_broken_and_returns_the_rest(self, shelf):
        """
        A listing shows every plugin: what it registers, or why it cannot be used.
        """
        shelf.put("acme")
        shelf.put("bolt", body="raise RuntimeError")
        shelf.put("crow", body="doorstep_api_version = 2")
        shelf.put("dove", body="")
        reports = {report.name: report for report in Registry().load_all()}

        assert "acme" == reports["acme"].provider.name
        assert ("doorstep-bolt", "1.0") == (reports["bolt"].distribution, reports["bolt"].version)
        assert isinstance(reports["bolt"].error, ProviderLoadError)
        assert isinstance(reports["crow"].error, IncompatibleProviderError)
        assert (None, None) == (reports["dove"].provider, reports["dove"].error)

    def test_failed_plugin_raises_a_new_error_each_time(self, shelf):
        """
        The import is not tried again, and no error collects the tracebacks of others.
        """
        shelf.put("bolt", body="raise RuntimeError")
        registry, errors = Registry(), []
        for _ in range(2):
            with pytest.raises(ProviderLoadError) as caught:
                registry.provider("bolt")
            errors.append(caught.value)

        assert errors[0] is not errors[1]
        assert str(errors[0]) == str(errors[1])


class TestMisfits:
    @pytest.mark.parametrize(
        ("stated", "told"),
        [
            ("doorstep_api_version = 2", "built for plugin API 2, this doorstep has 1"),
            ("doorstep_api_version = 0", "built for plugin API 0, this doorstep has 1"),
            ("del doorstep_api_version", "does not say .* this doorstep has 1"),
            ("doorstep_api_version = '1'", "does not say .* this doorstep has 1"),
            ("doorstep_api_version = True", "does not say .* this doorstep has 1"),
        ],
    )
    def test_f122_plugin_for_another_api_is_refused_with_both_versions(self, shelf, stated, told):
        """
        Both versions and the distribution are named, before any hook is called.
        """
        error = _error(shelf, stated, IncompatibleProviderError)

        assert_matches(f"doorstep-bolt 0.3.0 .*{told}", error)
        assert 1 == error.params["api_version"]

    def test_misspelt_hook_is_reported_with_the_right_name(self, shelf):
        """
        A hook that does not exist would never be called: it is refused at once.
        """
        body = "@hookimpl\ndef doorstep_register_provider(register): pass\n"

        assert_matches(
            "unknown hook 'doorstep_register_provider', did you mean 'doorstep_register_providers'",
            _error(shelf, body),
        )

    def test_wrong_hook_argument_is_reported_with_the_right_one(self, shelf):
        """
        The message names the argument and what the hook gives.
        """
        body = "@hookimpl\ndef doorstep_exchange(exchanges): pass\n"

        assert_matches(
            "takes exchanges in doorstep_exchange, which gives exchange", _error(shelf, body)
        )

    def test_hook_of_the_wrong_kind_is_refused(self, shelf):
        """
        What pluggy does not take for another reason is a load error too.
        """
        body = "@hookimpl(wrapper=True)\ndef doorstep_exchange(exchange): pass\n"

        assert_matches("in a way that pluggy does not take", _error(shelf, body))

    def test_optional_hook_that_does_not_exist_is_let_pass(self, shelf):
        """
        A plugin may say that a hook of another release is optional.
        """
        body = "@hookimpl(optionalhook=True)\ndef doorstep_later(x): pass\n" + PROVIDER
        shelf.put("bolt", body=body)
        shelf.put("crow", body=body + "@hookimpl\ndef doorstep_cal(summary): pass\n")
        registry = Registry()

        assert "bolt" == registry.provider("bolt").name
        with pytest.raises(ProviderLoadError) as caught:
            registry.load("crow")
        assert "doorstep_cal" in str(caught.value)
        assert "doorstep_later" not in str(caught.value)

    @pytest.mark.parametrize(
        ("registered", "told"),
        [
            ("object()", r"must register a ProviderSpec .* \(got object\)"),
            ("None", r"must register a ProviderSpec .* \(got NoneType\)"),
            (
                "SimulatorSpec(name='bolt', options=Settings, build=build)",
                r"\(got SimulatorSpec\)",
            ),
            (
                "ProviderSpec(name='bold', settings=Settings, build=build)",
                "named 'bold', its entry point is 'bolt'",
            ),
            ("ProviderSpec(name='Bolt', settings=Settings, build=build)", "ValueError at"),
            ("ProviderSpec(name='bolt', settings=int, build=build)", "TypeError at"),
        ],
    )
    def test_f121_wrong_registration_is_refused(self, shelf, registered, told):
        """
        What is registered has the right type and the name of its entry point.
        """
        body = (
            f"@hookimpl\ndef doorstep_register_providers(register):\n    register({registered})\n"
        )

        assert_matches(told, _error(shelf, body))

    def test_two_providers_of_one_name_in_a_plugin_are_refused(self, shelf):
        """
        No plugin decides silently which of its own two is meant.
        """
        spec = "register(ProviderSpec(name='bolt', settings=Settings, build=build))"
        body = f"@hookimpl\ndef doorstep_register_providers(register):\n    {spec}\n    {spec}\n"

        assert_matches("named 'bolt' twice", _error(shelf, body))
