"""
Importing one plugin, and asking it what it has.

Whatever a plugin does here ends as a value, a :class:`Failure` if need be: no
frame of the plugin stays reachable from the error that is raised later.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
import pluggy

from doorstep import hookspecs
from doorstep.errors import IncompatibleProviderError, PluginError, ProviderLoadError
from doorstep.hookspecs import API_VERSION, CommandSpec, ProviderSpec, SimulatorSpec
from doorstep.registry._failure import Failure, describe
from doorstep.registry._misfits import misfits

if TYPE_CHECKING:
    from doorstep.http import CallSummary, Exchange
    from doorstep.tracking import Change

__all__ = ["PluginObserver", "Origin", "Plugin", "PluginReport", "load", "open_plugin"]

Spec = TypeVar("Spec", ProviderSpec[Any], SimulatorSpec[Any], CommandSpec)


@attrs.frozen(kw_only=True)
class PluginObserver:
    """
    What one plugin wants to see; None is what it does not.

    It can be handed to a client as it is. The functions may raise and may be slow:
    their caller guards and times them.
    """

    plugin: str
    exchange: Callable[[Exchange], object] | None = None
    call: Callable[[CallSummary], object] | None = None
    on_change: Callable[[Change], object] | None = None

    @property
    def name(self) -> str:
        """
        What reports about it say: its plugin.
        """
        return self.plugin

    def on_exchange(self, exchange: Exchange) -> None:
        """
        Show it *exchange*, if it wants to see exchanges.
        """
        if self.exchange is not None:
            self.exchange(exchange)

    def on_call(self, summary: CallSummary) -> None:
        """
        Show it *summary*, if it wants to see calls.
        """
        if self.call is not None:
            self.call(summary)


@attrs.frozen(kw_only=True)
class PluginReport:
    """
    What became of loading one plugin.

    Args:
        distribution, version:
            Empty for what was registered in this process, and for a conflict.

        provider:
            Its provider; None when it has none, or on error.

        error:
            Why it cannot be used.
    """

    name: str
    distribution: str = ""
    version: str = ""
    provider: ProviderSpec[Any] | None = None
    error: PluginError | None = None


@attrs.frozen(kw_only=True)
class Origin:
    """
    Where a plugin comes from.

    Args:
        label:
            Its distribution with version, as messages name it.

        package:
            Its top-level package.

        names:
            What it may register: the names of its distribution's entry points.
    """

    name: str
    label: str
    package: str
    names: Collection[str]

    def failure(
        self,
        what: str,
        advice: str = "the other providers are not affected",
        kind: type[PluginError] = ProviderLoadError,
        **params: Any,
    ) -> Failure:
        """
        Return what went wrong with this plugin.
        """
        text = f"{self.label} {what}"
        return Failure(kind, text, advice, {"name": self.name, "plugin": self.label, **params})

    def raised(self, doing: str, error: BaseException) -> Failure:
        """
        Return the failure for something that the plugin raised.
        """
        advice = "the other providers are not affected"
        if self.package.isidentifier():
            advice += f"; what it says itself shows when you import {self.package}"
        return self.failure(f"{doing}: {describe(error, self.package)}", advice)


class Plugin:
    """
    A plugin that was imported and whose hooks fit.

    Its hooks for providers, simulators and commands are called when first asked
    for, each by itself: a simulator that lacks an extra is no fault of the provider.
    """

    def __init__(self, origin: Origin, content: object, manager: pluggy.PluginManager) -> None:
        self.origin = origin
        self.content = content
        self._hooks = manager.hook
        self._lock = threading.RLock()
        self._answers: dict[str, Any] = {}

    def providers(self) -> tuple[ProviderSpec[Any], ...] | Failure:
        """
        Return the providers that it registers.
        """
        return self._ask("doorstep_register_providers", ProviderSpec)

    def simulators(self) -> tuple[SimulatorSpec[Any], ...] | Failure:
        """
        Return the simulators that it registers.
        """
        return self._ask("doorstep_register_simulators", SimulatorSpec)

    def commands(self) -> tuple[CommandSpec, ...] | Failure:
        """
        Return the commands that it registers.
        """
        return self._ask("doorstep_register_commands", CommandSpec)

    def observer(self) -> PluginObserver | None:
        """
        Return what it observes, or None.
        """
        hooks, seen = self._hooks, {}
        if hooks.doorstep_exchange.get_hookimpls():
            seen["exchange"] = lambda exchange: hooks.doorstep_exchange(exchange=exchange)
        if hooks.doorstep_call.get_hookimpls():
            seen["call"] = lambda summary: hooks.doorstep_call(summary=summary)
        if hooks.doorstep_delivery_changed.get_hookimpls():
            seen["on_change"] = lambda change: hooks.doorstep_delivery_changed(change=change)
        return PluginObserver(plugin=self.origin.label, **seen) if seen else None

    def _ask(self, hook: str, kind: type[Spec]) -> tuple[Spec, ...] | Failure:
        with self._lock:
            if hook not in self._answers:
                self._answers[hook] = self._call(hook, kind)
            answer: tuple[Spec, ...] | Failure = self._answers[hook]
            return answer

    def _call(self, hook: str, kind: type[Spec]) -> tuple[Spec, ...] | Failure:
        registered: list[Any] = []
        try:
            getattr(self._hooks, hook)(register=registered.append)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  # SystemExit too: nobody asked to leave
            return self.origin.raised(f"failed in {hook}", error)
        for spec in registered:
            if not isinstance(spec, kind):
                got = f"(got {type(spec).__name__})"
                return self.origin.failure(f"must register a {kind.__name__} in {hook} {got}")
        return self._named(tuple(registered), kind)

    def _named(self, specs: tuple[Spec, ...], kind: type[Spec]) -> tuple[Spec, ...] | Failure:
        names = [spec.name for spec in specs]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            return self.origin.failure(f"registers a {kind.__name__} named {min(twice)!r} twice")
        foreign = set(names) - set(self.origin.names)
        if foreign and kind is not CommandSpec:
            entry = ", ".join(map(repr, sorted(self.origin.names)))
            what = f"registers a {kind.__name__} named {min(foreign)!r}, its entry point is {entry}"
            return self.origin.failure(what)
        return specs


def load(entry: Callable[[], object], origin: Origin) -> Plugin | Failure:
    """
    Import a plugin by *entry* and return it, or why it cannot be used.
    """
    try:
        content = entry()
        built_for = getattr(content, "doorstep_api_version", None)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  # SystemExit too: nobody asked to leave
        return origin.raised("failed to load", error)
    return _incompatible(origin, built_for) or open_plugin(content, origin)


def open_plugin(content: object, origin: Origin) -> Plugin | Failure:
    """
    Return the plugin that *content* implements, if its hooks are those that exist.
    """
    manager = pluggy.PluginManager("doorstep")
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(content, origin.name)
        manager.check_pending()
    except KeyboardInterrupt:
        raise
    except pluggy.PluginValidationError:
        return origin.failure(misfits(manager, content))
    except BaseException as error:  # noqa: BLE001  # an object may do anything when looked at
        return origin.raised("failed to load", error)
    return Plugin(origin, content, manager)


def _incompatible(origin: Origin, built_for: object) -> Failure | None:
    if type(built_for) is int and built_for == API_VERSION:
        return None
    theirs = built_for if type(built_for) is int else None
    if theirs is None:
        what = f"does not say which plugin API it was built for, this doorstep has {API_VERSION}"
        advice = f"set doorstep_api_version = {API_VERSION} in its module"
    else:
        what = f"was built for plugin API {theirs}, this doorstep has {API_VERSION}"
        advice = "install releases of doorstep and of the plugin that fit"
    kind = IncompatibleProviderError
    return origin.failure(what, advice, kind, built_for=theirs, api_version=API_VERSION)
