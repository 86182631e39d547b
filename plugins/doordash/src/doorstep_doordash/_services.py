"""
What DoorDash offers around a delivery: where it goes, who came, and once more.

Source:
    Drive API 2.1.59, ``/serviceability`` and ``/address/auto_complete``, which do not say
    what the reasons and a proposed address look like; Dasher feedback API 0.0.1
    (December 8, 2022) for the assignments and the rating.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

import orjson

from doorstep.codec import decode, encode
from doorstep.errors import (
    DeliveryNotFoundError,
    FieldProblem,
    InvalidAnswerError,
    ValidationError,
)
from doorstep.http import Flow, Request, Response, path
from doorstep.models import (
    Address,
    Assignment,
    Coordinates,
    Courier,
    Coverage,
    Delivery,
    DeliveryId,
    Money,
    Opinion,
    Proof,
    ProofKind,
    Rating,
    Raw,
    StopKind,
)
from doorstep.outcome import Effect, Repeat
from doorstep.provider import Addresses, Assignments, Context, Provider, Ratings, Redeliveries
from doorstep_doordash._errors import answered, refusal
from doorstep_doordash._places import one_line
from doorstep_doordash._proofs import proof
from doorstep_doordash._redelivery import redeliver
from doorstep_doordash._requests import INT32, amount_problem
from doorstep_doordash._services_wire import (
    AssignmentsAnswer,
    CompletionAnswer,
    CompletionBody,
    Dasher,
    Point,
    RatingBody,
    ServiceabilityAnswer,
    ServiceabilityBody,
)
from doorstep_doordash._wire import DELIVERY

__all__ = ["OPINIONS", "ServiceFlows"]

#: Ours to DoorDash's ``rating``.
OPINIONS: Final = {Opinion.GOOD: 1, Opinion.NEUTRAL: 0, Opinion.BAD: -1}
_MOST_ADDRESSES: Final = 5
_DASHER: Final = re.compile(r"[0-9]{1,19}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")


class ServiceFlows:
    """
    The flows around a delivery.
    """

    __slots__ = ()

    def covers(
        self: Provider,
        pickup: Address,
        dropoff: Address,
        order_value: Money | None,
        ctx: Context,
    ) -> Flow[Coverage]:
        """
        Ask whether DoorDash goes there. It takes addresses alone, no store's id.
        """
        body = _serviceability(pickup, dropoff, order_value, self.capabilities.currencies)
        response = yield _question("/drive/v2/serviceability", body)
        if not answered(response):
            raise refusal(response, "covers")
        answer, raw = decode(response.body, ServiceabilityAnswer, http_status=response.status)
        reasons = answer.reasons_not_serviceable or ()
        return Coverage(covered=answer.is_serviceable, reasons=reasons, raw=raw)

    def complete_address(
        self, text: str, near: Coordinates | None, limit: int, ctx: Context
    ) -> Flow[list[Address]]:
        """
        Ask for addresses, of which DoorDash proposes five at most.

        A proposal that cannot be read is left out.
        """
        body = CompletionBody(
            input_address=text,
            location=None if near is None else Point(lat=float(near.lat), lng=float(near.lng)),
            max_results=min(limit, _MOST_ADDRESSES),
        )
        response = yield _question("/drive/v2/address/auto_complete", body)
        if not answered(response):
            raise refusal(response, "complete_address")
        answer, _ = decode(response.body, CompletionAnswer, http_status=response.status)
        found = [one for each in answer.results if (one := _address(each.address)) is not None]
        if answer.results and not found:
            raise _unreadable("addresses that cannot be read", "$.results", response)
        return found[:limit]

    def redeliver(
        self, delivery: DeliveryId, reference: str, revision: int, ctx: Context
    ) -> Flow[Delivery]:
        """
        Book what *delivery* was, once more. This costs money.
        """
        return (yield from redeliver(delivery, reference, revision))

    def assignments(self, delivery: DeliveryId, ctx: Context) -> Flow[list[Assignment]]:
        """
        Read which Dashers had the delivery.
        """
        route = path(DELIVERY + "/assignments", external_delivery_id=delivery.value)
        response = yield Request("GET", route)
        if not answered(response):
            raise refusal(response, "assignments")
        answer, raw = decode(response.body, AssignmentsAnswer, http_status=response.status)
        return list(map(_assignment, answer.dashers, raw["dashers"]))

    def rate_courier(
        self, delivery: DeliveryId, courier: str, rating: Rating, ctx: Context
    ) -> Flow[None]:
        """
        Tell what the merchant thinks of a Dasher. Never sent twice.

        Raises:
            doorstep.errors.DeliveryNotFoundError:
                DoorDash does not know the delivery, or no such Dasher had it.
        """
        if not _DASHER.fullmatch(courier):
            problem = FieldProblem("courier", "must be the id of one in assignments, a number")
            raise ValidationError(
                "was given a courier who is none of DoorDash's", fields=(problem,)
            )
        ids = {"external_delivery_id": delivery.value, "dasher_id": courier}
        body = RatingBody(
            rating=OPINIONS[rating.opinion], feedback_reason=rating.reason, comment=rating.comment
        )
        response = yield Request(
            "POST",
            path(DELIVERY + "/dashers/{dasher_id}/rating", **ids),
            body=encode(body),
            effect=Effect.CHANGES,
            repeat=Repeat.NEVER,
        )
        if not answered(response):
            raise _not_rated(response)
        _check_json(response)

    def proof(
        self: Provider, delivery: DeliveryId, stop: StopKind, kind: ProofKind, ctx: Context
    ) -> Flow[Proof | None]:
        """
        Fetch the photo of a stop, or the signature of the dropoff.

        Raises:
            doorstep.errors.ProofGoneError:
                DoorDash tells a link under which there is nothing any more.
        """
        return (yield from proof(delivery.value, stop, kind, self.base_url))


def _question(route: str, body: ServiceabilityBody | CompletionBody) -> Request:
    return Request(
        "POST", path(route), body=encode(body), effect=Effect.NOTHING, repeat=Repeat.SAFE
    )


def _serviceability(
    pickup: Address, dropoff: Address, order_value: Money | None, currencies: AbstractSet[str]
) -> ServiceabilityBody:
    lines = {"pickup": one_line(pickup), "dropoff": one_line(dropoff)}
    problems = [
        FieldProblem(name, "needs one_line, or lines with locality")
        for name, line in lines.items()
        if line is None
    ]
    problem = amount_problem(order_value, INT32)
    if problem is None and order_value is not None and order_value.currency not in currencies:
        problem = f"must be in {', '.join(sorted(currencies))}"
    if problem is not None:
        problems.append(FieldProblem("order_value", problem))
    if problems:
        raise ValidationError("would break rules of this carrier", fields=problems)
    return ServiceabilityBody(
        pickup_address=lines["pickup"] or "",
        dropoff_address=lines["dropoff"] or "",
        order_value=None if order_value is None else order_value.minor,
    )


def _address(told: Any) -> Address | None:
    """
    Return a proposed address, whichever form it has; None if it cannot be one.
    """
    try:
        if isinstance(told, str):
            return Address(one_line=told)
        return _from_parts(told) if isinstance(told, Mapping) else None
    except ValidationError:
        return None


def _from_parts(told: Mapping[str, Any]) -> Address:
    """
    Return an address from the parts that 2.1.59 gives addresses elsewhere.
    """

    def first(*names: str) -> str | None:
        texts = (told.get(name) for name in names)
        return next((text for text in texts if isinstance(text, str) and text.strip()), None)

    street, town = first("street_address"), first("city", "locality", "sub_locality")
    country = first("country") or ""
    return Address(
        one_line=first("formatted_address") or (None if town else street),
        lines=(street,) if street and town else (),
        unit=first("sub_premise"),
        locality=town,
        region=first("state", "province", "territory"),
        postal_code=first("zip_code", "postal_code"),
        country=country if _COUNTRY.fullmatch(country) else None,
    )


def _assignment(dasher: Dasher, raw: Raw) -> Assignment:
    name = " ".join(part for part in (dasher.first_name, dasher.last_name) if part)
    return Assignment(
        courier=Courier(id=str(dasher.dasher_id), name=name or None),
        at_pickup_at=dasher.dasher_at_store_time,
        unassigned_at=dasher.unassigned_time,
        unassigned_reason=dasher.unassigned_reason or None,
        raw=raw,
    )


def _not_rated(response: Response) -> Exception:
    error = refusal(response, "rate_courier")
    if isinstance(error, DeliveryNotFoundError) and error.raw_code != "unknown_delivery_id":
        error.what = "found no such courier on that delivery"
    return error


def _check_json(response: Response) -> None:
    """
    Refuse what is not of DoorDash, as a page of some proxy's. It is told as ``"SUCCESS"``.
    """
    try:
        orjson.loads(response.body)
    except ValueError:
        what = "an answer that is not JSON"
    else:
        return
    raise _unreadable(what, "$", response)


def _unreadable(what: str, field: str, response: Response) -> InvalidAnswerError:
    return InvalidAnswerError(
        f"got {what} @ {field}", params={"path": field}, http_status=response.status
    )


_addresses: type[Addresses] = ServiceFlows
_redeliveries: type[Redeliveries] = ServiceFlows
_assignments: type[Assignments] = ServiceFlows
_ratings: type[Ratings] = ServiceFlows
