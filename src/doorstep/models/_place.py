"""
Where, and who: addresses, coordinates and contacts.
"""

from __future__ import annotations

import re
from decimal import Decimal

import attrs

from doorstep.models._checks import (
    E164,
    NOT_IN_LINES,
    each,
    instance_of,
    line,
    masked,
    matches,
    optional,
    prose,
    require,
    to_decimal,
    to_tuple,
)

_COUNTRY = re.compile(r"[A-Z]{2}")
_EMAIL = re.compile(rf"[^@\s{NOT_IN_LINES}]{{1,64}}@[^@\s{NOT_IN_LINES}]{{1,189}}")
_STORE = re.compile(r"[\x21-\x7e]{1,128}")


@attrs.frozen(kw_only=True)
class Coordinates:
    """
    A point on the earth, WGS 84, by name so that the order cannot be mixed up.

    Args:
        lat:
            Degrees north, -90 to 90, as Decimal, int or text; floats are
            refused, convert them with ``Decimal(repr(x))``.

        lng:
            Degrees east, -180 to 180.
    """

    lat: Decimal = attrs.field(converter=to_decimal, repr=masked)
    lng: Decimal = attrs.field(converter=to_decimal, repr=masked)

    @lat.validator
    def _lat_range(self, attribute: attrs.Attribute[Decimal], value: object) -> None:
        self._within("lat", value, 90)

    @lng.validator
    def _lng_range(self, attribute: attrs.Attribute[Decimal], value: object) -> None:
        self._within("lng", value, 180)

    def _within(self, name: str, value: object, limit: int) -> None:
        good = isinstance(value, Decimal) and value.is_finite() and -limit <= value <= limit
        require(self, name, good, f"must be a decimal number from -{limit} to {limit}")


@attrs.frozen(kw_only=True)
class StoreRef:
    """
    A place that the carrier knows already, by the ids it was registered under.

    Args:
        store:
            The store's, outlet's or venue's id.

        business:
            The business that it belongs to, where the carrier asks for one.
    """

    store: str = attrs.field(validator=matches(_STORE, "must be 1 to 128 visible ASCII characters"))
    business: str | None = attrs.field(
        default=None,
        validator=optional(matches(_STORE, "must be 1 to 128 visible ASCII characters")),
    )


@attrs.frozen(kw_only=True)
class Address:
    """
    Where a stop is. At least one of *one_line*, *lines* with *locality*,
    *coordinates* or *store_ref*.

    Give several forms of the same place, and each carrier takes what it
    understands; one that understands none refuses before the network.

    Nothing is geocoded here: what a carrier needs and the address lacks is
    refused before the network.

    Args:
        one_line:
            The full address in the order usual there, separated by commas.

        lines, unit, locality, region, postal_code:
            The same in parts: street lines; flat or floor; town; state or
            province; postal code.

        country:
            ISO 3166-1 alpha-2, in capitals.

        access_notes:
            How to get in.
    """

    one_line: str | None = attrs.field(default=None, validator=optional(line(512)), repr=masked)
    lines: tuple[str, ...] = attrs.field(
        default=(), converter=to_tuple, validator=each(line()), repr=masked
    )
    unit: str | None = attrs.field(default=None, validator=optional(line(64)), repr=masked)
    locality: str | None = attrs.field(default=None, validator=optional(line(128)), repr=masked)
    region: str | None = attrs.field(default=None, validator=optional(line(128)), repr=masked)
    postal_code: str | None = attrs.field(default=None, validator=optional(line(32)), repr=masked)
    country: str | None = attrs.field(
        default=None, validator=optional(matches(_COUNTRY, "must be two capital letters"))
    )
    coordinates: Coordinates | None = attrs.field(
        default=None, validator=optional(instance_of(Coordinates))
    )
    access_notes: str | None = attrs.field(default=None, validator=optional(prose()), repr=masked)
    store_ref: StoreRef | None = attrs.field(
        default=None, validator=optional(instance_of(StoreRef))
    )

    def __attrs_post_init__(self) -> None:
        in_parts = bool(self.lines) and self.locality is not None
        found = self.one_line or in_parts or self.coordinates or self.store_ref
        rule = "needs one_line, lines with locality, coordinates or store_ref"
        require(self, "one_line", bool(found), rule)


@attrs.frozen(kw_only=True)
class Contact:
    """
    Who is there. A name is never split or joined by guesswork.

    Args:
        given, family:
            The name in parts, where it has them.

        display:
            The name as the person writes it.

        business:
            The name over the door.

        phone:
            E.164: ``+16505555555``. No spaces, no extension: that belongs into the
            instructions of the stop.

        notify:
            Whether the carrier may send this person messages; None leaves it to
            the carrier.
    """

    given: str | None = attrs.field(default=None, validator=optional(line()), repr=masked)
    family: str | None = attrs.field(default=None, validator=optional(line()), repr=masked)
    display: str | None = attrs.field(default=None, validator=optional(line()), repr=masked)
    business: str | None = attrs.field(default=None, validator=optional(line()), repr=masked)
    phone: str | None = attrs.field(
        default=None,
        validator=optional(matches(E164, "must be E.164: + and 7 to 15 digits")),
        repr=masked,
    )
    email: str | None = attrs.field(
        default=None, validator=optional(matches(_EMAIL, "must be an e-mail address")), repr=masked
    )
    notify: bool | None = attrs.field(default=None, validator=optional(instance_of(bool)))
