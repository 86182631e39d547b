"""
The documented refusals, with their bodies.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

__all__ = [
    "FieldError",
    "RefusedError",
    "authentication",
    "authorization",
    "cancel_not_allowed",
    "duplicate_id",
    "invalid_delivery",
    "of_status",
    "unknown_id",
    "update_not_allowed",
    "validation",
]

#: A field, a parameter, ``body`` or free text; and what is wrong with it.
FieldError = tuple[str, str]

UNKNOWN_PHONE_FORMAT: Final = "Unknown phone number format"

_REASONS: Final = {
    "distance_too_long": (
        "Exceeded allowed distance configured for this store between pickup and drop off addresses"
    ),
    "pickup_address_not_in_coverage": "The pickup address is not in coverage",
    "delivery_address_not_in_coverage": "The dropoff address is not in coverage",
    "outside_of_delivery_time": "Requested delivery is not valid",
}


class RefusedError(Exception):
    """
    The request is refused; nothing was done.

    Args:
        status:
            The HTTP status.

        body:
            What to answer, with ``code`` and ``message`` at least.
    """

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(body["message"])
        #: The HTTP status.
        self.status = status
        #: What to answer.
        self.body = body


def validation(errors: Sequence[FieldError]) -> RefusedError:
    """
    Return 400 for values that are missing, malformed or contradict each other.

    Source:
        Drive API 2.1.59, ``validation_field_error``. The sandbox answered a
        phone number without a country code with the phone error as *message*.
    """
    message = "One or more request values couldn't be validated."
    if {error for _, error in errors} == {UNKNOWN_PHONE_FORMAT}:
        message = UNKNOWN_PHONE_FORMAT
    fields = [{"field": field, "error": error} for field, error in errors]
    return RefusedError(
        400, {"code": "validation_error", "message": message, "field_errors": fields}
    )


def authentication(message: str) -> RefusedError:
    """
    Return 401 for a token that is missing, forged, expired or badly made.
    """
    return RefusedError(401, {"code": "authentication_error", "message": message})


def authorization() -> RefusedError:
    """
    Return 403 for a caller who is known but not allowed.
    """
    message = (
        "Authorization error: the credentials provided with the request don't work "
        "for the requested operation"
    )
    return RefusedError(403, {"code": "authorization_error", "message": message})


def unknown_id(delivery: str) -> RefusedError:
    """
    Return 404 for an id that was never used.
    """
    return RefusedError(
        404,
        {
            "code": "unknown_delivery_id",
            "message": "External delivery ID was not found",
            "external_delivery_id": delivery,
        },
    )


def duplicate_id(delivery: str) -> RefusedError:
    """
    Return 409 for an id that is used already.
    """
    return RefusedError(
        409,
        {
            "code": "duplicate_delivery_id",
            "message": "Duplicate External Delivery ID",
            "external_delivery_id": delivery,
        },
    )


def update_not_allowed(reason: str) -> RefusedError:
    """
    Return 409 for a change that comes too late, or too early.
    """
    message = "Update is no longer possible"
    return RefusedError(409, {"code": "update_not_allowed", "message": message, "reason": reason})


def cancel_not_allowed(reason: str) -> RefusedError:
    """
    Return 409 for a cancellation that comes too late, or too early.
    """
    message = "Cancellation is no longer possible"
    return RefusedError(409, {"code": "cancel_not_allowed", "message": message, "reason": reason})


def invalid_delivery(reason: str) -> RefusedError:
    """
    Return 422 for a delivery that DoorDash does not make.
    """
    return RefusedError(
        422,
        {"code": "invalid_delivery_parameters", "message": _REASONS[reason], "reason": reason},
    )


def of_status(status: int, delivery: str | None = None) -> RefusedError:
    """
    Return what DoorDash says with *status* whatever the request was.

    The body of a 429 is documented nowhere; this one keeps the promise that
    every error has a ``code`` and a ``message``.
    """
    if status == 404:
        return unknown_id(delivery or "")
    if status == 429:
        message = "Too many requests, please try again later."
        return RefusedError(429, {"code": "throttling_error", "message": message})
    message = "Internal service failure, please try again later."
    return RefusedError(status, {"code": "service_fault", "message": message})
