"""
Every fault by its name: what the caller meets, and whether it was done.
"""

from __future__ import annotations

import errno
import threading

import pytest
import urllib3
from werkzeug.wrappers import Response


@pytest.fixture(autouse=True)
def _no_failure(caplog):
    """
    A fault is carried out on purpose: the server has nothing to complain about.
    """
    yield
    assert "the simulator itself failed" not in caplog.text


@pytest.fixture(name="book")
def _book(pool):
    def book(**settings):
        return pool.request("PUT", "/things/a", **settings)

    return book


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("refuse_429", 429),
        ("error_500_before", 500),
        ("error_503_before", 503),
        ("stale_404", 404),
    ],
)
def test_refusals_do_nothing(server, carrier, book, name, status):
    """
    The carrier's own words, and nothing booked.
    """
    server.faults.arm(name, "book")
    answer = book()

    words = {"refused": status, "thing": "a"}
    assert (status, words, []) == (answer.status, answer.json(), carrier.booked)
    assert "Retry-After" not in answer.headers


def test_refuse_429_may_say_when_to_come_back(server, book):
    """
    ``retry_after`` becomes the header.
    """
    server.faults.arm("refuse_429", retry_after=7)

    assert book().headers["Retry-After"] == "7"


def test_redirect_307_does_nothing(server, carrier, book):
    """
    The location is handed on as it was given.
    """
    server.faults.arm("redirect_307", location="http://other.example/things")
    answer = book(redirect=False)

    assert (307, "http://other.example/things") == (answer.status, answer.headers["Location"])
    assert [] == carrier.booked


@pytest.mark.parametrize(("name", "booked"), [("rst_before", []), ("rst_after", ["a"])])
def test_resets_are_resets(server, carrier, book, name, booked):
    """
    The caller meets ECONNRESET, not an orderly end.
    """
    server.faults.arm(name, "book")
    with pytest.raises(urllib3.exceptions.ProtocolError) as caught:
        book()

    assert errno.ECONNRESET == caught.value.args[1].errno
    assert booked == carrier.booked


@pytest.mark.parametrize(
    ("name", "parameters"), [("fin_after", {}), ("timeout_after", {"seconds": 0.01})]
)
def test_orderly_ends_carry_no_byte(server, carrier, book, name, parameters):
    """
    It was done, and the connection ends without a word.
    """
    server.faults.arm(name, "book", **parameters)
    with pytest.raises(urllib3.exceptions.ProtocolError, match="without response"):
        book()

    assert ["a"] == carrier.booked


def test_timeout_after_is_silent(server, carrier, book):
    """
    It was done; the caller's patience ends first.
    """
    server.faults.arm("timeout_after", "book")
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        book(timeout=0.03)

    assert ["a"] == carrier.booked


def test_late_commit_happens_after_the_caller_left(server, carrier, book):
    """
    Nothing is done while the caller waits, and then it is done all the same.
    """
    server.faults.arm("late_commit", "book", seconds=0.04)
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        book(timeout=0.005)
    before = list(carrier.booked)

    assert [] == before
    assert carrier.committed.wait(2)
    assert ["a"] == carrier.booked


@pytest.mark.parametrize("name", ["late_commit", "timeout_after"])
def test_held_connections_end_with_the_server(server, carrier, book, name):
    """
    No thread stays behind, and what was late is not committed any more.
    """
    server.faults.arm(name, "book", seconds=30)
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        book(timeout=0.02)
    server.stop()
    held = [one for one in threading.enumerate() if "process_request" in one.name]
    for thread in held:
        thread.join(2)

    assert [] == [thread for thread in held if thread.is_alive()]
    assert ([] if name == "late_commit" else ["a"]) == carrier.booked


def test_late_commit_works_on_a_server_that_started_again(server, carrier, pool):
    """
    Stopping once does not stop what is late for ever.
    """
    server.stop()
    server.start()
    server.faults.arm("late_commit", "book", seconds=0)
    with urllib3.PoolManager(retries=False) as again:
        with pytest.raises(urllib3.exceptions.ReadTimeoutError):
            again.request("PUT", f"{server.base_url}/things/a", timeout=0.02)

        assert carrier.committed.wait(2)


def test_truncate_after_sends_half_the_body(server, carrier, book):
    """
    It was done; the answer ends before the length it announced.
    """
    server.faults.arm("truncate_after", "book")
    answer = book(preload_content=False)
    with pytest.raises(urllib3.exceptions.ProtocolError) as caught:
        answer.read()
    total = int(answer.headers["Content-Length"])

    assert (200, total - total // 2) == (answer.status, len(caught.value.args[1].partial))
    assert ["a"] == carrier.booked


def test_drip_after_sends_everything_byte_by_byte(server, carrier, book):
    """
    It was done, and a patient caller gets the whole answer.
    """
    server.faults.arm("drip_after", "book", milliseconds=0)

    assert book().json()["id"] == "a"
    assert ["a"] == carrier.booked


def test_drip_after_takes_its_time(server, book):
    """
    A caller with a total deadline cannot have the answer.
    """
    server.faults.arm("drip_after", "book", milliseconds=40)

    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        book(timeout=0.02)


@pytest.mark.parametrize(
    ("name", "kind", "start"),
    [
        ("html_200_after", "text/html; charset=utf-8", b"<!doctype html>"),
        ("empty_200_after", "application/json", b""),
        ("garbage_json", "application/json", b'{{"id"'),
    ],
)
def test_useless_answers_have_status_200(server, carrier, book, name, kind, start):
    """
    It was done, and the answer does not say so.
    """
    server.faults.arm(name, "book")
    answer = book()

    assert (200, kind) == (answer.status, answer.headers["Content-Type"])
    assert start == answer.data[: len(start) or None]
    assert ["a"] == carrier.booked
    if answer.data:
        with pytest.raises(ValueError):
            answer.json()


def test_error_500_after_was_done(server, carrier, book):
    """
    The carrier's 500 hides a booking.
    """
    server.faults.arm("error_500_after", "book")

    assert (500, ["a"]) == (book().status, carrier.booked)


def test_wrong_id_after_is_the_carriers_choice(server, carrier, book):
    """
    It was done, and the answer speaks of another.
    """
    server.faults.arm("wrong_id_after", "book")

    assert ({"id": "another"}, ["a"]) == (book().json(), carrier.booked)


def test_alter_after_changes_one_field(server, carrier, book):
    """
    It was done, and one field has the value that was asked for.
    """
    server.faults.arm("alter_after", "book", field="said", value=None)

    assert ({"id": "a", "said": None}, ["a"]) == (book().json(), carrier.booked)


def test_alter_after_changes_each_entry_of_an_array(server, carrier, book, monkeypatch):
    """
    An answer that is a list of outcomes is altered throughout.
    """
    many = Response('[{"id": "a"}, {"id": "b", "said": 1}]', content_type="application/json")
    monkeypatch.setattr(carrier, "answer", lambda *_: many)
    server.faults.arm("alter_after", "book", field="said", value=None)

    assert [{"id": "a", "said": None}, {"id": "b", "said": None}] == book().json()


def test_a_fault_is_over_when_it_was_met(server, book):
    """
    The request after it is answered as usual.
    """
    server.faults.arm("error_500_before", "book")

    assert [500, 200] == [book().status, book().status]
