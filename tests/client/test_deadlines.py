"""
How long both clients wait: what may be said, and which word holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from doorstep.errors import DeliveryNotFoundError, SettingsError
from doorstep.testing import FakeCarrier

Connect = Callable[..., Any]


@pytest.mark.parametrize("options", [{"deadline_s": 0}, {"deadline_s": True}, {"deadline_s": "5"}])
def test_deadline_that_is_no_time_is_refused(connect: Connect, options: dict[str, Any]) -> None:
    """
    A deadline is a positive number of seconds.
    """
    with pytest.raises(SettingsError, match="seconds"):
        connect(**options)


def test_deadline_for_an_unknown_operation_is_refused(connect: Connect) -> None:
    """
    A misspelt operation in deadlines is named.
    """
    with pytest.raises(SettingsError, match="qoute"):
        connect(deadlines={"qoute": 3})


@pytest.mark.parametrize(
    ("options", "call", "expected"),
    [
        ({}, None, 20.0),
        ({"deadline_s": 7}, None, 7.0),
        ({"deadlines": {"track": 3}}, None, 3.0),
        ({"deadlines": {"track": 3}}, 1.5, 1.5),
    ],
)
def test_nearest_deadline_holds(
    connect: Connect,
    carrier: FakeCarrier,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, Any],
    call: float | None,
    expected: float,
) -> None:
    """
    A call's deadline comes before the operation's, which comes before the client's.
    """
    seen: list[float] = []
    answer = carrier.send

    def send(request: Any, base_url: str, under_way: Any) -> Any:
        seen.append(under_way.remaining())
        return answer(request, base_url, under_way)

    monkeypatch.setattr(carrier, "send", send)
    with pytest.raises(DeliveryNotFoundError):
        connect(**options).track("fake/default/none", deadline_s=call)

    assert [expected] == seen
