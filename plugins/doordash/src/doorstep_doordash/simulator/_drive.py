"""
Drive v2's routes for quotes and deliveries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from doorstep_doordash.simulator._auth import Gate
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
from doorstep_doordash.simulator._parts import said
from doorstep_doordash.simulator._rules import check_fields, check_id, read_object

__all__ = ["DrivePart"]

_RULES: Final = (
    Rule("/drive/v2/quotes", methods=["POST"], endpoint="quote"),
    Rule("/drive/v2/quotes/<delivery>/accept", methods=["POST"], endpoint="accept"),
    Rule("/drive/v2/deliveries", methods=["POST"], endpoint="create"),
    Rule("/drive/v2/deliveries/<delivery>", methods=["GET"], endpoint="get"),
    Rule("/drive/v2/deliveries/<delivery>", methods=["PATCH"], endpoint="update"),
    Rule("/drive/v2/deliveries/<delivery>/cancel", methods=["PUT"], endpoint="cancel"),
    Rule("/drive/v2/deliveries/<delivery>/refunds", methods=["POST"], endpoint="refund"),
)


class DrivePart:
    """
    Answer for the account's quotes and deliveries.

    Args:
        deliveries:
            The quotes and deliveries.

        gate:
            Who is let in.
    """

    def __init__(self, deliveries: Deliveries, gate: Gate) -> None:
        self._deliveries = deliveries
        self._gate = gate

    def rules(self) -> Sequence[Rule]:
        """
        Return the routes: quote, accept, create, get, update, cancel, refund.
        """
        return _RULES

    def answer(self, operation: str, arguments: Mapping[str, str], request: Request) -> Response:
        """
        Check who asks and what, then do it.
        """
        self._gate.check(request)
        delivery = arguments.get("delivery", "")
        if "delivery" in arguments:
            check_id(delivery)
        return said(200, self._do(operation, delivery, request.get_data()))

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
