"""
A delivery as Drive's answers describe it.

Phones come back as they were sent, addresses a little normalised. Fields that
have no value yet are absent. Timestamps have 0 fractional digits when they are
estimated, 6 when something really happened then, 9 in ``updated_at``: all
three were seen, which field has which is the simulator's choice.

``fee_components`` and ``tax_components`` are empty, as the sandbox returns them,
but where there is something to tell: a promotion, or the tax of a delivery in
Canada, which is where the currency is CAD. A PIN that DoorDash makes is told from
the booking on, as ``pin_code_value``: no document says where it is, so that is the
simulator's choice.

Source:
    Drive API 0.2.5, delivery response; 2.1.59 for the components, the tax, the PIN
    codes and ``dropoff_signature_image_url``.
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Any, Final

from doorstep_doordash.simulator._fields import ECHOED
from doorstep_doordash.simulator._state import Booking

__all__ = ["describe"]

_NAMESPACE: Final = uuid.UUID("6a2f41a3-c54c-4a3e-9d2b-9f6a3b1c7d10")
_STORE: Final = {
    "pickup_address": "901 Market St, San Francisco CA 94103, USA",
    "pickup_phone_number": "+16505555555",
}
_PHOTO: Final = "https://developer.doordash.com/en-US/img/simulator/frontdoor.png"
_PINS: Final = ("dropoff_pin_code_verification_metadata", "return_pin_code_verification_metadata")
_GST_PERCENT: Final = 5
_SHORT: Final = {
    "Street": "St",
    "Avenue": "Ave",
    "Road": "Rd",
    "Lane": "Ln",
    "Boulevard": "Blvd",
    "Drive": "Dr",
}
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
    if "pickup_external_store_id" in body:
        # The store's own address and phone win over those of the request.
        body.update(_STORE)
    else:
        body["pickup_external_business_id"] = "default"
        body["pickup_external_store_id"] = str(uuid.uuid5(_NAMESPACE, body["pickup_address"]))
        body["pickup_address"] = _normalised(body["pickup_address"])
    body["dropoff_address"] = _normalised(body["dropoff_address"])
    body.update(_pins(booking))
    return body


def _pins(booking: Booking) -> dict[str, Any]:
    """
    Return the PIN codes: of which kind, and their values as far as they are told.
    """
    pins: dict[str, Any] = {
        name: dict(booking.body[name]) for name in _PINS if name in booking.body
    }
    if booking.body.get("dropoff_options", {}).get("proof_of_delivery") == "pin_code":
        pins.setdefault(_PINS[0], {}).setdefault("pin_code_type", "customer_phone_number")
    for name, pin in pins.items():
        if pin.get("pin_code_type") == "random_number" and booking.booked:
            made = uuid.uuid5(_NAMESPACE, f"{name} {booking.id}").int % 10_000
            pin["pin_code_value"] = f"{made:04d}"
    return pins


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
    shown = {}
    if booking.cancellation_reason is not None:
        shown["cancellation_reason"] = booking.cancellation_reason
    if "return_time_estimated" in booking.times:
        shown["return_address"] = _echo(booking)["pickup_address"]
    if booking.status == "delivered":
        shown["dropoff_verification_image_url"] = _PHOTO
        signature = booking.body.get("dropoff_options", {}).get("signature", "none")
        if booking.body.get("dropoff_requires_signature") or signature != "none":
            shown["dropoff_signature_image_url"] = _PHOTO
    return shown


def _dasher(booking: Booking) -> dict[str, Any]:
    if booking.courier is None:
        return {}
    picked_up = "pickup_time_actual" in booking.times
    return {
        "dasher_id": 1232141 + booking.courier,
        "dasher_name": f"TAS-DASHER-{booking.courier:02d} T.",
        "dasher_dropoff_phone_number": "+15555555555",
        "dasher_pickup_phone_number": "+14444444444",
        "dasher_location": _UNDER_WAY if picked_up else _AT_PICKUP,
        "dasher_vehicle_make": "Toyota",
        "dasher_vehicle_model": "Corolla",
        "dasher_vehicle_year": "2006",
    }


def _normalised(address: str) -> str:
    """
    Write *address* as DoorDash might: shortened words, the state beside the city.
    """
    words = " ".join(address.split())
    for long, short in _SHORT.items():
        words = re.sub(rf"\b{long}\b", short, words)
    return re.sub(r",? ([A-Z]{2}),? (\d{5}(-\d{4})?)$", r" \1 \2, USA", words)


def _written(moment: datetime, digits: int) -> str:
    utc = moment.astimezone(UTC)
    micro = utc.microsecond
    fraction = {0: "", 6: f".{micro:06d}", 9: f".{micro:06d}{micro % 1000:03d}"}[digits]
    return f"{utc:%Y-%m-%dT%H:%M:%S}{fraction}Z"
