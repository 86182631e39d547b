"""
What a shop calls: one client for every carrier, sync and async.
"""

from doorstep.client._async import AsyncClient
from doorstep.client._catalog import AsyncCatalogClient, CatalogClient
from doorstep.client._connect import connect, connect_async
from doorstep.client._onboarding import AsyncOnboardingClient, OnboardingClient
from doorstep.client._sync import Client
from doorstep.client._watch import Pace

__all__ = [
    "AsyncCatalogClient",
    "AsyncClient",
    "AsyncOnboardingClient",
    "CatalogClient",
    "Client",
    "OnboardingClient",
    "Pace",
    "connect",
    "connect_async",
]
