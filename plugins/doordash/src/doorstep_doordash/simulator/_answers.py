"""
A delivery as Drive's answers describe it.

Phones come back as they were sent, addresses a little normalised. Fields that
have no value yet are absent. Timestamps have 0 fractional digits when they are
estimated, 6 when something really happened then, 9 in ``updated_at``: all
three were seen, which field has which is the simulator's choice.

``fee_components`` and ``tax_components`` are empty, as the sandbox returns them,
but where there is something to tell: a promotion, or the tax of a delivery in
Canada, which is where the currency is CAD.

Source:
    Drive API 0.2.5, delivery response; 2.1.59 for the components, the tax, the PIN
    codes and ``dropoff_signature_image_url``.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, Final

from doorstep_doordash.simulator._addresses import normalised
from doorstep_doordash.simulator._assignments import courier_name, dasher_id
from doorstep_doordash.simulator._fields import ECHOED
from doorstep_doordash.simulator._pins import pins_shown
from doorstep_doordash.simulator._state import Booking

__all__ = ["describe"]

_NAMESPACE: Final = uuid.UUID("6a2f41a3-c54c-4a3e-9d2b-9f6a3b1c7d10")
_GST_PERCENT: Final = 5
_AT_PICKUP: Final = {"lat": 37.7842, "lng": -122.4076}
_UNDER_WAY: Final = {"lat": 37.7871, "lng": -122.4009}


def describe(booking: Booking) -> dict[str, Any]:
    """
    Return the body that quote, accept, create, get, update and cancel answer with.
    """
    return {
        **_echo(booking),
        "delivery_status": booking.status,
        **_money(booking),
        **_times(booking),
        **_references(booking),
        **_ending(booking),
        **_dasher(booking),
    }


def _echo(booking: Booking) -> dict[str, Any]:
    body = {name: booking.body[name] for name in ECHOED if name in booking.body}
    body.update(booking.pickup)
    body["dropoff_address"] = normalised(body["dropoff_address"])
    body.update(pins_shown(booking))
    return body


def _money(booking: Booking) -> dict[str, Any]:
    currency = booking.body.get("currency", "USD")
    parts = []
    if booking.fee < booking.full_fee:
        parts = [("distance_based_fee", booking.full_fee)]
        parts.append(("promotion", booking.fee - booking.full_fee))
    shown: dict[str, Any] = {
        "currency": currency,
        "fee": booking.fee,
        "fee_components": [{"type": kind, "amount": amount} for kind, amount in parts],
        "tax_components": [],
    }
    if currency == "CAD":
        tax = booking.fee * _GST_PERCENT // 100
        shown |= {"tax": tax, "tax_components": [{"type": "gst_hst", "amount": tax}]}
    return shown


def _times(booking: Booking) -> dict[str, str]:
    shown = {"updated_at": _written(booking.updated_at, 9)}
    for name, moment in booking.times.items():
        shown[name] = _written(moment, 6 if name.endswith("_actual") else 0)
    return shown


def _references(booking: Booking) -> dict[str, Any]:
    page = uuid.uuid5(_NAMESPACE, f"{'delivery' if booking.booked else 'quote'} {booking.id}")
    shown = {"tracking_url": f"https://www.doordash.com/drive/portal/track/{page}"}
    if booking.support_reference is not None:
        shown["support_reference"] = booking.support_reference
    return shown


def _ending(booking: Booking) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if booking.cancellation_reason is not None:
        shown["cancellation_reason"] = booking.cancellation_reason
    if "return_time_estimated" in booking.times:
        shown["return_address"] = _echo(booking)["pickup_address"]
    shown.update(booking.proofs)
    return shown


def _dasher(booking: Booking) -> dict[str, Any]:
    if booking.courier is None:
        return {}
    first, last = courier_name(booking.courier)
    picked_up = "pickup_time_actual" in booking.times
    return {
        "dasher_id": dasher_id(booking.courier),
        "dasher_name": f"{first} {last[0]}.",
        "dasher_dropoff_phone_number": "+15555555555",
        "dasher_pickup_phone_number": "+14444444444",
        "dasher_location": _UNDER_WAY if picked_up else _AT_PICKUP,
        "dasher_vehicle_make": "Toyota",
        "dasher_vehicle_model": "Corolla",
        "dasher_vehicle_year": "2006",
    }


def _written(moment: datetime, digits: int) -> str:
    utc = moment.astimezone(UTC)
    micro = utc.microsecond
    fraction = {0: "", 6: f".{micro:06d}", 9: f".{micro:06d}{micro % 1000:03d}"}[digits]
    return f"{utc:%Y-%m-%dT%H:%M:%S}{fraction}Z"
