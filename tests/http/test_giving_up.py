"""
Giving a call up, interrupts, and real faults on the wire: booked once at most.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress

import pytest

from doorstep.errors import (
    AccountForbiddenError,
    CarrierUnavailableError,
    DeliveryNotFoundError,
    DuplicateError,
    NoCapacityError,
    OutcomeUnknownError,
    ValidationError,
)
from doorstep.http import Call, Request, Session, TransportError, drive
from doorstep.outcome import Effect, Outcome, Repeat
from doorstep_contracts.faults import Silence

BOOK = Request("POST", "/book", effect=Effect.BOOKS, repeat=Repeat.NEVER)


def flow(*requests, raises=None):
    """
    Send *requests*, then raise *raises* or return the last answer.
    """
    answer = None
    for request in requests:
        answer = yield request
    if raises is not None:
        raise raises
    return answer


def run(session, flow, **options):
    """
    Drive *flow*; return its result or error, and the call.
    """
    call = Call("dispatch", reference="order-118", revision=2, clock=session.clock, **options)
    try:
        return drive(flow, session, call), call
    except Exception as error:  # noqa: BLE001
        return error, call


def looking():
    """
    Book, and look when the answer is lost.
    """
    try:
        yield BOOK
    except TransportError:
        answer = yield Request("GET", "/look", recovery=True)
        return answer.status


class Interrupt(BaseException):
    """
    Something that is no Exception.
    """


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, Interrupt])
@pytest.mark.parametrize(("sent", "outcome"), [(True, Outcome.UNKNOWN), (False, Outcome.NOT_SENT)])
def test_f091_interrupt_closes_the_flow_and_says_what_is_known(kind, sent, outcome, kit):
    """
    Ctrl-C in the middle of a booking is not silent about it.
    """
    closed = []

    def careful():
        try:
            yield BOOK
        finally:
            closed.append(True)

    def interrupt(request, call):
        call.sent = sent
        token = request.headers["Authorization"]
        raise kind(token[:0])

    call = Call("dispatch", reference="order-118", revision=2)
    session = kit.session(interrupt)
    with pytest.raises(kind) as caught:
        drive(careful(), session, call)

    assert [True] == closed
    assert outcome is caught.value.outcome is call.outcome
    assert ("reference 'order-118', revision 2, first" in caught.value.__notes__[0]) is sent


def test_f091_interrupt_of_a_real_call_leaves_no_connection(serve, kit, pool):
    """
    The socket of a call that was interrupted is closed, and the flow with it.
    """
    import signal

    carrier = serve(Silence())
    session = Session(kit.Acme(carrier.url), pool)
    call = Call("dispatch", reference="order-118")
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(KeyboardInterrupt) as caught:
            drive(flow(BOOK), session, call)
    finally:
        signal.signal(signal.SIGALRM, before)

    assert Outcome.UNKNOWN is caught.value.outcome
    assert not any(pool._idle.values())


def test_flow_that_yields_while_closing_is_let_go(kit):
    """
    No flow can send anything once its call is over.
    """

    def stubborn():
        try:
            yield BOOK
        except GeneratorExit:
            yield BOOK

    session = kit.session(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        kit.run(stubborn(), session)

    assert 1 == len(session.transport.sent)


def test_abort_before_the_first_step_runs_nothing(kit):
    """
    A call that was given up in the queue does not begin.
    """
    begun = []

    def late():
        begun.append(True)
        yield BOOK

    session = kit.session()
    call = Call("dispatch", clock=session.clock)
    call.abort()
    with pytest.raises(CarrierUnavailableError, match="was given up"):
        drive(late(), session, call)

    assert [] == begun


def test_abort_after_the_answer_lets_the_flow_finish(kit):
    """
    What was answered is not thrown away.
    """

    def answer(request, call):
        call.abort()
        return 201

    result, call = run(kit.session(answer), flow(BOOK))

    assert (201, Outcome.CREATED) == (result.status, call.outcome)


def test_abort_closes_the_flow_instead_of_asking_it(kit):
    """
    A call that was given up makes no recovery reads.
    """

    def give_up(request, call):
        call.abort()
        raise TransportError("aborted", sent=True)

    seen = []

    def careful():
        try:
            yield from looking()
        except BaseException as error:
            seen.append(type(error))
            raise

    session = kit.session(give_up)
    error, _ = run(session, careful())

    assert type(error) is OutcomeUnknownError
    assert [GeneratorExit] == seen
    assert 1 == len(session.transport.sent)


def test_f011_deadline_of_a_real_call_is_kept_by_the_driver(serve, kit, pool):
    """
    From the wire to the message in one piece.
    """
    carrier = serve(Silence())
    session = Session(kit.Acme(carrier.url), pool)
    started = time.monotonic()
    with pytest.raises(OutcomeUnknownError, match=r"got no answer within 0\.2 s"):
        drive(flow(BOOK), session, Call("dispatch", reference="order-118", deadline_s=0.2))

    assert time.monotonic() - started < 0.5


@pytest.mark.parametrize("lost", [TransportError("reset", sent=True), 503])
@pytest.mark.parametrize(
    ("found", "told"),
    [
        (404, DeliveryNotFoundError),
        (410, DeliveryNotFoundError),
        (200, DeliveryNotFoundError),
        (403, AccountForbiddenError),
        (422, ValidationError),
    ],
)
def test_f033_look_after_a_lost_booking_that_finds_nothing_is_no_refusal(kit, lost, found, told):
    """
    A look that finds nothing, or is refused, after a lost booking settles nothing: it may be
    booked late.
    """

    def book_and_look():
        with suppress(TransportError):
            yield Request("POST", "/deliveries", effect=Effect.BOOKS, repeat=Repeat.NEVER)
        answer = yield Request("GET", "/deliveries/order-118")
        raise told("is not known", http_status=answer.status)

    with pytest.raises(OutcomeUnknownError) as caught:
        kit.run(book_and_look(), kit.session(lost, found))

    assert (Outcome.UNKNOWN, "order-118") == (caught.value.booked, caught.value.reference)


def test_f052_look_that_shows_another_delivery_settles_a_lost_booking(kit):
    """
    A look that shows whose the reference is, and that it is another's, is a refusal.
    """

    def book_and_look():
        with suppress(TransportError):
            yield Request("POST", "/deliveries", effect=Effect.BOOKS, repeat=Repeat.NEVER)
        answer = yield Request("GET", "/deliveries/order-118")
        raise DuplicateError("is another's", http_status=answer.status)

    with pytest.raises(DuplicateError) as caught:
        kit.run(book_and_look(), kit.session(TransportError("reset", sent=True), 200))

    assert Outcome.REJECTED is caught.value.booked


def test_refusal_with_a_5xx_of_its_own_stays_one(kit):
    """
    A plugin that knows a 503 for a refusal is believed: nobody looked since.
    """

    def book():
        answer = yield Request("POST", "/deliveries", effect=Effect.BOOKS, repeat=Repeat.NEVER)
        raise NoCapacityError("has no courier", http_status=answer.status)

    with pytest.raises(NoCapacityError) as caught:
        kit.run(book(), kit.session(503))

    assert Outcome.REJECTED is caught.value.booked


def test_f091_interrupt_while_an_attempt_ends_finds_that_it_was_sent():
    """
    Whichever line of the bookkeeping Ctrl-C comes between, what was sent is not called unsent.
    """
    for line in range(1, 9):
        call = Call("dispatch")
        call.begin(Effect.BOOKS, recovery=False)
        call.sent = True
        with suppress(KeyboardInterrupt):
            interrupted_at(line, lambda call=call: call.end(sent=True))
        call.end(sent=call.sent)

        assert (Effect.BOOKS, Outcome.UNKNOWN) == (call.effect, call.outcome), line


def interrupted_at(line, work):
    """
    Do *work* and raise KeyboardInterrupt before its *line*-th line.
    """
    code = Call.end.__code__
    seen = 0

    def trace(frame, event, argument):
        nonlocal seen
        if frame.f_code is not code:
            return None
        seen += event == "line"
        if seen == line and event == "line":
            raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
