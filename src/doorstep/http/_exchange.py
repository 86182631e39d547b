"""
One request of a flow: signed, sent, signed anew after a 401, sent again where allowed.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from typing import Any

import attrs

from doorstep.errors import DoorstepError
from doorstep.http._call import Call
from doorstep.http._grant import Grant
from doorstep.http._messages import Flow, Request, Response, TransportError
from doorstep.http._repeat import may_repeat, wait_before
from doorstep.http._session import Session
from doorstep.http._stripped import stripped
from doorstep.outcome import Effect, Repeat

_UNAUTHORIZED = 401


class Ended:
    """
    Why the flow cannot go on: something that is no answer and no transport's failure.
    """

    __slots__ = ("error",)

    def __init__(self, error: Exception) -> None:
        self.error = error


def exchange(request: Request, session: Session, call: Call) -> Response | TransportError | Ended:
    """
    Send *request* as often as needed and allowed; return what the flow is given.

    Returns:
        The last answer or failure. A failure's ``sent`` covers all attempts.
        :class:`Ended` if it could not be signed, or the transport refused it.
    """
    repeats = 0
    received = resigned = False
    while True:
        grant: Grant | None = None
        effect = call.effect
        signed: Any = request
        if request.signed:
            signed, grant = _sign(request, session, call)
        result = _once(signed, session, call) if isinstance(signed, Request) else signed
        if isinstance(result, Ended):
            return result
        if (
            isinstance(result, Response)
            and result.status == _UNAUTHORIZED
            and request.signed
            and not resigned
        ):
            # A 401 is a refusal before processing: nothing was done, and sending
            # once more is no repeat.
            resigned = True
            session.grants.refused(grant, result)
            call.take_back(effect)
            continue
        if isinstance(result, TransportError) and call.aborted:
            return _all_told(result, received=received)
        if not _again(request, result, session, call, repeats):
            return _all_told(result, received=received)
        received = received or not isinstance(result, TransportError) or result.sent
        if received and request.effect is Effect.BOOKS:
            call.doubtful = True
        repeats += 1


def _again(
    request: Request,
    result: Response | TransportError,
    session: Session,
    call: Call,
    repeats: int,
) -> bool:
    """
    Wait before a repeat, if one is allowed and fits in; False if not.
    """
    policy = session.endpoint.repeat_policy
    if not may_repeat(request, result, policy, repeats):
        return False
    wait = wait_before(result, policy, repeats, session.rng)
    if wait >= call.remaining() or not session.budget.take():
        return False
    call.clock.sleep(wait, call.interrupted)
    return not call.aborted


def _all_told(result: Response | TransportError, *, received: bool) -> Response | TransportError:
    if not received:
        return result
    if isinstance(result, Response):
        return attrs.evolve(result, repeated=True)
    # The last attempt may not have left, but an earlier one did.
    return TransportError(result.kind, sent=True, cause=result.cause)


def _once(request: Request, session: Session, call: Call) -> Response | TransportError | Ended:
    call.begin(request.effect, recovery=request.recovery)
    if call.aborted or call.remaining() <= 0:
        return TransportError("aborted" if call.aborted else "timeout", sent=False)
    observed = bool(session.observers)
    started_at = call.clock.now() if observed else None
    started = call.clock.monotonic() if observed else 0.0
    result: Response | TransportError | Ended
    try:
        result = session.transport.send(request, request.base or session.endpoint.base_url, call)
    except TransportError as error:
        result = TransportError(error.kind, sent=error.sent, cause=error.cause)
    except DoorstepError as error:
        result = Ended(error)
    except Exception as error:  # noqa: BLE001  somebody else's transport; assume the worst
        result = TransportError("protocol", sent=True, cause=type(error).__name__)
    if isinstance(result, Ended):
        stripped(result.error)
        return result
    if isinstance(result, Response):
        call.end(sent=True, once=request.repeat is Repeat.NEVER)
        session.budget.answered()
    else:
        call.end(sent=result.sent, once=request.repeat is Repeat.NEVER)
    if started_at is not None:
        session.report_exchange(
            request,
            result,
            call,
            started_at=started_at,
            elapsed_s=call.clock.monotonic() - started,
        )
    return result


def _sign(
    request: Request, session: Session, call: Call
) -> tuple[Request | TransportError | Ended, Grant | None]:
    """
    Return *request* as it is sent, or why it cannot be, and the grant it was signed with.
    """
    call.choose_deadline(recovery=request.recovery)
    grant: Grant | None = None
    result: Request | TransportError | Ended
    try:
        grant = session.grants.get(call, lambda flow: _fetch(flow, session, call))
        result = session.endpoint.sign(request, session.now(), grant)
    except TransportError as error:
        # The request itself has not left, whatever became of the token's.
        result = TransportError(error.kind, sent=False, cause=error.cause)
    except Exception as error:  # noqa: BLE001  typed by the driver
        result = Ended(error)
    return result, grant


def _fetch(flow: Flow[Grant], session: Session, call: Call) -> Grant:
    result: Response | TransportError | Ended | None = None
    while True:
        step = advance(flow, result)
        if isinstance(step, Returned):
            grant: Grant = step.value
            return grant
        if isinstance(step, Ended):
            raise step.error
        result = exchange(attrs.evolve(step, signed=False), session, call)
        if isinstance(result, Ended):
            close(flow)
            raise result.error


class Returned:
    """
    What a flow returned.
    """

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def advance(
    flow: Generator[Request, Response, Any], result: Response | TransportError | Ended | None
) -> Request | Returned | Ended:
    """
    Give *result* to the flow and return its next request, or how it ended.
    """
    try:
        if result is None:
            step = next(flow)
        elif isinstance(result, Response):
            step = flow.send(result)
        else:
            step = flow.throw(result)  # type: ignore[arg-type]
    except StopIteration as stop:
        return Returned(stop.value)
    except Exception as error:  # noqa: BLE001  typed by the driver
        return Ended(error)
    if isinstance(step, Request):
        return step
    close(flow)
    msg = f"a flow yields requests (got {type(step).__name__})"
    return Ended(TypeError(msg))


def close(flow: Generator[Request, Response, Any]) -> None:
    """
    Close *flow*. One that yields or raises while closing is a bug and is let go.
    """
    with suppress(Exception):
        flow.close()
