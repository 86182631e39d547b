"""
A carrier in memory, with a courier who moves when told to.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs
import orjson

from doorstep.client import AsyncClient, Client
from doorstep.codec import from_json, to_json
from doorstep.errors import ProviderError
from doorstep.http import Call, Request, Response, TransportError
from doorstep.models import (
    Actor,
    Changes,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    DeliveryStop,
    End,
    EndReason,
    Goods,
    Money,
    Price,
    Quote,
    RefundDecision,
    RefundReason,
    RefundStatus,
    Status,
    StopKind,
)
from doorstep.testing._clock import ManualClock
from doorstep.testing._provider import FakeProvider

_ENDS = {
    Status.DELIVERED: (EndReason.COMPLETED, Actor.COURIER, Goods.DELIVERED),
    Status.PARTIALLY_DELIVERED: (EndReason.DELIVERY_FAILED, Actor.COURIER, Goods.UNKNOWN),
    Status.RETURNED: (EndReason.COMPLETED, Actor.COURIER, Goods.RETURNED),
    Status.FAILED: (EndReason.DELIVERY_FAILED, Actor.COURIER, Goods.WITH_CARRIER),
    Status.CANCELLED: (EndReason.REQUESTED, Actor.CALLER, Goods.NEVER_COLLECTED),
}
_CANCELLABLE = frozenset(
    {Status.SCHEDULED, Status.PENDING, Status.ASSIGNED, Status.TO_PICKUP, Status.AT_PICKUP}
)


class FakeCarrier:
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
        self.fee = fee
        self.provider = provider
        self.clock = clock or ManualClock()
        self._deliveries: dict[str, Delivery] = {}
        self._requests: dict[str, DeliveryRequest] = {}
        self._refunded: set[str] = set()
        self._next: list[Callable[[Request, Callable[[], Response]], Response]] = []

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

    def advance(self, delivery: DeliveryId, status: Status) -> Delivery:
        """
        Let the delivery be in *status* now.
        """
        end = None
        if status.terminal:
            reason, actor, goods = _ENDS[status]
            end = End(at=self.clock.now(), reason=reason, actor=actor, goods=goods)
        old = self._deliveries[delivery.value]
        new = attrs.evolve(
            old, status=status, raw_status=status.value, end=end, as_of=self.clock.now()
        )
        self._deliveries[delivery.value] = new
        return new

    def lose_next_answer(self) -> None:
        """
        Do what the next request asks, and let its answer be lost.
        """

        def lose(request: Request, act: Callable[[], Response]) -> Response:
            act()
            raise TransportError("reset", sent=True)

        self._next.append(lose)

    def refuse_connection(self) -> None:
        """
        Let the next request find nobody: nothing is sent, nothing is done.
        """

        def refuse(request: Request, act: Callable[[], Response]) -> Response:
            raise TransportError("connect", sent=False)

        self._next.append(refuse)

    def refuse_next(self, error: type[ProviderError]) -> None:
        """
        Refuse the next request, so that the client raises *error*.
        """
        self._next.append(lambda request, act: self._answer(422, {"error": error.code}))

    # --- what the driver calls -------------------------------------------------------

    def send(self, request: Request, base_url: str, call: Call) -> Response:
        """
        Answer a request in memory.
        """
        if self._next:
            return self._next.pop(0)(request, lambda: self._handle(request))
        return self._handle(request)

    def close(self) -> None:
        """
        Do nothing: there is no connection.
        """

    def _handle(self, request: Request) -> Response:
        body = request.body or b""
        segments = request.path.encoded.strip("/").split("/")
        if segments == ["quotes"]:
            return self._value(self._quote(from_json(body, DeliveryRequest)))
        if segments == ["deliveries"]:
            return self._book(orjson.loads(body))
        old = self._deliveries.get(segments[1])
        if old is None:
            return self._answer(404, {"error": "delivery_not_found"})
        if segments[2:] == ["cancel"]:
            return self._cancel(old)
        if segments[2:] == ["refunds"]:
            return self._value(self._refund(old, RefundReason(orjson.loads(body))))
        if request.method == "PATCH":
            return self._change(old, from_json(body, Changes))
        return self._value(old)

    def _quote(self, request: DeliveryRequest) -> Quote:
        now = self.clock.now()
        return Quote(
            provider=self.provider.name,
            account=self.provider.account,
            reference=request.reference,
            revision=request.revision,
            token=f"{request.reference}~{request.revision}",
            price=Price(total=self.fee),
            created_at=now,
            expires_at=now + timedelta(minutes=5),
            binding=True,
        )

    def _book(self, wish: dict[str, Any]) -> Response:
        request = from_json(wish["request"], DeliveryRequest)
        key = f"{request.reference}~{request.revision}"
        if wish["max_fee"] and from_json(wish["max_fee"], Money) < self.fee:
            return self._answer(422, {"error": "fee_exceeded"})
        if self._requests.setdefault(key, request) != request:
            return self._answer(409, {"error": "duplicate"})
        if key not in self._deliveries:
            self._deliveries[key] = self._new(request, key)
        return self._value(self._deliveries[key])

    def _new(self, request: DeliveryRequest, key: str) -> Delivery:
        kinds = [StopKind.PICKUP, *(StopKind.DROPOFF for _ in request.dropoffs)]
        stops = [DeliveryStop(kind=kind) for kind in kinds]
        return Delivery(
            id=DeliveryId(self.provider.name, self.provider.account, key),
            reference=request.reference,
            revision=request.revision,
            status=Status.PENDING,
            raw_status=Status.PENDING.value,
            as_of=self.clock.now(),
            stops=stops,
            price=Price(total=self.fee),
            tip=request.tip,
            support_ref=str(len(self._deliveries) + 1),
        )

    def _cancel(self, old: Delivery) -> Response:
        if old.status in _CANCELLABLE:
            old = self.advance(old.id, Status.CANCELLED)
        if old.status is not Status.CANCELLED:
            return self._answer(409, {"error": "not_cancellable"})
        return self._value(old)

    def _change(self, old: Delivery, changes: Changes) -> Response:
        if old.status.terminal and changes.tip is None:
            return self._answer(409, {"error": "not_modifiable"})
        new = attrs.evolve(old, tip=changes.tip or old.tip, as_of=self.clock.now())
        self._deliveries[old.id.value] = new
        return self._value(new)

    def _refund(self, old: Delivery, reason: RefundReason) -> RefundDecision:
        if old.id.value in self._refunded:
            return RefundDecision(status=RefundStatus.ALREADY_REFUNDED, reason=reason)
        if not old.status.terminal:
            return RefundDecision(status=RefundStatus.DENIED, reason=reason)
        self._refunded.add(old.id.value)
        return RefundDecision(status=RefundStatus.FULL, reason=reason, delivery_fee=self.fee)

    def _value(self, value: object) -> Response:
        return self._response(200, to_json(value).encode())

    def _answer(self, status: int, body: dict[str, str]) -> Response:
        return self._response(status, orjson.dumps(body))

    def _response(self, status: int, body: bytes) -> Response:
        now = self.clock.now()
        return Response(status=status, body=body, sent_at=now, received_at=now)
