"""
An HTTP answer that does not pass for complete when it is not.

The standard library takes an end of stream inside the headers for the end of the
headers, ``103`` for the final answer, and what follows a body for nothing.
"""

from __future__ import annotations

import http.client
import io
import socket
from typing import Any


class _Wire(io.RawIOBase):
    """
    The receiving side of a socket that remembers whether the stream ended.
    """

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._raw = sock.makefile("rb", buffering=0)
        #: The other side will send nothing more.
        self.ended = False
        #: Nothing more is wanted: only what is buffered already may be seen.
        self.quiet = False

    def makefile(self, mode: str) -> io.BufferedReader:
        """
        Stand in for the socket, as the standard library's response wants one.
        """
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self.quiet:
            return None
        count = self._raw.readinto(buffer)
        if count == 0:
            self.ended = True
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class Answer(http.client.HTTPResponse):
    """
    The standard library's response, stricter.
    """

    def __init__(
        self,
        sock: socket.socket,
        debuglevel: int = 0,
        method: str | None = None,
        url: str | None = None,
    ) -> None:
        self._wire = _Wire(sock)
        #: Whether more bytes came than belong to the answer.
        self.surplus = False
        super().__init__(self._wire, 0, method, url)  # type: ignore[arg-type]

    def begin(self) -> None:
        """
        Read status and headers, of the final answer and to their end.
        """
        super().begin()
        while 100 <= self.status < 200:
            self._whole_head()
            if self.status == http.client.SWITCHING_PROTOCOLS:
                raise http.client.HTTPException
            self.headers = self.msg = None  # type: ignore[assignment]
            super().begin()
        self._whole_head()

    def fields(self) -> dict[str, str]:
        """
        Return the headers by their names in lower case; those sent twice are joined.
        """
        found: dict[str, str] = {}
        for name, value in self.headers.items():
            key = name.lower()
            if "\r\n" in value:  # folded onto several lines, as nobody should any more
                value = " ".join(part.strip(" \t") for part in value.split("\r\n"))
            found[key] = f"{found[key]}, {value}" if key in found else value
        return found

    def _whole_head(self) -> None:
        # The lines are read from a buffer; the end of the stream is only met when
        # a line was missing.
        if self._wire.ended:
            raise http.client.RemoteDisconnected("")

    def _safe_read(self, amt: int) -> bytes:
        # A chunk of size -1 would be read to the end of the stream, whatever its size.
        if amt < 0:
            raise http.client.HTTPException
        read: bytes = super()._safe_read(amt)  # type: ignore[misc]
        return read

    def _close_conn(self) -> None:
        fp = self.fp
        if isinstance(fp, io.BufferedReader) and not fp.closed:
            self._wire.quiet = True
            self.surplus = bool(fp.peek(1))
        super()._close_conn()  # type: ignore[misc]
