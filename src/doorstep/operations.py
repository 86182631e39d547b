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

from doorstep.capabilities import Capabilities, QuoteKind, Recovery, TipTime
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
from doorstep.outcome import Outcome
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

    def quote(self, request: DeliveryRequest, now: datetime) -> Plan[list[Quote]]:
        """
        Plan to ask for prices.
        """

        provider = self.provider
        with _Located(provider, "quote"):
            if not isinstance(provider, Quotes) or self._can.quote is QuoteKind.NONE:
                raise _not_offered("quote")
            check_request(request, self._can, now)
        return Plan(
            "quote", lambda ctx: provider.quote(request, ctx), request.reference, request.revision
        )

    def dispatch(
        self, request: DeliveryRequest, quote: Quote | None, max_fee: Money | None, now: datetime
    ) -> Plan[Delivery]:
        """
        Plan to book a courier.
        """

        def start(ctx: Context) -> Flow[Delivery]:
            booked = yield from self.provider.dispatch(request, ctx, quote=quote, max_fee=max_fee)
            _check_fee(booked, max_fee)
            return booked

        with _Located(self.provider, "dispatch"):
            check_request(request, self._can, now)
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
        provider = self.provider
        with _Located(provider, "find"):
            if not isinstance(provider, Finds) or self._can.recovery is Recovery.NONE:
                raise _not_offered("recovery")
        return Plan(
            "find", lambda ctx: provider.find(reference, revision, ctx), reference, revision
        )

    def update(self, delivery: DeliveryId | str, changes: Changes, now: datetime) -> Plan[Delivery]:
        """
        Plan to change a delivery.
        """
        own, provider = self._own(delivery, "update"), self.provider
        with _Located(provider, "update"):
            if not isinstance(provider, Updates) or not self._can.update_fields:
                raise _not_offered("update_fields")
            check_changes(changes, self._can, now)
        return Plan("update", lambda ctx: provider.update(own, changes, ctx))

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
        own, provider = self._own(delivery, "refund"), self.provider
        with _Located(provider, "refund"):
            if not isinstance(provider, Refunds) or not self._can.refund_request:
                raise _not_offered("refund_request")
        return Plan("refund", lambda ctx: provider.refund(own, reason, ctx))

    def set_tip(self, delivery: DeliveryId | str, tip: Money) -> Plan[Delivery]:
        """
        Plan to set the tip.
        """
        own, provider = self._own(delivery, "set_tip"), self.provider
        with _Located(provider, "set_tip"):
            if not isinstance(provider, Tips) or not self._can.tip - {TipTime.DISPATCH}:
                raise _not_offered("tip")
            check_changes(
                Changes(tip=tip), attrs.evolve(self._can, update_fields=frozenset({"tip"}))
            )
        return Plan("set_tip", lambda ctx: provider.set_tip(own, tip, ctx))

    def proof(
        self, delivery: DeliveryId | str, stop: StopKind, kind: ProofKind
    ) -> Plan[Proof | None]:
        """
        Plan to read a proof.
        """
        own, provider = self._own(delivery, "proof"), self.provider
        with _Located(provider, "proof"):
            if not isinstance(provider, Proofs) or not self._can.proof_fetch:
                raise _not_offered("proof_fetch")
        return Plan("proof", lambda ctx: provider.proof(own, stop, kind, ctx))

    @property
    def _can(self) -> Capabilities:
        return self.provider.capabilities

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
                f"was given a quote that expired at {quote.expires_at:%Y-%m-%dT%H:%M:%SZ}",
                booked=Outcome.NOT_SENT,
            )
        if max_fee is not None and quote.price is not None and quote.price.total > max_fee:
            raise FeeExceededError(
                f"was given a quote above max_fee {max_fee}", booked=Outcome.NOT_SENT
            )


def _check_fee(booked: Delivery, max_fee: Money | None) -> None:
    """
    Tell of a fee above the limit, with what was booked; providers should refuse it sooner.
    """
    total = booked.price.total if booked.price is not None else None
    if max_fee is None or total is None:
        return
    if total.currency != max_fee.currency or total > max_fee:
        raise FeeExceededError(
            f"was booked for {total}, above max_fee {max_fee}",
            advice="cancel the delivery, or raise max_fee",
            booked=Outcome.CREATED,
            delivery=booked,
        )


def _not_offered(capability: str) -> UnsupportedError:
    return UnsupportedError("is not offered by this account", params={"capability": capability})


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
