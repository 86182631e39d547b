"""
A neutral request that this carrier can take.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from doorstep.models import (
    Address,
    CancelReason,
    Changes,
    Contact,
    Coordinates,
    DeliveryId,
    DeliveryRequest,
    Item,
    Money,
    Pin,
    ProofKind,
    Stop,
    StopChanges,
    StopKind,
)
from doorstep.provider import Context

#: The second at which the documented order was made.
NOW = datetime(2018, 9, 13, 1, 26, 40, tzinfo=UTC)
CONTEXT = Context(now=NOW, call_id="c-1")
ORDER = DeliveryId("on_demand_rider", "sg", "y0ud-000001")
PICKUP = Stop(
    address=Address(
        one_line="1 2nd Street #08-01",
        coordinates=Coordinates(lat="1.2923742", lng="103.8486029"),
    ),
    contact=Contact(display="ODR", phone="+6500000000"),
    instructions="use the left side door",
    reference="Order-4672",
)
DROPOFF = Stop(
    address=Address(
        one_line="20 Esplanade Drive",
        coordinates=Coordinates(lat="1.2857488", lng="103.8548608"),
    ),
    contact=Contact(display="Merlion", phone="+6500000000"),
    instructions="2nd floor - door 3, use lift A and leave at the front door",
    items=[Item(name="Refreshing drink", weight_g=1200)],
    verification=[Pin()],
)
REQUEST = DeliveryRequest(
    reference="client-ref-000001",
    pickup=PICKUP,
    dropoffs=DROPOFF,
    order_value=Money(2350, "SGD"),
)
CHANGES = Changes(dropoff=StopChanges(instructions="ring twice"), order_value=Money(100, "SGD"))


def flow(rider: Any, operation: str) -> Any:
    """
    Start the flow of *operation*.
    """
    return {
        "quote": lambda: rider.quote(REQUEST, CONTEXT),
        "dispatch": lambda: rider.dispatch(REQUEST, CONTEXT, quote=None, max_fee=None),
        "track": lambda: rider.track(ORDER, CONTEXT),
        "cancel": lambda: rider.cancel(ORDER, CancelReason.MISTAKE, CONTEXT),
        "update": lambda: rider.update(ORDER, CHANGES, CONTEXT),
        "proof": lambda: rider.proof(ORDER, StopKind.DROPOFF, ProofKind.PHOTO, CONTEXT),
    }[operation]()


def order(recording: Callable[[str], dict[str, Any]], **fields: object) -> Any:
    """
    Return the documented order with *fields* changed.
    """
    return recording("get_order_200")["response"]["body"] | fields
