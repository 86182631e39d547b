"""
PIN codes: what the courier has to be told before goods change hands.

=============================  =====================================================
``pin_code_type``              the PIN
=============================  =====================================================
``random_number``              made at the booking, told as ``pin_code_value``: no
                               document says where it is, so that is our choice
``customer_phone_number``      the last four digits of the dropoff phone, not told;
                               the default for a dropoff
``merchant_provided_number``   the ``pin_code_value`` of the request
=============================  =====================================================

Source:
    Drive API 2.1.59, ``dropoff_pin_code_verification_metadata`` and
    ``return_pin_code_verification_metadata``.
"""

from __future__ import annotations

import re
import uuid
from typing import Any, Final

from doorstep_doordash.simulator._state import Booking

__all__ = ["pins_shown", "pins_wanted"]

_NAMESPACE: Final = uuid.UUID("6a2f41a3-c54c-4a3e-9d2b-9f6a3b1c7d10")
_OF_THE_PHONE: Final = "customer_phone_number"
_FIELDS: Final = {
    "dropoff": "dropoff_pin_code_verification_metadata",
    "return": "return_pin_code_verification_metadata",
}


def pins_shown(booking: Booking) -> dict[str, dict[str, Any]]:
    """
    Return the fields that tell of the PINs, with their values as far as they are told.
    """
    pins = {name: dict(booking.body[name]) for name in _FIELDS.values() if name in booking.body}
    if booking.body.get("dropoff_options", {}).get("proof_of_delivery") == "pin_code":
        pins.setdefault(_FIELDS["dropoff"], {}).setdefault("pin_code_type", _OF_THE_PHONE)
    for name, pin in pins.items():
        if pin.get("pin_code_type") == "random_number" and booking.booked:
            made = uuid.uuid5(_NAMESPACE, f"{name} {booking.id}").int % 10_000
            pin["pin_code_value"] = f"{made:04d}"
    return pins


def pins_wanted(booking: Booking) -> dict[str, str]:
    """
    Return what the courier asks for, by ``dropoff`` and ``return``.
    """
    shown = pins_shown(booking)
    digits = re.sub(r"\D", "", booking.body.get("dropoff_phone_number", ""))
    wanted = {}
    for stop, field in _FIELDS.items():
        pin = shown.get(field, {})
        value = digits[-4:] if pin.get("pin_code_type") == _OF_THE_PHONE else None
        value = pin.get("pin_code_value", value)
        if value is not None:
            wanted[stop] = value
    return wanted
