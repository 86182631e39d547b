"""
When to ask again, and what is worth telling: the rules behind ``watch``.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from doorstep.client import Pace
from doorstep.client._watch import Watch
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
from doorstep.tracking import MemoryEventStore, Observation, Tracker

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PENDING = Delivery(id=DeliveryId("acme", "default", "1"), status=Status.PENDING, as_of=NOW)
PACE = Pace(every_s=10.0, growth=2.0, slowest=4.0, patience=2)


@pytest.fixture(name="tracker")
def _tracker():
    """
    A tracker that nobody listens to.
    """
    return Tracker(MemoryEventStore(), lambda _: None)


@pytest.fixture(name="watch")
def _watch(tracker):
    """
    Who watches, and was told that it is pending.
    """
    watch = Watch(tracker, PENDING.id, PACE, None)
    tracker.answered(PENDING, "first")
    watch.answered(PENDING)
    return watch


def test_wait_that_the_carrier_asks_for_is_kept(watch):
    """
    Retry-After is longer than our own wait.
    """
    watch.failed(RateLimitedError("slow", params={"retry_after_s": 90.0}))

    assert 90 == watch.wait_s


def test_patience_begins_anew_with_each_answer(watch):
    """
    Only errors in a row are counted; the last of too many is raised.
    """
    busy = CarrierUnavailableError("is busy")
    for _ in range(3):
        watch.failed(busy)
        watch.failed(busy)
        watch.answered(PENDING)
    watch.failed(busy)
    watch.failed(busy)

    with pytest.raises(CarrierUnavailableError):
        watch.failed(busy)


@pytest.mark.parametrize("error", [AuthenticationError("no"), DeliveryNotFoundError("no")])
def test_refusal_is_raised_at_once(watch, error):
    """
    Waiting does not help against a refusal.
    """
    with pytest.raises(type(error)):
        watch.failed(error)


@pytest.mark.parametrize(
    "news",
    [
        {"status": Status.ASSIGNED},
        {"raw_status": "en_route"},
        {"milestones": {Milestone.DELAYED}},
        {"courier": Courier(name="Ada")},
    ],
)
def test_news_is_what_somebody_waits_for(watch, tracker, news):
    """
    Status, milestones and who comes are news.
    """
    tracker.answered(attrs.evolve(PENDING, **news), "second")

    assert watch.heard() is not None
    assert 10 == watch.wait_s


@pytest.mark.parametrize(
    "same",
    [
        {"as_of": datetime(2026, 11, 22, 13, tzinfo=UTC)},
        {"stops": (DeliveryStop(kind=StopKind.DROPOFF, eta=NOW),)},
    ],
)
def test_later_eta_is_no_news(watch, tracker, same):
    """
    Otherwise every answer would be.
    """
    tracker.answered(attrs.evolve(PENDING, **same), "second")

    assert None is watch.heard()


def test_end_that_nobody_asked_for_is_asked_for_first(watch, tracker):
    """
    Anybody may have written an event: an end is no news until an answer brought some.
    """
    ended = attrs.evolve(
        PENDING, status=Status.DELIVERED, end=End(), as_of=PENDING.as_of + timedelta(1)
    )
    tracker.observe(Observation(id="event", delivery=ended))

    assert None is watch.heard()
    assert watch.doubtful
    assert Status.DELIVERED is watch.answered(ended).status
    assert watch.ended


def test_end_that_could_not_be_stored_is_told(watch):
    """
    A store that fails keeps no end from whoever watches.
    """
    ended = attrs.evolve(PENDING, status=Status.DELIVERED, end=End())

    assert ended is watch.answered(ended)
