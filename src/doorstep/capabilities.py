"""
What an account of a carrier can do, as a value computed from its settings.
"""

from __future__ import annotations

from enum import StrEnum

import attrs

from doorstep.models import CancelReason, ProofKind, Status, Undeliverable

__all__ = [
    "Capabilities",
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
class Capabilities:
    """
    What an account can do. Whatever is not named here is refused before the network.

    Args:
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
    """

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
