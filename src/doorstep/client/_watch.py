"""
Following a delivery: by asking ever less often, and by what comes in by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import attrs

from doorstep.errors import DoorstepError, RateLimitedError
from doorstep.models import Delivery, DeliveryId
from doorstep.outcome import Retry

if TYPE_CHECKING:
    from doorstep.tracking import Tracker

Failed = Callable[[DoorstepError], None]


@attrs.frozen(kw_only=True)
class Pace:
    """
    How often to ask.

    Args:
        every_s:
            Seconds between two questions while something happens.

        growth, slowest:
            Each answer without news lengthens the wait by *growth*, up to
            *slowest* times *every_s*.

        patience:
            Questions in a row that may fail for a reason that passes.

    .. versionadded:: 0.2.0
    """

    every_s: float = 10.0
    growth: float = 1.5
    slowest: float = 6.0
    patience: int = 8

    def longer(self, wait_s: float) -> float:
        """
        Return the wait after *wait_s* brought nothing.
        """
        return min(wait_s * self.growth, self.every_s * self.slowest)


#: Every ten seconds, down to once a minute.
USUAL = Pace()


class Watch:
    """
    What is known while a delivery is followed, and when to ask again.

    Whoever drives it asks the carrier, says what came of it, and waits.
    """

    def __init__(
        self, tracker: Tracker, delivery: DeliveryId, pace: Pace, failed: Failed | None
    ) -> None:
        self._tracker = tracker
        self._delivery = delivery
        self._pace = pace
        self._failed = failed
        self._failures = 0
        self._last: Delivery | None = None
        #: Seconds to wait before the next question.
        self.wait_s = pace.every_s
        #: Whether an answer said that it has ended.
        self.ended = False
        #: Whether an end was told of that no answer has confirmed yet.
        self.doubtful = False

    def answered(self, answer: Delivery) -> Delivery | None:
        """
        Take an answer into account, and return the state if there is news.
        """
        self._failures = 0
        self.ended = answer.status.terminal
        self.wait_s = self._pace.longer(self.wait_s)
        state = self._state()
        if state is None or (self.ended and not state.status.terminal):
            # The store failed; that is no reason to keep an end from anybody.
            state = answer
        return self._told(state)

    def failed(self, error: DoorstepError) -> None:
        """
        Bear with *error* if it passes and there were not too many, or raise it.
        """
        self._failures += 1
        passing = error.retryable in (Retry.SAME_CALL, Retry.LATER)
        if not passing or self._failures > self._pace.patience:
            raise error
        if self._failed is not None:
            self._failed(error)
        asked = error.retry_after_s or 0.0 if isinstance(error, RateLimitedError) else 0.0
        self.wait_s = max(self._pace.longer(self.wait_s), asked)

    def heard(self) -> Delivery | None:
        """
        Return the state if there is news that no answer brought, but no end.

        Anybody may have written an event: an end is asked for before it is told.
        """
        state = self._state()
        self.doubtful = state is not None and state.status.terminal
        return None if state is None or self.doubtful else self._told(state)

    def _state(self) -> Delivery | None:
        state = self._tracker.state(self._delivery)
        return None if state is None else state.delivery

    def _told(self, state: Delivery) -> Delivery | None:
        if self._last is not None and not _changed(self._last, state):
            return None
        self._last = state
        self.wait_s = self._pace.every_s
        return state


def _changed(old: Delivery, new: Delivery) -> bool:
    return _telling(old) != _telling(new)


def _telling(delivery: Delivery) -> tuple[object, ...]:
    # A moved courier or a later eta is no news.
    name = delivery.courier.name if delivery.courier else None
    return (delivery.status, delivery.raw_status, delivery.milestones, delivery.end, name)
