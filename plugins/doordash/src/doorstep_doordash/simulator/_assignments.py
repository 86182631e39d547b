"""
Which couriers a delivery had, and what was said of them.

The simulator's choices: a quote has had none; a courier of the account who never had
the delivery cannot be rated for it (404 ``unknown_dasher_id``); a later rating of the
same courier stands beside the earlier one, and the books list both.

Source:
    Dasher feedback API 0.0.1.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from doorstep_doordash.simulator._refused import RefusedError
from doorstep_doordash.simulator._state import Assignment, Booking

__all__ = ["courier_name", "dasher_id", "describe_assignments", "follow", "rate"]

_FIRST_ID: Final = 1232141
_LAST_NAME: Final = "Tas"
_DROPPED_OUT: Final = "The Dasher can no longer make this delivery"


def dasher_id(courier: int) -> int:
    """
    Return the id of the account's *courier*-th courier.
    """
    return _FIRST_ID + courier


def courier_name(courier: int) -> tuple[str, str]:
    """
    Return the first and the last name of the account's *courier*-th courier.
    """
    return f"TAS-DASHER-{courier:02d}", _LAST_NAME


def follow(booking: Booking, at: datetime) -> None:
    """
    Write down what the status that *booking* entered says of its couriers.
    """
    if booking.status == "confirmed" and booking.courier is not None:
        booking.assignments.append(Assignment(courier=booking.courier))
    elif booking.status == "arrived_at_pickup" and booking.assignments:
        booking.assignments[-1].at_store = at
    elif booking.status == "created" and booking.assignments:
        booking.assignments[-1].unassigned = at


def describe_assignments(booking: Booking) -> dict[str, Any]:
    """
    Return the couriers in the order they came; all but the last dropped out.
    """
    return {"dashers": [_describe(one) for one in booking.assignments]}


def rate(booking: Booking, dasher: str, body: dict[str, Any]) -> None:
    """
    Write down what was said of a courier.

    Raises:
        RefusedError:
            404: no such courier had it.
    """
    if dasher not in {str(dasher_id(one.courier)) for one in booking.assignments}:
        message = "The Dasher was not found for this delivery"
        raise RefusedError(404, {"code": "unknown_dasher_id", "message": message})
    booking.ratings.append({"dasher_id": int(dasher), **body})


def _describe(assignment: Assignment) -> dict[str, Any]:
    first, last = courier_name(assignment.courier)
    told: dict[str, Any] = {
        "dasher_id": dasher_id(assignment.courier),
        "first_name": first,
        "last_name": last,
    }
    if assignment.at_store is not None:
        told["dasher_at_store_time"] = _written(assignment.at_store)
    if assignment.unassigned is not None:
        told["unassigned_time"] = _written(assignment.unassigned)
        told["unassigned_reason"] = _DROPPED_OUT
    return told


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
