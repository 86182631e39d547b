"""
Deliveries, as they are told of.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from doorstep.models import Delivery, DeliveryId, End, Status
from doorstep.tracking import Observation

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
ID = DeliveryId("acme", "main", "D-118")


def told(at: float, status: Status = Status.UNKNOWN, *, name: str | None = None, **fields):
    """
    Return what is told of a delivery, *at* seconds after noon.
    """
    asked = fields.pop("asked", False)
    if status.terminal:
        fields.setdefault("end", End())
    delivery = Delivery(id=ID, status=status, as_of=START + timedelta(seconds=at), **fields)
    return Observation(id=name or f"{status}@{at}", delivery=delivery, asked=asked)


class Kit:
    """
    Everything by name, because test modules cannot import one another.
    """

    ID = ID
    START = START
    told = staticmethod(told)


@pytest.fixture(scope="session")
def kit():
    """
    Helpers.
    """
    return Kit
