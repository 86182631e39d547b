"""
Acme's refusals to ours: by its code first, by the HTTP status last.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

from doorstep.errors import (
    AuthenticationError,
    CarrierInternalError,
    DeliveryNotFoundError,
    DuplicateError,
    NotCancellableError,
    NotModifiableError,
    ProviderError,
    QuoteExpiredError,
    RateLimitedError,
    UnclassifiedCarrierError,
    ValidationError,
)
from doorstep.http import Response
from doorstep.outcome import Outcome

__all__ = ["refusal"]

_CODES: Final[dict[str, type[ProviderError]]] = {
    "bad_request": ValidationError,
    "not_found": DeliveryNotFoundError,
    "id_taken": DuplicateError,
    "quote_expired": QuoteExpiredError,
}
#: A code that means another thing for another operation.
_TOO_LATE: Final[dict[str, type[ProviderError]]] = {
    "cancel": NotCancellableError,
    "update": NotModifiableError,
}
_STATUSES: Final[dict[int, type[ProviderError]]] = {
    401: AuthenticationError,
    429: RateLimitedError,
}


def refusal(answer: Response, operation: str) -> ProviderError:
    """
    Return the error that *answer* is. Nothing of its prose is kept: it may name people.
    """
    code = _code(answer.body)
    kind = _kind(answer.status, code, operation)
    params: dict[str, Any] = {}
    if issubclass(kind, NotCancellableError | NotModifiableError):
        params["reason"] = code
    refused = issubclass(kind, ValidationError | DuplicateError | QuoteExpiredError)
    return kind(
        "was refused" if answer.status < 500 else "met a failure at the carrier",
        params=params,
        http_status=answer.status,
        raw_code=code,
        booked=Outcome.REJECTED if refused else None,
    )


def _kind(status: int, code: str | None, operation: str) -> type[ProviderError]:
    """
    Classify. Only a 4xx is believed to have done nothing, whatever its words.
    """
    if status >= 500:
        return CarrierInternalError
    if 400 <= status and code is not None:
        if code == "too_late" and operation in _TOO_LATE:
            return _TOO_LATE[operation]
        if code in _CODES:
            return _CODES[code]
    return _STATUSES.get(status, UnclassifiedCarrierError)


def _code(body: bytes) -> str | None:
    try:
        data = orjson.loads(body)
    except ValueError:
        return None
    code = data.get("code") if isinstance(data, dict) else None
    return code if isinstance(code, str) and len(code) <= 64 else None
