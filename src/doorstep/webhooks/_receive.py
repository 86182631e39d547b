"""
From a webhook to the state of deliveries: believe, remember, fold, answer.
"""

from __future__ import annotations

import logging
from datetime import datetime

import attrs

from doorstep.errors import WebhookRejectedError
from doorstep.models import DeliveryId, Event
from doorstep.provider import Webhooks
from doorstep.tracking import Change, Observation, Tracker
from doorstep.webhooks._messages import Webhook, WebhookAnswer, WebhookRequest

__all__ = ["Received", "receive"]

_TAKEN = WebhookAnswer()
_LOGGER = logging.getLogger("doorstep")


@attrs.frozen(kw_only=True)
class Received:
    """
    What came of a webhook.

    Args:
        answer:
            What to answer, whatever came of it.

        events:
            What was told for the first time.

        repeated:
            How many events were told before; they changed nothing.

        changes:
            What the events did to deliveries.

        confirm:
            Deliveries to track before acting on the news.

        foreign:
            Deliveries that this client's store never saw booked or read. Somebody
            else's, or booked before the store was there.

        rejected:
            Why nothing was believed, if nothing was.

    .. versionadded:: 0.2.0
    """

    answer: WebhookAnswer
    events: tuple[Event, ...] = ()
    repeated: int = 0
    changes: tuple[Change, ...] = ()
    confirm: tuple[DeliveryId, ...] = ()
    foreign: tuple[DeliveryId, ...] = ()
    rejected: WebhookRejectedError | None = None


def receive(
    provider: Webhooks,
    request: WebhookRequest,
    now: datetime,
    tracker: Tracker,
) -> Received:
    """
    Verify, parse, deduplicate and fold *request*.

    Never raises for what a stranger sends; what the store raises goes on, so that
    the carrier is not told that its news was taken.
    """
    try:
        webhook = provider.receive(request, now)
    except WebhookRejectedError as error:
        if error.reason == "unconfigured":
            # Whoever mounted the receiver sees only an answer that the carrier gets.
            _LOGGER.warning("%s", error)
        # Its frames hold the body, and whoever keeps the error would keep them.
        rejected = error.with_traceback(None)
        return Received(answer=WebhookAnswer(status=error.status), rejected=rejected)
    new: list[Event] = []
    changes: list[Change] = []
    for event in webhook.events:
        change = _observe(event, webhook, tracker, now)
        if change is not None:
            changes.append(change)
        if change is not None or (event.snapshot is None and tracker.first(event.id)):
            new.append(event)
    return Received(
        answer=webhook.answer or _TAKEN,
        events=tuple(new),
        repeated=len(webhook.events) - len(new),
        changes=tuple(changes),
        confirm=_confirm(webhook, new, changes),
        foreign=tuple({one.after.delivery.id: None for one in changes if not one.after.asked}),
    )


def _observe(event: Event, webhook: Webhook, tracker: Tracker, now: datetime) -> Change | None:
    told = event.snapshot
    if told is None:
        return None
    if told.as_of > now and not webhook.verified:
        # Whoever made it up must not have the last word for years.
        told = attrs.evolve(told, as_of=now)
    return tracker.observe(Observation(id=event.id, delivery=told, verified=webhook.verified))


def _confirm(webhook: Webhook, new: list[Event], changes: list[Change]) -> tuple[DeliveryId, ...]:
    wanted = {webhook.confirm: None} if webhook.confirm is not None and new else {}
    return tuple(wanted | {one.after.delivery.id: None for one in changes if one.anomalies})
