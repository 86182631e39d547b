"""
Following a delivery by asking for it, ever less often while nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs

from doorstep.cli._exit import Exit, exit_code
from doorstep.errors import DoorstepError, RateLimitedError
from doorstep.models import Delivery

__all__ = ["Pace", "changed", "watch"]


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


def watch(
    read: Callable[[], Delivery],
    wait: Callable[[float], None],
    pace: Pace,
    failed: Callable[[DoorstepError], None],
) -> Iterator[Delivery]:
    """
    Yield a delivery whenever there is news of it, until it has ended.

    Args:
        read:
            Asks the carrier once.

        wait:
            Waits for that many seconds.

        failed:
            Is told of each error that passes; one that does not is raised, as
            is the last of too many in a row.
    """
    last: Delivery | None = None
    wait_s, failures = pace.every_s, 0
    while last is None or not last.status.terminal:
        try:
            found = read()
        except DoorstepError as error:
            failures += 1
            if exit_code(error) is not Exit.UNAVAILABLE or failures > pace.patience:
                raise
            failed(error)
            wait_s = max(pace.longer(wait_s), _asked_for(error))
        else:
            failures = 0
            if last is None or changed(last, found):
                wait_s = pace.every_s
                yield found
            else:
                wait_s = pace.longer(wait_s)
            last = found
        if last is None or not last.status.terminal:
            wait(wait_s)


def changed(old: Delivery, new: Delivery) -> bool:
    """
    Tell whether *new* has news. A moved courier or a later eta is none.
    """
    return _news(old) != _news(new)


def _news(delivery: Delivery) -> tuple[object, ...]:
    name = delivery.courier.name if delivery.courier else None
    return (delivery.status, delivery.raw_status, delivery.milestones, delivery.end, name)


def _asked_for(error: DoorstepError) -> float:
    return error.retry_after_s or 0.0 if isinstance(error, RateLimitedError) else 0.0
