"""
Drive's JSON in Drive's own names.

An answer must name the delivery and its status; every other field may be absent,
null or empty, as recorded answers are. Fields that no class knows stay in ``raw``.

Source:
    Drive API 0.2.5, every field of its requests and answers. Drive API 2.1.59
    for ``order_fulfillment_method``, the address components, ``dropoff_options``,
    the PIN codes, what ``order_contains`` beside alcohol, the sizes and the barcode
    of an item; in answers also ``tracking_url``, the image URLs, the bounds of the
    dropoff time, ``fee_components``, ``tax`` and ``tax_components``. Refunds 0.0.3.

No class of a person's data shows it: what is printed of a body is its kind.
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
    "CALLERS_PIN",
    "CURRENCIES",
    "DELIVERIES",
    "DELIVERY",
    "QUOTES",
    "AddressComponents",
    "Answer",
    "Body",
    "DropoffOptions",
    "FeeComponent",
    "ItemBody",
    "ItemEcho",
    "Location",
    "OrderContains",
    "PinCode",
    "PinEcho",
    "RefundAnswer",
    "RefundBody",
    "TimeWindow",
]

BUSINESS_ID: Final = re.compile(r"[A-Za-z0-9_-]{3,64}")
CURRENCIES: Final = frozenset({"USD", "CAD", "AUD"})

#: The ``pin_code_type`` of a PIN that the caller makes.
CALLERS_PIN: Final = "merchant_provided_number"

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
    What is restricted about the goods: ``alcohol`` in 0.2.5, all six in 2.1.59.
    """

    alcohol: bool | None = None
    pharmacy_items: bool | None = None
    age_restricted_pharmacy_items: bool | None = None
    tobacco: bool | None = None
    hemp: bool | None = None
    otc: bool | None = None


@attrs.frozen(kw_only=True, repr=False)
class AddressComponents:
    """
    An address in parts, beside the one line. Each country has its own names.

    *city*, *state* and *zip_code* in the USA and Puerto Rico; *city*, *province* and
    *postal_code* in Canada; *locality*, *territory* and *postal_code* in Australia;
    *locality* and *postal_code* in New Zealand.

    Source:
        Drive API 2.1.59, ``PickupAddressComponents`` and ``DropoffAddressComponents``.
    """

    street_address: str
    sub_premise: str | None = None
    city: str | None = None
    locality: str | None = None
    state: str | None = None
    province: str | None = None
    territory: str | None = None
    zip_code: str | None = None
    postal_code: str | None = None
    country: str


@attrs.frozen(kw_only=True)
class DropoffOptions:
    """
    What is done at the door. It cannot be updated.

    Source:
        Drive API 2.1.59, ``DropoffOptions``: *signature* and *id_verification* are
        ``required``, ``preferred`` or ``none``; *proof_of_delivery* is
        ``photo_required``, ``photo_preferred`` (deprecated), ``pin_code`` or ``none``;
        *catering_setup* is ``required`` or ``none``.
    """

    signature: str | None = None
    id_verification: str | None = None
    proof_of_delivery: str | None = None
    catering_setup: str | None = None


@attrs.frozen(kw_only=True, repr=False)
class PinCode:
    """
    The PIN of the dropoff, or of the return.

    Source:
        Drive API 2.1.59: *pin_code_type* is ``random_number``,
        ``customer_phone_number`` (its last four digits; not for a return) or
        ``merchant_provided_number``, which alone is sent with a *pin_code_value*
        of four digits.
    """

    pin_code_type: str
    pin_code_value: str | None = None


@attrs.frozen(kw_only=True)
class ItemBody:
    """
    One item of a request. *price* is of one piece, in cents.

    *weight* is in pounds and *volume* in cubic feet by 2.1.59; 0.2.5 names no unit.
    *length*, *width* and *height* are in inches; 0.2.5 has neither them nor *barcode*.
    """

    name: str
    quantity: int
    description: str | None = None
    external_id: str | None = None
    volume: float | None = None
    weight: float | None = None
    length: float | None = None
    width: float | None = None
    height: float | None = None
    price: int | None = None
    barcode: str | None = None


@attrs.frozen(kw_only=True, repr=False)
class Body:
    """
    The body of quote and create; in parts, of accept and update.
    """

    external_delivery_id: str | None = None
    locale: str | None = None
    order_fulfillment_method: str | None = None
    pickup_address: str | None = None
    pickup_address_components: AddressComponents | None = None
    pickup_business_name: str | None = None
    pickup_phone_number: str | None = None
    pickup_instructions: str | None = None
    pickup_reference_tag: str | None = None
    pickup_external_business_id: str | None = None
    pickup_external_store_id: str | None = None
    dropoff_address: str | None = None
    dropoff_address_components: AddressComponents | None = None
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
    dropoff_options: DropoffOptions | None = None
    dropoff_pin_code_verification_metadata: PinCode | None = None
    return_pin_code_verification_metadata: PinCode | None = None
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
    length: float | None = None
    width: float | None = None
    height: float | None = None
    price: Int32 | None = None
    #: Text, which the samples of 2.1.59 write as a number.
    barcode: Any = None


@attrs.frozen(kw_only=True, repr=False)
class Location:
    """
    Where the Dasher is. Not checked: DoorDash's own sample is no place on earth.
    """

    lat: Decimal | None = None
    lng: Decimal | None = None


@attrs.frozen(kw_only=True, repr=False)
class PinEcho:
    """
    A PIN as an answer repeats it, or tells it. The value is text of four digits.
    """

    pin_code_type: str | None = None
    pin_code_value: Any = None


@attrs.frozen(kw_only=True)
class FeeComponent:
    """
    One part of ``fee``, or of ``tax``.
    """

    type: str | None = None
    amount: Int32 | None = None


@attrs.frozen(kw_only=True, repr=False)
class Answer:
    """
    A delivery, or a quote, as every operation but the refund answers it.
    """

    external_delivery_id: str
    delivery_status: str
    locale: str | None = None
    order_fulfillment_method: str | None = None
    pickup_address: str | None = None
    #: Of both components: seen with empty text and with a country's full name.
    pickup_address_components: Any = None
    pickup_business_name: str | None = None
    pickup_phone_number: str | None = None
    pickup_instructions: str | None = None
    pickup_reference_tag: str | None = None
    pickup_external_business_id: str | None = None
    pickup_external_store_id: str | None = None
    dropoff_address: str | None = None
    dropoff_address_components: Any = None
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
    dropoff_options: DropoffOptions | None = None
    dropoff_pin_code_verification_metadata: PinEcho | None = None
    return_pin_code_verification_metadata: PinEcho | None = None
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
    tax_components: tuple[FeeComponent, ...] | None = None


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
