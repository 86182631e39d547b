"""
The tracker says what each observation changed, and wakes whoever waits for it.
"""

from __future__ import annotations

import random

import attrs
import pytest

from doorstep.models import DeliveryId, Status
from doorstep.tracking import MemoryEventStore, Tracker, fold


@pytest.fixture
def changes():
    """
    What the tracker told.
    """
    return []


@pytest.fixture
def tracker(changes):
    """
    A tracker with a store in memory.
    """
    return Tracker(MemoryEventStore(), changes.append)


def test_change_holds_before_and_after(tracker, changes, kit):
    """
    Whoever listens hears the state before and the state now.
    """
    tracker.observe(kit.told(1, Status.ASSIGNED))
    change = tracker.observe(kit.told(2, Status.TO_PICKUP))

    assert change is changes[-1]
    assert (Status.ASSIGNED, Status.TO_PICKUP) == (
        change.before.delivery.status,
        change.after.delivery.status,
    )
    assert change.status_changed
    assert not tracker.observe(kit.told(3, Status.TO_PICKUP)).status_changed


def test_first_observation_is_a_change(tracker, kit):
    """
    Before the first one nothing was known.
    """
    change = tracker.observe(kit.told(1, Status.ASSIGNED))

    assert None is change.before
    assert change.status_changed


def test_known_observation_is_no_change(tracker, changes, kit):
    """
    What is told twice is heard once.
    """
    tracker.observe(kit.told(1, Status.ASSIGNED))

    assert None is tracker.observe(kit.told(1, Status.ASSIGNED))
    assert 1 == len(changes)


def test_new_anomalies_are_told_once(tracker, kit):
    """
    A change names what does not fit since it, not what did not fit before.
    """
    tracker.observe(kit.told(1, Status.DELIVERED))
    odd = tracker.observe(kit.told(2, Status.PENDING))
    usual = tracker.observe(kit.told(3, Status.DELIVERED))

    assert (1, 0) == (len(odd.anomalies), len(usual.anomalies))


def test_state_step_by_step_is_the_fold_of_all(tracker, changes, kit):
    """
    What is folded as it comes is what all of it folds to, whatever the order and whoever
    else writes to the store.
    """
    rng = random.Random(4)
    statuses = [one for one in Status if one is not Status.UNKNOWN]
    for round_ in range(200):
        mine = DeliveryId("acme", "main", f"D-{round_}")
        told = [
            attrs.evolve(one, delivery=attrs.evolve(one.delivery, id=mine))
            for one in (kit.told(at, rng.choice(statuses)) for at in range(6))
        ]
        rng.shuffle(told)
        for number, one in enumerate(told):
            if rng.random() < 0.2:
                tracker._store.add(one)
            else:
                assert fold(told[: number + 1]) == tracker.observe(one).after


def test_answer_counts_as_asked(tracker, kit):
    """
    What was answered tells that the delivery is ours.
    """
    told = kit.told(1, Status.ASSIGNED).delivery

    assert not tracker.observe(kit.told(0, Status.PENDING)).after.asked
    assert tracker.answered(told, "call-1").after.asked
    assert None is tracker.answered(told, "call-1")


def test_state_of_nothing_is_none(tracker, kit):
    """
    What nobody told of has no state.
    """
    assert None is tracker.state(kit.ID)


def test_news_wakes_who_waits_for_that_delivery(tracker, kit):
    """
    Those who wait hear of their delivery alone, and leave nothing behind.
    """
    heard = []
    other = DeliveryId("acme", "main", "D-119")
    with (
        tracker.news(kit.ID, lambda: heard.append("mine")),
        tracker.news(other, lambda: heard.append("other")),
    ):
        tracker.observe(kit.told(1))
        tracker.observe(kit.told(1))

    assert ["mine"] == heard
    assert {} == tracker._waiting


def test_folds_in_memory_are_bounded(tracker, kit, monkeypatch):
    """
    The tracker forgets folds; the store has the history.
    """
    monkeypatch.setattr("doorstep.tracking._tracker._REMEMBERED", 2)
    for value in range(5):
        one = kit.told(1)
        mine = DeliveryId("acme", "main", f"D-{value}")
        tracker.observe(attrs.evolve(one, delivery=attrs.evolve(one.delivery, id=mine)))

    assert 2 == len(tracker._folds)


def test_history_that_others_changed_is_folded_anew(tracker, kit):
    """
    A store may be shared: what was forgotten there, and told anew, is not what was folded.
    """
    tracker.observe(kit.told(1, Status.DELIVERED))
    tracker._store.forget(kit.ID)
    tracker._store.add(kit.told(2, Status.PENDING))

    assert Status.TO_PICKUP is tracker.observe(kit.told(3, Status.TO_PICKUP)).after.delivery.status


def test_one_who_waits_no_more_harms_nobody(tracker, kit):
    """
    A loop that was closed meanwhile must not keep the news from the rest.
    """
    heard = []

    def gone():
        raise RuntimeError("Event loop is closed")

    with tracker.news(kit.ID, gone), tracker.news(kit.ID, lambda: heard.append(1)):
        assert tracker.observe(kit.told(1)) is not None

    assert [1] == heard
