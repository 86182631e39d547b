"""
Everything the account's server answers, put together from its parts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from werkzeug.http import http_date
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from doorstep.simulation import SimulatorClock, WebhookSender
from doorstep_doordash.simulator._addresses import Addresses
from doorstep_doordash.simulator._auth import Gate
from doorstep_doordash.simulator._businesses import Businesses
from doorstep_doordash.simulator._deliveries import Deliveries
from doorstep_doordash.simulator._drive import DrivePart
from doorstep_doordash.simulator._followup import FollowUpPart
from doorstep_doordash.simulator._marketplace import MarketplacePart
from doorstep_doordash.simulator._onboarding import OnboardingPart
from doorstep_doordash.simulator._options import DriveOptions
from doorstep_doordash.simulator._pages import Pages
from doorstep_doordash.simulator._parts import Part, said
from doorstep_doordash.simulator._places import PlacesPart
from doorstep_doordash.simulator._proofs import Proofs, ProofsPart
from doorstep_doordash.simulator._refused import RefusedError, of_status
from doorstep_doordash.simulator._shopfront import Marketplace
from doorstep_doordash.simulator._stores import Stores
from doorstep_doordash.simulator._webhooks import Teller

__all__ = ["DriveCarrier"]

#: The fields by which an answer names what it is about.
_IDS: Final = (
    "external_delivery_id",
    "external_store_id",
    "external_business_id",
    "merchant_supplied_id",
)


class DriveCarrier:
    """
    Answer requests as DoorDash would.

    Args:
        options:
            The account.

        clock:
            The simulator's clock; tokens are judged by the real time.

    Attributes:
        webhooks:
            What tells of its deliveries.

        businesses:
            Its businesses and their stores, as Drive knows them.

        proofs:
            The images that its couriers take.

        marketplace:
            Its stores and what is in stock there.
    """

    def __init__(self, options: DriveOptions, clock: SimulatorClock) -> None:
        self._options = options
        self.webhooks = WebhookSender(clock, options.webhooks(), look=self.books)
        teller = Teller(
            self.webhooks,
            enroute=options.webhook_enroute,
            older_fields=options.webhook_older_fields,
        )
        self.businesses = Businesses(clock, Pages(options.page_size, options.paging))
        self.proofs = Proofs(clock, options.proof_life)
        addresses = Addresses()
        self._deliveries = Deliveries(
            clock,
            courier_walks=options.courier_walks,
            businesses=self.businesses,
            addresses=addresses,
            proofs=self.proofs,
            teller=teller,
        )
        gate = Gate(options.drive_key(), options.request_limit, options.real_time)
        stores = Stores(clock, options.marketplace_stores, options.marketplace_provider_type)
        self.marketplace = Marketplace(stores, clock)
        parts: tuple[Part, ...] = (
            DrivePart(self._deliveries, gate),
            FollowUpPart(self._deliveries, gate),
            PlacesPart(addresses, gate, objects=options.address_objects),
            OnboardingPart(self.businesses, gate),
            ProofsPart(self.proofs),
            MarketplacePart(stores, options, clock),
        )
        self._rules = tuple(rule for part in parts for rule in part.rules())
        self._parts = {str(rule.endpoint): part for part in parts for rule in part.rules()}

    def rules(self) -> Sequence[Rule]:
        """
        Return the routes of all parts.
        """
        return self._rules

    def answer(self, operation: str, arguments: Mapping[str, str], request: Request) -> Response:
        """
        Let the part that has the route answer.
        """
        try:
            response = self._parts[operation].answer(operation, arguments, request)
        except RefusedError as refused:
            body = dict(refused.body)
            if self._options.reason_in_code and "reason" in body:
                body["code"] = body.pop("reason")
            response = said(refused.status, body)
        return self._dated(response)

    def refusal(self, status: int, arguments: Mapping[str, str]) -> Response:
        """
        Return DoorDash's words for *status*.
        """
        return self._dated(said(status, of_status(status, arguments).body))

    def with_other_id(self, response: Response) -> Response:
        """
        Return *response* with another id in it.
        """
        body = json.loads(response.get_data())
        for entry in body if isinstance(body, list) else [body]:
            for name in _IDS:
                if name in entry:
                    entry[name] += "-other"
        response.set_data(json.dumps(body))
        return response

    def books(self) -> list[dict[str, Any]]:
        """
        Return every delivery that was booked.
        """
        return self._deliveries.books()

    def advance(self, delivery: str, to: str, **details: Any) -> dict[str, Any]:
        """
        Move a delivery by hand and return its entry in the books.
        """
        return self._deliveries.advance(delivery, to, details)

    def _dated(self, response: Response) -> Response:
        response.headers["Date"] = http_date(self._options.real_time())
        return response
