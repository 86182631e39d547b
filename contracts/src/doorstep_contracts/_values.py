"""
Strategies for each neutral class.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache, partial
from typing import Any, TypeAlias, TypeVar, cast, get_args

import attrs
from hypothesis import strategies as st

from doorstep import models
from doorstep.models import (
    Address,
    Asap,
    Barcode,
    Cancellation,
    CashOnDelivery,
    Changes,
    Contact,
    Coordinates,
    Courier,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    DeliveryStop,
    Dimensions,
    DropoffAt,
    End,
    Etas,
    Event,
    IdCheck,
    Item,
    Money,
    Photo,
    PickupAt,
    Pin,
    Price,
    PriceComponent,
    Proof,
    Quote,
    Raw,
    RefundDecision,
    Related,
    Schedule,
    Signature,
    Status,
    Stop,
    StopChanges,
    StoreRef,
    Verification,
    Window,
    Windows,
)
from doorstep_contracts._primitives import (
    STREETS,
    currencies,
    degrees,
    few,
    ids,
    json_objects,
    lines,
    maybe,
    moments,
    money,
    names,
    phones,
    prose,
    references,
    urls,
)

T = TypeVar("T")
_Maker: TypeAlias = Callable[[], st.SearchStrategy[Any]]


def neutral(kind: type[T]) -> st.SearchStrategy[T]:
    """
    Values of *kind*, one of the classes of ``doorstep.models``.
    """
    if issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    return cast("st.SearchStrategy[T]", _made(cast("Any", kind)))


@cache
def _made(kind: type[Any]) -> st.SearchStrategy[Any]:
    """
    Make each strategy once: making them takes longer than drawing from them.
    """
    return STRATEGIES[kind]()


def _fields(
    kind: type[T], given: tuple[str, ...] = (), /, **fields: st.SearchStrategy[Any]
) -> st.SearchStrategy[T]:
    """
    Build *kind*; a field that may be None often is, unless it is one of *given*.
    """
    may_be_none = {one.name for one in attrs.fields(cast("Any", kind)) if one.default is None}
    chosen = {
        name: maybe(strategy) if name in may_be_none - set(given) else strategy
        for name, strategy in fields.items()
    }
    return st.builds(kind, **chosen)


def _address() -> st.SearchStrategy[Address]:
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
        _fields(Address, ("one_line",), one_line=streets, **fields),
        _fields(Address, ("locality",), **in_parts, **fields),
        _fields(Address, ("coordinates",), **fields),
        _fields(Address, ("store_ref",), **fields),
    )


def _schedule() -> st.SearchStrategy[Schedule]:
    return st.one_of([neutral(kind) for kind in get_args(Schedule)])


def _verification() -> st.SearchStrategy[tuple[Verification, ...]]:
    return few(st.one_of([neutral(kind) for kind in get_args(Verification)]))


def _window() -> st.SearchStrategy[Window]:
    def build(start: datetime, length: timedelta) -> Window:
        return Window(start, start.astimezone(UTC) + length)

    return st.builds(build, moments(), st.timedeltas(timedelta.resolution, timedelta(days=30)))


def _windows() -> st.SearchStrategy[Windows]:
    def build(pickup: Window, delay: timedelta, length: timedelta) -> Windows:
        start = pickup.start + delay
        return Windows(pickup=pickup, dropoff=Window(start, start + length))

    some = st.timedeltas(timedelta(seconds=1), timedelta(days=1))
    return st.builds(build, _window(), some, some)


def _stop(kind: type[T], *, items: bool) -> st.SearchStrategy[T]:
    fields: dict[str, st.SearchStrategy[Any]] = {"items": few(neutral(Item))} if items else {}
    return _fields(
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


def _request() -> st.SearchStrategy[DeliveryRequest]:
    return _in_one_currency(
        _fields(
            DeliveryRequest,
            reference=references(),
            revision=st.integers(1, 999),
            pickup=_stop(Stop, items=False),
            dropoffs=few(_stop(Stop, items=True), 1),
            cash_on_delivery=_fields(CashOnDelivery, collect=money("USD")),
            **_wishes(),
        )
    )


def _changes() -> st.SearchStrategy[Changes]:
    pickup, dropoff = (_stop(StopChanges, items=items) for items in (False, True))
    return _in_one_currency(_fields(Changes, pickup=pickup, dropoff=dropoff, **_wishes()))


def _quote() -> st.SearchStrategy[Quote]:
    return _fields(
        Quote,
        provider=ids(),
        account=ids(),
        reference=references(),
        revision=st.integers(1, 999),
        token=lines(),
        price=neutral(Price),
        created_at=moments(),
        expires_at=moments(),
        binding=st.booleans(),
        pickup_eta=moments(),
        dropoff_eta=moments(),
        service=lines(),
        raw=neutral(Raw),
    )


def _delivery() -> st.SearchStrategy[Delivery]:
    ended = [one for one in Status if one.terminal]
    under_way = [one for one in Status if not one.terminal]
    return st.one_of(_delivery_in(under_way), _delivery_in(ended, "end"))


def _delivery_in(statuses: list[Status], *given: str) -> st.SearchStrategy[Delivery]:
    return _fields(
        Delivery,
        given,
        id=neutral(DeliveryId),
        reference=references(),
        revision=st.integers(1, 999),
        status=st.sampled_from(statuses),
        raw_status=lines(),
        milestones=st.frozensets(neutral(models.Milestone), max_size=3),
        end=neutral(End),
        as_of=moments(),
        courier=neutral(Courier),
        stops=few(neutral(DeliveryStop)),
        price=neutral(Price),
        tip=money(),
        tracking_url=urls(),
        support_ref=lines(),
        related=few(neutral(Related)),
        raw=neutral(Raw),
    )


def _simple(kind: type[Any], /, **fields: Callable[[], st.SearchStrategy[Any]]) -> _Maker:
    """
    Build lazily, so that the order of the table does not matter.
    """
    return lambda: _fields(kind, **{name: make() for name, make in fields.items()})


def _each(kind: type[Any]) -> _Maker:
    return lambda: neutral(kind)


_count = partial(st.integers, 0, 100_000)
_pin = partial(st.from_regex, r"\A[0-9]{3,8}\Z")

#: How each class is made.
STRATEGIES: dict[type[Any], _Maker] = {
    Address: _address,
    Asap: partial(st.builds, Asap),
    Barcode: _simple(Barcode, values=lambda: few(lines(), 1)),
    Cancellation: _simple(
        Cancellation,
        confirmed=st.booleans,
        reason_sent=st.booleans,
        delivery=_each(Delivery),
        fee=money,
        raw=_each(Raw),
    ),
    CashOnDelivery: _simple(CashOnDelivery, collect=money, pay_at_pickup=money),
    Changes: _changes,
    Contact: _simple(
        Contact,
        given=names,
        family=names,
        display=names,
        business=names,
        phone=phones,
        email=partial(st.sampled_from, ("ada@example.org", "ünï@bücher.example")),
        notify=st.booleans,
    ),
    Coordinates: _simple(Coordinates, lat=partial(degrees, 90), lng=partial(degrees, 180)),
    Courier: _simple(
        Courier,
        id=lines,
        name=names,
        phone=phones,
        pickup_phone=phones,
        location=_each(Coordinates),
        vehicle=lines,
    ),
    Delivery: _delivery,
    DeliveryId: lambda: st.builds(DeliveryId, ids(), ids(), lines(256)),
    DeliveryRequest: _request,
    DeliveryStop: _simple(
        DeliveryStop,
        kind=_each(models.StopKind),
        status=_each(models.StopStatus),
        carrier_stop_id=lines,
        address=lines,
        eta=moments,
        earliest=moments,
        latest=moments,
        done_at=moments,
        proofs=lambda: few(neutral(Proof)),
    ),
    Dimensions: _simple(Dimensions, length_mm=_count, width_mm=_count, height_mm=_count),
    DropoffAt: lambda: st.builds(DropoffAt, moments()),
    End: _simple(
        End,
        at=moments,
        actor=_each(models.Actor),
        reason=_each(models.EndReason),
        raw_reason=lines,
        goods=_each(models.Goods),
    ),
    Etas: _simple(Etas, pickup=moments, dropoff=moments, back=moments),
    IdCheck: _simple(IdCheck, required=st.booleans, min_age=partial(st.integers, 1, 150)),
    Item: _simple(
        Item,
        name=names,
        quantity=partial(st.integers, 1, 9_999),
        description=prose,
        weight_g=_count,
        dimensions=_each(Dimensions),
        size_class=lines,
        external_id=lines,
        age_restricted=st.booleans,
        category=lines,
    ),
    Money: partial(money, lowest=-(2**63) + 1, highest=2**63 - 1),
    Photo: _simple(Photo, required=st.booleans),
    PickupAt: lambda: st.builds(PickupAt, moments()),
    Pin: _simple(Pin, source=_each(models.PinSource), value=_pin),
    Price: _simple(
        Price,
        total=money,
        tax=_each(models.Tax),
        tax_amount=money,
        tip_included=st.booleans,
        components=lambda: few(neutral(PriceComponent)),
    ),
    PriceComponent: _simple(
        PriceComponent, raw_name=lines, amount=money, kind=_each(models.ComponentKind)
    ),
    Proof: _simple(
        Proof,
        kind=_each(models.ProofKind),
        url=urls,
        content=partial(st.binary, max_size=32),
        media_type=partial(st.sampled_from, ("image/png", "image/jpeg")),
        expires_at=moments,
    ),
    Event: _simple(
        Event,
        id=lines,
        synthesized_id=st.booleans,
        kind=_each(models.EventKind),
        name=lines,
        delivery_id=_each(DeliveryId),
        snapshot=_delivery,
        refund=_each(RefundDecision),
        occurred_at=moments,
        raw=_each(Raw),
    ),
    Quote: _quote,
    Raw: lambda: json_objects().map(Raw),
    RefundDecision: _simple(
        RefundDecision,
        status=_each(models.RefundStatus),
        reason=_each(models.RefundReason),
        raw_status=lines,
        code=lines,
        message=prose,
        order_value=money,
        tip=money,
        delivery_fee=money,
        total=money,
        raw=_each(Raw),
    ),
    Related: _simple(Related, delivery_id=_each(DeliveryId), relation=_each(models.Relation)),
    Signature: _simple(Signature, required=st.booleans, name=names, relation=names),
    Stop: partial(_stop, Stop, items=True),
    StopChanges: partial(_stop, StopChanges, items=True),
    StoreRef: _simple(
        StoreRef,
        store=partial(st.from_regex, r"\A[!-~]{1,40}\Z"),
        business=partial(st.from_regex, r"\A[!-~]{1,40}\Z"),
    ),
    Window: _window,
    Windows: _windows,
}
