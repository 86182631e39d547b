"""
The journal: what it keeps, what it drops, and what never gets in. Both kinds alike.
"""

from __future__ import annotations

import sqlite3
import stat
import sys
import threading
from datetime import timedelta

import attrs
import pytest

from doorstep.models import DeliveryId, End, Milestone, Status
from doorstep.support import Journal, SqliteJournal
from doorstep.support._records import CUT


def test_exchange_comes_back_as_it_was(kit, journal):
    """
    All that an observer saw of an exchange is there, and the call that it belongs to.
    """
    kit.call(journal, at=3.0)
    kept = journal.history(kit.ID)

    assert (kit.exchange(at=3.0),) == kept.exchanges
    assert [("dispatch", "c1")] == [(one.operation, one.call_id) for one in kept.steps]
    assert ("order-118", 1) == (kept.reference, kept.revision)


def test_call_that_never_learnt_the_id_is_found_by_its_reference(kit, journal):
    """
    A dispatch whose answer was lost belongs to the delivery that a later call found.
    """
    kit.call(journal, "lost", 0.0, delivery_id=None, error="outcome_unknown")
    kit.call(journal, "found", 1.0, operation="find")
    kept = journal.history(kit.ID)

    assert ["lost", "found"] == [one.call_id for one in kept.steps]
    assert ["lost", "found"] == [one.call_id for one in kept.exchanges]


def test_other_deliveries_stay_out(kit, journal):
    """
    Another delivery, revision or account is somebody else's case.
    """
    kit.call(journal, "mine")
    kit.call(journal, "other", delivery_id="acme/main/D-7", reference="order-7")
    kit.call(journal, "revision", delivery_id=None, revision=2)
    kit.call(journal, "account", account="uptown", delivery_id=None)
    kit.call(journal, "same", delivery_id="acme/main/D-9")
    kept = journal.history(kit.ID)

    assert ["mine"] == [one.call_id for one in kept.steps]
    assert ["mine"] == [one.call_id for one in kept.exchanges]


def test_call_that_was_cancelled_after_all_is_one_step(kit, journal):
    """
    Observers hear of it twice; it was made once.
    """
    kit.call(journal)
    journal.on_call(kit.summary(cancelled=True))
    kit.call(journal, "c2", operation="track")
    (first, second) = journal.history(kit.ID).steps

    assert ("dispatch", True, 1) == (first.operation, first.cancelled, first.attempts)
    assert ("track", False) == (second.operation, second.cancelled)


def test_timeline_tells_statuses_in_order_and_once(kit, journal):
    """
    Late news takes its place, and what was said before is not said again.
    """
    journal.on_change(kit.change(0, raw_status="created", support_ref="8711"))
    journal.on_change(kit.change(20, Status.TO_DROPOFF, asked=False))
    journal.on_change(kit.change(10, Status.TO_PICKUP, asked=False, verified=False))
    journal.on_change(kit.change(30, Status.DELIVERED, end=End()))
    journal.on_change(kit.change(40, Status.DELIVERED, end=End()))
    kept = journal.history(kit.ID)

    assert [
        (Status.PENDING, "created", True, True),
        (Status.TO_PICKUP, None, False, False),
        (Status.TO_DROPOFF, None, False, True),
        (Status.DELIVERED, None, True, True),
    ] == [(one.status, one.raw_status, one.asked, one.verified) for one in kept.timeline]
    assert "unknown, by unknown" == kept.timeline[-1].end
    assert "8711" == kept.support_ref


def test_repeated_status_takes_no_room(kit, new):
    """
    Asking again and again does not push out what was told before.
    """
    journal = new(records=2)
    journal.on_change(kit.change(0))
    for at in range(10):
        journal.on_change(kit.change(at, Status.TO_PICKUP))

    assert [Status.PENDING, Status.TO_PICKUP] == [
        one.status for one in journal.history(kit.ID).timeline
    ]


def test_what_tells_nothing_of_the_way_is_not_kept(kit, journal):
    """
    A courier's place is no status.
    """
    journal.on_change(kit.change(0, Status.UNKNOWN))
    journal.on_change(kit.change(1, Status.UNKNOWN, milestones={Milestone.DELAYED}))

    assert [("delayed",)] == [one.milestones for one in journal.history(kit.ID).timeline]


def test_nothing_personal_gets_in(kit, journal, tmp_path):
    """
    Of a delivery the names, phones and links stay outside, whatever stands for a status.
    """
    prose = "call Zebulon +16505550199"
    end = End(raw_reason=prose)
    journal.on_change(kit.change(0, raw_status=prose, support_ref=prose))
    journal.on_change(kit.change(1, Status.CANCELLED, end=end))
    held = "".join(one.read_bytes().decode("latin-1") for one in tmp_path.iterdir())
    held += repr([*getattr(journal._records, "_kept", ())]) + repr(journal.history(kit.ID))

    assert "Zebulon" not in held
    assert "5550199" not in held
    assert "(not a code)" in held


