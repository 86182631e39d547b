"""
The pytest plugin: makes the assertions of the suite explain themselves.

pytest loads this module at start-up, before coverage of anything else can be measured, so
it imports nothing of the suite and nothing of doorstep.
"""

from __future__ import annotations

import pkgutil
from pathlib import Path

import pytest

__all__: list[str] = []


def suite_modules() -> list[str]:
    """
    Name the modules of the suite, without importing any of them.

    Returns:
        Full names, sorted; this module is not one of them.
    """
    package = __name__.rpartition(".")[0]
    here = Path(__file__).parent
    names = (f"{package}.{module.name}" for module in pkgutil.iter_modules([str(here)]))
    return sorted(name for name in names if name != __name__)


# pytest rewrites the files that a wheel lists; an editable install lists none of them, and
# a broken promise would print a bare AssertionError.
if modules := suite_modules():
    pytest.register_assert_rewrite(*modules)
