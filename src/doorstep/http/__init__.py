"""
HTTP as values, and the drivers that speak it for every provider.
"""

from doorstep.http._grant import Grant
from doorstep.http._messages import (
    DEFAULT_BODY_CAP,
    Flow,
    Path,
    Request,
    Response,
    TransportError,
    path,
)
from doorstep.http._policy import RepeatPolicy

__all__ = [
    "DEFAULT_BODY_CAP",
    "Flow",
    "Grant",
    "Path",
    "RepeatPolicy",
    "Request",
    "Response",
    "TransportError",
    "path",
]
