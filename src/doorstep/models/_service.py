"""
What a carrier tells about its service: where it goes, and who came.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import attrs

from doorstep.models._checks import (
    aware,
    each,
    instance_of,
    line,
    optional,
    prose,
    to_tuple,
    to_utc,
)
from doorstep.models._delivery import Courier
from doorstep.models._extension import Raw


@attrs.frozen(kw_only=True)
class Coverage:
    """
    Whether a carrier would go from one address to another.

    Args:
        reasons:
            Why not, in the carrier's words, which may hold an address.
    """

    covered: bool = attrs.field(validator=instance_of(bool))
    reasons: tuple[str, ...] = attrs.field(
        default=(), converter=to_tuple, validator=each(instance_of(str)), repr=False
    )
    raw: Raw = attrs.field(factory=Raw, converter=Raw, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Assignment:
    """
    One courier who has, or had, a delivery.

    Args:
        at_pickup_at:
            When the courier came to the store.

        unassigned_at, unassigned_reason:
            When and why the courier gave it back, in the carrier's words; None
            while it is this courier's.
    """

    courier: Courier = attrs.field(validator=instance_of(Courier))
    at_pickup_at: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
    unassigned_at: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
    unassigned_reason: str | None = attrs.field(default=None, repr=False)
    raw: Raw = attrs.field(factory=Raw, converter=Raw, repr=False, eq=False)


class Opinion(StrEnum):
    """
    How a courier did.
    """

    GOOD = "good"
    NEUTRAL = "neutral"
    BAD = "bad"


@attrs.frozen(kw_only=True)
class Rating:
    """
    What a merchant thinks of a courier.

    Args:
        reason:
            One of ``capabilities.rating_reasons``, which are the carrier's words.

        comment:
            More about it, for people.
    """

    opinion: Opinion = attrs.field(validator=instance_of(Opinion))
    reason: str | None = attrs.field(default=None, validator=optional(line(64)))
    comment: str | None = attrs.field(default=None, validator=optional(prose(1000)), repr=False)
