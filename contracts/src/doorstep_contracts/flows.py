"""
Run a provider's flow against answers that a test has written down. No socket.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Generic, TypeVar

import orjson

from doorstep.http import Flow, Request, Response, TransportError
from doorstep.provider import Context

__all__ = ["NOW", "Run", "answer", "context", "run"]

T = TypeVar("T")

#: When every scripted call happens, unless a test says otherwise.
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def context(now: datetime = NOW) -> Context:
    """
    Return the context of a call at *now*.
    """
    return Context(now=now, call_id="00000000000000000000000000000001")


def answer(
    status: int = 200,
    body: object = b"",
    *,
    headers: Mapping[str, str] | None = None,
    repeated: bool = False,
    at: datetime = NOW,
) -> Response:
    """
    Return a response.

    Args:
        body:
            Bytes as they are; anything else becomes JSON.

        repeated:
            Whether the driver had sent the request before.
    """
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return Response(
        status=status,
        headers={"content-type": "application/json", **(headers or {})},
        body=content,
        sent_at=at,
        received_at=at,
        repeated=repeated,
    )


class Run(Generic[T]):
    """
    A flow that ended: what it asked, and the value it returned.
    """

    def __init__(self, value: T, requests: list[Request]) -> None:
        self.value = value
        self.requests = requests


def run(flow: Flow[T], *answers: Response | TransportError) -> Run[T]:
    """
    Drive *flow* with *answers*, in order; the last one answers all that follows.

    A :class:`~doorstep.http.TransportError` is thrown into the flow, as the
    driver does. Whatever the flow raises goes on.
    """
    requests: list[Request] = []
    script = list(answers)
    step: Callable[[], Request] = flow.__next__
    try:
        while True:
            requests.append(step())
            if len(requests) > 20:
                msg = "the flow asked 20 times and did not end"
                raise AssertionError(msg)
            step = _reply(flow, script.pop(0) if len(script) > 1 else script[0])
    except StopIteration as end:
        return Run(end.value, requests)


def _reply(flow: Flow[T], reply: Response | TransportError) -> Callable[[], Request]:
    if isinstance(reply, TransportError):
        return lambda: flow.throw(reply)
    return lambda: flow.send(reply)
