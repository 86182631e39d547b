"""
What is promised when the network fails: the truth about what was booked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from threading import Event
from typing import Any

import pytest

from doorstep import Client
from doorstep.errors import DoorstepError, OutcomeUnknownError
from doorstep.http import Clock
from doorstep.models import Delivery, RefundReason
from doorstep.outcome import Effect, Outcome
from doorstep_contracts.case import A_DAY_S, Case
from doorstep_contracts.faults import EXCHANGE_FAULTS, FaultTransport, Lost
from doorstep_contracts.promise import promise
from doorstep_contracts.suites._contract import Contract

__all__ = ["FaultsContract"]

#: More requests than any operation makes.
_MOST_STEPS = 8


class Hasty:
    """
    A clock that has slept at once: time passes by what it was asked to sleep.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._slept_s = 0.0

    def now(self) -> datetime:
        """
        Return the carrier's time: tokens are judged by it.
        """
        return self._clock.now()

    def monotonic(self) -> float:
        """
        Return seconds, those slept among them.
        """
        return self._clock.monotonic() + self._slept_s

    def sleep(self, seconds: float, interrupted: Event) -> None:
        """
        Be awake again.
        """
        self._slept_s += seconds


class FaultsContract(Contract):
    """
    Every fault at every step: the caller is told what is known, and no more.
    """

    @promise("dispatch", "the truth about every fault", carrier=True)
    @pytest.mark.parametrize("fault", sorted(EXCHANGE_FAULTS))
    def test_dispatch_tells_the_truth_about_every_fault(self, case: Case, fault: str) -> None:
        """
        Whatever goes wrong at whatever step of a dispatch: a delivery that is returned is
        in the carrier's books, an error that says "nothing was booked" is true, and there
        is never a second courier.

        If this fails: let TransportError pass, take no failure for a refusal, and mark
        what books, in _provider.py and _errors.py.
        """
        assert case.carrier is not None
        for step in range(1, _MOST_STEPS):
            before = {one.id for one in case.carrier.books()}
            with _spoiled(case, {step: EXCHANGE_FAULTS[fault]}) as (client, transport):
                told = _outcome(partial(case.book, client))
                reached = len(transport.requests) >= step
            booked = [one for one in case.carrier.books() if one.id not in before]
            assert len(booked) <= 1, f"{fault} at request {step}: booked twice"
            _check_told(told, bool(booked), f"{fault} at request {step}")
            if not reached:
                break

    @promise("any", "changes tell no lies", carrier=True)
    @pytest.mark.parametrize("fault", sorted(EXCHANGE_FAULTS))
    def test_cancel_tells_the_truth_about_every_fault(self, case: Case, fault: str) -> None:
        """
        A cancel that says "done" is done in the carrier's books, whatever went wrong on
        the way.

        If this fails: confirm only what an answer says, in _provider.py.
        """
        assert case.carrier is not None
        for step in range(1, _MOST_STEPS):
            with case.client() as client:
                delivery = case.book(client)
            with _spoiled(case, {step: EXCHANGE_FAULTS[fault]}) as (client, transport):
                told = _outcome(partial(client.cancel, delivery.id, case.reason))
                reached = len(transport.requests) >= step
            live = {one.id: one.live for one in case.carrier.books()}[delivery.id.value]
            if not isinstance(told, BaseException) and told.confirmed:
                assert not live, f"{fault} at request {step}: said cancelled"
            elif getattr(told, "booked", None) in (Outcome.NOT_SENT, Outcome.REJECTED):
                assert live, f"{fault} at request {step}: said that nothing was done"
            if not reached:
                break

    @promise("refund", "nothing is refunded twice", claims="refund_request", carrier=True)
    def test_lost_refund_is_not_repeated(self, case: Case) -> None:
        """
        A refund whose answer is lost is asked for once, and told as unknown.

        If this fails: give it effect=Effect.BOOKS and repeat=Repeat.NEVER, in _provider.py.
        """
        assert case.carrier is not None
        with case.client() as client:
            delivery = case.book(client)
        case.carrier.pass_time(A_DAY_S)
        for step in range(1, _MOST_STEPS):
            with _spoiled(case, {step: Lost()}) as (client, transport):
                told = _outcome(partial(client.refund, delivery.id, RefundReason.NEVER_DELIVERED))
            asked = [one for one in transport.requests if one.effect is not Effect.NOTHING]
            assert len(asked) <= 1, f"asked {len(asked)} times"
            if len(transport.requests) >= step and transport.requests[step - 1] in asked:
                assert isinstance(told, OutcomeUnknownError)
            if len(transport.requests) < step:
                break


class _spoiled:  # noqa: N801  a context manager, used as a function
    def __init__(self, case: Case, faults: dict[int, Any]) -> None:
        assert case.carrier is not None
        self._inner = case.carrier.transport()
        self._transport = FaultTransport(self._inner, faults)
        clock: Any = Hasty(case.carrier.clock)
        self._client = Client(case.provider, pool=self._transport, clock=clock)

    def __enter__(self) -> tuple[Client, FaultTransport]:
        return self._client, self._transport

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self._inner.close()


def _outcome(attempt: Callable[[], Any]) -> Any:
    """
    Return what came of it: the value, or what was raised.
    """
    try:
        return attempt()
    except (DoorstepError, KeyboardInterrupt) as error:
        return error


def _check_told(told: Any, booked: bool, when: str) -> None:
    if isinstance(told, Delivery):
        assert booked, f"{when}: a delivery was returned that nobody booked"
        return
    outcome = getattr(told, "booked", None) or getattr(told, "outcome", None)
    if outcome in (Outcome.NOT_SENT, Outcome.REJECTED):
        assert not booked, f"{when}: said {outcome.value}, and a courier comes"
    elif outcome is Outcome.CREATED:
        assert booked, f"{when}: said created, and none comes"
