"""
What DoorDash tells by itself.

A webhook is not signed: DoorDash sends back, word for word, the ``Authorization``
that the merchant typed into the portal. So news that end a delivery or move money
ask for a look. It has no id either; one is made of what it says. A message without
``created_at`` is dated when it comes, has its place in that order, and can be a later
one that is taken for a repetition: it asks for a look as well.

Source:
    DoorDash, "Webhooks", "Webhook fields" and "Refund webhooks"; names come in
    capitals from the sandbox and in small letters in the documents, and which status
    an event stands for is our reading of their texts.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Final

import attrs
import orjson

from doorstep.codec import decode
from doorstep.errors import InvalidAnswerError, ValidationError, WebhookRejectedError
from doorstep.models import (
    Delivery,
    DeliveryId,
    Event,
    EventKind,
    Milestone,
    Money,
    Raw,
    RefundDecision,
    RefundReason,
    RefundStatus,
)
from doorstep.secret import Secret
from doorstep.webhooks import Webhook, WebhookRequest
from doorstep_doordash._mapping import CANCELLED, ENDS, STATUSES, known_money, to_delivery
from doorstep_doordash._settings import DoorDashSettings
from doorstep_doordash._webhook_wire import AmountDetails, Message, RefundData
from doorstep_doordash._wire import Answer

__all__ = ["EVENTS", "News", "receive"]


@attrs.frozen
class News:
    """
    What an event says of the delivery by its name alone.

    Args:
        status:
            The status that it stands for; empty if it stands for none.

        milestone:
            What happened beside the status.

        doubtful:
            Whether it may be the end, which the documents do not say.
    """

    status: str = ""
    milestone: Milestone | None = None
    doubtful: bool = False

    @property
    def kind(self) -> EventKind:
        """
        What it is about.
        """
        if self.status:
            return EventKind.STATUS
        return EventKind.OTHER if self.milestone is None else EventKind.MILESTONE

    @property
    def may_end(self) -> bool:
        """
        Whether nothing should be done about it before a look.
        """
        return self.doubtful or bool(self.status and STATUSES[self.status].terminal)


#: By the name in small letters. There is none for a Dasher who drops out.
EVENTS: Final = {
    "delivery_created": News("created"),
    "dasher_confirmed": News("confirmed"),
    "dasher_enroute_to_pickup": News("enroute_to_pickup"),
    "dasher_confirmed_pickup_arrival": News("arrived_at_pickup"),
    "dasher_picked_up": News("picked_up"),
    "dasher_enroute_to_dropoff": News("enroute_to_dropoff"),
    "dasher_confirmed_dropoff_arrival": News("arrived_at_dropoff"),
    "dasher_dropped_off": News("delivered"),
    "delivery_cancelled": News(CANCELLED),
    "delivery_return_initialized": News("enroute_to_return"),
    "dasher_enroute_to_return": News("enroute_to_return"),
    "dasher_confirmed_return_arrival": News("arrived_at_return"),
    "delivery_returned": News("returned"),
    "delivery_batched": News(milestone=Milestone.BATCHED),
    "dasher_completed_shopping": News(milestone=Milestone.SHOPPING_COMPLETED),
    "dasher_attempted_delivery": News(milestone=Milestone.ATTEMPT_FAILED),
    "parcel_labeled": News(),
    "parcel_scanned": News(),
    "parcel_received_to_redeliver": News(),
    "parcel_return_to_merchant": News(doubtful=True),
    "parcel_lost_in_transit": News(doubtful=True),
}
_REFUND: Final = News(milestone=Milestone.REFUND)
#: The name of a refund webhook that has none.
_NAMELESS: Final = "refund"

_SHARED: Final = tuple(
    {field.name for field in attrs.fields(Message)}
    & {field.name for field in attrs.fields(Answer)} - {"external_delivery_id"}
)


def receive(
    request: WebhookRequest, now: datetime, account: str, settings: DoorDashSettings
) -> Webhook:
    """
    Verify and parse *request*.

    Raises:
        doorstep.errors.WebhookRejectedError:
            It is no POST, does not have the account's word on it, or is no message.
    """
    if request.method != "POST":
        raise WebhookRejectedError("got a webhook that is no POST", reason="method", status=405)
    verified = _check_sender(request, settings)
    found = _webhook(request.body, now, account, verified)
    if isinstance(found, WebhookRejectedError):
        raise found
    return found


def _webhook(
    body: bytes, now: datetime, account: str, verified: bool
) -> Webhook | WebhookRejectedError:
    """
    Parse *body*.

    What is wrong is returned, not raised: an error keeps the frame, with all that was told.
    """
    try:
        message, raw = decode(body, Message)
    except InvalidAnswerError as error:
        return _unreadable("that cannot be read", error.params["path"])
    refund = _refund(message, raw)
    name: Any = message.event_name or (_NAMELESS if refund else None)
    news = _REFUND if refund else EVENTS.get(str(name).lower(), News())
    delivery = _delivery_id(message, account)
    at = message.created_at or now
    try:
        event = Event(
            id=_event_id(message, name, account, body),
            synthesized_id=True,
            kind=EventKind.REFUND if refund else news.kind,
            name=name,
            delivery_id=delivery,
            snapshot=_snapshot(message, raw, news, delivery, at) if delivery else None,
            refund=refund,
            occurred_at=at,
            raw=raw,
        )
    except ValidationError:
        return _unreadable("that names no event", "$.event_name")
    doubtful = refund or news.may_end or message.created_at is None
    return Webhook(events=(event,), confirm=delivery if doubtful else None, verified=verified)


def _unreadable(what: str, path: str) -> WebhookRejectedError:
    return WebhookRejectedError(f"got a webhook {what} @ {path}", params={"path": path})


def _check_sender(request: WebhookRequest, settings: DoorDashSettings) -> bool:
    """
    Return whether it is known to be DoorDash's; False where the account believes anybody.
    """
    known = settings.webhook_authorizations
    if not known:
        if settings.accept_unverified_webhooks:
            return False
        raise WebhookRejectedError(
            "got a webhook and cannot tell whose: no webhook_authorizations are set",
            reason="unconfigured",
            status=401,
            advice="set what the developer portal has as the authorization of the webhook",
        )
    told = _authorization(request)
    # Secrets compare in constant time; with all of them, so that no place in the row shows.
    if not sum(told == one for one in known):
        raise WebhookRejectedError(
            "got a webhook without the authorization of this account",
            reason="unauthenticated",
            status=401,
        )
    return True


def _authorization(request: WebhookRequest) -> Secret:
    told: object = request.headers.get("authorization")
    return Secret(told if type(told) is str else "")


def _event_id(message: Message, name: Any, account: str, body: bytes) -> str:
    """
    Return an id that the same message to the account always has, and no other one.

    Without ``created_at`` the very same bytes are the same message, months later too: a
    second Dasher's confirmation cannot be told from a repetition of the first one's.
    """
    at = message.created_at
    about = (str(name).lower(), message.external_delivery_id, at and at.isoformat())
    return hashlib.sha256(orjson.dumps(("doordash", account, *about)) + body).hexdigest()


def _delivery_id(message: Message, account: str) -> DeliveryId | None:
    """
    Return whose news it is; None if that is not told, or in no form that an id has.
    """
    data = message.event_data or RefundData()
    order = data.order_details
    told = (
        message.external_delivery_id
        or data.external_delivery_id
        or (order and order.external_delivery_id)
    )
    try:
        return DeliveryId("doordash", account, told)
    except ValidationError:
        return None


def _snapshot(
    message: Message, raw: Raw, news: News, delivery: DeliveryId, as_of: datetime
) -> Delivery:
    """
    Return what is told, and nothing of what is left out.
    """
    told = {name: getattr(message, name) for name in _SHARED} | {
        "external_delivery_id": delivery.value,
        # No answer is without one; here it means that nothing is told of it.
        "delivery_status": news.status or None,
        "cancellation_reason": _why(message) if news.status == CANCELLED else None,
        "dasher_dropoff_phone_number": (
            message.dasher_dropoff_phone_number or message.dasher_phone_number
        ),
    }
    beside = {news.milestone} if news.milestone else set()
    return to_delivery(Answer(**told), raw, delivery.account, as_of, beside)


def _why(message: Message) -> str | None:
    """
    Return the reason under either name; if they differ, the one that is documented.
    """
    told = [one for one in (message.cancellation_reason, message.reason) if one]
    return next((one for one in told if one in ENDS), told[0] if told else None)


def _refund(message: Message, raw: Raw) -> RefundDecision | None:
    """
    Return the refund that is told of. Whether it is all of the money is not told.
    """
    data: RefundData | None = message.event_data
    if data is None or (data.amount is None and data.amount_details is None):
        return None
    parts = data.amount_details or AmountDetails()
    known = set(RefundReason)
    return RefundDecision(
        status=RefundStatus.UNKNOWN,
        reason=RefundReason(data.reason) if data.reason in known else None,
        code=data.reason or None,
        message=data.reason_comments or None,
        order_value=_money(parts.order_value, data.currency_code),
        tip=_money(parts.tip, data.currency_code),
        delivery_fee=_money(parts.delivery_charge, data.currency_code),
        total=_money(data.amount, data.currency_code),
        raw=raw["event_data"],
    )


def _money(told: int | str | None, currency: str | None) -> Money | None:
    """
    Return an amount: cents if it is a number, as everywhere in Drive, and dollars if it
    is text with a point. Other text could be either, and is not believed.
    """
    if isinstance(told, int):
        return known_money(told, currency)
    if told is None or currency is None or "." not in told:
        return None
    try:
        found = Money.from_decimal(told, currency.upper())
    except ValidationError:
        return None
    return found if found.minor >= 0 else None
