"""
A transport that spoils the exchanges it was told to, and one that answers by a list.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from doorstep.http import Call, Request, Response, Transport
from doorstep_contracts.faults._exchange import ExchangeFault
from doorstep_contracts.flows import NOW

_Result: TypeAlias = Response | BaseException | int


class FaultTransport:
    """
    Stand between the driver and a transport; let some exchanges go wrong.

    Repeats and tokens count as exchanges too. Any operation of any provider can be
    tried at every step, through the real client::

        def attempt(faults):
            transport = FaultTransport(carrier, faults)
            with Client(provider, pool=transport) as courier:
                courier.dispatch(request)
            return transport

        steps = len(attempt({}).requests)
        for step in range(1, steps + 1):
            attempt({step: Lost()})

    Args:
        inner:
            What the other exchanges go to; also that of faults after which the
            carrier acted.

        faults:
            By the number of the exchange, from 1.

    .. versionadded:: 0.1.0
    """

    def __init__(self, inner: Transport, faults: Mapping[int, ExchangeFault]) -> None:
        self._inner = inner
        self._faults = dict(faults)
        self._lock = threading.Lock()
        #: What the driver sent, in order, spoiled or not.
        self.requests: list[Request] = []

    def send(self, request: Request, base_url: str, call: Call) -> Response:
        """
        Send *request*, or do what was told for this exchange.
        """
        with self._lock:
            self.requests.append(request)
            fault = self._faults.get(len(self.requests))

        def act() -> Response:
            return self._inner.send(request, base_url, call)

        return act() if fault is None else fault(act, call)

    def count(self, method: str) -> int:
        """
        Count what the driver sent, by its method.
        """
        return sum(each.method == method for each in self.requests)

    def close(self) -> None:
        """
        Close what is behind it.
        """
        self._inner.close()


class Scripted:
    """
    A transport without a carrier: gives what the test listed, one by one.

    Args:
        results:
            A response, a status, what to raise, or a function of request and
            call that returns one of these. After the last, status 200.

        at:
            When answers that are given by their status came.

    .. versionadded:: 0.1.0
    """

    def __init__(
        self, *results: _Result | Callable[[Request, Call], _Result], at: datetime = NOW
    ) -> None:
        self.results = list(results)
        self._at = at
        #: What was sent, in order, and the base URL of each.
        self.sent: list[Request] = []
        self.bases: list[str] = []

    def send(self, request: Request, base_url: str, call: Call) -> Response:
        """
        Give the next result.
        """
        self.sent.append(request)
        self.bases.append(base_url)
        listed = self.results.pop(0) if self.results else 200
        result = listed(request, call) if callable(listed) else listed
        if isinstance(result, BaseException):
            raise result
        if isinstance(result, int):
            return Response(status=result, body=b"{}", sent_at=self._at, received_at=self._at)
        return result

    def close(self) -> None:
        """
        Do nothing: there is no connection.
        """
