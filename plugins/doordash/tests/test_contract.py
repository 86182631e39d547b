"""
The promises that every provider keeps, here by DoorDash's.
"""

from __future__ import annotations

import pytest

contracts = pytest.importorskip(
    "doorstep_contracts.suite", reason="needs the distribution doorstep-contracts"
)


class TestDoorDash(contracts.ProviderContract):
    """
    DoorDash Drive, by the contract.
    """

    @pytest.fixture
    def delivery_request(self, make_request):
        """
        A request that DoorDash can do.
        """
        return make_request()

    @pytest.fixture
    def provider(self, settings):
        """
        An account.
        """
        from doorstep_doordash._provider import DoorDashProvider

        return DoorDashProvider("downtown", settings)
