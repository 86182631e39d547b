"""
What dispatch returns: its id, its end, its raw answer.
"""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.errors import ValidationError
from doorstep.models import (
    Delivery,
    DeliveryId,
    DeliveryStop,
    End,
    Milestone,
    Quote,
    Raw,
    RefundDecision,
    RefundStatus,
    Status,
    StopKind,
)
from doorstep_contracts.strategies import json_objects, neutral

ID = DeliveryId("acme", "main", "d-1")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ENDED = [Status.CANCELLED, Status.DELIVERED, Status.FAILED, Status.PARTIALLY_DELIVERED]
ENDED += [Status.RETURNED]


@pytest.mark.parametrize("status", list(Status))
def test_end_is_required_when_terminal(status) -> None:
    """
    Whoever reads a finished delivery can read how it finished.
    """
    assert (status in ENDED) == status.terminal
    if status.terminal:
        with pytest.raises(ValidationError, match="is required when the status is terminal"):
            Delivery(id=ID, status=status, as_of=NOW)

    assert status is Delivery(id=ID, status=status, as_of=NOW, end=End()).status


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "acme/main/d-1"},
        {"status": "pending"},
        {"status": None},
        {"as_of": "2026-11-22T12:00:00Z"},
        {"milestones": {"delayed"}},
        {"milestones": "delayed"},
        {"milestones": None},
        {"courier": {"name": "Ada"}},
        {"stops": [None]},
        {"stops": 5},
        {"related": ["d-2"]},
        {"price": 5},
        {"tip": 5},
        {"end": "cancelled"},
    ],
)
def test_delivery_field_of_another_type_is_refused(fields) -> None:
    """
    A plugin's mistake shows where it is made, not in the shop's database.
    """
    with pytest.raises(ValidationError):
        Delivery(**{"id": ID, "status": Status.PENDING, "as_of": NOW} | fields)


def test_milestones_are_a_set_whatever_they_came_in() -> None:
    """
    Each happened or did not, in no order.
    """
    twice = [Milestone.DELAYED, Milestone.DELAYED]
    delivery = Delivery(id=ID, status=Status.PENDING, as_of=NOW, milestones=twice)

    assert frozenset({Milestone.DELAYED}) == delivery.milestones


def test_etas_come_from_the_stops() -> None:
    """
    The last dropoff's eta is the dropoff's.
    """
    later = NOW + timedelta(minutes=5)
    stops = [
        DeliveryStop(kind=StopKind.PICKUP, eta=NOW),
        DeliveryStop(kind=StopKind.DROPOFF, eta=NOW),
        DeliveryStop(kind=StopKind.DROPOFF, eta=later),
    ]
    etas = Delivery(id=ID, status=Status.PENDING, as_of=NOW, stops=stops).etas

    assert (NOW, later, None) == (etas.pickup, etas.dropoff, etas.back)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("d-1", "acme/main/d-1"),
        ("a/b", "acme/main/a%2Fb"),
        ("..", "acme/main/.."),
        ("100%", "acme/main/100%25"),
        ("é ü", "acme/main/%C3%A9%20%C3%BC"),
    ],
)
def test_f098_delivery_id_has_one_string_form(value, text) -> None:
    """
    The stored form is ASCII and has two slashes, whatever the carrier's id holds.
    """
    assert text == str(DeliveryId("acme", "main", value))
    assert DeliveryId("acme", "main", value) == DeliveryId.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "d-1",
        "acme/d-1",
        "acme/main/",
        "/main/d-1",
        "acme//d-1",
        "acme/main/d/1",
        "acme/main/%00",
        "acme/main/%0A",
        "acme/main/%ff",
        "acme/main/%20",
        "ac me/main/d",
        "acme/main/d-1\n",
        f"acme/main/{'x' * 257}",
        None,
        5,
        b"acme/main/d-1",
    ],
)
def test_f098_text_that_is_no_delivery_id_is_refused(text) -> None:
    """
    A damaged id asks nobody: above all it does not become another id.
    """
    with pytest.raises(ValidationError):
        DeliveryId.parse(text)


@given(data=json_objects())
def test_raw_gives_back_what_it_was_given(data) -> None:
    """
    Nothing of a carrier's answer is lost, and the copy is the reader's own.
    """
    raw = Raw(data)
    copy = raw.as_dict()
    copy["added"] = 1

    assert data == raw.as_dict()
    assert raw == Raw(raw) == pickle.loads(pickle.dumps(raw))


def test_raw_is_read_only_all_the_way_down() -> None:
    """
    What a carrier said cannot be rewritten by whoever reads it.
    """
    raw = Raw({"a": {"b": [1, {"c": [2]}]}})

    with pytest.raises(TypeError):
        raw["a"] = 1  # type: ignore[index]
    with pytest.raises(TypeError):
        raw["a"]["b"] = 1
    with pytest.raises(TypeError):
        raw["a"]["b"][0] = 1
    with pytest.raises(TypeError):
        raw["a"]["b"][1]["c"] = 1
    with pytest.raises(AttributeError):
        raw["a"]["b"].append(1)
    with pytest.raises(AttributeError):
        raw.more = 1  # type: ignore[attr-defined]
    assert (1, 2) == (raw["a"]["b"][0], raw["a"]["b"][1]["c"][0])


@settings(max_examples=20)
@given(value=neutral(Delivery), raw=neutral(Raw))
def test_raw_does_not_count_in_comparisons(value, raw) -> None:
    """
    Two readings of the same state are equal although their answers differ.
    """
    assert value == attrs.evolve(value, raw=raw)


@given(value=neutral(Quote), seconds=st.integers(0, 3600))
def test_quote_expires_at_its_time(value, seconds) -> None:
    """
    A quote cannot be taken from the very moment on, and holds for ever if untold.
    """
    quote = attrs.evolve(value, expires_at=NOW)

    assert quote.expired(NOW + timedelta(seconds=seconds))
    assert not quote.expired(NOW - timedelta(seconds=seconds + 1))
    assert not attrs.evolve(quote, expires_at=None).expired(NOW)


@pytest.mark.parametrize("status", list(RefundStatus))
def test_refund_is_granted_when_money_comes_back_now(status) -> None:
    """
    A repeated, pending, denied or unknown decision gives nothing by itself.
    """
    granted = status in (RefundStatus.FULL, RefundStatus.PARTIAL)

    assert granted == RefundDecision(status=status).granted
