"""
Driving flows for code that awaits: in threads of our own, given up when cancelled.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from doorstep.http._call import Call
from doorstep.http._watchdog import WATCHDOG

T = TypeVar("T")


class AsyncDriver:
    """
    Run calls in threads and await them.

    Cancelling shuts the socket of the call down, waits for its thread and goes on
    as ``CancelledError``, with ``outcome``: what is known of the effect. If the
    result was there already, ``result`` is it. No thread and no socket is left
    behind; only a name resolution under way is waited for.

    Args:
        max_threads:
            Calls in flight at most; others wait, and their deadlines run.

    .. versionadded:: 0.1.0
    """

    def __init__(self, max_threads: int = 64) -> None:
        self._threads = ThreadPoolExecutor(max_threads, thread_name_prefix="doorstep-call")
        self._calls: set[Call] = set()

    async def run(self, function: Callable[[], T], call: Call) -> T:
        """
        Run *function*, which drives *call*, and return what it returns.

        Raises:
            asyncio.CancelledError:
                The task was cancelled; see ``outcome`` and ``result``.
        """
        context = contextvars.copy_context()
        future = self._threads.submit(partial(context.run, function))
        self._calls.add(call)
        waiter = asyncio.wrap_future(future)
        try:
            # Shielded: a cancelled future would leave its thread alone.
            return await asyncio.shield(waiter)
        except asyncio.CancelledError as cancelled:
            await self._give_up(future, waiter, call, partial(context.run, function))
            _attach(cancelled, call, waiter)
            raise
        finally:
            self._calls.discard(call)

    async def wait(self, function: Callable[[], T]) -> T:
        """
        Run *function*, which is no call and soon done, in a thread and return its result.

        A task that is cancelled meanwhile goes on as such once it is done.
        """
        future = asyncio.wrap_future(self._threads.submit(function))
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            await _settle(future)
            raise

    async def aclose(self) -> None:
        """
        Give up the calls in flight and end the threads.
        """
        for call in list(self._calls):
            call.abort()
        # Their threads end within moments, but a loop must not wait for threads.
        ended = asyncio.get_running_loop().create_future()
        closer = threading.Thread(
            target=_close, args=(self._threads, ended), name="doorstep-close", daemon=True
        )
        closer.start()
        await _settle(ended)
        closer.join()
        WATCHDOG.rest()

    async def _give_up(
        self,
        future: Future[T],
        waiter: asyncio.Future[T],
        call: Call,
        function: Callable[[], T],
    ) -> None:
        call.abort()
        if future.cancel():
            # No thread has come to it. The call is over before its first step, so
            # this only closes the flow and tells the observers.
            with suppress(Exception):
                function()
            return
        await _settle(waiter)
        if call.report is not None:
            await _settle(asyncio.wrap_future(self._threads.submit(call.report)))


async def _settle(future: asyncio.Future[Any]) -> None:
    """
    Wait until *future* is done, however often the waiting task is cancelled.
    """
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError:
            continue


def _attach(cancelled: asyncio.CancelledError, call: Call, waiter: asyncio.Future[Any]) -> None:
    cancelled.outcome = call.outcome  # type: ignore[attr-defined]
    cancelled.result = None  # type: ignore[attr-defined]
    if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
        cancelled.result = waiter.result()  # type: ignore[attr-defined]


def _close(threads: ThreadPoolExecutor, ended: asyncio.Future[None]) -> None:
    threads.shutdown(wait=True)
    ended.get_loop().call_soon_threadsafe(ended.set_result, None)
