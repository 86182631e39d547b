"""
The registry: plugins by name, each imported only when asked for.
"""

from __future__ import annotations

import difflib
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import attrs

from doorstep.errors import DuplicateProviderError, NoSuchProviderError, PluginError
from doorstep.hookspecs import CommandSpec, ProviderSpec, SimulatorSpec
from doorstep.registry._failure import Failure
from doorstep.registry._installed import Candidate, InstalledPlugin, find, normalised
from doorstep.registry._plugin import (
    Origin,
    Plugin,
    PluginObserver,
    PluginReport,
    load,
    open_plugin,
)

__all__ = ["Registry", "default_registry"]

T = TypeVar("T")
Spec = TypeVar("Spec", ProviderSpec[Any], SimulatorSpec[Any])


class _Slot:
    """
    The place of one plugin. Its lock lets a slow import hold up nobody else.
    """

    def __init__(self, origin: Origin, entry: Callable[[], object] | None = None) -> None:
        self.lock = threading.RLock()
        self.origin = origin
        self.entry = entry
        self.outcome: Plugin | Failure | None = None

    def open(self) -> Plugin | Failure:
        with self.lock:
            if self.outcome is None and self.entry is not None:
                self.outcome = load(self.entry, self.origin)
            return self.outcome or self.origin.failure("was not loaded")


