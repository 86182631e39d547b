"""
The bodies of what DoorDash offers around a delivery, in its own names.

Source:
    Drive API 2.1.59, ``/serviceability`` and ``/address/auto_complete``; Dasher feedback
    API 0.0.1 (December 8, 2022) for the assignments and the rating.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import attrs

__all__ = [
    "RATING_REASONS",
    "AssignmentsAnswer",
    "Completion",
    "CompletionAnswer",
    "CompletionBody",
    "Dasher",
    "Point",
    "RatingBody",
    "ServiceabilityAnswer",
    "ServiceabilityBody",
]

#: What ``feedback_reason`` can be.
RATING_REASONS: Final = frozenset(
    {
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
    }
)


@attrs.frozen(kw_only=True, repr=False)
class ServiceabilityBody:
    """
    From where to where, and goods worth how many cents.
    """

    pickup_address: str
    dropoff_address: str
    order_value: int | None = None


@attrs.frozen(kw_only=True)
class ServiceabilityAnswer:
    """
    Whether, and why not.
    """

    is_serviceable: bool
    reasons_not_serviceable: tuple[str, ...] | None = None


@attrs.frozen(kw_only=True, repr=False)
class Point:
    """
    Where to look.
    """

    lat: float
    lng: float


@attrs.frozen(kw_only=True, repr=False)
class CompletionBody:
    """
    The beginning of an address. The radius is DoorDash's own, a thousand metres.
    """

    input_address: str
    location: Point | None = None
    max_results: int | None = None


@attrs.frozen(kw_only=True, repr=False)
class Completion:
    """
    A proposal, as text or in parts.
    """

    address: Any = None


@attrs.frozen(kw_only=True, repr=False)
class CompletionAnswer:
    """
    The proposals.
    """

    results: tuple[Completion, ...]


@attrs.frozen(kw_only=True, repr=False)
class Dasher:
    """
    A Dasher who has, or had, the delivery.
    """

    dasher_id: int
    first_name: str | None = None
    last_name: str | None = None
    dasher_at_store_time: datetime | None = None
    unassigned_time: datetime | None = None
    unassigned_reason: str | None = None


@attrs.frozen(kw_only=True, repr=False)
class AssignmentsAnswer:
    """
    All of them.
    """

    dashers: tuple[Dasher, ...]


@attrs.frozen(kw_only=True, repr=False)
class RatingBody:
    """
    What the merchant thinks.
    """

    rating: int
    feedback_reason: str | None = None
    comment: str | None = None
