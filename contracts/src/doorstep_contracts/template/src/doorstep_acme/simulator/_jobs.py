"""
The jobs of one account, and how their couriers walk.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import attrs

__all__ = ["Job", "Jobs", "RefusedError"]

#: A courier takes this long from state to state.
STEP: Final = timedelta(minutes=5)
QUOTE_LIFE: Final = timedelta(minutes=5)
ROUTE: Final = ("new", "taken", "collected", "riding", "done")
_ECHOED: Final = ("pickup", "dropoff", "phone", "note", "value")


class RefusedError(Exception):
    """
    The carrier says no: an HTTP status and its code.
    """

    def __init__(self, status: int, code: str) -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code


@attrs.define(kw_only=True)
class Job:
    """
    What the carrier keeps of one job.
    """

    id: str
    body: dict[str, Any]
    price: int
    changed_at: datetime
    state: str = "new"
    tip: int = 0
    refunded: bool = False

    @property
    def live(self) -> bool:
        """
        Whether a courier may still come.
        """
        return self.state not in ("done", "void")


class Jobs:
    """
    Keep jobs by the carrier's rules.

    Args:
        now:
            The simulator's time.

        told:
            Is called with each job that changed by itself.
    """

    def __init__(
        self, now: Callable[[], datetime], price: int, told: Callable[[Job], None]
    ) -> None:
        self._now = now
        self._price = price
        self._told = told
        self._jobs: dict[str, Job] = {}
        self._quotes: dict[str, datetime] = {}

    def quote(self, body: dict[str, Any]) -> dict[str, Any]:
        """
        Name a price, for five minutes.
        """
        expires_at = self._now() + QUOTE_LIFE
        self._quotes[str(body.get("id"))] = expires_at
        return {"id": body.get("id"), "price": self._price, "expires_at": expires_at.isoformat()}

    def book(self, body: dict[str, Any]) -> Job:
        """
        Book a courier; an id is taken once.
        """
        wanted = body.get("id")
        if not isinstance(wanted, str) or not wanted or not body.get("dropoff"):
            raise RefusedError(400, "bad_request")
        if wanted in self._jobs:
            raise RefusedError(409, "id_taken")
        if "quoted" in body and self._quotes.get(wanted, self._now()) <= self._now():
            raise RefusedError(422, "quote_expired")
        kept: dict[str, Any] = {name: body[name] for name in _ECHOED if name in body}
        job = Job(id=wanted, body=kept, price=self._price, changed_at=self._now())
        job.tip = int(body.get("tip", 0))
        self._jobs[wanted] = job
        self._told(job)
        return job

    def get(self, wanted: str) -> Job:
        """
        Return a job as it is now.
        """
        self.walk()
        if wanted not in self._jobs:
            raise RefusedError(404, "not_found")
        return self._jobs[wanted]

    def change(self, wanted: str, body: dict[str, Any]) -> Job:
        """
        Set the tip or the value of goods, while it is live.
        """
        job = self.get(wanted)
        if not job.live:
            raise RefusedError(409, "too_late")
        job.tip = int(body.get("tip", job.tip))
        if "value" in body:
            job.body["value"] = body["value"]
        return job

    def cancel(self, wanted: str) -> Job:
        """
        Give it up, before it is collected.
        """
        job = self.get(wanted)
        if job.state not in ("new", "taken"):
            raise RefusedError(409, "too_late")
        self._move(job, "void", self._now())
        return job

    def refund(self, wanted: str) -> dict[str, Any]:
        """
        Decide on a refund: all of the price, once, for what is over.
        """
        job = self.get(wanted)
        if job.live:
            return {"decision": "refused"}
        if job.refunded:
            return {"decision": "repeated"}
        job.refunded = True
        return {"decision": "granted", "amount": job.price}

    def all(self) -> list[Job]:
        """
        Return every job, in order.
        """
        self.walk()
        return list(self._jobs.values())

    def advance(self, wanted: str, to: str) -> Job:
        """
        Move a job by hand.
        """
        job = self.get(wanted)
        self._move(job, to, self._now())
        return job

    def walk(self) -> None:
        """
        Let the couriers walk as far as they have come by now.
        """
        for job in self._jobs.values():
            while job.live and job.changed_at + STEP <= self._now():
                following = ROUTE[ROUTE.index(job.state) + 1]
                self._move(job, following, job.changed_at + STEP)

    def _move(self, job: Job, state: str, at: datetime) -> None:
        job.state, job.changed_at = state, at
        self._told(job)
