"""
Looking for what became of a booking: what counts as a look, and for how long.
"""

from __future__ import annotations

from doorstep.errors import CarrierUnavailableError, OutcomeUnknownError, RequestRejectedError
from doorstep.http import Request, TransportError
from doorstep.outcome import Effect, Outcome, Repeat

LOST = TransportError("timeout", sent=True)
BOOK = Request("POST", "/book", effect=Effect.BOOKS, repeat=Repeat.NEVER)
BOOK_AGAIN = Request("POST", "/book", effect=Effect.BOOKS, repeat=Repeat.SAME_EFFECT)
READ = Request("GET", "/read")


def test_refusal_of_a_repeated_booking_counts_after_a_look(kit):
    """
    A flow that read the delivery since knows what it says.
    """
    raised = RequestRejectedError("was refused", http_status=409)

    error, _ = kit.ended(kit.session(LOST, 409, 404), kit.flow(BOOK_AGAIN, READ, raises=raised))

    assert raised is error
    assert Outcome.REJECTED is error.booked


def test_token_fetched_between_two_bookings_is_no_look(kit):
    """
    Only the flow's own reads tell it anything.
    """
    from datetime import timedelta

    from doorstep.http import Grant
    from doorstep.secret import Secret

    class Short(kit.Acme):
        def grant(self, now):
            yield Request("POST", "/token", base="https://id.example")
            return Grant(value=Secret("t"), expires_at=now + timedelta(seconds=0))

    session = kit.session(200, LOST, 200, 409, endpoint=Short())
    raised = RequestRejectedError("was refused", http_status=409)

    error, _ = kit.ended(session, kit.flow(BOOK_AGAIN, raises=raised))

    assert type(error) is OutcomeUnknownError


def looking():
    """
    Book, and look when the answer is lost.
    """
    try:
        yield BOOK
    except TransportError:
        answer = yield Request("GET", "/look", recovery=True)
        return answer.status


def looking_until_answered():
    try:
        yield BOOK
    except TransportError:
        while True:
            answer = yield Request("GET", "/look", recovery=True, repeat=Repeat.NEVER)
            if answer.status == 200:
                return answer.status


def test_flow_may_look_after_the_deadline(kit):
    """
    Finding out what happened has a deadline of its own.
    """

    def late(request, call):
        call.clock.elapsed += 25
        raise LOST

    def check(request, call):
        assert 10 == call.remaining()
        return 200

    result, call = kit.ended(kit.session(late, check), looking())

    assert (200, Outcome.CREATED) == (result, call.outcome)


def test_looking_ends_at_its_own_deadline(kit):
    """
    A recovery read is not waited for for ever either.
    """

    def slow(request, call):
        call.clock.elapsed += 9
        return 503

    error, _ = kit.ended(kit.session(LOST, slow, slow, slow), looking_until_answered())

    assert type(error) is OutcomeUnknownError
    assert "within 10 s" in str(error)


def test_deadline_that_has_passed_sends_nothing(kit):
    """
    A flow that took too long over its first request does not begin the second.
    """

    def slow(request, call):
        call.clock.elapsed += 25
        return 200

    session = kit.session(slow)
    error, _ = kit.ended(session, kit.flow(READ, BOOK))

    assert (CarrierUnavailableError, Outcome.NOT_SENT) == (type(error), error.booked)
    assert 1 == len(session.transport.sent)
