"""
Businesses and stores as DoorDash's samples have them, and the flows about them.
"""

from __future__ import annotations

import attrs
import pytest

from doorstep.models import (
    Address,
    BusinessChanges,
    BusinessStatus,
    NewBusiness,
    NewStore,
    StoreChanges,
)

BUSINESS = "a0720d55-7cbe-41ce-8185-58285b7985cd"
STORE = "ed178ef3-b486-4ce8-8baa-5bc9f0f3fa4a"
AT = Address(lines=("901 Market Street", "6th Floor"), locality="San Francisco", region="CA, 94103")
NEW_BUSINESS = NewBusiness(
    id=BUSINESS,
    name="Neighborhood Deli",
    description="A neighborhood deli serving many tasty sandwiches and soups.",
    status=BusinessStatus.ACTIVE,
)
NEW_STORE = NewStore(id=STORE, name="Neighborhood Deli #10", address=AT, phone="+12065551212")
CHANGES = BusinessChanges(
    name=NEW_BUSINESS.name, description=NEW_BUSINESS.description, status=BusinessStatus.ACTIVE
)
STORE_CHANGES = StoreChanges(name=NEW_STORE.name, address=AT, phone=NEW_STORE.phone)


@pytest.fixture(name="flows", scope="session")
def _flows(provider, ctx):
    """
    Every operation on what the samples are about, by its name.
    """

    def new_business(**changes):
        return provider.create_business(attrs.evolve(NEW_BUSINESS, **changes), ctx)

    def new_store(business=BUSINESS, **changes):
        return provider.create_store(business, attrs.evolve(NEW_STORE, **changes), ctx)

    def change_business(business=BUSINESS, **changes):
        return provider.update_business(business, attrs.evolve(CHANGES, **changes), ctx)

    def change_store(**changes):
        return provider.update_store(BUSINESS, STORE, attrs.evolve(STORE_CHANGES, **changes), ctx)

    return {
        "create_business": new_business,
        "get_business": lambda business=BUSINESS: provider.get_business(business, ctx),
        "update_business": change_business,
        "list_businesses": lambda status=None, page=None: provider.list_businesses(
            status, page, ctx
        ),
        "create_store": new_store,
        "get_store": lambda: provider.get_store(BUSINESS, STORE, ctx),
        "update_store": change_store,
        "list_stores": lambda status=None, page=None: provider.list_stores(
            BUSINESS, status, page, ctx
        ),
    }


@pytest.fixture(name="sample", scope="session")
def _sample(recorded):
    """
    Return the answer of a recording, with changes; ``...`` leaves a field out.
    """

    def make(recording, /, **changes):
        body = {**recorded(recording)["response"]["body"], **changes}
        return {key: value for key, value in body.items() if value is not ...}

    return make
