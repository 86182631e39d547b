"""
Finds plugins one by one: a broken one is named, the others work.
"""

from doorstep.registry._installed import InstalledPlugin
from doorstep.registry._plugin import PluginObserver, PluginReport
from doorstep.registry._registry import Registry, default_registry

__all__ = [
    "InstalledPlugin",
    "PluginObserver",
    "PluginReport",
    "Registry",
    "default_registry",
]
