"""
The contract, on a carrier that it was not written beside: what flows alone can show.
"""

from __future__ import annotations

import attrs
import pytest
from tests.neutrality.samples import REQUEST

from doorstep.secret import Secret
from doorstep_contracts.suite import ProviderContract


class TestOnDemandRider(ProviderContract):
    """
    Without a server and without recordings in the kit's format.
    """

    @pytest.fixture
    def provider(self, rider):
        """
        An account in a country that allows changes.
        """
        return attrs.evolve(rider, assertion=Secret("c29tZWJvZHk"))

    @pytest.fixture
    def delivery_request(self):
        """
        The documented order.
        """
        return REQUEST
