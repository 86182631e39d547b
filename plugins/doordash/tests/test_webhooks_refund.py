"""
Webhooks: money that goes back.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doorstep.errors import WebhookRejectedError
from doorstep.models import EventKind, Milestone, Money, RefundReason, RefundStatus

RECORDING = Path(__file__).parent.parent / "recordings" / "webhook_refund.json"
REFUND = json.loads(RECORDING.read_text())["request"]["body"]


@pytest.mark.parametrize("place", ["top", "event_data", "order_details", "nowhere"])
def test_refund_is_told_with_its_money(hearing, webhook, now, place):
    """
    A refund is read wherever it names the delivery; before money moves, look.
    """
    body = json.loads(json.dumps(REFUND))
    name = body.pop("external_delivery_id")
    data = body["event_data"]
    holder = {"top": body, "event_data": data, "order_details": data["order_details"]}.get(place)
    if holder is not None:
        holder["external_delivery_id"] = name
    found = hearing.receive(webhook(body), now)
    (event,) = found.events

    assert EventKind.REFUND is event.kind
    assert (RefundStatus.UNKNOWN, RefundReason.MISSING_MAIN) == (
        event.refund.status,
        event.refund.reason,
    )
    assert (Money(1000, "USD"), Money(230, "USD"), Money(20, "USD")) == (
        event.refund.order_value,
        event.refund.tip,
        event.refund.delivery_fee,
    )
    assert Money(1250, "USD") == event.refund.total
    if place == "nowhere":
        assert (None, None) == (event.snapshot, found.confirm)
    else:
        assert {Milestone.REFUND} == event.snapshot.milestones
        assert (name, name) == (event.delivery_id.value, found.confirm.value)


@pytest.mark.parametrize(
    "amount",
    ["1.005", "-1.00", "a.b", "", "1000", 10.5, -1, 2**63, True, None, "1" * 30 + ".0", "1.\0"],
)
def test_refund_of_odd_amounts_loses_no_news(hearing, webhook, now, amount):
    """
    An amount that is none, or of a currency that is not told, is not guessed.
    """
    data = {**REFUND["event_data"], "amount_details": {"tip": amount, "order_value": "1.00"}}
    bare = {key: value for key, value in data.items() if key != "currency_code"}
    (event,) = hearing.receive(webhook({**REFUND, "event_data": data}), now).events
    (poor,) = hearing.receive(webhook({**REFUND, "event_data": bare}), now).events

    assert (None, Money(100, "USD")) == (event.refund.tip, event.refund.order_value)
    assert (None, None) == (poor.refund.tip, poor.refund.order_value)


@pytest.mark.parametrize("amount", [1250, "12.50", "12.5"])
def test_refund_is_in_cents_or_in_text_with_a_point(hearing, webhook, now, amount):
    """
    A number is cents, as everywhere in Drive; text with a point is not.
    """
    data = {**REFUND["event_data"], "amount_details": {"delivery_charge": amount}}
    (event,) = hearing.receive(webhook({**REFUND, "event_data": data}), now).events

    assert Money(1250, "USD") == event.refund.delivery_fee


def test_refund_without_a_name_is_told(hearing, webhook, now):
    """
    The envelope alone shows what it is; another envelope is another event.
    """
    body = {key: value for key, value in REFUND.items() if key != "event_name"}
    other = {**REFUND, "event_name": "ASSIGNED", "event_data": {"reason": "x"}}

    assert "refund" == hearing.receive(webhook(body), now).events[0].name
    assert EventKind.OTHER is hearing.receive(webhook(other), now).events[0].kind
    with pytest.raises(WebhookRejectedError):
        hearing.receive(webhook({**body, "event_data": {"reason": "x"}}), now)
