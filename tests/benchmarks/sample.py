"""
What every figure speaks of: one request, one answer of 2 kB, one client.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

import doorstep
from doorstep.codec import encode
from doorstep.models import Address, Contact, DeliveryRequest, Item, Money, Stop
from doorstep_doordash._requests import to_body

HERE = Path(__file__).parent
RECORDINGS = HERE.parent.parent / "plugins" / "doordash" / "recordings"

KEYS = {
    "developer_id": "00000000-0000-4000-8000-000000000001",
    "key_id": "00000000-0000-4000-8000-000000000002",
    "signing_secret": "c2lnbmluZy1zZWNyZXQtb2YtdGhlLWJlbmNobWFya3M",
}
DELIVERY = "D-1763"
TRACK = f"/drive/v2/deliveries/{DELIVERY}"
QUOTE = "/drive/v2/quotes"

#: The headers that a signed request has; the token is as long as a real one.
HEADERS = {
    "Authorization": f"Bearer {'x' * 330}",
    "Content-Type": "application/json",
    "User-Agent": "benchmark",
    "Accept-Encoding": "gzip",
}

REQUEST = DeliveryRequest(
    reference=DELIVERY,
    pickup=Stop(
        address=Address(one_line="901 Market Street 6th Floor San Francisco, CA 94103"),
        contact=Contact(business="Wells Fargo SF Downtown", phone="+16505555555"),
        instructions="Enter gate code 1234 on the callbox.",
        reference="Order number 61",
    ),
    dropoffs=Stop(
        address=Address(one_line="901 Market Street 6th Floor San Francisco, CA 94103"),
        contact=Contact(given="John", family="Doe", phone="+16505555555", notify=True),
        instructions="Enter gate code 1234 on the callbox.",
        items=[
            Item(
                name="Mega Bean and Cheese Burrito",
                description="Mega Burrito contains the biggest beans of the land.",
                quantity=2,
                external_id="123-123443434b",
                unit_price=Money(1000, "USD"),
                weight_g=1270,
            )
        ],
        contactless=False,
    ),
    order_value=Money(1999, "USD"),
    tip=Money(599, "USD"),
)


def _answer() -> dict[str, Any]:
    recorded = json.loads((RECORDINGS / "get_sample.json").read_text())
    answer: dict[str, Any] = recorded["response"]["body"]
    # The document's sample is no place on earth.
    return {**answer, "dasher_location": {"lat": 37.7799, "lng": -122.4144}}


#: The documented sample: every field at once. Quoted, and delivered.
QUOTED = orjson.dumps({**_answer(), "delivery_status": "quote"})
DELIVERED = orjson.dumps({**_answer(), "delivery_status": "delivered"})
#: What is sent for a quote, as the dict that somebody without us would have.
BODY: dict[str, Any] = orjson.loads(encode(to_body(REQUEST, None)))


class Metrics:
    """
    The observer that a shop has: how often, how long, what came.
    """

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0
        self.failed = 0

    def on_exchange(self, exchange: Any) -> None:
        """
        Count one request.
        """
        self.count += 1
        self.seconds += exchange.elapsed_s
        self.failed += exchange.status != 200

    def on_call(self, summary: Any) -> None:
        """
        Count one call.
        """
        self.failed += summary.error is not None


class Journal(Metrics):
    """
    The observer that looks at the bodies as well.
    """

    def on_exchange(self, exchange: Any) -> None:
        """
        Keep the shape of the last answer.
        """
        super().on_exchange(exchange)
        self.last = (exchange.request_body, exchange.response_body, exchange.response_headers)


def connect(base_url: str, **options: Any) -> Any:
    """
    Return a client for the carrier at *base_url*, with an observer.
    """
    options.setdefault("observers", [Metrics()])
    return doorstep.connect("doordash", base_url=base_url, **KEYS, **options)


def message(body: bytes) -> bytes:
    """
    Return *body* as an HTTP answer, with the headers that a web server adds.
    """
    head = (
        "HTTP/1.1 200 OK\r\n"
        "Server: benchmark\r\n"
        "Date: Sun, 22 Nov 2026 12:00:00 GMT\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Connection: keep-alive\r\n"
        "\r\n"
    )
    return head.encode() + body


@contextmanager
def carrier(kind: str = "plain", certificate: bytes = b"") -> Iterator[str]:
    """
    Run a carrier in a process of its own; give its host and port.
    """
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "get").write_bytes(message(DELIVERED))
        (Path(folder) / "post").write_bytes(message(QUOTED))
        if certificate:
            (Path(folder) / "cert.pem").write_bytes(certificate)
        with subprocess.Popen(
            [sys.executable, str(HERE / "server.py"), kind, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            try:
                yield f"127.0.0.1:{process.stdout.readline().strip()}"
            finally:
                process.kill()
