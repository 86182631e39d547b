"""
The hooks of doorstep, and the values that plugins register with them.

A plugin is a distribution with an entry point in the group ``doorstep``, named as
its provider is named. The module behind it says which version of these hooks it
was built for, and registers::

    from doorstep import hookimpl

    doorstep_api_version = 1

    @hookimpl
    def doorstep_register_providers(register):
        from doorstep.hookspecs import ProviderSpec
        from doorstep_acme._provider import AcmeProvider, AcmeSettings

        register(ProviderSpec(name="acme", settings=AcmeSettings, build=AcmeProvider))

Keep that module light: it is imported whenever the plugin is asked for, for
whatever reason. Each hook is called only when its answer is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar, runtime_checkable

import attrs
import pluggy

if TYPE_CHECKING:
    from cyclopts import App

    from doorstep.http import CallSummary, Exchange
    from doorstep.provider import Provider
    from doorstep.tracking import Change

__all__ = [
    "API_VERSION",
    "CommandSpec",
    "ProviderSpec",
    "Simulator",
    "SimulatorSpec",
    "hookimpl",
    "hookspec",
]

#: The version of the hooks, and of what they register. A plugin built for another
#: one is refused; its module says which by ``doorstep_api_version``.
API_VERSION: Final = 1

hookspec = pluggy.HookspecMarker("doorstep")
hookimpl = pluggy.HookimplMarker("doorstep")

S = TypeVar("S")
O = TypeVar("O")  # noqa: E741  # options, as S is settings

# Without doubled underscores, so that every environment variable has one reading.
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_COMMAND = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST = 64


def _named(pattern: re.Pattern[str], rule: str) -> Callable[[Any, attrs.Attribute[Any], Any], None]:
    def check(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if type(value) is not str or not pattern.fullmatch(value) or len(value) > _LONGEST:
            msg = f"{type(instance).__name__}.{attribute.name} must be {rule} (got {value!r:.80})"
            raise ValueError(msg)

    return check


_provider_name = _named(_NAME, "lower-case letters and digits, single _ between them")
_command_name = _named(_COMMAND, "lower-case letters and digits, single - between them")


def _attrs_class(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    if not (isinstance(value, type) and attrs.has(value)):
        msg = f"{type(instance).__name__}.{attribute.name} must be an attrs class"
        raise TypeError(msg)


@runtime_checkable
class Simulator(Protocol):
    """
    A carrier's simulator: a real server on this machine.
    """

    @property
    def base_url(self) -> str:
        """
        Where it listens, once started.
        """

    def credentials(self) -> Mapping[str, str | Sequence[str]]:
        """
        Return the provider's settings that it accepts, by field name; a list where
        the setting is one.
        """

    def start(self) -> object:
        """
        Listen, in threads of its own.
        """

    def stop(self) -> None:
        """
        Stop listening and end its threads.
        """


@attrs.frozen(kw_only=True)
class ProviderSpec(Generic[S]):
    """
    A provider, as a plugin registers it.

    Args:
        name:
            What shops ask for. It is also the name of the entry point.

        settings:
            An attrs class. Its fields are the settings of an account, its
            validators the rules for them.

        build:
            Makes the provider of one account, from the account's name and its
            settings. It must not use the network.

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_provider_name)
    settings: type[S] = attrs.field(validator=_attrs_class)
    build: Callable[[str, S], Provider] = attrs.field(
        validator=attrs.validators.is_callable(), repr=False
    )


@attrs.frozen(kw_only=True)
class SimulatorSpec(Generic[O]):
    """
    A carrier's simulator, as a plugin registers it.

    Args:
        name:
            The name of the provider that can be pointed at it.

        options:
            An attrs class. Its fields become options of the command line.

        build:
            Makes the simulator, not yet started.

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_provider_name)
    options: type[O] = attrs.field(validator=_attrs_class)
    build: Callable[[O], Simulator] = attrs.field(
        validator=attrs.validators.is_callable(), repr=False
    )


@attrs.frozen(kw_only=True)
class CommandSpec:
    """
    A command of the command line, shown under the plugin's name.

    Args:
        name:
            The word after the plugin's name: ``doorstep acme sync-menu``.

        load:
            Returns the cyclopts application. It is called only when the command
            is used or its help is shown, so that listing commands stays cheap.

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_command_name)
    load: Callable[[], App] = attrs.field(validator=attrs.validators.is_callable(), repr=False)


@hookspec
def doorstep_register_providers(register: Callable[[ProviderSpec[Any]], None]) -> None:
    """
    Call *register* with a :class:`ProviderSpec`.
    """


@hookspec
def doorstep_register_simulators(register: Callable[[SimulatorSpec[Any]], None]) -> None:
    """
    Call *register* with a :class:`SimulatorSpec`.
    """


@hookspec
def doorstep_register_commands(register: Callable[[CommandSpec], None]) -> None:
    """
    Call *register* with each :class:`CommandSpec`.
    """


@hookspec
def doorstep_exchange(exchange: Exchange) -> None:
    """
    Observe one request and its answer, already redacted.

    Called after every attempt, in the thread that made it. What it raises is
    reported and never breaks a delivery; its time is measured.
    """


@hookspec
def doorstep_call(summary: CallSummary) -> None:
    """
    Observe one finished operation: how long it took, how it ended.
    """


@hookspec
def doorstep_delivery_changed(change: Change) -> None:
    """
    Hear what one observation did to the state of a delivery.

    A client with a store calls it for each answer and each event that was not
    known before. What it raises is reported and never breaks a delivery.
    """
