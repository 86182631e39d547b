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
from doorstep.errors import FieldProblem, RateLimitedError, RequestRejectedError, ValidationError
from doorstep.http import Call, Request, Response, TransportError
from doorstep.models import (
    Changes,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    DeliveryStop,
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
from doorstep.testing._progress import moved
from doorstep.testing._provider import FakeProvider, knows, webhook_of
from doorstep.webhooks import WebhookRequest

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
        self._told = 0
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
            raise _invalid("status", "must be a Status")
        return self._keep(moved(self._booked(delivery), status, self.clock.now()))

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

    def refuse_next(
        self,
        error: type[RequestRejectedError],
        reason: str | None = None,
        *,
        retry_after_s: float | None = None,
    ) -> None:
        """
        Refuse the next request, so that the client raises *error*.

        Args:
            error:
                A refusal of ``doorstep.errors``. What is none has a method of its
                own: :meth:`lose_next_answer`, :meth:`refuse_connection`.

            reason:
                The carrier's word for why: the error's ``params["reason"]``.

            retry_after_s:
                With ``RateLimitedError``: seconds to wait.

        Raises:
            doorstep.errors.ValidationError:
                That is no refusal, or it does not go with *retry_after_s*.
        """
        if not (isinstance(error, type) and issubclass(error, RequestRejectedError)):
            raise _invalid("error", "must be a RequestRejectedError or a class below it")
        if not knows(error):
            raise _invalid("error", "must be a class of doorstep.errors")
        if retry_after_s is not None and not issubclass(error, RateLimitedError):
            raise _invalid("retry_after_s", "goes with RateLimitedError alone")
        told = {"error": error.code, "reason": reason, "retry_after_s": retry_after_s}
        # Never 429, which the driver would wait for and repeat.
        self._next.append(lambda request, act: self._answer(422, told))

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

    def _booked(self, delivery: DeliveryId | str) -> Delivery:
        own = DeliveryId.parse(delivery) if isinstance(delivery, str) else delivery
        found = self._deliveries.get(own.value) if isinstance(own, DeliveryId) else None
        if found is None or found.id != own:
            raise _invalid("delivery", "must be the id of a delivery that was booked here")
        return found

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
        # Compared with what was asked for, so that a later tip makes no other request of it.
        if self._requests.setdefault(key, request) != request:
            existing = to_json(self._deliveries[key])
            return self._answer(409, {"error": "duplicate", "existing": existing})
        return self._value(self._deliveries.get(key) or self._keep(self._new(request, key)))

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
            return self._answer(409, {"error": "not_cancellable", "reason": old.status.value})
        return self._value(old)

    def _change(self, old: Delivery, changes: Changes) -> Response:
        if old.status.terminal and changes.tip is None:
            return self._answer(409, {"error": "not_modifiable", "reason": old.status.value})
        new = attrs.evolve(old, tip=changes.tip or old.tip, as_of=self.clock.now())
        return self._value(self._keep(new))

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

    def _value(self, value: object) -> Response:
        return self._response(200, to_json(value).encode())

    def _answer(self, status: int, body: dict[str, Any]) -> Response:
        return self._response(status, orjson.dumps(body))

    def _response(self, status: int, body: bytes) -> Response:
        now = self.clock.now()
        return Response(status=status, body=body, sent_at=now, received_at=now)


def _invalid(name: str, rule: str) -> ValidationError:
    return ValidationError("fake carrier was asked wrongly", fields=(FieldProblem(name, rule),))
