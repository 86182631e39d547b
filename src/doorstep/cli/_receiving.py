"""
A small server that receives webhooks, for commands that show them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from socket import AF_INET6
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING, Any, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from doorstep.webhooks import Received, WebhookRequest, wsgi

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from doorstep.client import Client

__all__ = ["ReceivingServer"]

#: Seconds that a sender may be silent in the middle of a request.
_PATIENCE_S = 10.0


class ReceivingServer:
    """
    Receive webhooks for a client, in threads of its own.

    Args:
        client:
            Who receives.

        heard:
            Is told what came of each, before it is answered.

        host, port:
            Where to listen; port 0 takes a free one.

        path:
            The one that is received at; others are not found. None for any.

    Raises:
        OSError:
            It cannot listen there.
    """

    def __init__(
        self,
        client: Client,
        heard: Callable[[Received], object],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        path: str | None = None,
    ) -> None:
        self._client = client
        self._heard = heard
        self._path = path
        self._app = wsgi(self)
        #: Set when something failed that is no webhook's fault; see :attr:`failure`.
        self.failed = threading.Event()
        self.failure: Exception | None = None
        self._server = (_Server6 if ":" in host else _Server)((host, port), _Handler)
        self._server.set_app(self._answer)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="doorstep-receiver", daemon=True
        )
        bound = self._server.server_address[1]
        shown = f"[{host}]" if ":" in host else host
        #: Where it listens.
        self.url = f"http://{shown}:{bound}{path or '/'}"

    def receive(self, request: WebhookRequest) -> Received:
        """
        Receive a webhook and tell of it.
        """
        received = self._client.receive(request)
        self._heard(received)
        return received

    def __enter__(self) -> Self:
        """
        Begin to listen.
        """
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """
        Listen no more.
        """
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if self._path is not None and environ["PATH_INFO"] != self._path:
            return _plainly(HTTPStatus.NOT_FOUND, start)
        try:
            return self._app(environ, start)
        except Exception as error:  # noqa: BLE001  told by the command; 500, so that it comes again
            self.failure = error
            self.failed.set()
            return _plainly(HTTPStatus.INTERNAL_SERVER_ERROR, start)


def _plainly(status: HTTPStatus, start: StartResponse) -> Iterable[bytes]:
    start(f"{status.value} {status.phrase}", [("Content-Length", "0")])
    return [b""]


class _Handler(WSGIRequestHandler):
    timeout = _PATIENCE_S

    def log_message(self, *_: Any) -> None:
        """
        Say nothing: webhooks are what is shown.
        """

    def get_stderr(self) -> Any:
        """
        Return where a sender that went away is complained of.
        """
        return _Nowhere()


class _Nowhere:
    def write(self, _: str) -> None: ...

    def flush(self) -> None: ...


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    # Senders come in crowds.
    request_queue_size = 128

    def server_bind(self) -> None:
        """
        Bind without asking for the name of this computer, which may take long.
        """
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]
        self.setup_environ()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """
        Say nothing of a sender who went away.
        """


class _Server6(_Server):
    address_family = AF_INET6
