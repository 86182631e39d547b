"""
The real transport: urllib3's connections, kept and used again.

Connections are used directly, not through urllib3's pools. These follow redirects,
repeat, keep what they should not and log the query string unless they are told not
to, all of which would have to be switched off; and they give no chance to say
whether a byte was written, which is what decides whether a dispatch may be sent
again.
"""

from __future__ import annotations

import http.client
import ssl
import threading
import weakref
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from urllib3.connection import HTTPConnection, HTTPSConnection

from doorstep import __version__
from doorstep.http._answer import Answer
from doorstep.http._body import read_body
from doorstep.http._call import Call
from doorstep.http._connect import GivenUpError, open_socket
from doorstep.http._failure import as_failure
from doorstep.http._fork import renew_after_fork
from doorstep.http._messages import Request, Response, TransportError
from doorstep.http._origin import Origin, parse_origin
from doorstep.http._tls import shared_context, verifying
from doorstep.http._watchdog import WATCHDOG

_USER_AGENT = f"doorstep/{__version__}"
_BODILESS = frozenset({204, 304})


class _Connection(HTTPConnection):
    """
    A connection that writes a request at once and says so beforehand.
    """

    call: Call
    connect_timeout_s: float
    answer: Answer | None = None

    def __init__(self, **options: Any) -> None:
        super().__init__(timeout=None, **options)
        self._written: list[bytes] = []
        self.response_class = self._new_answer  # type: ignore[assignment]

    def connect(self) -> None:
        """
        Open the socket; it belongs to the call before it connects.
        """
        self.sock = open_socket(self.host, self.port, self.call, self.connect_timeout_s)

    def open(self) -> None:
        """
        Connect, and leave the time to the watchdog from here on.

        A timeout of the socket would not end what drips, and costs a poll for
        each read and write.
        """
        self.connect()
        self.sock.settimeout(None)

    def send(self, data: Any) -> None:
        """
        Keep what http.client would write piece by piece.
        """
        self._written.append(data)

    def transmit(self) -> None:
        """
        Write the request: headers and body in one piece, so that none goes alone.
        """
        data = b"".join(self._written)
        self._written.clear()
        if self.call.remaining() <= 0 or self.call.aborted:
            raise GivenUpError
        self.call.sent = True
        # A carrier may answer and hang up before it has read everything. If there is no
        # answer to read, reading says so.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.sock.sendall(data)

    def receive(self) -> Answer:
        """
        Read the head of the answer.

        urllib3 would wrap it for what is not used here, and log the URL of an
        answer whose head it cannot read.
        """
        answer: Answer = http.client.HTTPConnection.getresponse(self)  # type: ignore[assignment]
        return answer

    def exchange(self, request: Request, target: str, headers: Mapping[str, str]) -> Response:
        """
        Send *request* and read the whole answer.
        """
        clock = self.call.clock
        self.request(
            request.method,
            target,
            body=request.body,
            headers=headers,
            preload_content=False,
            decode_content=False,
        )
        if self.sock is None:
            self.open()
        elif not self.call.attach(self.sock):
            raise GivenUpError
        sent_at = clock.now()
        self.transmit()
        raw = self.receive()
        got = raw.fields()
        got.pop("set-cookie", None)
        bodiless = raw.status in _BODILESS or request.method == "HEAD"
        body = read_body(raw, got, request.body_cap, bodiless=bodiless)
        return Response(
            status=raw.status,
            headers=got,
            body=body,
            sent_at=sent_at,
            received_at=clock.now(),
        )

    @property
    def reusable(self) -> bool:
        """
        Whether the answer was read to its end, and nothing came after it.
        """
        answer = self.answer
        return (
            self.sock is not None
            and answer is not None
            and answer.isclosed()
            and not answer.surplus
        )

    def _new_answer(self, sock: Any, debuglevel: int = 0, method: str | None = None) -> Answer:
        self.answer = Answer(sock, method=method)
        return self.answer

    def discard(self) -> None:
        """
        Close everything that holds the socket.
        """
        if self.answer is not None:
            self.answer.close()
        self.close()


class _TlsConnection(_Connection, HTTPSConnection):
    """
    The same, verified.
    """

    def connect(self) -> None:
        """
        Open the socket and shake hands; both can be given up.
        """
        super().connect()
        # The caller may have changed it since the pool looked.
        context: ssl.SSLContext = verifying(self.ssl_context)  # type: ignore[arg-type]
        self.sock = sock = context.wrap_socket(
            self.sock,
            server_hostname=self.host,
            do_handshake_on_connect=False,
            suppress_ragged_eofs=False,
        )
        if not self.call.attach(sock):
            raise GivenUpError
        sock.do_handshake()
        self.is_verified = True


