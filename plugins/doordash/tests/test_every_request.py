"""
Every request that the neutral model allows becomes a good body with nothing lost.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.codec import encode
from doorstep.models import (
    Address,
    Asap,
    Contact,
    DeliveryRequest,
    Dimensions,
    DropoffAt,
    IdCheck,
    Item,
    Money,
    Photo,
    PickupAt,
    Pin,
    PinSource,
    Signature,
    Stop,
    StoreRef,
    Undeliverable,
    Window,
    Windows,
)
from doorstep.requirements import check_request, used_paths
from doorstep_doordash import DoorDashExtension, Vehicle
from doorstep_doordash._requests import to_body
from doorstep_doordash._wire import Body

pytestmark = pytest.mark.once

# Words that are found again in JSON as they are.
words = st.from_regex(r"\A[A-Za-z][A-Za-z0-9 .,'-]{0,19}[a-z]\Z")
maybe = words | st.none()
cents = st.integers(0, 9_999_999)
phones = st.sampled_from(["+16505555555", "+14155550100", "+61491570156", "+14165550123"])
times = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001  made aware below
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001  as above
    timezones=st.just(UTC),
)
windows = st.tuples(times, times).filter(lambda pair: pair[0] < pair[1]).map(lambda w: Window(*w))
schedules = st.one_of(
    st.just(Asap()),
    times.map(PickupAt),
    times.map(DropoffAt),
    windows.map(lambda window: Windows(pickup=window, dropoff=window)),
)
addresses = st.one_of(
    st.builds(Address, one_line=words, access_notes=maybe),
    st.builds(
        Address,
        lines=st.lists(words, min_size=1, max_size=3),
        unit=maybe,
        locality=words,
        region=maybe,
        postal_code=maybe,
        country=st.sampled_from(["US", "CA", "AU", None]),
        access_notes=maybe,
    ),
)
ids = st.from_regex(r"\A[A-Za-z0-9_-]{3,20}\Z")
stores = st.builds(Address, store_ref=st.builds(StoreRef, store=ids, business=ids))
flags = st.none() | st.booleans()
mm = st.integers(0, 100_000)
pins = st.sampled_from(
    [Pin(), Pin(source=PinSource.PHONE), Pin(source=PinSource.CALLER, value="0412")]
)
checks = st.tuples(
    st.sampled_from([(), (Signature(),), (Signature(required=False),)]),
    st.sampled_from([(), (IdCheck(),)]),
    st.just(()) | st.tuples(pins) | st.just((Photo(),)),
).map(lambda parts: sum(parts, ()))


@st.composite
def requests(draw):
    """
    Requests of one currency that DoorDash can do.
    """
    currency = draw(st.sampled_from(["USD", "CAD", "AUD"]))
    money = st.none() | cents.map(lambda minor: Money(minor, currency))
    items = st.builds(
        Item,
        name=words,
        quantity=st.integers(1, 100),
        description=maybe,
        external_id=maybe,
        unit_price=money,
        weight_g=st.none() | st.integers(0, 453_592),
        dimensions=st.none() | st.builds(Dimensions, length_mm=mm, width_mm=mm, height_mm=mm),
    )
    held = draw(st.lists(items, max_size=3))
    volumes = st.none() | st.decimals(0, 999, places=3)
    wished = draw(checks)
    dropoff = Stop(
        address=draw(addresses),
        contact=draw(
            st.builds(
                Contact, given=maybe, family=maybe, business=maybe, phone=phones, notify=flags
            )
        ),
        instructions=draw(maybe),
        # Nobody can be told a PIN who is not met.
        contactless=None if any(isinstance(one, Pin) for one in wished) else draw(flags),
        items=held,
        verification=wished,
    )
    contact = st.builds(Contact, business=maybe, phone=st.none() | phones)
    return DeliveryRequest(
        reference=draw(st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._~-]{0,20}\Z")),
        revision=draw(st.integers(1, 999)),
        pickup=Stop(
            address=draw(addresses | stores),
            contact=draw(contact),
            instructions=draw(maybe),
            reference=draw(maybe),
        ),
        dropoffs=dropoff,
        schedule=draw(schedules),
        order_value=draw(money),
        tip=draw(money),
        if_undeliverable=draw(st.sampled_from([None, Undeliverable.RETURN, Undeliverable.DISPOSE])),
        extensions=[
            draw(
                st.builds(
                    DoorDashExtension,
                    locale=st.sampled_from([None, "en-US", "fr-CA"]),
                    dasher_allowed_vehicles=st.lists(st.sampled_from(Vehicle), unique=True),
                    promotion_id=st.none() | ids,
                    contains_alcohol=flags,
                    contains_age_restricted_pharmacy_items=flags,
                    contains_tobacco=flags,
                    large_order=flags,
                    catering_setup=flags,
                    return_pin=st.none() | pins.filter(lambda pin: pin.source != "phone"),
                    send_address_components=st.booleans(),
                    item_volumes=st.lists(volumes, max_size=len(held)),
                    send_currency=st.booleans(),
                )
            )
        ],
    )


#: Where each path of a request is to be found in the body.
HOMES = {
    "pickup.reference": "pickup_reference_tag",
    "pickup.contact.business": "pickup_business_name",
    "pickup.contact.phone": "pickup_phone_number",
    "dropoff.contact.given": "dropoff_contact_given_name",
    "dropoff.contact.family": "dropoff_contact_family_name",
    "dropoff.contact.business": "dropoff_business_name",
    "dropoff.contact.phone": "dropoff_phone_number",
    "dropoff.contact.notify": "dropoff_contact_send_notifications",
    "dropoff.contactless": "contactless_dropoff",
    "dropoff.verification.id_check": "dropoff_options",
    "dropoff.verification.photo": "dropoff_options",
    "dropoff.verification.pin": "dropoff_pin_code_verification_metadata",
    "dropoff.verification.signature.required": "dropoff_options",
    "schedule.pickup_at": "pickup_time",
    "schedule.dropoff_at": "dropoff_time",
    "schedule.windows": "pickup_window",
    "if_undeliverable.return": "action_if_undeliverable",
    "if_undeliverable.dispose": "action_if_undeliverable",
    "pickup.address.store_ref": "pickup_external_store_id",
    "order_value": "order_value",
    "tip": "tip",
}


@given(request_=requests())
def test_request_is_whole_in_a_valid_body(provider, request_):
    """
    Everything used is taken by the capabilities and found in the body, and the
    body has only what Drive knows, in Drive's types.
    """
    check_request(request_, provider.capabilities)
    body = json.loads(encode(to_body(request_, None)))

    assert {HOMES[path] for path in used_paths(request_) if path in HOMES} <= set(body)
    assert _texts(request_) <= _joined(body)
    _valid(body)


def _texts(request):
    """
    Every text that a person wrote, which must travel as it is.
    """
    found = set()
    for stop in (request.pickup, request.dropoff):
        address = stop.address
        found |= {address.one_line, *address.lines, address.unit, address.locality}
        found |= {address.region, address.postal_code, address.country, address.access_notes}
        found |= {stop.instructions, stop.reference, stop.contact.given, stop.contact.family}
        found |= {stop.contact.business}
    for item in request.dropoff.items:
        found |= {item.name, item.description, item.external_id}
    return Whole(found - {None})


class Whole(set):
    """
    Texts, all of which must stand in another text.
    """

    def __le__(self, other):
        return all(text in other for text in self)


def _joined(body):
    return "\n".join(
        text
        for value in (
            *body.values(),
            *(one for item in body.get("items", ()) for one in item.values()),
        )
        if isinstance(text := value, str)
    )


def _valid(body):
    assert set(body) <= {field.name for field in attrs.fields(Body)}
    assert re.fullmatch(r"[a-zA-Z0-9\-._~]+", body["external_delivery_id"])
    assert {"dropoff_address", "dropoff_phone_number"} <= set(body)
    assert ("pickup_address" in body) or ("pickup_external_store_id" in body)
    for name in ("order_value", "tip"):
        assert type(body.get(name, 0)) is int
    for name in ("pickup_phone_number", "dropoff_phone_number"):
        assert re.fullmatch(r"\+[1-9]\d{7,14}", body.get(name, "+16505555555"))
    for item in body.get("items", ()):
        assert type(item.get("price", 0)) is int
        for name in ("length", "width", "height"):
            assert 0 <= item.get(name, 0) < 4_000
        for name in ("weight", "volume"):
            assert 0 <= Decimal(repr(item.get(name, 0))) <= Decimal("999.9995")
    assert not {"pickup_time", "dropoff_time"} <= set(body)
