"""
What DoorDash tells by itself: an event for each step of the courier, and for a refund.

==========================  =======================================================
status entered              events
==========================  =======================================================
``confirmed``               ``DASHER_CONFIRMED``
``enroute_to_pickup``       ``DASHER_ENROUTE_TO_PICKUP``, if asked for
``arrived_at_pickup``       ``DASHER_CONFIRMED_PICKUP_ARRIVAL``
``picked_up``               ``DASHER_PICKED_UP``
``enroute_to_dropoff``      ``DASHER_ENROUTE_TO_DROPOFF``, if asked for
``arrived_at_dropoff``      ``DASHER_CONFIRMED_DROPOFF_ARRIVAL``
``delivered``               ``DASHER_DROPPED_OFF``
``enroute_to_return``       ``DELIVERY_RETURN_INITIALIZED``, and
                            ``DASHER_ENROUTE_TO_RETURN`` if asked for
``arrived_at_return``       ``DASHER_CONFIRMED_RETURN_ARRIVAL``
``returned``                ``DELIVERY_RETURNED``
``cancelled``               ``DELIVERY_CANCELLED``
==========================  =======================================================

Nothing is told when a delivery is created, nor when a courier drops out. There is no
``delivery_status``, no id of the event and no signature; what is empty is left out.

What the simulator had to choose, because no document or recording says it:

- ``created_at`` is the moment of the status.
- The fields of the newer documents that the older ones have by the same name are all
  sent with either.
- The reason is called ``reason`` where a return failed, in the newer fields, and
  ``cancellation_reason`` everywhere else: two pages disagree.
- The refund webhook has the name ``DELIVERY_REFUNDED``, a time and the delivery's id
  beside its ``event_data``; amounts are cents. It is sent when a refund is granted.
- Another shop's delivery has an id that is no UUID, and no address.

Source:
    DoorDash, "Webhook fields" (Spanish) for the older fields and when they are there;
    "Webhooks" for the names of events; "Refund webhooks".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from doorstep.simulation import WebhookSender
from doorstep_doordash.simulator._answers import describe
from doorstep_doordash.simulator._state import Booking

__all__ = ["EVENTS", "OPT_IN", "Teller"]

#: Statuses and the events that tell of them.
EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "confirmed": ("DASHER_CONFIRMED",),
    "enroute_to_pickup": ("DASHER_ENROUTE_TO_PICKUP",),
    "arrived_at_pickup": ("DASHER_CONFIRMED_PICKUP_ARRIVAL",),
    "picked_up": ("DASHER_PICKED_UP",),
    "enroute_to_dropoff": ("DASHER_ENROUTE_TO_DROPOFF",),
    "arrived_at_dropoff": ("DASHER_CONFIRMED_DROPOFF_ARRIVAL",),
    "delivered": ("DASHER_DROPPED_OFF",),
    "enroute_to_return": ("DELIVERY_RETURN_INITIALIZED", "DASHER_ENROUTE_TO_RETURN"),
    "arrived_at_return": ("DASHER_CONFIRMED_RETURN_ARRIVAL",),
    "returned": ("DELIVERY_RETURNED",),
    "cancelled": ("DELIVERY_CANCELLED",),
}
#: Sent only to those who asked DoorDash for them.
OPT_IN: Final = frozenset(
    {"DASHER_ENROUTE_TO_PICKUP", "DASHER_ENROUTE_TO_DROPOFF", "DASHER_ENROUTE_TO_RETURN"}
)
_REFUNDED: Final = "DELIVERY_REFUNDED"

#: What both generations have, by the name that the answer of the API has it.
_SHARED: Final = (
    "external_delivery_id",
    "pickup_address",
    "pickup_phone_number",
    "pickup_reference_tag",
    "pickup_instructions",
    "dropoff_address",
    "dropoff_phone_number",
    "dropoff_instructions",
    "dropoff_contact_given_name",
    "dropoff_contact_family_name",
    "dropoff_contact_send_notifications",
    "pickup_verification_image_url",
    "dropoff_verification_image_url",
    "currency",
    "order_value",
    "fee",
    "tip",
    "support_reference",
    "tracking_url",
)
_NEWER: Final = ("dasher_id", "dasher_name", "dasher_dropoff_phone_number", "dasher_location")
_TIMES: Final = (
    "pickup_time_estimated",
    "pickup_time_actual",
    "dropoff_time_estimated",
    "dropoff_time_actual",
)
#: What says nothing of another shop's customers.
_OF_ANYBODY: Final = ("created_at", "event_name", "currency", "fee", *_NEWER)
_EMPTY: Final[tuple[Any, ...]] = (None, "", [], {})


class Teller:
    """
    Make an account's webhooks and hand them to their sender.

    Args:
        sender:
            Posts them.

        enroute:
            Whether the account asked for the events on the way.

        older_fields:
            Whether fields have the older names.
    """

    def __init__(self, sender: WebhookSender, *, enroute: bool, older_fields: bool) -> None:
        self._sender = sender
        self._enroute = enroute
        self._older = older_fields

    def entered(self, booking: Booking, before: str, at: datetime) -> None:
        """
        Tell that *booking* came from the status *before* into the one it has.
        """
        if self._sender.options.url is None:
            return
        for name in EVENTS.get(booking.status, ()):
            if self._enroute or name not in OPT_IN:
                self._send(name, self._body(booking, name, before, at), at)

    def refunded(self, booking: Booking, answer: Mapping[str, Any], at: datetime) -> None:
        """
        Tell that *booking* was refunded, as *answer* said.
        """
        parts = {
            "order_value": answer["order_value_refund"],
            "tip": answer["tip_refund"],
            "delivery_charge": answer["delivery_fee_refund"],
            "additional_amount": 0,
            "items": [],
        }
        body = {
            "created_at": _written(at),
            "event_name": _REFUNDED,
            "external_delivery_id": booking.id,
            "event_data": {
                "reason": answer["refund_reason"],
                "reason_comments": answer["message"],
                "amount": str(booking.refunded),
                "currency_code": booking.body.get("currency", "USD"),
                "amount_details": parts,
                "order_details": {
                    "order_value": booking.body.get("order_value", 0),
                    "tip": booking.tip,
                    "delivery_charge": booking.fee,
                },
                "customer_refund_details": {},
            },
        }
        self._send(_REFUNDED, body, at)

    def _send(self, name: str, body: dict[str, Any], at: datetime) -> None:
        foreign = _foreign(body)
        self._sender.send(name, _json(body), at=at, foreign=foreign)

    def _body(self, booking: Booking, name: str, before: str, at: datetime) -> dict[str, Any]:
        known = describe(booking)
        times = {one: booking.times[one] for one in _TIMES if one in booking.times}
        told: dict[str, Any] = {
            "created_at": _written(at),
            "event_name": name,
            **{field: known.get(field) for field in _SHARED},
            **{field: _written(moment) for field, moment in times.items()},
            **(self._older_dasher(known) if self._older else _newer_dasher(known)),
            "contactless": bool(booking.body.get("contactless_dropoff", False)),
            **self._reason(booking, before),
        }
        return {field: value for field, value in told.items() if value not in _EMPTY}

    def _older_dasher(self, known: Mapping[str, Any]) -> dict[str, Any]:
        name = re.sub(r" T\.$", " TAS", known.get("dasher_name", ""))
        return {
            "dasher_name": name,
            "dasher_phone_number": known.get("dasher_dropoff_phone_number"),
        }

    def _reason(self, booking: Booking, before: str) -> dict[str, Any]:
        if booking.status != "cancelled":
            return {}
        returning = before in {"enroute_to_return", "arrived_at_return"}
        name = "reason" if returning and not self._older else "cancellation_reason"
        return {name: booking.cancellation_reason}


def _newer_dasher(known: Mapping[str, Any]) -> dict[str, Any]:
    return {field: known.get(field) for field in _NEWER}


def _foreign(body: Mapping[str, Any]) -> Callable[[], bytes]:
    told = {field: body[field] for field in _OF_ANYBODY if field in body}
    # As the portal's own simulator makes them: no UUID, and nobody's reference.
    mixed = sum(str(body["external_delivery_id"]).encode())
    return lambda: _json({**told, "external_delivery_id": f"SIM-{mixed:06d}"})


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body).encode()


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
