"""
What a shop calls: one client for every carrier, sync and async.
"""

from doorstep.client._async import AsyncClient
from doorstep.client._connect import connect, connect_async
from doorstep.client._sync import Client

__all__ = ["AsyncClient", "Client", "connect", "connect_async"]
