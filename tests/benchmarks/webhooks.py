"""
Figure 13: bytes to a verified, deduplicated and folded event.
"""

from __future__ import annotations

import gc
import hmac
import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from measure import Row, Run
from sample import DELIVERED, connect

from doorstep.tracking import MemoryEventStore
from doorstep.webhooks import WebhookRequest

WORD = "Basic " + "b" * 40
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
#: What a delivery goes through, in order.
NAMES = (
    "DASHER_CONFIRMED",
    "DASHER_ENROUTE_TO_PICKUP",
    "DASHER_CONFIRMED_PICKUP_ARRIVAL",
    "DASHER_PICKED_UP",
    "DASHER_CONFIRMED_DROPOFF_ARRIVAL",
    "DASHER_DROPPED_OFF",
)
#: Fields of the documented sample that a webhook has too, about 1 kB.
FIELDS = (
    *("dasher_name", "dasher_phone_number", "pickup_address", "pickup_phone_number"),
    *("pickup_reference_tag", "pickup_instructions", "dropoff_address", "dropoff_phone_number"),
    *("dropoff_instructions", "pickup_time_estimated", "dropoff_time_estimated", "currency"),
    *("order_value", "fee", "tip", "support_reference", "tracking_url"),
)


def _requests(deliveries: int) -> list[WebhookRequest]:
    sample: dict[str, Any] = orjson.loads(DELIVERED)
    known = {name: sample[name] for name in FIELDS if sample.get(name) is not None}
    return [
        WebhookRequest(
            headers={"Authorization": WORD},
            body=orjson.dumps(
                {
                    "created_at": (NOW + timedelta(minutes=minute)).isoformat(),
                    "event_name": name,
                    "external_delivery_id": f"D-{number}",
                    **known,
                }
            ),
        )
        for number in range(deliveries)
        for minute, name in enumerate(NAMES)
    ]


def _plain(requests: list[WebhookRequest]) -> None:
    for request in requests:
        assert hmac.compare_digest(request.headers["authorization"], WORD)
        orjson.loads(request.body)


def receiving(run: Run) -> list[Row]:
    """
    Measure a client's receive, with what it keeps in memory; beside it the loop that only
    compares the word and parses the JSON.
    """
    requests = _requests(run.times(1_000, 5))
    ours, theirs, ratios = [], [], []
    for _ in range(run.times(7, 1)):
        client = connect(
            "https://carrier.invalid",
            webhook_authorizations=[WORD],
            store=MemoryEventStore(),
            observers=[],
        )
        gc.collect()
        began = time.perf_counter()
        for request in requests:
            client.receive(request)
        between = time.perf_counter()
        _plain(requests)
        ended = time.perf_counter()
        client.close()
        ours.append(len(requests) / (between - began))
        theirs.append(len(requests) / (ended - between))
        ratios.append(ours[-1] / theirs[-1])
    size = len(requests[0].body)
    return [
        Row(
            what="webhooks received",
            unit="calls/s",
            ours=statistics.median(ours),
            baseline=statistics.median(theirs),
            against="compare_digest and orjson.loads",
            ratio=statistics.median(ratios),
            note=f"{size} bytes each, {len(NAMES)} events a delivery, in order, kept in memory",
        )
    ]
