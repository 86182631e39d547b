"""
HTTP/1.1 on loopback: connections that stay open, and ways to end them badly.

werkzeug's own handler closes the connection after every answer. Clients keep
theirs, and much that goes wrong between the two goes wrong on a kept one, so
this handler reads each request whole and leaves the connection open.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import socket
import struct
from typing import TYPE_CHECKING, Any, Final

from werkzeug.http import http_date
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

__all__ = ["HungUpError", "LoopbackServer", "hang_up", "hold", "reset", "to_bytes"]

_BODY_CAP: Final = 16 * 1024 * 1024
_LOGGER: Final = logging.getLogger(__name__)


class HungUpError(Exception):
    """
    The connection was dealt with: send nothing more on it.
    """


def reset(connection: socket.socket) -> None:
    """
    End *connection* with a reset instead of an orderly close.
    """
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # close() would wait for the files that the handler opened on the socket.
    os.close(connection.detach())


def hang_up(connection: socket.socket) -> None:
    """
    End *connection* in order, whatever was sent on it so far.
    """
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def hold(connection: socket.socket, seconds: float | None) -> None:
    """
    Send nothing on *connection* until *seconds* passed or either side ended it.
    """
    with contextlib.suppress(OSError):
        connection.settimeout(seconds)
        connection.recv(1, socket.MSG_PEEK)


def to_bytes(response: Response, *, close: bool = True, body: bytes | None = None) -> bytes:
    """
    Return *response* as it goes over the wire.

    Args:
        response:
            What to say.

        close:
            Whether to announce that the connection ends after it.

        body:
            Sent instead of the response's own; its length is not announced.
    """
    data = response.get_data()
    headers = response.headers.copy()
    headers.setdefault("Content-Length", str(len(data)))
    headers.setdefault("Date", http_date())
    if close:
        headers["Connection"] = "close"
    lines = [f"HTTP/1.1 {response.status}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (data if body is None else body)


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer must not wait for the acknowledgement of the one before.
    disable_nagle_algorithm = True
    server: LoopbackServer

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)
        if self.server.ended:
            hang_up(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        try:
            _read_body(environ)
            response = Response.from_app(self.server.app, environ, buffered=True)
        except (HungUpError, OSError):
            self.close_connection = True
            return
        except ValueError as error:
            self.close_connection = True
            response = Response(str(error), status=400)
        except Exception:
            _LOGGER.exception("the simulator itself failed")
            response = Response(status="500 Simulator Failure")
        body = b"" if self.command == "HEAD" else None
        self.wfile.write(to_bytes(response, close=self.close_connection, body=body))

    def log(self, kind: str, message: str, *args: Any) -> None:
        """
        Say nothing: requests are counted in the journal.
        """


def _read_body(environ: WSGIEnvironment) -> None:
    """
    Read the request to its end, so that the next one on the connection can follow.

    Raises:
        ValueError:
            Its length is not a length, or more than the server takes.
    """
    if environ.pop("wsgi.input_terminated", False):
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        body = environ["wsgi.input"].read()
    else:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if not 0 <= length <= _BODY_CAP:
            msg = f"a request's length must be 0 to {_BODY_CAP} (got {length})"
            raise ValueError(msg)
        body = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))


class LoopbackServer(ThreadedWSGIServer):
    """
    A threaded server that knows its open connections, so that it can end at once.

    Args:
        listener:
            Bound and listening; the caller may close it afterwards.

        app:
            What to serve.
    """

    def __init__(self, listener: socket.socket, app: WSGIApplication) -> None:
        host, port = listener.getsockname()[:2]
        #: The callers' connections that are open now.
        self.connections: set[socket.socket] = set()
        #: Whether :meth:`end` was called.
        self.ended = False
        super().__init__(host, port, app, _Handler, fd=listener.fileno())

    def end(self) -> None:
        """
        Take no further request and end every connection.
        """
        self.ended = True
        self.shutdown()
        for connection in list(self.connections):
            hang_up(connection)

    def handle_error(self, _request: Any, client_address: Any) -> None:
        """
        Say nothing about a caller who went away.
        """
        _LOGGER.debug("a connection from %s ended badly", client_address)
