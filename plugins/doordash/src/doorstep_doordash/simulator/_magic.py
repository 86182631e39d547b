"""
Words that provoke what would need a map, a support agent or a contract.

Compared without regard to case, as whole words, in the address as it was sent.

============================  ====================================================================
words in the dropoff address  what happens
============================  ====================================================================
``Faraway``                   quote, create, update, redelivery: 422 ``distance_too_long``
``Farther``                   the same as some clients report it: 400 for ``dropoff_address``,
                              "Allowed distance between addresses exceeded"
``Nowhere``                   422 ``delivery_address_not_in_coverage``
                              (``pickup_address_not_in_coverage`` in the pickup address)
``Midnight``                  422 ``outside_of_delivery_time``
``Price Rise``                accept: the fee is 200 higher than the quote said
``Closed Window``             once a courier is confirmed: cancel is refused with
                              ``cancellation_window_closed``, update with ``update_window_closed``;
                              once it has ended: redelivery with ``redelivery_window_closed``
``Refund Rejected``           refund: 422 ``rejected``
``Refund Limit``              refund: 422 ``refund_limit_passed``
``Refund Unclear``            refund: 422 ``could_not_determine``
``Refund Cash``               refund: 422 ``unsupported_payment_method``
``Refund Blocked``            refund: 422 ``blocked``
============================  ====================================================================

=============================  ===================================================================
value elsewhere                what happens
=============================  ===================================================================
business id ``forbidden-...``  403 ``authorization_error``
item ``external_id``           400, "Item: ... is suspended and not available"
``suspended-...``
``promotion_id``               the fee is halved; any other promotion is not active
``half-price``
=============================  ===================================================================

So "1 Faraway Street, San Francisco, CA 94103" is too far, and
"2 Refund Limit Lane, ..." has no refunds left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from doorstep_doordash.simulator._refused import (
    FieldError,
    authorization,
    invalid_delivery,
    validation,
)

__all__ = [
    "PROMOTION",
    "check_business",
    "check_coverage",
    "check_items",
    "has_words",
    "obstacles",
    "refund_code",
]

#: The one promotion that is active.
PROMOTION: Final = "half-price"

_TOO_FAR: Final = "Allowed distance between addresses exceeded"
_COVERAGE: Final = (
    ("pickup_address", "Nowhere", "pickup_address_not_in_coverage"),
    ("dropoff_address", "Nowhere", "delivery_address_not_in_coverage"),
    ("dropoff_address", "Faraway", "distance_too_long"),
    ("dropoff_address", "Midnight", "outside_of_delivery_time"),
)
_REFUNDS: Final = {
    "Refund Rejected": "rejected",
    "Refund Limit": "refund_limit_passed",
    "Refund Unclear": "could_not_determine",
    "Refund Cash": "unsupported_payment_method",
    "Refund Blocked": "blocked",
}


def has_words(body: Mapping[str, Any], field: str, words: str) -> bool:
    """
    Return whether the address in *field* holds *words*.
    """
    found = re.search(rf"\b{re.escape(words)}\b", str(body.get(field, "")), re.IGNORECASE)
    return found is not None


def check_coverage(body: Mapping[str, Any]) -> None:
    """
    Refuse what DoorDash's map would refuse.

    Raises:
        RefusedError:
            422 with the reason, or 400 for the older form of "too far".
    """
    for reason in obstacles(body):
        if reason == _TOO_FAR:
            raise validation([("dropoff_address", reason)])
        raise invalid_delivery(reason)


def obstacles(body: Mapping[str, Any]) -> Iterator[str]:
    """
    Return all that DoorDash's map would object to.
    """
    if has_words(body, "dropoff_address", "Farther"):
        yield _TOO_FAR
    for field, word, reason in _COVERAGE:
        if has_words(body, field, word):
            yield reason


def check_business(body: Mapping[str, Any]) -> None:
    """
    Refuse a business that is not the caller's.

    Raises:
        RefusedError:
            403.
    """
    if body.get("pickup_external_business_id", "").startswith("forbidden-"):
        raise authorization()


def check_items(body: Mapping[str, Any]) -> Iterator[FieldError]:
    """
    Return an error for every item that is not to be had.
    """
    for item in body.get("items", ()):
        name = item.get("external_id", "")
        if name.startswith("suspended-"):
            yield "item external_id", f"Item: {name} is suspended and not available"


def refund_code(body: Mapping[str, Any]) -> str | None:
    """
    Return the code with which a refund is refused whatever happened, if one is asked for.
    """
    for words, code in _REFUNDS.items():
        if has_words(body, "dropoff_address", words):
            return code
    return None
