"""
What must be shown or done at a stop before the goods change hands.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TypeAlias

import attrs

from doorstep.models._checks import (
    each,
    instance_of,
    integer,
    line,
    masked,
    matches,
    optional,
)
from doorstep.models._checks import to_tuple as as_tuple

_PIN = re.compile(r"[0-9]{3,8}")


class PinSource(StrEnum):
    """
    Who makes the PIN.
    """

    CARRIER = "carrier"
    CALLER = "caller"
    PHONE = "phone"


@attrs.frozen(kw_only=True)
class Signature:
    """
    A signature is collected, if *required* or else where possible.
    """

    required: bool = attrs.field(default=True, validator=instance_of(bool))
    name: str | None = attrs.field(default=None, validator=optional(line()), repr=masked)
    relation: str | None = attrs.field(default=None, validator=optional(line()), repr=masked)


@attrs.frozen(kw_only=True)
class Photo:
    """
    A photo is taken, if *required* or else where possible.
    """

    required: bool = attrs.field(default=True, validator=instance_of(bool))


@attrs.frozen(kw_only=True)
class Pin:
    """
    A number is told to the courier. *value* only when the caller makes it.
    """

    source: PinSource = attrs.field(default=PinSource.CARRIER, validator=instance_of(PinSource))
    value: str | None = attrs.field(
        default=None, validator=optional(matches(_PIN, "must be 3 to 8 digits")), repr=masked
    )


@attrs.frozen(kw_only=True)
class Barcode:
    """
    One of these codes is scanned.
    """

    values: tuple[str, ...] = attrs.field(converter=as_tuple, validator=each(line(128)))


@attrs.frozen(kw_only=True)
class IdCheck:
    """
    Identity, or age from *min_age* on, is checked.
    """

    required: bool = attrs.field(default=True, validator=instance_of(bool))
    min_age: int | None = attrs.field(default=None, validator=optional(integer(1, 150)))


#: Any of the five.
Verification: TypeAlias = Signature | Photo | Pin | Barcode | IdCheck
