"""
Having a delivery brought once more.

Source:
    Redelivery API 0.0.1 (December 8, 2022): the new delivery needs an id of its own, and
    inherits whatever its request leaves out.
"""

from __future__ import annotations

from typing import Final

import attrs

from doorstep.codec import encode
from doorstep.errors import (
    DuplicateError,
    FieldProblem,
    NotModifiableError,
    ProviderError,
    UnclassifiedCarrierError,
    ValidationError,
)
from doorstep.http import Flow, Request, Response, path
from doorstep.models import Delivery, DeliveryId, Related, Relation
from doorstep.outcome import Effect, Repeat
from doorstep_doordash._dispatch import Booking
from doorstep_doordash._errors import answered, refusal
from doorstep_doordash._identity import external_id
from doorstep_doordash._wire import DELIVERY, Body

__all__ = ["redeliver"]

#: What to do now, by DoorDash's reason why not.
ADVICE: Final = {
    "delivery_not_completed_or_cancelled": "track it, and ask again when it has ended",
    "delivery_not_valid_for_redelivery": "dispatch anew, with a new reference or revision",
    "redelivery_creation_in_progress": "look the new reference up: it is being made",
    "redelivery_window_closed": "it is too late: dispatch anew, with a new reference or revision",
}


def redeliver(delivery: DeliveryId, reference: str, revision: int) -> Flow[Delivery]:
    """
    Book what *delivery* was, under a new id. Never sent twice.

    A delivery that has the id already is never taken for the answer, however alike: an
    order of its own can be so too, and nothing says which delivery is whose again.

    Raises:
        doorstep.errors.DuplicateError:
            The id is used; ``delivery`` is what has it, perhaps by an earlier call
            whose answer was lost.

        doorstep.errors.NotModifiableError:
            Too early or too late; ``params["reason"]`` says which.
    """
    again = external_id(reference, revision)
    if again == delivery.value:
        problem = FieldProblem("reference", "must differ from the delivery's, or the revision must")
        raise ValidationError("would book it under the id that it has", fields=(problem,))
    booking = Booking(account=delivery.account, body=Body(external_delivery_id=again))
    response = yield Request(
        "POST",
        path(DELIVERY + "/redelivery", external_delivery_id=delivery.value),
        body=encode(booking.body),
        effect=Effect.BOOKS,
        repeat=Repeat.NEVER,
    )
    if answered(response):
        original = Related(delivery_id=delivery, relation=Relation.ORIGINAL)
        return attrs.evolve(booking.booked(response), related=(original,))
    error = refusal(response, "redeliver")
    if _is_taken(response, error):
        found = yield from booking.what_has_the_id()
        raise booking.duplicate(found)
    if isinstance(error, NotModifiableError):
        error.advice = ADVICE.get(str(error.params["reason"]), error.advice)
    raise error


def _is_taken(response: Response, error: ProviderError) -> bool:
    """
    Whether the id is used: by the words, or by a 409 whose words say nothing.
    """
    if isinstance(error, DuplicateError):
        return True
    return response.status == 409 and isinstance(error, UnclassifiedCarrierError)
