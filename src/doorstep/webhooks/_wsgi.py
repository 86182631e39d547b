"""
Receiving webhooks in any WSGI server or framework.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from doorstep.webhooks._http import (
    BODY_CAP,
    PATH_SAFE,
    TOO_LARGE,
    UNREADABLE,
    WITHOUT_LENGTH,
    content,
)
from doorstep.webhooks._messages import WebhookAnswer, WebhookRequest
from doorstep.webhooks._receive import Received

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["Receiver", "django_view", "wsgi"]

_AT_ONCE = 64 * 1024


class Receiver(Protocol):
    """
    What receives: a :class:`~doorstep.client.Client`.
    """

    def receive(self, request: WebhookRequest) -> Received:
        """
        Verify, parse, deduplicate and fold *request*.
        """


def wsgi(client: Receiver, *, body_cap: int = BODY_CAP) -> WSGIApplication:
    """
    Return a WSGI application that receives webhooks for *client*.

    Whatever path it is mounted at is its own. What a stranger sends is answered
    with 4xx and raises nothing; only what the client's store raises goes on to
    the server, so that the carrier tries again.

    Args:
        body_cap:
            Bytes of a body that are read; what is longer is answered with 413.

    .. versionadded:: 0.2.0
    """

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        answer = _answer(client, environ, body_cap)
        headers, body = content(answer, environ["REQUEST_METHOD"])
        start(f"{answer.status} {_PHRASES.get(answer.status, 'Unknown')}", headers)
        return [body]

    return application


_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def _answer(client: Receiver, environ: WSGIEnvironment, cap: int) -> WebhookAnswer:
    body = _body(environ, cap)
    if isinstance(body, WebhookAnswer):
        return body
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    quoted = quote(path, safe=PATH_SAFE, encoding="latin-1", errors="replace")
    return client.receive(_request(environ, _as_sent(environ) or quoted, body)).answer


def _request(environ: WSGIEnvironment, path: str, body: bytes) -> WebhookRequest:
    return WebhookRequest(
        method=environ["REQUEST_METHOD"],
        path=path,
        query=environ.get("QUERY_STRING", ""),
        headers=_headers(environ),
        body=body,
    )


def _as_sent(environ: WSGIEnvironment) -> str | None:
    """
    Return the path of the request line, from servers that tell it.
    """
    for name in ("RAW_URI", "REQUEST_URI"):
        told = environ.get(name)
        if isinstance(told, str) and told.startswith("/"):
            return told.partition("?")[0]
    return None


def _body(environ: WSGIEnvironment, cap: int) -> bytes | WebhookAnswer:
    length = _length(environ, cap)
    if isinstance(length, WebhookAnswer):
        return length
    try:
        body = _read(environ["wsgi.input"], cap + 1 if length is None else length)
    except Exception:  # noqa: BLE001  servers raise what they like for chunks that are none
        return UNREADABLE
    if len(body) > cap:
        return TOO_LARGE
    return UNREADABLE if length is not None and len(body) < length else body


def _length(environ: WSGIEnvironment, cap: int) -> int | WebhookAnswer | None:
    """
    Return how many bytes to read, None for as many as there are, or a refusal.

    A server need not end the stream where the body ends: what reads on waits for
    the sender for ever. Those that do end it say so.
    """
    text = environ.get("CONTENT_LENGTH") or ""
    if text and not (text.isascii() and text.isdecimal() and len(text) < 16):
        return UNREADABLE
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return None if environ.get("wsgi.input_terminated") else WITHOUT_LENGTH
    if text:
        return TOO_LARGE if int(text) > cap else int(text)
    # Neither a length nor chunks: there is no body, whatever the stream would say.
    return None if environ.get("wsgi.input_terminated") else 0


def _read(stream: Any, wanted: int) -> bytes:
    body = bytearray()
    while len(body) < wanted:
        # Some give what has arrived, not what was asked for.
        more = stream.read(min(wanted - len(body), _AT_ONCE))
        if not more:
            break
        body += more
    return bytes(body)


def _headers(environ: WSGIEnvironment) -> dict[str, str]:
    headers = {
        name[5:].replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("HTTP_") and isinstance(value, str)
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-")] = environ[name]
    return headers


def django_view(client: Receiver, *, body_cap: int = BODY_CAP) -> Callable[..., Any]:
    """
    Return a Django view that receives webhooks for *client*.

    For Django under WSGI and ASGI alike. It is exempt from the check of form
    tokens, which no carrier has.

    Args:
        body_cap:
            Bytes of a body that are read; what is longer is answered with 413, and
            so is what is longer than Django's ``DATA_UPLOAD_MAX_MEMORY_SIZE``.

    .. versionadded:: 0.2.0
    """
    # Named in a call, because Django is no dependency: whoever mounts a view has it.
    http: Any = import_module("django.http")
    large: Any = import_module("django.core.exceptions").RequestDataTooBig
    unreadable = (OSError, http.request.RawPostDataException)

    def body_of(request: Any) -> bytes | WebhookAnswer:
        # Under ASGI the whole body is there before the view, however it was sent.
        complete = "wsgi.input" not in request.META
        meta = {**request.META, "wsgi.input_terminated": True} if complete else request.META
        length = _length(meta, body_cap)
        if isinstance(length, WebhookAnswer):
            return length
        if length is None and not complete:
            # Django reads no body without a length; the server has it.
            return _body(meta, body_cap)
        try:
            body: bytes = request.body
        except large:
            return TOO_LARGE
        except unreadable:
            return UNREADABLE
        if len(body) > body_cap:
            return TOO_LARGE
        return UNREADABLE if length is not None and len(body) < length else body

    def view(request: Any, *args: object, **kwargs: object) -> Any:
        body = body_of(request)
        if isinstance(body, WebhookAnswer):
            answer = body
        else:
            path = _as_sent(request.META) or quote(request.path, safe=PATH_SAFE, errors="replace")
            answer = client.receive(_request(request.META, path, body)).answer
        headers, sent = content(answer, request.method)
        response = http.HttpResponse(sent, status=answer.status)
        del response.headers["content-type"]
        for name, value in headers:
            response.headers[name] = value
        return response

    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view
