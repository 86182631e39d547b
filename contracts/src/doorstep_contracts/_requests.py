"""
Strategies for what is asked of a carrier: requests and changes.
"""

from __future__ import annotations

from typing import Any, TypeVar, get_args

import attrs
from hypothesis import strategies as st

from doorstep import models
from doorstep.models import (
    Address,
    CashOnDelivery,
    Changes,
    Contact,
    Coordinates,
    DeliveryRequest,
    Item,
    Money,
    Schedule,
    Stop,
    StopChanges,
    StoreRef,
    Verification,
)
from doorstep_contracts._primitives import (
    STREETS,
    currencies,
    few,
    lines,
    money,
    names,
    prose,
    references,
)
from doorstep_contracts._values import fields_of, neutral

T = TypeVar("T")


def address() -> st.SearchStrategy[Address]:
    """
    Addresses in each of the forms that a carrier may understand.
    """
    streets = st.sampled_from(STREETS)
    fields: dict[str, st.SearchStrategy[Any]] = {
        "unit": names(),
        "region": names(),
        "postal_code": st.sampled_from(("94103", "SW1A 1AA", "018956", "〒100-0001")),
        "country": st.sampled_from(("US", "DE", "AE", "IL", "JP", "SG")),
        "coordinates": neutral(Coordinates),
        "access_notes": prose(),
        "store_ref": neutral(StoreRef),
    }
    in_parts = {"lines": few(streets, 1), "locality": names()}
    return st.one_of(
        fields_of(Address, ("one_line",), one_line=streets, **fields),
        fields_of(Address, ("locality",), **in_parts, **fields),
        fields_of(Address, ("coordinates",), **fields),
        fields_of(Address, ("store_ref",), **fields),
    )


def _schedule() -> st.SearchStrategy[Schedule]:
    return st.one_of([neutral(kind) for kind in get_args(Schedule)])


def _verification() -> st.SearchStrategy[tuple[Verification, ...]]:
    return few(st.one_of([neutral(kind) for kind in get_args(Verification)]))


def stop(kind: type[T], *, items: bool) -> st.SearchStrategy[T]:
    """
    Stops of a request or of changes, with *items* or without.
    """
    fields: dict[str, st.SearchStrategy[Any]] = {"items": few(neutral(Item))} if items else {}
    return fields_of(
        kind,
        address=neutral(Address),
        contact=neutral(Contact),
        instructions=prose(),
        reference=lines(),
        contactless=st.booleans(),
        verification=_verification(),
        **fields,
    )


def _wishes() -> dict[str, st.SearchStrategy[Any]]:
    """
    The fields that requests and changes share; see :func:`_in_one_currency`.
    """
    return {
        "schedule": _schedule(),
        "order_value": money("USD"),
        "tip": money("USD"),
        "if_undeliverable": neutral(models.Undeliverable),
    }


def _in_one_currency(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    """
    Put the amounts of a request or of changes into the same currency, any.
    """

    def change(value: Any, currency: str) -> Any:
        amounts = {"order_value": value.order_value, "tip": value.tip}
        changed: dict[str, Any] = {
            name: Money(one.minor, currency) for name, one in amounts.items() if one is not None
        }
        if getattr(value, "cash_on_delivery", None) is not None:
            collect = Money(value.cash_on_delivery.collect.minor, currency)
            changed["cash_on_delivery"] = CashOnDelivery(collect=collect)
        return attrs.evolve(value, **changed)

    return st.builds(change, strategy, currencies())


def request() -> st.SearchStrategy[DeliveryRequest]:
    """
    Requests with every wish, or few.
    """
    return _in_one_currency(
        fields_of(
            DeliveryRequest,
            reference=references(),
            revision=st.integers(1, 999),
            pickup=stop(Stop, items=False),
            dropoffs=few(stop(Stop, items=True), 1),
            cash_on_delivery=fields_of(CashOnDelivery, collect=money("USD")),
            **_wishes(),
        )
    )


def changes() -> st.SearchStrategy[Changes]:
    """
    Changes of anything that may be changed.
    """
    pickup, dropoff = (stop(StopChanges, items=items) for items in (False, True))
    return _in_one_currency(fields_of(Changes, pickup=pickup, dropoff=dropoff, **_wishes()))
