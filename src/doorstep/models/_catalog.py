"""
What a marketplace shows of a shop: whether it is open, and what it has.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import attrs

from doorstep.models._checks import (
    aware,
    each,
    instance_of,
    integer,
    line,
    optional,
    prose,
    require,
    to_tuple,
    to_utc,
)
from doorstep.models._extension import Raw

#: A year: nobody plans a closing for longer.
_LONGEST_S = 366 * 86_400


class CloseReason(StrEnum):
    """
    Why a store takes no orders.
    """

    OUT_OF_BUSINESS = "out_of_business"
    #: The store is to be taken off the marketplace.
    DELETED = "deleted"
    PAYMENT_ISSUE = "payment_issue"
    OPERATIONAL_ISSUE = "operational_issue"
    #: The store paused itself, in its own system.
    PAUSED_BY_STORE = "paused_by_store"
    #: The store's system cannot be reached.
    CONNECTION_ISSUE = "connection_issue"


@attrs.frozen(kw_only=True)
class Closing:
    """
    A wish to close a store, at once.

    Args:
        notes:
            More about it, for people.

        until, duration_s:
            When it opens again, or after how many seconds: one of the two. Without
            either the carrier's own rule decides, and the answer tells it.
    """

    reason: CloseReason = attrs.field(validator=instance_of(CloseReason))
    notes: str | None = attrs.field(default=None, validator=optional(prose(500)), repr=False)
    until: datetime | None = attrs.field(default=None, converter=to_utc, validator=optional(aware))
    duration_s: int | None = attrs.field(default=None, validator=optional(integer(1, _LONGEST_S)))

    def __attrs_post_init__(self) -> None:
        both = self.until is not None and self.duration_s is not None
        require(self, "until", not both, "must not be given beside duration_s")


@attrs.frozen(kw_only=True)
class Closure:
    """
    One reason, in force, why a store takes no orders.

    Args:
        reason, raw_reason:
            In our words, or None if it is none of them, and in the carrier's.

        since, until:
            From when, and to when if that is known.
    """

    reason: CloseReason | None = attrs.field(
        default=None, validator=optional(instance_of(CloseReason))
    )
    raw_reason: str | None = None
    notes: str | None = attrs.field(default=None, repr=False)
    since: datetime | None = attrs.field(default=None, converter=to_utc, validator=optional(aware))
    until: datetime | None = attrs.field(default=None, converter=to_utc, validator=optional(aware))


@attrs.frozen(kw_only=True)
class StoreState:
    """
    Whether a store takes orders, and what keeps it from it.

    Args:
        store:
            Its id in the catalog.

        open:
            None if the carrier does not say.

        reopens_at:
            When it opens again by itself, if it is known.

        reopens_by_carrier:
            Whether that is the carrier's own rule, which nobody asked for.

        instructions_max:
            The longest special instructions it takes, in characters.
    """

    store: str
    open: bool | None = attrs.field(default=None, validator=optional(instance_of(bool)))
    reopens_at: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
    reopens_by_carrier: bool = attrs.field(default=False, validator=instance_of(bool))
    closures: tuple[Closure, ...] = attrs.field(
        default=(), converter=to_tuple, validator=each(instance_of(Closure))
    )
    instructions_max: int | None = None
    raw: Raw = attrs.field(factory=Raw, converter=Raw, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Availability:
    """
    A wish: whether an item, or an option of items, can be ordered.

    Args:
        id:
            The shop's own id of it, as the menu has it.

        until:
            When this ends by itself, where the carrier takes that.
    """

    id: str = attrs.field(validator=line(256))
    available: bool = attrs.field(validator=instance_of(bool))
    until: datetime | None = attrs.field(default=None, converter=to_utc, validator=optional(aware))


class ItemOutcome(StrEnum):
    """
    What became of one wish.
    """

    #: The carrier confirmed it.
    APPLIED = "applied"
    #: The carrier knows no such id. Nothing changed.
    NOT_FOUND = "not_found"
    #: The carrier refused it, or failed at it. It is as it was before.
    FAILED = "failed"
    #: It was sent, and no answer tells, or not all of it was done. Send it again: that
    #: has no further effect.
    UNKNOWN = "unknown"
    #: It was not sent. It is as it was before.
    NOT_SENT = "not_sent"


@attrs.frozen(kw_only=True)
class ItemResult:
    """
    What became of one wish.

    Args:
        available:
            What was wished.

        raw_outcome:
            The carrier's word for it.
    """

    id: str
    available: bool = attrs.field(validator=instance_of(bool))
    outcome: ItemOutcome = attrs.field(validator=instance_of(ItemOutcome))
    raw_outcome: str | None = None


@attrs.frozen(kw_only=True)
class ItemResults:
    """
    What became of every wish, in the order of the wishes.

    An item is shown only if its menu has it *and* it is available; a new menu does
    not make it available again.

    Args:
        error:
            The ``code`` of the first error that ended a request's operation, or
            ``interrupted``; None if there was none.
    """

    store: str
    results: tuple[ItemResult, ...] = attrs.field(
        converter=to_tuple, validator=each(instance_of(ItemResult))
    )
    error: str | None = None

    @property
    def complete(self) -> bool:
        """
        Whether every wish was confirmed.
        """
        return all(one.outcome is ItemOutcome.APPLIED for one in self.results)

    def ids(self, outcome: ItemOutcome) -> tuple[str, ...]:
        """
        Return the ids of the wishes that came to *outcome*.
        """
        return tuple(one.id for one in self.results if one.outcome == outcome)


@attrs.frozen(kw_only=True)
class ItemState:
    """
    Whether an item or an option can be ordered, as the carrier tells it.

    Args:
        available:
            None if the carrier does not say.

        since, until:
            From when to when this holds, as far as told.
    """

    id: str
    available: bool | None = attrs.field(default=None, validator=optional(instance_of(bool)))
    since: datetime | None = attrs.field(default=None, converter=to_utc, validator=optional(aware))
    until: datetime | None = attrs.field(default=None, converter=to_utc, validator=optional(aware))
    raw: Raw = attrs.field(factory=Raw, converter=Raw, repr=False, eq=False)
