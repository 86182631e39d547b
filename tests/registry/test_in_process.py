"""
What observes, and what a process registers without a distribution.
"""

from __future__ import annotations

from types import SimpleNamespace

import attrs
import pytest

from doorstep.errors import DuplicateProviderError, ProviderLoadError
from doorstep.hookspecs import CommandSpec, ProviderSpec, SimulatorSpec, hookimpl
from doorstep.http._observe import Observers
from doorstep.registry import Registry


@attrs.frozen
class Plain:
    pass


def build(*_):
    return None


class Watcher:
    @hookimpl
    def doorstep_call(self, summary):
        raise ZeroDivisionError


class TestObservers:
    def test_observers_are_those_of_loaded_plugins(self, shelf):
        """
        Only what was loaded observes, and only by the hooks that it has.
        """
        body = "seen = []\n@hookimpl\ndef doorstep_exchange(exchange):\n    seen.append(exchange)\n"
        shelf.put("otel", body=body)
        shelf.put("acme")
        registry = Registry()

        assert () == registry.observers()
        registry.load("otel")
        registry.load("acme")
        (observer,) = registry.observers()
        observer.exchange("an exchange")
        observer.on_exchange("another")
        observer.on_call("unseen")

        assert "doorstep-otel 1.0" == observer.plugin == observer.name
        assert observer.call is None
        import shelved_doorstep_otel

        assert ["an exchange", "another"] == shelved_doorstep_otel.seen

    def test_f120_hook_that_hangs_is_named_with_its_time(self, shelf, caplog, monkeypatch):
        """
        A plugin whose hook takes long is reported once, with its distribution and its time.
        """
        now = iter([0.0, 0.3, 1.0, 2.0])
        clock = SimpleNamespace(perf_counter=lambda: next(now))
        monkeypatch.setattr("doorstep.http._observe.time", clock)
        shelf.put("otel", body="@hookimpl\ndef doorstep_call(summary):\n    pass\n")
        registry = Registry()
        registry.load("otel")
        observers = Observers(registry.observers())
        with caplog.at_level("WARNING", "doorstep"):
            observers.call("a summary")
            observers.call("another")

        assert ["observer doorstep-otel 1.0 took 300 ms; calls wait for it"] == caplog.messages

    def test_observer_lets_the_error_of_a_hook_pass(self):
        """
        Guarding and timing an observer is its caller's work.
        """
        registry = Registry()
        registry.register_plugin(Watcher(), "watcher")
        (observer,) = registry.observers()
        with pytest.raises(ZeroDivisionError):
            observer.call("summary")
        with pytest.raises(ZeroDivisionError):
            observer.on_call("summary")


class TestInProcess:
    def test_registered_spec_needs_no_distribution(self, shelf):
        """
        A shop's own provider and a test's fake are added by hand, allow-list or not.
        """
        registry = Registry(allow={})
        provider = ProviderSpec(name="acme", settings=Plain, build=build)
        simulator = SimulatorSpec(name="bolt", options=Plain, build=build)
        registry.register(provider)
        registry.register(simulator)

        assert provider is registry.provider("acme")
        assert simulator is registry.simulator("bolt")
        assert ("acme", "bolt") == registry.names()
        assert [provider, None] == [one.provider for one in registry.load_all()]
        assert [None, None] == [one.error for one in registry.load_all()]

    def test_registered_spec_comes_before_an_installed_one(self, shelf):
        """
        What the shop's own code says counts; the installed plugin is not imported.
        """
        shelf.put("acme")
        registry = Registry()
        registry.register(ProviderSpec(name="acme", settings=Plain, build=build))
        registry.provider("acme")

        assert [] == shelf.imported()

    def test_registering_a_name_twice_is_refused(self, shelf):
        """
        Two fakes of one name are a mistake.
        """
        registry = Registry()
        registry.register(ProviderSpec(name="acme", settings=Plain, build=build))
        with pytest.raises(DuplicateProviderError, match="'acme' twice"):
            registry.register(ProviderSpec(name="acme", settings=Plain, build=build))
        registry.register_plugin(Watcher(), "watcher")
        with pytest.raises(DuplicateProviderError, match="'watcher' twice"):
            registry.register_plugin(Watcher(), "watcher")

    def test_registering_something_else_is_refused(self):
        """
        Commands and other things are registered by a plugin, not one by one.
        """
        with pytest.raises(TypeError, match="got CommandSpec"):
            Registry().register(CommandSpec(name="check", load=build))

    def test_registered_plugin_with_a_misspelt_hook_is_refused(self):
        """
        A plugin without a distribution is checked as the others are.
        """

        class Misspelt:
            @hookimpl
            def doorstep_calls(self, summary):
                pass

        with pytest.raises(
            ProviderLoadError, match=r"plugin 'odd' .* did you mean 'doorstep_call'"
        ):
            Registry().register_plugin(Misspelt(), "odd")

    @pytest.mark.parametrize("raised", [RuntimeError, SystemExit, KeyboardInterrupt])
    def test_f121_object_that_raises_when_looked_at_is_refused(self, raised):
        """
        Even listing its attributes may run foreign code; only Ctrl-C passes.
        """

        class Hostile:
            def __dir__(self):
                raise raised

        expected = KeyboardInterrupt if raised is KeyboardInterrupt else ProviderLoadError
        with pytest.raises(expected):
            Registry().register_plugin(Hostile(), "odd")

    def test_plugin_that_observes_nothing_is_shown_nothing(self):
        """
        An observer is asked only for what it has a hook for.
        """
        registry = Registry()
        registry.register_plugin(Watcher(), "watcher")
        (observer,) = registry.observers()

        assert observer.exchange is None
        assert observer.on_exchange("exchange") is None
