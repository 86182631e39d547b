"""
The demo's receiver: shows what it hears, and counts it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from doorstep.cli._heard import event_line, transition
from doorstep.cli._receiving import ReceivingServer
from doorstep.cli._stage import Stage
from doorstep.cli._story import Story
from doorstep.errors import UnsupportedError
from doorstep.webhooks import Received, WebhookRequest

if TYPE_CHECKING:
    from doorstep.client import Client

__all__ = ["Ears", "open_ears"]

#: Simulated seconds by which webhooks come late, each by another part of them.
_SPREAD_S = 300.0
_SEED = 8
#: Real seconds after which nothing more is expected.
_LONGEST_S = 20.0
_LOOK_S = 0.01


class Ears:
    """
    Show each event as it comes, and count what came.

    Args:
        story:
            Where to show it.

        webhooks:
            What sends.
    """

    def __init__(self, story: Story, webhooks: Any) -> None:
        self._story = story
        self._webhooks = webhooks
        self._lock = threading.Lock()
        #: Webhooks, events among them that were told before, and events that were not.
        self.counts = {"received": 0, "repeated": 0, "new": 0}

    def hear(self, received: Received) -> None:
        """
        Count and show what came of a webhook.
        """
        with self._lock:
            self.counts["received"] += 1
            self.counts["repeated"] += received.repeated
            self.counts["new"] += len(received.events)
        changes = {change.observation.id: change for change in received.changes}
        for event in received.events:
            change = changes.get(event.id)
            told = {"event": event.name, "change": transition(change)}
            self._story.event(event_line(event, change), told)

    def again(self) -> dict[str, int]:
        """
        Have everything sent once more, and return what was counted of it.
        """
        with self._lock:
            self.counts = dict.fromkeys(self.counts, 0)
        self._webhooks.resend()
        self.rest()
        return self.counts

    def rest(self) -> None:
        """
        Wait until nothing more is under way.
        """
        until = time.monotonic() + _LONGEST_S
        while self._webhooks.waiting and time.monotonic() < until:
            time.sleep(_LOOK_S)
        self._webhooks.settle()

    def in_order(self) -> None:
        """
        Have what follows sent without delay.
        """
        self._webhooks.configure(shuffle=None)


@contextmanager
def open_ears(courier: Client, stage: Stage, story: Story) -> Iterator[Ears | None]:
    """
    Receive what the simulator tells by itself; None if there is nothing to hear.
    """
    if stage.webhooks is None or not _hears(courier):
        yield None
        return
    ears = Ears(story, stage.webhooks)
    with ReceivingServer(courier, ears.hear) as server:
        story.step("listen", "Hear what the carrier tells", "app = doorstep.webhooks.wsgi(courier)")
        story.say(f"Webhooks are received at {server.url}, some of them late.")
        story.data({"url": server.url})
        stage.webhooks.configure(url=server.url, shuffle=_SEED, spread_s=_SPREAD_S)
        try:
            yield ears
        finally:
            stage.webhooks.configure(url=None)


def _hears(courier: Client) -> bool:
    try:
        courier.receive(WebhookRequest())
    except UnsupportedError:
        return False
    return True
