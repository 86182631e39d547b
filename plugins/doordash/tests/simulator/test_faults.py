"""
Every fault on a real operation: what the caller meets, and what the books say.
"""

from __future__ import annotations

import pytest
import urllib3

from doorstep.simulation import FAULT_NAMES

DELIVERIES = "/drive/v2/deliveries"
#: The fault, its parameters, whether the delivery is booked, and the status of the
#: answer; None when there is none.
MEETINGS = [
    ("refuse_429", {"retry_after": 7}, False, 429),
    ("error_500_before", {}, False, 500),
    ("error_503_before", {}, False, 503),
    ("stale_404", {}, False, 404),
    ("redirect_307", {"location": "http://127.0.0.1:9/"}, False, 307),
    ("rst_before", {}, False, None),
    ("error_500_after", {}, True, 500),
    ("rst_after", {}, True, None),
    ("fin_after", {}, True, None),
    ("timeout_after", {"seconds": 0.01}, True, None),
    ("late_commit", {"seconds": 30}, False, None),
    ("truncate_after", {}, True, None),
    ("drip_after", {"milliseconds": 0}, True, 200),
    ("html_200_after", {}, True, 200),
    ("empty_200_after", {}, True, 200),
    ("garbage_json", {}, True, 200),
    ("wrong_id_after", {}, True, 200),
    ("alter_after", {"field": "currency", "value": "CAD"}, True, 200),
]


@pytest.fixture(name="pool")
def _pool():
    with urllib3.PoolManager(retries=False) as pool:
        yield pool


@pytest.fixture(name="create")
def _create(drive, call, pool, request_body):
    def create(timeout=5.0):
        headers = {"Authorization": f"Bearer {call.token()}"}
        url = drive.base_url + DELIVERIES
        return pool.request(
            "POST", url, json=request_body(), headers=headers, redirect=False, timeout=timeout
        )

    return create


@pytest.mark.parametrize(("name", "parameters", "booked", "status"), MEETINGS)
def test_faults_keep_their_word(drive, create, name, parameters, booked, status):
    """
    Booked or not as the fault's name says, and answered with the status it says.
    """
    drive.faults.arm(name, "create", **parameters)
    if status is None:
        with pytest.raises((urllib3.exceptions.ProtocolError, urllib3.exceptions.TimeoutError)):
            create(timeout=0.03 if name == "late_commit" else 5.0)
    else:
        assert status == create().status

    assert [1] * booked == [entry["commits"] for entry in drive.books()]
    assert drive.journal.count("POST", DELIVERIES) == 1


def test_every_fault_is_met_here():
    """
    A fault that is added gets its line above.
    """
    assert list(FAULT_NAMES) == sorted(name for name, *_ in MEETINGS)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("error_500_before", "service_fault"),
        ("error_503_before", "service_fault"),
        ("error_500_after", "service_fault"),
        ("refuse_429", "throttling_error"),
        ("stale_404", "unknown_delivery_id"),
    ],
)
def test_errors_are_doordashs(drive, create, name, code):
    """
    With the code and a message, as every error has them.
    """
    drive.faults.arm(name)
    body = create().json()

    assert (code, True) == (body["code"], body["message"] != "")


def test_stale_404_names_the_id_that_was_asked_for(drive, call, book):
    """
    As if the delivery were not there yet.
    """
    book()
    drive.faults.arm("stale_404", "get")
    answer = call("GET", f"{DELIVERIES}/D-1")

    assert (404, "D-1") == (answer.status, answer.body["external_delivery_id"])
    assert 200 == call("GET", f"{DELIVERIES}/D-1").status


def test_wrong_id_names_another_delivery(drive, create):
    """
    Everything else is as it was booked.
    """
    drive.faults.arm("wrong_id_after")
    body = create().json()

    assert ("D-1-other", "created") == (body["external_delivery_id"], body["delivery_status"])
    assert ["D-1"] == [entry["id"] for entry in drive.books()]


@pytest.mark.parametrize(
    "operation", ["quote", "accept", "create", "get", "update", "cancel", "refund"]
)
def test_every_operation_can_fail(drive, call, book, request_body, operation):
    """
    A fault waits for its operation and lets the others pass.
    """
    book()
    requests = {
        "quote": ("POST", "/drive/v2/quotes", request_body("D-2")),
        "accept": ("POST", "/drive/v2/quotes/D-2/accept", None),
        "create": ("POST", DELIVERIES, request_body("D-3")),
        "get": ("GET", f"{DELIVERIES}/D-1", None),
        "update": ("PATCH", f"{DELIVERIES}/D-1", {"tip": 1}),
        "refund": ("POST", f"{DELIVERIES}/D-1/refunds", {"refund_reason": "missing_main"}),
        "cancel": ("PUT", f"{DELIVERIES}/D-1/cancel", None),
    }
    drive.faults.arm("error_500_after", operation)
    statuses = {name: call(*request).status for name, request in requests.items()}

    assert [operation] == [name for name, status in statuses.items() if status == 500]


def test_a_committed_cancel_is_refused_when_repeated(drive, call, book):
    """
    After a lost answer the second request meets 409, and the delivery is cancelled.
    """
    book()
    drive.faults.arm("error_500_after", "cancel")
    statuses = [call("PUT", f"{DELIVERIES}/D-1/cancel").status for _ in range(2)]

    assert [500, 409] == statuses
    assert "cancelled" == drive.books()[0]["status"]
