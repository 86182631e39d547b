"""
Reading a body: whole, decoded, and not larger than asked for.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any, Protocol

_CHUNK = 64 * 1024
#: Digits of the largest length that is believed; enough for a petabyte.
_LENGTH_DIGITS = 15


class TooLargeError(Exception):
    """
    The body, decoded, is larger than the request allows.
    """


class FramingError(Exception):
    """
    The answer contradicts itself about where it ends, or ends elsewhere.
    """


class RawBody(Protocol):
    """
    The part of an answer that is needed here.
    """

    def read(self, amt: int | None = None) -> bytes:
        """
        Return up to *amt* bytes, fewer only at the end.
        """


def declared_length(headers: Mapping[str, str]) -> int | None:
    """
    Return the length that *headers* declare, or None.

    Raises:
        FramingError:
            It is not a number, there are several, or the body is chunked too.
    """
    text = headers.get("content-length")
    encoding = headers.get("transfer-encoding")
    if encoding is not None and (text is not None or encoding.strip().lower() != "chunked"):
        raise FramingError
    if text is None:
        return None
    lengths = {length.strip() for length in text.split(",")}
    length = lengths.pop()
    if lengths or not length.isdecimal() or not length.isascii() or len(length) > _LENGTH_DIGITS:
        raise FramingError
    return int(length)


def read_body(raw: RawBody, headers: Mapping[str, str], cap: int, *, bodiless: bool) -> bytes:
    """
    Read a body to its end.

    Args:
        raw:
            Where from.

        headers:
            Of the answer, with lower-case names.

        cap:
            Bytes that are accepted at most, decoded.

        bodiless:
            Whether there is none whatever the headers say.

    Raises:
        TooLargeError:
            There is more; at most *cap* and a little were held.

        FramingError:
            It is not what the headers said.
    """
    length = declared_length(headers)
    if bodiless:
        raw.read(1)
        return b""
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("gzip", "x-gzip"):
        return _gunzip(raw, cap)
    if encoding not in ("identity", ""):
        raise FramingError
    if length is not None and length > cap:
        raise TooLargeError
    body = raw.read(cap + 1)
    if len(body) > cap:
        raise TooLargeError
    if length is not None and length != len(body):
        raise FramingError
    return body


def _gunzip(raw: RawBody, cap: int) -> bytes:
    parts: list[bytes] = []
    room = cap + 1
    member: Any = zlib.decompressobj(16 + zlib.MAX_WBITS)
    while data := raw.read(_CHUNK):
        while data:
            if member.eof:
                member = zlib.decompressobj(16 + zlib.MAX_WBITS)
            part = member.decompress(data, room)
            parts.append(part)
            room -= len(part)
            if room <= 0:
                raise TooLargeError
            data = member.unused_data if member.eof else member.unconsumed_tail
    if not member.eof:
        raise FramingError
    return b"".join(parts)
