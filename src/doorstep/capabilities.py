"""
What an account of a carrier can do, as a value computed from its settings.
"""

from __future__ import annotations

from enum import StrEnum

import attrs

from doorstep.models import CancelReason, CloseReason, ProofKind, Status, Undeliverable

__all__ = [
    "Capabilities",
    "CatalogCapabilities",
    "Idempotency",
    "LocationSource",
    "Need",
    "QuoteKind",
    "Recovery",
    "Returns",
    "TipTime",
    "UpdateMode",
    "WebhookAuth",
]


class QuoteKind(StrEnum):
    """
    What a quote is worth.
    """

    NONE = "none"
    INDICATIVE = "indicative"
    BINDING = "binding"


class Idempotency(StrEnum):
    """
    What keeps a repeated dispatch from booking twice.
    """

    CALLER_ID = "caller_id"
    KEY = "key"
    UNIQUE_REFERENCE = "unique_reference"
    NONE = "none"


class Recovery(StrEnum):
    """
    How a dispatch without an answer can be looked up.
    """

    BY_REFERENCE = "by_reference"
    DUPLICATE_ERROR = "duplicate_error"
    LIST = "list"
    NONE = "none"


class Need(StrEnum):
    """
    Whether something is not taken, may be given or must be given.
    """

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class UpdateMode(StrEnum):
    """
    How a delivery is changed.
    """

    NONE = "none"
    PATCH = "patch"
    REPLACE_STOPS = "replace_stops"
    ONCE = "once"


class TipTime(StrEnum):
    """
    When a tip is taken.
    """

    DISPATCH = "dispatch"
    BEFORE_DELIVERY = "before_delivery"
    AFTER_DELIVERY = "after_delivery"


class Returns(StrEnum):
    """
    How goods come back.
    """

    NONE = "none"
    SAME_ID = "same_id"
    NEW_ID = "new_id"


class LocationSource(StrEnum):
    """
    Where the courier's place comes from.
    """

    NONE = "none"
    BODY = "body"
    EXTRA_CALL = "extra_call"
    PUSH = "push"


class WebhookAuth(StrEnum):
    """
    What a webhook is believed for.

    .. versionadded:: 0.2.0
    """

    #: None is believed: there are none, or this account is not set up for them.
    NONE = "none"
    #: Nothing: anybody may have sent it.
    UNVERIFIED = "unverified"
    STATIC_HEADER = "static_header"
    HMAC_HEADER = "hmac_header"
    HMAC_BODY = "hmac_body"
    JWT_BODY = "jwt_body"


@attrs.frozen(kw_only=True)
class CatalogCapabilities:
    """
    What the marketplace of an account can do.

    Args:
        close_reasons:
            Why a store can be closed.

        close_until:
            Whether a time to open again can be given.

        closes_for_s:
            After how many seconds a store that was closed without a time opens
            again by itself; None if it does not.

        item_batch:
            Items or options in one request, at most; larger wishes are split.

        item_until:
            Whether an end can be given for an item.

        items, options, read_store, read_menus, read_items, read_options:
            What can be set and read.

    .. versionadded:: 0.2.0
    """

    close_reasons: frozenset[CloseReason] = frozenset()
    close_until: bool = False
    closes_for_s: int | None = None
    item_batch: int = 1
    item_until: bool = False
    items: bool = False
    options: bool = False
    read_store: bool = False
    read_menus: bool = False
    read_items: bool = False
    read_options: bool = False


@attrs.frozen(kw_only=True)
class Capabilities:
    """
    What an account can do. Whatever is not named here is refused before the network.

    Args:
        deliveries:
            Whether it makes any; if not, whatever is about one is refused, webhooks too.

        quote, quote_required, quote_expires_s, quote_single_use, quote_several,
        quote_breakdown:
            Whether there are quotes and what they are worth; whether dispatch
            needs one; how long one holds, in seconds; whether it can be taken
            once; whether there may be several; whether the price has parts.

        idempotency, recovery:
            What keeps a repeated dispatch from booking twice, and how one
            without an answer is looked up.

        inputs:
            Paths of a request that the carrier understands, such as
            ``dropoff.instructions``; see :func:`doorstep.requirements.used_paths`.

        needs:
            Paths that must be given; ``a|b`` is one of them.

        currencies:
            What it charges in; empty if unknown.

        max_dropoffs:
            Stops where goods are handed over, in one delivery.

        min_lead_s, max_lead_s:
            How far ahead a time may lie, in seconds; None if unknown.

        update_fields, update_mode:
            Paths that can be changed later, and how.

        cancel_until:
            The last status in which a cancel is taken; None is the carrier's
            policy at that moment.

        cancel_reason, cancel_reasons:
            Whether a reason is taken, and which.

        cancel_confirms:
            Whether the answer to a cancel says that it is done.

        refund_request, refund_notify:
            Whether a refund can be asked for, and whether the carrier announces
            refunds.

        tip:
            When a tip is taken; *tip_raise_only* if it can only grow.

        proof_kinds, proof_fetch:
            What is collected, and whether it can be fetched.

        returns, undeliverable_actions:
            How goods come back and what can be asked for.

        reports:
            Statuses that this carrier tells at all.

        location, etas, tracking_url:
            What is told on the way.

        webhooks:
            What a webhook is believed for, if any is.

        coverage, address_completion:
            Whether the carrier says beforehand where it goes, and completes an
            address.

        redelivery:
            Whether a delivery can be brought once more.

        assignments, ratings, rating_reasons:
            Whether it tells which couriers a delivery had; whether they can be
            rated, and for which reasons, in the carrier's words.

        onboarding:
            Whether businesses and stores are registered with it.

        catalog:
            What the marketplace can do; None without one.
    """

    deliveries: bool = True
    quote: QuoteKind = QuoteKind.NONE
    quote_required: bool = False
    quote_expires_s: int | None = None
    quote_single_use: bool = False
    quote_several: bool = False
    quote_breakdown: bool = False
    idempotency: Idempotency = Idempotency.NONE
    recovery: Recovery = Recovery.NONE
    inputs: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    currencies: frozenset[str] = frozenset()
    max_dropoffs: int = 1
    min_lead_s: int | None = None
    max_lead_s: int | None = None
    update_fields: frozenset[str] = frozenset()
    update_mode: UpdateMode = UpdateMode.NONE
    cancel_until: Status | None = None
    cancel_reason: Need = Need.NONE
    cancel_reasons: frozenset[CancelReason] = frozenset()
    cancel_confirms: bool = True
    refund_request: bool = False
    refund_notify: bool = False
    tip: frozenset[TipTime] = frozenset()
    tip_raise_only: bool = False
    proof_kinds: frozenset[ProofKind] = frozenset()
    proof_fetch: bool = False
    returns: Returns = Returns.NONE
    undeliverable_actions: frozenset[Undeliverable] = frozenset()
    reports: frozenset[Status] = frozenset()
    location: LocationSource = LocationSource.NONE
    etas: bool = False
    tracking_url: bool = False
    webhooks: WebhookAuth = WebhookAuth.NONE
    coverage: bool = False
    address_completion: bool = False
    redelivery: bool = False
    assignments: bool = False
    ratings: bool = False
    rating_reasons: frozenset[str] = frozenset()
    onboarding: bool = False
    catalog: CatalogCapabilities | None = None
