"""
What can become of an exchange, as values: between the driver and the wire.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NoReturn, TypeAlias

import attrs

from doorstep.http import Call, Response, TransportError

#: Lets the carrier do what it was asked, and returns its answer.
Act: TypeAlias = Callable[[], Response]

#: Takes one exchange: returns what the driver sees, or raises it.
ExchangeFault: TypeAlias = Callable[[Act, Call], Response]


@attrs.frozen
class Unsent:
    """
    Nothing left: the carrier knows nothing of the request.

    Args:
        kind:
            ``connect``, ``tls`` or ``timeout``, as in
            :class:`~doorstep.http.TransportError`.
    """

    kind: str = "connect"

    def __call__(self, act: Act, call: Call) -> NoReturn:
        """
        Raise it.
        """
        raise TransportError(self.kind, sent=False)


@attrs.frozen
class Lost:
    """
    The request was sent, and no usable answer came.

    Args:
        kind:
            ``reset``, ``timeout``, ``tls``, ``protocol`` or ``too_large``.

        acted:
            Whether the carrier did what it was asked.
    """

    kind: str = "reset"
    acted: bool = attrs.field(default=True, kw_only=True)

    def __call__(self, act: Act, call: Call) -> NoReturn:
        """
        Raise it.
        """
        if self.acted:
            act()
        raise TransportError(self.kind, sent=True)


@attrs.frozen
class Answered:
    """
    Another answer came than the carrier's own: a proxy's, or trouble's.

    Args:
        acted:
            Whether the carrier did what it was asked before.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = attrs.field(factory=dict)
    acted: bool = attrs.field(default=False, kw_only=True)

    def __call__(self, act: Act, call: Call) -> Response:
        """
        Return it.
        """
        if self.acted:
            act()
        now = call.clock.now()
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Response(
            status=self.status, headers=headers, body=self.body, sent_at=now, received_at=now
        )


@attrs.frozen
class Edited:
    """
    The carrier acted and answered, and the body reads otherwise.

    Args:
        edit:
            Takes the body and returns another one: a wrong id, a missing half.
    """

    edit: Callable[[bytes], bytes]

    def __call__(self, act: Act, call: Call) -> Response:
        """
        Return the carrier's answer with its body edited.
        """
        answer = act()
        return attrs.evolve(answer, body=self.edit(answer.body))


@attrs.frozen
class Interrupted:
    """
    An interrupt came while the driver waited for the answer.

    Args:
        kind:
            What is raised.

        sent:
            Whether a byte of the request had been written.

        acted:
            Whether the carrier did what it was asked all the same.
    """

    kind: type[BaseException] = KeyboardInterrupt
    sent: bool = attrs.field(default=True, kw_only=True)
    acted: bool = attrs.field(default=False, kw_only=True)

    def __call__(self, act: Act, call: Call) -> NoReturn:
        """
        Raise it.
        """
        if self.acted:
            act()
        call.sent = self.sent
        raise self.kind


def _half(body: bytes) -> bytes:
    return body[: len(body) // 2]


_HTML = b"<html><title>Log in</title></html>"
_AS_HTML = {"content-type": "text/html"}

#: What may become of any exchange, by name.
EXCHANGE_FAULTS: Mapping[str, ExchangeFault] = MappingProxyType(
    {
        "refused": Unsent(),
        "untrusted": Unsent("tls"),
        "no connection in time": Unsent("timeout"),
        "reset before it acted": Lost(acted=False),
        "reset after it acted": Lost(),
        "timeout before it acted": Lost("timeout", acted=False),
        "timeout after it acted": Lost("timeout"),
        "broken answer": Lost("protocol"),
        "answer too large": Lost("too_large"),
        "429": Answered(429),
        "429 with a time": Answered(429, headers={"retry-after": "7"}),
        "500 before it acted": Answered(500),
        "500 after it acted": Answered(500, acted=True),
        "503": Answered(503, b"{}"),
        "504 after it acted": Answered(504, _HTML, _AS_HTML, acted=True),
        "redirect": Answered(307, headers={"location": "https://acme.example/login"}),
        "html": Answered(200, _HTML, _AS_HTML),
        "html after it acted": Answered(200, _HTML, _AS_HTML, acted=True),
        "empty": Answered(200, acted=True),
        "no content": Answered(204, acted=True),
        "garbage": Answered(200, b"\x00\xff{", acted=True),
        "half a body": Edited(_half),
    }
)
