"""
Stores keep what was told once, in memory or in a file, for threads and processes.
"""

from __future__ import annotations

import multiprocessing
import sqlite3
import stat
import threading
from pathlib import Path

import attrs
import pytest

from doorstep.models import DeliveryId, Status
from doorstep.tracking import MemoryEventStore, SqliteEventStore


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


def test_file_survives_its_process_and_is_private(kit, tmp_path):
    """
    What was added is there for the next process, and readable for its owner alone.
    """
    path = tmp_path / "events.db"
    with SqliteEventStore(path) as store:
        store.add(kit.told(1, Status.ASSIGNED))

    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    with SqliteEventStore(path) as store:
        assert 1 == len(store.history(kit.ID))


def test_forgotten_delivery_is_not_in_the_file(kit, tmp_path):
    """
    Dropping overwrites: the name is nowhere in the file once it is written back.
    """
    path = tmp_path / "events.db"
    with SqliteEventStore(path) as store:
        store.add(kit.told(1, Status.ASSIGNED, tracking_url="https://acme.example/canary-url"))
        store.forget(kit.ID)
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())

    assert b"canary-url" not in content


def test_locked_file_is_said(kit, tmp_path):
    """
    While another process writes for too long nothing is added, and that is an error.
    """
    path = tmp_path / "events.db"
    with SqliteEventStore(path, timeout_s=0.01) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError):
            store.add(kit.told(1, Status.ASSIGNED))
        other.execute("ROLLBACK")
        other.close()

        assert () == store.add(kit.told(1, Status.ASSIGNED))


def _add(path: Path, observations) -> None:
    with SqliteEventStore(path) as store:
        for one in observations:
            store.add(one)


def test_processes_share_a_file(kit, tmp_path):
    """
    Two processes that add at once lose nothing and keep nothing twice.
    """
    path = tmp_path / "events.db"
    told = [kit.told(at) for at in range(40)]
    context = multiprocessing.get_context("spawn")
    with SqliteEventStore(path) as store:
        children = [context.Process(target=_add, args=(path, told)) for _ in range(2)]
        for child in children:
            child.start()
        for child in children:
            child.join()

        assert 40 == len(store.history(kit.ID))


def test_store_with_an_open_file_works_after_a_fork(kit, tmp_path):
    """
    A child opens the file for itself: SQLite's connections must not cross a fork.
    """
    path = tmp_path / "events.db"
    with SqliteEventStore(path) as store:
        store.add(kit.told(1))
        connection = store._connection
        store._pid = -1  # as if this were the child
        store.add(kit.told(2))

        assert 2 == len(store.history(kit.ID))
        assert connection is not store._connection
        connection.close()