class Registry:
    """
    Find plugins by the entry points of the group ``doorstep``, one by one.

    Only the plugin that is asked for is imported. A plugin that cannot be used is
    named by the error, and the others work. What was found and loaded is kept:
    for what is installed later, make a new registry. Threads may share one.

    Args:
        allow:
            The names that may be used, each with the distribution it must come
            from. Nothing else is ever imported. None allows every installed
            plugin, when it is asked for by its name.

    .. versionadded:: 0.1.0
    """

    def __init__(self, allow: Mapping[str, str] | None = None) -> None:
        self._allow = None if allow is None else {n: normalised(d) for n, d in allow.items()}
        self._lock = threading.RLock()
        self._found: dict[str, tuple[Candidate, ...]] | None = None
        self._slots: dict[str, _Slot] = {}
        self._specs: dict[tuple[type, str], Any] = {}

    def names(self) -> tuple[str, ...]:
        """
        Return the names of all plugins, allowed or not, sorted. Imports nothing.
        """
        with self._lock:
            own = {name for _, name in self._specs} | self._slots.keys()
            return tuple(sorted(own.union(self._candidates())))

    def installed(self) -> tuple[InstalledPlugin, ...]:
        """
        Return every installed plugin, one entry for each claim to a name. Imports nothing.
        """
        return tuple(
            InstalledPlugin(
                name=one.name,
                distribution=one.distribution,
                version=one.version,
                allowed=one.allowed_by(self._allow),
            )
            for candidates in self._candidates().values()
            for one in candidates
        )

    def provider(self, name: str) -> ProviderSpec[Any]:
        """
        Return the provider *name*, importing its plugin if need be.

        Raises:
            doorstep.errors.NoSuchProviderError:
                Nothing of that name is installed, or it is not allowed.

            doorstep.errors.DuplicateProviderError:
                Two distributions claim the name. Neither was imported.

            doorstep.errors.IncompatibleProviderError:
                The plugin was built for another version of the plugin API.

            doorstep.errors.ProviderLoadError:
                The plugin raised, or registers what it must not.
        """
        return self._spec(ProviderSpec, name, "provider", Plugin.providers)

    def simulator(self, name: str) -> SimulatorSpec[Any]:
        """
        Return the simulator for the provider *name*. Raises as :meth:`provider` does.
        """
        return self._spec(SimulatorSpec, name, "simulator", Plugin.simulators)

    def commands(self, name: str) -> tuple[CommandSpec, ...]:
        """
        Return the commands of the plugin *name*. Raises as :meth:`provider` does.
        """
        return _good(self._plugin(name).commands())

    def load(self, name: str) -> None:
        """
        Import the plugin *name* for what it observes. Raises as :meth:`provider` does.
        """
        self._plugin(name)

    def load_all(self) -> tuple[PluginReport, ...]:
        """
        Import every allowed plugin; report what each registers or why it cannot be used.
        """
        return tuple(self._report(name) for name in self.names())

    def observers(self) -> tuple[PluginObserver, ...]:
        """
        Return the observers of the plugins that are loaded by now, by name.
        """
        with self._lock:
            outcomes = [slot.outcome for _, slot in sorted(self._slots.items())]
        plugins = {id(one.content): one for one in outcomes if isinstance(one, Plugin)}
        found = (plugin.observer() for plugin in plugins.values())
        return tuple(observer for observer in found if observer is not None)

    def register(self, spec: ProviderSpec[Any] | SimulatorSpec[Any]) -> None:
        """
        Add a provider or simulator of this process, which needs no distribution.

        It is taken before an installed one of that name: the shop's own code said so.

        Raises:
            doorstep.errors.DuplicateProviderError:
                This process has registered one of that name already.
        """
        if type(spec) not in (ProviderSpec, SimulatorSpec):
            msg = f"spec must be a ProviderSpec or a SimulatorSpec (got {type(spec).__name__})"
            raise TypeError(msg)
        with self._lock:
            key = (type(spec), spec.name)
            if key in self._specs:
                raise _twice(spec.name)
            self._specs[key] = spec

    def register_plugin(self, plugin: object, name: str) -> None:
        """
        Add an object or module with hooks as the plugin *name* of this process.

        Raises:
            doorstep.errors.DuplicateProviderError:
                A plugin of that name is loaded already.

            doorstep.errors.ProviderLoadError:
                Its hooks are not those that exist.
        """
        slot = _Slot(Origin(name=name, label=f"plugin {name!r}", package="", names=(name,)))
        slot.outcome = _good(open_plugin(plugin, slot.origin))
        with self._lock:
            if name in self._slots:
                raise _twice(name)
            self._slots[name] = slot

    def _candidates(self) -> dict[str, tuple[Candidate, ...]]:
        with self._lock:
            if self._found is None:
                self._found = find()
            return self._found

    def _spec(
        self,
        kind: type[Spec],
        name: str,
        word: str,
        ask: Callable[[Plugin], tuple[Spec, ...] | Failure],
    ) -> Spec:
        with self._lock:
            own: Spec | None = self._specs.get((kind, name))
        if own is not None:
            return own
        plugin = self._plugin(name)
        for spec in _good(ask(plugin)):
            if spec.name == name:
                return spec
        what = f"{plugin.origin.label} has no {word} named {name!r}"
        raise NoSuchProviderError(what, params={"name": name})

    def _plugin(self, name: str) -> Plugin:
        with self._lock:
            slot = self._slots.get(name)
            if slot is None:
                chosen = _good(self._choose(name))
                slot = _Slot(self._origin(chosen), chosen.entry_point.load)
                self._slots[name] = slot
        return _good(slot.open())

    def _choose(self, name: str) -> Candidate | Failure:
        candidates = self._candidates().get(name, ())
        allowed = [one for one in candidates if one.allowed_by(self._allow)]
        if len(allowed) == 1:
            return allowed[0]
        if not candidates:
            return self._unknown(name)
        named = tuple(str(one) for one in allowed or candidates)
        params = {"name": name, "distributions": named}
        if allowed:
            what = f"{' and '.join(named)} claim the name {name!r}"
            return Failure(DuplicateProviderError, what, params=params)
        what = f"provider {name!r} is installed by {' and '.join(named)}, which is not allowed"
        advice = "allow the name with that distribution if you trust it"
        return Failure(NoSuchProviderError, what, advice, params)

    def _origin(self, chosen: Candidate) -> Origin:
        every = (one for candidates in self._candidates().values() for one in candidates)
        names = {chosen.name} | {one.name for one in every if str(one) == str(chosen)}
        return Origin(name=chosen.name, label=str(chosen), package=chosen.package, names=names)

    def _unknown(self, name: str) -> Failure:
        known = self.names()
        listed = "installed: " + ", ".join(map(repr, known)) if known else "none is installed"
        near = difflib.get_close_matches(name, known, 1)
        advice = f"did you mean {near[0]!r}?" if near else "install the plugin's distribution"
        if self._allow and name in self._allow:
            advice = f"install {self._allow[name]!r}, which is allowed but not there"
        what = f"no provider named {name[:64]!r} ({listed})"
        return Failure(NoSuchProviderError, what, advice, {"name": name, "installed": known})

    def _report(self, name: str) -> PluginReport:
        report = PluginReport(name=name, provider=self._specs.get((ProviderSpec, name)))
        if name not in self._candidates() and name not in self._slots:
            return report
        chosen = self._choose(name)
        if isinstance(chosen, Candidate):
            report = attrs.evolve(report, distribution=chosen.distribution, version=chosen.version)
        try:
            if report.provider is None and _good(self._plugin(name).providers()):
                report = attrs.evolve(report, provider=self.provider(name))
        except PluginError as error:
            report = attrs.evolve(report, error=error.with_traceback(None))
        return report


def _good(outcome: T | Failure) -> T:
    if isinstance(outcome, Failure):
        raise outcome.error()
    return outcome


def _twice(name: str) -> DuplicateProviderError:
    what = f"this process registered {name!r} twice"
    return DuplicateProviderError(what, advice="use another registry", params={"name": name})


_defaults: dict[frozenset[tuple[str, str]] | None, Registry] = {}
_defaults_lock = threading.Lock()


def default_registry(allow: Mapping[str, str] | None = None) -> Registry:
    """
    Return the registry of this process for one allow-list, making it at first.
    """
    key = None if allow is None else frozenset((n, normalised(d)) for n, d in allow.items())
    with _defaults_lock:
        return _defaults.setdefault(key, Registry(allow))
