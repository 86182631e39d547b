"""
The client for code that waits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from doorstep.client._catalog import CatalogClient
from doorstep.client._onboarding import OnboardingClient
from doorstep.client._support import SupportCalls
from doorstep.client._watch import USUAL, Pace, Watch
from doorstep.errors import DoorstepError
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

if TYPE_CHECKING:
    from doorstep.webhooks import Received, WebhookRequest

T = TypeVar("T")


class Client(SupportCalls):
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

        store:
            Where what is told of deliveries is kept. Without one nothing is,
            until ``receive`` or ``watch`` is used; these then remember in memory
            what they hear from there on.

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

    @property
    def catalog(self) -> CatalogClient:
        """
        What the carrier's marketplace shows of the shop.

        Raises:
            doorstep.errors.UnsupportedError:
                The account has no marketplace, or no credentials for it.
        """
        return CatalogClient(self._operations.catalog, self._session.clock, self._run)

    @property
    def onboarding(self) -> OnboardingClient:
        """
        The businesses that the platform serves, and their stores.
        """
        return OnboardingClient(self._operations.onboarding, self._run)

    def receive(self, request: WebhookRequest) -> Received:
        """
        Take a webhook: verify it, drop what was told before, and fold the rest.

        Never raises for what a stranger sends: ``rejected`` and ``answer`` of
        the result say what came of it. Safe to repeat.

        Raises:
            doorstep.errors.UnsupportedError:
                This carrier sends no webhooks, or none that are understood.

            Exception:
                Whatever the store raises. Answer 500: the carrier tries again.
        """
        return self._receive(request)

    def watch(
        self,
        delivery: DeliveryId | str,
        *,
        pace: Pace = USUAL,
        failed: Callable[[DoorstepError], None] | None = None,
        deadline_s: float | None = None,
    ) -> Iterator[Delivery]:
        """
        Follow *delivery*, and yield its state whenever there is news, to the end.

        Asks the carrier at *pace*, and hears at once what this client receives.
        Ends when the carrier's answer says that it has ended; what only a
        webhook says is confirmed first.

        Args:
            failed:
                Is told of each error that passes.

        Raises:
            doorstep.errors.DoorstepError:
                One that does not pass, or the last of too many.
        """
        tracker, mine = self._track(), self._operations.own(delivery, "track")
        watch, clock = Watch(tracker, mine, pace, failed), self._session.clock
        told = threading.Event()
        with tracker.news(mine, told.set):
            while not watch.ended:
                told.clear()
                try:
                    answer = self.track(mine, deadline_s=deadline_s)
                except DoorstepError as error:
                    watch.failed(error)
                    news = watch.heard()
                else:
                    told.clear()
                    news = watch.answered(answer)
                if news is not None:
                    yield news
                while not watch.ended:
                    clock.sleep(watch.wait_s, told)
                    if not told.is_set():
                        break
                    told.clear()
                    if (news := watch.heard()) is not None:
                        yield news
                    if watch.doubtful:
                        break

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
