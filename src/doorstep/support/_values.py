"""
What is known of a delivery without its names, phones and places.
"""

from __future__ import annotations

import re
from datetime import datetime

import attrs

from doorstep.errors import raw_token
from doorstep.http import Exchange
from doorstep.models import Delivery, Status
from doorstep.outcome import Outcome

__all__ = ["Absence", "History", "Step", "TimelineEntry", "entry_of", "plain_reference"]

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,63}")


@attrs.frozen(kw_only=True)
class TimelineEntry:
    """
    What was told of a delivery at one time.

    Args:
        at:
            When it was so, by the carrier's clock if it says.

        status, raw_status:
            In our words and the carrier's; what is no word of a machine is left out.

        milestones:
            What happened on the way, in our words.

        end:
            How it ended and by whom, if it has.

        asked:
            Whether it answered a question of ours; the rest came by itself.

        verified:
            Whether it is known to be the carrier's.

    .. versionadded:: 0.2.0
    """

    at: datetime
    status: Status
    raw_status: str | None = None
    milestones: tuple[str, ...] = ()
    end: str | None = None
    asked: bool = False
    verified: bool = True

    @property
    def telling(self) -> tuple[object, ...]:
        """
        What of it is news.
        """
        return (self.status, self.raw_status, self.milestones, self.end)


@attrs.frozen(kw_only=True)
class Step:
    """
    One call, and what came of it.

    Args:
        ended_at:
            When it ended, by our clock.

        outcome:
            What is known of its effect.

        error:
            The ``code`` of the error that it raised, or None.

        attempts:
            Requests in all.

        cancelled:
            Whether it was given up.

    .. versionadded:: 0.2.0
    """

    ended_at: datetime
    operation: str
    outcome: Outcome
    error: str | None
    attempts: int
    elapsed_s: float
    cancelled: bool
    call_id: str


@attrs.frozen(kw_only=True)
class Absence:
    """
    Something that support asks for and that is not there.

    Args:
        what:
            Its name: ``journal``, ``support_ref``, ``contact``, ...

        why:
            For people.

    .. versionadded:: 0.2.0
    """

    what: str
    why: str


@attrs.frozen(kw_only=True)
class History:
    """
    What a journal keeps of one delivery, the oldest first.

    Args:
        reference, revision, support_ref:
            As far as they were told.

    .. versionadded:: 0.2.0
    """

    steps: tuple[Step, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    reference: str | None = None
    revision: int | None = None
    support_ref: str | None = None


def entry_of(delivery: Delivery, *, asked: bool, verified: bool) -> TimelineEntry | None:
    """
    Return what *delivery* tells of its way, or None if that is nothing.
    """
    if delivery.status is Status.UNKNOWN and not delivery.raw_status and not delivery.milestones:
        return None
    end = delivery.end
    return TimelineEntry(
        at=delivery.as_of,
        status=delivery.status,
        # A carrier may put anything in the place of a word.
        raw_status=raw_token(delivery.raw_status),
        milestones=tuple(sorted(one.value for one in delivery.milestones)),
        end=None if end is None else f"{end.reason.value}, by {end.actor.value}",
        asked=asked,
        verified=verified,
    )


def plain_reference(text: str | None) -> str | None:
    """
    Return an id as the carrier tells it, or None if it may be anything else.
    """
    return text if text is not None and _REFERENCE.fullmatch(text) else None
