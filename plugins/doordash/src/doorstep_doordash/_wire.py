"""
Drive's JSON in Drive's own names.

An answer must name the delivery and its status; every other field may be absent,
null or empty, as recorded answers are. Fields that no class knows stay in ``raw``.

Source:
    Drive API 0.2.5, every field of its requests and answers. Drive API 2.1.59
    for ``tracking_url``, the image URLs, the bounds of the dropoff time,
    ``fee_components`` and ``tax``, which answers carry today. Refunds 0.0.3.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import attrs

from doorstep.codec import Int32

__all__ = [
    "BUSINESS_ID",
    "CURRENCIES",
    "DELIVERIES",
    "DELIVERY",
    "QUOTES",
    "Answer",
    "Body",
    "FeeComponent",
    "ItemBody",
    "ItemEcho",
    "Location",
    "OrderContains",
    "RefundAnswer",
    "RefundBody",
    "TimeWindow",
]

BUSINESS_ID: Final = re.compile(r"[A-Za-z0-9_-]{3,64}")
CURRENCIES: Final = frozenset({"USD", "CAD", "AUD"})

QUOTES: Final = "/drive/v2/quotes"
DELIVERIES: Final = "/drive/v2/deliveries"
DELIVERY: Final = "/drive/v2/deliveries/{external_delivery_id}"


@attrs.frozen(kw_only=True)
class TimeWindow:
    """
    ``pickup_window`` or ``dropoff_window``.
    """

    start_time: datetime
    end_time: datetime


@attrs.frozen(kw_only=True)
class OrderContains:
    """
    What is restricted about the goods.
    """

    alcohol: bool | None = None


@attrs.frozen(kw_only=True)
class ItemBody:
    """
    One item of a request. *price* is of one piece, in cents.

    *weight* is in pounds and *volume* in cubic feet by 2.1.59; 0.2.5 names no unit.
    """

    name: str
    quantity: int
    description: str | None = None
    external_id: str | None = None
    volume: float | None = None
    weight: float | None = None
    price: int | None = None


@attrs.frozen(kw_only=True)
class Body:
    """
    The body of quote and create; in parts, of accept and update.
    """

    external_delivery_id: str | None = None
    locale: str | None = None
    pickup_address: str | None = None
    pickup_business_name: str | None = None
    pickup_phone_number: str | None = None
    pickup_instructions: str | None = None
    pickup_reference_tag: str | None = None
    pickup_external_business_id: str | None = None
    pickup_external_store_id: str | None = None
    dropoff_address: str | None = None
    dropoff_business_name: str | None = None
    dropoff_phone_number: str | None = None
    dropoff_instructions: str | None = None
    dropoff_contact_given_name: str | None = None
    dropoff_contact_family_name: str | None = None
    dropoff_contact_send_notifications: bool | None = None
    order_value: int | None = None
    currency: str | None = None
    items: tuple[ItemBody, ...] | None = None
    pickup_time: datetime | None = None
    dropoff_time: datetime | None = None
    pickup_window: TimeWindow | None = None
    dropoff_window: TimeWindow | None = None
    contactless_dropoff: bool | None = None
    action_if_undeliverable: str | None = None
    tip: int | None = None
    order_contains: OrderContains | None = None
    dasher_allowed_vehicles: tuple[str, ...] | None = None
    dropoff_requires_signature: bool | None = None
    promotion_id: str | None = None


@attrs.frozen(kw_only=True)
class ItemEcho:
    """
    One item as an answer repeats it.
    """

    name: str | None = None
    quantity: Int32 | None = None
    description: str | None = None
    external_id: str | None = None
    volume: float | None = None
    weight: float | None = None
    price: Int32 | None = None


@attrs.frozen(kw_only=True)
class Location:
    """
    Where the Dasher is. Not checked: DoorDash's own sample is no place on earth.
    """

    lat: Decimal | None = None
    lng: Decimal | None = None


@attrs.frozen(kw_only=True)
class FeeComponent:
    """
    One part of ``fee``.
    """

    type: str | None = None
    amount: Int32 | None = None


@attrs.frozen(kw_only=True)
class Answer:
    """
    A delivery, or a quote, as every operation but the refund answers it.
    """

    external_delivery_id: str
    delivery_status: str
    locale: str | None = None
    pickup_address: str | None = None
    pickup_business_name: str | None = None
    pickup_phone_number: str | None = None
    pickup_instructions: str | None = None
    pickup_reference_tag: str | None = None
    pickup_external_business_id: str | None = None
    pickup_external_store_id: str | None = None
    dropoff_address: str | None = None
    dropoff_business_name: str | None = None
    dropoff_phone_number: str | None = None
    dropoff_instructions: str | None = None
    dropoff_contact_given_name: str | None = None
    dropoff_contact_family_name: str | None = None
    dropoff_contact_send_notifications: bool | None = None
    order_value: Int32 | None = None
    currency: str | None = None
    items: tuple[ItemEcho, ...] | None = None
    cancellation_reason: str | None = None
    updated_at: datetime | None = None
    pickup_time_estimated: datetime | None = None
    pickup_time_actual: datetime | None = None
    dropoff_time_estimated: datetime | None = None
    dropoff_time_actual: datetime | None = None
    return_time_estimated: datetime | None = None
    return_time_actual: datetime | None = None
    return_address: str | None = None
    fee: Int32 | None = None
    #: Text by 0.2.5, an integer by DoorDash's support page; it identifies nothing to us.
    support_reference: Any = None
    contactless_dropoff: bool | None = None
    action_if_undeliverable: str | None = None
    tip: Int32 | None = None
    order_contains: OrderContains | None = None
    dasher_allowed_vehicles: tuple[str, ...] | None = None
    dropoff_requires_signature: bool | None = None
    promotion_id: str | None = None
    dasher_id: int | None = None
    dasher_name: str | None = None
    dasher_dropoff_phone_number: str | None = None
    dasher_pickup_phone_number: str | None = None
    dasher_location: Location | None = None
    dasher_vehicle_make: str | None = None
    dasher_vehicle_model: str | None = None
    dasher_vehicle_year: str | None = None
    tracking_url: str | None = None
    pickup_verification_image_url: str | None = None
    dropoff_verification_image_url: str | None = None
    dropoff_signature_image_url: str | None = None
    dropoff_time_estimated_lower_bound: datetime | None = None
    dropoff_time_estimated_upper_bound: datetime | None = None
    fee_components: tuple[FeeComponent, ...] | None = None
    tax: Int32 | None = None


@attrs.frozen(kw_only=True)
class RefundBody:
    """
    The body of a refund.
    """

    refund_reason: str


@attrs.frozen(kw_only=True)
class RefundAnswer:
    """
    A refund that was decided. Amounts are in cents, their currency is not told.
    """

    status: str
    code: str | None = None
    message: str | None = None
    refund_reason: str | None = None
    order_value_refund: Int32 | None = None
    tip_refund: Int32 | None = None
    delivery_fee_refund: Int32 | None = None
