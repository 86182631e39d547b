"""
Acme for doorstep: found by ``doorstep.connect("acme")``.

Keep this module light: it is imported whenever the plugin is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from doorstep import hookimpl

if TYPE_CHECKING:
    from doorstep.hookspecs import ProviderSpec, SimulatorSpec

__all__: list[str] = []

doorstep_api_version = 1


@hookimpl
def doorstep_register_providers(register: Callable[[ProviderSpec[Any]], None]) -> None:
    """
    Register the provider.
    """
    from doorstep.hookspecs import ProviderSpec
    from doorstep_acme._provider import AcmeProvider
    from doorstep_acme._settings import AcmeSettings

    register(ProviderSpec(name="acme", settings=AcmeSettings, build=AcmeProvider))


@hookimpl
def doorstep_register_simulators(register: Callable[[SimulatorSpec[Any]], None]) -> None:
    """
    Register the simulator, which needs the extra ``simulator``.
    """
    from doorstep.hookspecs import SimulatorSpec
    from doorstep_acme.simulator import AcmeOptions, AcmeServer

    register(SimulatorSpec(name="acme", options=AcmeOptions, build=AcmeServer))
