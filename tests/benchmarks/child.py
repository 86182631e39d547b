"""
What runs in a process of its own: a first quote, a deadline, very many calls.

``python child.py WHAT WHO HOST [COUNT]``; nothing is imported before it is needed,
because importing is part of what is measured.
"""

from __future__ import annotations

import sys


def first_quote(who: str, host: str) -> None:
    """
    Ask for one price.
    """
    if who == "requests":
        import requests

        from_bare = {"external_delivery_id": "D-1763", "dropoff_phone_number": "+16505555555"}
        with requests.Session() as session:
            session.post(f"http://{host}/drive/v2/quotes", json=from_bare).json()
        return
    import doorstep
    from doorstep.models import Address, Contact, DeliveryRequest, Stop

    request = DeliveryRequest(
        reference="D-1763",
        pickup=Stop(
            address=Address(one_line="901 Market Street, San Francisco, CA 94103"),
            contact=Contact(phone="+16505555555"),
        ),
        dropoffs=Stop(
            address=Address(one_line="901 Market Street, San Francisco, CA 94103"),
            contact=Contact(phone="+16505555555"),
        ),
    )
    with doorstep.connect("doordash", base_url=f"http://{host}", **_keys()) as client:
        client.quote(request)


def deadline(who: str, host: str) -> None:
    """
    Ask a carrier that never comes to an end; say how long it took, and when it was over.
    """
    import time

    import urllib3

    import doorstep
    from doorstep.errors import DoorstepError

    took = 0.0
    if who == "urllib3":
        with urllib3.PoolManager() as pool:
            began = time.monotonic()
            try:
                pool.request(
                    "GET", f"http://{host}/", timeout=urllib3.Timeout(total=0.2), retries=False
                )
            except urllib3.exceptions.HTTPError:
                took = time.monotonic() - began
            took = took or time.monotonic() - began
    else:
        with doorstep.connect("doordash", base_url=f"http://{host}", **_keys()) as client:
            began = time.monotonic()
            try:
                client.track("doordash/default/D-1763", deadline_s=0.2)
            except DoorstepError:
                took = time.monotonic() - began
    _tell([took, time.monotonic()])


def memory(who: str, host: str, count: str) -> None:
    """
    Make *count* calls; say how much the process has grown since it was warm.
    """
    import gc

    import orjson
    import urllib3

    import doorstep

    pool = urllib3.PoolManager()
    client = doorstep.connect("doordash", base_url=f"http://{host}", **_keys())
    url = f"http://{host}/drive/v2/deliveries/D-1763"

    def call() -> None:
        if who == "urllib3":
            orjson.loads(pool.request("GET", url).data)
        else:
            client.track("doordash/default/D-1763")

    for _ in range(max(int(count) // 20, 100)):
        call()
    gc.collect()
    before, objects = _resident(), len(gc.get_objects())
    for _ in range(int(count)):
        call()
    gc.collect()
    grown = (_resident() - before) / 2**20
    _tell({"rss": grown, "objects": len(gc.get_objects()) - objects})


def _tell(value: object) -> None:
    import json

    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def _resident() -> int:
    """
    Return the bytes of memory in use; where nobody tells, the most that ever was.
    """
    import resource
    from pathlib import Path

    told = Path("/proc/self/statm")
    if told.exists():
        return int(told.read_text().split()[1]) * resource.getpagesize()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _keys() -> dict[str, str]:
    return {
        "developer_id": "00000000-0000-4000-8000-000000000001",
        "key_id": "00000000-0000-4000-8000-000000000002",
        "signing_secret": "c2lnbmluZy1zZWNyZXQtb2YtdGhlLWJlbmNobWFya3M",
    }


if __name__ == "__main__":
    {"first_quote": first_quote, "deadline": deadline, "memory": memory}[sys.argv[1]](*sys.argv[2:])
