"""
Every operation of a client, planned once for the sync and the async one.
"""

from doorstep.operations._operations import OPERATIONS, Operations
from doorstep.operations._plan import Plan

__all__ = ["OPERATIONS", "Operations", "Plan"]
