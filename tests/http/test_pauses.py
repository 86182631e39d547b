"""
A 429 is meant for everybody: what the calls of an account do until they may ask again.
"""

from __future__ import annotations

import random
import threading

import pytest

from doorstep.errors import CarrierUnavailableError, OutcomeUnknownError, RateLimitedError
from doorstep.http import Call, Grant, RepeatPolicy, Request, TransportError, drive
from doorstep.http._repeat import Pauses
from doorstep.outcome import Effect, Outcome, Repeat, Retry
from doorstep.secret import Secret

BOOKS = (Effect.BOOKS, Repeat.NEVER)
POLICY = RepeatPolicy()


def refused(kit, *results, **headers):
    """
    Return a session of which one call was just told 429.
    """
    session = kit.session(kit.response(429, **headers), *results)
    assert 429 == kit.run(kit.asking(*BOOKS), session).status
    return session


@pytest.mark.parametrize(("headers", "seconds"), [({}, 1.0), ({"retry_after": "7"}, 7.0)])
def test_f027_booking_after_anothers_429_waits_and_is_sent_once(headers, seconds, kit):
    """
    No call of the account is sent before the carrier's time, at least a second, has passed.
    """
    session = refused(kit, 201, **headers)

    assert 201 == kit.run(kit.asking(*BOOKS), session).status
    assert 2 == len(session.transport.sent)
    assert seconds <= session.clock.elapsed <= seconds + 0.1


def test_f027_threads_of_one_account_keep_the_distance_together(kit):
    """
    After a 429 all threads of the account wait, and they come back spread out.
    """
    sent_at = []

    def note(request, call):
        sent_at.append(clock.elapsed)
        return 200

    session = refused(kit, *[note] * 8)
    clock = session.clock
    gate = threading.Barrier(8)
    # Time stands still: everybody waits on the same reading of the clock.
    clock.sleep = lambda seconds, interrupted: waits.append(seconds) or meet()
    waits = []

    def meet():
        if gate.wait(5) == 0:
            clock.elapsed += max(waits)
        gate.wait(5)

    threads = [threading.Thread(target=kit.run, args=(kit.asking(), session)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)

    assert 8 == len(sent_at) == len(set(waits))
    assert min(sent_at) >= 1.0
    assert 1.0 <= min(waits) < max(waits) <= 1.1


@pytest.mark.parametrize("effect", Effect)
def test_f027_call_that_has_no_time_to_wait_is_not_sent(effect, kit):
    """
    If the deadline comes first the caller is told at once: nothing was sent, and how long to wait.
    """
    session = refused(kit, 201, retry_after="30")

    with pytest.raises(RateLimitedError) as caught:
        kit.run(kit.asking(effect, Repeat.NEVER), session)

    error = caught.value
    assert (Outcome.NOT_SENT, Retry.LATER) == (error.booked, error.retryable)
    assert 30.0 <= error.retry_after_s <= 30.1
    assert "acme: dispatch was not sent: the carrier asked to be left alone for 30." in str(error)
    assert 1 == len(session.transport.sent)
    assert [] == session.clock.slept


def looking():
    """
    Book, and look when the answer is lost.
    """
    try:
        yield Request("POST", "/book", effect=Effect.BOOKS, repeat=Repeat.NEVER)
    except TransportError:
        answer = yield Request("GET", "/look", recovery=True)
        return answer.status


def test_f027_booking_that_cannot_be_looked_up_in_time_is_unknown(kit):
    """
    A look that had to wait too long says nothing of what was booked before.
    """

    def lose(request, call):
        hurry(session, kit, "50")
        raise TransportError("reset", sent=True)

    session = kit.session(lose)

    with pytest.raises(OutcomeUnknownError) as caught:
        kit.run(looking(), session)

    assert (Outcome.UNKNOWN, "order-118") == (caught.value.booked, caught.value.reference)


def hurry(session, kit, seconds):
    """
    Let another call of *session* be told 429 meanwhile.
    """
    told = kit.response(429, retry_after=seconds)
    session.pauses.answered("https://acme.example", told, POLICY)


def test_f027_look_after_a_lost_booking_waits_too(kit):
    """
    It waits within the time that looks have, and is signed afterwards.
    """

    def lose(request, call):
        hurry(session, kit, "7")
        raise TransportError("reset", sent=True)

    session = kit.session(lose, 200)

    assert 200 == kit.run(looking(), session)
    assert (session.endpoint.signed_at[-1] - session.clock.start).total_seconds() >= 7.0


def test_f027_wait_that_grows_is_waited_out(kit):
    """
    Another 429 that comes meanwhile counts as well.
    """
    session = refused(kit, 201)
    session.clock.while_asleep = lambda: len(session.clock.slept) > 1 or hurry(session, kit, "5")

    assert 201 == kit.run(kit.asking(*BOOKS), session).status
    assert session.clock.elapsed >= 5.0


def test_f027_call_that_is_given_up_does_not_wait(kit):
    """
    Giving a call up wakes it, and nothing is sent.
    """
    session = refused(kit, 201, retry_after="7")
    call = Call("track", clock=session.clock)
    session.clock.while_asleep = call.abort

    with pytest.raises(CarrierUnavailableError) as caught:
        drive(kit.asking(*BOOKS), session, call)

    assert Outcome.NOT_SENT is caught.value.booked
    assert 1 == len(session.transport.sent)


def test_f027_token_endpoint_that_says_429_holds_up_nobody_else(kit):
    """
    Each host speaks for itself: one that wants to be left alone is not the other.
    """

    class TokenAcme(kit.Acme):
        def grant(self, now):
            yield Request("GET", "/token", base="https://id.example", repeat=Repeat.NEVER)
            return Grant(value=Secret("t"), expires_at=now.replace(year=now.year + 1))

    session = kit.session(kit.response(429, retry_after="9"), 200, endpoint=TokenAcme())

    assert 200 == kit.run(kit.asking(), session).status
    assert [] == session.clock.slept


def test_f027_shorter_wait_does_not_shorten_a_longer_one(kit):
    """
    What one answer asked for is not undone by the next.
    """
    clock = kit.ManualClock()
    pauses = Pauses(clock, random.Random(7))
    pauses.answered("https://acme.example", kit.response(429, retry_after="7"), POLICY)
    pauses.answered("https://acme.example", kit.response(429), POLICY)
    pauses.answered("https://acme.example", kit.response(503, retry_after="60"), POLICY)

    assert 7.0 <= pauses.wait("https://acme.example") <= 7.1
    assert 0.0 == pauses.wait("https://other.example")
    clock.elapsed = 7.0
    assert 0.0 == pauses.wait("https://acme.example")
