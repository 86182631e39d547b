"""
The routes for what follows a delivery: its couriers, their rating, another try.

Source:
    Dasher feedback API 0.0.1; Redelivery API 0.0.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from doorstep_doordash.simulator._auth import Gate
from doorstep_doordash.simulator._checks import one_of, record, text
from doorstep_doordash.simulator._deliveries import Deliveries
from doorstep_doordash.simulator._fields import ECHOED, REDELIVER, TIMES
from doorstep_doordash.simulator._parts import said
from doorstep_doordash.simulator._refused import FieldError
from doorstep_doordash.simulator._rules import check_fields, check_id, read_object

__all__ = ["FollowUpPart"]

_DELIVERY: Final = "/drive/v2/deliveries/<delivery>"
_RULES: Final = (
    Rule(f"{_DELIVERY}/redelivery", methods=["POST"], endpoint="redelivery"),
    Rule(f"{_DELIVERY}/assignments", methods=["GET"], endpoint="assignments"),
    Rule(f"{_DELIVERY}/dashers/<dasher>/rating", methods=["POST"], endpoint="rating"),
)


def _thumb(value: Any) -> Iterator[FieldError]:
    if isinstance(value, bool) or not isinstance(value, int) or value not in {-1, 0, 1}:
        yield "", "must be one of -1, 0, 1"


_RATING: Final = record(
    {
        "rating": _thumb,
        "feedback_reason": one_of(
            "EQUIPPED",
            "ON_TIME",
            "PATIENT_RESPECTFUL",
            "INSTRUCTIONS_FOLLOWED",
            "GREAT_COMMUNICATION",
            "CHECKED_ITEMS",
            "DASHER_UNPROFESSIONAL",
            "INSTRUCTIONS_NOT_FOLLOWED",
            "NOT_EQUIPPED",
            "STOLE_ORDER",
            "DASHER_SOMEONE_ELSE",
            "MISHANDLED_ORDER",
            "EARLY_LATE_FOR_PICKUP",
            "DASHER_NEVER_ARRIVED",
            "OTHER",
            "HARASSED_STAFF_OR_CUSTOMERS",
            "INAPPROPRIATE_BEHAVIOR",
            "UNDER_THE_INFLUENCE",
            "OTHER_BLOCK",
        ),
        "comment": text(),
    },
    required=("rating",),
)
_RATED: Final = ("rating", "feedback_reason", "comment")


class FollowUpPart:
    """
    Answer for what follows the account's deliveries.

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
        Return the routes: redelivery, assignments, rating.
        """
        return _RULES

    def answer(self, operation: str, arguments: Mapping[str, str], request: Request) -> Response:
        """
        Check who asks and what, then do it.
        """
        self._gate.check(request)
        delivery = arguments["delivery"]
        check_id(delivery)
        if operation == "assignments":
            return said(200, self._deliveries.assignments(delivery))
        body = read_object(request.get_data())
        if operation == "redelivery":
            check_fields(body, REDELIVER)
            known = {name: body[name] for name in (*ECHOED, *TIMES) if name in body}
            return said(200, self._deliveries.redeliver(delivery, known))
        check_fields(body, _RATING)
        known = {name: body[name] for name in _RATED if name in body}
        self._deliveries.rate(delivery, arguments["dasher"], known)
        return said(200, "SUCCESS")
