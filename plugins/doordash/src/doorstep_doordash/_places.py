"""
From a neutral stop to Drive's fields of the pickup and of the dropoff.

Source:
    Drive API 0.2.5; 2.1.59 for the address components.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from doorstep.models import Address, Contact, Stop, StopChanges
from doorstep_doordash._extension import DoorDashExtension
from doorstep_doordash._parts import Part
from doorstep_doordash._phones import existing_phone
from doorstep_doordash._wire import BUSINESS_ID, AddressComponents

__all__ = ["dropoff", "one_line", "pickup"]

_NOT_IN_NAMES = re.compile(r"[~`@#$%^&*+=?;\[{\]}]")
#: What town, region and postal code are called, by country. New Zealand has no region.
_COMPONENTS: Final = {
    "US": ("city", "state", "zip_code"),
    "PR": ("city", "state", "zip_code"),
    "CA": ("city", "province", "postal_code"),
    "AU": ("locality", "territory", "postal_code"),
    "NZ": ("locality", None, "postal_code"),
}


def pickup(
    stop: Stop | StopChanges, business_id: str | None, extension: DoorDashExtension
) -> Iterator[Part]:
    """
    Yield what a body says of the pickup.
    """
    yield from _place("pickup", stop, extension)
    yield Part("pickup_reference_tag", stop.reference)
    ref = stop.address.store_ref if stop.address else None
    if ref is not None:
        business = ref.business or business_id
        problem = None
        if business is None:
            problem = "needs the business that the store belongs to, here or in the settings"
        elif not BUSINESS_ID.fullmatch(business):
            problem = "must have a business of 3 to 64 letters, digits, _ or -"
        path = "pickup.address.store_ref"
        yield Part("pickup_external_business_id", business, path, problem)
        yield Part("pickup_external_store_id", ref.store)


def dropoff(stop: Stop | StopChanges, extension: DoorDashExtension) -> Iterator[Part]:
    """
    Yield what a body says of the dropoff, but for what is done at the door.
    """
    yield from _place("dropoff", stop, extension)
    contact = stop.contact or Contact()
    for name in ("given", "family"):
        value = getattr(contact, name)
        problem = "has one of ~`@#$%^&*+=?;[{]}" if _NOT_IN_NAMES.search(value or "") else None
        yield Part(f"dropoff_contact_{name}_name", value, f"dropoff.contact.{name}", problem)
    yield Part("dropoff_contact_send_notifications", contact.notify)
    yield Part("contactless_dropoff", stop.contactless)


def _place(side: str, stop: Stop | StopChanges, extension: DoorDashExtension) -> Iterator[Part]:
    contact = stop.contact or Contact()
    path = f"{side}.contact.phone"
    phone = existing_phone(contact.phone) if contact.phone else None
    bad = contact.phone is not None and phone is None
    problem = "must be a phone number that exists, with its country code" if bad else None
    yield Part(f"{side}_phone_number", phone, path, problem)
    yield Part(f"{side}_business_name", contact.business)
    if stop.address is not None:
        line = one_line(stop.address)
        lacks = line is None and (side == "dropoff" or stop.address.store_ref is None)
        problem = "needs one_line, or lines with locality" if lacks else None
        yield Part(f"{side}_address", line, f"{side}.address", problem)
        if extension.send_address_components:
            yield Part(f"{side}_address_components", _components(stop.address))
    notes = stop.address.access_notes if stop.address else None
    told = "\n".join(text for text in (notes, stop.instructions) if text)
    yield Part(f"{side}_instructions", told or None)


def one_line(address: Address) -> str | None:
    """
    Join an address in the order of the countries that DoorDash serves.
    """
    if address.one_line:
        return _with_unit(address.one_line, address.unit)
    if not (address.lines and address.locality):
        return None
    region = " ".join(one for one in (address.region, address.postal_code) if one)
    parts = (*address.lines, address.unit, address.locality, region, address.country)
    return ", ".join(one for one in parts if one)


def _with_unit(line: str, unit: str | None) -> str:
    """
    Return *line* with the unit, unless it names it: without it the door is lost.

    A bare number proves nothing, it may be the house's.
    """
    if unit is None:
        return line
    named = re.search(rf"(?<!\w){re.escape(unit)}(?!\w)", line, re.IGNORECASE)
    return line if named and not unit.isdecimal() else f"{line}, {unit}"


def _components(address: Address) -> AddressComponents | None:
    """
    Return an address in its country's parts; None if it is not in parts, or if
    DoorDash has no form for the country. The one line goes out in any case.

    Source:
        Drive API 2.1.59: several lines are joined by commas, the unit is
        ``sub_premise``, and another country is a validation error.
    """
    names = _COMPONENTS.get(address.country or "")
    if names is None or not (address.lines and address.locality):
        return None
    values = (address.locality, address.region, address.postal_code)
    return AddressComponents(
        street_address=", ".join(address.lines),
        sub_premise=address.unit,
        country=address.country or "",
        **{name: value for name, value in zip(names, values, strict=True) if name},
    )
