"""
Opening a TCP connection that can be given up at any moment.
"""

from __future__ import annotations

import socket

from doorstep.http._call import Call


class GivenUpError(Exception):
    """
    The call ended before this step; nothing of it was done.
    """


def open_socket(host: str, port: int, call: Call, timeout_s: float) -> socket.socket:
    """
    Connect to *host*, address by address, within *timeout_s* and the deadline.

    Each socket belongs to *call* before it connects, so that abort and deadline
    end the connecting as well.
    """
    failed: OSError | None = None
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
        left = call.remaining()
        if left <= 0 or call.aborted:
            raise GivenUpError
        sock = socket.socket(family, kind, protocol)
        try:
            failed = _try(sock, address, call, min(left, timeout_s))
        except BaseException:
            sock.close()
            raise
        if failed is None:
            return sock
        sock.close()
    raise failed or OSError


def _try(sock: socket.socket, address: object, call: Call, timeout_s: float) -> OSError | None:
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(timeout_s)
        if not call.attach(sock):
            raise GivenUpError
        sock.connect(address)  # type: ignore[arg-type]
    except OSError as error:
        return error
    return None
