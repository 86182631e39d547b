"""
Faults carried out on the connection itself.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from werkzeug.wrappers import Response

from doorstep.simulation._carrier import SimulatedCarrier
from doorstep.simulation._wire import HungUpError, hold, reset, to_bytes

__all__ = ["Exchange", "perform"]

_HTML: Final = "<!doctype html><title>Welcome</title><h1>Please sign in to the guest network</h1>"


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """
    One request that is to meet a fault.
    """

    #: The carrier's part, for its words.
    carrier: SimulatedCarrier
    #: The path's variable parts.
    arguments: Mapping[str, str]
    #: Does what the request asks; called once at most.
    commit: Callable[[], Response]
    #: The fault's parameters.
    parameters: Mapping[str, Any]
    #: The caller's connection.
    connection: socket.socket
    #: Set when the server stops.
    stopping: threading.Event


def perform(name: str, exchange: Exchange) -> Response:
    """
    Let one request meet the fault called *name*.

    Returns:
        What to answer, when the fault leaves a connection to answer on.

    Raises:
        HungUpError:
            The connection was dealt with and carries no further answer.
    """
    return _PERFORMERS[name](exchange)


def _refuse_429(exchange: Exchange) -> Response:
    response = exchange.carrier.refusal(429, exchange.arguments)
    retry_after = exchange.parameters.get("retry_after")
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _refuse(status: int) -> Callable[[Exchange], Response]:
    def refuse(exchange: Exchange) -> Response:
        return exchange.carrier.refusal(status, exchange.arguments)

    return refuse


def _redirect_307(exchange: Exchange) -> Response:
    return Response(status=307, headers={"Location": exchange.parameters["location"]})


def _rst_before(exchange: Exchange) -> Response:
    reset(exchange.connection)
    raise HungUpError


def _error_500_after(exchange: Exchange) -> Response:
    exchange.commit()
    return exchange.carrier.refusal(500, exchange.arguments)


def _rst_after(exchange: Exchange) -> Response:
    exchange.commit()
    reset(exchange.connection)
    raise HungUpError


def _fin_after(exchange: Exchange) -> Response:
    exchange.commit()
    raise HungUpError


def _timeout_after(exchange: Exchange) -> Response:
    exchange.commit()
    hold(exchange.connection, exchange.parameters.get("seconds"))
    raise HungUpError


def _late_commit(exchange: Exchange) -> Response:
    if not exchange.stopping.wait(exchange.parameters.get("seconds", 1.0)):
        exchange.commit()
        hold(exchange.connection, None)
    raise HungUpError


def _truncate_after(exchange: Exchange) -> Response:
    response = exchange.commit()
    half = len(response.get_data()) // 2
    whole = to_bytes(response)
    exchange.connection.sendall(whole[: len(whole) - half])
    raise HungUpError


def _drip_after(exchange: Exchange) -> Response:
    pause_s = exchange.parameters.get("milliseconds", 100) / 1000
    for byte in to_bytes(exchange.commit()):
        exchange.connection.sendall(bytes([byte]))
        if exchange.stopping.wait(pause_s):
            break
    raise HungUpError


def _html_200_after(exchange: Exchange) -> Response:
    exchange.commit()
    return Response(_HTML, status=200, content_type="text/html; charset=utf-8")


def _empty_200_after(exchange: Exchange) -> Response:
    exchange.commit()
    return Response(b"", status=200, content_type="application/json")


def _garbage_json(exchange: Exchange) -> Response:
    text = exchange.commit().get_data(as_text=True)
    return Response("{" + text.replace(":", "", 1), status=200, content_type="application/json")


def _wrong_id_after(exchange: Exchange) -> Response:
    return exchange.carrier.with_other_id(exchange.commit())


def _alter_after(exchange: Exchange) -> Response:
    response = exchange.commit()
    body = json.loads(response.get_data())
    for entry in body if isinstance(body, list) else [body]:
        entry[exchange.parameters["field"]] = exchange.parameters["value"]
    response.set_data(json.dumps(body))
    return response


_PERFORMERS: Final[dict[str, Callable[[Exchange], Response]]] = {
    "refuse_429": _refuse_429,
    "error_500_before": _refuse(500),
    "error_503_before": _refuse(503),
    "stale_404": _refuse(404),
    "redirect_307": _redirect_307,
    "rst_before": _rst_before,
    "error_500_after": _error_500_after,
    "rst_after": _rst_after,
    "fin_after": _fin_after,
    "timeout_after": _timeout_after,
    "late_commit": _late_commit,
    "truncate_after": _truncate_after,
    "drip_after": _drip_after,
    "html_200_after": _html_200_after,
    "empty_200_after": _empty_200_after,
    "garbage_json": _garbage_json,
    "wrong_id_after": _wrong_id_after,
    "alter_after": _alter_after,
}
