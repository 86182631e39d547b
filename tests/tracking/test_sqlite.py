"""
The store in a file: private, for threads and processes, and whole after a failure.
"""

from __future__ import annotations

import multiprocessing
import sqlite3
import stat
import sys
import traceback
from pathlib import Path

import attrs
import pytest

from doorstep.errors import ValidationError
from doorstep.models import Courier, Status
from doorstep.tracking import SqliteEventStore
from doorstep.tracking import _file as module

posix = pytest.mark.skipif(sys.platform == "win32", reason="files have no mode there")

COURIER = Courier(name="Zebulon Canary", phone="+16505550199")


@pytest.fixture
def path(tmp_path):
    """
    Where the file is.
    """
    return tmp_path / "events.db"


@pytest.fixture
def store(path):
    """
    A store that does not wait long for others.
    """
    with SqliteEventStore(path, timeout_s=0.01) as store:
        yield store


def holds(path: Path, text: bytes) -> bool:
    """
    Whether *text* is in the file or beside it.
    """
    return any(text in file.read_bytes() for file in path.parent.iterdir())


def modes(path: Path) -> dict[str, int]:
    """
    Return who may do what with the file and those beside it.
    """
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}


def shown(error: BaseException) -> str:
    """
    Return what a reporter of errors makes of it: frames with their locals.
    """
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "".join(report.format())


def locked(path: Path) -> sqlite3.Connection:
    """
    Return somebody else's connection, who is writing.
    """
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_file_survives_its_process(kit, path):
    """
    What was added is there for the next process.
    """
    for at in (1, 2):
        with SqliteEventStore(path) as store:
            store.add(kit.told(at, Status.ASSIGNED))

            assert at == len(store.history(kit.ID))


def test_what_was_told_comes_back_whole(kit, store):
    """
    Whether it was asked, and whether it is known to be the carrier's, is kept too.
    """
    told = {
        f"{asked}{verified}": attrs.evolve(
            kit.told(1, name=f"{asked}{verified}"), asked=asked, verified=verified
        )
        for asked in (False, True)
        for verified in (False, True)
    }
    for one in told.values():
        store.add(one)

    assert told == {one.id: one for one in store.history(kit.ID)}


@posix
def test_file_is_private(kit, path, store):
    """
    It and what is beside it are readable for its owner alone.
    """
    store.add(kit.told(1))

    assert {0o600} == set(modes(path).values())
    assert 3 == len(modes(path))


@posix
def test_file_that_others_could_read_is_made_private(kit, path):
    """
    So is a file that was there before, and what a process that was killed left beside it.
    """
    with SqliteEventStore(path) as before:
        before.add(kit.told(1))
        for file in path.parent.iterdir():
            file.chmod(0o644)
        with SqliteEventStore(path) as store:
            store.add(kit.told(2))

            assert {0o600} == set(modes(path).values())


@posix
def test_file_of_somebody_else_keeps_its_mode(path, monkeypatch):
    """
    A file that is not ours is not ours to change.
    """
    path.touch(0o644)
    path.chmod(0o644)
    monkeypatch.setattr(module.os, "geteuid", lambda: path.stat().st_uid + 1)
    with SqliteEventStore(path):
        assert 0o644 == modes(path)[path.name]


def test_path_is_of_the_moment_it_was_given(kit, tmp_path, monkeypatch):
    """
    Who goes elsewhere, as a process in the background does, takes the file along.
    """
    monkeypatch.chdir(tmp_path)
    store = SqliteEventStore(":memory:")
    store.add(kit.told(1))
    store.close()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with store:
        assert 1 == len(store.history(kit.ID))


def test_forgotten_delivery_is_not_in_the_file(kit, path, store):
    """
    Dropping overwrites at once, while the store and others have the file open.
    """
    with SqliteEventStore(path) as other:
        other.history(kit.ID)
        store.add(kit.told(1, Status.ASSIGNED, courier=COURIER))
        before = holds(path, b"Zebulon")
        store.forget(kit.ID)

        assert before
        assert not holds(path, b"Zebulon")


def test_forgetting_that_could_not_overwrite_says_so(kit, path, store):
    """
    While somebody reads what was, it stays; asked again, it goes.
    """
    store.add(kit.told(1, Status.ASSIGNED, courier=COURIER))
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM observation").fetchall()
    with pytest.raises(sqlite3.OperationalError, match="not yet overwritten"):
        store.forget(kit.ID)
    gone = store.history(kit.ID)
    reader.close()
    store.forget(kit.ID)

    assert () == gone
    assert not holds(path, b"Zebulon")


