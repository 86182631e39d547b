"""
What runs in a process of its own: the import of one plugin, which may do anything.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import orjson

from doorstep.errors import NoSuchProviderError, PluginError
from doorstep.hookspecs import API_VERSION
from doorstep.registry import Registry

__all__ = ["look"]


def look(name: str, distribution: str) -> dict[str, Any]:
    """
    Import the plugin *name* and return what became of it.
    """
    registry = Registry({name: distribution} if distribution else None)
    try:
        registry.load(name)
        return {"provider": _has_provider(registry, name), "api_version": API_VERSION}
    except PluginError as error:
        built_for = error.params.get("built_for")
        told = {"code": error.code, "what": error.what, "advice": error.advice}
        return {"error": told, "api_version": built_for}


def _has_provider(registry: Registry, name: str) -> bool:
    try:
        registry.provider(name)
    except NoSuchProviderError:
        return False
    return True


def _main() -> None:
    # The plugin may print: the answer goes where it has no hand on.
    answer = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    told = look(*sys.argv[1:])
    os.write(answer, orjson.dumps(told))
    # Neither its threads nor what it left for the exit may keep anybody waiting.
    os._exit(0)


if __name__ == "__main__":
    _main()
