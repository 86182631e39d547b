"""
Carriers that answer a provider while its contract is run.

:class:`SimulatorCarrier` is any plugin's simulator, over real HTTP;
:class:`MemoryCarrier` is :class:`~doorstep.testing.FakeCarrier`, for the fakes by
which the contract itself is judged.
"""

from __future__ import annotations

from typing import Any, Protocol
from urllib.parse import urlsplit

import attrs

from doorstep.http import Clock, HttpPool, SystemClock, Transport
from doorstep.models import Status
from doorstep.testing import FakeCarrier
from doorstep.webhooks import WebhookRequest
from doorstep_contracts.faults import FaultServer, Peer

__all__ = ["Booked", "Carrier", "MemoryCarrier", "SimulatorCarrier"]

#: How a delivery goes that nothing happens to.
_ROUTE = (
    Status.PENDING,
    Status.ASSIGNED,
    Status.TO_PICKUP,
    Status.AT_PICKUP,
    Status.PICKED_UP,
    Status.TO_DROPOFF,
    Status.AT_DROPOFF,
    Status.DELIVERED,
)


@attrs.frozen(kw_only=True)
class Booked:
    """
    What the carrier's own books say of one delivery.

    Args:
        id:
            The carrier's id.

        live:
            Whether a courier may still come.

        commits:
            How many requests booked it.

        fee, tip:
            In the smallest unit of *currency*; None if the books do not say.
    """

    id: str
    live: bool
    commits: int = 1
    fee: int | None = None
    tip: int | None = None
    currency: str | None = None


class Carrier(Protocol):
    """
    What stands for the company: answers requests, and tells its own truth.
    """

    def transport(self) -> Transport:
        """
        Return what reaches it. The caller closes it.
        """

    @property
    def clock(self) -> Clock:
        """
        What its clients take for the time.
        """

    def books(self) -> list[Booked]:
        """
        Return what was really booked, in order.
        """

    def pass_time(self, seconds: float) -> None:
        """
        Let its couriers walk, and its quotes age, for *seconds*.
        """

    def webhooks(self) -> list[WebhookRequest]:
        """
        Return the webhooks since the last time, as a shop receives them.
        """

    def close(self) -> None:
        """
        Let go of what it holds.
        """


class SimulatorCarrier:
    """
    A plugin's simulator that was started: made of the parts in
    :mod:`doorstep.simulation`.
    """

    def __init__(self, server: Any) -> None:
        self._server = server
        self._heard: list[WebhookRequest] = []
        self._shop: FaultServer | None = None
        if getattr(server, "webhooks", None) is not None:
            self._shop = FaultServer(self._hear)
            server.webhooks.configure(url=f"{self._shop.url}/webhooks")

    @property
    def clock(self) -> Clock:
        """
        Real time: tokens are judged by it.
        """
        return SystemClock()

    def transport(self) -> Transport:
        """
        Return connections of its own.
        """
        return HttpPool()

    def books(self) -> list[Booked]:
        """
        Return what the server's control tells.
        """
        return [
            Booked(
                id=str(one["id"]),
                live=bool(one["live"]),
                commits=int(one.get("commits", 1)),
                fee=one.get("fee"),
                tip=one.get("tip"),
                currency=one.get("currency"),
            )
            for one in self._server.books()
        ]

    def pass_time(self, seconds: float) -> None:
        """
        Step the server's clock.
        """
        self._server.clock.step(seconds)
        self._server.books()  # lets happen what has come due

    def webhooks(self) -> list[WebhookRequest]:
        """
        Wait until what is due was posted, and return it.
        """
        if self._shop is None:
            return []
        self._server.webhooks.settle()
        heard, self._heard = self._heard, []
        return heard

    def close(self) -> None:
        """
        End the shop that heard the webhooks; the server is its owner's.
        """
        if self._shop is not None:
            self._server.webhooks.configure(url=None)
            self._shop.close()

    def _hear(self, peer: Peer) -> bool:
        self._heard.append(_webhook(peer))
        return peer.reply(200)


class MemoryCarrier:
    """
    The carrier of ``doorstep.testing``, whose couriers walk a stop in five minutes.
    """

    def __init__(self, fake: FakeCarrier) -> None:
        self.fake = fake
        self._told: dict[str, Status] = {}

    @property
    def clock(self) -> Clock:
        """
        The carrier's own, which stands until it is moved.
        """
        return self.fake.clock

    def transport(self) -> Transport:
        """
        Return the carrier, which needs no connection.
        """
        return self.fake

    def books(self) -> list[Booked]:
        """
        Return its deliveries.
        """
        return [
            Booked(
                id=one.id.value,
                live=not one.status.terminal,
                fee=self.fake.fee.minor,
                tip=one.tip.minor if one.tip is not None else 0,
                currency=self.fake.fee.currency,
            )
            for one in self.fake.deliveries
        ]

    def pass_time(self, seconds: float) -> None:
        """
        Move the clock, and every live delivery a step for each five minutes.
        """
        self.fake.clock.step(seconds)
        for _ in range(int(seconds // 300)):
            for one in self.fake.deliveries:
                if one.status in _ROUTE[:-1]:
                    self.fake.advance(one.id, _ROUTE[_ROUTE.index(one.status) + 1])

    def webhooks(self) -> list[WebhookRequest]:
        """
        Return one webhook for each delivery that changed.
        """
        changed = [
            one for one in self.fake.deliveries if self._told.get(one.id.value) != one.status
        ]
        self._told.update((one.id.value, one.status) for one in changed)
        return [self.fake.webhook(one.id) for one in changed]

    def close(self) -> None:
        """
        Hold nothing.
        """


def _webhook(peer: Peer) -> WebhookRequest:
    line, _, rest = peer.request.partition(b"\r\n")
    head = rest.partition(b"\r\n\r\n")[0].decode("latin-1")
    method, target, _ = line.decode("latin-1").split(" ")
    fields = (each.partition(":") for each in head.split("\r\n"))
    headers = {name: value.strip() for name, _, value in fields}
    parts = urlsplit(target)
    return WebhookRequest(
        method=method, path=parts.path, query=parts.query, headers=headers, body=peer.body
    )
