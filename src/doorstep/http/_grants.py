"""
One grant for a session, made when needed and renewed before it expires.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from doorstep.http._call import Call
from doorstep.http._clock import Clock
from doorstep.http._fork import renew_after_fork
from doorstep.http._grant import Grant
from doorstep.http._messages import Flow, Response, TransportError
from doorstep.http._protocols import Endpoint
from doorstep.http._repeat import http_date

_MARGIN = timedelta(seconds=60)
#: Seconds between two looks at whether a call that waits for a grant was given up.
_LOOK_S = 0.05
#: A ``Date`` has whole seconds and takes time to arrive: less is no skew.
_TOLERANCE = timedelta(seconds=3)
#: Nobody's clock is that wrong; such a date is.
_ABSURD = timedelta(days=1)
_NO_SKEW = timedelta()


class GrantCache:
    """
    Keep one account's grant, and what is known of its carrier's clock.

    However many threads need a grant, one of them fetches it.
    """

    def __init__(self, endpoint: Endpoint, clock: Clock) -> None:
        self._endpoint = endpoint
        self._clock = clock
        self._grant: Grant | None = None
        self._renew_at: datetime | None = None
        self._needed = True
        #: How far the carrier's clock is ahead of ours.
        self.skew = _NO_SKEW
        self.after_fork()
        renew_after_fork(self)

    def after_fork(self) -> None:
        """
        Take a new lock: a thread that does not exist here may have held the old one.
        """
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """
        Return the time as the carrier's clock shows it, as far as we know.
        """
        now = self._clock.now()
        return now + self.skew if self.skew else now

    def get(self, call: Call, fetch: Callable[[Flow[Grant]], Grant]) -> Grant | None:
        """
        Return a grant that holds, made by *fetch* if there is none.

        Raises:
            TransportError:
                The call ended while another thread was fetching.

            Exception:
                Whatever *fetch* raises.
        """
        renew_at = self._renew_at
        if renew_at is not None and self.now() < renew_at:
            return self._grant
        if not self._needed:
            return None
        while not self._lock.acquire(timeout=_LOOK_S):
            if call.aborted or call.expired:
                raise TransportError("aborted" if call.aborted else "timeout", sent=False)
        try:
            if not self._holds():
                self._make(fetch)
            return self._grant
        finally:
            self._lock.release()

    def refused(self, grant: Grant | None, response: Response) -> None:
        """
        Forget *grant*, which the carrier did not take, and learn from its clock.
        """
        if self._grant is grant:
            self._renew_at = None
        theirs = http_date(response.headers.get("date", ""))
        if theirs is None:
            return
        skew = theirs - response.received_at
        if abs(skew) < _ABSURD:
            self.skew = skew if abs(skew) > _TOLERANCE else _NO_SKEW

    def _holds(self) -> bool:
        renew_at = self._renew_at
        return renew_at is not None and self.now() < renew_at

    def _make(self, fetch: Callable[[Flow[Grant]], Grant]) -> None:
        now = self.now()
        flow = self._endpoint.grant(now)
        if flow is None:
            self._needed = False
            return
        grant = fetch(flow)
        margin = min(_MARGIN, (grant.expires_at - now) / 10)
        self._grant = grant
        self._renew_at = grant.expires_at - margin
