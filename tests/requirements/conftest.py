"""
A request for every path that a capability may name.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from doorstep.models import (
    Address,
    Barcode,
    CashOnDelivery,
    Contact,
    Coordinates,
    DeliveryRequest,
    Dimensions,
    DropoffAt,
    IdCheck,
    Item,
    Money,
    Photo,
    PickupAt,
    Pin,
    PinSource,
    Signature,
    Stop,
    StoreRef,
    Undeliverable,
    Window,
    Windows,
)

changed: Callable[..., Any] = attrs.evolve  # of fields named at run time
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WINDOW = Window(NOW, NOW + timedelta(hours=1))
PLACE = Address(one_line="1 Main St")
USD = Money(100, "USD")
SIZE = Dimensions(length_mm=0, width_mm=0, height_mm=0)
ADDRESSES: dict[str, Address] = {
    "one_line": PLACE,
    "lines": Address(lines=["1 Main St"], locality="Springfield"),
    "locality": Address(lines=["1 Main St"], locality="Springfield"),
    "coordinates": Address(coordinates=Coordinates(lat=1, lng=2)),
    "store_ref": Address(store_ref=StoreRef(store="s")),
    **{
        name: changed(PLACE, **{name: "NY"})
        for name in ("unit", "region", "postal_code", "country", "access_notes")
    },
}
CONTACTS = {
    **{
        name: changed(Contact(), **{name: "Ada"})
        for name in ("given", "family", "display", "business")
    },
    "phone": Contact(phone="+16505555555"),
    "email": Contact(email="ada@example.org"),
    "notify": Contact(notify=False),
}
ITEMS = {
    "name": Item(name="x"),
    "quantity": Item(name="x", quantity=2),
    "unit_price": Item(name="x", unit_price=USD),
    "weight_g": Item(name="x", weight_g=0),
    "age_restricted": Item(name="x", age_restricted=False),
}
CHECKS = {
    "signature": Signature(),
    "signature.required": Signature(required=False),
    "signature.name": Signature(name="Ada"),
    "signature.relation": Signature(relation="neighbour"),
    "photo": Photo(),
    "photo.required": Photo(required=False),
    "pin": Pin(),
    "pin.source": Pin(source=PinSource.PHONE),
    "pin.value": Pin(value="1234"),
    "barcode": Barcode(values=["1"]),
    "id_check": IdCheck(),
    "id_check.required": IdCheck(required=False),
    "id_check.min_age": IdCheck(min_age=21),
}
WHOLE: dict[str, dict[str, Any]] = {
    "order_value": {"order_value": USD},
    "tip": {"tip": Money(0, "USD")},
    "cash_on_delivery": {"cash_on_delivery": CashOnDelivery(collect=USD)},
    "schedule.asap": {},
    "schedule.pickup_at": {"schedule": PickupAt(NOW)},
    "schedule.dropoff_at": {"schedule": DropoffAt(NOW)},
    "schedule.windows": {"schedule": Windows(pickup=WINDOW, dropoff=WINDOW)},
    **{f"if_undeliverable.{one}": {"if_undeliverable": one} for one in Undeliverable},
}


def asking_for(path: str) -> DeliveryRequest:
    """
    Build a request that asks for *path* and for as little else as possible.
    """
    stops = {"pickup": Stop(address=PLACE), "dropoff": Stop(address=PLACE)}
    end, _, rest = path.partition(".")
    if end in stops:
        stops[end] = changed(stops[end], **stop_fields(rest))
    return DeliveryRequest(
        reference="a",
        pickup=stops["pickup"],
        dropoffs=stops["dropoff"],
        **WHOLE.get(path, {}),
    )


def stop_fields(path: str) -> dict[str, object]:
    """
    Return the fields of a stop that asks for *path*.
    """
    part, _, name = path.partition(".")
    if part == "address":
        return {"address": ADDRESSES[name]}
    if part == "contact":
        return {"contact": CONTACTS[name]}
    if part == "items":
        texts = ("description", "size_class", "external_id", "category")
        more = {one: changed(Item(name="x"), **{one: "y"}) for one in texts}
        size = {"dimensions": Item(name="x", dimensions=SIZE)}
        return {"items": [(ITEMS | more | size)[name]]}
    if part == "verification":
        return {"verification": [CHECKS[name]]}
    return {part: False if part == "contactless" else "text"}


@pytest.fixture(name="asking_for")
def _asking_for() -> Callable[[str], DeliveryRequest]:
    """
    Build a request that asks for one path and for as little else as possible.
    """
    return asking_for
