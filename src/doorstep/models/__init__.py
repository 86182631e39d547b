"""
The neutral values: what a shop sends and what it gets back, whoever the carrier is.
"""

from doorstep.models._delivery import (
    Cancellation,
    CancelReason,
    Courier,
    Delivery,
    DeliveryId,
    DeliveryStop,
    Etas,
    Related,
    Relation,
    StopKind,
    StopStatus,
)
from doorstep.models._event import Event, EventKind
from doorstep.models._extension import Extension, Raw
from doorstep.models._item import Dimensions, Item
from doorstep.models._money import ComponentKind, Money, Price, PriceComponent, Tax
from doorstep.models._place import Address, Contact, Coordinates, StoreRef
from doorstep.models._proof import Proof, ProofKind
from doorstep.models._quote import Quote
from doorstep.models._refund import RefundDecision, RefundReason, RefundStatus
from doorstep.models._request import (
    CashOnDelivery,
    Changes,
    DeliveryRequest,
    Stop,
    StopChanges,
    Undeliverable,
)
from doorstep.models._schedule import (
    Asap,
    DropoffAt,
    PickupAt,
    Schedule,
    Window,
    Windows,
)
from doorstep.models._status import Actor, End, EndReason, Goods, Milestone, Status
from doorstep.models._verification import (
    Barcode,
    IdCheck,
    Photo,
    Pin,
    PinSource,
    Signature,
    Verification,
)

__all__ = [
    "Actor",
    "Address",
    "Asap",
    "Barcode",
    "CancelReason",
    "Cancellation",
    "CashOnDelivery",
    "Changes",
    "ComponentKind",
    "Contact",
    "Coordinates",
    "Courier",
    "Delivery",
    "DeliveryId",
    "DeliveryRequest",
    "DeliveryStop",
    "Dimensions",
    "DropoffAt",
    "End",
    "EndReason",
    "Etas",
    "Event",
    "EventKind",
    "Extension",
    "Goods",
    "IdCheck",
    "Item",
    "Milestone",
    "Money",
    "Photo",
    "PickupAt",
    "Pin",
    "PinSource",
    "Price",
    "PriceComponent",
    "Proof",
    "ProofKind",
    "Quote",
    "Raw",
    "RefundDecision",
    "RefundReason",
    "RefundStatus",
    "Related",
    "Relation",
    "Schedule",
    "Signature",
    "Status",
    "Stop",
    "StopChanges",
    "StopKind",
    "StopStatus",
    "StoreRef",
    "Tax",
    "Undeliverable",
    "Verification",
    "Window",
    "Windows",
]
