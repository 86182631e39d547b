"""
Reading a request's body, and the rules between its fields.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from doorstep_doordash.simulator._checks import Check, time_of
from doorstep_doordash.simulator._fields import ID_PATTERN
from doorstep_doordash.simulator._magic import check_business, check_items
from doorstep_doordash.simulator._refused import FieldError, validation

__all__ = ["check_fields", "check_id", "check_together", "read_json", "read_object", "windows"]

# A request takes a while; a pickup "now" must not be refused for it.
_GRACE: Final = timedelta(seconds=60)
_DROPOFF_PIN: Final = "dropoff_pin_code_verification_metadata"
_RETURN_PIN: Final = "return_pin_code_verification_metadata"


def read_json(data: bytes) -> Any:
    """
    Return the value that *data* holds.

    Raises:
        RefusedError:
            400, about the field ``body``.
    """
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise validation([("body", "must be valid JSON")]) from None


def read_object(data: bytes, *, optional: bool = False) -> dict[str, Any]:
    """
    Return the JSON object that *data* holds.

    Args:
        data:
            The request's body.

        optional:
            Whether no body stands for an empty object.

    Raises:
        RefusedError:
            400, about the field ``body``.
    """
    if optional and not data.strip():
        return {}
    found = read_json(data)
    if not isinstance(found, dict):
        raise validation([("body", "must be a JSON object")])
    return found


def check_id(delivery: str) -> None:
    """
    Check the id in a path.

    Raises:
        RefusedError:
            400, when it could never have been used.
    """
    if re.fullmatch(ID_PATTERN, delivery) is None:
        raise validation([("external_delivery_id", "is not an external delivery ID")])


def check_fields(body: dict[str, Any], check: Check) -> None:
    """
    Check each field by itself.

    Raises:
        RefusedError:
            400, with every field that is wrong.
    """
    errors = [(path.lstrip("."), error) for path, error in check(body)]
    if errors:
        raise validation(errors)


def check_together(body: Mapping[str, Any], now: datetime) -> None:
    """
    Check what the fields of a delivery say together.

    Args:
        body:
            The delivery's fields, each good by itself.

        now:
            The simulator's time: what is asked for may not lie before it.

    Raises:
        RefusedError:
            400 with every contradiction, or 403 for somebody else's business.
    """
    errors = [*_pickup(body), *_handover(body), *_times(body, now), *check_items(body)]
    if errors:
        raise validation(errors)
    check_business(body)


def windows(body: Mapping[str, Any]) -> tuple[datetime, datetime, datetime, datetime] | None:
    """
    Return both windows, start and end of each, when all four values are there.
    """
    values = [
        time_of((body.get(window) or {}).get(edge))
        for window in ("pickup_window", "dropoff_window")
        for edge in ("start_time", "end_time")
    ]
    first, second, third, fourth = values
    if first is None or second is None or third is None or fourth is None:
        return None
    return first, second, third, fourth


def _refuse_constant(name: str) -> None:
    msg = f"{name} is not JSON"
    raise ValueError(msg)


def _pickup(body: Mapping[str, Any]) -> Iterator[FieldError]:
    business, store = "pickup_external_business_id", "pickup_external_store_id"
    if (business in body) != (store in body):
        missing = store if business in body else business
        yield missing, f"missing {missing}"
    if business not in body and store not in body:
        for name in ("pickup_address", "pickup_phone_number"):
            if name not in body:
                yield name, f"missing {name}"


def _handover(body: Mapping[str, Any]) -> Iterator[FieldError]:
    returns = body.get("action_if_undeliverable") == "return_to_pickup"
    if returns and body.get("contactless_dropoff"):
        yield "action_if_undeliverable", "return_to_pickup cannot be combined with contactless"
    verification = body.get("dropoff_options", {}).get("id_verification")
    for kind in ("alcohol", "age_restricted_pharmacy_items"):
        if body.get("order_contains", {}).get(kind) and verification not in {None, "required"}:
            yield "dropoff_options", f"id_verification must be required for {kind}"
    yield from _pins(body)
    for item in body.get("items", ()):
        options = item.get("item_options", {})
        if options.get("substitute_item_ids") and options.get(
            "merchant_recommended_substitute_item_ids"
        ):
            yield "items", "only one list of substitute item ids may be given"


def _pins(body: Mapping[str, Any]) -> Iterator[FieldError]:
    """
    Check the PIN codes, as 2.1.59 describes them.
    """
    wanted = body.get("dropoff_options", {}).get("proof_of_delivery") == "pin_code"
    if wanted and body.get("contactless_dropoff"):
        yield "dropoff_options", "pin_code cannot be combined with contactless"
    if body.get(_DROPOFF_PIN) and not wanted:
        yield _DROPOFF_PIN, "must be left out unless proof_of_delivery is pin_code"
    for field in (_DROPOFF_PIN, _RETURN_PIN):
        pin = body.get(field, {})
        provided = pin.get("pin_code_type") == "merchant_provided_number"
        if provided != ("pin_code_value" in pin):
            yield field, "pin_code_value goes with merchant_provided_number alone"


def _times(body: Mapping[str, Any], now: datetime) -> Iterator[FieldError]:
    both = windows(body)
    if both is None:
        if "pickup_time" in body and "dropoff_time" in body:
            yield "dropoff_time", "only one of pickup_time and dropoff_time may be given"
        moments = [(name, time_of(body.get(name))) for name in ("pickup_time", "dropoff_time")]
    else:
        for name, start, end in zip(
            ("pickup_window", "dropoff_window"), both[::2], both[1::2], strict=True
        ):
            if end <= start:
                yield name, "end_time must be after start_time"
        moments = [("pickup_window", both[1]), ("dropoff_window", both[3])]
    for name, moment in moments:
        if moment is not None and moment < now - _GRACE:
            yield name, "must not be in the past"
