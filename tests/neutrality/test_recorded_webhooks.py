"""
Webhooks that another carrier really sent, read by a mapping of a few lines, in any order.
"""

from __future__ import annotations

import json
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from doorstep.models import (
    Coordinates,
    Courier,
    Delivery,
    DeliveryId,
    DeliveryStop,
    Milestone,
    Status,
    StopKind,
)
from doorstep.tracking import Change, MemoryEventStore, Observation, Tracker, fold

FOLDER = Path(__file__).parent / "recordings" / "postmates"
STATUSES = {"pickup": Status.TO_PICKUP, "dropoff": Status.TO_DROPOFF}
NEAR = {"pickup": Milestone.NEAR_PICKUP, "dropoff": Milestone.NEAR_DROPOFF}

BOTH = frozenset({Milestone.NEAR_PICKUP, Milestone.NEAR_DROPOFF})
FIRST, SECOND = "del_MASZwRFw9rmOuk", "del_MAS_yeYYcMN7HV"
#: What each delivery must come to, as its recorded bodies say: the latest ``updated``, and
#: every place that the courier was near to, in whichever body that stands.
EXPECTED = {
    FIRST: (Status.TO_DROPOFF, BOTH),
    SECOND: (Status.TO_DROPOFF, BOTH),
}


def observed(body: dict[str, Any]) -> Observation:
    """
    Read one webhook: every kind has a snapshot, and its ``updated`` is its moment.
    """
    told, place = body["data"], body.get("location") or {}
    here = Coordinates(lat=str(place["lat"]), lng=str(place["lng"])) if place else None
    return Observation(
        id=body["id"],
        delivery=Delivery(
            id=DeliveryId("acme", "main", body["delivery_id"]),
            status=STATUSES.get(told["status"], Status.UNKNOWN),
            raw_status=told["status"],
            as_of=datetime.fromisoformat(told["updated"]),
            milestones=frozenset({NEAR[told["status"]]} if told["courier_imminent"] else ()),
            courier=Courier(name=(told["courier"] or {}).get("name"), location=here),
            stops=[
                DeliveryStop(kind=StopKind.DROPOFF, eta=datetime.fromisoformat(told["dropoff_eta"]))
            ],
            tracking_url=told["tracking_url"],
        ),
    )


@pytest.fixture(name="log", scope="module")
def _log() -> list[Observation]:
    return [observed(json.loads(path.read_text())) for path in sorted(FOLDER.glob("*.json"))]


def test_f065_recorded_webhooks_end_alike_in_2000_orders(log: list[Observation]) -> None:
    """
    Webhooks that a carrier really sent, an older snapshot after a newer one among them,
    end in the same state in 2,000 orders with repetitions.
    """
    rng = random.Random(1747)
    whole = {
        value: fold(one for one in log if one.delivery.id.value == value) for value in EXPECTED
    }
    wrong = 0
    for _ in range(2_000):
        many = [one for one in log for _ in range(rng.choice([1, 1, 2, 3]))]
        rng.shuffle(many)
        told: list[Change] = []
        tracker = Tracker(MemoryEventStore(), told.append)
        for one in many:
            tracker.observe(one)
        last = {change.after.delivery.id.value: change.after for change in told}
        for value, (status, milestones) in EXPECTED.items():
            state = tracker.state(DeliveryId("acme", "main", value))
            assert state is not None
            right = (status, milestones) == (state.delivery.status, state.delivery.milestones)
            wrong += not (right and last[value] == state == whole[value])

    assert 0 == wrong


def test_every_recording_has_an_origin() -> None:
    """
    The index names each file, and nothing else.
    """
    lines = (FOLDER / "index.tsv").read_text().splitlines()[1:]

    assert sorted(path.name for path in FOLDER.glob("*.json")) == [
        line.split("\t")[0] for line in lines
    ]
