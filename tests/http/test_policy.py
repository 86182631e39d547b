"""
What a carrier's policy may say of repeats: how regular the waits are, and what is lost.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.errors import CarrierUnavailableError
from doorstep.http import RepeatPolicy, TransportError
from doorstep.http._repeat import wait_before
from doorstep.outcome import Effect, Outcome, Repeat


def test_f029_policy_without_jitter_waits_exactly_and_doubles(kit):
    """
    A carrier that asks for half a second, doubled, three times, gets just that.
    """
    policy = RepeatPolicy(retries=3, base_s=0.5, jitter=0.0, statuses=frozenset({500}))
    endpoint = kit.Acme()
    endpoint.repeat_policy = policy
    session = kit.session(500, 500, 500, 500, 200, endpoint=endpoint)

    assert 500 == kit.run(kit.asking(Effect.CHANGES, Repeat.SAME_EFFECT), session).status
    assert [0.5, 1.0, 2.0] == session.clock.slept
    assert 4 == len(session.transport.sent)


@given(jitter=st.floats(0.0, 1.0), repeats=st.integers(0, 9), seed=st.integers(0, 2**32))
def test_jitter_shortens_a_wait_by_its_part_at_most(jitter, repeats, seed):
    """
    The wait is never longer than the backoff, nor shorter than what jitter leaves of it.
    """
    policy = RepeatPolicy(jitter=jitter)
    lost = TransportError("reset", sent=True)
    full = min(5.0, 0.5 * 2.0**repeats)

    wait = wait_before(lost, policy, repeats, random.Random(seed))

    assert full * (1.0 - jitter) - 1e-9 <= wait <= full


@pytest.mark.parametrize("kind", ["timeout", "reset", "protocol"])
def test_f029_policy_may_leave_lost_answers_alone(kind, kit):
    """
    Where a carrier wants repeats after its own 500 alone, a lost answer is told at once.
    """
    endpoint = kit.Acme()
    endpoint.repeat_policy = RepeatPolicy(lost=False, statuses=frozenset({500}))
    session = kit.session(500, TransportError(kind, sent=True), 200, endpoint=endpoint)

    with pytest.raises(CarrierUnavailableError) as told:
        kit.run(kit.asking(Effect.CHANGES, Repeat.SAME_EFFECT), session)

    assert Outcome.UNKNOWN is told.value.booked
    assert 2 == len(session.transport.sent)


def test_what_was_never_sent_is_repeated_whatever_the_policy_says_of_lost_answers(kit):
    """
    A connection that could not be made has lost no answer.
    """
    endpoint = kit.Acme()
    endpoint.repeat_policy = RepeatPolicy(lost=False)
    session = kit.session(TransportError("connect", sent=False), 200, endpoint=endpoint)

    assert 200 == kit.run(kit.asking(Effect.CHANGES, Repeat.SAME_EFFECT), session).status


@pytest.mark.parametrize("status", [429, 502, 503])
def test_f030_policy_of_one_status_repeats_no_other(status, kit):
    """
    What a carrier does not want repeated is not, however much in trouble it seems.
    """
    endpoint = kit.Acme()
    endpoint.repeat_policy = RepeatPolicy(statuses=frozenset({500}))
    session = kit.session(status, 200, endpoint=endpoint)

    assert status == kit.run(kit.asking(Effect.CHANGES, Repeat.SAME_EFFECT), session).status
    assert [] == session.clock.slept
