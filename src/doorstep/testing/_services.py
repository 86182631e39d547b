"""
What the fake carrier offers around a delivery: the provider's side and the carrier's.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs
import orjson

from doorstep.codec import from_json, to_json
from doorstep.http import Flow, Request, path
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
from doorstep.outcome import Effect, Repeat
from doorstep.provider import Context
from doorstep.testing._clock import ManualClock
from doorstep.testing._messages import Refusal, check, read, read_each, write_each

__all__ = ["CourierRating", "FakeServices", "Visits", "beginning_with"]


class FakeServices:
    """
    How the fake provider asks for what is around a delivery.
    """

    def covers(
        self, pickup: Address, dropoff: Address, order_value: Money | None, ctx: Context
    ) -> Flow[Coverage]:
        """
        Ask whether the carrier goes there.
        """
        body = write_each([pickup, dropoff])
        answer = yield Request(
            "POST", "/coverage", body=body, effect=Effect.NOTHING, repeat=Repeat.SAFE
        )
        return read(answer, Coverage)

    def complete_address(
        self, text: str, near: Coordinates | None, limit: int, ctx: Context
    ) -> Flow[list[Address]]:
        """
        Ask for the addresses that begin with *text*.
        """
        answer = yield Request("GET", "/addresses", query=(("text", text),))
        check(answer)
        return read_each(answer.body, Address)[:limit]

    def redeliver(
        self, delivery: DeliveryId, reference: str, revision: int, ctx: Context
    ) -> Flow[Delivery]:
        """
        Book a courier once more.
        """
        answer = yield Request(
            "POST",
            path("/deliveries/{id}/redelivery", id=delivery.value),
            body=orjson.dumps({"reference": reference, "revision": revision}),
            effect=Effect.BOOKS,
            repeat=Repeat.NEVER,
        )
        return read(answer, Delivery)

    def assignments(self, delivery: DeliveryId, ctx: Context) -> Flow[list[Assignment]]:
        """
        Read which couriers a delivery had.
        """
        answer = yield Request("GET", path("/deliveries/{id}/couriers", id=delivery.value))
        check(answer)
        return read_each(answer.body, Assignment)

    def rate_courier(
        self, delivery: DeliveryId, courier: str, rating: Rating, ctx: Context
    ) -> Flow[None]:
        """
        Rate a courier.
        """
        answer = yield Request(
            "PUT",
            path("/deliveries/{id}/couriers/{courier}", id=delivery.value, courier=courier),
            body=to_json(rating).encode(),
            effect=Effect.CHANGES,
            repeat=Repeat.SAME_EFFECT,
        )
        check(answer)


@attrs.frozen(kw_only=True)
class CourierRating:
    """
    What a merchant told the fake carrier of a courier.
    """

    delivery: DeliveryId
    courier: str
    rating: Rating


class Visits:
    """
    Which couriers each delivery had, and how they were rated.
    """

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._by_delivery: dict[str, list[Assignment]] = {}
        self._ratings: dict[tuple[str, str], CourierRating] = {}

    @property
    def ratings(self) -> tuple[CourierRating, ...]:
        """
        The last rating of each courier of each delivery.
        """
        return tuple(self._ratings.values())

    def moved(self, delivery: Delivery) -> None:
        """
        Note who has *delivery* now.
        """
        had = self._by_delivery.setdefault(delivery.id.value, [])
        open_now = bool(had) and had[-1].unassigned_at is None
        if delivery.courier is not None and not open_now:
            had.append(Assignment(courier=delivery.courier))
        elif delivery.courier is None and open_now:
            had[-1] = attrs.evolve(
                had[-1], unassigned_at=self._clock.now(), unassigned_reason="gave it back"
            )

    def answer(self, delivery: Delivery, segments: list[str], body: bytes) -> bytes:
        """
        Do what a request below ``couriers`` of a delivery asks, and return the answer.
        """
        had = self._by_delivery.get(delivery.id.value, [])
        if not segments:
            return write_each(had)
        courier = segments[0]
        if courier not in [one.courier.id for one in had]:
            raise Refusal(404, "delivery_not_found", reason="unknown_courier")
        self._ratings[delivery.id.value, courier] = CourierRating(
            delivery=delivery.id, courier=courier, rating=from_json(body, Rating)
        )
        return b"{}"


def beginning_with(text: str, known: Iterable[Address]) -> list[Address]:
    """
    Return the addresses that *text* may become.
    """
    wanted = text.strip().casefold()
    return [one for one in known if (one.one_line or "").casefold().startswith(wanted)]
