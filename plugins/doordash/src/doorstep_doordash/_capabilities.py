"""
What an account of DoorDash can do.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from doorstep.capabilities import (
    Capabilities,
    CatalogCapabilities,
    Idempotency,
    LocationSource,
    QuoteKind,
    Recovery,
    Returns,
    TipTime,
    UpdateMode,
    WebhookAuth,
)
from doorstep.models import ProofKind, Status, Undeliverable
from doorstep_doordash._catalog_wire import REASONS
from doorstep_doordash._generations import generation_of
from doorstep_doordash._mapping import STATUSES
from doorstep_doordash._services_wire import RATING_REASONS
from doorstep_doordash._settings import DoorDashSettings
from doorstep_doordash._wire import CURRENCIES

__all__ = ["CLOSES_FOR", "MARKETPLACE_FIELDS", "PUBLIC_FIELDS", "capabilities_of"]

#: How long DoorDash keeps a store closed that nobody gave an end.
CLOSES_FOR: Final = timedelta(days=14)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _below(prefix: str, names: str) -> frozenset[str]:
    return frozenset(f"{prefix}.{name}" for name in _words(names))


_ADDRESS: Final = "one_line lines unit locality region postal_code country"
_ITEM: Final = "name quantity description unit_price external_id"
_CHANGEABLE: Final = (
    _below("pickup.address", f"{_ADDRESS} store_ref")
    | _below("pickup.contact", "business phone")
    | _below("pickup", "instructions reference")
    | _below("dropoff.address", _ADDRESS)
    | _below("dropoff.contact", "given family business phone")
    | _below("dropoff.items", f"{_ITEM} weight_g dimensions")
    | _below("dropoff", "instructions contactless verification.signature")
    | _below("schedule", "pickup_at dropoff_at windows")
    | _below("if_undeliverable", "return dispose")
    | {"order_value", "tip"}
)
#: What can be asked for and not changed. An access note is told with the
#: instructions, and alone it would replace them; ``dropoff_options`` are fixed.
_FIXED: Final = frozenset(
    {"pickup.address.access_notes", "dropoff.address.access_notes", "dropoff.contact.notify"}
) | _below(
    "dropoff.verification",
    "signature.required id_check id_check.required photo pin pin.source pin.value",
)

#: JSON fields and headers of Drive whose values may be observed: statuses, codes,
#: money, times and choices; no text that people write, no link, nobody's id.
PUBLIC_FIELDS: Final = _words(
    "delivery_status cancellation_reason code reason status refund_reason locale currency "
    "order_value fee tip tax amount type price quantity order_value_refund tip_refund "
    "delivery_fee_refund updated_at pickup_time dropoff_time start_time end_time "
    "pickup_time_estimated pickup_time_actual dropoff_time_estimated dropoff_time_actual "
    "dropoff_time_estimated_lower_bound dropoff_time_estimated_upper_bound "
    "return_time_estimated return_time_actual contactless_dropoff action_if_undeliverable "
    "dasher_allowed_vehicles dropoff_requires_signature dropoff_contact_send_notifications "
    "alcohol pharmacy_items age_restricted_pharmacy_items tobacco hemp otc signature "
    "proof_of_delivery catering_setup pin_code_type order_fulfillment_method "
    "activation_status is_test is_serviceable result_count created_at last_updated_at "
    "dasher_at_store_time unassigned_time rating feedback_reason max_results "
    "length width height weight volume content-length content-type date retry-after"
)

#: The same of the Marketplace. The reason of a deactivation is a text of people's.
MARKETPLACE_FIELDS: Final = _words(
    "is_active response code status end_time start_time duration_in_secs created_at experience "
    "is_order_protocol_pos auto_release_enabled auto_release_distance "
    "auto_release_from_store_enabled is_pos_menu last_successful_menu_update_at day_index date "
    "closed content-length content-type retry-after auth-version"
)


def capabilities_of(settings: DoorDashSettings) -> Capabilities:
    """
    Return what an account with *settings* can do.

    Source:
        Drive API 0.2.5 for what is taken; the enums of 2.1.59 for what is told.
        What 0.2.5 has not and 2.1.59 has: a signature that is only preferred, ID
        checks, photos, the sizes of items, and PINs, which DoorDash enables for a
        business on request. No age can be named, and no photo be only preferred
        (2.1.59 calls that deprecated). The parts of a fee are documented, but what
        was recorded has none, so they are not claimed. Coordinates are not taken.
        Whether a cancel is still possible is asked, not judged here: DoorDash's
        documents disagree about when.
    """
    if settings.access_key is None:
        return Capabilities(deliveries=False, catalog=_catalog(settings))
    currency = settings.currency
    return Capabilities(
        quote=QuoteKind.BINDING,
        quote_expires_s=300,
        quote_single_use=True,
        idempotency=Idempotency.CALLER_ID,
        recovery=Recovery.BY_REFERENCE,
        inputs=_CHANGEABLE | _FIXED,
        needs=frozenset({"dropoff.contact.phone"}),
        currencies=CURRENCIES if currency is None else frozenset({currency}),
        update_fields=_CHANGEABLE,
        update_mode=UpdateMode.PATCH,
        refund_request=True,
        refund_notify=True,
        tip=frozenset({TipTime.DISPATCH, TipTime.BEFORE_DELIVERY}),
        proof_kinds=frozenset({ProofKind.PHOTO, ProofKind.SIGNATURE}),
        proof_fetch=True,
        returns=Returns.SAME_ID,
        undeliverable_actions=frozenset({Undeliverable.RETURN, Undeliverable.DISPOSE}),
        reports=frozenset(STATUSES.values()) | {Status.SCHEDULED, Status.FAILED},
        location=LocationSource.BODY,
        etas=True,
        tracking_url=True,
        webhooks=_webhook_auth(settings),
        coverage=True,
        address_completion=True,
        redelivery=True,
        assignments=True,
        ratings=True,
        rating_reasons=RATING_REASONS,
        onboarding=True,
        catalog=_catalog(settings),
    )


def _catalog(settings: DoorDashSettings) -> CatalogCapabilities | None:
    """
    Return what the Marketplace can do.

    Source:
        Marketplace API 1.0.0, and (legacy) 1.0.0, which takes no end for a closing and
        cannot be asked what is sold out. That a store opens again after two weeks
        stands on DoorDash's page "Update stores and items".
    """
    generation = generation_of(settings)
    if generation is None:
        return None
    return CatalogCapabilities(
        close_reasons=frozenset(REASONS),
        close_until=generation.takes_end,
        closes_for_s=int(CLOSES_FOR.total_seconds()),
        item_batch=settings.marketplace_batch,
        items=True,
        options=True,
        read_store=True,
        read_menus=True,
        read_items=generation.item_availability is not None,
        read_options=generation.option_availability is not None,
    )


def _webhook_auth(settings: DoorDashSettings) -> WebhookAuth:
    if settings.webhook_authorizations:
        return WebhookAuth.STATIC_HEADER
    return WebhookAuth.UNVERIFIED if settings.accept_unverified_webhooks else WebhookAuth.NONE
