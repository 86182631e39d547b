"""
Bodies that carriers, proxies and captive portals really send instead of an answer.
"""

from __future__ import annotations

from typing import Final

__all__ = ["BODIES"]

BODIES: Final[tuple[bytes, ...]] = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"text"',
    b'{"code": 7, "message": null}',
    b"<html><body>Sign in to the network</body></html>",
    b'{"truncated": ',
    b"\xff\xfe\x00",
)
