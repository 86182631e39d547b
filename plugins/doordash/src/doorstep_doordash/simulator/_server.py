"""
A Drive account on loopback.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from doorstep.simulation import Faults, Journal, SimulatorClock, SimulatorServer, WebhookSender
from doorstep_doordash.simulator._carrier import DriveCarrier
from doorstep_doordash.simulator._options import DriveOptions
from doorstep_doordash.simulator._shopfront import Marketplace

__all__ = ["DriveServer"]


class DriveServer:
    """
    Serve DoorDash Drive v2 on 127.0.0.1, for one account.

    Args:
        options:
            The account and how its couriers behave; a new account whose
            couriers walk in real time when absent.
    """

    def __init__(self, options: DriveOptions | None = None) -> None:
        self._options = options or DriveOptions()
        clock = SimulatorClock(self._options.start, speed=self._options.speed)
        self._carrier = DriveCarrier(self._options, clock)
        self._server = SimulatorServer(
            self._carrier,
            clock=clock,
            port=self._options.port,
            webhooks=self._carrier.webhooks,
        )

    @property
    def options(self) -> DriveOptions:
        """
        The account and how its couriers behave.
        """
        return self._options

    @property
    def base_url(self) -> str:
        """
        What stands for ``https://openapi.doordash.com``, while the server runs.
        """
        return self._server.base_url

    @property
    def clock(self) -> SimulatorClock:
        """
        The clock that quotes expire and couriers walk by.
        """
        return self._server.clock

    @property
    def faults(self) -> Faults:
        """
        The faults that requests are to meet.

        Operations: quote, accept, create, get, update, cancel, refund; redelivery,
        assignments, rating; serviceability, auto_complete; create, list, get and update
        of a business and of a store, as in create_business and list_stores; proof.
        Those of the Marketplace: store_status, items, options, store_details,
        menu_details, store_menu, item_availability, option_availability.
        """
        return self._server.faults

    @property
    def journal(self) -> Journal:
        """
        Every request that reached the server.
        """
        return self._server.journal

    @property
    def webhooks(self) -> WebhookSender:
        """
        What tells of its deliveries; ``webhooks.configure(url=...)`` says where.
        """
        return self._carrier.webhooks

    @property
    def marketplace(self) -> Marketplace:
        """
        The stores of its Marketplace, and what customers see there.
        """
        return self._carrier.marketplace

    def credentials(self) -> dict[str, Any]:
        """
        Return what a client needs: base_url, developer_id, key_id, signing_secret,
        webhook_authorizations to receive, and for the Marketplace marketplace_url,
        marketplace_provider_type and the credentials of one generation.
        """
        return {
            "base_url": self.base_url,
            "developer_id": self._options.developer_id,
            "key_id": self._options.key_id,
            "signing_secret": self._options.signing_secret,
            "webhook_authorizations": [self._options.webhook_authorization],
            **self._options.marketplace_credentials(self.base_url),
        }

    def register_store(
        self,
        business: str,
        store: str,
        *,
        address: str,
        name: str = "Store",
        phone_number: str | None = None,
    ) -> None:
        """
        Register a store as DoorDash's people can, with its business if need be.

        The API takes ids of 3 to 64 letters, digits, ``-`` and ``_``; 2.1.59 shows
        deliveries from stores "09" and "#00012", which come into being like this.
        """
        body = {"external_store_id": store, "name": name, "address": address}
        if phone_number is not None:
            body["phone_number"] = phone_number
        self._carrier.businesses.register(business, body)

    def books(self) -> list[dict[str, Any]]:
        """
        Return every delivery that was really booked, quotes excluded, in order.

        Each has ``id``, ``status``, ``live``, ``fee``, ``tip``, ``currency``,
        ``commits`` (how many create or accept requests booked it: one, unless
        the simulator is broken), ``attempts`` (how many asked for it),
        ``refunded`` (in all, or None), ``ratings`` (what was said of its couriers)
        and ``pins`` (what the courier asks for at the ``dropoff``, at the ``return``).
        """
        return self._carrier.books()

    def advance(self, delivery: str, to: str, **details: Any) -> dict[str, Any]:
        """
        Move a delivery by hand and return its entry in the books.

        Args:
            delivery:
                Its external delivery id.

            to:
                A later status; ``created`` when the courier drops out;
                ``cancelled``; or ``undeliverable``.

            details:
                ``cancellation_reason``, ``arranged_by_support``.

        Raises:
            doorstep.simulation.UnknownDeliveryError:
                It was never booked.

            doorstep.simulation.MoveRefusedError:
                It cannot go there from where it is.
        """
        return self._carrier.advance(delivery, to, **details)

    def start(self) -> Self:
        """
        Listen and serve until :meth:`stop`, or until the process ends.

        Raises:
            OSError:
                The port is taken.
        """
        self._server.start()
        self._carrier.proofs.serve_at(self.base_url)
        return self

    def stop(self) -> None:
        """
        End at once, with every connection that is open or held.
        """
        self._server.stop()

    def __enter__(self) -> Self:
        """
        Start the server.
        """
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """
        Stop the server.
        """
        self.stop()