class HttpPool:
    """
    Send requests over kept connections. Safe for threads, and after a fork.

    Verifies certificates and host names, always. Follows no redirect, keeps no
    cookie, and does not look at proxy variables of the environment. One pool may
    serve many clients.

    Args:
        maxsize:
            Idle connections that are kept for each host at most.

        ssl_context:
            For a private authority; the system's authorities when absent.

        connect_timeout_s:
            Seconds for connecting, and for each step of the handshake, within
            the deadline of the call.

    Raises:
        doorstep.errors.SettingsError:
            *ssl_context* does not verify.

    .. versionadded:: 0.1.0
    """

    def __init__(
        self,
        *,
        maxsize: int = 32,
        ssl_context: ssl.SSLContext | None = None,
        connect_timeout_s: float = 10.0,
    ) -> None:
        self._context = None if ssl_context is None else verifying(ssl_context)
        self._maxsize = maxsize
        self._connect_timeout_s = connect_timeout_s
        self._origins: dict[str, Origin] = {}
        self._idle: dict[tuple[bool, str, int], list[_Connection]] = {}
        self._lock = threading.Lock()
        self._closed = False
        renew_after_fork(self)
        weakref.finalize(self, _close_all, self._idle).atexit = False

    def send(self, request: Request, base_url: str, call: Call) -> Response:
        """
        Send *request* below *base_url* and return the answer, its body complete.

        Raises:
            TransportError:
                There is no usable answer. Its ``sent`` says whether a byte of
                the request was written.

            doorstep.errors.SettingsError:
                *base_url* is not one to send secrets to.
        """
        origin = self._origins.get(base_url)
        if origin is None:
            origin = self._origins[base_url] = parse_origin(base_url)
        result = self._attempt(origin, request, call)
        if isinstance(result, Response):
            return result
        try:
            # Out here no foreign exception is being handled, whose frames hold the token.
            raise result
        finally:
            # The exception and this frame would keep each other, and the request, alive.
            del result

    def close(self) -> None:
        """
        Close every idle connection; those in use are closed when they come back.
        """
        with self._lock:
            self._closed = True
            idle = [each for kept in self._idle.values() for each in kept]
            self._idle.clear()
        for connection in idle:
            connection.discard()
        WATCHDOG.rest()

    def after_fork(self) -> None:
        """
        Drop the parent's connections; closing a copy does not end the original.
        """
        self._lock = threading.Lock()
        _close_all(self._idle)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _attempt(self, origin: Origin, request: Request, call: Call) -> Response | BaseException:
        connection: _Connection | None = None
        result: Response | BaseException
        try:
            connection = self._take(origin, call)
            result = connection.exchange(request, origin.prefix + request.target, _headers(request))
        except BaseException as error:  # noqa: BLE001  it is returned
            result = as_failure(error, call)
        untouched = call.detach()
        if connection is None:
            return result
        if isinstance(result, Response) and not untouched:
            kind = "aborted" if call.aborted else "timeout"
            result = TransportError(kind, sent=True)
        if isinstance(result, Response) and connection.reusable:
            self._give_back(origin, connection)
        else:
            connection.discard()
        return result

    def _take(self, origin: Origin, call: Call) -> _Connection:
        key = (origin.secure, origin.host, origin.port)
        while True:
            with self._lock:
                kept = self._idle.get(key)
                connection = kept.pop() if kept else None
            if connection is None:
                connection = self._new(origin)
            elif not connection.is_connected:
                connection.discard()
                continue
            connection.call = call
            return connection

    def _new(self, origin: Origin) -> _Connection:
        connection: _Connection
        if origin.secure:
            context = self._context or shared_context()
            connection = _TlsConnection(host=origin.host, port=origin.port, ssl_context=context)
        else:
            connection = _Connection(host=origin.host, port=origin.port)
        connection.connect_timeout_s = self._connect_timeout_s
        return connection

    def _give_back(self, origin: Origin, connection: _Connection) -> None:
        del connection.call
        connection.answer = None
        with self._lock:
            kept = self._idle.setdefault((origin.secure, origin.host, origin.port), [])
            keep = not self._closed and len(kept) < self._maxsize
            if keep:
                kept.append(connection)
        if not keep:
            connection.discard()


def _headers(request: Request) -> dict[str, str]:
    headers = dict(request.headers)
    names = {name.lower() for name in headers}
    if "user-agent" not in names:
        headers["User-Agent"] = _USER_AGENT
    if "accept-encoding" not in names:
        headers["Accept-Encoding"] = "gzip"
    if request.body is not None and "content-type" not in names:
        headers["Content-Type"] = "application/json"
    return headers


def _close_all(idle: dict[tuple[bool, str, int], list[_Connection]]) -> None:
    for kept in idle.values():
        for connection in kept:
            connection.discard()
    idle.clear()
