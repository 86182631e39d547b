"""
Stores keep what was told once, in memory or in a file, for threads and processes.
"""

from __future__ import annotations

import threading

import attrs
import pytest

from doorstep.models import DeliveryId, Milestone, Status
from doorstep.tracking import MemoryEventStore, SqliteEventStore, fold


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    """
    A store of each kind.
    """
    if request.param == "memory":
        yield MemoryEventStore()
    else:
        with SqliteEventStore(tmp_path / "events.db") as store:
            yield store


def of(observation, value):
    """
    Return *observation*, of another delivery.
    """
    mine = DeliveryId("acme", "main", value)
    return attrs.evolve(observation, delivery=attrs.evolve(observation.delivery, id=mine))


def test_first_is_kept_and_second_is_known(store, kit):
    """
    The same observation is added once; what was there before is returned.
    """
    one, two = kit.told(1, Status.ASSIGNED, asked=True), kit.told(2, Status.TO_PICKUP)

    assert () == store.add(one)
    assert (one,) == store.add(two)
    assert None is store.add(one)
    assert {one.id: one, two.id: two} == {each.id: each for each in store.history(kit.ID)}


def test_deliveries_are_kept_apart(store, kit):
    """
    Two deliveries may be told of in the same words.
    """
    one = kit.told(1, Status.ASSIGNED)

    assert () == store.add(one)
    assert () == store.add(of(one, "D-119"))


def test_event_without_a_delivery_is_new_once(store):
    """
    Events about the account are told apart by their ids.
    """
    assert [True, False, True] == [store.first("a"), store.first("a"), store.first("b")]


def test_forgotten_delivery_leaves_nothing(store, kit):
    """
    What was kept of a person can be dropped.
    """
    store.add(kit.told(1, Status.ASSIGNED))
    store.forget(kit.ID)

    assert () == store.history(kit.ID)


