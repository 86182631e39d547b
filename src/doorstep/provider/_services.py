"""
What some carriers offer around a delivery.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from doorstep.http import Flow
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
from doorstep.provider._deliveries import Context


@runtime_checkable
class Coverages(Protocol):
    """
    Carriers that say beforehand whether they go somewhere.
    """

    def covers(
        self, pickup: Address, dropoff: Address, order_value: Money | None, ctx: Context
    ) -> Flow[Coverage]:
        """
        Ask whether goods worth *order_value* can be brought from *pickup* to *dropoff*.
        """


@runtime_checkable
class Addresses(Protocol):
    """
    Carriers that complete an address while it is typed.
    """

    def complete_address(
        self, text: str, near: Coordinates | None, limit: int, ctx: Context
    ) -> Flow[list[Address]]:
        """
        Return *limit* addresses at most that *text* may be the beginning of.
        """


@runtime_checkable
class Redeliveries(Protocol):
    """
    Carriers that bring a delivery once more.
    """

    def redeliver(
        self, delivery: DeliveryId, reference: str, revision: int, ctx: Context
    ) -> Flow[Delivery]:
        """
        Book a courier for what *delivery* was, under a new reference or revision.
        """


@runtime_checkable
class Assignments(Protocol):
    """
    Carriers that tell which couriers a delivery had.
    """

    def assignments(self, delivery: DeliveryId, ctx: Context) -> Flow[list[Assignment]]:
        """
        Read who has, and who had, the delivery; the carrier's order.
        """


@runtime_checkable
class Ratings(Protocol):
    """
    Carriers that hear what a merchant thinks of a courier.
    """

    def rate_courier(
        self, delivery: DeliveryId, courier: str, rating: Rating, ctx: Context
    ) -> Flow[None]:
        """
        Tell what the merchant thinks of *courier*, the id from an assignment.
        """
