"""
Acme's JSON in Acme's own names.

Declare words such as a status as ``str``, not as an enum: a word that is new tomorrow
must not raise. Fields that no class names stay in ``raw``.

Source:
    Name the document, its version and the day that you read it.
"""

from __future__ import annotations

from datetime import datetime

import attrs

__all__ = ["Job", "JobBody", "News", "Quoted", "Refund", "RefundBody"]


@attrs.frozen(kw_only=True)
class JobBody:
    """
    What ``POST /quotes``, ``POST /jobs`` and ``PATCH /jobs/{id}`` take. What is None is not sent.
    """

    id: str | None = None
    pickup: str | None = attrs.field(default=None, repr=False)
    dropoff: str | None = attrs.field(default=None, repr=False)
    phone: str | None = attrs.field(default=None, repr=False)
    note: str | None = attrs.field(default=None, repr=False)
    value: int | None = None
    tip: int | None = None
    quoted: str | None = None


@attrs.frozen(kw_only=True)
class Quoted:
    """
    The answer of ``POST /quotes``; amounts in cents.
    """

    id: str
    price: int
    currency: str
    expires_at: datetime


@attrs.frozen(kw_only=True)
class Job:
    """
    A job as the carrier tells it.
    """

    id: str
    state: str
    price: int | None = None
    tip: int | None = None
    value: int | None = None
    currency: str | None = None
    changed_at: datetime | None = None
    dropoff: str | None = attrs.field(default=None, repr=False)
    courier: str | None = None


@attrs.frozen(kw_only=True)
class RefundBody:
    """
    What ``POST /jobs/{id}/refunds`` takes.
    """

    reason: str


@attrs.frozen(kw_only=True)
class Refund:
    """
    A decision.
    """

    decision: str
    amount: int | None = None
    currency: str | None = None


@attrs.frozen(kw_only=True)
class News:
    """
    A webhook.
    """

    event_id: str
    event: str
    at: datetime | None = None
    job: Job | None = None
