"""
Driving a flow: the loop that every operation of every provider runs in.
"""

from __future__ import annotations

from functools import partial
from typing import Any, TypeVar

from doorstep.errors import DoorstepError
from doorstep.http._call import Call
from doorstep.http._ending import as_error, whose
from doorstep.http._exchange import Ended, Returned, advance, close, exchange
from doorstep.http._messages import Flow, Response, TransportError
from doorstep.http._session import Session
from doorstep.http._stripped import stripped
from doorstep.outcome import Effect, Outcome

T = TypeVar("T")


def drive(flow: Flow[T], session: Session, call: Call) -> T:
    """
    Run *flow* to its end and return what it returns.

    Args:
        flow:
            An operation of a provider, not started.

        session:
            What the calls of this account share.

        call:
            This call. Afterwards ``call.outcome`` says what is known of its
            effect: CREATED when the flow returned after it sent something with
            an effect, otherwise what the error says in ``booked``.

    Raises:
        doorstep.errors.DoorstepError:
            With provider, account, operation, reference and revision. Once a
            booking was sent, anything but a refusal is
            :class:`~doorstep.errors.OutcomeUnknownError`.

        BaseException:
            An interrupt, as it came, with ``outcome`` set; the flow is closed.

    .. versionadded:: 0.1.0
    """
    interrupt: BaseException | None = None
    ended: Any = None
    try:
        call.start(session.clock)
        ended = _run(flow, session, call)
    except BaseException as error:  # noqa: BLE001  raised below, without the frames it came by
        interrupt = stripped(error)
    if interrupt is not None:
        close(flow)
        _note(interrupt, session, call)
        ended = interrupt
    try:
        _report(ended, session, call)
    except BaseException as error:
        # An interrupt while an observer was told: what was done stands.
        _note(error, session, call)
        raise
    if isinstance(ended, Returned):
        value: T = ended.value
        return value
    try:
        raise ended
    finally:
        # An exception and the frame that it was raised in would keep each other alive.
        ended = interrupt = None


def _run(flow: Flow[Any], session: Session, call: Call) -> Returned | DoorstepError:
    """
    Take the steps of *flow*, and return its value or the error to raise.
    """
    result: Any = None
    while True:
        if call.aborted and not call.attempts:
            result = TransportError("aborted", sent=False)
        if isinstance(result, Ended) or (call.aborted and isinstance(result, TransportError)):
            close(flow)
            error = result.error if isinstance(result, Ended) else result
            return as_error(error, session.endpoint, call, from_flow=False)
        step = advance(flow, result)
        if isinstance(step, Returned):
            if call.effect > Effect.NOTHING:
                call.outcome = Outcome.CREATED
            return step
        if isinstance(step, Ended):
            return as_error(step.error, session.endpoint, call, from_flow=True)
        result = exchange(step, session, call)
        if step.effect is not Effect.NOTHING:
            call.unanswered, call.looked = _tells_nothing(result), None
        else:
            call.looked = call.looked or (isinstance(result, Response) and result.status < 300)
            if _tells_something(result):
                # Somebody looked: what is said from now on is said with knowledge.
                call.doubtful = False


def _tells_nothing(result: object) -> bool:
    """
    Whether a request with an effect was sent and nobody said what became of it.
    """
    if isinstance(result, Response):
        return result.status >= 500
    return isinstance(result, TransportError) and result.sent


def _tells_something(result: object) -> bool:
    """
    Whether an answer to a read says what there is; a refusal or trouble does not.
    """
    return isinstance(result, Response) and (result.status < 300 or result.status == 404)


def _report(ended: object, session: Session, call: Call) -> None:
    if not session.observers:
        return
    code = ended.code if isinstance(ended, DoorstepError) else None
    if isinstance(ended, BaseException) and code is None:
        code = "interrupted"
    cancelled = call.aborted
    session.report_call(call, code, cancelled=cancelled)
    if not cancelled:
        call.report = partial(session.report_call, call, code, cancelled=True)


def _note(interrupt: BaseException, session: Session, call: Call) -> None:
    """
    Say on *interrupt* what is known of the call that it ended.
    """
    call.detach()
    call.end(sent=call.sent)
    text = f"{session.endpoint.name}: {call.operation} was interrupted; {call.outcome.value}"
    if call.reference and call.outcome is Outcome.UNKNOWN:
        text += f": look up {whose(call.reference, call.revision)} first"
    try:
        interrupt.outcome = call.outcome  # type: ignore[attr-defined]
        interrupt.add_note(text)
    except AttributeError:
        pass  # somebody's exception with slots; the observers are still told
