"""
What can become of a request on the wire, as values.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import attrs

from doorstep_contracts.faults._peer import Peer

#: Takes the connection after the request was read; ``False`` hangs up. An attribute
#: ``after`` says how many bytes of the request are read before; all unless it is there.
WireFault: TypeAlias = Callable[[Peer], object]

_OK = b"HTTP/1.1 200 OK\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"


@attrs.frozen
class Answer:
    """
    Answer whole, and keep the connection.
    """

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = attrs.field(factory=dict)
    after: int | None = attrs.field(default=None, kw_only=True)

    def __call__(self, peer: Peer) -> bool:
        """
        Send it.
        """
        return peer.reply(self.status, self.body, **self.headers)


@attrs.frozen
class Echo:
    """
    Answer with the body of the request: whoever gets another one has crossed wires.
    """

    def __call__(self, peer: Peer) -> bool:
        """
        Send it.
        """
        return peer.reply(body=peer.body)


@attrs.frozen
class Pause:
    """
    Wait, as a step of a :class:`Script`.

    Args:
        seconds:
            How long; until the other side is gone when absent.
    """

    seconds: float | None = None

    def __call__(self, peer: Peer) -> bool:
        """
        Wait; False when there is nobody left to wait for.
        """
        if self.seconds is None:
            peer.outlast()
            return False
        return not peer.wait(self.seconds)


@attrs.frozen
class Silence:
    """
    Say nothing until the other side gives up.
    """

    after: int | None = attrs.field(default=None, kw_only=True)

    def __call__(self, peer: Peer) -> bool:
        """
        Wait.
        """
        return Pause()(peer)


@attrs.frozen
class HangUp:
    """
    End the connection without an answer, in order.
    """

    after: int | None = attrs.field(default=None, kw_only=True)

    def __call__(self, peer: Peer) -> bool:
        """
        Leave the rest to the server.
        """
        return False


@attrs.frozen
class Reset:
    """
    End the connection with a reset; as a step of a :class:`Script` too.
    """

    after: int | None = attrs.field(default=None, kw_only=True)

    def __call__(self, peer: Peer) -> bool:
        """
        Close the connection.
        """
        peer.reset()
        return False


@attrs.frozen(init=False)
class Script:
    """
    Send bytes as they stand, and do other faults between them.

    Args:
        steps:
            Bytes, :class:`Pause`, or any other fault.

        keep:
            Whether the connection is kept afterwards.
    """

    steps: tuple[bytes | WireFault, ...]
    keep: bool
    after: int | None

    def __init__(
        self, *steps: bytes | WireFault, keep: bool = False, after: int | None = None
    ) -> None:
        self.__attrs_init__(steps, keep, after)

    def __call__(self, peer: Peer) -> bool:
        """
        Take the steps, as long as somebody listens.
        """
        for step in self.steps:
            went_on = peer.send(step) if isinstance(step, bytes) else step(peer)
            if went_on is False:
                return False
        return self.keep


@attrs.frozen
class Truncated:
    """
    Declare the length of *body*, send less, and hang up.

    Args:
        missing:
            Bytes at the end that are never sent.
    """

    body: bytes = b'{"id": "7"}'
    missing: int = 1
    status: int = 200

    def __call__(self, peer: Peer) -> bool:
        """
        Send the beginning.
        """
        head = f"HTTP/1.1 {self.status} Whatever\r\nContent-Length: {len(self.body)}\r\n\r\n"
        peer.send(head.encode() + self.body[: len(self.body) - self.missing])
        return False


@attrs.frozen
class Drip:
    """
    Begin an answer and never end it: no timeout between two bytes is ever reached.

    Args:
        start:
            What comes at once.

        drop:
            What comes again and again.

        every_s:
            Seconds between two drops.
    """

    start: bytes = _OK + b"Content-Length: 1000000\r\n\r\n"
    drop: bytes = b"x"
    every_s: float = 0.02
    after: int | None = attrs.field(default=None, kw_only=True)

    def __call__(self, peer: Peer) -> bool:
        """
        Drip until nobody listens.
        """
        more = peer.send(self.start)
        while more and not peer.wait(self.every_s):
            more = peer.send(self.drop)
        return False


@attrs.frozen
class Flood:
    """
    Begin an answer and never end it, as fast as it is read.
    """

    start: bytes = _OK + b"\r\n"
    piece: bytes = attrs.field(default=bytes(65536), repr=False)

    def __call__(self, peer: Peer) -> bool:
        """
        Send until nobody listens.
        """
        more = peer.send(self.start)
        while more:
            more = peer.send(self.piece)
        return False


@attrs.frozen
class GzipBomb:
    """
    Answer with a small body that unpacks to a large one.

    Args:
        mebibytes:
            How large; the answer itself is a thousandth of that.
    """

    mebibytes: int = 256

    def __call__(self, peer: Peer) -> bool:
        """
        Send it. Whoever reads to the checksum at the end has lost already.
        """
        packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        zeros = bytes(1024 * 1024)
        first, again = (packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH) for _ in "12")
        body = first + again * (self.mebibytes - 1) + packer.flush()
        return peer.reply(body=body, Content_Encoding="gzip")


@attrs.frozen
class BrokenTls:
    """
    Send a record that nobody can decrypt, below TLS, and wait.
    """

    def __call__(self, peer: Peer) -> bool:
        """
        Write past the layer of TLS.
        """
        os.write(peer.sock.fileno(), b"\x17\x03\x03\x00\x20" + b"?" * 32)
        return Pause()(peer)


#: What a carrier may do to any request, by name. Of none it is known what was done.
WIRE_FAULTS: Mapping[str, WireFault] = MappingProxyType(
    {
        "reset": Reset(),
        "reset while it reads": Reset(after=10),
        "hang up": HangUp(),
        "silence": Silence(),
        "half a head": Script(_OK + b"Content-Ty"),
        "half a body": Truncated(),
        "half a body, then a reset": Script(_OK + b"Content-Length: 9\r\n\r\n{", Reset()),
        "bad chunks": Script(_CHUNKED + b"xyz\r\n{}\r\n0\r\n\r\n"),
        "no last chunk": Script(_CHUNKED + b"2\r\n{}\r\n"),
        "bad gzip": Script(_OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"),
        "half a gzip": Script(
            _OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}" * 99)[:-9]
        ),
        "drip": Drip(),
        "endless hints": Drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        "flood": Flood(),
        "gzip bomb": GzipBomb(),
        "no http": Script(b"220 mail.acme.example ESMTP\r\n"),
        "server error": Answer(500),
        "html": Answer(200, b"<html>Log in</html>", {"Content-Type": "text/html"}),
        "empty": Answer(200, b""),
        "garbage": Answer(200, b'{"id": '),
    }
)
