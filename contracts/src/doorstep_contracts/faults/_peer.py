"""
One connection, seen from the carrier.
"""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Callable

_END_OF_HEAD = b"\r\n\r\n"


class Peer:
    """
    The other side of one connection: read from it, send to it, hang up on it.

    Args:
        sock:
            Connected; its handshake is done.

        wait:
            Wait for some seconds; tell whether the server was closed meanwhile.
    """

    def __init__(self, sock: socket.socket, wait: Callable[[float], bool]) -> None:
        self.sock = sock
        self.wait = wait
        #: The last request that was read whole.
        self.request = b""
        self._buffer = b""

    @property
    def body(self) -> bytes:
        """
        The body of the last request.
        """
        return self.request.partition(_END_OF_HEAD)[2]

    def waiting(self) -> bool:
        """
        Wait for the first byte of a request, without taking it; False when none comes.
        """
        if self._buffer:
            return True
        if isinstance(self.sock, ssl.SSLSocket):  # which lets nobody peek
            self._buffer = self._receive()
            return bool(self._buffer)
        return bool(self._receive(1, socket.MSG_PEEK))

    def read(self, count: int) -> bytes:
        """
        Read *count* bytes; fewer when the other side is gone.
        """
        while len(self._buffer) < count and (data := self._receive(count - len(self._buffer))):
            self._buffer += data
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    def read_request(self) -> bytes:
        """
        Read one request with its body; empty when the other side is gone.
        """
        while _END_OF_HEAD not in self._buffer:
            data = self._receive()
            if not data:
                return b""
            self._buffer += data
        head = self._buffer.partition(_END_OF_HEAD)[0]
        whole = len(head) + len(_END_OF_HEAD) + _declared_length(head)
        request = self.read(whole)
        self.request = request if len(request) == whole else b""
        return self.request

    def send(self, data: bytes) -> bool:
        """
        Send *data*; False when nobody listens any more.
        """
        try:
            self.sock.sendall(data)
        except OSError:
            return False
        return True

    def reply(self, status: int = 200, body: bytes = b"{}", **headers: str) -> bool:
        """
        Answer whole; an underscore in a header's name stands for a hyphen.
        """
        lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return self.send("\r\n".join(lines).encode() + _END_OF_HEAD + body)

    def reset(self) -> None:
        """
        Close with a reset instead of an orderly end.
        """
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def outlast(self) -> None:
        """
        Wait until the other side is gone, or the server is closed.
        """
        while self._receive():
            pass

    def _receive(self, count: int = 65536, flags: int = 0) -> bytes:
        try:
            return self.sock.recv(count, flags)
        except OSError:
            return b""


def _declared_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0
