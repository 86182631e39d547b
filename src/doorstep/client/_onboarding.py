"""
Businesses and their stores, for code that waits and for code that awaits.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from doorstep.client._catalog import Run, RunAsync
from doorstep.models import (
    Business,
    BusinessChanges,
    BusinessStatus,
    NewBusiness,
    NewStore,
    Store,
    StoreChanges,
    StoreStatus,
)
from doorstep.operations import OnboardingOperations


class OnboardingClient:
    """
    The businesses that a platform serves. From :attr:`Client.onboarding`.

    Ids are the caller's, and kept for good.

    .. versionadded:: 0.2.0
    """

    def __init__(self, operations: OnboardingOperations, run: Run) -> None:
        self._operations = operations
        self._run = run

    def create_business(
        self, business: NewBusiness, *, deadline_s: float | None = None
    ) -> Business:
        """
        Register a business. One that is there already, and the same, is returned.

        Raises:
            doorstep.errors.DuplicateError:
                Another one has the id.
        """
        return self._run(self._operations.create_business(business), deadline_s)

    def businesses(
        self, status: BusinessStatus | None = None, *, deadline_s: float | None = None
    ) -> Iterator[Business]:
        """
        Yield every business, or those in *status*, each once. *deadline_s* is for a page.

        Raises:
            doorstep.errors.InvalidAnswerError:
                The list turns in circles or does not end. What was yielded holds.
        """
        pages = self._operations.list_businesses(status)
        while (plan := pages.next()) is not None:
            yield from pages.took(self._run(plan, deadline_s))

    def get_business(self, business: str, *, deadline_s: float | None = None) -> Business:
        """
        Read a business by its id. Safe to repeat.

        Raises:
            doorstep.errors.AccountNotFoundError:
                The carrier does not know it.
        """
        return self._run(self._operations.get_business(business), deadline_s)

    def update_business(
        self, business: str, changes: BusinessChanges, *, deadline_s: float | None = None
    ) -> Business:
        """
        Change a business. Repeating the same changes has no further effect.
        """
        return self._run(self._operations.update_business(business, changes), deadline_s)

    def create_store(
        self, business: str, store: NewStore, *, deadline_s: float | None = None
    ) -> Store:
        """
        Register a store. One that is there already, and the same, is returned.

        Raises:
            doorstep.errors.ValidationError:
                A field is wrong, or the business lacks something first; ``fields``
                says which.
        """
        return self._run(self._operations.create_store(business, store), deadline_s)

    def stores(
        self, business: str, status: StoreStatus | None = None, *, deadline_s: float | None = None
    ) -> Iterator[Store]:
        """
        Yield every store, or those in *status*, each once. *deadline_s* is for a page.

        Raises:
            doorstep.errors.InvalidAnswerError:
                The list turns in circles or does not end. What was yielded holds.
        """
        pages = self._operations.list_stores(business, status)
        while (plan := pages.next()) is not None:
            yield from pages.took(self._run(plan, deadline_s))

    def get_store(self, business: str, store: str, *, deadline_s: float | None = None) -> Store:
        """
        Read a store by its id. Safe to repeat.

        Raises:
            doorstep.errors.AccountNotFoundError:
                The carrier does not know it, or its business.
        """
        return self._run(self._operations.get_store(business, store), deadline_s)

    def update_store(
        self, business: str, store: str, changes: StoreChanges, *, deadline_s: float | None = None
    ) -> Store:
        """
        Change a store. Repeating the same changes has no further effect.
        """
        return self._run(self._operations.update_store(business, store, changes), deadline_s)


class AsyncOnboardingClient:
    """
    :class:`OnboardingClient`, awaited. From :attr:`AsyncClient.onboarding`.

    .. versionadded:: 0.2.0
    """

    def __init__(self, operations: OnboardingOperations, run: RunAsync) -> None:
        self._operations = operations
        self._run = run

    async def create_business(
        self, business: NewBusiness, *, deadline_s: float | None = None
    ) -> Business:
        """
        See :meth:`OnboardingClient.create_business`.
        """
        return await self._run(self._operations.create_business(business), deadline_s)

    async def businesses(
        self, status: BusinessStatus | None = None, *, deadline_s: float | None = None
    ) -> AsyncIterator[Business]:
        """
        See :meth:`OnboardingClient.businesses`.
        """
        pages = self._operations.list_businesses(status)
        while (plan := pages.next()) is not None:
            for entry in pages.took(await self._run(plan, deadline_s)):
                yield entry

    async def get_business(self, business: str, *, deadline_s: float | None = None) -> Business:
        """
        See :meth:`OnboardingClient.get_business`.
        """
        return await self._run(self._operations.get_business(business), deadline_s)

    async def update_business(
        self, business: str, changes: BusinessChanges, *, deadline_s: float | None = None
    ) -> Business:
        """
        See :meth:`OnboardingClient.update_business`.
        """
        return await self._run(self._operations.update_business(business, changes), deadline_s)

    async def create_store(
        self, business: str, store: NewStore, *, deadline_s: float | None = None
    ) -> Store:
        """
        See :meth:`OnboardingClient.create_store`.
        """
        return await self._run(self._operations.create_store(business, store), deadline_s)

    async def stores(
        self, business: str, status: StoreStatus | None = None, *, deadline_s: float | None = None
    ) -> AsyncIterator[Store]:
        """
        See :meth:`OnboardingClient.stores`.
        """
        pages = self._operations.list_stores(business, status)
        while (plan := pages.next()) is not None:
            for entry in pages.took(await self._run(plan, deadline_s)):
                yield entry

    async def get_store(
        self, business: str, store: str, *, deadline_s: float | None = None
    ) -> Store:
        """
        See :meth:`OnboardingClient.get_store`.
        """
        return await self._run(self._operations.get_store(business, store), deadline_s)

    async def update_store(
        self, business: str, store: str, changes: StoreChanges, *, deadline_s: float | None = None
    ) -> Store:
        """
        See :meth:`OnboardingClient.update_store`.
        """
        return await self._run(self._operations.update_store(business, store, changes), deadline_s)
