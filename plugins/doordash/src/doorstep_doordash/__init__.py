"""
DoorDash Drive for doorstep: found by ``doorstep.connect("doordash")``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from doorstep import hookimpl

if TYPE_CHECKING:
    from doorstep.hookspecs import ProviderSpec, SimulatorSpec
    from doorstep_doordash._extension import DoorDashExtension as DoorDashExtension
    from doorstep_doordash._extension import Vehicle as Vehicle

__all__ = ["DoorDashExtension", "Vehicle"]

doorstep_api_version = 1


@hookimpl
def doorstep_register_providers(register: Callable[[ProviderSpec[Any]], None]) -> None:
    """
    Register the provider.
    """
    from doorstep.hookspecs import ProviderSpec
    from doorstep_doordash._provider import DoorDashProvider
    from doorstep_doordash._settings import DoorDashSettings

    register(ProviderSpec(name="doordash", settings=DoorDashSettings, build=DoorDashProvider))


@hookimpl
def doorstep_register_simulators(register: Callable[[SimulatorSpec[Any]], None]) -> None:
    """
    Register the simulator, which needs the extra ``simulator``.
    """
    from doorstep.hookspecs import SimulatorSpec
    from doorstep_doordash.simulator import DriveOptions, DriveServer

    register(SimulatorSpec(name="doordash", options=DriveOptions, build=DriveServer))


def __getattr__(name: str) -> Any:
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from doorstep_doordash import _extension

    return getattr(_extension, name)
