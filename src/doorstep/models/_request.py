"""
What a shop asks for: a delivery, or changes to one.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

import attrs

from doorstep.models._checks import (
    REFERENCE,
    each,
    instance_of,
    integer,
    line,
    matches,
    optional,
    prose,
    require,
    to_tuple,
)
from doorstep.models._extension import Extension
from doorstep.models._item import Item
from doorstep.models._money import Money, not_negative
from doorstep.models._place import Address, Contact
from doorstep.models._schedule import Asap, DropoffAt, PickupAt, Schedule, Windows
from doorstep.models._verification import (
    Barcode,
    IdCheck,
    Photo,
    Pin,
    Signature,
    Verification,
)

E = TypeVar("E", bound=Extension)

_verification = each(instance_of(Signature, Photo, Pin, Barcode, IdCheck))
_schedule = instance_of(Asap, PickupAt, DropoffAt, Windows)


class Undeliverable(StrEnum):
    """
    What to do with goods that cannot be handed over. Carriers' defaults differ.
    """

    RETURN = "return"
    LEAVE = "leave"
    DISPOSE = "dispose"


@attrs.frozen(kw_only=True)
class CashOnDelivery:
    """
    Cash that the courier collects at the door, and pays at the pickup if so agreed.
    """

    collect: Money = attrs.field(validator=not_negative)
    pay_at_pickup: Money | None = attrs.field(default=None, validator=optional(not_negative))


@attrs.frozen(kw_only=True)
class Stop:
    """
    One place where goods are taken or handed over.

    Args:
        instructions:
            For the courier, at this stop.

        reference:
            What tells the right parcel here: an order number on the bag.

        items:
            What is handed over here (at a dropoff).

        contactless:
            Leave at the door rather than hand over; None leaves it to the carrier.

        verification:
            What must be shown or done here.
    """

    address: Address = attrs.field(validator=instance_of(Address))
    contact: Contact = attrs.field(factory=Contact, validator=instance_of(Contact))
    instructions: str | None = attrs.field(default=None, validator=optional(prose()), repr=False)
    reference: str | None = attrs.field(default=None, validator=optional(line()))
    items: tuple[Item, ...] = attrs.field(
        default=(), converter=to_tuple, validator=each(instance_of(Item))
    )
    contactless: bool | None = attrs.field(default=None, validator=optional(instance_of(bool)))
    verification: tuple[Verification, ...] = attrs.field(
        default=(), converter=to_tuple, validator=_verification
    )


def _stops(value: Stop | Iterable[Stop]) -> tuple[Stop, ...]:
    return (value,) if isinstance(value, Stop) else to_tuple(value)


def _one_for_each(instance: object, attribute: attrs.Attribute[Any], value: Any) -> None:
    each(instance_of(Extension))(instance, attribute, value)
    names = {one.provider for one in value}
    require(instance, attribute.name, len(names) == len(value), "has two for one provider")


def _own(extensions: tuple[Extension, ...], kind: type[E]) -> E:
    for one in extensions:
        if isinstance(one, kind):
            return one
    asked: Any = kind
    empty: E = _nothing(asked)
    return empty


@cache
def _nothing(kind: Any) -> Any:
    """
    Return the extension that asks for nothing; values can be shared.
    """
    return kind()


@attrs.frozen(kw_only=True)
class DeliveryRequest:
    """
    What to move, from where, to where, when.

    Args:
        reference:
            Your id: letters, digits and ``._~-``, 128 at most. One reference and
            revision is one delivery, however often it is dispatched.

        revision:
            The attempt under *reference*, from 1. Carriers refuse a second quote
            or delivery under one id: count up to ask again.

        dropoffs:
            One stop or several, in order.

        schedule:
            When; as soon as possible unless said.

        order_value:
            What the goods are worth, without tax and tip.

        tip:
            For the courier.

        if_undeliverable:
            What to do with the goods. There is no neutral default: None leaves
            it to the carrier, and carriers differ.

        extensions:
            Inputs of one carrier; those of other carriers are ignored, so one
            request can be sent to several.
    """

    reference: str = attrs.field(
        validator=matches(REFERENCE, "must be 1 to 128 letters, digits or ._~- (no sign first)")
    )
    revision: int = attrs.field(default=1, validator=integer(1, 999))
    pickup: Stop = attrs.field(validator=instance_of(Stop))
    dropoffs: tuple[Stop, ...] = attrs.field(converter=_stops, validator=each(instance_of(Stop)))
    schedule: Schedule = attrs.field(factory=Asap, validator=_schedule)
    order_value: Money | None = attrs.field(default=None, validator=optional(not_negative))
    tip: Money | None = attrs.field(default=None, validator=optional(not_negative))
    if_undeliverable: Undeliverable | None = attrs.field(
        default=None, validator=optional(instance_of(Undeliverable))
    )
    cash_on_delivery: CashOnDelivery | None = attrs.field(
        default=None, validator=optional(instance_of(CashOnDelivery))
    )
    extensions: tuple[Extension, ...] = attrs.field(
        default=(), converter=to_tuple, validator=_one_for_each
    )

    def __attrs_post_init__(self) -> None:
        require(self, "dropoffs", bool(self.dropoffs), "needs at least one stop")
        require(self, "pickup", not self.pickup.items, "has items; they belong to a dropoff")

    @property
    def dropoff(self) -> Stop:
        """
        The last dropoff; with one dropoff, the dropoff.
        """
        return self.dropoffs[-1]

    def extension(self, kind: type[E]) -> E:
        """
        Return the extension of *kind*'s provider, or an empty one.
        """
        return _own(self.extensions, kind)


@attrs.frozen(kw_only=True)
class StopChanges:
    """
    What is to be different at a stop; None leaves a field as it is.
    """

    address: Address | None = attrs.field(default=None, validator=optional(instance_of(Address)))
    contact: Contact | None = attrs.field(default=None, validator=optional(instance_of(Contact)))
    instructions: str | None = attrs.field(default=None, validator=optional(prose()), repr=False)
    reference: str | None = attrs.field(default=None, validator=optional(line()))
    items: tuple[Item, ...] | None = attrs.field(
        default=None,
        converter=attrs.converters.optional(to_tuple),
        validator=optional(each(instance_of(Item))),
    )
    contactless: bool | None = attrs.field(default=None, validator=optional(instance_of(bool)))
    verification: tuple[Verification, ...] | None = attrs.field(
        default=None,
        converter=attrs.converters.optional(to_tuple),
        validator=optional(_verification),
    )


@attrs.frozen(kw_only=True)
class Changes:
    """
    What is to be different about a delivery; None leaves a field as it is.

    An empty tuple takes away what there was.

    What a carrier can change is in its capabilities; the rest is refused before
    the network.
    """

    pickup: StopChanges | None = attrs.field(
        default=None, validator=optional(instance_of(StopChanges))
    )
    dropoff: StopChanges | None = attrs.field(
        default=None, validator=optional(instance_of(StopChanges))
    )
    schedule: Schedule | None = attrs.field(default=None, validator=optional(_schedule))
    order_value: Money | None = attrs.field(default=None, validator=optional(not_negative))
    tip: Money | None = attrs.field(default=None, validator=optional(not_negative))
    if_undeliverable: Undeliverable | None = attrs.field(
        default=None, validator=optional(instance_of(Undeliverable))
    )
    cash_on_delivery: CashOnDelivery | None = attrs.field(
        default=None, validator=optional(instance_of(CashOnDelivery))
    )
    extensions: tuple[Extension, ...] = attrs.field(
        default=(), converter=to_tuple, validator=_one_for_each
    )

    def __attrs_post_init__(self) -> None:
        carried = self.pickup is not None and self.pickup.items is not None
        require(self, "pickup", not carried, "has items; they belong to a dropoff")

    def extension(self, kind: type[E]) -> E:
        """
        Return the extension of *kind*'s provider, or an empty one.
        """
        return _own(self.extensions, kind)
