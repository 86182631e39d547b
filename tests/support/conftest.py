"""
Exchanges, calls and deliveries, as observers are told of them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from doorstep.http import CallSummary, Exchange
from doorstep.models import Courier, Delivery, DeliveryId, Status
from doorstep.outcome import Outcome
from doorstep.support import Journal, SqliteJournal
from doorstep.testing import ManualClock
from doorstep.tracking import Change, Observation, Tracked

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
ID = DeliveryId("acme", "main", "D-118")


class Kit:
    """
    Make what observers see, and tell it.
    """

    ID = ID
    START = START

    def exchange(self, call_id="c1", at=0.0, **fields):
        given = {
            "provider": "acme",
            "account": "main",
            "operation": "dispatch",
            "call_id": call_id,
            "attempt": 1,
            "method": "POST",
            "route": "/deliveries",
            "status": 200,
            "error": None,
            "sent": True,
            "started_at": START + timedelta(seconds=at),
            "elapsed_s": 0.012,
            "request_size": 20,
            "response_size": 30,
            "request_headers": {},
            "response_headers": {"date": "***"},
            "request_body": {"address": "***"},
            "response_body": {"status": "created"},
        }
        return Exchange(**{**given, **fields})

    def summary(self, call_id="c1", **fields):
        given = {
            "provider": "acme",
            "account": "main",
            "operation": "dispatch",
            "call_id": call_id,
            "outcome": Outcome.CREATED,
            "error": None,
            "elapsed_s": 0.02,
            "attempts": 1,
            "cancelled": False,
            "reference": "order-118",
            "revision": 1,
            "delivery_id": str(ID),
        }
        return CallSummary(**{**given, **fields})

    def change(self, at=0.0, status=Status.PENDING, *, asked=True, verified=True, **fields):
        fields.setdefault("courier", Courier(name="Zebulon Canary", phone="+16505550199"))
        given = {"id": ID, "reference": "order-118", "tracking_url": "https://x.invalid/Zebulon"}
        delivery = Delivery(
            status=status, as_of=START + timedelta(seconds=at), **{**given, **fields}
        )
        one = Observation(id=f"o{at}", delivery=delivery, asked=asked, verified=verified)
        return Change(before=None, after=Tracked(delivery=delivery), observation=one)

    def call(self, journal, call_id="c1", at=0.0, **fields):
        """
        Tell *journal* of a call with one exchange.
        """
        journal.on_exchange(self.exchange(call_id, at))
        journal.on_call(self.summary(call_id, **fields))


@pytest.fixture(name="kit")
def _kit():
    return Kit()


@pytest.fixture(name="clock")
def _clock():
    return ManualClock(START)


@pytest.fixture(name="new", params=["memory", "file"])
def _new(request, tmp_path, clock):
    """
    Make a journal of either kind.
    """
    made = []

    def new(**options):
        options.setdefault("clock", clock)
        if request.param == "memory":
            return Journal(**options)
        made.append(SqliteJournal(tmp_path / "journal.db", **options))
        return made[-1]

    yield new
    for one in made:
        one.close()


@pytest.fixture(name="journal")
def _journal(new):
    return new()
