"""
``doorstep webhook listen``: a receiver on this machine that shows what it hears.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from doorstep.cli._errors import note
from doorstep.cli._heard import show_received
from doorstep.cli._output import Line, Output
from doorstep.cli._receiving import ReceivingServer
from doorstep.cli._shared import Account, Settings, invalid
from doorstep.webhooks import WebhookRequest

if TYPE_CHECKING:
    from doorstep.client import Client
    from doorstep.tracking import SqliteEventStore

__all__ = ["listen"]

_LAST_PORT = 65535


def listen(
    carrier: str,
    /,
    *,
    account: Account = "default",
    host: Annotated[str, Parameter(help="Where to listen; this machine alone unless said.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, Parameter(help="Where to listen; a free port unless said.")] = 0,
    path: Annotated[str, Parameter(help="Where webhooks are posted to.")] = "/",
    store: Annotated[
        Path | None, Parameter(help="A SQLite file that remembers what was heard.")
    ] = None,
    settings: Settings = Settings(),  # noqa: B008  frozen
) -> None:
    """
    Receive a carrier's webhooks and print them as they come, until Ctrl-C.

    Each is verified by the account's settings and answered as a shop would. What
    was refused is printed too. Nothing is asked of the carrier.

    Args:
        carrier:
            The plugin's name.
    """
    output = settings.output
    if not 0 <= port <= _LAST_PORT:
        raise invalid("--port", f"must be a whole number 0 to {_LAST_PORT}")
    if not path.startswith("/"):
        raise invalid("--path", "must begin with /")
    with _opened(store) as kept, settings.connect(carrier, account, store=kept) as courier:
        _check(courier, output)
        with _listening(courier, output, host, port, path) as server:
            try:
                output.data({"url": server.url}, Line(f"# webhooks are received at {server.url}"))
                note("Ctrl-C ends it", json=output.json)
                _wait(server)
            except KeyboardInterrupt:  # the ordinary end
                note("the receiver ends", json=output.json)


def _check(courier: Client, output: Output) -> None:
    """
    Find out beforehand whether anything can be received at all.
    """
    rejected = courier.receive(WebhookRequest()).rejected
    if rejected is not None and rejected.reason == "unconfigured":
        note(f"warning: {rejected}", json=output.json)


@contextlib.contextmanager
def _opened(path: Path | None) -> Iterator[SqliteEventStore | None]:
    if path is None:
        yield None
        return
    import sqlite3

    from doorstep.tracking import SqliteEventStore

    try:
        store = SqliteEventStore(path)
    except (OSError, sqlite3.Error):
        store = None
    if store is None:
        raise invalid("--store", "cannot be opened, or is another kind of file")
    with store:
        yield store


def _listening(courier: Client, output: Output, host: str, port: int, path: str) -> ReceivingServer:
    try:
        return ReceivingServer(
            courier,
            lambda received: show_received(output, received),
            host=host,
            port=port,
            path=path,
        )
    except OSError as error:
        problem = error.strerror
    raise invalid("--port", f"cannot be listened at ({problem})")


def _wait(server: ReceivingServer) -> None:
    """
    Wait until interrupted, or until something fails.
    """
    while not server.failed.wait(1.0):  # a wait without end could not be interrupted everywhere
        pass
    if server.failure is not None:
        raise server.failure
