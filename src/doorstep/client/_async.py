"""
The client for code that awaits: the same flows, driven in threads of its own.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from doorstep import http
from doorstep.client._catalog import AsyncCatalogClient
from doorstep.client._onboarding import AsyncOnboardingClient
from doorstep.client._support import AsyncSupportCalls
from doorstep.client._watch import USUAL, Pace, Watch
from doorstep.errors import DoorstepError
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

if TYPE_CHECKING:
    import asyncio

    from doorstep.webhooks import Received, WebhookRequest

T = TypeVar("T")


class AsyncClient(AsyncSupportCalls):
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

    @property
    def catalog(self) -> AsyncCatalogClient:
        """
        See :attr:`Client.catalog`.
        """
        return AsyncCatalogClient(self._operations.catalog, self._session.clock, self._run)

    @property
    def onboarding(self) -> AsyncOnboardingClient:
        """
        See :attr:`Client.onboarding`.
        """
        return AsyncOnboardingClient(self._operations.onboarding, self._run)

    async def receive(self, request: WebhookRequest) -> Received:
        """
        See :meth:`Client.receive`.
        """
        # The store may wait for a disk.
        return await self._driver.wait(partial(self._receive, request))

    async def watch(
        self,
        delivery: DeliveryId | str,
        *,
        pace: Pace = USUAL,
        failed: Callable[[DoorstepError], None] | None = None,
        deadline_s: float | None = None,
    ) -> AsyncIterator[Delivery]:
        """
        See :meth:`Client.watch`.
        """
        import asyncio

        tracker, mine = self._track(), self._operations.own(delivery, "track")
        watch, told = Watch(tracker, mine, pace, failed), asyncio.Event()
        loop = asyncio.get_running_loop()
        with tracker.news(mine, lambda: loop.call_soon_threadsafe(told.set)):
            while not watch.ended:
                told.clear()
                try:
                    answer = await self.track(mine, deadline_s=deadline_s)
                except DoorstepError as error:
                    watch.failed(error)
                    news = await self._driver.wait(watch.heard)
                else:
                    told.clear()
                    # The store may wait for a disk.
                    news = await self._driver.wait(partial(watch.answered, answer))
                if news is not None:
                    yield news
                while not watch.ended:
                    await self._pause(watch.wait_s, told)
                    if not told.is_set():
                        break
                    told.clear()
                    if (news := await self._driver.wait(watch.heard)) is not None:
                        yield news
                    if watch.doubtful:
                        break

    async def aclose(self) -> None:
        """
        End the threads, and let the connections go unless the pool is somebody else's.
        """
        self._closed = True
        await self._driver.aclose()
        if self._own_pool:
            self._session.transport.close()

    async def _pause(self, seconds: float, told: asyncio.Event) -> None:
        import asyncio

        clock = self._session.clock
        if isinstance(clock, http.SystemClock):
            with suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), seconds)
        else:
            await self._driver.wait(partial(clock.sleep, seconds, threading.Event()))

    async def _aside(self, work: Callable[[], T]) -> T:
        # Once it is closed there is no thread to wait in.
        return work() if self._closed else await self._driver.wait(work)

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
