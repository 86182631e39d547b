"""
The page of faults is made from the tests, and no fault on it goes untried.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def table():
    """
    The tool that makes the page.
    """
    spec = importlib.util.spec_from_file_location("fault_table", ROOT / "tools/fault_table.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_fault_page_is_up_to_date(table):
    """
    The page says what the tests say: run tools/fault_table.py after changing one.
    """
    assert table.page(table.tried()) == table.PAGE.read_text(encoding="utf-8")


def test_every_fault_has_a_test_that_says_what_it_promises(table):
    """
    No fault is listed without a test, no test has a number that is not listed, and each
    says what the caller is told.
    """
    listed = {number for faults in table.FAULTS.values() for number in faults}
    tests = table.tried()

    assert listed == {test.number for test in tests}
    assert [] == [test.name for test in tests if not test.promise]


def test_fault_without_a_test_is_missed(table, tmp_path):
    """
    A test that was renamed or removed leaves its fault without a line.
    """
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_one.py").write_text('def test_f001_x_y():\n    """Promise."""\n')
    tests = table.tried(tmp_path)

    assert [(1, "tests/test_one.py", "test_f001_x_y", "Promise.")] == [
        (test.number, test.path, test.name, test.promise) for test in tests
    ]
    assert "| Promise. |" in table.page(tests)
