"""
A carrier made of raw sockets, on loopback.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

from doorstep_contracts.faults._peer import Peer
from doorstep_contracts.faults._wire import Answer, WireFault


class FaultServer:
    """
    Listen on loopback, and do to each request what the test says.

    ::

        with FaultServer(Reset()) as server:
            client = Client(MyProvider(base_url=server.url))

    Closing it ends every connection at once, whatever is under way on it.

    Args:
        faults:
            One for each request, in the order in which requests come; the last
            one for all that follow. An empty answer when there is none.

        tls:
            Speak TLS with this context; see :class:`Authority`.

        host:
            An address of this computer.

    .. versionadded:: 0.1.0
    """

    def __init__(
        self,
        *faults: WireFault,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self._faults = list(faults) or [Answer()]
        self._tls = tls
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        self._host = f"[{host}]" if ":" in host else host
        #: Where it listens.
        self.port: int = self._listener.getsockname()[1]
        #: How often somebody connected.
        self.connections = 0
        #: Every request that was read whole, as it stood on the wire.
        self.requests: list[bytes] = []
        self._changed = threading.Condition()
        self._closed = threading.Event()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._acceptor = threading.Thread(target=self._accept, name="fault-server", daemon=True)
        self._acceptor.start()

    @property
    def url(self) -> str:
        """
        The base URL.
        """
        return f"http://{self._host}:{self.port}" if self._tls is None else self.secure_url

    @property
    def secure_url(self) -> str:
        """
        The base URL with https, even if nobody here speaks TLS.
        """
        return f"https://localhost:{self.port}"

    def count(self, method: str) -> int:
        """
        Count the requests that were read, by their method.
        """
        return sum(each.startswith(f"{method} ".encode()) for each in list(self.requests))

    def wait_for(self, requests: int = 1, *, timeout_s: float = 10.0) -> None:
        """
        Wait until so many *requests* were read.

        Raises:
            TimeoutError:
                They did not come.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.requests) >= requests, timeout_s):
                msg = f"{len(self.requests)} of {requests} requests came"
                raise TimeoutError(msg)

    def close(self) -> None:
        """
        Hang up everywhere and wait for the threads.
        """
        self._closed.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join(5)
        for sock in list(self._sockets):
            _end(sock)
        for thread in self._threads:
            thread.join(5)
        for sock in self._sockets:
            sock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            sock = self._wrapped(sock)
            self._sockets.append(sock)
            thread = threading.Thread(
                target=self._serve, args=(sock,), name="fault-server", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _wrapped(self, sock: socket.socket) -> socket.socket:
        if self._tls is None:
            return sock
        return self._tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)

    def _serve(self, sock: socket.socket) -> None:
        try:
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            peer = Peer(sock, self._closed.wait)
            while peer.waiting():
                if not self._exchange(peer):
                    return
        except OSError:
            pass  # the other side went
        finally:
            sock.close()

    def _exchange(self, peer: Peer) -> bool:
        with self._changed:
            fault = self._faults.pop(0) if len(self._faults) > 1 else self._faults[0]
        after: int | None = getattr(fault, "after", None)
        if after is not None:
            peer.read(after)
        elif request := peer.read_request():
            with self._changed:
                self.requests.append(request)
                self._changed.notify_all()
        else:
            return False
        return fault(peer) is not False


def _end(sock: socket.socket) -> None:
    # Not SSLSocket.shutdown: it drops the layer of TLS under the thread that reads.
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
