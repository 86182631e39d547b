"""
Businesses and stores in Drive's own names.

An answer must name what it is about; every other field may be absent or null.

Source:
    Drive API 0.2.5, "Create Business" to "Update Store", every field;
    ``number_of_stores`` is a number there and text in a sample of 2.1.59.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import attrs

__all__ = [
    "BUSINESS",
    "BUSINESSES",
    "STORE",
    "STORES",
    "BusinessAnswer",
    "BusinessBody",
    "BusinessList",
    "Metadata",
    "StoreAnswer",
    "StoreBody",
    "StoreList",
]

BUSINESSES: Final = "/developer/v1/businesses"
BUSINESS: Final = BUSINESSES + "/{external_business_id}"
STORES: Final = BUSINESS + "/stores"
STORE: Final = STORES + "/{external_store_id}"


@attrs.frozen(kw_only=True)
class BusinessBody:
    """
    A business to create; without its id, what is to change about one.
    """

    external_business_id: str | None = None
    name: str | None = None
    description: str | None = None
    activation_status: str | None = None


@attrs.frozen(kw_only=True, repr=False)
class Metadata:
    """
    What DoorDash keeps beside a business.
    """

    number_of_stores: Any = None
    client_phone_number: str | None = None


@attrs.frozen(kw_only=True, repr=False)
class BusinessAnswer:
    """
    A business as every operation answers it.
    """

    external_business_id: str
    name: str | None = None
    description: str | None = None
    activation_status: str | None = None
    created_at: datetime | None = None
    last_updated_at: datetime | None = None
    is_test: bool | None = None
    external_metadata: Metadata | None = None


@attrs.frozen(kw_only=True, repr=False)
class BusinessList:
    """
    A page of businesses. The count is of no use: in DoorDash's sample one entry counts 0.
    """

    result: tuple[BusinessAnswer, ...]
    continuation_token: str | None = None
    result_count: Any = None


@attrs.frozen(kw_only=True, repr=False)
class StoreBody:
    """
    A store to create; without its id, what is to change about one.
    """

    external_store_id: str | None = None
    name: str | None = None
    phone_number: str | None = None
    address: str | None = None


@attrs.frozen(kw_only=True, repr=False)
class StoreAnswer:
    """
    A store as every operation answers it.
    """

    external_store_id: str
    external_business_id: str | None = None
    name: str | None = None
    phone_number: str | None = None
    address: str | None = None
    status: str | None = None
    is_test: bool | None = None
    created_at: datetime | None = None
    last_updated_at: datetime | None = None


@attrs.frozen(kw_only=True, repr=False)
class StoreList:
    """
    A page of stores.
    """

    result: tuple[StoreAnswer, ...]
    continuation_token: str | None = None
    result_count: Any = None
