"""
What a carrier tells by itself.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import attrs

from doorstep.models._checks import aware, instance_of, line, optional, to_utc
from doorstep.models._delivery import Delivery, DeliveryId
from doorstep.models._extension import Raw
from doorstep.models._refund import RefundDecision


class EventKind(StrEnum):
    """
    What an event is about.
    """

    STATUS = "status"
    MILESTONE = "milestone"
    LOCATION = "location"
    REFUND = "refund"
    STOP = "stop"
    #: The account itself, no single delivery.
    ACCOUNT = "account"
    #: Anything else, what nobody has described yet among it.
    OTHER = "other"


@attrs.frozen(kw_only=True)
class Event:
    """
    Something that the carrier told by itself.

    Args:
        id, synthesized_id:
            The carrier's id of the event, or one made from its content, the same
            each time it is told.

        kind, name:
            What it is about, in our words and the carrier's.

        delivery_id:
            The delivery that it is about; None if it is about none.

        snapshot:
            What it says of the delivery. A field that is None was not told, and
            a status of ``UNKNOWN`` without ``raw_status`` neither.

        refund:
            Money that goes back, where it says so.

        occurred_at:
            When it happened, or was told, by the carrier's clock.
    """

    id: str = attrs.field(validator=line(256))
    synthesized_id: bool = attrs.field(default=False, validator=instance_of(bool))
    kind: EventKind = attrs.field(validator=instance_of(EventKind))
    name: str = attrs.field(validator=line(256))
    delivery_id: DeliveryId | None = attrs.field(
        default=None, validator=optional(instance_of(DeliveryId))
    )
    snapshot: Delivery | None = attrs.field(default=None, validator=optional(instance_of(Delivery)))
    refund: RefundDecision | None = attrs.field(
        default=None, validator=optional(instance_of(RefundDecision))
    )
    occurred_at: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
    raw: Raw = attrs.field(factory=Raw, converter=Raw, repr=False, eq=False)
