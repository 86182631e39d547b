"""
Grants: one for everybody, renewed in time, thrown away when refused.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from email.utils import format_datetime

import attrs
import pytest

from doorstep.errors import (
    AuthenticationError,
    CarrierUnavailableError,
    InvalidAnswerError,
    OutcomeUnknownError,
)
from doorstep.http import Call, Grant, Request, TransportError, drive
from doorstep.outcome import Effect, Outcome, Repeat
from doorstep.secret import Secret

BOOKS = (Effect.BOOKS, Repeat.NEVER)


def with_tokens(kit, life_s=3600.0):
    """
    Return an endpoint whose grants are fetched from elsewhere and are numbered.
    """

    class TokenAcme(kit.Acme):
        def __init__(self):
            super().__init__()
            self.asked_at = []

        def grant(self, now):
            self.asked_at.append(now)
            yield Request("POST", "/token", base="https://id.example")
            value = Secret(f"token-{len(self.asked_at)}")
            return Grant(value=value, expires_at=now + timedelta(seconds=life_s))

    return TokenAcme()


def tokens(session):
    return [each.headers.get("Authorization") for each in session.transport.sent]


def test_grant_is_fetched_once_and_its_request_is_not_signed(kit):
    """
    The token endpoint sees no token, and is not asked for every call.
    """
    session = kit.session(endpoint=with_tokens(kit))
    for _ in range(3):
        kit.run(kit.asking(), session)

    assert [None, *["Bearer token-1"] * 3] == tokens(session)
    assert "https://id.example" == session.transport.bases[0]
    assert "https://acme.example" == session.transport.bases[1]


@pytest.mark.parametrize(("life_s", "margin_s"), [(3600, 60), (300, 30), (10, 1)])
def test_grant_is_renewed_shortly_before_it_expires(life_s, margin_s, kit):
    """
    A minute before, or a tenth of its life.
    """
    session = kit.session(endpoint=with_tokens(kit, life_s))
    for elapsed in (0, life_s - margin_s - 0.1, life_s - margin_s + 0.1):
        session.clock.elapsed = elapsed
        kit.run(kit.asking(), session)

    assert ["Bearer token-1", "Bearer token-1", "Bearer token-2"] == [
        token for token in tokens(session) if token
    ]


def test_many_threads_fetch_one_grant(kit):
    """
    The token endpoint is asked once, however many calls begin at once.
    """
    gate = threading.Barrier(16)

    def slow(request, call):
        time.sleep(0.1)
        return 200

    session = kit.session(slow, endpoint=with_tokens(kit))

    def work():
        gate.wait(5)
        kit.run(kit.asking(), session)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)

    assert 1 == len(session.endpoint.asked_at)
    assert 17 == len(session.transport.sent)


def test_call_that_is_given_up_does_not_wait_for_anothers_grant(kit):
    """
    A thread that hangs at the token endpoint holds up nobody who gave up.
    """
    session = kit.session(endpoint=with_tokens(kit))
    call = Call("track", clock=session.clock)
    threading.Timer(0.05, call.abort).start()
    with session.grants._lock, pytest.raises(CarrierUnavailableError) as caught:
        drive(kit.asking(), session, call)

    assert "was given up" in str(caught.value)
    assert [] == session.transport.sent


def test_f031_refused_token_is_renewed_and_sent_once_more_even_for_a_booking(kit):
    """
    A 401 is a refusal before processing: sending again books once, and is no repeat.
    """
    session = kit.session(200, 401, 200, 201, endpoint=with_tokens(kit))

    answer = kit.run(kit.asking(*BOOKS), session)

    assert (201, False) == (answer.status, answer.repeated)
    assert [None, "Bearer token-1", None, "Bearer token-2"] == tokens(session)


def test_f031_second_refusal_goes_to_the_flow(kit):
    """
    A wrong key is not hammered.
    """
    session = kit.session(401, 401, 200)

    assert 401 == kit.run(kit.asking(*BOOKS), session).status
    assert 2 == len(session.transport.sent)


def test_f031_refused_booking_that_cannot_be_sent_again_was_not_sent(kit):
    """
    After a 401 nothing was booked, and a refused connection books nothing either.
    """
    unsent = TransportError("connect", sent=False)
    session = kit.session(401, unsent, unsent, unsent)

    with pytest.raises(CarrierUnavailableError) as caught:
        kit.run(kit.asking(*BOOKS), session)

    assert Outcome.NOT_SENT is caught.value.booked


def test_another_threads_new_grant_is_not_thrown_away(kit):
    """
    Only the grant that was refused is forgotten.
    """
    session = kit.session(endpoint=with_tokens(kit))
    kit.run(kit.asking(), session)
    old = session.grants._grant
    session.grants.refused(old, kit.response(401))
    kit.run(kit.asking(), session)
    session.grants.refused(old, kit.response(401))
    kit.run(kit.asking(), session)

    assert 2 == len(session.endpoint.asked_at)


class Minting:
    """
    Mix-in: grants are made here, dated now, and name when they were made.
    """

    life_s = 1800.0

    def grant(self, now):
        yield from ()
        return Grant(value=Secret(now.isoformat()), expires_at=now + timedelta(seconds=self.life_s))


def carrier_ahead(kit, seconds):
    """
    Return a session whose carrier is *seconds* ahead and looks at the grant's times.
    """
    clock = kit.ManualClock()

    def handle(request, call):
        theirs = clock.now() + timedelta(seconds=seconds)
        made_at = datetime.fromisoformat(request.headers["Authorization"].removeprefix("Bearer "))
        good = made_at <= theirs < made_at + timedelta(seconds=1800)
        answer = kit.response(200 if good else 401, date=format_datetime(theirs, usegmt=True))
        return attrs.evolve(answer, received_at=clock.now())

    endpoint = type("Acme", (Minting, kit.Acme), {})()
    return kit.session(*[handle] * 9, endpoint=endpoint, clock=clock)


@pytest.mark.parametrize("ahead_s", [-600, -40_000, 40_000])
def test_f085_wrong_clock_costs_one_request_more_once(ahead_s, kit):
    """
    A token from the future is refused, the carrier's clock learnt, and the booking made, once.
    """
    session = carrier_ahead(kit, ahead_s)

    assert [200] * 3 == [kit.run(kit.asking(*BOOKS), session).status for _ in range(3)]
    assert 3 + 1 == len(session.transport.sent)
    assert session.clock.now() + timedelta(seconds=ahead_s) == session.now()


def test_f086_slow_clock_costs_nothing_while_the_token_lives(kit):
    """
    Half an hour of life outlasts a clock that is ten minutes slow: nothing is refused.
    """
    session = carrier_ahead(kit, 600)

    for elapsed in (0, 600, 1190):
        session.clock.elapsed = elapsed
        assert 200 == kit.run(kit.asking(*BOOKS), session).status
    assert 3 == len(session.transport.sent)


def test_f086_slow_clock_is_learnt_when_the_token_has_died(kit):
    """
    Once it has expired by the carrier's clock, one refusal is enough to learn the time.
    """
    session = carrier_ahead(kit, 600)

    for elapsed in (0, 1300, 1310, 2500):
        session.clock.elapsed = elapsed
        assert 200 == kit.run(kit.asking(*BOOKS), session).status
    assert 5 == len(session.transport.sent)


@pytest.mark.parametrize(
    "date", ["", "soon", "Sun, 22 Nov 2026 12:00:02 GMT", "Fri, 22 Nov 2999 12:00:00 GMT"]
)
def test_f085_date_that_is_no_skew_changes_nothing(date, kit):
    """
    Seconds are latency, years are nonsense.
    """
    session = kit.session(kit.response(401, date=date), 200)
    kit.run(kit.asking(), session)

    assert session.clock.now() == session.now()


def test_grant_without_requests_needs_no_network(kit):
    """
    A token that is minted here is a flow that yields nothing.
    """

    class Minting(kit.Acme):
        def grant(self, now):
            return Grant(value=Secret("minted"), expires_at=now + timedelta(hours=1))
            yield

    session = kit.session(endpoint=Minting())
    kit.run(kit.asking(), session)

    assert ["Bearer minted"] == tokens(session)


def test_token_endpoint_that_is_down_has_booked_nothing(kit):
    """
    The booking never left, whatever became of the token's request.
    """
    lost = TransportError("reset", sent=True)
    session = kit.session(*[lost] * 4, endpoint=with_tokens(kit))

    with pytest.raises(CarrierUnavailableError) as caught:
        kit.run(kit.asking(*BOOKS), session)

    assert Outcome.NOT_SENT is caught.value.booked
    assert 4 == len(session.transport.sent)


def booking_with_recovery():
    """
    Book, and look when the answer is lost.
    """
    try:
        yield Request("POST", "/book", effect=Effect.BOOKS, repeat=Repeat.NEVER)
    except TransportError:
        answer = yield Request("GET", "/look", recovery=True)
        return answer.status


def test_refused_credentials_after_a_booking_leave_it_unknown(kit):
    """
    That a look was refused says nothing of what was booked before.
    """

    class Refused(kit.Acme):
        def __init__(self):
            super().__init__()
            self.grants = 0

        def grant(self, now):
            self.grants += 1
            if self.grants > 1:
                raise AuthenticationError("was refused", http_status=403)
            return Grant(value=Secret("minted"), expires_at=now)
            yield

    session = kit.session(TransportError("reset", sent=True), endpoint=Refused())

    with pytest.raises(OutcomeUnknownError) as caught:
        kit.run(booking_with_recovery(), session)

    assert ("order-118", 403) == (caught.value.reference, caught.value.http_status)


@pytest.mark.parametrize("method", ["grant", "sign"])
def test_plugin_that_cannot_sign_is_named(method, kit):
    """
    A bug in a plugin's signing is typed, and nothing was sent.
    """

    class Buggy(kit.Acme):
        pass

    def fail(*_):
        secret = kit.CANARY
        raise KeyError(secret)

    setattr(Buggy, method, fail)
    session = kit.session(endpoint=Buggy())

    with pytest.raises(InvalidAnswerError, match=r"acme.*KeyError.*test_grants.py") as caught:
        kit.run(kit.asking(*BOOKS), session)

    assert Outcome.NOT_SENT is caught.value.booked
    assert kit.CANARY not in str(caught.value)
    assert [] == session.transport.sent
