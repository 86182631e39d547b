"""
One request of a flow: signed, sent, signed anew after a 401, sent again where allowed.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from typing import Any

import attrs

from doorstep.errors import DoorstepError, RateLimitedError
from doorstep.http._call import Call
from doorstep.http._grant import Grant
from doorstep.http._messages import Flow, Request, Response, TransportError
from doorstep.http._repeat import may_repeat, wait_before
from doorstep.http._session import Session
from doorstep.http._stripped import stripped
from doorstep.outcome import Effect, Outcome, Repeat

_UNAUTHORIZED = 401


class Ended:
    """
    Why the flow cannot go on: something that is no answer and no transport's failure.
    """

    __slots__ = ("error",)

    def __init__(self, error: Exception) -> None:
        self.error = error


class _Progress:
    """
    How far one request of a flow has come.
    """

    __slots__ = ("received", "repeats", "resigned")

    def __init__(self) -> None:
        #: Repeats so far.
        self.repeats = 0
        #: Whether an earlier attempt may have been received and acted upon.
        self.received = False
        #: Whether it was signed anew after a 401.
        self.resigned = False

    def told(self, result: Response | TransportError) -> Response | TransportError:
        """
        Return *result* with what the earlier attempts add to it.
        """
        if not self.received:
            return result
        if isinstance(result, Response):
            return attrs.evolve(result, repeated=True)
        # The last attempt may not have left, but an earlier one did.
        return TransportError(result.kind, sent=True, cause=result.cause)


def exchange(request: Request, session: Session, call: Call) -> Response | TransportError | Ended:
    """
    Send *request* as often as needed and allowed; return what the flow is given.

    Returns:
        The last answer or failure. A failure's ``sent`` covers all attempts.
        :class:`Ended` if it could not be signed, or the transport refused it.
    """
    progress = _Progress()
    while True:
        effect = call.effect
        result, grant = _attempt(request, session, call)
        if isinstance(result, Ended):
            if isinstance(result.error, TransportError):
                return progress.told(result.error)
            return result
        if (
            isinstance(result, Response)
            and result.status == _UNAUTHORIZED
            and request.signed
            and not progress.resigned
        ):
            # A 401 is a refusal before processing: nothing was done, and sending
            # once more is no repeat.
            progress.resigned = True
            session.grants.refused(grant, result)
            call.take_back(effect)
        elif not _again(request, result, session, call, progress.repeats):
            return progress.told(result)
        else:
            progress.repeats += 1
            progress.received |= isinstance(result, Response) or result.sent
            call.doubtful |= progress.received and request.effect > Effect.NOTHING


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


def _attempt(
    request: Request, session: Session, call: Call
) -> tuple[Response | TransportError | Ended, Grant | None]:
    """
    Sign *request* and send it once; return what came of it, and the grant that was used.
    """
    kept = _wait_for_leave(request, session, call)
    if kept is not None:
        return kept, None
    if not request.signed:
        return _once(request, session, call), None
    signed, grant = _sign(request, session, call)
    if isinstance(signed, Ended):
        return signed, grant
    return _once(signed, session, call), grant


def _wait_for_leave(request: Request, session: Session, call: Call) -> Ended | None:
    """
    Wait until the carrier, which said 429 to somebody, wants to be asked again.

    Before signing, because signatures age.

    Returns:
        None when it may be sent; why not if the call was given up, or if its
        deadline comes first.
    """
    base_url = request.base or session.endpoint.base_url
    wait = session.pauses.wait(base_url)
    if wait:
        call.choose_deadline(recovery=request.recovery)
    while wait:
        if wait >= call.remaining():
            what = f"was not sent: the carrier asked to be left alone for {wait:.1f} s more"
            params = {"retry_after_s": wait}
            return Ended(RateLimitedError(what, booked=Outcome.NOT_SENT, params=params))
        call.clock.sleep(wait, call.interrupted)
        if call.aborted:
            return Ended(TransportError("aborted", sent=False))
        wait = session.pauses.wait(base_url)
    return None


def _once(request: Request, session: Session, call: Call) -> Response | TransportError | Ended:
    """
    Send *request* once, note what it may have done, and tell the observers.
    """
    call.begin(request.effect, recovery=request.recovery)
    if call.aborted or call.remaining() <= 0:
        return TransportError("aborted" if call.aborted else "timeout", sent=False)
    if not session.observers:
        return _send(request, session, call)
    started_at, started = call.clock.now(), call.clock.monotonic()
    result = _send(request, session, call)
    if not isinstance(result, Ended):
        session.report_exchange(
            request,
            result,
            call,
            started_at=started_at,
            elapsed_s=call.clock.monotonic() - started,
        )
    return result


def _send(request: Request, session: Session, call: Call) -> Response | TransportError | Ended:
    once = request.repeat is Repeat.NEVER
    failure: TransportError
    base_url = call.base_url = request.base or session.endpoint.base_url
    try:
        response = session.transport.send(request, base_url, call)
    except TransportError as error:
        failure = TransportError(error.kind, sent=error.sent, cause=error.cause)
    except DoorstepError as error:
        return Ended(stripped(error))
    except Exception as error:  # noqa: BLE001  somebody else's transport; assume the worst
        failure = TransportError("protocol", sent=True, cause=type(error).__name__)
    else:
        call.end(sent=True, once=once)
        session.budget.answered()
        session.pauses.answered(base_url, response, session.endpoint.repeat_policy)
        return response
    call.end(sent=failure.sent, once=once)
    return failure


def _sign(request: Request, session: Session, call: Call) -> tuple[Request | Ended, Grant | None]:
    """
    Return *request* as it is sent, or why it cannot be, and the grant it was signed with.
    """
    call.choose_deadline(recovery=request.recovery)
    grant: Grant | None = None
    try:
        grant = session.grants.get(call, lambda flow: _fetch(flow, session, call))
        return session.endpoint.sign(request, session.now(), grant), grant
    except TransportError as error:
        # The request itself has not left, whatever became of the token's.
        return Ended(TransportError(error.kind, sent=False, cause=error.cause)), grant
    except Exception as error:  # noqa: BLE001  typed by the driver
        return Ended(error), grant


def _fetch(flow: Flow[Grant], session: Session, call: Call) -> Grant:
    result: Response | TransportError | Ended | None = None
    while True:
        step = advance(flow, result)
        if isinstance(step, Returned):
            grant: Grant = step.value
            return grant
        if isinstance(step, Ended):
            raise step.error
        result = exchange(_for_a_grant(step), session, call)
        if isinstance(result, Ended):
            close(flow)
            raise result.error


def _for_a_grant(request: Request) -> Request:
    """
    Return *request* as it is sent: unsigned, and known to book nothing.
    """
    unsaid = request.effect is Effect.BOOKS
    repeat = Repeat.SAFE if unsaid else request.repeat
    return attrs.evolve(request, signed=False, effect=Effect.NOTHING, repeat=repeat)


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
