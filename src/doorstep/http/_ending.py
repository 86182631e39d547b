"""
What a call raises: how each way of ending a flow is told to the caller.

``booked`` of an error is true to what was sent. REJECTED and NOT_SENT both mean that
nothing happened; a read that is refused stays REJECTED, because that is what the
carrier did.
"""

from __future__ import annotations

import re
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from doorstep.errors import (
    CarrierUnavailableError,
    DeliveryNotFoundError,
    DoorstepError,
    InvalidAnswerError,
    OutcomeUnknownError,
    ProviderError,
    RequestRejectedError,
)
from doorstep.http._call import Call
from doorstep.http._messages import TransportError
from doorstep.http._protocols import Endpoint
from doorstep.http._stripped import stripped
from doorstep.outcome import Effect, Outcome, Retry

#: What an ``OutcomeUnknownError`` takes over from the error below it.
_EVIDENCE = ("http_status", "raw_code", "raw_reason", "request_id", "delivery")


def as_error(ended: Exception, endpoint: Endpoint, call: Call, *, from_flow: bool) -> DoorstepError:
    """
    Return what the caller is told, and note the outcome in *call*.

    Args:
        ended:
            What came out of the flow, or ended it.

        endpoint, call:
            Whose and which call it was.

        from_flow:
            Whether the flow itself raised *ended*. A refused token says nothing
            of a booking that was sent before.

    Returns:
        An error without frames and context: these hold what the flow was
        working on, names and phone numbers among it.
    """
    error = _typed(ended, endpoint, call)
    stripped(error)
    if call.effect is Effect.BOOKS and not _settles(error, call, from_flow=from_flow):
        error = _unknown(error, call)
    elif call.effect is Effect.CHANGES and not _settles(error, call, from_flow=from_flow):
        _doubt(error, call)
    call.outcome = error.booked
    error.locate(endpoint.name, endpoint.account, call.operation)
    if isinstance(error, ProviderError):
        error.reference = error.reference or call.reference
        error.delivery_id = error.delivery_id or call.delivery_id
        error.revision = call.revision if error.revision is None else error.revision
    return error


def _settles(error: DoorstepError, call: Call, *, from_flow: bool) -> bool:
    """
    Tell whether *error* says what came of the request with an effect.
    """
    if isinstance(error, OutcomeUnknownError) or error.booked is Outcome.CREATED:
        return True
    # A repeat was refused; nobody has looked what the first one did.
    if not from_flow or call.doubtful:
        return False
    # A look that was refused refuses no booking, and what is not there yet may be on its way.
    in_vain = call.looked is False or isinstance(error, DeliveryNotFoundError)
    if call.unanswered and call.looked is not None and in_vain:
        return False
    answered = isinstance(error, RequestRejectedError) and error.http_status is not None
    if answered and error.booked is Outcome.NOT_SENT:
        # The default of refusals that are raised before the network as well.
        error.booked = Outcome.REJECTED
    return error.booked is Outcome.REJECTED


def _unknown(error: DoorstepError, call: Call) -> OutcomeUnknownError:
    evidence: dict[str, Any] = {
        name: value for name in _EVIDENCE if (value := getattr(error, name, None)) is not None
    }
    reference = getattr(error, "reference", None) or call.reference
    advice = call.if_unknown
    if advice is None and reference:
        advice = f"it may have taken effect: look up {whose(reference, call.revision)} first"
    own = {name: value for name, value in error.params.items() if name not in evidence}
    return OutcomeUnknownError(
        _with_sending(error),
        advice=advice,
        params={**own, "error": error.code},
        reference=reference,
        **evidence,
    )


def whose(reference: str, revision: int | None) -> str:
    """
    Return what to look up; under a reference alone the first revision is found.
    """
    later = f", revision {revision}," if revision is not None and revision > 1 else ""
    return f"reference {reference!r}{later}"


def _with_sending(error: DoorstepError) -> str:
    if isinstance(error, CarrierUnavailableError):
        return error.what
    return f"was sent, outcome unknown: {error.what}"


def _doubt(error: DoorstepError, call: Call) -> None:
    error.booked = Outcome.UNKNOWN
    if call.once:
        error.retryable = Retry.LOOK_UP_FIRST
        error.advice = "it may have been made: look it up before trying again"


def _typed(ended: Exception, endpoint: Endpoint, call: Call) -> DoorstepError:
    if isinstance(ended, DoorstepError):
        return ended
    if isinstance(ended, TransportError):
        return _unavailable(ended, call)
    where = _where(ended.__traceback__)
    kind = type(ended).__name__
    return InvalidAnswerError(
        f"ended in {kind} in the provider's plugin at {where}",
        advice=f"report it to the authors of the plugin for {endpoint.name!r}",
        params={"exception": kind, "where": where},
    )


def _unavailable(ended: TransportError, call: Call) -> CarrierUnavailableError:
    params = {"kind": ended.kind, "sent": ended.sent}
    if ended.cause:
        params["cause"] = ended.cause
    if ended.kind == "tls" and not ended.sent:
        return CarrierUnavailableError(
            _phrase(ended, call),
            advice="check the base URL, and which authorities this computer trusts",
            retryable=Retry.NO,
            params=params,
        )
    return CarrierUnavailableError(_phrase(ended, call), params=params)


def _phrase(ended: TransportError, call: Call) -> str:
    cause = f" ({ended.cause})" if ended.cause else ""
    if ended.kind == "timeout":
        limit = f"within {call.stage_s:g} s" if call.expired else "in time"
        return f"got no answer {limit}" if ended.sent else f"could not connect {limit}"
    if ended.kind == "aborted":
        return "was given up" + (" after it was sent" if ended.sent else "")
    if ended.kind == "tls" and not ended.sent:
        return f"could not verify {_host(call.base_url)}{cause}"
    if ended.kind == "too_large":
        return "got an answer that is larger than allowed"
    if not ended.sent:
        return f"could not connect{cause}"
    if ended.kind == "protocol":
        return f"got a broken answer{cause}"
    return f"lost the connection before the answer{cause}"


def _host(base_url: str) -> str:
    try:
        return urlsplit(base_url).hostname or "the host"
    except ValueError:
        return "the host"


def _where(traceback: TracebackType | None) -> str:
    if traceback is None:
        return "an unknown place"
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    code = traceback.tb_frame.f_code
    name = re.split(r"[/\\]", code.co_filename)[-1]
    return f"{name}:{traceback.tb_lineno}"
