"""
Settings classes as plugins write them, and a TOML file to read them from.
"""

from __future__ import annotations

import pytest


@pytest.fixture(name="toml")
def _toml(tmp_path):
    """
    Write a TOML file that only its owner can read, and return its path.
    """

    def write(text, mode=0o600):
        path = tmp_path / "doorstep.toml"
        path.write_text(text)
        path.chmod(mode)
        return path

    return write
