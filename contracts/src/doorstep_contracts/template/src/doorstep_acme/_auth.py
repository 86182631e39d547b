"""
What signs a request: here, a key in a header.

A carrier that gives out tokens has them fetched by a flow, ``grant(now)``; see
"Fetch a token" in the documentation of doorstep.
"""

from __future__ import annotations

from doorstep.http import Request
from doorstep.secret import Secret

__all__ = ["signed"]


def signed(request: Request, key: Secret) -> Request:
    """
    Return *request* with the key. The frame that reveals a secret raises nothing.
    """
    headers = {} if request.body is None else {"Content-Type": "application/json"}
    return request.with_headers({**headers, "X-Api-Key": key.reveal()})
