"""
What dispatch returns, and what is told of it later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote, unquote

import attrs

from doorstep.errors import FieldProblem, ValidationError
from doorstep.models._checks import (
    NAME,
    aware,
    each,
    fail,
    instance_of,
    line,
    masked,
    matches,
    optional,
    require,
    to_tuple,
    to_utc,
)
from doorstep.models._extension import Raw
from doorstep.models._money import Money, Price
from doorstep.models._place import Coordinates
from doorstep.models._proof import Proof
from doorstep.models._status import End, Milestone, Status

_NAME_RULE = "must be 1 to 64 letters, digits, _ or - (no sign first)"
_PARTS = re.compile(r"([^/]+)/([^/]+)/([^/]+)")


@attrs.frozen(order=True)
class DeliveryId:
    """
    The carrier's id of a delivery, with whom to ask for it.

    ``str()`` gives a form to store, ``DeliveryId.parse()`` reads it back. It
    still tells which provider and account to ask after the shop has moved on to
    another carrier.
    """

    provider: str = attrs.field(validator=matches(NAME, _NAME_RULE))
    account: str = attrs.field(validator=matches(NAME, _NAME_RULE))
    value: str = attrs.field(validator=line(256))

    def __str__(self) -> str:
        return f"{self.provider}/{self.account}/{quote(self.value, safe='~')}"

    @classmethod
    def parse(cls, text: str) -> DeliveryId:
        """
        Read what ``str()`` wrote.

        Raises:
            doorstep.errors.ValidationError:
                It is not a delivery id.
        """
        parts = _PARTS.fullmatch(text) if isinstance(text, str) else None
        if parts is None:
            problem = FieldProblem("DeliveryId", "must read provider/account/id")
            raise ValidationError("delivery id is not valid", fields=(problem,))
        # What is no UTF-8 becomes a surrogate, which the value refuses.
        return cls(parts[1], parts[2], unquote(parts[3], errors="surrogateescape"))


@attrs.frozen(kw_only=True)
class Courier:
    """
    The person who brings it. Every field may be missing, even late.

    Args:
        phone:
            As the carrier writes it; it may work only from the recipient's phone.

        location:
            Where the courier was when the carrier wrote the answer.

        vehicle:
            Make, model and year in words, as far as told.
    """

    id: str | None = None
    name: str | None = attrs.field(default=None, repr=masked)
    phone: str | None = attrs.field(default=None, repr=masked)
    pickup_phone: str | None = attrs.field(default=None, repr=masked)
    location: Coordinates | None = attrs.field(default=None, repr=masked)
    vehicle: str | None = attrs.field(default=None, repr=masked)


class StopKind(StrEnum):
    """
    What happens at a stop.
    """

    PICKUP = "pickup"
    DROPOFF = "dropoff"
    RETURN = "return"


class StopStatus(StrEnum):
    """
    How far a stop is.
    """

    WAITING = "waiting"
    HEADING = "heading"
    ARRIVED = "arrived"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class DeliveryStop:
    """
    A stop of a delivery as the carrier tells it.

    Args:
        address:
            As the carrier writes it, which may differ from what was asked.

        eta, earliest, latest:
            When the courier is expected there, and within which bounds.

        done_at:
            When it happened.

        proofs:
            What was collected there.

        pin:
            What the person there must tell the courier, where the carrier made it.
            Show it to that person alone.
    """

    kind: StopKind = attrs.field(validator=instance_of(StopKind))
    status: StopStatus = attrs.field(default=StopStatus.UNKNOWN, validator=instance_of(StopStatus))
    carrier_stop_id: str | None = None
    address: str | None = attrs.field(default=None, repr=masked)
    eta: datetime | None = attrs.field(default=None, converter=to_utc, validator=optional(aware))
    earliest: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
    latest: datetime | None = attrs.field(default=None, converter=to_utc, validator=optional(aware))
    done_at: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
    proofs: tuple[Proof, ...] = attrs.field(
        default=(), converter=to_tuple, validator=each(instance_of(Proof))
    )
    pin: str | None = attrs.field(default=None, repr=masked)


@attrs.frozen(kw_only=True)
class Etas:
    """
    When the courier is expected at the ends of the way.
    """

    pickup: datetime | None = attrs.field(default=None, converter=to_utc, validator=optional(aware))
    dropoff: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
    back: datetime | None = attrs.field(default=None, converter=to_utc, validator=optional(aware))


class Relation(StrEnum):
    """
    How another delivery belongs to this one.
    """

    RETURN = "return"
    ORIGINAL = "original"
    REPLACES = "replaces"
    BATCH = "batch"


@attrs.frozen(kw_only=True)
class Related:
    """
    Another delivery that belongs to this one.
    """

    delivery_id: DeliveryId = attrs.field(validator=instance_of(DeliveryId))
    relation: Relation = attrs.field(validator=instance_of(Relation))


def _milestones(value: Any) -> Any:
    if type(value) is frozenset:
        return value
    many = isinstance(value, Iterable) and not isinstance(value, str)
    return frozenset(value) if many else value


def _all_milestones(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    good = isinstance(value, frozenset) and all(isinstance(one, Milestone) for one in value)
    require(instance, attribute.name, good, "must be a set of Milestone")


@attrs.frozen(kw_only=True)
class Delivery:
    """
    A delivery as the carrier told it at *as_of*.

    A field that is None was not told; it does not mean that there is none.

    Args:
        reference, revision:
            The caller's id, where the carrier returns it.

        id:
            The carrier's id. Store ``str(id)``.

        status, raw_status:
            How far it is, in our words and the carrier's.

        end:
            How it ended, whenever *status* is terminal.

        as_of:
            When the carrier last changed it, or else when it was read.

        price, tip:
            What the shop pays, and what of it is the courier's.

        tracking_url:
            A page for the recipient. Personal: who has it sees the way.

        support_ref:
            What the carrier's support asks for.
    """

    id: DeliveryId = attrs.field(validator=instance_of(DeliveryId))
    reference: str | None = None
    revision: int = 1
    status: Status = attrs.field(validator=instance_of(Status))
    raw_status: str | None = None
    milestones: frozenset[Milestone] = attrs.field(
        factory=frozenset, converter=_milestones, validator=_all_milestones
    )
    end: End | None = attrs.field(default=None, validator=optional(instance_of(End)))
    as_of: datetime = attrs.field(converter=to_utc, validator=aware)
    courier: Courier | None = attrs.field(default=None, validator=optional(instance_of(Courier)))
    stops: tuple[DeliveryStop, ...] = attrs.field(
        default=(), converter=to_tuple, validator=each(instance_of(DeliveryStop))
    )
    price: Price | None = attrs.field(default=None, validator=optional(instance_of(Price)))
    tip: Money | None = attrs.field(default=None, validator=optional(instance_of(Money)))
    tracking_url: str | None = attrs.field(default=None, repr=masked)
    support_ref: str | None = None
    related: tuple[Related, ...] = attrs.field(
        default=(), converter=to_tuple, validator=each(instance_of(Related))
    )
    raw: Raw = attrs.field(factory=Raw, converter=Raw, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        if self.end is None and self.status.terminal:
            raise fail(self, "end", "is required when the status is terminal")

    @property
    def etas(self) -> Etas:
        """
        When the courier is expected at the pickup, the last dropoff and the return.
        """
        found = {stop.kind: stop.eta for stop in self.stops}
        return Etas(
            pickup=found.get(StopKind.PICKUP),
            dropoff=found.get(StopKind.DROPOFF),
            back=found.get(StopKind.RETURN),
        )


class CancelReason(StrEnum):
    """
    Why the caller cancels. Some carriers ask for one, some take none.
    """

    CUSTOMER_REQUEST = "customer_request"
    MISTAKE = "mistake"
    TOO_SLOW = "too_slow"
    MERCHANT_CLOSED = "merchant_closed"
    ITEMS_UNAVAILABLE = "items_unavailable"
    OTHER = "other"


@attrs.frozen(kw_only=True)
class Cancellation:
    """
    The answer to a cancel.

    Args:
        confirmed:
            Whether the carrier said that the delivery is cancelled. If not, it
            accepted the wish: track the delivery.

        reason_sent:
            Whether the caller's reason went to the carrier; some take none.

        fee:
            What the cancel costs, where the carrier says.
    """

    confirmed: bool = attrs.field(validator=instance_of(bool))
    reason_sent: bool = attrs.field(default=False, validator=instance_of(bool))
    delivery: Delivery | None = attrs.field(default=None, validator=optional(instance_of(Delivery)))
    fee: Money | None = attrs.field(default=None, validator=optional(instance_of(Money)))
    raw: Raw = attrs.field(factory=Raw, converter=Raw, repr=False, eq=False)
