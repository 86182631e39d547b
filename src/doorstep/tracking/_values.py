"""
What is kept of a delivery, and what comes of it.
"""

from __future__ import annotations

from enum import StrEnum

import attrs

from doorstep.models import Courier, Delivery, Status

__all__ = ["Anomaly", "AnomalyKind", "Change", "Observation", "Tracked"]


@attrs.frozen(kw_only=True)
class Observation:
    """
    One thing that was told of a delivery, by an event or by an answer.

    Args:
        id:
            The same whenever the same thing is told again.

        delivery:
            What was told, and as of when. None, and a status of ``UNKNOWN``
            without ``raw_status``, mean that it was not told.

        asked:
            Whether it answered a question of ours; the rest came by itself.

        verified:
            Whether it is known to be the carrier's. What anybody could have written
            ends a delivery only until the carrier says otherwise.

    .. versionadded:: 0.2.0
    """

    id: str
    delivery: Delivery
    asked: bool = False
    verified: bool = True


class AnomalyKind(StrEnum):
    """
    What does not fit.
    """

    #: Carriers are not known to go from the one status to the other. It was believed.
    UNLISTED = "unlisted"
    #: Told of a later moment than the end. The end holds.
    AFTER_END = "after_end"
    #: The carrier's word is one that nobody has described.
    UNKNOWN_STATUS = "unknown_status"
    #: Picked up after it was delivered, or something done before it can have been, or
    #: in the future. They were believed.
    IMPOSSIBLE_TIMES = "impossible_times"


@attrs.frozen(kw_only=True)
class Anomaly:
    """
    Something that does not fit what was told before.

    Args:
        kind:
            What does not fit.

        before, after:
            The status that held, and the one that was told.

        raw_status:
            The carrier's word for *after*.

        observation:
            The id of what told it.

    .. versionadded:: 0.2.0
    """

    kind: AnomalyKind
    before: Status
    after: Status
    raw_status: str | None = None
    observation: str


@attrs.frozen(kw_only=True)
class Tracked:
    """
    What all that was told of a delivery comes to, in whatever order it came.

    Args:
        delivery:
            The state: of each field the latest that was told.

        couriers:
            Everybody who had it, in turn.

        anomalies:
            What did not fit, in the order of its moments. Track the delivery
            and look at it when there is a new one.

        asked:
            Whether any of it answered a question of ours. If not, the carrier
            tells of a delivery that this store never saw booked.

    .. versionadded:: 0.2.0
    """

    delivery: Delivery
    couriers: tuple[Courier, ...] = ()
    anomalies: tuple[Anomaly, ...] = ()
    asked: bool = False


@attrs.frozen(kw_only=True)
class Change:
    """
    What one observation did to the state of a delivery.

    Args:
        before:
            None for the first.

        after:
            The state now.

        observation:
            What was told.

    .. versionadded:: 0.2.0
    """

    before: Tracked | None
    after: Tracked
    observation: Observation

    @property
    def status_changed(self) -> bool:
        """
        Whether the delivery is further than before, or elsewhere.
        """
        return self.before is None or self.before.delivery.status != self.after.delivery.status

    @property
    def anomalies(self) -> tuple[Anomaly, ...]:
        """
        What did not fit before this observation and does not now.
        """
        known = () if self.before is None else self.before.anomalies
        return tuple(one for one in self.after.anomalies if one not in known)
