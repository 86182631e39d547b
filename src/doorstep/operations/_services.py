"""
The operations around a delivery: where a carrier goes, who came, once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs

from doorstep.capabilities import Capabilities, Recovery
from doorstep.errors import UnsupportedError
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
from doorstep.operations._checks import (
    check_id,
    check_reference,
    located,
    not_offered,
    own,
    wanted,
    wrong,
)
from doorstep.operations._plan import Plan
from doorstep.provider import (
    Addresses,
    Assignments,
    Coverages,
    Finds,
    Provider,
    Ratings,
    Redeliveries,
)

#: More addresses than anybody reads.
_MOST_ADDRESSES = 20
_LONGEST_TEXT = 512

#: What is left to do where no reference can be looked up.
ASK_SUPPORT = "ask the carrier's support for the reference before anything else"


@attrs.frozen
class ServiceOperations:
    """
    What some carriers offer around a delivery.
    """

    provider: Provider

    @property
    def _can(self) -> Capabilities:
        return self.provider.capabilities

    def covers(
        self, pickup: Address, dropoff: Address, order_value: Money | None
    ) -> Plan[Coverage]:
        """
        Plan to ask whether the carrier goes from one address to another.
        """
        provider = self.provider
        with self._asked("covers"):
            wanted(pickup, Address, "pickup")
            wanted(dropoff, Address, "dropoff")
            if order_value is not None:
                wanted(order_value, Money, "order_value")
            if not isinstance(provider, Coverages) or not self._can.coverage:
                raise not_offered("coverage")
        return Plan("covers", lambda ctx: provider.covers(pickup, dropoff, order_value, ctx))

    def complete_address(
        self, text: str, near: Coordinates | None, limit: int
    ) -> Plan[list[Address]]:
        """
        Plan to ask for the addresses that *text* may become.
        """
        provider = self.provider
        with self._asked("complete_address"):
            if not wanted(text, str, "text").strip() or len(text) > _LONGEST_TEXT:
                raise wrong("text", f"must be 1 to {_LONGEST_TEXT} characters")
            if near is not None:
                wanted(near, Coordinates, "near")
            if type(limit) is not int or not 1 <= limit <= _MOST_ADDRESSES:
                raise wrong("limit", f"must be a whole number 1 to {_MOST_ADDRESSES}")
            if not isinstance(provider, Addresses) or not self._can.address_completion:
                raise not_offered("address_completion")
        return Plan(
            "complete_address", lambda ctx: provider.complete_address(text, near, limit, ctx)
        )

    def redeliver(
        self, delivery: DeliveryId | str, reference: str, revision: int
    ) -> Plan[Delivery]:
        """
        Plan to have a delivery brought once more, under a new reference or revision.
        """
        mine, provider = self.own(delivery, "redeliver"), self.provider
        with self._asked("redeliver", reference, revision):
            check_reference(reference, revision)
            if not isinstance(provider, Redeliveries) or not self._can.redelivery:
                raise not_offered("redelivery")
        return Plan(
            "redeliver",
            lambda ctx: provider.redeliver(mine, reference, revision, ctx),
            reference,
            revision,
            if_unknown=None if self._finds() else ASK_SUPPORT,
        )

    def assignments(self, delivery: DeliveryId | str) -> Plan[list[Assignment]]:
        """
        Plan to read which couriers a delivery had.
        """
        mine, provider = self.own(delivery, "assignments"), self.provider
        with self._asked("assignments"):
            if not isinstance(provider, Assignments) or not self._can.assignments:
                raise not_offered("assignments")
        return Plan("assignments", lambda ctx: provider.assignments(mine, ctx), delivery=mine)

    def rate_courier(self, delivery: DeliveryId | str, courier: str, rating: Rating) -> Plan[None]:
        """
        Plan to tell what the merchant thinks of a courier.
        """
        mine, provider = self.own(delivery, "rate_courier"), self.provider
        with self._asked("rate_courier"):
            check_id(courier, "courier")
            wanted(rating, Rating, "rating")
            if not isinstance(provider, Ratings) or not self._can.ratings:
                raise not_offered("ratings")
            reasons = self._can.rating_reasons
            if rating.reason is not None and rating.reason not in reasons:
                known = f"the reasons {', '.join(sorted(reasons))}" if reasons else "no reason"
                raise UnsupportedError(f"takes {known}", params={"capability": "rating_reasons"})
        return Plan(
            "rate_courier",
            lambda ctx: provider.rate_courier(mine, courier, rating, ctx),
            delivery=mine,
        )

    def _finds(self) -> bool:
        """
        Tell whether a reference can be looked up.
        """
        return isinstance(self.provider, Finds) and self._can.recovery is not Recovery.NONE

    def own(self, delivery: Any, operation: str) -> DeliveryId:
        """
        Return *delivery* as an id of this provider and account.
        """
        with self._asked(operation):
            return own(delivery, self.provider)

    @contextmanager
    def _asked(
        self, operation: str, reference: object = None, revision: object = None
    ) -> Iterator[None]:
        """
        Locate errors, as :func:`located` does; refuse whatever is about deliveries first
        of all if the account makes none.
        """
        with located(self.provider, operation, reference, revision):
            if not self._can.deliveries:
                raise not_offered("deliveries")
            yield
