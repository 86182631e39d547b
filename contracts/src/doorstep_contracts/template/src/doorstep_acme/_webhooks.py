"""
Acme's webhooks: signed over their bytes.
"""

from __future__ import annotations

import hmac
from datetime import datetime

from doorstep.codec import decode
from doorstep.errors import InvalidAnswerError, WebhookRejectedError
from doorstep.models import DeliveryId, Event, EventKind
from doorstep.secret import Secret
from doorstep.webhooks import Webhook, WebhookRequest
from doorstep_acme._mapping import to_delivery
from doorstep_acme._wire import News

__all__ = ["receive"]


def receive(request: WebhookRequest, now: datetime, account: str, secret: Secret | None) -> Webhook:
    """
    Verify and parse a webhook.

    Raises:
        doorstep.errors.WebhookRejectedError:
            It is not signed by the carrier, or is no message of its.
    """
    if secret is None or not _is_signed(request, secret):
        raise WebhookRejectedError(
            "is not signed by the carrier", reason="unauthenticated", status=401
        )
    try:
        news, raw = decode(request.body, News)
    except InvalidAnswerError:
        raise WebhookRejectedError("is no message", reason="malformed", status=400) from None
    job = news.job
    event = Event(
        id=news.event_id,
        kind=EventKind.STATUS if job is not None else EventKind.OTHER,
        name=news.event,
        delivery_id=DeliveryId("acme", account, job.id) if job is not None else None,
        snapshot=to_delivery(job, raw, account, news.at or now) if job is not None else None,
        occurred_at=news.at,
        raw=raw,
    )
    return Webhook(events=(event,))


def _is_signed(request: WebhookRequest, secret: Secret) -> bool:
    """
    Compare in constant time. The frame that reveals a secret raises nothing.
    """
    told = request.headers.get("x-acme-signature", "")
    want = hmac.digest(secret.reveal().encode("utf-8", "replace"), request.body, "sha256").hex()
    return hmac.compare_digest(told.encode("utf-8", "replace"), want.encode())
