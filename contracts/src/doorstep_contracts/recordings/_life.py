"""
One delivery from its quote to its refund, recorded as it goes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import attrs

from doorstep import Client
from doorstep.errors import DoorstepError
from doorstep.http import Clock, SystemClock, Transport
from doorstep.models import (
    Changes,
    Delivery,
    DeliveryRequest,
    Money,
    Quote,
    RefundReason,
    StopChanges,
)
from doorstep.provider import Provider
from doorstep_contracts.recordings._capture import Kept, Recorder, capture
from doorstep_contracts.recordings._format import Origin, Recording, RecordingError
from doorstep_contracts.recordings._neutral import write_neutral
from doorstep_contracts.recordings._redactor import Redactor

__all__ = ["LIFE", "Life"]

#: What is recorded, in the order of a delivery's life.
LIFE = ("quote", "dispatch", "track", "update", "cancel", "refund")


@attrs.define(kw_only=True)
class Life:
    """
    Ask a carrier for one delivery, and keep what it answers.

    Whatever happens, what was dispatched is cancelled before this ends.

    Args:
        operations:
            Which of :data:`LIFE` are to be recorded.

        redactor, origin, source, api_version:
            See :func:`~doorstep_contracts.recordings.capture`.

        skipped:
            What could not be recorded, and why; filled while it runs.

        left_behind:
            Whether a delivery could not be cancelled in the end.
    """

    provider: Provider
    transport: Transport
    request: DeliveryRequest
    redactor: Redactor
    source: str
    origin: Origin = Origin.SYNTHETIC
    api_version: str | None = None
    operations: Sequence[str] = LIFE
    clock: Clock = attrs.field(factory=SystemClock)
    skipped: list[str] = attrs.field(factory=list, init=False)
    left_behind: bool = attrs.field(default=False, init=False)
    _quote: Quote | None = attrs.field(default=None, init=False)
    _stand_in: Any = attrs.field(default=None, init=False)
    _booked: Delivery | None = attrs.field(default=None, init=False)
    _ended: bool = attrs.field(default=False, init=False)

    def record(self) -> Iterator[Recording]:
        """
        Yield a recording for each operation, as soon as it was made.
        """
        recorder = Recorder(self.transport)
        with Client(self.provider, pool=recorder, clock=self.clock) as client:
            try:
                for name in LIFE:
                    if name in self.operations or (name == "quote" and self._needs_quote):
                        yield from self._one(name, client, recorder)
            finally:
                self._clean_up(client)

    @property
    def _needs_quote(self) -> bool:
        return "dispatch" in self.operations and self.provider.capabilities.quote_required

    def _one(self, name: str, client: Client, recorder: Recorder) -> Iterator[Recording]:
        if name not in ("quote", "dispatch") and self._booked is None:
            self.skipped.append(f"{name}: nothing was dispatched")
            return
        recorder.take()
        now = self.clock.now()
        arguments, call = self._call(name, client)
        with contextlib.suppress(DoorstepError):  # a refusal is a recording, too
            self._remember(name, call())
        kept = recorder.take()
        if not kept:
            self.skipped.append(f"{name}: nothing was sent")
            return
        try:
            made = self._captured(name, arguments, kept, now)
        except RecordingError as error:
            self.skipped.append(str(error))
            return
        if name == "quote" and made.expected is not None and made.expected.error is None:
            self._stand_in = made.expected.value[0]
        if name in self.operations:
            yield made

    def _captured(
        self, name: str, arguments: dict[str, Any], kept: list[Kept], now: datetime
    ) -> Recording:
        stand_ins = {}
        if name == "dispatch" and self._stand_in is not None:
            # The real one is for the real request, and would be refused for the stand-in.
            stand_ins = {"quote": self._stand_in}
        return capture(
            self.provider,
            name,
            {key: value for key, value in arguments.items() if key not in stand_ins},
            kept,
            redactor=self.redactor,
            source=self.source,
            origin=self.origin,
            api_version=self.api_version,
            name=f"{name}_{self.origin.value}",
            at=now,
            stand_ins=stand_ins,
        )

    def _call(self, name: str, client: Client) -> tuple[dict[str, Any], Callable[[], Any]]:
        """
        Return the arguments as neutral JSON, and what makes the call.
        """
        request, quote, booked = self.request, self._quote, self._booked
        if name == "quote":
            return {"request": write_neutral(request)}, lambda: client.quote(request)
        if name == "dispatch":
            told = {"request": write_neutral(request), "quote": write_neutral(quote)}
            told = {key: value for key, value in told.items() if value is not None}
            return told, lambda: client.dispatch(request, quote=quote)
        assert booked is not None
        delivery = str(booked.id)
        changes, why = self._changes(), RefundReason.NEVER_DELIVERED
        reason = min(self.provider.capabilities.cancel_reasons, default=None)
        known: dict[str, tuple[dict[str, Any], Callable[[], Any]]] = {
            "track": ({}, lambda: client.track(delivery)),
            "update": (
                {"changes": write_neutral(changes)},
                lambda: client.update(delivery, changes),
            ),
            "cancel": (
                {"reason": reason.value} if reason else {},
                lambda: client.cancel(delivery, reason),
            ),
            "refund": ({"reason": why.value}, lambda: client.refund(delivery, why)),
        }
        arguments, call = known[name]
        return {"delivery": delivery, **arguments}, call

    def _changes(self) -> Changes:
        """
        Return what this account may change: the tip, if it can, else a word to the courier.
        """
        can, value = self.provider.capabilities, self.request.order_value
        if "tip" in can.update_fields:
            currency = value.currency if value else min(can.currencies, default="USD")
            before = self.request.tip.minor if self.request.tip else 0
            return Changes(tip=Money(before + 100, currency))
        return Changes(dropoff=StopChanges(instructions="Please ring twice"))

    def _remember(self, name: str, result: Any) -> None:
        if name == "quote":
            self._quote = result[0]
        elif name == "dispatch":
            self._booked = result
        elif name == "cancel" and result.confirmed:
            self._ended = True

    def _clean_up(self, client: Client) -> None:
        """
        Leave no courier on the way.
        """
        booked = self._booked
        if booked is None or self._ended:
            return
        reason = min(self.provider.capabilities.cancel_reasons, default=None)
        try:
            client.cancel(booked.id, reason)
        except DoorstepError as error:
            self.left_behind = True
            self.skipped.append(f"{booked.id} could not be cancelled ({error.code}): see to it")
