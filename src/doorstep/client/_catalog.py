"""
The marketplace of an account, for code that waits and for code that awaits.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from doorstep.errors import DoorstepError
from doorstep.http import Clock
from doorstep.models import (
    Availability,
    Closing,
    ItemResult,
    ItemResults,
    ItemState,
    Menu,
    StoreState,
)
from doorstep.operations import Batches, CatalogOperations, Plan

T = TypeVar("T")

#: Is told of each result as soon as it is known.
OnResult = Callable[[ItemResult], None]


class Run(Protocol):
    """
    Runs an operation.
    """

    def __call__(self, plan: Plan[T], deadline_s: float | None) -> T:
        """
        Run *plan* and return what it returns.
        """


class RunAsync(Protocol):
    """
    Runs an operation, awaited.
    """

    def __call__(self, plan: Plan[T], deadline_s: float | None) -> Awaitable[T]:
        """
        Run *plan* and return what it returns.
        """


class CatalogClient:
    """
    What a marketplace shows of a shop. From :attr:`Client.catalog`.

    Stores, items and options go by the ids that the shop gave them. An item is
    shown only if the menu has it *and* it is available: switching it on here does
    not bring back what the menu has not, and a new menu does not switch on what
    was switched off here.

    .. versionadded:: 0.2.0
    """

    def __init__(self, operations: CatalogOperations, clock: Clock, run: Run) -> None:
        self._operations = operations
        self._clock = clock
        self._run = run

    def close_store(
        self, store: str, closing: Closing, *, deadline_s: float | None = None
    ) -> StoreState:
        """
        Close a store at once. Repeating it has no further effect.

        Returns:
            ``reopens_at`` says when it opens again, and ``reopens_by_carrier``
            whether that is the carrier's rule rather than the wish.

        Raises:
            doorstep.errors.UnsupportedError:
                The carrier takes no such reason, or no time. Nothing was sent.
        """
        return self._run(
            self._operations.close_store(store, closing, self._clock.now()), deadline_s
        )

    def open_store(self, store: str, *, deadline_s: float | None = None) -> StoreState:
        """
        Open a store. Repeating it has no further effect.

        Raises:
            doorstep.errors.RequestRejectedError:
                The carrier keeps it closed until somebody mends something.
        """
        return self._run(self._operations.open_store(store), deadline_s)

    def read_store(self, store: str, *, deadline_s: float | None = None) -> StoreState:
        """
        Read whether a store takes orders, and what keeps it from it. Safe to repeat.
        """
        return self._run(self._operations.read_store(store), deadline_s)

    def read_menus(self, store: str, *, deadline_s: float | None = None) -> list[Menu]:
        """
        Read the menus of a store. Safe to repeat.
        """
        return self._run(self._operations.read_menus(store), deadline_s)

    def read_items(self, store: str, *, deadline_s: float | None = None) -> list[ItemState]:
        """
        Read which items can be ordered. Safe to repeat.
        """
        return self._run(self._operations.read_items(store), deadline_s)

    def read_options(self, store: str, *, deadline_s: float | None = None) -> list[ItemState]:
        """
        Read which options of items can be ordered. Safe to repeat.
        """
        return self._run(self._operations.read_options(store), deadline_s)

    def set_items(
        self,
        store: str,
        wishes: Sequence[Availability],
        *,
        on_result: OnResult | None = None,
        deadline_s: float | None = None,
    ) -> ItemResults:
        """
        Say which items can be ordered. Repeating it has no further effect.

        Many are sent in several requests, one after the other; *deadline_s* is
        for each of them.

        Args:
            on_result:
                Is told of each result as soon as it is known.

        Returns:
            What became of each wish: look at it. What goes wrong after the first
            change is told there, too.

        Raises:
            doorstep.errors.DoorstepError:
                Nothing was changed.

            BaseException:
                An interrupt, or what *on_result* raised, as it came, with ``results``
                set: what is known of each wish.
        """
        batches = self._operations.set_items(store, wishes, self._clock.now())
        return self._all(batches, on_result, deadline_s)

    def set_options(
        self,
        store: str,
        wishes: Sequence[Availability],
        *,
        on_result: OnResult | None = None,
        deadline_s: float | None = None,
    ) -> ItemResults:
        """
        Say which options of items can be ordered; see :meth:`set_items`.
        """
        batches = self._operations.set_options(store, wishes, self._clock.now())
        return self._all(batches, on_result, deadline_s)

    def _all(
        self, batches: Batches, on_result: OnResult | None, deadline_s: float | None
    ) -> ItemResults:
        try:
            for plan in batches.plans():
                try:
                    told = batches.took(self._run(plan, deadline_s))
                except DoorstepError as error:
                    told = batches.failed(error)
                if on_result is not None:
                    for result in told:
                        on_result(result)
        except BaseException as interrupt:
            if not isinstance(interrupt, DoorstepError):
                batches.interrupted(interrupt)
            raise
        return batches.results()


class AsyncCatalogClient:
    """
    :class:`CatalogClient`, awaited. From :attr:`AsyncClient.catalog`.

    .. versionadded:: 0.2.0
    """

    def __init__(self, operations: CatalogOperations, clock: Clock, run: RunAsync) -> None:
        self._operations = operations
        self._clock = clock
        self._run = run

    async def close_store(
        self, store: str, closing: Closing, *, deadline_s: float | None = None
    ) -> StoreState:
        """
        See :meth:`CatalogClient.close_store`.
        """
        return await self._run(
            self._operations.close_store(store, closing, self._clock.now()), deadline_s
        )

    async def open_store(self, store: str, *, deadline_s: float | None = None) -> StoreState:
        """
        See :meth:`CatalogClient.open_store`.
        """
        return await self._run(self._operations.open_store(store), deadline_s)

    async def read_store(self, store: str, *, deadline_s: float | None = None) -> StoreState:
        """
        See :meth:`CatalogClient.read_store`.
        """
        return await self._run(self._operations.read_store(store), deadline_s)

    async def read_menus(self, store: str, *, deadline_s: float | None = None) -> list[Menu]:
        """
        See :meth:`CatalogClient.read_menus`.
        """
        return await self._run(self._operations.read_menus(store), deadline_s)

    async def read_items(self, store: str, *, deadline_s: float | None = None) -> list[ItemState]:
        """
        See :meth:`CatalogClient.read_items`.
        """
        return await self._run(self._operations.read_items(store), deadline_s)

    async def read_options(self, store: str, *, deadline_s: float | None = None) -> list[ItemState]:
        """
        See :meth:`CatalogClient.read_options`.
        """
        return await self._run(self._operations.read_options(store), deadline_s)

    async def set_items(
        self,
        store: str,
        wishes: Sequence[Availability],
        *,
        on_result: OnResult | None = None,
        deadline_s: float | None = None,
    ) -> ItemResults:
        """
        See :meth:`CatalogClient.set_items`.
        """
        batches = self._operations.set_items(store, wishes, self._clock.now())
        return await self._all(batches, on_result, deadline_s)

    async def set_options(
        self,
        store: str,
        wishes: Sequence[Availability],
        *,
        on_result: OnResult | None = None,
        deadline_s: float | None = None,
    ) -> ItemResults:
        """
        See :meth:`CatalogClient.set_options`.
        """
        batches = self._operations.set_options(store, wishes, self._clock.now())
        return await self._all(batches, on_result, deadline_s)

    async def _all(
        self, batches: Batches, on_result: OnResult | None, deadline_s: float | None
    ) -> ItemResults:
        try:
            for plan in batches.plans():
                try:
                    told = batches.took(await self._run(plan, deadline_s))
                except DoorstepError as error:
                    told = batches.failed(error)
                if on_result is not None:
                    for result in told:
                        on_result(result)
        except BaseException as interrupt:
            if not isinstance(interrupt, DoorstepError):
                batches.interrupted(interrupt)
            raise
        return batches.results()
