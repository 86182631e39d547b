"""
The promises that every provider keeps, here by Acme's.
"""

from __future__ import annotations

from doorstep_acme.contract import delivery_request, provider, recordings, server

from doorstep_contracts.suite import ProviderContract

__all__ = ["TestAcme", "delivery_request", "provider", "recordings", "server"]


class TestAcme(ProviderContract):
    """
    Acme, by the contract.
    """
