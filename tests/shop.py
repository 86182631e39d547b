"""
A shop that receives webhooks over HTTP, and whatever came.
"""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message
from typing import NamedTuple

from doorstep_contracts.faults import FaultServer, Peer


class Posted(NamedTuple):
    """
    One request, as it came.
    """

    path: str
    headers: Message
    body: bytes


class Shop(FaultServer):
    """
    Answers with *statuses* in turn, then 200; with nothing at all while *silent*.
    """

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.silent = False
        super().__init__(self._answer)

    @property
    def url(self) -> str:
        """
        Where webhooks are to be posted.
        """
        return f"{super().url}/hooks?shop=7"

    @property
    def got(self) -> list[Posted]:
        """
        All that was posted, in order.
        """
        return [_read(request) for request in list(self.requests)]

    @property
    def bodies(self) -> list[str]:
        """
        The body of each, as text.
        """
        return [one.body.decode() for one in self.got]

    def _answer(self, peer: Peer) -> bool:
        if self.silent:
            peer.outlast()
            return False
        status = self.statuses.pop(0) if self.statuses else 200
        return peer.reply(status, b"", Location="/elsewhere")


def _read(request: bytes) -> Posted:
    head, _, body = request.partition(b"\r\n\r\n")
    line, _, headers = head.partition(b"\r\n")
    return Posted(line.split()[1].decode(), message_from_bytes(headers), body)
