"""
Run the examples of README.md and of these pages as tests: ``tox run -e docs-doctest``.
"""

from __future__ import annotations

from pathlib import Path

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

__all__ = ["pytest_collect_file"]

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    path=str(Path(__file__).parent.parent),
    patterns=["*.md"],
).pytest()
