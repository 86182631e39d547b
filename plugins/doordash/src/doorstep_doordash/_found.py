"""
What stands under an id at DoorDash: a quote, a delivery, or something new.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import attrs

from doorstep.http import Flow, Request, Response, path
from doorstep.models import Delivery, Raw
from doorstep_doordash._errors import answered, refusal
from doorstep_doordash._mapping import CANCELLED, QUOTE, STATUSES, read, to_delivery
from doorstep_doordash._wire import DELIVERY, Answer

__all__ = ["Found", "get", "parsed"]

_BOOKED: Final = frozenset(STATUSES) - {QUOTE}


@attrs.frozen
class Found:
    """
    What stands under an id.
    """

    answer: Answer
    raw: Raw
    at: datetime

    @property
    def is_quote(self) -> bool:
        """
        Whether it is priced and not booked.
        """
        return self.answer.delivery_status == QUOTE

    @property
    def is_booked(self) -> bool:
        """
        Whether it is certain that it was booked, whatever came of it.
        """
        return self.answer.delivery_status in _BOOKED

    @property
    def is_cancelled(self) -> bool:
        """
        Whether it was booked and is no longer to come.
        """
        return self.answer.delivery_status == CANCELLED

    def delivery(self, account: str) -> Delivery:
        """
        Return it as a delivery; a quote is a draft.
        """
        return to_delivery(self.answer, self.raw, account, self.at)


def get(delivery: str, *, operation: str = "track", recovery: bool = False) -> Flow[Found]:
    """
    Read what stands under an id.

    Raises:
        doorstep.errors.DeliveryNotFoundError:
            Nothing does.
    """
    response = yield Request(
        "GET", path(DELIVERY, external_delivery_id=delivery), recovery=recovery
    )
    if not answered(response):
        raise refusal(response, operation)
    return parsed(response, delivery)


def parsed(response: Response, delivery: str) -> Found:
    """
    Return what an answer about *delivery* says.
    """
    answer, raw = read(response, delivery)
    return Found(answer, raw, response.received_at)
