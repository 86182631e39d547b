"""
A store in a file that is open when its process forks.
"""

from __future__ import annotations

import multiprocessing
import os
import threading

import pytest

from doorstep.tracking import SqliteEventStore, _fork
from doorstep.tracking import _sqlite as module

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")
#: That a process with threads may fork safely is what is tried here.
with_threads = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")


@pytest.fixture
def path(tmp_path):
    """
    Where the file is.
    """
    return tmp_path / "events.db"


def heard(end):
    """
    Return what the other end sent; a child that hangs or fails sends nothing.
    """
    assert end.poll(5)
    return end.recv()


@forks
@with_threads
def test_store_that_is_open_loses_nothing_over_a_fork(kit, path):
    """
    Parent and child go on with the same store, and either may close it first.
    """
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    store = SqliteEventStore(path)
    store.add(kit.told(0))

    def work():
        store.add(kit.told(1))
        there.send("added")
        there.recv()
        for at in range(2, 12):
            store.add(kit.told(at))
        there.send(len(store.history(kit.ID)))
        there.recv()  # ends without closing

    child = context.Process(target=work, daemon=True)
    child.start()
    heard(here)
    store.close()
    here.send("closed")
    in_child = heard(here)
    with SqliteEventStore(path) as other:
        meanwhile = len(other.history(kit.ID))
    here.send("end")
    child.join()
    here.close()
    there.close()
    with store:
        assert (12, 12, 12) == (in_child, meanwhile, len(store.history(kit.ID)))


@forks
@with_threads
def test_fork_waits_for_a_thread_that_writes(kit, path, monkeypatch):
    """
    A child inherits no lock that a thread of its parent held, nor half of what it wrote.
    """
    writing, forking = threading.Event(), threading.Event()
    os.register_at_fork(before=forking.set)  # stays, and does nothing later
    rows = module._rows

    def slow(*values):
        writing.set()
        forking.wait(10)
        return rows(*values)

    with SqliteEventStore(path) as store:
        monkeypatch.setattr(module, "_rows", slow)
        thread = threading.Thread(target=store.add, args=(kit.told(1),))
        thread.start()
        writing.wait()
        child = multiprocessing.get_context("fork").Process(
            target=lambda: os._exit(len(store.add(kit.told(2)))), daemon=True
        )
        child.start()
        child.join(5)
        child.kill()
        child.join()
        thread.join()

        assert 1 == child.exitcode
        assert 2 == len(store.history(kit.ID))


@forks
@with_threads
def test_fork_keeps_no_store_alive(kit, path, tmp_path):
    """
    A process that makes many stores and forks often holds only those that are in use.
    """
    before = len(_fork._alive)
    for number in range(3):
        SqliteEventStore(tmp_path / f"{number}.db").close()
    if not (child := os.fork()):
        os._exit(0)
    os.waitpid(child, 0)

    assert (before, []) == (len(_fork._alive), _fork._held)
