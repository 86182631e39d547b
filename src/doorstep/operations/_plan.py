"""
What is left of an operation when all that can be refused here has been refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import attrs

from doorstep.http import Endpoint, Flow
from doorstep.models import DeliveryId
from doorstep.provider import Context

T = TypeVar("T")


@attrs.frozen
class Plan(Generic[T]):
    """
    One operation, ready to be driven.

    Args:
        operation:
            What to call it in errors.

        start:
            Makes the flow.

        reference, revision, delivery:
            What it is about, for errors.

        if_unknown:
            What to do if nobody knows what came of it; by default, to look
            *reference* up.

        endpoint:
            Where it goes, if not to the provider itself.
    """

    operation: str
    start: Callable[[Context], Flow[T]] = attrs.field(repr=False)
    reference: str | None = None
    revision: int | None = None
    delivery: DeliveryId | None = None
    if_unknown: str | None = None
    endpoint: Endpoint | None = attrs.field(default=None, repr=False)
