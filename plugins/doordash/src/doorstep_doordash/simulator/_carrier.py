"""
Drive v2's routes, in front of the account's deliveries.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from werkzeug.http import http_date
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from doorstep.simulation import SimulatorClock, WebhookSender
from doorstep_doordash.simulator._auth import check_token
from doorstep_doordash.simulator._deliveries import Deliveries
from doorstep_doordash.simulator._fields import (
    ACCEPT,
    ACCEPT_FIELDS,
    CANCEL,
    CREATE,
    ECHOED,
    REFUND,
    TIMES,
    UPDATE,
)
from doorstep_doordash.simulator._limit import RequestLimit
from doorstep_doordash.simulator._options import DriveOptions
from doorstep_doordash.simulator._refused import RefusedError, of_status
from doorstep_doordash.simulator._rules import check_fields, check_id, read_object
from doorstep_doordash.simulator._webhooks import Teller

__all__ = ["DriveCarrier"]

_RULES: Final = (
    Rule("/drive/v2/quotes", methods=["POST"], endpoint="quote"),
    Rule("/drive/v2/quotes/<delivery>/accept", methods=["POST"], endpoint="accept"),
    Rule("/drive/v2/deliveries", methods=["POST"], endpoint="create"),
    Rule("/drive/v2/deliveries/<delivery>", methods=["GET"], endpoint="get"),
    Rule("/drive/v2/deliveries/<delivery>", methods=["PATCH"], endpoint="update"),
    Rule("/drive/v2/deliveries/<delivery>/cancel", methods=["PUT"], endpoint="cancel"),
    Rule("/drive/v2/deliveries/<delivery>/refunds", methods=["POST"], endpoint="refund"),
)


class DriveCarrier:
    """
    Answer Drive requests as DoorDash would.

    Args:
        options:
            The account.

        clock:
            The simulator's clock; tokens are judged by the real time.

    Attributes:
        webhooks:
            What tells of its deliveries.
    """

    def __init__(self, options: DriveOptions, clock: SimulatorClock) -> None:
        self._options = options
        self._limit = RequestLimit(options.request_limit, options.real_time)
        self.webhooks = WebhookSender(clock, options.webhooks(), look=self.books)
        teller = Teller(
            self.webhooks,
            enroute=options.webhook_enroute,
            older_fields=options.webhook_older_fields,
        )
        self._deliveries = Deliveries(clock, courier_walks=options.courier_walks, teller=teller)

    def rules(self) -> Sequence[Rule]:
        """
        Return the routes: quote, accept, create, get, update, cancel, refund.
        """
        return _RULES

    def answer(self, operation: str, arguments: Mapping[str, str], request: Request) -> Response:
        """
        Check who asks and what, then do it.
        """
        try:
            check_token(request.headers.get("Authorization"), self._options)
            self._limit.check()
            delivery = arguments.get("delivery", "")
            if "delivery" in arguments:
                check_id(delivery)
            return self._said(200, self._do(operation, delivery, request.get_data()))
        except RefusedError as refused:
            body = dict(refused.body)
            if self._options.reason_in_code and "reason" in body:
                body["code"] = body.pop("reason")
            return self._said(refused.status, body)

    def refusal(self, status: int, arguments: Mapping[str, str]) -> Response:
        """
        Return DoorDash's words for *status*.
        """
        return self._said(status, of_status(status, arguments.get("delivery")).body)

    def with_other_id(self, response: Response) -> Response:
        """
        Return *response* with another external delivery id in it.
        """
        body = json.loads(response.get_data())
        if "external_delivery_id" in body:
            body["external_delivery_id"] += "-other"
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

    def _do(self, operation: str, delivery: str, data: bytes) -> dict[str, Any]:
        if operation == "get":
            return self._deliveries.get(delivery)
        body = read_object(data, optional=operation in {"accept", "cancel"})
        if operation in {"quote", "create"}:
            check_fields(body, CREATE)
            known = {name: body[name] for name in (*ECHOED, *TIMES) if name in body}
            book = self._deliveries.quote if operation == "quote" else self._deliveries.create
            return book(known)
        if operation == "accept":
            check_fields(body, ACCEPT)
            known = {name: body[name] for name in ACCEPT_FIELDS if name in body}
            return self._deliveries.accept(delivery, known)
        if operation == "update":
            check_fields(body, UPDATE)
            known = {name: body[name] for name in (*ECHOED, *TIMES) if name in body}
            return self._deliveries.update(delivery, known)
        if operation == "cancel":
            check_fields(body, CANCEL)
            return self._deliveries.cancel(delivery, body)
        check_fields(body, REFUND)
        return self._deliveries.refund(delivery, body["refund_reason"])

    def _said(self, status: int, body: dict[str, Any]) -> Response:
        response = Response(json.dumps(body), status=status, content_type="application/json")
        response.headers["Date"] = http_date(self._options.real_time())
        return response
