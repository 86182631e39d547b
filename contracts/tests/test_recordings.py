"""
Recordings: replayed, and compared with what they expect.
"""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from doorstep.codec import to_json
from doorstep.errors import InvalidAnswerError
from doorstep.http import Flow, Request
from doorstep.models import (
    Address,
    Contact,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    Money,
    Status,
    Stop,
)
from doorstep.provider import Context
from doorstep.testing import FakeCarrier, FakeProvider
from doorstep_contracts.recordings import (
    RecordingError,
    problems,
    read,
    replay,
)

PROVIDER = FakeProvider()
AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
DELIVERY = Delivery(id=DeliveryId("fake", "default", "d1"), status=Status.PENDING, as_of=AT)
LEAN = {
    "id": "fake/default/d1",
    "revision": 1,
    "status": "pending",
    "as_of": "2026-01-01T12:00:00Z",
}
THERE = Stop(address=Address(one_line="1 Main St"), contact=Contact(phone="+16505555555"))
WISH = {
    "reference": "order-1",
    "pickup": {"address": {"one_line": "1 Main St"}, "contact": {"phone": "+16505555555"}},
    "dropoffs": [{"address": {"one_line": "1 Main St"}, "contact": {"phone": "+16505555555"}}],
    "schedule": {"kind": "Asap"},
}


def tracked(**changes: Any) -> dict[str, Any]:
    """
    Return a recording of a read; *changes* of ``...`` are left out.
    """
    told = {
        "origin": "synthetic",
        "source": "this test",
        "date": None,
        "api_version": None,
        "note": None,
        "operation": "track",
        "arguments": {"delivery": "fake/default/d1"},
        "request": {"method": "GET", "path": "/deliveries/d1"},
        "response": {"status": 200, "body": json.loads(to_json(DELIVERY))},
        "expected": {"value": LEAN},
        **changes,
    }
    return {key: value for key, value in told.items() if value is not ...}


def test_recording_replays() -> None:
    """
    What a file says comes to what it expects, and asks for what it has.
    """
    one = read(tracked(), "read")

    assert DELIVERY == replay(one, PROVIDER).value
    assert [] == problems(one, PROVIDER)


def test_difference_of_a_value_is_told_by_its_path() -> None:
    """
    A wrong value, one that is missing and one too many are told, with both values.
    """
    wrong = {**LEAN, "status": "assigned", "support_ref": "7"}

    assert [
        'value.status is "pending", expected "assigned"',
        'value.support_ref is nothing, expected "7"',
    ] == problems(read(tracked(expected={"value": wrong}), "x"), PROVIDER)


def test_raw_answer_takes_no_part() -> None:
    """
    Two values that differ in the carrier's own answer alone are the same.
    """
    told = tracked()
    told["response"]["body"]["value"]["raw"] = {"more": 1}

    assert [] == problems(read(told, "x"), PROVIDER)


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        ({"method": "POST", "path": "/deliveries/d1"}, "request 1: method is GET, recorded POST"),
        ({"method": "GET", "path": "/d"}, "request 1: path is /deliveries/d1, recorded /d"),
        ({"method": "GET", "path": "/deliveries/d1", "body": 1}, "request 1: body is nothing"),
    ],
)
def test_difference_of_a_request_is_told(request_: dict[str, Any], problem: str) -> None:
    """
    Method, path and body of what is asked are those that were recorded.
    """
    (found,) = problems(read(tracked(request=request_), "x"), PROVIDER)

    assert found.startswith(problem)


def quoted(**changes: Any) -> dict[str, Any]:
    """
    Return a recording of a request whose answer nobody knows.
    """
    request = DeliveryRequest(reference="order-1", pickup=THERE, dropoffs=THERE)
    body = json.loads(to_json(request))
    alone = {"request": body, "response": None, "expected": None}
    return tracked(operation="quote", arguments={"request": WISH}, **{**alone, **changes})


def test_request_alone_is_compared_by_its_canonical_body() -> None:
    """
    The order of keys is nothing; a value, or a number of another kind, is something.
    """
    good = quoted()
    backwards = dict(reversed(good["request"].items()))
    other = deepcopy(good)
    other["request"]["doorstep"] = 1.0

    assert [] == problems(read(quoted(request=backwards), "x"), PROVIDER)
    assert ["request 1: body.doorstep is 1, expected 1.0"] == problems(read(other, "x"), PROVIDER)


def test_field_that_was_not_recorded_is_left_out() -> None:
    """
    ``lacks`` names what was sent and is not in the recording; nothing else may be missing.
    """
    body = quoted()["request"]
    poor = {key: value for key, value in body.items() if key != "type"}

    assert problems(read(quoted(request=poor), "x"), PROVIDER)
    assert [] == problems(read(quoted(request=poor, lacks=["type"]), "x"), PROVIDER)


def test_error_is_compared_as_the_caller_sees_it() -> None:
    """
    The code, what is said of the booking, and the parameters that are named.
    """
    broken = {"response": {"status": 200, "text": "<html>"}}
    told = {"error": "validation", "booked": "not_sent", "fields": ["$"]}
    wrong = {"error": "duplicate", "booked": "created", "params": {"path": "$"}, "fields": ["a"]}

    assert [] == problems(read(tracked(**broken, expected=told), "x"), PROVIDER)
    first, *rest = problems(read(tracked(**broken, expected=wrong), "x"), PROVIDER)
    assert first.startswith("raises validation, expected duplicate: fake: track")
    assert [
        "error says booked=not_sent, expected created",
        "error names the fields ['$'], expected ['a']",
        "error has path=None, expected '$'",
    ] == rest
    (line,) = problems(read(tracked(expected={"error": "duplicate"}), "x"), PROVIDER)
    assert "returns Delivery; expected the error duplicate" == line


