"""
HTTP as values, and the drivers that speak it for every provider.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from doorstep.http._call import Call
from doorstep.http._clock import Clock, SystemClock
from doorstep.http._drive import drive
from doorstep.http._grant import Grant
from doorstep.http._links import linked
from doorstep.http._messages import (
    DEFAULT_BODY_CAP,
    Flow,
    Path,
    Request,
    Response,
    TransportError,
    path,
)
from doorstep.http._observe import CallSummary, Exchange, Observer
from doorstep.http._origin import check_base_url
from doorstep.http._policy import RepeatPolicy
from doorstep.http._protocols import Endpoint, Transport
from doorstep.http._repeat import RepeatBudget
from doorstep.http._session import Session

if TYPE_CHECKING:
    from doorstep.http._async import AsyncDriver
    from doorstep.http._pool import HttpPool

# Loaded when first used: one needs asyncio, the other urllib3.
_HOMES = {"AsyncDriver": "_async", "HttpPool": "_pool"}

__all__ = [
    "AsyncDriver",
    "Call",
    "CallSummary",
    "Clock",
    "DEFAULT_BODY_CAP",
    "Endpoint",
    "Exchange",
    "Flow",
    "Grant",
    "HttpPool",
    "Observer",
    "Path",
    "RepeatBudget",
    "RepeatPolicy",
    "Request",
    "Response",
    "Session",
    "SystemClock",
    "Transport",
    "TransportError",
    "check_base_url",
    "drive",
    "linked",
    "path",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        msg = f"module 'doorstep.http' has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(f"doorstep.http.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
