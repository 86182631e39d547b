"""
The routes about places: whether DoorDash delivers there, and how an address goes on.

The simulator's choices: a reason why not is the one that a create would be refused with;
a proposed address is a text, or an object with ``DriveOptions.address_objects``.

Source:
    Drive API 2.1.59, ``/serviceability`` and ``/address/auto_complete``, which leave open
    what the reasons and a proposed address look like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from doorstep_doordash.simulator._addresses import Addresses
from doorstep_doordash.simulator._auth import Gate
from doorstep_doordash.simulator._checks import number, one_of, record, text, whole
from doorstep_doordash.simulator._fields import SERVICEABILITY
from doorstep_doordash.simulator._magic import check_business, obstacles
from doorstep_doordash.simulator._parts import said
from doorstep_doordash.simulator._rules import check_fields, read_object

__all__ = ["PlacesPart"]

_RULES: Final = (
    Rule("/drive/v2/serviceability", methods=["POST"], endpoint="serviceability"),
    Rule("/drive/v2/address/auto_complete", methods=["POST"], endpoint="auto_complete"),
)
_MOST: Final = 5
_USUAL: Final = 3
_COMPLETION: Final = record(
    {
        "input_address": text(shortest=1),
        "location": record({"lat": number(), "lng": number()}, ("lat", "lng")),
        "search_radius_meter": number(0),
        "max_results": whole(1, _MOST),
        "country": one_of("US", "PR", "CA", "AU", "NZ"),
    },
    required=("input_address",),
)


class PlacesPart:
    """
    Answer about places.

    Args:
        addresses:
            The addresses that are proposed.

        gate:
            Who is let in.

        objects:
            Whether a proposed address is an object.
    """

    def __init__(self, addresses: Addresses, gate: Gate, *, objects: bool) -> None:
        self._addresses = addresses
        self._gate = gate
        self._objects = objects

    def rules(self) -> Sequence[Rule]:
        """
        Return the routes: serviceability, auto_complete.
        """
        return _RULES

    def answer(self, operation: str, _arguments: Mapping[str, str], request: Request) -> Response:
        """
        Check who asks and what, then tell.
        """
        self._gate.check(request)
        body = read_object(request.get_data())
        if operation == "auto_complete":
            check_fields(body, _COMPLETION)
            return said(200, {"results": self._proposed(body)})
        check_fields(body, SERVICEABILITY)
        check_business(body)
        reasons = list(obstacles(body))
        return said(200, {"is_serviceable": not reasons, "reasons_not_serviceable": reasons})

    def _proposed(self, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        found = self._addresses.complete(
            body["input_address"], body.get("country"), body.get("max_results", _USUAL)
        )
        return [{"address": _parts(one) if self._objects else one} for one in found]


def _parts(address: str) -> dict[str, str]:
    return {"formatted_address": address, "street_address": address.partition(", ")[0]}
