"""
From DoorDash's businesses and stores to ours.

Source:
    Drive API 0.2.5 for the statuses.
"""

from __future__ import annotations

import re
from typing import Any, Final

from doorstep.models import Business, BusinessStatus, Raw, Store, StoreStatus
from doorstep_doordash._onboarding_wire import BusinessAnswer, StoreAnswer

__all__ = ["BUSINESS_STATUSES", "STORE_STATUSES", "to_business", "to_store"]

#: DoorDash's ``activation_status`` to ours.
BUSINESS_STATUSES: Final = {
    "initiated": BusinessStatus.INITIATED,
    "pending_external_activation": BusinessStatus.PENDING_EXTERNAL_ACTIVATION,
    "pending_legal_agreement": BusinessStatus.PENDING_LEGAL_AGREEMENT,
    "abandoned": BusinessStatus.ABANDONED,
    "failed": BusinessStatus.FAILED,
    "active": BusinessStatus.ACTIVE,
    "inactive": BusinessStatus.INACTIVE,
}
#: A store's ``status`` to ours.
STORE_STATUSES: Final = {"active": StoreStatus.ACTIVE, "inactive": StoreStatus.INACTIVE}

_COUNT: Final = re.compile(r"[0-9]{1,9}")


def to_business(answer: BusinessAnswer, raw: Raw) -> Business:
    """
    Return the business that *answer* is.
    """
    beside = answer.external_metadata
    return Business(
        id=answer.external_business_id,
        name=answer.name,
        description=answer.description,
        status=BUSINESS_STATUSES.get(answer.activation_status or "", BusinessStatus.UNKNOWN),
        raw_status=answer.activation_status,
        test=answer.is_test,
        stores=_count(beside.number_of_stores) if beside else None,
        phone=(beside.client_phone_number or None) if beside else None,
        created_at=answer.created_at,
        updated_at=answer.last_updated_at,
        raw=raw,
    )


def to_store(answer: StoreAnswer, raw: Raw, business: str) -> Store:
    """
    Return the store that *answer* is, of *business*.
    """
    return Store(
        id=answer.external_store_id,
        business=business,
        name=answer.name,
        address=answer.address or None,
        phone=answer.phone_number or None,
        status=STORE_STATUSES.get(answer.status or "", StoreStatus.UNKNOWN),
        raw_status=answer.status,
        test=answer.is_test,
        created_at=answer.created_at,
        updated_at=answer.last_updated_at,
        raw=raw,
    )


def _count(told: Any) -> int | None:
    """
    Return how many, from a number or from text: DoorDash's samples have both.
    """
    if isinstance(told, str):
        return int(told) if _COUNT.fullmatch(told) else None
    return told if type(told) is int and told >= 0 else None
