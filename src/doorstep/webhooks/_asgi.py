"""
Receiving webhooks in any ASGI server or framework.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol
from urllib.parse import quote

from doorstep.webhooks._http import BODY_CAP, PATH_SAFE, TOO_LARGE, content
from doorstep.webhooks._messages import WebhookAnswer, WebhookRequest
from doorstep.webhooks._receive import Received

__all__ = ["AsyncReceiver", "asgi"]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


class AsyncReceiver(Protocol):
    """
    What receives: a :class:`~doorstep.client.AsyncClient`.
    """

    async def receive(self, request: WebhookRequest) -> Received:
        """
        Verify, parse, deduplicate and fold *request*.
        """


def asgi(client: AsyncReceiver, *, body_cap: int = BODY_CAP) -> Application:
    """
    Return an ASGI application that receives webhooks for *client*.

    Whatever path it is mounted at is its own. What a stranger sends is answered
    with 4xx and raises nothing; only what the client's store raises goes on to
    the server, so that the carrier tries again.

    Args:
        body_cap:
            Bytes of a body that are read; what is longer is answered with 413.

    .. versionadded:: 0.2.0
    """

    return _Application(client, body_cap)


class _Application:
    # No function: a framework takes those for handlers of its own requests.

    def __init__(self, client: AsyncReceiver, body_cap: int) -> None:
        self._client = client
        self._body_cap = body_cap

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            answer = await _answer(self._client, scope, receive, self._body_cap)
            if answer is not None:
                await _reply(send, answer, scope["method"])
        elif scope["type"] == "websocket":
            # Anybody may ask for one; refused before it is accepted, it is a 403.
            await receive()
            await send({"type": "websocket.close"})
        else:
            msg = f"webhooks come over http, not {scope['type']}"
            raise ValueError(msg)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


async def _answer(
    client: AsyncReceiver, scope: MutableMapping[str, Any], receive: Receive, cap: int
) -> WebhookAnswer | None:
    headers = _headers(scope)
    declared = headers.get("content-length", "")
    if declared.isdecimal() and declared.isascii() and len(declared) < 16 and int(declared) > cap:
        return TOO_LARGE
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > cap:
            return TOO_LARGE
        more = message.get("more_body", False)
    request = WebhookRequest(
        method=scope["method"],
        path=_path(scope),
        query=scope.get("query_string", b"").decode("latin-1"),
        headers=headers,
        body=bytes(body),
    )
    return (await client.receive(request)).answer


def _path(scope: MutableMapping[str, Any]) -> str:
    raw = scope.get("raw_path")
    if raw:
        # Some servers put the query there as well.
        text: str = raw.decode("latin-1").partition("?")[0]
        return text
    return quote(scope["path"], safe=PATH_SAFE, errors="replace")


def _headers(scope: MutableMapping[str, Any]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in scope.get("headers", ()):
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        # Told twice is one list, as under WSGI: no value is taken for the only one.
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


async def _reply(send: Send, answer: WebhookAnswer, method: str) -> None:
    told, body = content(answer, method)
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
