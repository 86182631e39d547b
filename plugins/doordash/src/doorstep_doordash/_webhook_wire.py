"""
Webhooks in DoorDash's own names.

News must not be lost because of one odd field: what is of another type than it
should be is None here, and stays in ``raw``. Fields that no class knows stay there too.

Source:
    DoorDash, "Webhook fields" (Spanish), read 2026-11-21, for all but these. A
    sample of the newer documents has ``dasher_id``, ``dasher_dropoff_phone_number``
    and ``dasher_location``; "Webhooks" has ``reason``; "Refund webhooks" was read in
    part, and where it names the delivery is assumed. That the other fields of an
    answer may come as well is assumed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import attrs

from doorstep.codec import Int32, new_converter
from doorstep_doordash._stops import text_of
from doorstep_doordash._wire import Location

__all__ = ["AmountDetails", "Message", "OrderDetails", "RefundData"]

_STRICT: Final = new_converter(detailed=False)


def _if(kind: Any, value: Any) -> Any:
    """
    Return *value* if it is of *kind*, else None.
    """
    if value is None:
        return None
    try:
        return _STRICT.structure(value, kind)
    except Exception:  # noqa: BLE001  whatever a hook raises
        return None


def _text(value: Any) -> Any:
    return value if type(value) is str and "\0" not in value else None


def _text_or_number(value: Any) -> Any:
    return _text(text_of(value))


def _number(value: Any) -> Any:
    return _if(int, value)


def _cents(value: Any) -> Any:
    return _if(Int32, value)


def _amount(value: Any) -> Any:
    return value if type(value) is int else _text(value)


def _time(value: Any) -> Any:
    return _if(datetime, value)


def _place(value: Any) -> Any:
    return _if(Location, value)


def _parts(value: Any) -> Any:
    return _if(AmountDetails, value)


def _order(value: Any) -> Any:
    return _if(OrderDetails, value)


def _refund(value: Any) -> Any:
    return _if(RefundData, value)


@attrs.frozen(kw_only=True, repr=False)
class AmountDetails:
    """
    What of a refund belongs to what. Text or whole numbers: that was not seen.
    """

    order_value: Any = attrs.field(default=None, converter=_amount)
    tip: Any = attrs.field(default=None, converter=_amount)
    delivery_charge: Any = attrs.field(default=None, converter=_amount)


@attrs.frozen(kw_only=True, repr=False)
class OrderDetails:
    """
    What the refund is for.
    """

    external_delivery_id: Any = attrs.field(default=None, converter=_text)


@attrs.frozen(kw_only=True, repr=False)
class RefundData:
    """
    ``event_data`` of the refund webhook.
    """

    external_delivery_id: Any = attrs.field(default=None, converter=_text)
    reason: Any = attrs.field(default=None, converter=_text)
    reason_comments: Any = attrs.field(default=None, converter=_text)
    amount: Any = attrs.field(default=None, converter=_amount)
    currency_code: Any = attrs.field(default=None, converter=_text)
    amount_details: Any = attrs.field(default=None, converter=_parts)
    order_details: Any = attrs.field(default=None, converter=_order)


@attrs.frozen(kw_only=True, repr=False)
class Message:
    """
    The body of a webhook, of either generation. Empty fields are left out of it.
    """

    event_name: Any = attrs.field(default=None, converter=_text)
    #: When the webhook was created, not the delivery.
    created_at: Any = attrs.field(default=None, converter=_time)
    external_delivery_id: Any = attrs.field(default=None, converter=_text)
    #: Two names for one thing, by two pages.
    cancellation_reason: Any = attrs.field(default=None, converter=_text)
    reason: Any = attrs.field(default=None, converter=_text)
    currency: Any = attrs.field(default=None, converter=_text)
    fee: Any = attrs.field(default=None, converter=_cents)
    tip: Any = attrs.field(default=None, converter=_cents)
    support_reference: Any = attrs.field(default=None, converter=_text_or_number)
    tracking_url: Any = attrs.field(default=None, converter=_text)
    pickup_address: Any = attrs.field(default=None, converter=_text)
    pickup_time_estimated: Any = attrs.field(default=None, converter=_time)
    pickup_time_actual: Any = attrs.field(default=None, converter=_time)
    pickup_verification_image_url: Any = attrs.field(default=None, converter=_text)
    dropoff_address: Any = attrs.field(default=None, converter=_text)
    dropoff_time_estimated: Any = attrs.field(default=None, converter=_time)
    dropoff_time_actual: Any = attrs.field(default=None, converter=_time)
    dropoff_verification_image_url: Any = attrs.field(default=None, converter=_text)
    dropoff_signature_image_url: Any = attrs.field(default=None, converter=_text)
    return_address: Any = attrs.field(default=None, converter=_text)
    return_time_estimated: Any = attrs.field(default=None, converter=_time)
    return_time_actual: Any = attrs.field(default=None, converter=_time)
    dasher_id: Any = attrs.field(default=None, converter=_number)
    dasher_name: Any = attrs.field(default=None, converter=_text)
    #: The older name of ``dasher_dropoff_phone_number``.
    dasher_phone_number: Any = attrs.field(default=None, converter=_text)
    dasher_dropoff_phone_number: Any = attrs.field(default=None, converter=_text)
    dasher_pickup_phone_number: Any = attrs.field(default=None, converter=_text)
    dasher_location: Any = attrs.field(default=None, converter=_place)
    dasher_vehicle_make: Any = attrs.field(default=None, converter=_text)
    dasher_vehicle_model: Any = attrs.field(default=None, converter=_text)
    dasher_vehicle_year: Any = attrs.field(default=None, converter=_text)
    #: Only of the refund webhook.
    event_data: Any = attrs.field(default=None, converter=_refund)
