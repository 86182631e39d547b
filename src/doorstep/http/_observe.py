"""
What observers see: every exchange and every call, redacted before they see it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Protocol

import attrs

from doorstep.outcome import Outcome

#: Seconds that an observer may take before it is reported.
_SLOW_S = 0.05


@attrs.frozen(kw_only=True)
class Exchange:
    """
    One request and what came of it, without anything personal or secret.

    Args:
        attempt:
            1 for the first request of the call, tokens and repeats included.

        route:
            The template of the path; ids are not filled in.

        status, error:
            The status of the answer, or the kind of the failure.

        sent:
            Whether a byte of the request was written.

        request_size, response_size:
            Bytes of the bodies; the response's as decoded.

        request_headers, response_headers:
            Values are ``***`` unless the provider calls the header public.

        request_body, response_body:
            JSON with its keys; values are ``***`` unless the provider calls the
            field public. None for what is no JSON.

    .. versionadded:: 0.1.0
    """

    provider: str
    account: str
    operation: str
    call_id: str
    attempt: int
    method: str
    route: str
    status: int | None
    error: str | None
    sent: bool
    started_at: datetime
    elapsed_s: float
    request_size: int
    response_size: int
    request_headers: Mapping[str, str]
    response_headers: Mapping[str, str]
    request_body: Any
    response_body: Any


@attrs.frozen(kw_only=True)
class CallSummary:
    """
    How one call ended.

    Args:
        reference, revision, delivery_id:
            What it was about, as far as known: the caller's words, and the
            delivery's id as text.

        outcome:
            What is known of its effect.

        error:
            The ``code`` of the error that it raised, or None.

        attempts:
            Requests in all, tokens and repeats included.

        cancelled:
            Whether it was given up. A call whose result was there but reached
            nobody is reported a second time, with True.

    .. versionadded:: 0.1.0
    """

    provider: str
    account: str
    operation: str
    call_id: str
    outcome: Outcome
    error: str | None
    elapsed_s: float
    attempts: int
    cancelled: bool
    reference: str | None = None
    revision: int | None = None
    delivery_id: str | None = None


class Observer(Protocol):
    """
    Who is told of exchanges and calls, in the thread of the call.

    One that raises or is slow is reported to the logger ``doorstep`` once; the
    call goes on. One that also has ``on_change`` is told of each
    :class:`~doorstep.tracking.Change` of a delivery.
    """

    def on_exchange(self, exchange: Exchange) -> None:
        """
        Take note of one request and its answer or failure.
        """

    def on_call(self, summary: CallSummary) -> None:
        """
        Take note of how a call ended.
        """


class Observers:
    """
    Tell several observers, and none of them can break a call.
    """

    __slots__ = ("_observers", "_reported")

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = tuple(observers)
        self._reported: set[tuple[str, str]] = set()

    def __bool__(self) -> bool:
        return bool(self._observers)

    @property
    def all(self) -> tuple[Observer, ...]:
        """
        Everybody who is told.
        """
        return self._observers

    def exchange(self, exchange: Exchange) -> None:
        """
        Tell everybody of *exchange*.
        """
        # One that changes what it is shown must not change what the next one sees.
        for observer in self._observers[:-1]:
            self._tell(observer, lambda each: each.on_exchange(_copied(exchange)))
        for observer in self._observers[-1:]:
            self._tell(observer, lambda each: each.on_exchange(exchange))

    def call(self, summary: CallSummary) -> None:
        """
        Tell everybody of *summary*.
        """
        for observer in self._observers:
            self._tell(observer, lambda each: each.on_call(summary))

    @property
    def wants_changes(self) -> bool:
        """
        Whether anybody wants to hear of deliveries.
        """
        return any(getattr(one, "on_change", None) is not None for one in self._observers)

    def change(self, change: object) -> None:
        """
        Tell of *change* whoever wants to hear of deliveries.
        """
        for observer in self._observers:
            hear = getattr(observer, "on_change", None)
            if hear is not None:
                self._tell(observer, partial(_hear, hear, change))

    def _tell(self, observer: Observer, tell: Callable[[Observer], None]) -> None:
        started = time.perf_counter()
        failure = None
        try:
            tell(observer)
        except Exception as error:  # noqa: BLE001  whatever it raises is its own affair
            failure = type(error).__name__
        took = time.perf_counter() - started
        name = _name(observer)
        if failure is not None and self._first("raised", name):
            _warn("observer %s raised %s; calls are not affected", name, failure)
        if took > _SLOW_S and self._first("slow", name):
            _warn("observer %s took %.0f ms; calls wait for it", name, took * 1000)

    def _first(self, what: str, name: str) -> bool:
        if (what, name) in self._reported:
            return False
        self._reported.add((what, name))
        return True


def _copied(exchange: Exchange) -> Exchange:
    return attrs.evolve(
        exchange,
        request_headers=dict(exchange.request_headers),
        response_headers=dict(exchange.response_headers),
        request_body=_copied_json(exchange.request_body),
        response_body=_copied_json(exchange.response_body),
    )


def _copied_json(value: Any) -> Any:
    if type(value) is dict:
        return {key: _copied_json(one) for key, one in value.items()}
    return [_copied_json(one) for one in value] if type(value) is list else value


def _hear(hear: Callable[[object], object], change: object, _observer: object) -> None:
    hear(change)


def _warn(message: str, *parts: object) -> None:
    from logging import getLogger  # seldom needed

    getLogger("doorstep").warning(message, *parts)


def _name(observer: object) -> str:
    name = getattr(observer, "name", None)
    if isinstance(name, str) and name:
        return name
    return f"{type(observer).__module__}.{type(observer).__qualname__}"
