"""
What a carrier's own part of a simulator supplies to the common part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

__all__ = ["MoveRefusedError", "SimulatedCarrier", "UnknownDeliveryError"]


class UnknownDeliveryError(LookupError):
    """
    The control API named a delivery that the carrier never booked.
    """


class MoveRefusedError(ValueError):
    """
    The control API asked for a move that the carrier's rules do not know.
    """


class SimulatedCarrier(Protocol):
    """
    One carrier's rules, behind its own routes.

    The common part finds the route, meets the armed faults and speaks HTTP;
    it calls from several threads at once.
    """

    def rules(self) -> Sequence[Rule]:
        """
        Return the routes. A rule's endpoint is the name of its operation.
        """

    def answer(self, operation: str, arguments: Mapping[str, str], request: Request) -> Response:
        """
        Do what the request asks and answer as the carrier would.

        Args:
            operation:
                The endpoint of the rule that matched.

            arguments:
                The path's variable parts, percent-decoded.

            request:
                The request, its body fully read.
        """

    def refusal(self, status: int, arguments: Mapping[str, str]) -> Response:
        """
        Return what the carrier says with *status*, for a fault.

        Args:
            status:
                404, 429, 500 or 503.

            arguments:
                The path's variable parts, percent-decoded.
        """

    def with_other_id(self, response: Response) -> Response:
        """
        Return *response* naming another delivery.
        """

    def books(self) -> list[dict[str, Any]]:
        """
        Return every delivery that was really booked, as JSON values.
        """

    def advance(self, delivery: str, to: str, **details: Any) -> dict[str, Any]:
        """
        Move a delivery by hand and return its entry in the books.

        Raises:
            UnknownDeliveryError:
                It was never booked.

            MoveRefusedError:
                The carrier's deliveries cannot go there from here.
        """
