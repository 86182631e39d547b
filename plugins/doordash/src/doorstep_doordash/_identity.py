"""
The one id that DoorDash knows a delivery by, and the token that stands for a quote.
"""

from __future__ import annotations

import hashlib
import re

import attrs
import orjson

from doorstep.codec import encode
from doorstep.errors import QuoteMismatchError
from doorstep_doordash._wire import Body

__all__ = ["QuoteToken", "external_id", "reference_of"]

#: What reads as a revision at the end of an id: ``.1`` to ``.999``.
_REVISION = re.compile(r"(.+)\.([1-9][0-9]{0,2})")


def external_id(reference: str, revision: int) -> str:
    """
    Return the id that DoorDash gets: ``reference``, then ``reference.2``.

    A reference that itself ends like a revision is sent with ``.1``, so that
    ``order.2`` (sent as ``order.2.1``) never meets the second revision of
    ``order``.
    """
    if revision == 1 and not _REVISION.fullmatch(reference):
        return reference
    return f"{reference}.{revision}"


def reference_of(delivery: str) -> tuple[str, int] | None:
    """
    Return reference and revision of an id that was made here, else None.
    """
    found = _REVISION.fullmatch(delivery)
    if found is None:
        return delivery, 1
    reference, revision = found[1], int(found[2])
    return (reference, revision) if external_id(reference, revision) == delivery else None


@attrs.frozen(kw_only=True)
class QuoteToken:
    """
    What must hold when a quote is taken: the same delivery, whatever its tip.

    Args:
        delivery:
            The id that was quoted.

        digest:
            Of everything that was quoted but the tip.

        tip:
            The tip that was quoted, in cents.
    """

    delivery: str
    digest: str
    tip: int | None = None

    @classmethod
    def of(cls, body: Body) -> QuoteToken:
        """
        Return the token of a quote for *body*.
        """
        fixed = orjson.loads(encode(body))
        fixed.pop("tip", None)
        digest = hashlib.sha256(orjson.dumps(fixed, option=orjson.OPT_SORT_KEYS)).hexdigest()
        return cls(delivery=body.external_delivery_id or "", digest=digest, tip=body.tip)

    def dumps(self) -> str:
        """
        Return the token as text.
        """
        return orjson.dumps({"v": 1, **attrs.asdict(self)}).decode()

    @classmethod
    def loads(cls, text: str | None) -> QuoteToken:
        """
        Read what ``dumps()`` wrote.

        Raises:
            doorstep.errors.QuoteMismatchError:
                It is no token of this plugin.
        """
        try:
            held = orjson.loads(text or "")
            if held.pop("v") == 1:
                token = cls(**held)
                if isinstance(token.tip, int | None):
                    return token
        except (ValueError, TypeError, AttributeError, KeyError):
            pass
        raise QuoteMismatchError("was given a quote that this plugin did not make")
