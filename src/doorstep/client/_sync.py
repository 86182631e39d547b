"""
The client for code that waits.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self, TypeVar

from doorstep.client._base import BaseClient
from doorstep.models import (
    Cancellation,
    CancelReason,
    Changes,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    Money,
    Proof,
    ProofKind,
    Quote,
    RefundDecision,
    RefundReason,
    StopKind,
)
from doorstep.operations import Plan

T = TypeVar("T")


class Client(BaseClient):
    """
    One account of one carrier.

    Made by :func:`connect`. Safe for threads and after a fork; close it, or use
    it in a ``with``, to let its connections go.

    Every operation takes ``deadline_s``: the seconds that the whole call may
    take, repeats included. Whatever goes wrong is a
    :class:`~doorstep.errors.DoorstepError` whose ``booked`` and ``retryable``
    say where you stand.

    Args:
        provider:
            From a plugin.

        pool:
            Connections to share with other clients; the sharer closes it.

        observers:
            Are told of every exchange, redacted, and of every call's end.

        deadline_s, deadlines:
            Seconds for a call, and other ones for single operations:
            ``{"quote": 3}``.

    .. versionadded:: 0.1.0
    """

    def quote(self, request: DeliveryRequest, *, deadline_s: float | None = None) -> list[Quote]:
        """
        Ask what *request* costs. Books nothing.

        Repeating it may need the next revision: carriers differ.

        Raises:
            doorstep.errors.UnsupportedError:
                *request* asks for what the account cannot do. Nothing was sent.

            doorstep.errors.RequestRejectedError:
                The carrier will not do it; the subclass says why.

        Returns:
            One quote for each of the carrier's services that can do it.
        """
        plan = self._operations.quote(request, self._session.clock.now())
        return self._run(plan, deadline_s)

    def dispatch(
        self,
        request: DeliveryRequest,
        *,
        quote: Quote | None = None,
        max_fee: Money | None = None,
        deadline_s: float | None = None,
    ) -> Delivery:
        """
        Book a courier. This costs money.

        Repeating it with the same *request.reference* and *revision* returns the
        first delivery where the carrier keeps references unique (see
        ``capabilities.idempotency``). It is never repeated behind your back.

        Args:
            quote:
                A quote for this very request, to be taken.

            max_fee:
                Refuse to pay more.

        Raises:
            doorstep.errors.QuoteExpiredError:
                Nothing was booked; ask for a new quote.

            doorstep.errors.FeeExceededError:
                Dearer than *max_fee*; ``booked`` says whether it exists.

            doorstep.errors.DuplicateError:
                The reference and revision belong to another delivery.

            doorstep.errors.OutcomeUnknownError:
                No usable answer after it was sent. A courier may be on the way:
                look the reference up before anything else.
        """
        plan = self._operations.dispatch(request, quote, max_fee, self._session.clock.now())
        return self._run(plan, deadline_s)

    def track(self, delivery: DeliveryId | str, *, deadline_s: float | None = None) -> Delivery:
        """
        Read a delivery. Safe to repeat.

        Args:
            delivery:
                Its id, or ``str()`` of it.

        Raises:
            doorstep.errors.DeliveryNotFoundError:
                The carrier does not know it, or not yet.
        """
        return self._run(self._operations.track(delivery), deadline_s)

    def find(
        self, reference: str, revision: int = 1, *, deadline_s: float | None = None
    ) -> Delivery | None:
        """
        Look up what became of *reference* and *revision*. Safe to repeat.

        Returns:
            The delivery, or None if the carrier does not know it. Just after a
            lost answer that may change: ask again before booking anew.
        """
        return self._run(self._operations.find(reference, revision), deadline_s)

    def update(
        self, delivery: DeliveryId | str, changes: Changes, *, deadline_s: float | None = None
    ) -> Delivery:
        """
        Change a delivery. Repeating the same changes has no further effect.

        Raises:
            doorstep.errors.NotModifiableError:
                Too late; ``params["reason"]`` says why.
        """
        return self._run(
            self._operations.update(delivery, changes, self._session.clock.now()), deadline_s
        )

    def cancel(
        self,
        delivery: DeliveryId | str,
        reason: CancelReason | None = None,
        *,
        deadline_s: float | None = None,
    ) -> Cancellation:
        """
        Cancel a delivery. Cancelling twice is cancelling once.

        Raises:
            doorstep.errors.NotCancellableError:
                Too late; the delivery goes on.
        """
        return self._run(self._operations.cancel(delivery, reason), deadline_s)

    def refund(
        self, delivery: DeliveryId | str, reason: RefundReason, *, deadline_s: float | None = None
    ) -> RefundDecision:
        """
        Ask for money back, on behalf of the merchant. A refusal is a decision.

        Raises:
            doorstep.errors.OutcomeUnknownError:
                No usable answer after it was sent. Asking again is safe: what is
                refunded already is not refunded twice.
        """
        return self._run(self._operations.refund(delivery, reason), deadline_s)

    def set_tip(
        self, delivery: DeliveryId | str, tip: Money, *, deadline_s: float | None = None
    ) -> Delivery:
        """
        Set the courier's tip to *tip*. Repeating it has no further effect.
        """
        return self._run(self._operations.set_tip(delivery, tip), deadline_s)

    def proof(
        self,
        delivery: DeliveryId | str,
        stop: StopKind,
        kind: ProofKind,
        *,
        deadline_s: float | None = None,
    ) -> Proof | None:
        """
        Fetch what was collected at a stop, or None. Safe to repeat.
        """
        return self._run(self._operations.proof(delivery, stop, kind), deadline_s)

    def close(self) -> None:
        """
        Let the connections go, unless the pool is somebody else's.
        """
        self._closed = True
        if self._own_pool:
            self._session.transport.close()

    def _run(self, plan: Plan[T], deadline_s: float | None) -> T:
        return self._prepare(plan, deadline_s)[1]()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
