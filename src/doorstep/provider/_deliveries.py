"""
What a carrier does with deliveries.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import attrs

from doorstep.capabilities import Capabilities
from doorstep.http import Endpoint, Flow
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

if TYPE_CHECKING:
    from doorstep.webhooks import Webhook, WebhookRequest


@attrs.frozen(kw_only=True)
class Context:
    """
    What an operation may know of the world.

    Args:
        now:
            The time of the call, UTC.

        call_id:
            Unique for each call; what a carrier wants unique is made from it.
    """

    now: datetime
    call_id: str


@runtime_checkable
class Provider(Endpoint, Protocol):
    """
    What every carrier can do, beside being an endpoint that can be signed for.
    """

    @property
    def capabilities(self) -> Capabilities:
        """
        What this account can do, computed from its settings.
        """

    def dispatch(
        self, request: DeliveryRequest, ctx: Context, *, quote: Quote | None, max_fee: Money | None
    ) -> Flow[Delivery]:
        """
        Book a courier. Repeating it for one reference and revision books once.
        """

    def track(self, delivery: DeliveryId, ctx: Context) -> Flow[Delivery]:
        """
        Read a delivery.
        """

    def cancel(
        self, delivery: DeliveryId, reason: CancelReason | None, ctx: Context
    ) -> Flow[Cancellation]:
        """
        Cancel a delivery; cancelling twice is cancelling once.
        """


@runtime_checkable
class Quotes(Protocol):
    """
    Carriers that name a price beforehand.
    """

    def quote(self, request: DeliveryRequest, ctx: Context) -> Flow[list[Quote]]:
        """
        Ask for prices. Books nothing.
        """


@runtime_checkable
class Finds(Protocol):
    """
    Carriers that can be asked by the caller's reference.
    """

    def find(self, reference: str, revision: int, ctx: Context) -> Flow[Delivery | None]:
        """
        Read the delivery of *reference* and *revision*, or None.
        """


@runtime_checkable
class Updates(Protocol):
    """
    Carriers that can change a delivery.
    """

    def update(self, delivery: DeliveryId, changes: Changes, ctx: Context) -> Flow[Delivery]:
        """
        Change what ``capabilities.update_fields`` names.
        """


@runtime_checkable
class Refunds(Protocol):
    """
    Carriers that decide on refunds when asked.
    """

    def refund(
        self, delivery: DeliveryId, reason: RefundReason, ctx: Context
    ) -> Flow[RefundDecision]:
        """
        Ask for money back. A refusal is a decision.
        """


@runtime_checkable
class Tips(Protocol):
    """
    Carriers that take a tip after the dispatch.
    """

    def set_tip(self, delivery: DeliveryId, tip: Money, ctx: Context) -> Flow[Delivery]:
        """
        Set the courier's tip to *tip*.
        """


@runtime_checkable
class Proofs(Protocol):
    """
    Carriers whose proofs of delivery can be fetched.
    """

    def proof(
        self, delivery: DeliveryId, stop: StopKind, kind: ProofKind, ctx: Context
    ) -> Flow[Proof | None]:
        """
        Read the proof of *kind* that was collected at *stop*, or None.
        """


@runtime_checkable
class Webhooks(Protocol):
    """
    Carriers that tell by themselves what happens.
    """

    def receive(self, request: WebhookRequest, now: datetime) -> Webhook:
        """
        Verify and parse *request*: a plain function, no flow.

        An event whose carrier gives it no id gets one made from its content, so
        that the same message has the same id each time.

        Raises:
            doorstep.errors.WebhookRejectedError:
                It is not from the carrier, or cannot be read. Events and fields
                that nobody has described are no reason.
        """
