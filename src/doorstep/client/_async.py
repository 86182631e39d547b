"""
The client for code that awaits: the same flows, driven in threads of its own.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self, TypeVar

from doorstep import http
from doorstep.client._base import BaseClient
from doorstep.models import (
    Cancellation,
    CancelReason,
    Changes,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    Money,
    Proof,
    ProofKind,
    Quote,
    RefundDecision,
    RefundReason,
    StopKind,
)
from doorstep.operations import Plan
from doorstep.provider import Provider

T = TypeVar("T")


class AsyncClient(BaseClient):
    """
    :class:`Client`, awaited: the same operations, arguments and errors.

    Calls run in threads of its own. Cancelling one shuts its socket down, waits
    for its thread and raises ``CancelledError`` with an ``outcome``: what is
    known to have been booked.

    .. versionadded:: 0.1.0
    """

    def __init__(self, provider: Provider, *, max_threads: int = 64, **options: Any) -> None:
        super().__init__(provider, **options)
        self._driver = http.AsyncDriver(max_threads)

    async def quote(
        self, request: DeliveryRequest, *, deadline_s: float | None = None
    ) -> list[Quote]:
        """
        See :meth:`Client.quote`.
        """
        plan = self._operations.quote(request, self._session.clock.now())
        return await self._run(plan, deadline_s)

    async def dispatch(
        self,
        request: DeliveryRequest,
        *,
        quote: Quote | None = None,
        max_fee: Money | None = None,
        deadline_s: float | None = None,
    ) -> Delivery:
        """
        See :meth:`Client.dispatch`.
        """
        plan = self._operations.dispatch(request, quote, max_fee, self._session.clock.now())
        return await self._run(plan, deadline_s)

    async def track(
        self, delivery: DeliveryId | str, *, deadline_s: float | None = None
    ) -> Delivery:
        """
        See :meth:`Client.track`.
        """
        return await self._run(self._operations.track(delivery), deadline_s)

    async def find(
        self, reference: str, revision: int = 1, *, deadline_s: float | None = None
    ) -> Delivery | None:
        """
        See :meth:`Client.find`.
        """
        return await self._run(self._operations.find(reference, revision), deadline_s)

    async def update(
        self, delivery: DeliveryId | str, changes: Changes, *, deadline_s: float | None = None
    ) -> Delivery:
        """
        See :meth:`Client.update`.
        """
        return await self._run(
            self._operations.update(delivery, changes, self._session.clock.now()), deadline_s
        )

    async def cancel(
        self,
        delivery: DeliveryId | str,
        reason: CancelReason | None = None,
        *,
        deadline_s: float | None = None,
    ) -> Cancellation:
        """
        See :meth:`Client.cancel`.
        """
        return await self._run(self._operations.cancel(delivery, reason), deadline_s)

    async def refund(
        self, delivery: DeliveryId | str, reason: RefundReason, *, deadline_s: float | None = None
    ) -> RefundDecision:
        """
        See :meth:`Client.refund`.
        """
        return await self._run(self._operations.refund(delivery, reason), deadline_s)

    async def set_tip(
        self, delivery: DeliveryId | str, tip: Money, *, deadline_s: float | None = None
    ) -> Delivery:
        """
        See :meth:`Client.set_tip`.
        """
        return await self._run(self._operations.set_tip(delivery, tip), deadline_s)

    async def proof(
        self,
        delivery: DeliveryId | str,
        stop: StopKind,
        kind: ProofKind,
        *,
        deadline_s: float | None = None,
    ) -> Proof | None:
        """
        See :meth:`Client.proof`.
        """
        return await self._run(self._operations.proof(delivery, stop, kind), deadline_s)

    async def aclose(self) -> None:
        """
        End the threads, and let the connections go unless the pool is somebody else's.
        """
        self._closed = True
        await self._driver.aclose()
        if self._own_pool:
            self._session.transport.close()

    async def _run(self, plan: Plan[T], deadline_s: float | None) -> T:
        call, run = self._prepare(plan, deadline_s)
        return await self._driver.run(run, call)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()
