"""
When: a sum type, so that a time cannot mean pickup here and dropoff there.

Times are aware and kept in UTC. A local time that the clocks skip is refused; one that
comes twice is the first, or the second with ``fold=1``.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

import attrs

from doorstep.models._checks import aware, instance_of, require, to_utc


@attrs.frozen
class Asap:
    """
    As soon as a courier can be found.
    """


@attrs.frozen
class PickupAt:
    """
    Be at the pickup at that time.
    """

    at: datetime = attrs.field(converter=to_utc, validator=aware)


@attrs.frozen
class DropoffAt:
    """
    Be at the dropoff at that time.
    """

    at: datetime = attrs.field(converter=to_utc, validator=aware)


@attrs.frozen
class Window:
    """
    From *start* to *end*, which is later.
    """

    start: datetime = attrs.field(converter=to_utc, validator=aware)
    end: datetime = attrs.field(converter=to_utc, validator=aware)

    def __attrs_post_init__(self) -> None:
        require(self, "end", self.start < self.end, "must be after start")


@attrs.frozen(kw_only=True)
class Windows:
    """
    A window for the pickup and one for the dropoff.

    The dropoff's may not end before the pickup's begins.
    """

    pickup: Window = attrs.field(validator=instance_of(Window))
    dropoff: Window = attrs.field(validator=instance_of(Window))

    def __attrs_post_init__(self) -> None:
        in_order = self.pickup.start < self.dropoff.end
        require(self, "dropoff", in_order, "must not end before the pickup window begins")


#: Any of the four.
Schedule: TypeAlias = Asap | PickupAt | DropoffAt | Windows
