"""
What shows that goods changed hands.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import attrs

from doorstep.models._checks import aware, instance_of, masked, optional, to_utc


class ProofKind(StrEnum):
    """
    What was collected.
    """

    PHOTO = "photo"
    SIGNATURE = "signature"
    PIN = "pin"
    BARCODE = "barcode"
    ID = "id"


@attrs.frozen(kw_only=True)
class Proof:
    """
    A proof of delivery: its bytes, or where to fetch them.

    Args:
        url:
            Where it is. Personal, and it may stop working at *expires_at*.

        content:
            The bytes, once fetched.
    """

    kind: ProofKind = attrs.field(validator=instance_of(ProofKind))
    url: str | None = attrs.field(default=None, repr=masked)
    content: bytes | None = attrs.field(default=None, repr=False)
    media_type: str | None = None
    expires_at: datetime | None = attrs.field(
        default=None, converter=to_utc, validator=optional(aware)
    )
