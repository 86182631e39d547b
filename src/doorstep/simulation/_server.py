"""
A real HTTP server on loopback around one carrier's rules.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from doorstep.simulation._carrier import SimulatedCarrier
from doorstep.simulation._clock import SimulatorClock
from doorstep.simulation._control import PREFIX, Control
from doorstep.simulation._faults import Faults
from doorstep.simulation._journal import Journal
from doorstep.simulation._perform import Exchange, perform
from doorstep.simulation._routing import Match, Routes
from doorstep.simulation._webhooks import WebhookSender
from doorstep.simulation._wire import LoopbackServer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["SimulatorServer"]


class SimulatorServer:
    """
    Serve a simulated carrier over HTTP/1.1 on 127.0.0.1.

    Connections stay open between requests. Every request that reaches the
    server is counted in :attr:`journal`, meets the faults armed for its
    operation, and is answered by the carrier's rules. The control API is
    served beside them (see :mod:`doorstep.simulation`).

    Args:
        carrier:
            The rules.

        clock:
            The simulator's clock; a running one when absent.

        port:
            Where to listen; 0 takes a free port.

        webhooks:
            What tells shops by itself, if the carrier does; it posts while the
            server runs.

    Raises:
        OSError:
            From :meth:`start`: the port is taken.
    """

    def __init__(
        self,
        carrier: SimulatedCarrier,
        *,
        clock: SimulatorClock | None = None,
        port: int = 0,
        webhooks: WebhookSender | None = None,
    ) -> None:
        self._carrier = carrier
        self._port = port
        self._routes = Routes(carrier.rules())
        self._stopping = threading.Event()
        self._running: tuple[LoopbackServer, threading.Thread] | None = None
        #: The simulator's clock.
        self.clock = clock or SimulatorClock()
        #: The faults that requests are to meet.
        self.faults = Faults(frozenset(str(rule.endpoint) for rule in carrier.rules()))
        #: Every request that reached the server.
        self.journal = Journal()
        self._webhooks = webhooks
        self._control = Control(carrier, self.clock, self.faults, self.journal, webhooks)

    @property
    def base_url(self) -> str:
        """
        Where the carrier is to be found, without a slash at the end.

        Raises:
            RuntimeError:
                The server is not running.
        """
        if self._running is None:
            msg = "the simulator has no address before start() and after stop()"
            raise RuntimeError(msg)
        return f"http://127.0.0.1:{self._running[0].port}"

    def start(self) -> Self:
        """
        Listen and serve in a thread that does not keep the process alive.
        """
        if self._running is not None:
            return self
        with socket.create_server(("127.0.0.1", self._port), backlog=128) as listener:
            server = LoopbackServer(listener, self._app)
        self._stopping.clear()
        thread = threading.Thread(
            target=server.serve_forever,
            kwargs={"poll_interval": 0.01},
            name="doorstep-simulator",
            daemon=True,
        )
        self._running = server, thread
        thread.start()
        if self._webhooks is not None:
            self._webhooks.start()
        return self

    def stop(self) -> None:
        """
        End at once, with every connection that is open or held. Repeating is harmless.
        """
        running, self._running = self._running, None
        if running is None:
            return
        server, thread = running
        if self._webhooks is not None:
            self._webhooks.stop()
        self._stopping.set()
        server.end()
        thread.join()

    def __enter__(self) -> Self:
        """
        Start the server.
        """
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """
        Stop the server.
        """
        self.stop()

    def _app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        path = str(environ["RAW_URI"]).partition("?")[0]
        if path.startswith(PREFIX):
            return self._control.answer(path, request)(environ, start_response)
        return self._answer(path, request)(environ, start_response)

    def _answer(self, path: str, request: Request) -> Response:
        match = self._routes.match(path, request.method)
        if isinstance(match, HTTPException):
            self.journal.note(request.method, "(none)")
            body = {"code": "not_found", "message": match.description}
            return Response(json.dumps(body), status=match.code, content_type="application/json")
        self.journal.note(request.method, match.route)
        fault = self.faults.take(match.operation)
        if fault is None:
            return self._commit(match, request)
        exchange = Exchange(
            carrier=self._carrier,
            arguments=match.arguments,
            commit=lambda: self._commit(match, request),
            parameters=fault.parameters,
            connection=request.environ["werkzeug.socket"],
            stopping=self._stopping,
        )
        return perform(fault.name, exchange)

    def _commit(self, match: Match, request: Request) -> Response:
        return self._carrier.answer(match.operation, match.arguments, request)