def test_locked_file_is_said(kit, path, store):
    """
    While another process writes for too long nothing is added, and that is an error.
    """
    other = locked(path)
    with pytest.raises(sqlite3.OperationalError):
        store.add(kit.told(1, Status.ASSIGNED))
    other.close()

    assert () == store.add(kit.told(1, Status.ASSIGNED))


def test_failure_of_the_file_shows_nobody(kit, store):
    """
    A traceback with locals holds no name and no phone, when the disk is full.
    """
    store.add(kit.told(1))
    store._connection.execute("PRAGMA max_page_count = 1")  # no more than there are
    told = kit.told(2, Status.ASSIGNED, courier=COURIER, raw={"long": "x" * 20_000})
    with pytest.raises(sqlite3.OperationalError, match="full") as caught:
        store.add(told)
    report = shown(caught.value)

    assert "observation = " in report
    assert "Zebulon" not in report
    assert "6505550199" not in report


class Broken:
    """
    A connection on which one statement does something else.
    """

    def __init__(self, real, statement, act):
        self.real, self.statement, self.act = real, statement, act

    def execute(self, statement, *values):
        """
        Go on to the connection, or to the act.
        """
        if statement.startswith(self.statement):
            return self.act(lambda: self.real.execute(statement, *values))
        return self.real.execute(statement, *values)

    def __getattr__(self, name):
        return getattr(self.real, name)


def full(_):
    """
    Fail as SQLite does.
    """
    message = "database or disk is full"
    raise sqlite3.OperationalError(message)


def interrupted(go_on):
    """
    Do it, and be interrupted behind it.
    """
    go_on()
    raise KeyboardInterrupt


@pytest.mark.parametrize("statement", ["SELECT", "COMMIT"])
def test_failing_statement_shows_nobody(kit, store, monkeypatch, statement):
    """
    Nor when something fails later, with what was there before already read.
    """
    store.add(kit.told(1, Status.ASSIGNED, courier=COURIER))
    monkeypatch.setattr(store, "_connection", Broken(store._connection, statement, full))
    with pytest.raises(sqlite3.OperationalError) as caught:
        store.add(kit.told(2, Status.ASSIGNED, courier=COURIER))
    report = shown(caught.value)

    assert "observation = " in report
    assert "Zebulon" not in report


def test_what_cannot_be_read_again_shows_nobody(kit, path, store):
    """
    Nor when the file holds what another version wrote.
    """
    store.add(kit.told(1, Status.ASSIGNED, courier=COURIER))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("""UPDATE observation SET told = replace(told, '"assigned"', '"beamed"')""")
    other.close()
    with pytest.raises(ValidationError) as caught:
        store.history(kit.ID)
    report = shown(caught.value)

    assert "_parsed" in report
    assert "Zebulon" not in report


@pytest.mark.parametrize(
    ("statement", "act", "kept"),
    [
        ("BEGIN", interrupted, 0),
        ("INSERT", interrupted, 0),
        ("COMMIT", interrupted, 1),
        ("BEGIN", full, 0),
        ("COMMIT", full, 0),
    ],
)
def test_store_works_after_a_failure(kit, path, store, monkeypatch, statement, act, kept):
    """
    Whatever statement fails or is interrupted: nothing is half done, and the next works,
    here and in other processes.
    """
    with monkeypatch.context() as patch:
        patch.setattr(store, "_connection", Broken(store._connection, statement, act))
        with pytest.raises((sqlite3.OperationalError, KeyboardInterrupt)):
            store.add(kit.told(1))
    with SqliteEventStore(path, timeout_s=0.01) as other:
        assert kept == len(other.add(kit.told(2)))
    assert kept + 1 == len(store.add(kit.told(3)))


def _add(path: Path, observations) -> None:
    with SqliteEventStore(path) as store:
        for one in observations:
            store.add(one)


def test_processes_share_a_file(kit, path):
    """
    Two processes that add at once lose nothing and keep nothing twice.
    """
    told = [kit.told(at) for at in range(40)]
    context = multiprocessing.get_context("spawn")
    with SqliteEventStore(path) as store:
        children = [context.Process(target=_add, args=(path, told)) for _ in range(2)]
        for child in children:
            child.start()
        for child in children:
            child.join()

        assert 40 == len(store.history(kit.ID))
