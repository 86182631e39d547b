"""
No value shows personal data in its repr or its str.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorstep.models import Money, Raw
from doorstep_contracts.strategies import neutral

pytestmark = pytest.mark.once

#: Text that may be read in a log. A new field of text is personal until it stands here.
PUBLIC = {
    "Address.country",
    "Availability.id",
    "Barcode.values",
    "Business.description",
    "Business.id",
    "Business.name",
    "Business.raw_status",
    "BusinessChanges.description",
    "BusinessChanges.name",
    "Closure.raw_reason",
    "Courier.id",
    "Delivery.raw_status",
    "Delivery.reference",
    "Delivery.support_ref",
    "DeliveryId.account",
    "DeliveryId.provider",
    "DeliveryId.value",
    "DeliveryRequest.reference",
    "DeliveryStop.carrier_stop_id",
    "End.raw_reason",
    "Event.id",
    "Event.name",
    "Item.category",
    "Item.description",
    "Item.external_id",
    "Item.name",
    "Item.size_class",
    "ItemResult.id",
    "ItemResult.raw_outcome",
    "ItemResults.error",
    "ItemResults.store",
    "ItemState.id",
    "Menu.id",
    "Menu.name",
    "Menu.raw_update_status",
    "Menu.subtitle",
    "Money.currency",
    "NewBusiness.description",
    "NewBusiness.id",
    "NewBusiness.name",
    "NewStore.id",
    "NewStore.name",
    "PriceComponent.raw_name",
    "Proof.media_type",
    "Quote.account",
    "Quote.provider",
    "Quote.reference",
    "Quote.service",
    "Rating.reason",
    "RefundDecision.code",
    "RefundDecision.raw_status",
    "Stop.reference",
    "StopChanges.reference",
    "Store.business",
    "Store.id",
    "Store.name",
    "Store.raw_status",
    "StoreChanges.name",
    "StoreRef.business",
    "StoreRef.store",
    "StoreState.store",
}
#: Stands for whatever is personal; of a kind that each personal field accepts.
CANARIES = {"phone": "+19995550177", "pickup_phone": "+19995550177", "email": "kzvq@xjwy.example"}
PIN = "90210777"
WORD = "Kzvqxjwy"
DEGREES = Decimal("12.9876543")
SEEN = (WORD, WORD.lower(), "5550177", "kzvq@", "9876543", PIN)


def marked(value: Any) -> Any:
    """
    Return *value* with a canary in place of everything personal, all the way down.
    """
    if type(value) is tuple:
        return tuple(marked(one) for one in value)
    if isinstance(value, Enum | Money) or not attrs.has(type(value)):
        return value
    owner = type(value).__name__
    changed = {}
    for field in attrs.fields(type(value)):
        old = getattr(value, field.name)
        public = f"{owner}.{field.name}" in PUBLIC
        changed[field.name] = old if public else _mark(owner, field.name, old)
    return attrs.evolve(value, **changed)


def _mark(owner: str, name: str, old: Any) -> Any:
    if type(old) is str:
        return PIN if owner == "Pin" else CANARIES.get(name, WORD)
    if type(old) is bytes:
        return WORD.encode()
    if isinstance(old, Decimal):
        return DEGREES
    if isinstance(old, Raw):
        return Raw({WORD: {"name": WORD}})
    if type(old) is tuple and old and type(old[0]) is str:
        return (WORD,)
    return marked(old)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_f111_repr_shows_nothing_personal(neutral_class, data) -> None:
    """
    Names, phones, addresses, pages, instructions and raw answers are in no repr.
    """
    value = marked(data.draw(neutral(neutral_class)))

    for text in (repr(value), str(value), f"{value}", repr([value])):
        assert [] == [canary for canary in SEEN if canary in text]


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(value=neutral(Raw))
def test_f111_raw_repr_tells_its_size_alone(value) -> None:
    """
    A carrier's answer may hold anything: its repr is a count.
    """
    assert f"<Raw with {len(value)} keys>" == repr(value)
