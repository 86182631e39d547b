"""
Tapes of what was recorded: to run operations again without a carrier.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from doorstep.codec import to_json
from doorstep.models import Delivery, DeliveryId, Status
from doorstep.testing import FakeProvider
from doorstep_contracts.recordings import Recording, read
from doorstep_contracts.tapes import replay, tapes_of

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _recording(name: str, reference: str, **changes: object) -> Recording:
    """
    Return a recorded read of a delivery with this *reference*.
    """
    there = DeliveryId("fake", "default", "d1")
    delivery = Delivery(id=there, reference=reference, status=Status.PENDING, as_of=AT)
    told = {
        **dict.fromkeys(("date", "api_version", "note")),
        "origin": "synthetic",
        "source": "this test",
        "operation": "track",
        "arguments": {"delivery": "fake/default/d1"},
        "response": {"status": 200, "body": json.loads(to_json(delivery))},
        "expected": {"value": json.loads(to_json(delivery))["value"]},
    }
    return read({**told, **changes}, name)


def test_fullest_recording_of_an_operation_is_its_tape():
    """
    Of several the one that was answered with most is taken; with every, all of them.
    """
    known = {name: _recording(name, name) for name in ("short", "much_longer", "longer")}
    one, every = tapes_of(known, FakeProvider()), tapes_of(known, FakeProvider(), every=True)

    assert {"track": "much_longer"} == {name: tape.value.reference for name, tape in one.items()}
    assert {"track", "track of short", "track of longer"} == set(every)


def test_tape_is_played_as_often_as_asked():
    """
    It ends as it did, and otherwise when an answer is changed.
    """
    tape = tapes_of({"one": _recording("one", "order-1")}, FakeProvider())["track"]
    changed = replay(tape, lambda body: body.replace(b"pending", b"assigned"))

    assert replay(tape) == replay(tape) == tape.value
    assert Status.ASSIGNED is changed.status
    assert ["GET"] == [request.method for request, _ in tape.exchanges]


@pytest.mark.parametrize(
    "changes",
    [
        {"negative": True, "expected": {"error": "invalid_answer"}},
        {"arguments": None, "note": "nobody knows", "expected": None},
        {
            "response": {"status": 404, "body": {"error": "delivery_not_found"}},
            "expected": {"error": "delivery_not_found"},
        },
        {
            "operation": "receive",
            "arguments": {},
            "request": {},
            "response": None,
            "expected": {"events": []},
        },
        {
            "operation": "set_tip",
            "arguments": {"delivery": "fake/default/d1", "tip": {"minor": 1, "currency": "USD"}},
            "response": {"status": 500, "body": {}},
            "expected": {"error": "x"},
        },
    ],
)
def test_what_did_not_go_well_is_no_tape(changes):
    """
    Neither errors, nor webhooks, nor what is not to be believed or cannot be played.
    """
    assert {} == tapes_of({"one": _recording("one", "order-1", **changes)}, FakeProvider())
