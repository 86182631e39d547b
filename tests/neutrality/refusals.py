"""
The carrier's refusals: a status and prose, no codes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from tests.neutrality.wire import Message

from doorstep import errors
from doorstep.codec import decode
from doorstep.errors import FieldProblem, ProviderError
from doorstep.http import Response
from doorstep.outcome import Outcome

T = TypeVar("T")

#: (status, what the prose holds, error); the first that fits. Empty text fits all.
REFUSALS = (
    (400, "", errors.ValidationError),
    (401, "", errors.AuthenticationError),
    (403, "", errors.AccountForbiddenError),
    (404, "outlet not found", errors.AccountNotFoundError),
    (404, "order", errors.DeliveryNotFoundError),
    (405, "not allowed for this country", errors.AccountForbiddenError),
    (409, "", errors.NotCancellableError),
    (422, "outlet found within", errors.OutOfCoverageError),
    (422, "branch found", errors.OutOfCoverageError),
    (422, "can not be updated", errors.NotModifiableError),
    (429, "", errors.RateLimitedError),
)


def refusal(operation: str, answer: Response, reference: str | None = None) -> ProviderError:
    """
    Return the error for an answer: by its status first, then by its prose.
    """
    prose = _prose(answer)
    known: dict[str, Any] = {"http_status": answer.status, "reference": reference}
    if answer.status >= 500 and operation == "dispatch":
        return errors.OutcomeUnknownError("got no usable answer", **known)
    if answer.status >= 500:
        return errors.CarrierInternalError("failed at the carrier", **known)
    for status, part, kind in REFUSALS:
        if status == answer.status and part in prose:
            return kind("was refused", fields=_missing(prose), booked=Outcome.REJECTED, **known)
    return errors.UnclassifiedCarrierError("was refused", **known)


def _prose(answer: Response) -> str:
    try:
        return decode(answer.body, Message)[0].message.lower()
    except errors.InvalidAnswerError:
        return ""


def _missing(prose: str) -> list[FieldProblem]:
    found = re.findall(r"- ([a-z_.]+) is required", prose)
    return [FieldProblem(name, "is required") for name in found]


def exactly(convert: Callable[..., T], field: str, *parts: object) -> T:
    """
    Convert a part of an answer; what cannot be converted is the carrier's mistake.
    """
    problem = None
    try:
        return convert(*parts)
    except ValueError as error:
        fields = getattr(error, "fields", ())
        problem = fields[0].problem if fields else "is not a time"
    what = f"got an invalid answer: {problem} @ $.{field}"
    raise errors.InvalidAnswerError(what, params={"path": f"$.{field}"})
