"""
The webhooks of a simulator, through its control API.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import urllib3

from doorstep.simulation import SimulatorServer, WebhookSender


@pytest.fixture(name="control")
def _control(carrier, clock) -> Iterator[Callable[..., Any]]:
    """
    Ask the control API of a server that sends webhooks.
    """
    sender = WebhookSender(clock)
    with (
        SimulatorServer(carrier, clock=clock, webhooks=sender) as server,
        urllib3.PoolManager(retries=False, timeout=2) as pool,
    ):

        def control(method: str, path: str, body: Any = None) -> tuple[int, Any]:
            data = None if body is None else json.dumps(body)
            answer = pool.request(method, f"{server.base_url}/_simulator/{path}", body=data)
            return answer.status, answer.json()

        control.sender = sender  # type: ignore[attr-defined]
        yield control


def test_control_api_sets_lists_and_resends(shop, control, word):
    """
    All that a sender can do is done over HTTP; no value of a header is told.
    """
    wish = {"url": shop.url, "headers": {"Authorization": word}, "pauses_s": [5], "tries": 2}
    status, told = control("POST", "webhooks", wish)
    control.sender.send("A", b"a")
    control.sender.settle()
    resent = control("POST", "webhooks/resend", {"number": 1})
    control.sender.settle()
    _, listed = control("GET", "webhooks")
    (one,) = listed["sent"]

    assert (200, shop.url.partition("?")[0], ["Authorization"], [5], 2) == (
        status,
        *(told[name] for name in ("url", "headers", "pauses_s", "tries")),
    )
    assert (200, {"planned": 1}) == resent
    assert (1, "A", "a", True, [200, 200]) == (
        one["number"],
        one["name"],
        one["body"],
        one["taken"],
        [tried["status"] for tried in one["tries"]],
    )
    assert word not in json.dumps(listed)


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("webhooks", {"url": "http://shop.example"}, 400, "https://"),
        ("webhooks", {"colour": "red"}, 400, "colour"),
        ("webhooks", [], 400, "JSON object"),
        ("webhooks/resend", {"number": 7}, 404, "no webhook 7"),
        ("webhooks/resend", {"all": True}, 400, "all"),
    ],
)
def test_control_api_refuses_nonsense(control, path, body, status, message):
    """
    What cannot be done says why.
    """
    answer = control("POST", path, body)

    assert status == answer[0]
    assert message in answer[1]["message"]


def test_carrier_without_webhooks_has_no_such_page(pool):
    """
    Nobody is told of what does not exist.
    """
    assert 404 == pool.request("GET", "/_simulator/webhooks").status
