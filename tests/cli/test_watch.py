"""
Following a delivery: news at once, patience otherwise.
"""

from __future__ import annotations

from datetime import UTC, datetime

import attrs
import pytest

from doorstep.cli._watch import Pace, changed, watch
from doorstep.errors import (
    AuthenticationError,
    CarrierUnavailableError,
    DeliveryNotFoundError,
    RateLimitedError,
)
from doorstep.models import (
    Courier,
    Delivery,
    DeliveryId,
    DeliveryStop,
    End,
    Milestone,
    Status,
    StopKind,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PENDING = Delivery(id=DeliveryId("acme", "default", "1"), status=Status.PENDING, as_of=NOW)
ON_ITS_WAY = attrs.evolve(PENDING, status=Status.TO_DROPOFF)
DELIVERED = attrs.evolve(PENDING, status=Status.DELIVERED, end=End())
BUSY = CarrierUnavailableError("is busy")


class Script:
    """
    Answers in order; keeps what was waited and which errors passed.
    """

    def __init__(self, *answers):
        self.answers = list(answers)
        self.waits = []
        self.passed = []

    def read(self):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def run(self, **pace):
        chosen = Pace(**{"every_s": 10.0, "growth": 2.0, "slowest": 4.0, "patience": 2, **pace})
        return list(watch(self.read, self.waits.append, chosen, self.passed.append))


def test_each_change_is_told_once_until_the_end():
    """
    The same answer again is no news, and nothing is asked after the end.
    """
    script = Script(PENDING, PENDING, ON_ITS_WAY, DELIVERED, PENDING)

    assert [PENDING, ON_ITS_WAY, DELIVERED] == script.run()
    assert [PENDING] == script.answers


def test_delivery_that_has_ended_is_told_without_waiting():
    """
    There is nothing to wait for.
    """
    script = Script(DELIVERED)

    assert [DELIVERED] == script.run()
    assert [] == script.waits


def test_waits_grow_while_nothing_happens_and_shrink_with_news():
    """
    A carrier is asked less and less often, within a bound.
    """
    script = Script(*[PENDING] * 5, ON_ITS_WAY, DELIVERED)
    script.run()

    assert [10, 20, 40, 40, 40, 10] == script.waits


def test_errors_that_pass_are_told_and_outlived():
    """
    A carrier that is busy for a moment does not end the watch.
    """
    script = Script(PENDING, BUSY, BUSY, PENDING, BUSY, DELIVERED)

    assert [PENDING, DELIVERED] == script.run()
    assert [BUSY, BUSY, BUSY] == script.passed


def test_errors_that_do_not_pass_end_the_watch():
    """
    Patience has a bound.
    """
    script = Script(PENDING, BUSY, BUSY, BUSY, DELIVERED)

    with pytest.raises(CarrierUnavailableError):
        script.run()


@pytest.mark.parametrize("error", [AuthenticationError("no"), DeliveryNotFoundError("no")])
def test_refusal_ends_the_watch_at_once(error):
    """
    Waiting does not help against a refusal.
    """
    script = Script(PENDING, error)

    with pytest.raises(type(error)):
        script.run()


def test_wait_that_the_carrier_asks_for_is_kept():
    """
    Retry-After is longer than our own wait.
    """
    script = Script(PENDING, RateLimitedError("slow", params={"retry_after_s": 90.0}), DELIVERED)
    script.run()

    assert [10, 90] == script.waits


@pytest.mark.parametrize(
    "news",
    [
        {"status": Status.ASSIGNED},
        {"raw_status": "en_route"},
        {"milestones": {Milestone.DELAYED}},
        {"courier": Courier(name="Ada")},
    ],
)
def test_news_is_what_somebody_waits_for(news):
    """
    Status, milestones and who comes are news.
    """
    assert changed(PENDING, attrs.evolve(PENDING, **news))


@pytest.mark.parametrize(
    "same",
    [
        {"as_of": datetime(2026, 11, 22, 13, tzinfo=UTC)},
        {"stops": (DeliveryStop(kind=StopKind.DROPOFF, eta=NOW),)},
    ],
)
def test_later_eta_is_no_news(same):
    """
    Otherwise every answer would be.
    """
    assert not changed(PENDING, attrs.evolve(PENDING, **same))
