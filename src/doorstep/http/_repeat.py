"""
Whether a request is sent again, and when. Nothing here waits or sends.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from doorstep.http._clock import Clock
from doorstep.http._fork import renew_after_fork
from doorstep.http._messages import Request, Response, TransportError
from doorstep.http._policy import RepeatPolicy
from doorstep.outcome import Repeat

if TYPE_CHECKING:
    import random

#: Repeats of what was never sent, whatever the request says.
UNSENT_REPEATS = 2
_TOO_MANY_REQUESTS = 429
#: The shortest wait after a 429, in seconds.
_TOO_MANY_S = 1.0
#: How far those who waited for the same moment are spread out behind it, in seconds.
_SPREAD_S = 0.1
_SECONDS_DIGITS = 9
#: Kinds of failure before sending that another try may mend. TLS is not among them:
#: an untrusted host does not become trusted by asking again.
_MENDABLE = frozenset({"connect", "timeout", "reset"})


def may_repeat(
    request: Request, result: Response | TransportError, policy: RepeatPolicy, repeats: int
) -> bool:
    """
    Tell whether *request* may be sent again after *result*.

    Args:
        request:
            What was sent, or not.

        result:
            What came of it.

        policy:
            The carrier's wishes.

        repeats:
            How often it was sent again already.
    """
    if isinstance(result, TransportError) and not result.sent:
        return result.kind in _MENDABLE and repeats < min(UNSENT_REPEATS, policy.retries)
    if request.repeat is Repeat.NEVER or repeats >= policy.retries:
        return False
    if isinstance(result, Response):
        return result.status in policy.statuses
    return policy.lost and result.kind not in ("aborted", "too_large")


def wait_before(
    result: Response | TransportError, policy: RepeatPolicy, repeats: int, rng: random.Random
) -> float:
    """
    Return the seconds to wait before repeat number *repeats* + 1.

    Doubled each time, with jitter downwards; never less than the carrier asked
    for, and at least a second after a 429.
    """
    backoff = min(policy.cap_s, policy.base_s * 2.0 ** min(repeats, 60))
    wait = backoff * rng.uniform(1.0 - policy.jitter, 1.0)
    if not isinstance(result, Response):
        return wait
    # Everybody was told the same time: spread out behind it.
    return max(wait, _asked_for(result, policy) * rng.uniform(1.0, 1.1))


def _asked_for(response: Response, policy: RepeatPolicy) -> float:
    """
    Return the seconds that the carrier wants to be left alone.
    """
    asked = retry_after(response, policy.retry_after_cap_s) or 0.0
    return max(asked, _TOO_MANY_S) if response.status == _TOO_MANY_REQUESTS else asked


def retry_after(response: Response, cap_s: float) -> float | None:
    """
    Return the seconds that ``Retry-After`` asks for, at most *cap_s*; None if it does not.

    It may be a number of seconds or a date. What is neither is ignored.
    """
    text = response.headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdecimal():
        return cap_s if len(text) > _SECONDS_DIGITS else min(float(text), cap_s)
    at = http_date(text)
    if at is None:
        return None
    # The carrier's own clock, where it shows it: ours may be wrong.
    now = http_date(response.headers.get("date", "")) or response.received_at
    return min(max((at - now).total_seconds(), 0.0), cap_s)


def http_date(text: str) -> datetime | None:
    """
    Return the date of an HTTP header, aware, or None if it is none.
    """
    from email.utils import parsedate_to_datetime  # seldom needed, dear to load

    if not 0 < len(text) <= 64:
        return None
    try:
        parsed = parsedate_to_datetime(text)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


class Pauses:
    """
    Remember until when a host wants to be left alone: a 429 is meant for everybody.

    Carriers count the requests of an account, not of a thread. What is sent before
    the time would be refused, may prolong the wait, and a booking is sent only once.

    Args:
        clock:
            For the time.

        rng:
            For the jitter: not everybody at the same moment.
    """

    def __init__(self, clock: Clock, rng: random.Random) -> None:
        self._clock = clock
        self._rng = rng
        # No lock: of two answers at the same moment either is right.
        self._until: dict[str, float] = {}

    def answered(self, base_url: str, response: Response, policy: RepeatPolicy) -> None:
        """
        Note how long *base_url* is left alone, if it said 429.
        """
        if response.status != _TOO_MANY_REQUESTS:
            return
        until = self._clock.monotonic() + _asked_for(response, policy)
        self._until[base_url] = max(until, self._until.get(base_url, until))

    def wait(self, base_url: str) -> float:
        """
        Return the seconds to wait before *base_url* is asked again; mostly zero.
        """
        until = self._until.get(base_url) if self._until else None
        if until is None:
            return 0.0
        left = until - self._clock.monotonic()
        return left + self._rng.uniform(0.0, _SPREAD_S) if left > 0 else 0.0


class RepeatBudget:
    """
    Limit the repeats of a session, so that a sick carrier is not hammered.

    Each repeat takes a token. Tokens come back with time and with answers, so
    repeats are about a tenth of the traffic when much goes wrong for long.

    Args:
        tokens:
            Repeats in a row at most.

        per_second, per_answer:
            What comes back, in tokens.

        clock:
            For the time.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        tokens: float = 20.0,
        per_second: float = 0.5,
        per_answer: float = 0.1,
    ) -> None:
        self._clock = clock
        self._most = self._left = tokens
        self._per_second = per_second
        self._per_answer = per_answer
        self._seen_at = clock.monotonic()
        self.after_fork()
        renew_after_fork(self)

    def after_fork(self) -> None:
        """
        Take a new lock; another thread may have held the old one.
        """
        self._lock = threading.Lock()

    def answered(self) -> None:
        """
        Give a little back: the carrier answered.
        """
        # Full most of the time; a stale reading loses a tenth of a token at worst.
        if self._left < self._most:
            with self._lock:
                self._left = min(self._most, self._left + self._per_answer)

    def take(self) -> bool:
        """
        Take a token for one repeat; False if there is none.
        """
        with self._lock:
            now = self._clock.monotonic()
            earned = max(now - self._seen_at, 0.0) * self._per_second
            self._seen_at = now
            self._left = min(self._most, self._left + earned)
            if self._left < 1.0:
                return False
            self._left -= 1.0
            return True
