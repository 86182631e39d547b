"""
Every field that Drive's delivery requests know, and what each may be.

Source:
    Drive API 0.2.5 for the fields, types, patterns and what is required;
    2.0.22 and 2.1.59 for the newer ones, which are checked for their types.

Fields that neither names are let pass and forgotten: both specifications
leave ``additionalProperties`` open, the versions in use send each other's
fields, and no refusal of an unknown field was ever seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from doorstep_doordash.simulator._checks import (
    Check,
    amount,
    flag,
    listed,
    money,
    number,
    one_of,
    phone,
    record,
    text,
    text_or_number,
    time_of,
    whole,
)
from doorstep_doordash.simulator._refused import FieldError

__all__ = [
    "ACCEPT",
    "ACCEPT_FIELDS",
    "CANCEL",
    "CREATE",
    "ECHOED",
    "ID_PATTERN",
    "NOT_UPDATABLE",
    "REFUND",
    "REDELIVER",
    "REFUND_REASONS",
    "SERVICEABILITY",
    "TIMES",
    "UPDATE",
]

ID_PATTERN: Final = r"[a-zA-Z0-9\-._~]+"
_NAME_CHARACTERS: Final = r"[^~`@#$%^&*+=?;\[{\]}]*"
_NAME: Final = text(pattern=_NAME_CHARACTERS, error="contains characters that are not allowed")
_ADDRESS: Final = text(shortest=1)


def _time(value: Any) -> Iterator[FieldError]:
    if time_of(value) is None:
        yield "", "must be a date and time in ISO 8601 with an offset"


_WINDOW: Final = record({"start_time": _time, "end_time": _time})
_PREFERENCE: Final = one_of("required", "preferred", "none")

_ITEM_OPTIONS: Final = record(
    {
        "substitution_preference": one_of("refund", "contact", "substitute"),
        "weight_unit": one_of("oz", "lbs", "kg"),
        "substitute_item_ids": listed(text_or_number),
        "merchant_recommended_substitute_item_ids": listed(text_or_number),
    },
    required=("substitution_preference", "weight_unit"),
)

_ITEM: Final = record(
    {
        "name": text(shortest=1, longest=100),
        "quantity": whole(1, 100),
        "description": text(longest=500),
        "external_id": text(longest=100),
        "external_instance_id": text_or_number,
        "volume": number(0, 999.9995),
        "weight": number(0, 999.9995),
        "length": number(0),
        "width": number(0),
        "height": number(0),
        "price": amount,
        "barcode": text_or_number,
        "special_instructions": text(),
        "item_options": _ITEM_OPTIONS,
    },
    required=("name", "quantity"),
)

_COMPONENTS: Final = record(
    {
        **dict.fromkeys(
            (
                "street_address",
                "sub_premise",
                "city",
                "state",
                "zip_code",
                "province",
                "postal_code",
                "locality",
                "sub_locality",
                "territory",
            ),
            text(),
        ),
        "country": one_of("US", "PR", "CA", "AU", "NZ"),
    }
)
_FOUR_DIGITS: Final = text(pattern=r"[0-9]{4}", error="must have four digits")
_PIN: Final = record(
    {
        "pin_code_type": one_of(
            "random_number", "customer_phone_number", "merchant_provided_number"
        ),
        "pin_code_value": _FOUR_DIGITS,
    }
)
#: Goods that come back do so without the recipient: no digits of a phone.
_RETURN_PIN: Final = record(
    {
        "pin_code_type": one_of("random_number", "merchant_provided_number"),
        "pin_code_value": _FOUR_DIGITS,
    }
)

_PICKUP: Final[dict[str, Check]] = {
    "pickup_address": _ADDRESS,
    "pickup_address_components": _COMPONENTS,
    "pickup_business_name": text(),
    "pickup_phone_number": phone,
    "pickup_instructions": text(),
    "pickup_reference_tag": text(),
    "pickup_external_business_id": text(pattern=r"[A-Za-z0-9_-]{3,64}"),
    # 0.2.5 gives the same pattern; 2.1.59 lifts it and shows "09" and "#00012".
    "pickup_external_store_id": text(shortest=1),
    "pickup_verification_metadata": record({}),
}
_DROPOFF: Final[dict[str, Check]] = {
    "dropoff_address": _ADDRESS,
    "dropoff_address_components": _COMPONENTS,
    "dropoff_business_name": text(),
    # Not checked for being on Earth: DoorDash's own sample has a latitude of 123.
    "dropoff_location": record({"lat": number(), "lng": number()}, ("lat", "lng")),
    "dropoff_phone_number": phone,
    "dropoff_email_address": text(),
    "dropoff_instructions": text(),
    "dropoff_contact_given_name": _NAME,
    "dropoff_contact_family_name": _NAME,
    "dropoff_contact_send_notifications": flag,
    "dropoff_requires_signature": flag,
    "dropoff_cash_on_delivery": money,
    "dropoff_options": record(
        {
            "signature": _PREFERENCE,
            "id_verification": _PREFERENCE,
            "proof_of_delivery": one_of("photo_required", "photo_preferred", "pin_code", "none"),
            "catering_setup": one_of("required", "none"),
        }
    ),
    "dropoff_pin_code_verification_metadata": _PIN,
    "return_pin_code_verification_metadata": _RETURN_PIN,
}
_ORDER: Final[dict[str, Check]] = {
    "locale": text(
        pattern=r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", error="must be an IETF BCP 47 language tag"
    ),
    "order_value": money,
    "currency": one_of("USD", "CAD", "AUD"),
    "items": listed(_ITEM),
    "contactless_dropoff": flag,
    "action_if_undeliverable": one_of("return_to_pickup", "dispose"),
    "tip": money,
    "order_contains": record(
        dict.fromkeys(
            (
                "alcohol",
                "pharmacy_items",
                "age_restricted_pharmacy_items",
                "tobacco",
                "hemp",
                "otc",
            ),
            flag,
        )
    ),
    "dasher_allowed_vehicles": listed(one_of("car", "bicycle", "walking")),
    "promotion_id": text(),
    "order_fulfillment_method": one_of(
        "standard",
        "catering",
        "shop_stage",
        "shop_deliver",
        "parcel",
        "large_order",
        "shop_handoff",
    ),
    "order_route_type": one_of("roundtrip"),
    "order_route_items": listed(one_of("check", "cash", "pizza_bag")),
}
TIMES: Final[dict[str, Check]] = {
    "pickup_time": _time,
    "dropoff_time": _time,
    "pickup_window": _WINDOW,
    "dropoff_window": _WINDOW,
}
_ID: Final[dict[str, Check]] = {
    "external_delivery_id": text(
        pattern=ID_PATTERN, error="must have only letters, digits, '-', '.', '_' and '~'"
    )
}

#: What an answer repeats of the request: all but the times that were asked for.
ECHOED: Final = (*_ID, *_PICKUP, *_DROPOFF, *_ORDER)

#: Quote and create. 2.1.59 no longer requires the phone for a quote; 0.2.5 does.
CREATE: Final = record(
    {**_ID, **_PICKUP, **_DROPOFF, **_ORDER, **TIMES},
    required=("external_delivery_id", "dropoff_address", "dropoff_phone_number"),
)

#: Redelivery: what is absent is that of the old delivery.
REDELIVER: Final = record(
    {**_ID, **_PICKUP, **_DROPOFF, **_ORDER, **TIMES}, required=("external_delivery_id",)
)

#: Serviceability: of the fields of a quote only the addresses are required.
SERVICEABILITY: Final = record(
    {**_ID, **_PICKUP, **_DROPOFF, **_ORDER, **TIMES},
    required=("pickup_address", "dropoff_address"),
)

#: Accept: ``tip`` in 0.2.5, the phone since 2.0.11, the others in 2.1.59.
ACCEPT_FIELDS: Final = (
    "tip",
    "dropoff_phone_number",
    "order_value",
    "pickup_phone_number",
    "pickup_instructions",
    "pickup_reference_tag",
    "dropoff_contact_given_name",
    "dropoff_contact_family_name",
    "dropoff_instructions",
    "contactless_dropoff",
    "action_if_undeliverable",
    "items",
)
_ALL: Final[Mapping[str, Check]] = {**_PICKUP, **_DROPOFF, **_ORDER, **TIMES}
ACCEPT: Final = record({name: _ALL[name] for name in ACCEPT_FIELDS})

#: Update. What cannot be updated is checked and then ignored, because DoorDash's
#: own sample of an update holds such a field.
UPDATE: Final = record({**_ALL, "order_ready_time": _time})
NOT_UPDATABLE: Final = frozenset(
    {
        "external_delivery_id",
        "dropoff_contact_send_notifications",
        "dropoff_options",
        "locale",
        "order_fulfillment_method",
    }
)

#: Cancel, whose body is optional.
CANCEL: Final = record({"reason_code": one_of("cold_chain"), "should_create_return_delivery": flag})

#: What a refund may be asked for.
REFUND_REASONS: Final = (
    "cancelled_order",
    "never_delivered",
    "delivered_late",
    "delivered_early",
    "poor_delivery_experience",
    "entire_order_wrong",
    "missing_main",
    "missing_side",
    "incorrect_items",
)
REFUND: Final = record({"refund_reason": one_of(*REFUND_REASONS)}, required=("refund_reason",))
