"""
The whole contract, for ``pytest --provider NAME``: one class for each suite, and fixtures
from the plugin's module.
"""

from __future__ import annotations

from doorstep_contracts.suite import ProviderContract

__all__: list[str] = []

for _suite in ProviderContract.__bases__:
    _name = f"Test{_suite.__name__.removesuffix('Contract')}"
    globals()[_name] = type(_name, (_suite,), {"__doc__": _suite.__doc__, "__module__": __name__})
