"""
Webhooks that a carrier's simulator sends, received inside real frameworks.
"""

from __future__ import annotations

import threading

import pytest

import doorstep
from doorstep.models import Address, Contact, DeliveryRequest, Item, Money, Stop
from doorstep.tracking import MemoryEventStore

simulator = pytest.importorskip("doorstep_doordash.simulator")

WISH = DeliveryRequest(
    reference="order-1",
    pickup=Stop(
        address=Address(one_line="1000 4th Avenue, Seattle, WA 98104"),
        contact=Contact(business="Burrito Bar", phone="+12065551212"),
    ),
    dropoffs=Stop(
        address=Address(one_line="1201 3rd Avenue, Seattle, WA 98101"),
        contact=Contact(given="Ada", family="Lovelace", phone="+12065551213"),
        items=[Item(name="Burrito", quantity=2)],
    ),
    order_value=Money(2000, "USD"),
)


class Ears:
    """
    The shop's own code: it waits for an end.
    """

    def __init__(self):
        self.heard, self.ended = [], threading.Event()

    def on_exchange(self, exchange): ...

    def on_call(self, summary): ...

    def on_change(self, change):
        """
        Remember the status.
        """
        self.heard.append(change.after.delivery.status.value)
        if change.after.delivery.status.terminal:
            self.ended.set()


def test_simulators_webhooks_reach_the_shops_code(framework):
    """
    What happens at the carrier is heard in every framework, each change once however often
    it is sent; with another word nothing is.
    """
    ears = Ears()
    options = simulator.DriveOptions(courier_walks=False, webhook_repeat=2)
    connect = doorstep.connect_async if framework.awaits else doorstep.connect
    with simulator.DriveServer(options) as drive:
        keys = drive.credentials()
        store = MemoryEventStore()
        courier = connect("doordash", store=store, observers=[ears], **keys)
        with framework(courier) as port, doorstep.connect("doordash", **keys) as booking:
            booking.dispatch(WISH)
            word = {"Authorization": options.webhook_authorization}
            drive.webhooks.configure(
                url=f"http://127.0.0.1:{port}/webhooks", headers={"Authorization": "mine"}
            )
            drive.advance("order-1", "confirmed")
            drive.webhooks.settle()
            refused = list(ears.heard)
            drive.webhooks.configure(headers=word)
            drive.advance("order-1", "delivered")
            drive.webhooks.settle()

    assert [] == refused
    assert ears.ended.is_set()
    assert sorted(set(ears.heard), key=ears.heard.index) == ears.heard