def test_large_exchange_is_kept_without_its_bodies(kit, new):
    """
    What would fill the journal is cut, and the cut shows; one without room is dropped.
    """
    journal = new(exchange_bytes=900)
    journal.on_exchange(kit.exchange(response_body={"x": "y" * 2_000}, response_size=2_009))
    journal.on_call(kit.summary())
    (kept,) = journal.history(kit.ID).exchanges

    assert (CUT, CUT, 2_009) == (kept.request_body, kept.response_body, kept.response_size)


@pytest.mark.parametrize("body", [None, {1: object()}, "\ud800"])
def test_body_that_is_no_json_breaks_nothing(kit, journal, body):
    """
    The rest of the exchange is there.
    """
    journal.on_exchange(kit.exchange(response_body=body))
    journal.on_call(kit.summary())
    (kept,) = journal.history(kit.ID).exchanges

    assert 200 == kept.status
    assert kept.response_body in (None, CUT)


def test_oldest_go_first(kit, new):
    """
    No more is kept than was said.
    """
    journal = new(records=4)
    for number in range(10):
        kit.call(journal, f"c{number}", number)

    assert ["c8", "c9"] == [one.call_id for one in journal.history(kit.ID).exchanges]


def test_memory_is_bounded_by_bytes(kit):
    """
    Many large exchanges do not fill the memory.
    """
    journal = Journal(total_bytes=20_000)
    for number in range(100):
        body = {"x": "y" * 5_000}
        journal.on_exchange(kit.exchange(f"c{number}", response_body=body))
    records = journal._records

    assert 2 <= len(records._kept) <= 4
    assert records._size <= 20_000


def test_forgotten_is_gone(kit, journal, tmp_path):
    """
    The delivery, its calls and exchanges go; others stay. The file holds nothing of it.
    """
    kit.call(journal, "lost-c1", delivery_id=None)
    kit.call(journal, "mine-c2")
    journal.on_change(kit.change())
    kit.call(journal, "other-c3", delivery_id="acme/main/D-7", reference="order-7")
    journal.forget(str(kit.ID))
    held = b"".join(one.read_bytes() for one in tmp_path.iterdir())

    assert () == journal.history(kit.ID).steps == journal.history(kit.ID).timeline
    assert 1 == len(journal.history(DeliveryId("acme", "main", "D-7")).exchanges)
    assert not any(text in held for text in (b"lost-c1", b"mine-c2", b"order-118"))


def test_forgotten_delivery_may_be_told_of_again(kit, journal):
    """
    What was forgotten is no reason to leave news out.
    """
    journal.on_change(kit.change())
    journal.forget(kit.ID)
    journal.on_change(kit.change())

    assert 1 == len(journal.history(kit.ID).timeline)


def test_file_drops_what_is_too_old(kit, clock, tmp_path):
    """
    After the days that were said a record is gone, once something is written.
    """
    with SqliteJournal(tmp_path / "journal.db", days=2, clock=clock) as journal:
        kit.call(journal, "old")
        clock.sleep(timedelta(days=3).total_seconds(), threading.Event())
        kit.call(journal, "new")

        assert ["new"] == [one.call_id for one in journal.history(kit.ID).steps]


def test_file_is_read_by_the_next_process(kit, tmp_path):
    """
    What one journal wrote another one finds, also while both are open.
    """
    path = tmp_path / "journal.db"
    with SqliteJournal(path) as first, SqliteJournal(path) as second:
        kit.call(first)
        first.on_change(kit.change())
        second.on_change(kit.change(5))

        assert 1 == len(second.history(kit.ID).exchanges)
        assert 1 == len(first.history(kit.ID).timeline)


@pytest.mark.skipif(sys.platform == "win32", reason="files have no mode there")
def test_file_is_its_owners_alone(kit, tmp_path):
    """
    The file and what SQLite puts beside it.
    """
    with SqliteJournal(tmp_path / "journal.db") as journal:
        kit.call(journal)
        modes = {stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}

    assert {0o600} == modes


def test_what_another_version_wrote_is_left_out(kit, tmp_path):
    """
    A record that cannot be read does not hide the others.
    """
    path = tmp_path / "journal.db"
    with SqliteJournal(path) as journal:
        kit.call(journal, "c1")
        kit.call(journal, "c2")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("UPDATE record SET text = '{\"new\": 1}' WHERE call_id = 'c1'")
        other.close()
        kept = journal.history(kit.ID)

    assert ["c2"] == [one.call_id for one in kept.steps]
    assert ["c2"] == [one.call_id for one in kept.exchanges]


def test_many_threads_write_at_once(kit, journal):
    """
    Nothing is lost, and nobody is in the way of another.
    """
    threads = [
        threading.Thread(target=kit.call, args=(journal, f"c{number}")) for number in range(8)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert {f"c{number}" for number in range(8)} == {
        one.call_id for one in journal.history(kit.ID).exchanges
    }


def test_kept_values_are_frozen(kit, journal):
    """
    A history is a value.
    """
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        journal.history(kit.ID).steps = ()
