"""
The carrier that the tests of the command line install: a fake one behind real HTTP.

``write_plugin`` writes a distribution whose provider and simulator are defined in this
file, so that ``doorstep`` finds it as it finds any plugin.
"""

from __future__ import annotations

import shutil
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import attrs

from doorstep import Secret
from doorstep.http import Call, Request, TransportError
from doorstep.models import Courier, Status
from doorstep.testing import FakeCarrier, FakeProvider, ManualClock

API_KEY = "acme-key-nobody-may-see"
#: What the courier does, one step for each look at the delivery.
WALK = (Status.TO_PICKUP, Status.TO_DROPOFF, Status.DELIVERED)


@attrs.frozen(kw_only=True)
class AcmeSettings:
    """
    The settings of an account.
    """

    base_url: str
    api_key: Secret


@attrs.frozen(kw_only=True)
class AcmeProvider(FakeProvider):
    """
    The fake provider, telling the carrier which account asks.
    """

    name: str = "acme"

    def sign(self, request: Request, now: datetime, grant: object) -> Request:
        """
        Name the account.
        """
        return request.with_headers({"x-account": self.account})


def build(account: str, settings: AcmeSettings) -> AcmeProvider:
    """
    Make the provider of one account.
    """
    return AcmeProvider(account=account, base_url=settings.base_url)


@attrs.frozen(kw_only=True)
class AcmeOptions:
    """
    How the simulator behaves.

    Args:
        api_key:
            The key that it accepts.

        port:
            Where to listen.

        walks:
            Whether the courier moves.

        start, speed:
            The clock's first reading, and how fast it goes.

        pace:
            How fast the courier goes.
    """

    api_key: Secret = attrs.field(factory=lambda: Secret(API_KEY), repr=False)
    port: int = attrs.field(default=0, validator=attrs.validators.ge(0))
    walks: bool = True
    start: datetime | None = None
    speed: float = 1.0
    pace: int = attrs.field(default=1, validator=attrs.validators.ge(0))
    clock: object = None


class AcmeServer:
    """
    A fake carrier behind HTTP, one for each account.

    What a test may set: ``hold`` keeps the next answer back until ``release``;
    ``courier`` is who brings it.
    """

    def __init__(self, options: AcmeOptions | None = None) -> None:
        self.options = options or AcmeOptions()
        if self.options.speed < 0:
            raise ValueError("must be 0 or more")
        self.carriers: dict[str, FakeCarrier] = {}
        self.courier = Courier(name="Ada Lovelace")
        self.holding = threading.Event()
        self.release = threading.Event()
        self.release.set()
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    @property
    def base_url(self) -> str:
        """
        Where it listens.
        """
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def credentials(self) -> dict[str, str]:
        """
        Return the settings that it accepts.
        """
        return {"base_url": self.base_url, "api_key": self.options.api_key.reveal()}

    def books(self) -> list[dict[str, Any]]:
        """
        Return what was booked.
        """
        carriers = self.carriers.values()
        return [
            {"id": one.id.value, "status": one.status.value}
            for carrier in carriers
            for one in carrier.deliveries
        ]

    def carrier(self, account: str = "default") -> FakeCarrier:
        """
        Return the carrier as *account* sees it.
        """
        provider = AcmeProvider(account=account)
        clock = ManualClock(datetime.now(UTC))
        return self.carriers.setdefault(account, FakeCarrier(provider=provider, clock=clock))

    def start(self) -> None:
        """
        Listen.
        """
        self._server = QuietServer(("127.0.0.1", self.options.port), handler_for(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """
        Stop listening.
        """
        if self._server is not None:
            self.release.set()
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer(self, request: Request, account: str) -> tuple[int, bytes] | None:
        """
        Answer a request as the account's carrier does; None loses the answer.
        """
        with self._lock:
            carrier = self.carrier(account)
            if request.method == "GET" and self.options.walks:
                self._walk(carrier, request.path.encoded.rpartition("/")[2])
            try:
                answer = carrier.send(request, self.base_url, Call("any"))
            except TransportError:
                return None
        if not self.release.is_set():
            self.holding.set()
            self.release.wait()
        return answer.status, answer.body

    def _walk(self, carrier: FakeCarrier, key: str) -> None:
        for delivery in carrier.deliveries:
            if delivery.id.value == key and not delivery.status.terminal:
                step = WALK.index(delivery.status) + 1 if delivery.status in WALK else 0
                moved = carrier.advance(delivery.id, WALK[step])
                carrier._deliveries[key] = attrs.evolve(moved, courier=self.courier)


class QuietServer(ThreadingHTTPServer):
    """
    A server that does not mind when a client that was interrupted hangs up.
    """

    def handle_error(self, request: Any, client_address: Any) -> None:
        """
        Say nothing.
        """


def handler_for(server: AcmeServer) -> type[BaseHTTPRequestHandler]:
    """
    Return what handles the requests to *server*.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            request = Request(self.command, self.path, body=body)
            found = server.answer(request, self.headers["x-account"])
            if found is None:
                self.close_connection = True
                return
            self.send_response(found[0])
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(found[1])))
            self.end_headers()
            self.wfile.write(found[1])

        do_GET = do_POST = do_PATCH = do_PUT = handle_any  # noqa: N815  the names that http.server calls

        def log_message(self, *_: object) -> None: ...

    return Handler


PLUGIN = """
from doorstep import hookimpl

doorstep_api_version = 1


@hookimpl
def doorstep_register_providers(register):
    from acme_parts import AcmeSettings, build
    from doorstep.hookspecs import ProviderSpec

    register(ProviderSpec(name="{name}", settings=AcmeSettings, build=build))


@hookimpl
def doorstep_register_simulators(register):
    from acme_parts import AcmeOptions, AcmeServer
    from doorstep.hookspecs import SimulatorSpec

    register(SimulatorSpec(name="{name}", options=AcmeOptions, build=AcmeServer))


@hookimpl
def doorstep_register_commands(register):
    from doorstep.hookspecs import CommandSpec

    register(CommandSpec(name="greet", load=_greet))
    register(CommandSpec(name="broken", load=lambda: 1 // 0))


def _greet():
    from cyclopts import App

    app = App(name="greet", help="Greet somebody.")

    @app.default
    def greet(name: str) -> int:
        print("hello", name)
        return 7 if name == "seven" else 0

    return app
"""


def write_plugin(folder: Path, name: str = "acme", source: str = PLUGIN) -> None:
    """
    Install a distribution ``doorstep-NAME`` into *folder*.
    """
    folder.mkdir(exist_ok=True)
    shutil.copyfile(__file__, folder / "acme_parts.py")
    (folder / f"doorstep_{name}.py").write_text(source.replace("{name}", name), "utf-8")
    info = folder / f"doorstep_{name}-1.2.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: doorstep-{name}\nVersion: 1.2\n"
    (info / "METADATA").write_text(metadata, "utf-8")
    (info / "entry_points.txt").write_text(f"[doorstep]\n{name} = doorstep_{name}\n", "utf-8")
