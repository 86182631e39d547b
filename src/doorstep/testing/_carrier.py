"""
A carrier in memory, with a courier who moves when told to.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import attrs
import orjson

from doorstep.client import AsyncClient, Client
from doorstep.codec import from_json, to_json
from doorstep.http import Call, Request, Response
from doorstep.models import (
    Address,
    Changes,
    Coverage,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    Money,
    Price,
    Quote,
    RefundDecision,
    RefundReason,
    RefundStatus,
    Related,
    Relation,
    Status,
)
from doorstep.testing._clock import ManualClock
from doorstep.testing._marketplace import FakeMarketplace
from doorstep.testing._messages import Refusal, write_each
from doorstep.testing._mishaps import Mishaps, invalid
from doorstep.testing._progress import booked, moved
from doorstep.testing._provider import FakeProvider, webhook_of
from doorstep.testing._registry import FakeRegistry
from doorstep.testing._services import CourierRating, Visits, beginning_with
from doorstep.webhooks import WebhookRequest

_CANCELLABLE = frozenset(
    {Status.SCHEDULED, Status.PENDING, Status.ASSIGNED, Status.TO_PICKUP, Status.AT_PICKUP}
)


class FakeCarrier(Mishaps):
    """
    Play the carrier in a shop's tests: no network, no waiting.

    One reference and revision is one delivery. Money and time are what the test
    says; the courier moves by :meth:`advance` alone.

    Args:
        fee:
            What every delivery costs.

        provider:
            To narrow what it can do:
            ``FakeProvider(capabilities=attrs.evolve(...))``.

        clock:
            What it and its clients take for the time.

    .. versionadded:: 0.1.0
    """

    def __init__(
        self,
        *,
        fee: Money = Money(975, "USD"),  # noqa: B008  frozen
        provider: FakeProvider = FakeProvider(),  # noqa: B008  frozen
        clock: ManualClock | None = None,
    ) -> None:
        super().__init__()
        self.fee = fee
        self.provider = provider
        self.clock = clock or ManualClock()
        self._deliveries: dict[str, Delivery] = {}
        self._requests: dict[str, DeliveryRequest] = {}
        self._refunded: set[str] = set()
        self._told = 0
        self._visits = Visits(self.clock)
        #: The shops that its marketplace shows.
        self.marketplace = FakeMarketplace(self.clock)
        #: The businesses and stores that are registered with it.
        self.registry = FakeRegistry(self.clock)
        #: What it answers when it is asked whether it goes somewhere.
        self.coverage = Coverage(covered=True)
        #: The addresses that it completes others to, each on one line.
        self.known_addresses: tuple[Address, ...] = ()

    def connect(self, **options: Any) -> Client:
        """
        Return a client of this carrier; *options* are :class:`~doorstep.Client`'s.
        """
        return Client(self.provider, pool=self, clock=self.clock, **options)

    def connect_async(self, **options: Any) -> AsyncClient:
        """
        Return an async client of this carrier.
        """
        return AsyncClient(self.provider, pool=self, clock=self.clock, **options)

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """
        Everything that was really booked, in order.
        """
        return tuple(self._deliveries.values())

    @property
    def ratings(self) -> tuple[CourierRating, ...]:
        """
        How couriers were rated: the last rating of each, for each delivery.
        """
        return self._visits.ratings

    def advance(self, delivery: DeliveryId | str, status: Status) -> Delivery:
        """
        Let the delivery be in *status* now.

        From ``ASSIGNED`` on it has a courier and etas, ten minutes from stop to stop.

        Args:
            delivery:
                Its id, or the text of it.

        Raises:
            doorstep.errors.ValidationError:
                There is no such delivery, or that is no status.
        """
        if not isinstance(status, Status):
            raise invalid("status", "must be a Status")
        now = self._keep(moved(self._booked(delivery), status, self.clock.now()))
        self._visits.moved(now)
        return now

    def webhook(self, delivery: DeliveryId | str) -> WebhookRequest:
        """
        Return the webhook by which the carrier tells how the delivery is now.

        Hand it to ``Client.receive``, or replay it to the shop's own server. Two
        calls are two events.

        Args:
            delivery:
                Its id, or the text of it.

        Raises:
            doorstep.errors.ValidationError:
                There is no such delivery.
        """
        self._told += 1
        return webhook_of(self._booked(delivery), self._told)

    # --- what the driver calls -------------------------------------------------------

    def send(self, request: Request, base_url: str, call: Call) -> Response:
        """
        Answer a request in memory.
        """
        try:
            return self._met(lambda: self._response(200, self._handle(request)))
        except Refusal as refusal:
            return self._response(refusal.status, refusal.body)

    def close(self) -> None:
        """
        Do nothing: there is no connection.
        """

    def _booked(self, delivery: DeliveryId | str) -> Delivery:
        own = DeliveryId.parse(delivery) if isinstance(delivery, str) else delivery
        found = self._deliveries.get(own.value) if isinstance(own, DeliveryId) else None
        if found is None or found.id != own:
            raise invalid("delivery", "must be the id of a delivery that was booked here")
        return found

    def _handle(self, request: Request) -> bytes:
        target = urlsplit(request.target)
        query, body = dict(parse_qsl(target.query)), request.body or b""
        first, *rest = [unquote(one) for one in target.path.strip("/").split("/")]
        if first == "marketplace":
            return self.marketplace.answer(request.method, rest, body)
        if first == "businesses":
            return self.registry.answer(request.method, rest, query, body)
        if first == "coverage":
            return _told(self.coverage)
        if first == "addresses":
            return write_each(beginning_with(query["text"], self.known_addresses))
        if first == "quotes":
            return _told(self._quote(from_json(body, DeliveryRequest)))
        if not rest:
            return _told(self._book(orjson.loads(body)))
        old = self._deliveries.get(rest[0])
        if old is None:
            raise Refusal(404, "delivery_not_found")
        return self._about(old, request.method, rest[1:], body)

    def _about(self, old: Delivery, method: str, segments: list[str], body: bytes) -> bytes:
        if segments[:1] == ["couriers"]:
            return self._visits.answer(old, segments[1:], body)
        if segments == ["redelivery"]:
            return _told(self._redeliver(old, orjson.loads(body)))
        if segments == ["cancel"]:
            return _told(self._cancel(old))
        if segments == ["refunds"]:
            return _told(self._refund(old, RefundReason(orjson.loads(body))))
        if method == "PATCH":
            return _told(self._change(old, from_json(body, Changes)))
        return _told(old)

    def _quote(self, request: DeliveryRequest) -> Quote:
        now = self.clock.now()
        return Quote(
            provider=self.provider.name,
            account=self.provider.account,
            reference=request.reference,
            revision=request.revision,
            token=_key(request),
            price=Price(total=self.fee),
            created_at=now,
            expires_at=now + timedelta(minutes=5),
            binding=True,
        )

    def _book(self, wish: dict[str, Any]) -> Delivery:
        request = from_json(wish["request"], DeliveryRequest)
        key = _key(request)
        if wish["max_fee"] and from_json(wish["max_fee"], Money) < self.fee:
            raise Refusal(422, "fee_exceeded")
        return self._booked_once(request, key)

    def _booked_once(self, request: DeliveryRequest, key: str) -> Delivery:
        # Compared with what was asked for, so that a later tip makes no other request of it.
        if self._requests.setdefault(key, request) != request:
            raise Refusal(409, "duplicate", existing=to_json(self._deliveries[key]))
        return self._deliveries.get(key) or self._keep(self._new(request))

    def _redeliver(self, old: Delivery, wish: dict[str, Any]) -> Delivery:
        if not old.status.terminal:
            raise Refusal(409, "not_modifiable", reason=old.status.value)
        request = attrs.evolve(self._requests[old.id.value], **wish)
        key = _key(request)
        if key in self._deliveries:
            raise Refusal(409, "duplicate", existing=to_json(self._deliveries[key]))
        new = self._booked_once(request, key)
        original = Related(delivery_id=old.id, relation=Relation.ORIGINAL)
        return self._keep(attrs.evolve(new, related=[original]))

    def _new(self, request: DeliveryRequest) -> Delivery:
        own = DeliveryId(self.provider.name, self.provider.account, _key(request))
        support_ref = str(len(self._deliveries) + 1)
        return booked(request, own, self.fee, self.clock.now(), support_ref)

    def _cancel(self, old: Delivery) -> Delivery:
        if old.status in _CANCELLABLE:
            old = self.advance(old.id, Status.CANCELLED)
        if old.status is not Status.CANCELLED:
            raise Refusal(409, "not_cancellable", reason=old.status.value)
        return old

    def _change(self, old: Delivery, changes: Changes) -> Delivery:
        if old.status.terminal and changes.tip is None:
            raise Refusal(409, "not_modifiable", reason=old.status.value)
        new = attrs.evolve(old, tip=changes.tip or old.tip, as_of=self.clock.now())
        return self._keep(new)

    def _keep(self, delivery: Delivery) -> Delivery:
        self._deliveries[delivery.id.value] = delivery
        return delivery

    def _refund(self, old: Delivery, reason: RefundReason) -> RefundDecision:
        if old.id.value in self._refunded:
            return RefundDecision(status=RefundStatus.ALREADY_REFUNDED, reason=reason)
        if not old.status.terminal:
            return RefundDecision(status=RefundStatus.DENIED, reason=reason)
        self._refunded.add(old.id.value)
        return RefundDecision(status=RefundStatus.FULL, reason=reason, delivery_fee=self.fee)

    def _response(self, status: int, body: bytes) -> Response:
        now = self.clock.now()
        return Response(status=status, body=body, sent_at=now, received_at=now)


def _key(request: DeliveryRequest) -> str:
    return f"{request.reference}~{request.revision}"


def _told(value: object) -> bytes:
    return to_json(value).encode()
