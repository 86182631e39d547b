"""
DoorDash Drive as pure flows.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from doorstep.capabilities import Capabilities
from doorstep.codec import encode
from doorstep.errors import (
    CurrencyMismatchError,
    DeliveryNotFoundError,
    NotCancellableError,
    QuoteMismatchError,
    UnsupportedError,
)
from doorstep.http import Flow, Grant, RepeatPolicy, Request, path
from doorstep.models import (
    Cancellation,
    CancelReason,
    Changes,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    Money,
    Quote,
    RefundDecision,
    RefundReason,
)
from doorstep.outcome import Effect, Outcome, Repeat
from doorstep.provider import (
    Catalog,
    Catalogs,
    Context,
    Coverages,
    Finds,
    Proofs,
    Provider,
    Quotes,
    Refunds,
    SupportContact,
    Supports,
    Tips,
    Updates,
    Webhooks,
)
from doorstep_doordash._auth import mint, with_token
from doorstep_doordash._capabilities import PUBLIC_FIELDS, capabilities_of
from doorstep_doordash._catalog import catalog_of
from doorstep_doordash._dispatch import Booking, post_quote
from doorstep_doordash._errors import answered, refusal
from doorstep_doordash._found import get, parsed
from doorstep_doordash._identity import QuoteToken, external_id
from doorstep_doordash._mapping import to_quote
from doorstep_doordash._onboarding import OnboardingFlows
from doorstep_doordash._refunds import refund
from doorstep_doordash._requests import currencies_of, to_body, to_changes
from doorstep_doordash._services import ServiceFlows
from doorstep_doordash._settings import DoorDashSettings
from doorstep_doordash._wire import DELIVERY, Body

if TYPE_CHECKING:
    from doorstep.webhooks import Webhook, WebhookRequest

__all__ = ["DoorDashProvider"]

#: Reasons why a cancel that is refused has been made already.
_CANCELLED_BEFORE = frozenset({"delivery_cancelled", "duplicate_request"})


def _capabilities(provider: DoorDashProvider) -> Capabilities:
    return capabilities_of(provider.settings)


def _catalog(provider: DoorDashProvider) -> Catalog | None:
    return catalog_of(provider.account, provider.settings)


@attrs.frozen
class DoorDashProvider(OnboardingFlows, ServiceFlows):
    """
    One account of DoorDash Drive.

    The caller's reference is DoorDash's ``external_delivery_id``; from the second
    revision on, ``reference.2``.

    Source:
        Drive API 0.2.5, read 2026-11-21, and the versions named beside each rule.

    .. versionadded:: 0.1.0
    """

    account: str
    settings: DoorDashSettings
    capabilities: Capabilities = attrs.field(
        init=False, repr=False, eq=False, default=attrs.Factory(_capabilities, takes_self=True)
    )
    #: The Marketplace, which has credentials of its own.
    catalog: Catalog | None = attrs.field(
        init=False, repr=False, eq=False, default=attrs.Factory(_catalog, takes_self=True)
    )

    @property
    def name(self) -> str:
        """
        The provider's name.
        """
        return "doordash"

    @property
    def base_url(self) -> str:
        """
        Where requests go.
        """
        return self.settings.base_url

    @property
    def repeat_policy(self) -> RepeatPolicy:
        """
        Three repeats, from one second to five, as DoorDash asks for.
        """
        return RepeatPolicy(retries=3, base_s=1.0, cap_s=5.0)

    @property
    def public_fields(self) -> frozenset[str]:
        """
        What observers may see the values of.
        """
        return PUBLIC_FIELDS

    def grant(self, now: datetime) -> Flow[Grant]:
        """
        Make a token here; no request is needed.

        Raises:
            doorstep.errors.UnsupportedError:
                The account has the Marketplace alone.
        """
        yield from ()
        key = self.settings.access_key
        if key is None:
            raise UnsupportedError("has no key for Drive", params={"capability": "deliveries"})
        return mint(*key, now)

    def sign(self, request: Request, now: datetime, grant: Grant | None) -> Request:
        """
        Add the token to *request*.
        """
        return with_token(request, grant)

    def quote(self, request: DeliveryRequest, ctx: Context) -> Flow[list[Quote]]:
        """
        Ask for the price. It uses up the reference and revision.

        Raises:
            doorstep.errors.DuplicateError:
                They were used before; DoorDash does not even quote twice.
        """
        body = to_body(request, self.settings.business_id)
        booking = self._booking(request, body, None)
        response = yield post_quote(body)
        quoted_at = response.sent_at
        if answered(response):
            found = booking.quoted(response)
        else:
            error = refusal(response, "quote")
            if response.status != 409 or not response.repeated:
                raise error
            quoted_at = ctx.now
            found = yield from booking.quoted_before(error)
        booking.check_price(found, Outcome.NOT_SENT)
        owner = (self.account, request.reference, request.revision)
        return [to_quote(found.answer, found.raw, body, owner, quoted_at)]

    def dispatch(
        self, request: DeliveryRequest, ctx: Context, *, quote: Quote | None, max_fee: Money | None
    ) -> Flow[Delivery]:
        """
        Book a Dasher. This costs money.

        Repeating it for one reference and revision returns the delivery that was
        booked first. With *max_fee* and no quote the price is asked for before,
        so that nothing dearer is booked. A delivery under the id that was
        cancelled, or differs, is never taken for the answer.

        Raises:
            doorstep.errors.QuoteExpiredError:
                Nothing was booked; ask for a new quote with the next revision.

            doorstep.errors.QuoteMismatchError:
                The quote is for another request. Nothing was sent.

            doorstep.errors.FeeExceededError:
                Dearer than *max_fee*; ``booked`` says whether it was booked.

            doorstep.errors.DuplicateError:
                Another delivery, or a cancelled one, has the id.
        """
        body = to_body(request, self.settings.business_id)
        booking = self._booking(request, body, max_fee)
        if quote is not None:
            token = QuoteToken.loads(quote.token)
            if attrs.evolve(token, tip=body.tip) != QuoteToken.of(body):
                raise QuoteMismatchError("was given a quote for a request that differs")
            return (yield from booking.accept(quote.expires_at, token.tip))
        if max_fee is not None:
            return (yield from booking.price_first())
        return (yield from booking.create())

    def track(self, delivery: DeliveryId, ctx: Context) -> Flow[Delivery]:
        """
        Read a delivery.
        """
        found = yield from get(delivery.value)
        return found.delivery(self.account)

    def find(self, reference: str, revision: int, ctx: Context) -> Flow[Delivery | None]:
        """
        Read the delivery of *reference* and *revision*.

        Returns:
            None if DoorDash does not know the id, or stores no more under it than
            a quote that was not taken: what is found was booked.
        """
        try:
            found = yield from get(external_id(reference, revision), operation="find")
        except DeliveryNotFoundError:
            return None
        return None if found.is_quote else found.delivery(self.account)

    def update(self, delivery: DeliveryId, changes: Changes, ctx: Context) -> Flow[Delivery]:
        """
        Change a delivery; what is None stays as it is.
        """
        return (yield from self._patch(delivery, changes, "update"))

    def set_tip(self, delivery: DeliveryId, tip: Money, ctx: Context) -> Flow[Delivery]:
        """
        Set the Dasher's tip.
        """
        return (yield from self._patch(delivery, Changes(tip=tip), "set_tip"))

    def cancel(
        self, delivery: DeliveryId, reason: CancelReason | None, ctx: Context
    ) -> Flow[Cancellation]:
        """
        Cancel a delivery. DoorDash takes no reason.

        What is cancelled already is cancelled: a 409 that says so is followed by
        a read, and no error. When it is too late DoorDash decides.

        Raises:
            doorstep.errors.NotCancellableError:
                It goes on; ``params["reason"]`` says why.
        """
        response = yield Request(
            "PUT",
            path(DELIVERY + "/cancel", external_delivery_id=delivery.value),
            effect=Effect.CHANGES,
            repeat=Repeat.SAME_EFFECT,
        )
        if answered(response):
            found = parsed(response, delivery.value)
        else:
            error = refusal(response, "cancel")
            if not isinstance(error, NotCancellableError):
                raise error
            before = error.params["reason"] in _CANCELLED_BEFORE
            if not before and not response.repeated:
                raise error
            found = yield from get(delivery.value, operation="cancel", recovery=True)
            if not before and not found.is_cancelled:
                raise error
        read = found.delivery(self.account)
        return Cancellation(confirmed=found.is_cancelled, delivery=read, raw=found.raw)

    def refund(
        self, delivery: DeliveryId, reason: RefundReason, ctx: Context
    ) -> Flow[RefundDecision]:
        """
        Ask for money back on behalf of the merchant. A denial is a decision.
        """
        return (yield from refund(delivery.value, reason))

    def receive(self, request: WebhookRequest, now: datetime) -> Webhook:
        """
        Verify and parse a webhook. It is believed for the word that it carries.

        Raises:
            doorstep.errors.WebhookRejectedError:
                It has not the ``Authorization`` of this account, or is no message.

        .. versionadded:: 0.2.0
        """
        from doorstep_doordash._webhooks import receive  # many never need it

        return receive(request, now, self.account, self.settings)

    def support_contacts(self) -> tuple[SupportContact, ...]:
        """
        Return whom to ask, as far as DoorDash's support page tells.

        .. versionadded:: 0.2.0
        """
        from doorstep_doordash._support import CONTACTS  # many never need it

        return CONTACTS

    def _patch(self, delivery: DeliveryId, changes: Changes, operation: str) -> Flow[Delivery]:
        """
        Update. The wire has no currency: it is compared before, and once more after.
        """
        body = to_changes(changes, self.settings.business_id)
        yield from self._check_currency(delivery, changes, operation)
        response = yield Request(
            "PATCH",
            path(DELIVERY, external_delivery_id=delivery.value),
            body=encode(body),
            effect=Effect.CHANGES,
            repeat=Repeat.SAME_EFFECT,
        )
        if not answered(response):
            raise refusal(response, operation)
        read = parsed(response, delivery.value).delivery(self.account)
        for wanted in currencies_of(changes):
            if read.price is not None and read.price.total.currency != wanted:
                raise CurrencyMismatchError(
                    f"changed a delivery that is not in {wanted}",
                    booked=Outcome.CREATED,
                    delivery=read,
                    params={"currency": read.price.total.currency, "wanted": wanted},
                )
        return read

    def _check_currency(self, delivery: DeliveryId, changes: Changes, operation: str) -> Flow[None]:
        """
        Refuse cents of another currency, after a read where the settings name none.
        """
        wanted = next(iter(currencies_of(changes)), None)
        if wanted is None or self.settings.currency is not None:
            return
        price = (yield from get(delivery.value, operation=operation)).delivery(self.account).price
        if price is not None and price.total.currency != wanted:
            raise CurrencyMismatchError(
                f"would change a delivery in {price.total.currency} by an amount in {wanted}",
                booked=Outcome.NOT_SENT,
                params={"currency": price.total.currency, "wanted": wanted},
                advice="give the amount in the currency of the delivery",
            )

    def _booking(self, request: DeliveryRequest, body: Body, max_fee: Money | None) -> Booking:
        currency = next(iter(currencies_of(request)), self.settings.currency)
        return Booking(account=self.account, body=body, currency=currency, max_fee=max_fee)


_: type[Provider] = DoorDashProvider
_quotes: type[Quotes] = DoorDashProvider
_finds: type[Finds] = DoorDashProvider
_updates: type[Updates] = DoorDashProvider
_refunds: type[Refunds] = DoorDashProvider
_tips: type[Tips] = DoorDashProvider
_webhooks: type[Webhooks] = DoorDashProvider
_catalogs: type[Catalogs] = DoorDashProvider
_coverages: type[Coverages] = DoorDashProvider
_proofs: type[Proofs] = DoorDashProvider
_supports: type[Supports] = DoorDashProvider
