"""
The documented refusals, with their bodies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

__all__ = [
    "FieldError",
    "RefusedError",
    "authentication",
    "authorization",
    "cancel_not_allowed",
    "duplicate_id",
    "invalid_delivery",
    "missing_dependency",
    "not_in_marketplace",
    "not_your_store",
    "of_status",
    "redelivery_not_allowed",
    "too_many",
    "unknown_business",
    "unknown_id",
    "unknown_store",
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


def redelivery_not_allowed(reason: str) -> RefusedError:
    """
    Return 422 for a delivery that is not made again.
    """
    message = _REASONS.get(reason, "Redelivery is not possible")
    return RefusedError(
        422, {"code": "redelivery_not_allowed", "message": message, "reason": reason}
    )


def unknown_business(business: str, store: str | None = None) -> RefusedError:
    """
    Return 404 for a business that is not the account's, with the store that was asked for.
    """
    body = {
        "code": "unknown_business_id",
        "message": "External Business ID was not found",
        "external_business_id": business,
    }
    if store is not None:
        body["external_store_id"] = store
    return RefusedError(404, body)


def unknown_store(business: str, store: str) -> RefusedError:
    """
    Return 404 for a store that the business does not have.
    """
    return RefusedError(
        404,
        {
            "code": "unknown_store_id_under_business_id",
            "message": "External Store ID was not found under the External Business ID",
            "external_business_id": business,
            "external_store_id": store,
        },
    )


def missing_dependency(errors: Sequence[FieldError]) -> RefusedError:
    """
    Return 424 for a store that needs something else first.
    """
    missing = [{"field": field, "error": error} for field, error in errors]
    message = "Something that the request depends on is missing"
    return RefusedError(
        424,
        {
            "code": "missing_dependency_error",
            "message": message,
            "missing_dependencies": missing,
        },
    )


def not_in_marketplace(message: str) -> RefusedError:
    """
    Return the Marketplace's 404.
    """
    return RefusedError(404, {"code": "NOT_FOUND", "message": message})


def not_your_store() -> RefusedError:
    """
    Return the Marketplace's 403.
    """
    return RefusedError(403, {"code": "NO_ACCESS", "message": "Access is denied"})


def too_many() -> RefusedError:
    """
    Return the Marketplace's 413, of which only the text is documented.
    """
    message = "Request Entity Too Large"
    return RefusedError(413, {"code": "REQUEST_ENTITY_TOO_LARGE", "message": message})


def of_status(status: int, arguments: Mapping[str, str] | None = None) -> RefusedError:
    """
    Return what DoorDash says with *status* whatever the request was.

    Args:
        status:
            404, 429, 500 or 503.

        arguments:
            The path's variable parts: they tell what was not found.

    The body of a 429 is documented nowhere; this one keeps the promise that
    every error has a ``code`` and a ``message``.
    """
    if "location" in (arguments or {}):
        return _in_marketplace(status)
    arguments = arguments or {}
    if status == 404 and "business" in arguments:
        business, store = arguments["business"], arguments.get("store")
        return unknown_business(business) if store is None else unknown_store(business, store)
    if status == 404:
        return unknown_id(arguments.get("delivery", ""))
    if status == 429:
        message = "Too many requests, please try again later."
        return RefusedError(429, {"code": "throttling_error", "message": message})
    message = "Internal service failure, please try again later."
    return RefusedError(status, {"code": "service_fault", "message": message})


def _in_marketplace(status: int) -> RefusedError:
    if status == 404:
        return not_in_marketplace("Store not found")
    if status == 429:
        body = {"code": "RATE_LIMIT_EXCEEDED", "message": "Rate limit exceeded"}
        return RefusedError(429, body)
    body = {"code": "INTERNAL_SERVER_ERROR", "message": "Unexpected error occurred"}
    return RefusedError(status, body)
