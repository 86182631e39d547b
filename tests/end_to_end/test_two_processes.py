"""
What one process quoted, another one dispatches and a third one tracks.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import doorstep
from doorstep.cli._simulate import environment
from doorstep.models import Delivery, DeliveryRequest, Status
from doorstep_doordash.simulator import DriveServer

DISPATCH = """
import sys, doorstep
from doorstep.models import DeliveryRequest, Quote
with doorstep.connect("doordash") as courier:
    request, quote = sys.stdin.read().splitlines()
    request = doorstep.from_json(request, DeliveryRequest)
    print(doorstep.to_json(courier.dispatch(request, quote=doorstep.from_json(quote, Quote))))
"""
TRACK = """
import sys, doorstep
with doorstep.connect("doordash") as courier:
    print(doorstep.to_json(courier.track(sys.stdin.read())))
"""


def test_quote_crosses_processes(
    drive: DriveServer, new_request: Callable[..., DeliveryRequest]
) -> None:
    """
    Requests, quotes and delivery ids are text between processes, credentials are not.
    """
    credentials = drive.credentials()
    there = environment("doordash", credentials)

    def elsewhere(code: str, given: str) -> Delivery:
        done = subprocess.run(
            [sys.executable, "-c", code],
            input=given,
            env={**os.environ, **there},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return doorstep.from_json(done.stdout, Delivery)

    request = new_request()
    with doorstep.connect("doordash", **credentials) as courier:
        (quote,) = courier.quote(request)
    booked = elsewhere(DISPATCH, f"{doorstep.to_json(request)}\n{doorstep.to_json(quote)}")
    drive.advance("order-118", "confirmed")
    tracked = elsewhere(TRACK, str(booked.id))

    assert (Status.PENDING, Status.ASSIGNED) == (booked.status, tracked.status)
    assert ("order-118", 1) == (tracked.reference, tracked.revision)
    assert [1] == [entry["commits"] for entry in drive.books()]
