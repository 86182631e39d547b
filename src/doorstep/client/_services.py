"""
What some carriers offer around a delivery: the calls, for both clients.
"""

from __future__ import annotations

from typing import TypeVar

from doorstep.client._base import BaseClient
from doorstep.models import (
    Address,
    Assignment,
    Coordinates,
    Coverage,
    Delivery,
    DeliveryId,
    Money,
    Rating,
)
from doorstep.operations import Plan

T = TypeVar("T")


class ServiceCalls(BaseClient):
    """
    The calls around a delivery, for code that waits.
    """

    def _run(self, plan: Plan[T], deadline_s: float | None) -> T:
        raise NotImplementedError

    def covers(
        self,
        pickup: Address,
        dropoff: Address,
        order_value: Money | None = None,
        *,
        deadline_s: float | None = None,
    ) -> Coverage:
        """
        Ask whether the carrier goes from *pickup* to *dropoff*. Books nothing, and
        safe to repeat. A quote may still be refused.
        """
        plan = self._operations.covers(pickup, dropoff, order_value)
        return self._run(plan, deadline_s)

    def complete_address(
        self,
        text: str,
        *,
        near: Coordinates | None = None,
        limit: int = 3,
        deadline_s: float | None = None,
    ) -> list[Address]:
        """
        Ask which addresses *text* may be the beginning of. Safe to repeat.

        Args:
            near:
                Where to look first.

            limit:
                How many at most, 1 to 20; carriers may return fewer.
        """
        plan = self._operations.complete_address(text, near, limit)
        return self._run(plan, deadline_s)

    def redeliver(
        self,
        delivery: DeliveryId | str,
        reference: str,
        revision: int = 1,
        *,
        deadline_s: float | None = None,
    ) -> Delivery:
        """
        Have a delivery that has ended brought once more. This costs money.

        It is never repeated behind your back, and its price is known only
        afterwards.

        Args:
            reference, revision:
                New ones, for the new delivery.

        Raises:
            doorstep.errors.NotModifiableError:
                Too early or too late; ``params["reason"]`` says why.

            doorstep.errors.DuplicateError:
                The reference and revision belong to another delivery.

            doorstep.errors.OutcomeUnknownError:
                No usable answer after it was sent. A courier may be on the way:
                look the new reference up before anything else.
        """
        plan = self._operations.redeliver(delivery, reference, revision)
        return self._run(plan, deadline_s)

    def assignments(
        self, delivery: DeliveryId | str, *, deadline_s: float | None = None
    ) -> list[Assignment]:
        """
        Read which couriers a delivery has and had. Safe to repeat.
        """
        return self._run(self._operations.assignments(delivery), deadline_s)

    def rate_courier(
        self,
        delivery: DeliveryId | str,
        courier: str,
        rating: Rating,
        *,
        deadline_s: float | None = None,
    ) -> None:
        """
        Tell the carrier what the merchant thinks of a courier.

        Whether a second rating takes the place of the first is the carrier's
        affair.

        Args:
            courier:
                The id of one in :meth:`assignments`.
        """
        plan = self._operations.rate_courier(delivery, courier, rating)
        return self._run(plan, deadline_s)


class AsyncServiceCalls(BaseClient):
    """
    The calls around a delivery, for code that awaits.
    """

    async def _run(self, plan: Plan[T], deadline_s: float | None) -> T:
        raise NotImplementedError

    async def covers(
        self,
        pickup: Address,
        dropoff: Address,
        order_value: Money | None = None,
        *,
        deadline_s: float | None = None,
    ) -> Coverage:
        """
        See :meth:`Client.covers`.
        """
        plan = self._operations.covers(pickup, dropoff, order_value)
        return await self._run(plan, deadline_s)

    async def complete_address(
        self,
        text: str,
        *,
        near: Coordinates | None = None,
        limit: int = 3,
        deadline_s: float | None = None,
    ) -> list[Address]:
        """
        See :meth:`Client.complete_address`.
        """
        plan = self._operations.complete_address(text, near, limit)
        return await self._run(plan, deadline_s)

    async def redeliver(
        self,
        delivery: DeliveryId | str,
        reference: str,
        revision: int = 1,
        *,
        deadline_s: float | None = None,
    ) -> Delivery:
        """
        See :meth:`Client.redeliver`.
        """
        plan = self._operations.redeliver(delivery, reference, revision)
        return await self._run(plan, deadline_s)

    async def assignments(
        self, delivery: DeliveryId | str, *, deadline_s: float | None = None
    ) -> list[Assignment]:
        """
        See :meth:`Client.assignments`.
        """
        return await self._run(self._operations.assignments(delivery), deadline_s)

    async def rate_courier(
        self,
        delivery: DeliveryId | str,
        courier: str,
        rating: Rating,
        *,
        deadline_s: float | None = None,
    ) -> None:
        """
        See :meth:`Client.rate_courier`.
        """
        plan = self._operations.rate_courier(delivery, courier, rating)
        return await self._run(plan, deadline_s)