def test_lost_booking_is_expected_as_unknown() -> None:
    """
    The driver takes part: half an answer to a dispatch is not known to have booked nothing.
    """
    told = tracked(
        operation="dispatch",
        arguments={"request": WISH},
        request=None,
        response={"status": 200, "text": "{"},
        expected={"error": "outcome_unknown", "booked": "unknown"},
    )

    assert [] == problems(read(told, "x"), PROVIDER)


def test_unexpected_error_is_told() -> None:
    """
    An answer that is refused where a value is expected says why.
    """
    (line,) = problems(read(tracked(response={"status": 200, "text": "x"}), "x"), PROVIDER)

    assert line.startswith("raises validation: fake: track JSON is not valid")


def test_negative_body_is_refused_or_not_believed() -> None:
    """
    What must not become of an invented body is said by its path.
    """
    negative = {"negative": True, "expected": {"never": {"status": "assigned", "stops.0": 1}}}
    believed = {"negative": True, "expected": {"never": {"status": "pending"}}}
    refused = {"response": {"status": 200, "text": "x"}, **believed}

    assert [] == problems(read(tracked(**negative), "x"), PROVIDER)
    assert [] == problems(read(tracked(**refused), "x"), PROVIDER)
    assert ["value.status is 'pending', which nobody should believe"] == problems(
        read(tracked(**believed), "x"), PROVIDER
    )


@attrs.frozen(kw_only=True)
class Twice(FakeProvider):
    """
    Reads everything twice.
    """

    def track(self, delivery: DeliveryId, ctx: Context) -> Flow[Delivery]:
        yield Request("GET", "/deliveries/first")
        return (yield from FakeProvider.track(self, delivery, ctx))


def test_flow_asks_as_often_as_was_recorded() -> None:
    """
    One request more, and one less, are told.
    """
    once, more = read(tracked(), "x"), tracked(request=..., response=...)
    answer = {"response": {"status": 200, "body": json.loads(to_json(DELIVERY))}}
    twice = read({**more, "exchanges": [answer, answer]}, "x")

    assert ["asks 1 times; 2 answers are recorded"] == problems(twice, PROVIDER)
    assert [] == problems(twice, Twice())
    assert "asks GET /deliveries/{id} after the 1 recorded answers" == problems(once, Twice())[0]


def test_refused_token_is_asked_for_again_unrecorded() -> None:
    """
    The driver tries another token at a 401; a recording has it once.
    """

    @attrs.frozen(kw_only=True)
    class Locked(FakeProvider):
        def track(self, delivery: DeliveryId, ctx: Context) -> Flow[Delivery]:
            answer = yield Request("GET", "/x")
            raise InvalidAnswerError("is locked", http_status=answer.status)

    told = {"response": {"status": 401}, "expected": {"error": "invalid_answer"}, "request": None}

    assert [] == problems(read(tracked(**told), "x"), Locked())


def test_operation_that_the_provider_lacks_is_told() -> None:
    """
    A recording of another provider says what is missing, not an AttributeError.
    """
    told = tracked(
        operation="proof",
        arguments={"delivery": "fake/default/d1", "stop": "dropoff", "kind": "photo"},
        expected={"value": None},
    )
    with pytest.raises(RecordingError, match="is 'proof', which fake does not have"):
        problems(read(told, "x"), PROVIDER)


def test_evidence_is_not_replayed() -> None:
    """
    What cannot be started again is kept with the reason, and not played.
    """
    told = tracked(arguments=None, note="the request is not known", expected=None)
    one = read(told, "x")

    assert not one.replayable
    with pytest.raises(RecordingError, match="cannot be replayed"):
        replay(one, PROVIDER)


def test_webhook_is_received_from_the_recording() -> None:
    """
    Headers and body are received as they came; events are compared with their ids.
    """
    carrier = FakeCarrier()
    with carrier.connect() as client:
        request = DeliveryRequest(
            reference="o", pickup=THERE, dropoffs=THERE, order_value=Money(1, "USD")
        )
        booked = client.dispatch(request)
    came = carrier.webhook(booked.id)
    (event,) = PROVIDER.receive(came, AT).events
    told = tracked(
        operation="receive",
        arguments={},
        request={
            "method": came.method,
            "path": came.path,
            "headers": dict(came.headers),
            "body": json.loads(came.body),
        },
        response=None,
        expected={"events": [json.loads(to_json(event))["value"]], "confirm": None},
    )
    forged = deepcopy(told)
    forged["request"]["headers"] = {}

    assert [] == problems(read(told, "x"), PROVIDER)
    (line,) = problems(read(forged, "x"), PROVIDER)
    assert line.startswith("raises webhook_rejected")
    told["expected"]["events"][0]["id"] = "another"
    assert ["events[0].id"] == [one.split()[0] for one in problems(read(told, "x"), PROVIDER)]
