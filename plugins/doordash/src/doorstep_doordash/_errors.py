"""
DoorDash's refusals to ours: by their words first, by the HTTP status last.

Source:
    Drive API 2.1.59, the error of every operation; DoorDash's page of errors;
    ``@doordash/sdk`` 0.6.13, which still looks for reasons in ``code``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import orjson

from doorstep.errors import (
    AccountForbiddenError,
    AccountNotFoundError,
    AddressUnresolvableError,
    AuthenticationError,
    CarrierInternalError,
    DeliveryNotFoundError,
    DuplicateError,
    FieldProblem,
    NotCancellableError,
    NotModifiableError,
    OutOfCoverageError,
    OutsideHoursError,
    ProviderError,
    QuoteExpiredError,
    RateLimitedError,
    TipRejectedError,
    UnclassifiedCarrierError,
    ValidationError,
    raw_token,
)
from doorstep.http import Response
from doorstep.outcome import Outcome

__all__ = ["answered", "id_is_taken", "quote_is_gone", "refusal"]

_Kind = tuple[type[ProviderError], str]

_CODES: Final[dict[str, _Kind]] = {
    "authentication_error": (AuthenticationError, "was refused: the credentials are not accepted"),
    "authorization_error": (AccountForbiddenError, "was refused: the account may not do this"),
    "unknown_delivery_id": (DeliveryNotFoundError, "found no delivery with that id"),
    "unknown_business_id": (AccountNotFoundError, "names a business that is not known"),
    "unknown_store_id_under_business_id": (AccountNotFoundError, "names a store that is not known"),
    "duplicate_delivery_id": (DuplicateError, "was refused: the id has been used"),
    "update_not_allowed": (NotModifiableError, "came too late or too early"),
    "cancel_not_allowed": (NotCancellableError, "came too late or too early"),
    "redelivery_not_allowed": (NotModifiableError, "was refused: no second delivery is possible"),
    "invalid_delivery_parameters": (ValidationError, "was refused: the delivery is not possible"),
    "missing_dependency_error": (ValidationError, "was refused: something it needs is missing"),
    "validation_error": (ValidationError, "was refused: fields are not valid"),
    "service_fault": (CarrierInternalError, "met a failure at the carrier"),
    "quote_expired": (QuoteExpiredError, "was refused: the quote has expired"),
    "Pickup in Progress": (NotModifiableError, "came too late: the pickup is in progress"),
    "Delivery in Progress": (NotModifiableError, "came too late: the delivery is in progress"),
    "Delivery Complete": (NotModifiableError, "came too late: the delivery is complete"),
}
_OUT_OF_COVERAGE: Final = (OutOfCoverageError, "was refused: out of the carrier's range")
#: Reasons say more than their code. An older form has them in ``code``.
_REASONS: Final[dict[str, _Kind]] = {
    "distance_too_long": _OUT_OF_COVERAGE,
    "pickup_address_not_in_coverage": _OUT_OF_COVERAGE,
    "delivery_address_not_in_coverage": _OUT_OF_COVERAGE,
    "outside_of_delivery_time": (OutsideHoursError, "was refused: no deliveries at that time"),
}
#: Reasons that a cancel or an update came at the wrong time, also as a ``code``.
_TOO_LATE: Final = frozenset(
    {
        "cancellation_window_closed",
        "delivery_abandoned",
        "delivery_cancelled",
        "delivery_completed",
        "delivery_creation_in_progress",
        "delivery_picked_up",
        "duplicate_request",
        "update_window_closed",
    }
)
_CHANGING: Final[dict[str, _Kind]] = {
    "cancel": _CODES["cancel_not_allowed"],
    "update": _CODES["update_not_allowed"],
    "set_tip": _CODES["update_not_allowed"],
}

#: Calls that are about a business or a store, and no delivery.
_ONBOARDING: Final = frozenset(
    f"{verb}_{what}" for verb in ("create", "get", "update") for what in ("business", "store")
) | {"list_businesses", "list_stores"}

_UNRESOLVABLE: Final = (AddressUnresolvableError, "was refused: an address cannot be found")
#: Texts that DoorDash is known to write about a field. Only these are repeated: any
#: other may quote what was sent. Some of them say more than ``validation_error``.
_TEXTS: Final[dict[str, _Kind]] = {
    "Allowed distance between addresses exceeded": _OUT_OF_COVERAGE,
    "DoorDash does not serve this area": _OUT_OF_COVERAGE,
    "Could not resolve to a valid address": _UNRESOLVABLE,
    "Address is missing city field": _UNRESOLVABLE,
    "Invalid phone number format": _CODES["validation_error"],
    "Unknown phone number format": _CODES["validation_error"],
    "Phone number provided does not seem to be a valid one": _CODES["validation_error"],
}
_MISSING: Final = re.compile(r"missing [a-z_]{1,64}")
_FIELD: Final = re.compile(r"[A-Za-z_]{1,40}(?:\[\d{1,4}\])?(?:\.[A-Za-z_]{1,40}(?:\[\d{1,4}\])?)*")
_SECONDS: Final = re.compile(r"[0-9]{1,9}")
_REFUSED: Final = "was refused by the carrier"
_NEEDED: Final = "is needed first"
#: The operations on a store of the Marketplace, and what a status means to them. Their
#: refusals have no documented body, and one of a 404 is about the store.
_MARKETPLACE: Final = frozenset(
    {
        "close_store",
        "open_store",
        "read_store",
        "read_menus",
        "read_items",
        "read_options",
        "set_items",
        "set_options",
    }
)
_OF_A_STORE: Final[dict[int, _Kind]] = {
    400: _CODES["validation_error"],
    404: _CODES["unknown_store_id_under_business_id"],
}
#: What an accept may be refused with when its quote has expired; nobody recorded one.
_MAY_BE_EXPIRED: Final = frozenset({400, 404, 409, 422})


def answered(response: Response) -> bool:
    """
    Whether *response* is an answer rather than a refusal.
    """
    return 200 <= response.status < 300


def refusal(response: Response, operation: str) -> ProviderError:
    """
    Return the error that *response* is.

    Args:
        operation:
            What was refused: a cancel that comes too late is another error than
            an update.
    """
    body = _object(response.body)
    code, reason = body.get("code"), body.get("reason")
    problems = tuple(_problems(body))
    error, what = _kind(response.status, body, operation)
    params: dict[str, Any] = {}
    if error is ValidationError:
        error, what = _by_text(body, operation) or (error, what)
    if issubclass(error, NotCancellableError | NotModifiableError):
        params["reason"] = _told(reason) or _told(code)
    if error is RateLimitedError:
        params["retry_after_s"] = _retry_after(response)
    refused = issubclass(error, ValidationError)
    return error(
        what,
        params=params,
        http_status=response.status,
        raw_code=code,
        raw_reason=reason,
        fields=problems,
        booked=Outcome.REJECTED if refused else None,
    )


def id_is_taken(response: Response, error: ProviderError) -> bool:
    """
    Whether *error* says that something has the id that was to be quoted or booked.
    """
    return response.status == 409 or isinstance(error, DuplicateError)


def quote_is_gone(response: Response, error: ProviderError, *, late: bool) -> bool:
    """
    Whether an accept was refused because its quote is no longer there.

    The id stands in the path alone and was quoted under before: if it is what is
    wrong, the quote is gone, whatever our clock says. Once the time is over, any
    refusal of DoorDash's own means it, but not one that names another field, and
    not a page of some proxy's.
    """
    if response.status not in _MAY_BE_EXPIRED:
        return False
    named = any(field.path == "external_delivery_id" for field in error.fields)
    if named or isinstance(error, DeliveryNotFoundError):
        return True
    return late and error.raw_code is not None and not error.fields


def _kind(status: int, body: Mapping[str, Any], operation: str) -> _Kind:
    """
    Classify a refusal.

    Only a 4xx is believed to have done nothing, whatever its words. A 429 has no
    documented body; that nothing was begun when it is sent is inferred.
    """
    if status == 429:
        return RateLimitedError, "was refused: too many requests"
    if status in (408, 425) or 500 <= status < 600:
        return _CODES["service_fault"]
    found = _by_words(body, operation) if 400 <= status < 500 else None
    return found or _by_status(status, body, operation)


def _by_words(body: Mapping[str, Any], operation: str) -> _Kind | None:
    code, reason = body.get("code"), body.get("reason")
    for word in (reason, code):
        if isinstance(word, str) and word in _REASONS:
            return _REASONS[word]
    if isinstance(code, str):
        if code in _CODES:
            return _CODES[code]
        if code in _TOO_LATE and operation in _CHANGING:
            return _CHANGING[operation]
    return None


def _by_status(status: int, body: Mapping[str, Any], operation: str) -> _Kind:
    """
    Classify what no word of DoorDash's classifies.

    A 404 counts only with DoorDash's envelope: one from a proxy says nothing about
    a delivery. A 400 with field errors alone is the form of the API before Drive.
    """
    code = body.get("code")
    if operation in _MARKETPLACE and status in _OF_A_STORE:
        return _OF_A_STORE[status]
    if status == 400 and code is None and any(_field_errors(body)):
        return _CODES["validation_error"]
    if status == 401:
        return _CODES["authentication_error"]
    if status == 403:
        return _CODES["authorization_error"]
    if status == 404 and isinstance(code, str) and operation not in ("quote", "create"):
        about = "business" if operation in _ONBOARDING else "delivery"
        return _CODES[f"unknown_{about}_id"]
    return UnclassifiedCarrierError, "was refused in words that are not known"


def _by_text(body: Mapping[str, Any], operation: str) -> _Kind | None:
    for one in _field_errors(body):
        text = one.get("error")
        found = _TEXTS.get(text) if isinstance(text, str) else None
        if found is not None and found[0] is not ValidationError:
            return found
        if operation == "set_tip" and one.get("field") == "tip":
            return TipRejectedError, "was refused: the tip is not valid"
    return None


def _problems(body: Mapping[str, Any]) -> Iterator[FieldProblem]:
    found = list(_field_errors(body))
    lacking = body.get("missing_dependencies")
    for one in found:
        path, text = one.get("field"), one.get("error")
        plain = isinstance(path, str) and _FIELD.fullmatch(path)
        problem = _NEEDED if isinstance(lacking, list) and one in lacking else _REFUSED
        yield FieldProblem(str(path) if plain else "(unnamed)", _told_text(text) or problem)
    message = _told_text(body.get("message"))
    if not found and message is not None:
        yield FieldProblem("", message)


def _field_errors(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name in ("field_errors", "missing_dependencies"):
        listed = body.get(name)
        for one in listed if isinstance(listed, list) else ():
            if isinstance(one, dict):
                yield one


def _told_text(text: object) -> str | None:
    if isinstance(text, str) and (text in _TEXTS or _MISSING.fullmatch(text)):
        return text
    return None


def _told(word: object) -> str | None:
    """
    Return a reason as a token, also from a code in prose; None if it is neither.
    """
    if isinstance(word, str) and word in _CODES:
        return word.lower().replace(" ", "_")
    return raw_token(word)


def _retry_after(response: Response) -> float | None:
    """
    Return the seconds to wait, if the carrier says so in one of the two forms.
    """
    text = response.headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    moment = _http_date(text)
    return None if moment is None else max(0.0, (moment - response.received_at).total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else None


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        data = orjson.loads(body)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
