"""
Whether, when and how often a request is sent again.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.errors import CarrierUnavailableError, OutcomeUnknownError
from doorstep.http import RepeatBudget, RepeatPolicy, Request, Response, TransportError
from doorstep.http._repeat import may_repeat, retry_after, wait_before
from doorstep.outcome import Effect, Outcome, Repeat

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
POLICY = RepeatPolicy()
REPEATED_STATUSES = {408, 425, 429, 500, 502, 503, 504, *range(520, 528)}


def answer(status: int = 503, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, headers=named, sent_at=NOW, received_at=NOW)


@pytest.mark.parametrize("repeat", Repeat)
def test_f030_only_trouble_is_repeated_and_only_where_the_request_allows(repeat):
    """
    500, 502-504, 520-527, 408, 425 and 429 are trouble; the rest is an answer.
    """
    request = Request("GET", "/", repeat=repeat)
    repeated = {
        status for status in range(100, 600) if may_repeat(request, answer(status), POLICY, 0)
    }

    assert (set() if repeat is Repeat.NEVER else REPEATED_STATUSES) == repeated


@pytest.mark.parametrize("repeat", Repeat)
@pytest.mark.parametrize("kind", ["connect", "timeout", "reset"])
def test_what_was_never_sent_is_repeated_twice(kind, repeat):
    """
    Whatever the request says: the carrier has not seen it.
    """
    request = Request("POST", "/", effect=Effect.BOOKS, repeat=repeat)
    error = TransportError(kind, sent=False)

    assert [True, True, False] == [may_repeat(request, error, POLICY, n) for n in range(3)]


@pytest.mark.parametrize("kind", ["tls", "protocol", "too_large", "aborted"])
def test_what_trying_cannot_mend_is_not_repeated(kind):
    """
    An untrusted host does not become trusted by asking again.
    """
    error = TransportError(kind, sent=False)

    assert not may_repeat(Request("GET", "/"), error, POLICY, 0)


@pytest.mark.parametrize("kind", ["timeout", "reset", "protocol", "tls"])
def test_lost_answer_is_asked_for_again_only_where_that_is_harmless(kind):
    """
    SAFE and SAME_EFFECT are repeated as often as the policy says, NEVER is not.
    """
    error = TransportError(kind, sent=True)

    def allowed(repeat):
        request = Request("POST", "/", repeat=repeat)
        return [may_repeat(request, error, POLICY, number) for number in range(4)]

    assert [True, True, True, False] == allowed(Repeat.SAFE) == allowed(Repeat.SAME_EFFECT)
    assert [False] * 4 == allowed(Repeat.NEVER)


def test_policy_without_repeats_repeats_nothing():
    """
    An account may switch repeats off.
    """
    policy = RepeatPolicy(retries=0)

    assert not may_repeat(Request("GET", "/"), answer(), policy, 0)
    assert not may_repeat(Request("GET", "/"), TransportError("connect", sent=False), policy, 0)


@given(st.integers(0, 10_000), st.integers(0, 2**32))
def test_backoff_stays_between_half_and_all_of_its_cap(repeats, seed):
    """
    Doubled each time, never above the cap, jittered downwards.
    """
    wait = wait_before(answer(), POLICY, repeats, random.Random(seed))
    full = min(5.0, 0.5 * 2.0 ** min(repeats, 10))

    assert full / 2 <= wait <= full


@pytest.mark.parametrize("after", [None, "0", "-5", "soon"])
def test_f027_429_without_a_wait_waits_a_second_and_a_little(after):
    """
    A carrier that said 429 is left alone for a second at least, whatever else it said.
    """
    reply = answer(429) if after is None else answer(429, retry_after=after)
    waits = {wait_before(reply, POLICY, 0, random.Random(seed)) for seed in range(50)}

    assert 50 == len(waits)
    assert 1.0 <= min(waits) < max(waits) <= 1.1


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 1.0),
        (format_datetime(NOW, usegmt=True), 1.0),
        (format_datetime(NOW + timedelta(seconds=9), usegmt=True), 9.0),
        ("Sun, 22 Nov 2026 12:00:09 NOWHERE", 9.0),
        ("Sun, 22 Nov 2026 12:00:09 +9999", 1.0),
    ],
)
def test_f026_429_with_a_date_waits_until_then(date, seconds):
    """
    A date is waited for, a past one and one that is none for a second.
    """
    wait = wait_before(answer(429, retry_after=date), POLICY, 0, random.Random(7))

    assert seconds <= wait <= seconds * 1.1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("61", 60.0),
        ("1000000000", 60.0),
        ("9" * 300, 60.0),
        (format_datetime(NOW + timedelta(seconds=30), usegmt=True), 30.0),
        (format_datetime(NOW - timedelta(seconds=30), usegmt=True), 0.0),
        (format_datetime(NOW + timedelta(days=3000), usegmt=True), 60.0),
        ("Sun, 22 Nov 2026 12:00:30 -0000", 30.0),
        ("Sun, 22 Nov 2026 13:00:30 +0100", 30.0),
        ("", None),
        ("-7", None),
        ("7.5", None),
        ("1e9", None),
        ("٣", None),
        ("²", None),
        ("soon", None),
        ("Sun, 99 Nov 2026 12:00:30 GMT", None),
        ("Sun, 22 Nov 99999 12:00:30 GMT", None),
    ],
)
def test_f028_retry_after_is_read_in_both_forms_and_garbage_ignored(text, seconds):
    """
    Seconds or a date; garbage is ignored, too much is capped.
    """
    assert seconds == retry_after(answer(retry_after=text), 60.0)


@given(st.text(max_size=400), st.text(max_size=80))
def test_f028_retry_after_never_raises_nor_exceeds_the_cap(text, date):
    """
    Whatever a carrier writes there.
    """
    seconds = retry_after(answer(retry_after=text, date=date), 60.0)

    assert seconds is None or 0.0 <= seconds <= 60.0


def test_f026_retry_after_date_goes_by_the_carriers_clock():
    """
    A date is a distance from the answer's own date, however wrong our clock is.
    """
    theirs = NOW + timedelta(hours=2)
    reply = answer(
        retry_after=format_datetime(theirs + timedelta(seconds=9), usegmt=True),
        date=format_datetime(theirs, usegmt=True),
    )

    assert 9.0 == retry_after(reply, 60.0)


def test_f029_read_is_repeated_until_it_is_answered(kit):
    """
    A read survives what passes.
    """
    session = kit.session(503, TransportError("reset", sent=True), 500, 200)

    answered = kit.run(kit.asking(), session)

    assert (200, True) == (answered.status, answered.repeated)
    assert 3 == len(session.clock.slept)


def test_f029_last_answer_goes_to_the_flow(kit):
    """
    When repeats are used up the flow sees the status and decides.
    """
    session = kit.session(503, 503, 503, 503, 200)

    assert 503 == kit.run(kit.asking(), session).status
    assert 4 == len(session.transport.sent)


@pytest.mark.parametrize("status", sorted(REPEATED_STATUSES))
def test_f029_request_that_must_not_be_repeated_is_not_whatever_the_status(status, kit):
    """
    NEVER means never, for a 429 as well.
    """
    session = kit.session(status, 200)

    answered = kit.run(kit.asking(Effect.BOOKS, Repeat.NEVER), session)

    assert (status, False) == (answered.status, answered.repeated)
    assert 1 == len(session.transport.sent)


def test_request_that_was_never_sent_is_not_called_repeated(kit):
    """
    "Already done" may be taken for success only if it may have been done by us.
    """
    session = kit.session(TransportError("connect", sent=False), 409)

    answered = kit.run(kit.asking(Effect.CHANGES, Repeat.SAME_EFFECT), session)

    assert (409, False) == (answered.status, answered.repeated)


def test_f025_wait_that_does_not_fit_is_not_begun(kit):
    """
    The answer is worth more now than nothing after the deadline.
    """
    session = kit.session(kit.response(429, retry_after="7"), 200)

    answered = kit.run(kit.asking(), session, deadline_s=5)

    assert 429 == answered.status
    assert [] == session.clock.slept


def test_f025_retry_after_is_waited_for(kit):
    """
    A wait that fits in is kept to.
    """
    session = kit.session(kit.response(429, retry_after="7"), 200)

    assert 200 == kit.run(kit.asking(), session).status
    assert 7.0 <= session.clock.slept[0] <= 7.7


def test_last_failure_remembers_that_an_earlier_attempt_was_sent(kit):
    """
    A refused connection in the end does not undo a lost answer before it.
    """
    unsent = TransportError("connect", sent=False)
    session = kit.session(TransportError("reset", sent=True), unsent, unsent, unsent)
    thrown = []

    def remembering():
        try:
            yield from kit.asking(Effect.BOOKS, Repeat.SAME_EFFECT)
        except TransportError as error:
            thrown.append((error.kind, error.sent))
            raise

    with pytest.raises(OutcomeUnknownError):
        kit.run(remembering(), session)

    assert [("connect", True)] == thrown


def test_abort_while_waiting_ends_the_call(kit):
    """
    Nobody waits out a pause for a call that was given up.
    """
    from doorstep.http import Call, drive

    session = kit.session(503, 200)
    call = Call("track", clock=session.clock)
    session.clock.while_asleep = call.abort

    with pytest.raises(CarrierUnavailableError) as caught:
        drive(abandoned(kit.asking()), session, call)

    assert Outcome.NOT_SENT is caught.value.booked
    assert 1 == len(session.transport.sent)


def abandoned(flow):
    """
    Ask a second time after the first answer, which must not happen.
    """
    yield from flow
    yield Request("GET", "/again")


def test_budget_ends_repeats_of_a_sick_carrier(kit):
    """
    Many failing calls cause few repeats, not three times their number.
    """
    session = kit.session(*[TransportError("connect", sent=False)] * 1000)
    session.clock.sleep = lambda seconds, interrupted: None
    for _ in range(100):
        with pytest.raises(CarrierUnavailableError):
            kit.run(kit.asking(), session)

    assert 120 == len(session.transport.sent)


def test_budget_comes_back_with_time_and_with_answers(kit):
    """
    A carrier that recovered is repeated again.
    """
    clock = kit.ManualClock()
    budget = RepeatBudget(clock, tokens=2, per_second=0.5, per_answer=0.1)
    assert [True, True, False] == [budget.take() for _ in range(3)]

    clock.elapsed += 2
    assert [True, False] == [budget.take() for _ in range(2)]
    for _ in range(11):
        budget.answered()
    assert [True, False] == [budget.take() for _ in range(2)]
    clock.elapsed += 1000
    assert [True, True, False] == [budget.take() for _ in range(3)]


def test_transport_error_survives_pickling():
    """
    It crosses processes with all it says.
    """
    import pickle

    error = pickle.loads(pickle.dumps(TransportError("reset", sent=True, cause="X")))

    assert ("reset", True, "X") == (error.kind, error.sent, error.cause)
    assert "reset after the request was sent (X)" == str(error)


def test_signed_follows_the_base():
    """
    What goes elsewhere is not signed unless somebody says so.
    """
    request = Request("POST", "/token", base="https://id.example")

    assert Request("GET", "/").signed
    assert not request.signed
    assert attrs.evolve(request, signed=True).signed
