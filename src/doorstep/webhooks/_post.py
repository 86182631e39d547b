"""
Posting a webhook once, as a carrier would: what simulators and replays are made of.

From the standard library alone, and nothing is followed: no redirect, no proxy.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import attrs

from doorstep.http import check_base_url

__all__ = ["Posted", "Poster", "check_url"]

#: No more of an answer is read: its status says it all.
_ANSWER_CAP = 64 * 1024


@attrs.frozen
class Posted:
    """
    What came of one try.

    Args:
        status:
            The answer's; None if there was none.

        error:
            Why there was none: the kind of the failure, without its text.
    """

    status: int | None = None
    error: str | None = None

    @property
    def taken(self) -> bool:
        """
        Whether the receiver said that it has it.
        """
        return self.status == 200


def check_url(url: str) -> None:
    """
    Refuse an address that nothing should be posted to.

    Raises:
        doorstep.errors.SettingsError:
            It is not https (or http to this very computer), or holds a user or a
            fragment.
    """
    check_base_url(url.partition("?")[0] if isinstance(url, str) else url)


class Poster:
    """
    Post to one address, each time on a connection of its own.

    Args:
        url:
            Where to; see :func:`check_url`.

        timeout_s:
            How long to wait for each step of the answer.
    """

    def __init__(self, url: str, *, timeout_s: float = 10.0) -> None:
        check_url(url)
        parts = urlsplit(url)
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host, self._port = parts.hostname or "", parts.port
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._timeout_s = timeout_s
        self._connection: HTTPConnection | None = None
        self._ended = False

    def post(self, body: bytes, headers: Mapping[str, str]) -> Posted:
        """
        Post *body* once and tell what came of it.
        """
        # Its certificates are verified: that is the default of the standard library.
        connection = self._kind(self._host, self._port, timeout=self._timeout_s)
        self._connection = connection
        try:
            if self._ended:
                return Posted(error="Ended")
            connection.request("POST", self._target, body, _all(headers))
            answer = connection.getresponse()
            answer.read(_ANSWER_CAP)
        except (OSError, HTTPException, ValueError) as error:
            return Posted(error=type(error).__name__)
        else:
            return Posted(status=answer.status)
        finally:
            self._connection = None
            connection.close()

    def end(self) -> None:
        """
        End a try that is under way in another thread, and start none.
        """
        self._ended = True
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)


def _all(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "doorstep",
        "Connection": "close",
        **headers,
    }
