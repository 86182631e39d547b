"""
Every operation of a client, planned once for the sync and the async one.

A plan is what is left when all that can be refused without the network has been
refused: a flow to drive, and what to call it in errors.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

import attrs

from doorstep.capabilities import Capabilities
from doorstep.errors import (
    DoorstepError,
    FeeExceededError,
    FieldProblem,
    QuoteExpiredError,
    QuoteMismatchError,
    UnsupportedError,
    ValidationError,
)
from doorstep.http import Flow
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
from doorstep.provider import (
    Context,
    Finds,
    Proofs,
    Provider,
    Quotes,
    Refunds,
    Tips,
    Updates,
)
from doorstep.requirements import check_cancel, check_changes, check_request

__all__ = ["OPERATIONS", "Operations", "Plan"]

T = TypeVar("T")
P = TypeVar("P")

#: What a client can be asked, and a deadline be set for.
OPERATIONS = frozenset(
    {"cancel", "dispatch", "find", "proof", "quote", "refund", "set_tip", "track", "update"}
)


@attrs.frozen
class Plan(Generic[T]):
    """
    One operation, ready to be driven.
    """

    operation: str
    start: Callable[[Context], Flow[T]] = attrs.field(repr=False)
    reference: str | None = None
    revision: int | None = None


@attrs.frozen
class Operations:
    """
    The operations of one provider.

    Every method raises what can be known before the network, located at this
    provider, and otherwise returns a plan.
    """

    provider: Provider

    def quote(self, request: DeliveryRequest) -> Plan[list[Quote]]:
        """
        Plan to ask for prices.
        """

        def start(ctx: Context) -> Flow[list[Quote]]:
            return quotes.quote(request, ctx)

        with _Located(self.provider, "quote"):
            quotes = self._able(Quotes, "quote")  # type: ignore[type-abstract]  # a protocol
            check_request(request, self._can)
        return Plan("quote", start, request.reference, request.revision)

    def dispatch(
        self, request: DeliveryRequest, quote: Quote | None, max_fee: Money | None, now: datetime
    ) -> Plan[Delivery]:
        """
        Plan to book a courier.
        """

        def start(ctx: Context) -> Flow[Delivery]:
            return self.provider.dispatch(request, ctx, quote=quote, max_fee=max_fee)

        with _Located(self.provider, "dispatch"):
            check_request(request, self._can)
            if quote is not None:
                self._check_quote(request, quote, max_fee, now)
            elif self._can.quote_required:
                raise UnsupportedError(
                    "needs a quote", params={"capability": "quote_required"}, advice="quote first"
                )
        return Plan("dispatch", start, request.reference, request.revision)

    def track(self, delivery: DeliveryId | str) -> Plan[Delivery]:
        """
        Plan to read a delivery.
        """
        own = self._own(delivery, "track")
        return Plan("track", lambda ctx: self.provider.track(own, ctx))

    def find(self, reference: str, revision: int) -> Plan[Delivery | None]:
        """
        Plan to look a reference up.
        """
        with _Located(self.provider, "find"):
            finder = self._able(Finds, "recovery")  # type: ignore[type-abstract]  # a protocol
        return Plan("find", lambda ctx: finder.find(reference, revision, ctx), reference, revision)

    def update(self, delivery: DeliveryId | str, changes: Changes) -> Plan[Delivery]:
        """
        Plan to change a delivery.
        """
        own = self._own(delivery, "update")
        with _Located(self.provider, "update"):
            updater = self._able(Updates, "update_fields")  # type: ignore[type-abstract]  # a protocol
            check_changes(changes, self._can)
        return Plan("update", lambda ctx: updater.update(own, changes, ctx))

    def cancel(self, delivery: DeliveryId | str, reason: CancelReason | None) -> Plan[Cancellation]:
        """
        Plan to cancel a delivery.
        """
        own = self._own(delivery, "cancel")
        with _Located(self.provider, "cancel"):
            check_cancel(reason, self._can)
        return Plan("cancel", lambda ctx: self.provider.cancel(own, reason, ctx))

    def refund(self, delivery: DeliveryId | str, reason: RefundReason) -> Plan[RefundDecision]:
        """
        Plan to ask for money back.
        """
        own = self._own(delivery, "refund")
        with _Located(self.provider, "refund"):
            refunds = self._able(Refunds, "refund_request")  # type: ignore[type-abstract]  # a protocol
        return Plan("refund", lambda ctx: refunds.refund(own, reason, ctx))

    def set_tip(self, delivery: DeliveryId | str, tip: Money) -> Plan[Delivery]:
        """
        Plan to set the tip.
        """
        own = self._own(delivery, "set_tip")
        with _Located(self.provider, "set_tip"):
            tips = self._able(Tips, "tip")  # type: ignore[type-abstract]  # a protocol
            check_changes(Changes(tip=tip), attrs.evolve(self._can, update_fields=frozenset({"tip"})))
        return Plan("set_tip", lambda ctx: tips.set_tip(own, tip, ctx))

    def proof(
        self, delivery: DeliveryId | str, stop: StopKind, kind: ProofKind
    ) -> Plan[Proof | None]:
        """
        Plan to read a proof.
        """
        own = self._own(delivery, "proof")
        with _Located(self.provider, "proof"):
            proofs = self._able(Proofs, "proof_fetch")  # type: ignore[type-abstract]  # a protocol
        return Plan("proof", lambda ctx: proofs.proof(own, stop, kind, ctx))

    @property
    def _can(self) -> Capabilities:
        return self.provider.capabilities

    def _able(self, protocol: type[P], capability: str) -> P:
        """
        Return the provider as *protocol*, if the account claims *capability* too.
        """
        if isinstance(self.provider, protocol) and _claimed(self._can, capability):
            return self.provider
        raise UnsupportedError("is not offered by this account", params={"capability": capability})

    def _own(self, delivery: DeliveryId | str, operation: str) -> DeliveryId:
        with _Located(self.provider, operation):
            own = DeliveryId.parse(delivery) if isinstance(delivery, str) else delivery
            if (own.provider, own.account) != (self.provider.name, self.provider.account):
                rule = f"belongs to provider {own.provider!r}, account {own.account!r}"
                raise ValidationError(
                    "was given a delivery of somebody else",
                    fields=(FieldProblem("delivery", rule),),
                    advice="connect to that provider and account",
                )
        return own

    def _check_quote(
        self, request: DeliveryRequest, quote: Quote, max_fee: Money | None, now: datetime
    ) -> None:
        mine = (self.provider.name, self.provider.account, request.reference, request.revision)
        if (quote.provider, quote.account, quote.reference, quote.revision) != mine:
            raise QuoteMismatchError("was given a quote for another request, account or provider")
        if quote.expired(now):
            raise QuoteExpiredError(
                f"was given a quote that expired at {quote.expires_at:%Y-%m-%dT%H:%M:%SZ}"
            )
        if max_fee is not None and quote.price is not None and quote.price.total > max_fee:
            raise FeeExceededError(f"was given a quote above max_fee {max_fee}")


def _claimed(capabilities: Capabilities, capability: str) -> bool:
    value = getattr(capabilities, capability)
    return value != "none" and bool(value)


class _Located:
    """
    Say in every error from inside which provider and operation it was.
    """

    def __init__(self, provider: Provider, operation: str) -> None:
        self._where = (provider.name, provider.account, operation)

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if isinstance(error, DoorstepError):
            error.locate(*self._where)
