"""
One parameter for each neutral class.
"""

from __future__ import annotations

import pytest

from doorstep_contracts.strategies import neutral_classes


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """
    Run a test that asks for ``neutral_class`` once for each of them.
    """
    if "neutral_class" in metafunc.fixturenames:
        classes = neutral_classes()
        metafunc.parametrize("neutral_class", classes, ids=[one.__name__ for one in classes])
