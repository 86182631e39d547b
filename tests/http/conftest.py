"""
What the tests of the drivers share: carriers made of raw sockets, and a clock that stands still.
"""

from __future__ import annotations

import os
import random
import socket
import ssl
import struct
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from doorstep.http import Call, HttpPool, RepeatPolicy, Request, Response, Session, drive
from doorstep.outcome import Effect, Repeat

#: Appears in a header of every signed request, and must appear nowhere else.
CANARY = "canary-7f3a9c-token"


class Peer:
    """
    One connection, seen from the carrier.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._buffer = b""

    def request(self) -> bytes:
        """
        Read one request with its body; empty when the other side is gone.
        """
        while b"\r\n\r\n" not in self._buffer:
            data = self._receive()
            if not data:
                return b""
            self._buffer += data
        head, _, rest = self._buffer.partition(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        while len(rest) < length:
            rest += self._receive()
        self._buffer = rest[length:]
        return head + b"\r\n\r\n" + rest[:length]

    def _receive(self) -> bytes:
        try:
            return self.sock.recv(65536)
        except OSError:
            return b""

    def send(self, data: bytes) -> bool:
        """
        Send *data*; False when nobody listens any more.
        """
        try:
            self.sock.sendall(data)
        except OSError:
            return False
        return True

    def reply(self, status: int = 200, body: bytes = b"{}", **headers: str) -> None:
        """
        Answer with a length.
        """
        lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def reset(self) -> None:
        """
        Close with a reset instead of an orderly end.
        """
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


class Carrier:
    """
    Listen on loopback and give each connection to *handle*, in a thread of its own.
    """

    def __init__(self, handle, context: ssl.SSLContext | None = None, host="127.0.0.1") -> None:
        self._handle = handle
        self._context = context
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        self.port = self._listener.getsockname()[1]
        scheme = "http" if context is None else "https"
        name = "localhost" if context else f"[{host}]" if ":" in host else host
        self.url = f"{scheme}://{name}:{self.port}"
        self.connections = 0
        self.requests: list[bytes] = []
        self.done = threading.Event()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def _start(self, target, *args) -> None:
        thread = threading.Thread(target=target, args=args, name="carrier", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._sockets.append(sock)
            self._start(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        try:
            if self._context is not None:
                sock = self._context.wrap_socket(sock, server_side=True)
                self._sockets.append(sock)
            with suppress(OSError):
                self._handle(Peer(sock), self)
        except OSError:
            pass
        finally:
            sock.close()

    def close(self) -> None:
        """
        Hang up everywhere and wait for the threads.
        """
        self.done.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in list(self._sockets):
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for sock in self._sockets:
            sock.close()


def answering(*replies):
    """
    Handle connections by giving *replies* in turn, the last one for ever.
    """
    lock = threading.Lock()
    left = list(replies)

    def handle(peer: Peer, carrier: Carrier) -> None:
        while request := peer.request():
            with lock:
                carrier.requests.append(request)
                reply = left.pop(0) if len(left) > 1 else left[0]
            if reply(peer) is False:
                return

    return handle


def echo(peer: Peer, carrier: Carrier) -> None:
    """
    Answer every request with its own body.
    """
    while request := peer.request():
        peer.reply(body=request.partition(b"\r\n\r\n")[2])


class ManualClock:
    """
    Stand still; sleeping moves it and takes no time.
    """

    def __init__(self, start: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)) -> None:
        self.start = start
        self.elapsed = 0.0
        self.slept: list[float] = []
        self.while_asleep = None

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return self.elapsed

    def sleep(self, seconds: float, interrupted: threading.Event) -> None:
        self.slept.append(seconds)
        if self.while_asleep is not None:
            self.while_asleep()
        if not interrupted.is_set():
            self.elapsed += seconds


class Acme:
    """
    A provider, as far as the driver looks at it.
    """

    name = "acme"
    account = "main"
    repeat_policy = RepeatPolicy()
    public_fields = frozenset({"status", "content-type"})

    def __init__(self, base_url: str = "https://acme.example") -> None:
        self.base_url = base_url
        self.signed_at: list[datetime] = []

    def grant(self, now):
        return None

    def sign(self, request, now, grant):
        self.signed_at.append(now)
        token = CANARY if grant is None else grant.value.reveal()
        return request.with_headers({"Authorization": f"Bearer {token}"})


class Scripted:
    """
    A transport in memory: gives or raises what the test listed.
    """

    def __init__(self, *results) -> None:
        self.results = list(results)
        self.sent: list[Request] = []
        self.bases: list[str] = []

    def send(self, request, base_url, call):
        self.sent.append(request)
        self.bases.append(base_url)
        result = self.results.pop(0) if self.results else 200
        if callable(result):
            result = result(request, call)
        if isinstance(result, BaseException):
            raise result
        if isinstance(result, int):
            return response(result)
        return result

    def close(self) -> None: ...


def response(status: int = 200, body: bytes = b"{}", **headers: str) -> Response:
    """
    Make a response, received at the clock's first reading.
    """
    now = ManualClock().now()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, body=body, headers=named, sent_at=now, received_at=now)


def asking(effect=Effect.NOTHING, repeat=Repeat.SAFE, **options):
    """
    Return a flow of one request that returns the response.
    """
    answer = yield Request("POST", "/things", body=b"{}", effect=effect, repeat=repeat, **options)
    return answer


def client_sockets(port: int) -> int:
    """
    Count this process's sockets that are connected to *port*.
    """
    count = 0
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError), socket.socket(fileno=os.dup(int(entry.name))) as sock:
            peer = sock.getpeername()
            count += isinstance(peer, tuple) and peer[1] == port
    return count


class Kit:
    """
    Everything by name, because test modules cannot import one another.
    """

    CANARY = CANARY
    Acme = Acme
    Carrier = Carrier
    ManualClock = ManualClock
    Scripted = Scripted
    answering = staticmethod(answering)
    client_sockets = staticmethod(client_sockets)
    asking = staticmethod(asking)
    echo = staticmethod(echo)
    response = staticmethod(response)

    @staticmethod
    def session(*results, clock=None, endpoint=None, **options) -> Session:
        """
        Make a session on a scripted transport.
        """
        return Session(
            endpoint or Acme(),
            Scripted(*results),
            clock=clock or ManualClock(),
            rng=random.Random(7),
            **options,
        )

    @staticmethod
    def run(flow, session, **options):
        """
        Drive *flow* as a dispatch with a reference.
        """
        call = Call("dispatch", reference="order-118", revision=1, **options)
        return drive(flow, session, call)


@pytest.fixture
def kit():
    """
    Helpers.
    """
    return Kit


@pytest.fixture
def serve():
    """
    Start carriers that hang up when the test ends.
    """
    carriers = []

    def start(handle, **options) -> Carrier:
        carriers.append(Carrier(handle, **options))
        return carriers[-1]

    yield start
    for carrier in carriers:
        carrier.close()


@pytest.fixture
def pool():
    """
    A pool that is closed when the test ends.
    """
    with HttpPool() as pool:
        yield pool


@pytest.fixture(scope="session")
def authority():
    """
    A certificate authority that nobody trusts unless told to.
    """
    return trustme.CA()


@pytest.fixture(scope="session")
def server_context(authority):
    """
    TLS for a carrier called localhost.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def trusting(authority):
    """
    A context that trusts the tests' authority.
    """
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context
