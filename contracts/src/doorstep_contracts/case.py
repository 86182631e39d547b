"""
What a contract is run on: a provider, a request that it can do, and who answers.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from doorstep import Client
from doorstep.capabilities import Capabilities
from doorstep.models import CancelReason, Delivery, DeliveryRequest, Money, Quote
from doorstep.provider import Provider
from doorstep_contracts.carriers import Carrier

__all__ = ["Case", "Shelf"]

#: Seconds of simulated time that every delivery has ended after.
A_DAY_S = 86_400.0
_COUNT = itertools.count(1)


@attrs.frozen(kw_only=True)
class Shelf:
    """
    What the carrier's marketplace knows: a store, and some of its items and options.
    """

    store: str
    items: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


@attrs.define(kw_only=True)
class Case:
    """
    One provider under contract.

    Args:
        provider:
            An account of it, set up for *carrier* where there is one.

        request:
            A delivery that this account can do.

        quote:
            A quote for *request*, for accounts that dispatch nothing without one
            when there is no *carrier* to ask.

        carrier:
            Who answers.

        recordings:
            The folder of its recordings.
    """

    provider: Provider
    request: DeliveryRequest
    quote: Quote | None = None
    carrier: Carrier | None = None
    recordings: Path | None = None

    @property
    def can(self) -> Capabilities:
        """
        What the account claims.
        """
        return self.provider.capabilities

    def claims(self, path: str) -> bool:
        """
        Whether the capability *path* is claimed: ``tip``, ``catalog.items``, ...
        """
        value: Any = self.can
        for name in path.split("."):
            value = getattr(value, name, None)
        return bool(value) and value != "none"

    def fresh(self) -> DeliveryRequest:
        """
        Return the request under a reference that nobody used.
        """
        return attrs.evolve(self.request, reference=f"contract-{next(_COUNT):06d}")

    @property
    def currency(self) -> str:
        """
        A currency that the account charges in.
        """
        value = self.request.order_value
        return value.currency if value else min(self.can.currencies, default="USD")

    def money(self, minor: int) -> Money:
        """
        Return an amount in :attr:`currency`.
        """
        return Money(minor, self.currency)

    @property
    def reason(self) -> CancelReason | None:
        """
        A reason to cancel, where the carrier takes one.
        """
        return min(self.can.cancel_reasons, default=None)

    @contextmanager
    def client(self, **options: Any) -> Iterator[Client]:
        """
        Yield a client of the carrier; *options* are :class:`~doorstep.Client`'s.
        """
        assert self.carrier is not None, "this needs a carrier: supply the fixture `server`"
        pool = options.pop("pool", None) or self.carrier.transport()
        try:
            with Client(self.provider, pool=pool, clock=self.carrier.clock, **options) as client:
                yield client
        finally:
            pool.close()

    def book(self, client: Client, request: DeliveryRequest | None = None) -> Delivery:
        """
        Dispatch a request, with a quote where the account needs one.
        """
        wished = request or self.fresh()
        quote = client.quote(wished)[0] if self.can.quote_required else None
        return client.dispatch(wished, quote=quote)
