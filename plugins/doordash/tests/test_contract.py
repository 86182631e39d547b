"""
The promises that every provider keeps, here by DoorDash's.
"""

from __future__ import annotations

from pathlib import Path

import pytest

suite = pytest.importorskip(
    "doorstep_contracts.suite", reason="needs the distribution doorstep-contracts"
)

from doorstep_doordash.contract import (  # noqa: E402  it needs that distribution too
    catalog_shelf,
    delivery_request,
    provider,
    replaying,
    server,
)

__all__ = ["TestDoorDash", "catalog_shelf", "delivery_request", "provider", "replaying", "server"]


class TestDoorDash(suite.ProviderContract):
    """
    DoorDash, by the contract.
    """

    @pytest.fixture
    def recordings(self):
        """
        The folder beside this one, wherever the plugin is installed.
        """
        return Path(__file__).parent.parent / "recordings"
