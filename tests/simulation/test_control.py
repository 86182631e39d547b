"""
The control API under ``/_simulator/``.
"""

from __future__ import annotations

import json

import pytest

from doorstep.simulation import FAULT_NAMES


@pytest.fixture(name="control")
def _control(pool):
    def control(method, path, body=None):
        answer = pool.request(
            method, f"/_simulator/{path}", body=None if body is None else json.dumps(body)
        )
        return answer.status, answer.json()

    return control


def test_clock_is_read_and_set(server, control):
    """
    Stop, resume, speed and step, alone or together.
    """
    start = server.clock.now()
    status, reading = control("POST", "clock", {"stop": True, "speed": 60, "step": 300})

    assert (200, True, 60.0) == (status, reading["stopped"], reading["speed"])
    assert (200, reading) == control("GET", "clock")
    assert (server.clock.now() - start).total_seconds() == 300
    assert control("POST", "clock", {"resume": True, "speed": 0})[1]["stopped"] is False


def test_faults_are_armed_listed_and_cleared(server, control):
    """
    Everything that can be armed in Python can be armed here.
    """
    armed = {"name": "refuse_429", "operation": "read", "times": 2, "retry_after": 7}
    expected = {"armed": [armed], "known": list(FAULT_NAMES)}

    assert (200, expected) == control("POST", "faults", armed)
    assert (200, expected) == control("GET", "faults")
    assert [armed] == control("DELETE", "faults?name=rst_after")[1]["armed"]
    assert [] == control("DELETE", "faults")[1]["armed"]
    assert server.faults.take("read") is None


def test_books_show_what_was_booked(pool, control):
    """
    The carrier's books, whatever the caller was told.
    """
    pool.request("PUT", "/things/a")

    assert (200, {"deliveries": [{"id": "a"}]}) == control("GET", "books")


def test_requests_show_what_arrived(pool, control):
    """
    The journal, without the control API's own requests.
    """
    pool.request("PUT", "/things/a")
    seen = [{"method": "PUT", "route": "/things/<thing>", "count": 1}]

    assert (200, {"requests": seen}) == control("GET", "requests")


def test_advance_moves_a_delivery(pool, control):
    """
    The details go to the carrier as they are.
    """
    pool.request("PUT", "/things/a%20b")
    answer = control("POST", "deliveries/a%20b/advance", {"to": "done", "why": "so"})

    assert (200, {"id": "a b", "status": "done", "why": "so"}) == answer


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("POST", "clock", {"backwards": 1}, 400, "does not know 'backwards'"),
        ("POST", "clock", {"step": -1}, 400, "only steps ahead"),
        ("POST", "clock", {"speed": "fast"}, 400, "not supported"),
        ("POST", "clock", [], 400, "JSON object"),
        ("POST", "faults", {"name": "rst"}, 400, "no fault named 'rst'"),
        ("POST", "faults", {}, 400, "name"),
        ("POST", "deliveries/a/advance", {"to": "nowhere"}, 409, "not there"),
        ("POST", "deliveries/b/advance", {"to": "done"}, 404, "no such thing"),
        ("POST", "deliveries/a/advance", {}, 400, "to"),
        ("GET", "secrets", None, 404, "not found"),
        ("DELETE", "clock", None, 405, "not allowed"),
    ],
)
def test_nonsense_is_refused_with_a_message(pool, control, method, path, body, status, message):
    """
    A request that cannot be met says why.
    """
    pool.request("PUT", "/things/a")
    answer = control(method, path, body)

    assert status == answer[0]
    assert message in answer[1]["message"]


def test_broken_json_is_refused(pool):
    """
    A body that is no JSON is no wish.
    """
    assert pool.request("POST", "/_simulator/clock", body=b"{").status == 400
