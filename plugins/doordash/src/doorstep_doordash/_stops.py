"""
From Drive's answers to the stops of a delivery and its courier.

Source:
    Drive API 2.1.59 for the statuses, the image URLs, the bounds of the dropoff time
    and the PIN codes; 0.2.5 for all else, the return included. That a PIN of
    DoorDash's making is told as ``pin_code_value`` is our reading: 2.1.59 has the
    field in its answers and does not say when it is there.
"""

from __future__ import annotations

import re
from typing import Final

from doorstep.errors import ValidationError
from doorstep.models import (
    Coordinates,
    Courier,
    DeliveryStop,
    Proof,
    ProofKind,
    StopKind,
    StopStatus,
)
from doorstep_doordash._wire import CALLERS_PIN, Answer, PinEcho

__all__ = ["CANCELLED", "STOPS", "courier_of", "stops_of", "text_of", "was_collected"]

#: The raw status that stands for every bad end.
CANCELLED: Final = "cancelled"

_AFTER_PICKUP: Final = frozenset({"failed_to_deliver", "failed_to_return"})
_FOUR_DIGITS: Final = re.compile(r"[0-9]{4}")

_W, _H, _A, _D, _F, _S = (
    StopStatus.WAITING,
    StopStatus.HEADING,
    StopStatus.ARRIVED,
    StopStatus.DONE,
    StopStatus.FAILED,
    StopStatus.SKIPPED,
)
#: How far pickup, dropoff and return are.
STOPS: Final = {
    "quote": (_W, _W, _W),
    "created": (_W, _W, _W),
    "confirmed": (_W, _W, _W),
    "enroute_to_pickup": (_H, _W, _W),
    "arrived_at_pickup": (_A, _W, _W),
    "picked_up": (_D, _W, _W),
    "enroute_to_dropoff": (_D, _H, _W),
    "arrived_at_dropoff": (_D, _A, _W),
    "delivered": (_D, _D, _S),
    "enroute_to_return": (_D, _F, _H),
    "arrived_at_return": (_D, _F, _A),
    "returned": (_D, _F, _D),
}


def stops_of(answer: Answer) -> tuple[DeliveryStop, ...]:
    """
    Return pickup and dropoff, and the return where it is told.
    """
    pickup, dropoff, back = _stop_statuses(answer)
    return_told = answer.return_address or answer.return_time_estimated or answer.return_time_actual
    stops = [
        DeliveryStop(
            kind=StopKind.PICKUP,
            status=_D if answer.pickup_time_actual else pickup,
            address=answer.pickup_address or None,
            eta=answer.pickup_time_estimated,
            done_at=answer.pickup_time_actual,
            proofs=_proofs((ProofKind.PHOTO, answer.pickup_verification_image_url)),
        ),
        DeliveryStop(
            kind=StopKind.DROPOFF,
            status=_D if answer.dropoff_time_actual else dropoff,
            address=answer.dropoff_address or None,
            eta=answer.dropoff_time_estimated,
            earliest=answer.dropoff_time_estimated_lower_bound,
            latest=answer.dropoff_time_estimated_upper_bound,
            done_at=answer.dropoff_time_actual,
            proofs=_proofs(
                (ProofKind.PHOTO, answer.dropoff_verification_image_url),
                (ProofKind.SIGNATURE, answer.dropoff_signature_image_url),
            ),
            pin=_pin(answer.dropoff_pin_code_verification_metadata),
        ),
    ]
    if return_told or back in (_H, _A, _D):
        stops.append(
            DeliveryStop(
                kind=StopKind.RETURN,
                status=_D if answer.return_time_actual else back,
                address=answer.return_address or None,
                eta=answer.return_time_estimated,
                done_at=answer.return_time_actual,
                pin=_pin(answer.return_pin_code_verification_metadata),
            )
        )
    return tuple(stops)


def _stop_statuses(answer: Answer) -> tuple[StopStatus, StopStatus, StopStatus]:
    if answer.delivery_status != CANCELLED:
        unknown = (StopStatus.UNKNOWN, StopStatus.UNKNOWN, StopStatus.UNKNOWN)
        return STOPS.get(answer.delivery_status, unknown)
    if was_collected(answer):
        return _D, _F, _F if answer.cancellation_reason == "failed_to_return" else _S
    return _F if answer.cancellation_reason == "failed_to_pickup" else _S, _S, _S


def _proofs(*told: tuple[ProofKind, str | None]) -> tuple[Proof, ...]:
    return tuple(Proof(kind=kind, url=url) for kind, url in told if url)


def _pin(told: PinEcho | None) -> str | None:
    """
    Return the PIN that DoorDash made, where it tells one.

    One of the caller's own is repeated too: that is nothing new, and stays in ``raw``.
    """
    if told is None or told.pin_code_type == CALLERS_PIN:
        return None
    value = told.pin_code_value
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:04d}"
    return value if isinstance(value, str) and _FOUR_DIGITS.fullmatch(value) else None


def courier_of(answer: Answer) -> Courier | None:
    """
    Return what is told of the Dasher; None before there is one.
    """
    make_model_year = (
        answer.dasher_vehicle_make,
        answer.dasher_vehicle_model,
        answer.dasher_vehicle_year,
    )
    courier = Courier(
        id=text_of(answer.dasher_id),
        name=answer.dasher_name or None,
        phone=answer.dasher_dropoff_phone_number or None,
        pickup_phone=answer.dasher_pickup_phone_number or None,
        location=_location(answer),
        vehicle=" ".join(part for part in make_model_year if part) or None,
    )
    return None if courier == Courier() else courier


def _location(answer: Answer) -> Coordinates | None:
    """
    Return where the Dasher is; None if that is no place on earth.
    """
    told = answer.dasher_location
    if told is None or told.lat is None or told.lng is None:
        return None
    try:
        return Coordinates(lat=told.lat, lng=told.lng)
    except ValidationError:
        return None


def was_collected(answer: Answer) -> bool:
    """
    Whether the goods had left the pickup when it was cancelled.
    """
    if answer.cancellation_reason == "failed_to_pickup":
        return False
    return answer.cancellation_reason in _AFTER_PICKUP or answer.pickup_time_actual is not None


def text_of(value: object) -> str | None:
    """
    Return text or a whole number as text; DoorDash's documents disagree which it is.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None
