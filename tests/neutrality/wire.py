"""
The carrier's JSON, in its own names.
"""

from __future__ import annotations

from decimal import Decimal

import attrs


@attrs.frozen
class Token:
    """
    The answer of the token endpoint.
    """

    access_token: str
    expires_in: int


@attrs.frozen
class Message:
    """
    Every refusal: prose, no code.
    """

    message: str = ""


@attrs.frozen
class Fee:
    """
    The answer to a fee: a number in major units, no currency.
    """

    estimated_delivery_fee: Decimal


@attrs.frozen
class Times:
    """
    Times, in an answer of their own or inside of an order; callbacks misspell one.
    """

    estimated_pickup_time: str = ""
    extimated_pickup_time: str = ""
    estimated_delivery_time: str = ""

    @property
    def pickup(self) -> str:
        """
        When the rider is expected at the pickup, under either spelling.
        """
        return self.estimated_pickup_time or self.extimated_pickup_time


@attrs.frozen
class Place:
    """
    Where something is.
    """

    latitude: Decimal
    longitude: Decimal
    address: str = ""


@attrs.frozen
class Driver:
    """
    The rider; empty text stands for "none yet".
    """

    id: str = ""
    name: str = ""
    phone_number: str = ""
    location: Place | None = None


@attrs.frozen
class Party:
    """
    Sender or recipient.
    """

    location: Place | None = None


@attrs.frozen
class Ended:
    """
    Why it was cancelled, and by whom.
    """

    reason: str = ""
    source: str = ""


@attrs.frozen
class Order:
    """
    An order, as it is read and as callbacks bring it.
    """

    order_id: str
    status: str
    updated_at: int
    client_order_id: str | None = None
    delivery_fee: Decimal | None = None
    timeline: Times = attrs.field(factory=Times)
    driver: Driver = attrs.field(factory=Driver)
    sender: Party = attrs.field(factory=Party)
    recipient: Party = attrs.field(factory=Party)
    cancellation: Ended = attrs.field(factory=Ended)
    tracking_link: str | None = None
    proof_of_pickup_url: str | None = None
    proof_of_delivery_url: str | None = None
