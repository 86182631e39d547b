"""
The operations, one method each.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import attrs

from doorstep.capabilities import Idempotency, QuoteKind, Recovery, TipTime
from doorstep.errors import OutcomeUnknownError, QuoteExpiredError, UnsupportedError
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
    Status,
    StopKind,
)
from doorstep.operations._catalog import CatalogOperations
from doorstep.operations._checks import (
    check_booked,
    check_limit,
    check_quote,
    check_reference,
    expired,
    located,
    not_offered,
    wanted,
)
from doorstep.operations._onboarding import OnboardingOperations
from doorstep.operations._plan import Plan
from doorstep.operations._services import ASK_SUPPORT, ServiceOperations
from doorstep.provider import (
    Catalog,
    Catalogs,
    Context,
    Finds,
    Proofs,
    Quotes,
    Refunds,
    Tips,
    Updates,
    Webhooks,
)
from doorstep.requirements import check_cancel, check_changes, check_request

#: What a client can be asked, and a deadline be set for.
OPERATIONS = frozenset(
    [
        "cancel",
        "dispatch",
        "find",
        "proof",
        "quote",
        "refund",
        "set_tip",
        "track",
        "update",
        "assignments",
        "complete_address",
        "covers",
        "rate_courier",
        "redeliver",
        "close_store",
        "open_store",
        "read_items",
        "read_menus",
        "read_options",
        "read_store",
        "set_items",
        "set_options",
        "create_business",
        "create_store",
        "get_business",
        "get_store",
        "list_businesses",
        "list_stores",
        "update_business",
        "update_store",
    ]
)

_REFUND_AGAIN = "ask again: what was refunded already is not refunded twice"
_READ_FIRST = "track the delivery before trying again"


def _catalog(operations: Operations) -> Catalog | None:
    provider = operations.provider
    return provider.catalog if isinstance(provider, Catalogs) else None


@attrs.frozen
class Operations(ServiceOperations):
    """
    The operations of one provider.

    Every method raises what can be known before the network, located at this
    provider, and otherwise returns a plan. Arguments of a wrong type are refused
    here: in a provider they would look like a fault of the carrier's.
    """

    #: The marketplace, asked for once: its calls share what they know.
    marketplace: Catalog | None = attrs.field(
        init=False, repr=False, eq=False, default=attrs.Factory(_catalog, takes_self=True)
    )

    @property
    def catalog(self) -> CatalogOperations:
        """
        The operations of the marketplace, if the account has one.
        """
        with located(self.provider, "catalog"):
            if self.marketplace is None or self._can.catalog is None:
                raise not_offered("catalog")
        return CatalogOperations(self.marketplace, self._can.catalog)

    @property
    def onboarding(self) -> OnboardingOperations:
        """
        The operations on businesses and their stores.
        """
        return OnboardingOperations(self.provider)

    def quote(self, request: DeliveryRequest, now: datetime) -> Plan[list[Quote]]:
        """
        Plan to ask for prices.
        """
        provider, about = self.provider, _about(request)
        with self._asked("quote", *about):
            wanted(request, DeliveryRequest, "request")
            if not isinstance(provider, Quotes) or self._can.quote is QuoteKind.NONE:
                raise not_offered("quote")
            check_request(request, self._can, now)
        return Plan("quote", lambda ctx: provider.quote(request, ctx), *about)

    def dispatch(
        self, request: DeliveryRequest, quote: Quote | None, max_fee: Money | None, now: datetime
    ) -> Plan[Delivery]:
        """
        Plan to book a courier.

        A quote that has expired here may have been taken before, and only the
        carrier knows: it is asked by reference, or else decides itself.
        """

        def start(ctx: Context) -> Flow[Delivery]:
            if late is not None and finder is not None:
                return (yield from _booked_before(finder, request, ctx, late))
            booked = yield from provider.dispatch(request, ctx, quote=quote, max_fee=max_fee)
            check_booked(request, booked, max_fee)
            return booked

        provider, about, late = self.provider, _about(request), None
        finder = provider if isinstance(provider, Finds) else None
        if self._can.recovery is Recovery.NONE:
            finder = None
        with self._asked("dispatch", *about):
            wanted(request, DeliveryRequest, "request")
            check_limit(max_fee)
            check_request(request, self._can, now)
            if quote is not None:
                late = expired(check_quote(provider, request, quote, max_fee), now)
            elif self._can.quote_required:
                raise UnsupportedError(
                    "needs a quote", params={"capability": "quote_required"}, advice="quote first"
                )
        return Plan("dispatch", start, *about, if_unknown=self._if_unknown(finder))

    def track(self, delivery: DeliveryId | str) -> Plan[Delivery]:
        """
        Plan to read a delivery.
        """
        provider = self.provider
        mine = self.own(delivery, "track")
        return Plan("track", lambda ctx: provider.track(mine, ctx), delivery=mine)

    def find(self, reference: str, revision: int) -> Plan[Delivery | None]:
        """
        Plan to look a reference up.
        """
        provider = self.provider
        with self._asked("find", reference, revision):
            check_reference(reference, revision)
            if not isinstance(provider, Finds) or self._can.recovery is Recovery.NONE:
                raise not_offered("recovery")
        return Plan(
            "find", lambda ctx: provider.find(reference, revision, ctx), reference, revision
        )

    def update(self, delivery: DeliveryId | str, changes: Changes, now: datetime) -> Plan[Delivery]:
        """
        Plan to change a delivery.
        """
        mine, provider = self.own(delivery, "update"), self.provider
        with self._asked("update"):
            wanted(changes, Changes, "changes")
            if not isinstance(provider, Updates) or not self._can.update_fields:
                raise not_offered("update_fields")
            check_changes(changes, self._can, now)
        return Plan("update", lambda ctx: provider.update(mine, changes, ctx), delivery=mine)

    def cancel(self, delivery: DeliveryId | str, reason: CancelReason | None) -> Plan[Cancellation]:
        """
        Plan to cancel a delivery.
        """
        mine, provider = self.own(delivery, "cancel"), self.provider
        with self._asked("cancel"):
            if reason is not None:
                wanted(reason, CancelReason, "reason")
            check_cancel(reason, self._can)
        return Plan("cancel", lambda ctx: provider.cancel(mine, reason, ctx), delivery=mine)

    def refund(self, delivery: DeliveryId | str, reason: RefundReason) -> Plan[RefundDecision]:
        """
        Plan to ask for money back.
        """
        mine, provider = self.own(delivery, "refund"), self.provider
        with self._asked("refund"):
            wanted(reason, RefundReason, "reason")
            if not isinstance(provider, Refunds) or not self._can.refund_request:
                raise not_offered("refund_request")
        return Plan(
            "refund",
            lambda ctx: provider.refund(mine, reason, ctx),
            delivery=mine,
            if_unknown=_REFUND_AGAIN,
        )

    def set_tip(self, delivery: DeliveryId | str, tip: Money) -> Plan[Delivery]:
        """
        Plan to set the tip.
        """
        mine, provider = self.own(delivery, "set_tip"), self.provider
        with self._asked("set_tip"):
            changes = Changes(tip=wanted(tip, Money, "tip"))
            if not isinstance(provider, Tips) or not self._can.tip - {TipTime.DISPATCH}:
                raise not_offered("tip")
            check_changes(changes, attrs.evolve(self._can, update_fields=frozenset({"tip"})))
        return Plan(
            "set_tip",
            lambda ctx: provider.set_tip(mine, tip, ctx),
            delivery=mine,
            if_unknown=_READ_FIRST,
        )

    def proof(
        self, delivery: DeliveryId | str, stop: StopKind, kind: ProofKind
    ) -> Plan[Proof | None]:
        """
        Plan to read a proof.
        """
        mine, provider = self.own(delivery, "proof"), self.provider
        with self._asked("proof"):
            wanted(stop, StopKind, "stop")
            wanted(kind, ProofKind, "kind")
            if not isinstance(provider, Proofs) or not self._can.proof_fetch:
                raise not_offered("proof_fetch")
        return Plan("proof", lambda ctx: provider.proof(mine, stop, kind, ctx), delivery=mine)

    def _if_unknown(self, finder: Finds | None) -> str | None:
        """
        Say what is left to do after a lost answer where no reference can be looked up.
        """
        if finder is not None:
            return None
        if self._can.idempotency is Idempotency.NONE:
            return ASK_SUPPORT
        return "repeat the very same dispatch, which books once; a new revision books again"

    def webhooks(self) -> Webhooks:
        """
        Return the provider, if its carrier tells by itself what happens.
        """
        provider = self.provider
        with self._asked("receive"):
            if not isinstance(provider, Webhooks):
                raise not_offered("webhooks")
        return provider


def _booked_before(
    finder: Finds, request: DeliveryRequest, ctx: Context, late: QuoteExpiredError
) -> Flow[Delivery]:
    """
    Return what was booked with the quote while it held, or raise *late*.

    A status that nobody knows may be that of a quote that has died.
    """
    found = yield from finder.find(request.reference, request.revision, ctx)
    if found is None or found.status in (Status.CANCELLED, Status.DRAFT):
        raise late
    if found.status is Status.UNKNOWN:
        raise OutcomeUnknownError("was given an expired quote, and cannot tell if it was taken")
    return found


def _about(request: Any) -> tuple[str | None, int | None]:
    if isinstance(request, DeliveryRequest):
        return request.reference, request.revision
    return None, None
