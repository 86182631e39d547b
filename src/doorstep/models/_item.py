"""
What is moved.
"""

from __future__ import annotations

import attrs

from doorstep.models._checks import instance_of, integer, line, optional, prose
from doorstep.models._money import Money, not_negative


@attrs.frozen(kw_only=True)
class Dimensions:
    """
    Outer size of one piece, in millimetres.
    """

    length_mm: int = attrs.field(validator=integer(0, 100_000))
    width_mm: int = attrs.field(validator=integer(0, 100_000))
    height_mm: int = attrs.field(validator=integer(0, 100_000))


@attrs.frozen(kw_only=True)
class Item:
    """
    One line of what is moved.

    Args:
        quantity:
            Pieces, 1 to 9,999; a carrier may allow fewer.

        unit_price:
            Price of one piece, without tax.

        weight_g:
            Weight of one piece in grams.

        dimensions:
            Outer size of one piece.

        external_id:
            The shop's id of the article.

        age_restricted:
            Whether the recipient's age must be checked.
    """

    name: str = attrs.field(validator=line())
    quantity: int = attrs.field(default=1, validator=integer(1, 9_999))
    description: str | None = attrs.field(default=None, validator=optional(prose()))
    unit_price: Money | None = attrs.field(default=None, validator=optional(not_negative))
    weight_g: int | None = attrs.field(default=None, validator=optional(integer(0, 10_000_000)))
    dimensions: Dimensions | None = attrs.field(
        default=None, validator=optional(instance_of(Dimensions))
    )
    size_class: str | None = attrs.field(default=None, validator=optional(line(64)))
    external_id: str | None = attrs.field(default=None, validator=optional(line(128)))
    age_restricted: bool | None = attrs.field(default=None, validator=optional(instance_of(bool)))
    category: str | None = attrs.field(default=None, validator=optional(line(64)))
