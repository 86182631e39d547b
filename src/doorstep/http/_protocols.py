"""
What the driver needs of others: something that sends, and somebody to send for.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from doorstep.http._call import Call
    from doorstep.http._grant import Grant
    from doorstep.http._messages import Flow, Request, Response
    from doorstep.http._policy import RepeatPolicy


class Transport(Protocol):
    """
    What sends one request and returns one response: no repeats, no redirects.
    """

    def send(self, request: Request, base_url: str, call: Call) -> Response:
        """
        Send *request* and return the answer, its body complete.

        Raises:
            doorstep.http.TransportError:
                There is no usable answer; ``sent`` says whether a byte of the
                request was written.
        """

    def close(self) -> None:
        """
        Let go of every connection.
        """


class Endpoint(Protocol):
    """
    The part of a provider that the driver needs.
    """

    @property
    def name(self) -> str:
        """
        The provider's name.
        """

    @property
    def account(self) -> str:
        """
        The account's name.
        """

    @property
    def base_url(self) -> str:
        """
        Where requests go: https, or http on loopback.
        """

    @property
    def repeat_policy(self) -> RepeatPolicy:
        """
        How the carrier wants to be asked again.
        """

    @property
    def public_fields(self) -> frozenset[str]:
        """
        Names of JSON fields and headers that are neither personal nor secret.

        Observers see the values of these alone.
        """

    def grant(self, now: datetime) -> Flow[Grant] | None:
        """
        Make a grant, by requests that are not signed or by none; None needs none.
        """

    def sign(self, request: Request, now: datetime, grant: Grant | None) -> Request:
        """
        Return *request* with what authenticates it. Sees the final bytes.

        The frame that reveals the grant must not raise.
        """
