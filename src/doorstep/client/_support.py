"""
Collecting what a carrier's support asks for: the call, for both clients.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from doorstep.client._base import BaseClient
from doorstep.client._services import AsyncServiceCalls, ServiceCalls
from doorstep.errors import DoorstepError, FieldProblem, ValidationError
from doorstep.models import Delivery, DeliveryId
from doorstep.provider import Supports

if TYPE_CHECKING:
    from doorstep.support import Journal, SupportCase
    from doorstep.tracking import EventStore, Observation

T = TypeVar("T")


class _Cases(BaseClient):
    """
    Make a case of what was told and what was kept.
    """

    def _case(
        self,
        delivery: DeliveryId,
        told: Delivery | DoorstepError,
        journal: Journal | None,
        country: str | None,
    ) -> SupportCase:
        from doorstep.support import Journal, build_case  # few ever need it

        session, provider = self._session, self._operations.provider
        if journal is None:
            own = (one for one in session.observers.all if isinstance(one, Journal))
            journal = next(own, None)
        return build_case(
            delivery,
            told,
            made_at=session.clock.now(),
            journal=journal,
            observations=_observed(self._store, delivery),
            contacts=provider.support_contacts() if isinstance(provider, Supports) else None,
            country=country,
        )


class SupportCalls(_Cases, ServiceCalls):
    """
    The call for a support case, for code that waits.
    """

    def support_case(
        self,
        delivery: DeliveryId | str,
        *,
        journal: Journal | None = None,
        country: str | None = None,
        deadline_s: float | None = None,
    ) -> SupportCase:
        """
        Collect what the carrier's support asks for about a delivery. Safe to repeat.

        The delivery is tracked once more. If that fails the case is made of what
        was kept, and says so; what is missing is named in ``absent``.

        Args:
            journal:
                What kept the exchanges; that of this client's observers unless said.

            country:
                Where help is wanted, as ISO 3166-1 alpha-2: ``US``.

        Raises:
            doorstep.errors.ValidationError:
                The delivery belongs to another account, or *country* is no code.
        """
        _check_country(country)
        mine = self._operations.own(delivery, "support_case")
        told = _told(partial(self._run, self._operations.track(mine), deadline_s))
        return self._case(mine, told, journal, country)


class AsyncSupportCalls(_Cases, AsyncServiceCalls):
    """
    The call for a support case, for code that awaits.
    """

    async def _aside(self, work: Callable[[], T]) -> T:
        raise NotImplementedError

    async def support_case(
        self,
        delivery: DeliveryId | str,
        *,
        journal: Journal | None = None,
        country: str | None = None,
        deadline_s: float | None = None,
    ) -> SupportCase:
        """
        See :meth:`Client.support_case`.
        """
        _check_country(country)
        mine = self._operations.own(delivery, "support_case")
        told: Delivery | DoorstepError
        try:
            told = await self._run(self._operations.track(mine), deadline_s)
        except DoorstepError as error:
            told = error
        # The journal may wait for a disk.
        return await self._aside(partial(self._case, mine, told, journal, country))


def _told(track: Callable[[], Delivery]) -> Delivery | DoorstepError:
    try:
        return track()
    except DoorstepError as error:
        return error


def _observed(store: EventStore | None, delivery: DeliveryId) -> tuple[Observation, ...]:
    if store is None:
        return ()
    try:
        return store.history(delivery)
    except Exception as error:  # noqa: BLE001  a case with less in it is better than none
        from logging import getLogger  # seldom needed

        getLogger("doorstep").warning("a store could not be read: %s", type(error).__name__)
        return ()


def _check_country(country: str | None) -> None:
    good = country is None or (
        isinstance(country, str) and len(country) == 2 and country.isascii() and country.isupper()
    )
    if not good:
        problem = FieldProblem("country", "must be a code of two letters, like 'US'")
        raise ValidationError("support_case is not valid", fields=(problem,))
