"""
One interface to every last-mile delivery carrier.

``doorstep.connect("acme")`` returns a :class:`Client`; ``doorstep.models`` holds the
values it takes and gives, ``doorstep.errors`` everything it raises.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from doorstep.client import AsyncClient as AsyncClient
    from doorstep.client import Client as Client
    from doorstep.client import connect as connect
    from doorstep.client import connect_async as connect_async
    from doorstep.codec import from_json as from_json
    from doorstep.codec import to_json as to_json
    from doorstep.hookspecs import hookimpl as hookimpl
    from doorstep.secret import Secret as Secret

__version__ = "0.1.0"

# Loaded when first used: importing doorstep is cheap, and a shop that only keeps
# quotes needs neither urllib3 nor pluggy.
_HOMES = {
    "AsyncClient": "client",
    "Client": "client",
    "Secret": "secret",
    "connect": "client",
    "connect_async": "client",
    "from_json": "codec",
    "hookimpl": "hookspecs",
    "to_json": "codec",
}

__all__ = [
    "AsyncClient",
    "Client",
    "Secret",
    "connect",
    "connect_async",
    "from_json",
    "hookimpl",
    "to_json",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        msg = f"module 'doorstep' has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(f"doorstep.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
