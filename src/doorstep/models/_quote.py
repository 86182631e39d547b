"""
A price that expires and books nothing.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from doorstep.models._checks import aware, instance_of, optional, to_utc
from doorstep.models._extension import Raw
from doorstep.models._money import Price


@attrs.frozen(kw_only=True)
class Quote:
    """
    A carrier's price for a request. It books nothing and costs nothing.

    Args:
        token:
            What the carrier needs to honour it, opaque to everybody but its
            plugin; None where a quote only indicates.

        provider, account, reference, revision:
            Whose quote it is and for which request.

        price:
            None where the carrier names no price beforehand.

        expires_at:
            Until when it holds; None if the carrier does not say.

        binding:
            Whether the carrier charges what it quotes.

        service:
            Which of the carrier's services, where it offers several.
    """

    provider: str
    account: str
    reference: str
    revision: int = attrs.field(validator=instance_of(int))
    token: str | None = attrs.field(default=None, repr=False)
    price: Price | None = attrs.field(default=None, validator=optional(instance_of(Price)))
    created_at: datetime = attrs.field(converter=to_utc, validator=aware)
    expires_at: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
    binding: bool = attrs.field(validator=instance_of(bool))
    pickup_eta: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
    dropoff_eta: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
    service: str | None = None
    raw: Raw = attrs.field(factory=Raw, converter=Raw, repr=False, eq=False)

    def expired(self, now: datetime) -> bool:
        """
        Whether it can no longer be taken at *now*.
        """
        return self.expires_at is not None and now >= self.expires_at
