"""
Whether what stands under an id is what was asked for.

DoorDash answers a repeated id with a 409 and no more, so what stands there is read
and compared. A wrong yes sends a courier to another door; a wrong no asks somebody
to look. So whatever an answer repeats must agree, and a wish that no answer repeats
is never taken for granted.
"""

from __future__ import annotations

from typing import Any, Final

import attrs

from doorstep_doordash._doors import same_door
from doorstep_doordash._phones import canonical_phone
from doorstep_doordash._wire import Answer, Body, ItemBody, ItemEcho

__all__ = ["may_be_taken", "same_delivery"]

#: Repeated as they were sent. A store's own name and phone win over the request's, so
#: those of the pickup are not among them.
_REPEATED: Final = (
    "order_value",
    "pickup_instructions",
    "pickup_reference_tag",
    "dropoff_business_name",
    "dropoff_instructions",
    "dropoff_contact_given_name",
    "dropoff_contact_family_name",
    "dropoff_requires_signature",
    "promotion_id",
)
#: Repeated with DoorDash's defaults where nothing was sent, and by nobody's wish.
_DEFAULTED: Final = (
    "contactless_dropoff",
    "action_if_undeliverable",
    "dropoff_contact_send_notifications",
    "dasher_allowed_vehicles",
    "order_fulfillment_method",
)
#: Objects: each part that was sent must agree, whatever else DoorDash fills in.
_IN_PARTS: Final = (
    "order_contains",
    "dropoff_options",
    "dropoff_pin_code_verification_metadata",
    "return_pin_code_verification_metadata",
)
_TIMES: Final = ("pickup_time", "dropoff_time", "pickup_window", "dropoff_window")


def may_be_taken(quote: Answer, body: Body) -> bool:
    """
    Whether an open quote of nobody's knowing is certainly for *body*.

    Answers do not repeat the times that were asked for, so a request that names
    a time cannot be recognised.
    """
    timed = any(getattr(body, name) is not None for name in _TIMES)
    return not timed and same_delivery(quote, body)


def same_delivery(answer: Answer, body: Body) -> bool:
    """
    Whether *answer* can be the delivery that *body* asks for.

    What an answer leaves out is not held against it; what it has and *body* has
    not, is. The tip is not compared: it may have been raised since.
    """
    stored = body.pickup_external_store_id is not None
    return (
        (stored or _same_place(answer.pickup_address, body.pickup_address))
        and all(_agree(getattr(answer, name), getattr(body, name)) for name in _REPEATED)
        and all(_agree_if_sent(getattr(answer, name), getattr(body, name)) for name in _DEFAULTED)
        and all(_same_parts(getattr(answer, name), getattr(body, name)) for name in _IN_PARTS)
        and _same_place(answer.dropoff_address, body.dropoff_address)
        and _same_phone(answer.dropoff_phone_number, body.dropoff_phone_number)
        and _same_items(answer.items, body.items)
    )


def _agree(theirs: Any, ours: Any) -> bool:
    return theirs is None or (_plain(theirs) or None) == (_plain(ours) or None)


def _agree_if_sent(theirs: Any, ours: Any) -> bool:
    if theirs is not None and attrs.has(type(ours)):
        parts = [field.name for field in attrs.fields(type(ours))]
        return all(_agree_if_sent(getattr(theirs, name), getattr(ours, name)) for name in parts)
    return ours is None or _agree(theirs, ours)


def _same_parts(theirs: Any, ours: Any) -> bool:
    if theirs is None or ours is None:
        return True
    names = [field.name for field in attrs.fields(type(ours))]
    return all(_agree_if_sent(getattr(theirs, name), getattr(ours, name)) for name in names)


def _plain(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _same_place(theirs: str | None, ours: str | None) -> bool:
    return not theirs or not ours or same_door(theirs, ours)


def _same_phone(theirs: str | None, ours: str | None) -> bool:
    return not theirs or canonical_phone(theirs) == canonical_phone(ours or "")


def _same_items(theirs: tuple[ItemEcho, ...] | None, ours: tuple[ItemBody, ...] | None) -> bool:
    if not theirs:
        return True
    mine = ours or ()
    return len(theirs) == len(mine) and all(map(_same_item, theirs, mine))


def _same_item(theirs: ItemEcho, ours: ItemBody) -> bool:
    names = ("name", "quantity", "external_id", "price")
    return all(_agree(getattr(theirs, name), getattr(ours, name)) for name in names)