def test_threads_that_add_at_once_see_each_other(store, kit):
    """
    Of observations that come at once each sees all those that were added before it.
    """
    seen: list[int] = []
    threads = [
        threading.Thread(target=lambda at=at: seen.append(len(store.add(kit.told(at)))))
        for at in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert list(range(16)) == sorted(seen)


def test_memory_is_bounded(kit):
    """
    Of more deliveries than are kept, the one that nothing was told of for longest goes.
    """
    store = MemoryEventStore(deliveries=2, each=2)
    for value in ("a", "b", "a", "c"):
        store.add(of(kit.told(len(value)), value))
    for at in range(4):
        store.add(of(kit.told(at), "c"))
    kept = {value: len(store.history(DeliveryId("acme", "main", value))) for value in "abc"}

    assert {"a": 1, "b": 0, "c": 2} == kept


def test_events_of_the_account_are_bounded():
    """
    So are the ids of events without a delivery.
    """
    store = MemoryEventStore(deliveries=2)
    for name in ("a", "b", "c"):
        store.first(name)

    assert [True, False] == [store.first("a"), store.first("c")]


def bounded(kit, *told, each):
    """
    Return the ids that a bounded memory keeps of what was *told*.
    """
    store = MemoryEventStore(each=each)
    for one in told:
        store.add(one)
    return [one.id for one in store.history(kit.ID)]


def polls(kit, count, **fields):
    """
    Return answers of a delivery that is under way, from second 100 on.
    """
    return [kit.told(at, Status.TO_DROPOFF, asked=True, **fields) for at in range(100, 100 + count)]


def test_end_and_milestones_outlast_a_thousand_answers(kit):
    """
    What does not come back is kept: the ends and milestones that events told of.
    """
    failed = kit.told(1, Status.TO_DROPOFF, milestones={Milestone.ATTEMPT_FAILED})
    end = kit.told(2, Status.DELIVERED)
    store = MemoryEventStore()
    for one in (failed, end, *polls(kit, 1_001)):
        store.add(one)
    state = fold(store.history(kit.ID)).delivery

    assert 1_000 == len(store.history(kit.ID))
    assert (Status.DELIVERED, {Milestone.ATTEMPT_FAILED}) == (state.status, state.milestones)


def test_answers_that_were_repeated_go_first(kit):
    """
    Of answers the last is kept, and of events all, as long as there is an older answer.
    """
    events = [kit.told(at, Status.ASSIGNED) for at in range(4)]
    answers = polls(kit, 3)
    late = kit.told(500, Status.TO_DROPOFF)

    assert [one.id for one in (*events[:2], answers[-1], *events[2:], late)] == bounded(
        kit, *events[:2], *answers, *events[2:], late, each=6
    )


def test_event_that_was_repeated_goes_before_the_only_answer(kit):
    """
    That a delivery was booked here is not forgotten for events.
    """
    booked, *_ = polls(kit, 1)
    events = [kit.told(at, Status.TO_DROPOFF) for at in range(200, 205)]

    assert [one.id for one in (booked, *events[-2:])] == bounded(kit, booked, *events, each=3)


def test_milestone_that_a_later_answer_repeats_goes(kit):
    """
    Answers that all tell of one milestone drop none that only an event told of.
    """
    event = kit.told(1, Status.TO_PICKUP, milestones={Milestone.COURIER_CHANGED})
    answers = polls(kit, 4, milestones={Milestone.ATTEMPT_FAILED})

    assert [event.id, answers[-1].id] == bounded(kit, event, *answers, each=2)


def test_what_is_told_late_drops_nothing_newer(kit):
    """
    An answer of an earlier moment does not stand in for a later one.
    """
    new, old = kit.told(9, Status.TO_DROPOFF, asked=True), kit.told(1, Status.PENDING, asked=True)
    event = kit.told(2, Status.TO_PICKUP)

    assert [new.id, old.id] == bounded(kit, event, new, old, each=2)


def test_what_anybody_could_have_written_drops_no_verified_end(kit):
    """
    An end is not forgotten for the same one unverified, and outlasts those that are not.
    """
    end = kit.told(1, Status.DELIVERED)
    forged = [attrs.evolve(kit.told(at, Status.DELIVERED), verified=False) for at in range(2, 6)]

    assert [end.id, forged[-1].id] == bounded(kit, end, *forged, each=2)


def test_of_ends_that_differ_the_earliest_goes(kit):
    """
    When nothing can be spared, what came first is dropped.
    """
    ends = [kit.told(1, Status.DELIVERED), kit.told(2, Status.RETURNED)]
    ends.append(kit.told(3, Status.CANCELLED))

    assert [one.id for one in ends[1:]] == bounded(kit, *ends, each=2)


def test_what_passes_goes_before_what_does_not_come_back(kit):
    """
    The only answer goes before an end or a milestone, what is unverified before what is
    verified, and of three ends the one that was repeated.
    """
    answer = kit.told(2, Status.TO_DROPOFF, asked=True)
    late = kit.told(3, Status.TO_DROPOFF)
    milestone = kit.told(1, Status.TO_PICKUP, milestones={Milestone.COURIER_CHANGED})
    end = kit.told(1, Status.DELIVERED)
    forged = attrs.evolve(kit.told(2, Status.CANCELLED), verified=False)
    returned = [kit.told(at, Status.RETURNED) for at in (3, 4)]
    cases = [
        ([milestone, late], [milestone, answer, late]),
        ([end, late], [end, answer, late]),
        ([end, returned[0]], [end, forged, returned[0]]),
        ([end, returned[1]], [end, *returned]),
    ]

    assert [[one.id for one in kept] for kept, _ in cases] == [
        bounded(kit, *told, each=2) for _, told in cases
    ]


def test_answer_of_a_later_moment_goes_before_an_end(kit):
    """
    So does an answer that nothing repeats.
    """
    end, answer = kit.told(1, Status.DELIVERED), kit.told(9, Status.TO_DROPOFF, asked=True)
    event = kit.told(5, Status.TO_PICKUP)

    assert [end.id, event.id] == bounded(kit, end, answer, event, each=2)
