"""
A webhook as values: what came, what a provider made of it, and what to answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from doorstep.models import DeliveryId, Event

__all__ = ["Headers", "Webhook", "WebhookAnswer", "WebhookRequest"]


class Headers(Mapping[str, str]):
    """
    Headers by name, in any case. No value is in the repr.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = {name.lower(): value for name, value in (values or {}).items()}

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<headers: {', '.join(self._values)}>"


@attrs.frozen(kw_only=True)
class WebhookRequest:
    """
    An HTTP request that says it comes from the carrier, as it came.

    Args:
        method, path, query:
            As in the request line, still percent-encoded, with whatever it is
            mounted under; *query* without its question mark.

        headers:
            By name, in any case; of one told twice the values with a comma between.

        body:
            Its bytes, untouched: signatures are made over them.

    .. versionadded:: 0.2.0
    """

    method: str = "POST"
    path: str = "/"
    query: str = attrs.field(default="", repr=False)
    headers: Mapping[str, str] = attrs.field(factory=Headers, converter=Headers)
    body: bytes = attrs.field(default=b"", repr=False)


@attrs.frozen(kw_only=True)
class WebhookAnswer:
    """
    What to answer.

    A receiver leaves out headers that HTTP does not allow or that are the server's,
    and calls a body without ``content-type`` plain text.

    .. versionadded:: 0.2.0
    """

    status: int = 200
    headers: Mapping[str, str] = attrs.field(factory=Headers, converter=Headers)
    body: bytes = b""


@attrs.frozen(kw_only=True)
class Webhook:
    """
    What a provider made of a request that it believes.

    Args:
        events:
            In the order they were told.

        answer:
            What the carrier wants to hear, if not merely 200: a challenge, say.

        confirm:
            A delivery to read before acting on it: the message ends it or moves
            money, and whoever knows the shop's address could have written it.

        verified:
            Whether it is known to be the carrier's. An account may take others, at
            its own risk.

    .. versionadded:: 0.2.0
    """

    events: tuple[Event, ...] = ()
    answer: WebhookAnswer | None = None
    confirm: DeliveryId | None = None
    verified: bool = True
