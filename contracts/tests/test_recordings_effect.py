"""
What recordings say beside values: effects, statuses, and refusals before anything is asked.
"""

from __future__ import annotations

from typing import Any

import pytest

from doorstep.http import Flow, Request
from doorstep.models import Delivery, DeliveryId
from doorstep.outcome import Effect, Repeat
from doorstep.provider import Context
from doorstep.testing import FakeProvider
from doorstep_contracts.recordings import RecordingError, dumps, problems, read

PROVIDER = FakeProvider()


def refused(**changes: Any) -> dict[str, Any]:
    """
    Return a recording of a read whose answer is none.
    """
    return {
        "origin": "synthetic",
        "source": "this test",
        "date": None,
        "api_version": None,
        "note": None,
        "operation": "track",
        "arguments": {"delivery": "fake/default/d1"},
        "request": {
            "method": "GET",
            "path": "/deliveries/d1",
            "effect": "nothing",
            "repeat": "safe",
        },
        "response": {"status": 500, "body": {}},
        "expected": {"error": "invalid_answer", "http_status": 500},
        **changes,
    }


def test_effect_and_status_are_compared() -> None:
    """
    How the driver must treat a request, and the status that an error names.
    """
    other = {"method": "GET", "path": "/deliveries/d1", "effect": "books", "repeat": "never"}
    expected = {"error": "invalid_answer", "http_status": 503}

    assert [] == problems(read(refused(), "read"), PROVIDER)
    assert [
        "request 1: effect is NOTHING, recorded BOOKS",
        "request 1: repeat is SAFE, recorded NEVER",
    ] == problems(read(refused(request=other), "read"), PROVIDER)
    assert ["error names the status 500, expected 503"] == problems(
        read(refused(expected=expected), "read"), PROVIDER
    )


def test_effect_and_status_are_written() -> None:
    """
    What was read is written as it was.
    """
    text = dumps(read(refused(), "read"))

    assert '"effect": "nothing"' in text
    assert '"repeat": "safe"' in text
    assert '"http_status": 500' in text


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"request": {"method": "GET", "path": "/", "effect": "some"}}, "must be one of nothing"),
        ({"request": {"method": "GET", "path": "/", "repeat": []}}, "must be one of safe"),
        ({"expected": {"error": "validation", "http_status": True}}, "must be a status of HTTP"),
        ({"expected": {"value": None, "http_status": 200}}, "has http_status without an error"),
    ],
)
def test_what_is_none_of_these_is_refused(changes: dict[str, Any], rule: str) -> None:
    """
    A word that is misspelt is not silently nothing.
    """
    with pytest.raises(RecordingError, match=rule):
        read(refused(**changes), "read")


class Choosy(FakeProvider):
    """
    Refuses every read before it asks.
    """

    def track(self, delivery: DeliveryId, ctx: Context) -> Flow[Delivery]:
        from doorstep.errors import ValidationError

        raise ValidationError("is refused")
        yield Request("GET", "/", effect=Effect.NOTHING, repeat=Repeat.SAFE)


def test_refusal_before_anything_is_asked_has_no_exchange() -> None:
    """
    Such a recording has an error alone; whoever asks after all is told of.
    """
    one = read(refused(request=None, response=None, expected={"error": "validation"}), "read")

    assert [] == problems(one, Choosy())
    assert any("after the 0 recorded answers" in line for line in problems(one, PROVIDER))
