"""
Every operation of a client, planned once for the sync and the async one.
"""

from doorstep.operations._batches import Batches
from doorstep.operations._catalog import CatalogOperations
from doorstep.operations._onboarding import OnboardingOperations
from doorstep.operations._operations import OPERATIONS, Operations
from doorstep.operations._pages import Pages
from doorstep.operations._plan import Plan

__all__ = [
    "Batches",
    "CatalogOperations",
    "OPERATIONS",
    "OnboardingOperations",
    "Operations",
    "Pages",
    "Plan",
]
