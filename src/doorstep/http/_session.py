"""
What the calls of one account share.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from doorstep.http._call import Call
from doorstep.http._clock import Clock, SystemClock
from doorstep.http._grants import GrantCache
from doorstep.http._messages import Request, Response, TransportError
from doorstep.http._observe import CallSummary, Exchange, Observer, Observers
from doorstep.http._protocols import Endpoint, Transport
from doorstep.http._redact import redact_body, redact_headers
from doorstep.http._repeat import Pauses, RepeatBudget

if TYPE_CHECKING:
    import random


class Session:
    """
    Hold what the calls of one account share; safe for threads.

    Args:
        endpoint:
            The provider, or the part of it that the driver needs.

        transport:
            What sends; usually a :class:`HttpPool`, which sessions may share.

        clock:
            For time and waiting.

        observers:
            Who is told of exchanges and calls.

        rng:
            For the jitter of repeats.

        budget:
            The limit of repeats.

    .. versionadded:: 0.1.0
    """

    def __init__(
        self,
        endpoint: Endpoint,
        transport: Transport,
        *,
        clock: Clock | None = None,
        observers: Sequence[Observer] = (),
        rng: random.Random | None = None,
        budget: RepeatBudget | None = None,
    ) -> None:
        self.endpoint = endpoint
        self.transport = transport
        self.clock: Clock = clock or SystemClock()
        self.observers = Observers(observers)
        self.rng = rng or _random()
        self.budget = budget or RepeatBudget(self.clock)
        self.pauses = Pauses(self.clock, self.rng)
        self.grants = GrantCache(endpoint, self.clock)

    def now(self) -> datetime:
        """
        Return the time as the carrier's clock shows it, as far as we know.
        """
        return self.grants.now()

    def report_exchange(
        self,
        request: Request,
        result: Response | TransportError,
        call: Call,
        *,
        started_at: datetime,
        elapsed_s: float,
    ) -> None:
        """
        Tell the observers of an exchange, redacted. Call it only if there are any.
        """
        endpoint = self.endpoint
        answer = result if isinstance(result, Response) else None
        exchange = Exchange(
            provider=endpoint.name,
            account=endpoint.account,
            operation=call.operation,
            call_id=call.call_id,
            attempt=call.attempts,
            method=request.method,
            route=request.path.route,
            status=None if answer is None else answer.status,
            error=result.kind if isinstance(result, TransportError) else None,
            sent=result.sent if isinstance(result, TransportError) else True,
            started_at=started_at,
            elapsed_s=elapsed_s,
            request_size=len(request.body or b""),
            response_size=0 if answer is None else len(answer.body),
            request_headers=redact_headers(request.headers, endpoint.public_fields),
            response_headers=redact_headers(
                {} if answer is None else answer.headers, endpoint.public_fields
            ),
            request_body=redact_body(request.body, endpoint.public_fields),
            response_body=redact_body(
                None if answer is None else answer.body, endpoint.public_fields
            ),
        )
        self.observers.exchange(exchange)

    def report_call(self, call: Call, error: str | None, *, cancelled: bool) -> None:
        """
        Tell the observers how a call ended.
        """
        if self.observers:
            summary = CallSummary(
                provider=self.endpoint.name,
                account=self.endpoint.account,
                operation=call.operation,
                call_id=call.call_id,
                outcome=call.outcome,
                error=error,
                elapsed_s=call.elapsed(),
                attempts=call.attempts,
                cancelled=cancelled,
                reference=call.reference,
                revision=call.revision,
                delivery_id=call.delivery_id,
            )
            self.observers.call(summary)

    def __repr__(self) -> str:
        return f"Session({self.endpoint.name!r}, {self.endpoint.account!r})"


def _random() -> random.Random:
    from random import Random  # importing it takes longer than all else here

    return Random()  # noqa: S311  jitter, not a secret
