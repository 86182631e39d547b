"""
What the receivers share: how much is read, what may be sent.
"""

from __future__ import annotations

import re
from typing import Final

from doorstep.webhooks._messages import WebhookAnswer

__all__ = ["BODY_CAP", "PATH_SAFE", "TOO_LARGE", "UNREADABLE", "WITHOUT_LENGTH", "content"]

#: Bytes of a webhook that are read at most. Carriers send a few thousand.
BODY_CAP: Final = 1024 * 1024
UNREADABLE: Final = WebhookAnswer(status=400)
WITHOUT_LENGTH: Final = WebhookAnswer(status=411)
TOO_LARGE: Final = WebhookAnswer(status=413)

#: What stands in a path as it is, where a server hands it over decoded.
PATH_SAFE: Final = "/!$&'()*+,;=:@~"

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
# The server's own, and what it refuses from an application.
_OF_THE_SERVER: Final = frozenset(
    {
        "connection",
        "content-length",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "trailers",
        "transfer-encoding",
        "upgrade",
    }
)
_BODILESS: Final = frozenset({204, 205, 304})


def content(answer: WebhookAnswer, method: str) -> tuple[list[tuple[str, str]], bytes]:
    """
    Return the headers and the body that go out.

    A provider may answer with words of the request. So whatever would begin
    another header is left out, and no browser takes a body for a page.
    """
    headers = [
        (name, value)
        for name, value in answer.headers.items()
        if name not in _OF_THE_SERVER and _NAME.fullmatch(name) and _VALUE.fullmatch(value)
    ]
    if answer.status in _BODILESS:
        return headers, b""
    if not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", "text/plain; charset=utf-8"))
    headers.append(("x-content-type-options", "nosniff"))
    headers.append(("content-length", str(len(answer.body))))
    return headers, b"" if method == "HEAD" else answer.body
