"""
For a shop's own tests: a carrier without a network, and a clock that stands still.

    carrier = FakeCarrier()
    with carrier.connect() as courier:
        delivery = courier.dispatch(request)
        carrier.advance(delivery.id, Status.DELIVERED)

The client is the real one and so is everything between it and the carrier: the
flows, the deadlines, the repeats, the errors.
"""

from doorstep.testing._carrier import FakeCarrier
from doorstep.testing._clock import ManualClock
from doorstep.testing._marketplace import FakeMarketplace
from doorstep.testing._provider import FakeProvider
from doorstep.testing._registry import FakeRegistry
from doorstep.testing._services import CourierRating

__all__ = [
    "CourierRating",
    "FakeCarrier",
    "FakeMarketplace",
    "FakeProvider",
    "FakeRegistry",
    "ManualClock",
]
