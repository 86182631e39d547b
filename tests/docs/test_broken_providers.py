"""
The page of broken providers is made from the table that the contract is judged by.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool():
    """
    The tool that makes the page.
    """
    spec = importlib.util.spec_from_file_location("broken_table", ROOT / "tools/broken_table.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_page_of_broken_providers_is_up_to_date(tool):
    """
    The page says what the table says: run tools/broken_table.py after changing it.
    """
    assert tool.page(tool.rows()) == tool.PAGE.read_text(encoding="utf-8")
