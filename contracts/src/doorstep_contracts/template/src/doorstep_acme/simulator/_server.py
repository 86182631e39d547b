"""
Acme on loopback: real HTTP, a clock that a test can hold, webhooks, faults on demand.
"""

from __future__ import annotations

import hmac
import itertools
import json
import secrets
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

import attrs
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from doorstep.simulation import (
    Faults,
    Journal,
    MoveRefusedError,
    SimulatorClock,
    SimulatorServer,
    UnknownDeliveryError,
    WebhookOptions,
    WebhookSender,
)
from doorstep_acme.simulator._jobs import ROUTE, Job, Jobs, RefusedError

__all__ = ["AcmeOptions", "AcmeServer"]

_RULES: Final = (
    Rule("/quotes", methods=["POST"], endpoint="quote"),
    Rule("/jobs", methods=["POST"], endpoint="book"),
    Rule("/jobs/<job>", methods=["GET"], endpoint="get"),
    Rule("/jobs/<job>", methods=["PATCH"], endpoint="change"),
    Rule("/jobs/<job>/cancel", methods=["POST"], endpoint="cancel"),
    Rule("/jobs/<job>/refunds", methods=["POST"], endpoint="refund"),
)
_WORDS: Final = {404: "not_found", 429: "too_many_requests"}


@attrs.frozen(kw_only=True)
class AcmeOptions:
    """
    How the simulated Acme behaves. Each field is an option of ``doorstep simulate acme``.

    Args:
        port:
            Where to listen; 0 takes a free one.

        speed:
            Simulated seconds for each real second.

        price:
            What every job costs, in cents.

        webhook_url:
            Where webhooks go; nowhere without it.
    """

    port: int = 0
    speed: float = 1.0
    price: int = 1999
    webhook_url: str | None = None


class AcmeCarrier:
    """
    Answer as the carrier would.
    """

    def __init__(self, options: AcmeOptions, clock: SimulatorClock) -> None:
        self.api_key = secrets.token_hex(16)
        self.webhook_secret = secrets.token_hex(16)
        self._clock = clock
        self._lock = threading.RLock()
        self._events = itertools.count(1)
        self._jobs = Jobs(clock.now, options.price, self._tell)
        self.webhooks = WebhookSender(
            clock, WebhookOptions(url=options.webhook_url), look=self.books
        )

    def rules(self) -> Sequence[Rule]:
        """
        Return the routes.
        """
        return _RULES

    def answer(self, operation: str, arguments: Mapping[str, str], request: Request) -> Response:
        """
        Check who asks, then do it.
        """
        if not hmac.compare_digest(request.headers.get("X-Api-Key", ""), self.api_key):
            return _said(401, {"code": "unauthorized"})
        try:
            with self._lock:
                return _said(200, self._do(operation, arguments.get("job", ""), request))
        except RefusedError as refused:
            return _said(refused.status, {"code": refused.code})

    def refusal(self, status: int, arguments: Mapping[str, str]) -> Response:
        """
        Return the carrier's words for *status*.
        """
        return _said(status, {"code": _WORDS.get(status, "failure")})

    def with_other_id(self, response: Response) -> Response:
        """
        Return *response* with another job's id in it.
        """
        body = json.loads(response.get_data())
        response.set_data(json.dumps({**body, "id": "another"}))
        return response

    def books(self) -> list[dict[str, Any]]:
        """
        Return every job that was booked.
        """
        with self._lock:
            return [_entry(job) for job in self._jobs.all()]

    def advance(self, delivery: str, to: str, **details: Any) -> dict[str, Any]:
        """
        Move a job by hand and return its entry in the books.
        """
        if to not in (*ROUTE, "void"):
            msg = f"a job cannot be {to!r}"
            raise MoveRefusedError(msg)
        with self._lock:
            try:
                return _entry(self._jobs.advance(delivery, to))
            except RefusedError:
                raise UnknownDeliveryError(delivery) from None

    def _do(self, operation: str, job: str, request: Request) -> dict[str, Any]:
        if operation == "get":
            return _told(self._jobs.get(job))
        if operation == "cancel":
            return _told(self._jobs.cancel(job))
        body = _object(request.get_data())
        if operation == "quote":
            return {**self._jobs.quote(body), "currency": "USD"}
        if operation == "book":
            return _told(self._jobs.book(body))
        if operation == "change":
            return _told(self._jobs.change(job, body))
        return {**self._jobs.refund(job), "currency": "USD"}

    def _tell(self, job: Job) -> None:
        name = f"job.{job.state}"
        news = {
            "event_id": f"event-{next(self._events)}",
            "event": name,
            "at": job.changed_at.isoformat(),
            "job": _told(job),
        }
        body = json.dumps(news).encode()
        signature = hmac.digest(self.webhook_secret.encode(), body, "sha256").hex()
        self.webhooks.send(name, body, at=job.changed_at, headers={"X-Acme-Signature": signature})


class AcmeServer:
    """
    Serve Acme on 127.0.0.1, for one account.
    """

    def __init__(self, options: AcmeOptions | None = None) -> None:
        options = options or AcmeOptions()
        self.clock = SimulatorClock(speed=options.speed)
        self._carrier = AcmeCarrier(options, self.clock)
        self.webhooks = self._carrier.webhooks
        self._server = SimulatorServer(
            self._carrier, clock=self.clock, port=options.port, webhooks=self.webhooks
        )

    @property
    def base_url(self) -> str:
        """
        Where it listens, once started.
        """
        return self._server.base_url

    @property
    def faults(self) -> Faults:
        """
        The faults that requests are to meet.
        """
        return self._server.faults

    @property
    def journal(self) -> Journal:
        """
        Every request that reached the server.
        """
        return self._server.journal

    def credentials(self) -> dict[str, str]:
        """
        Return the provider's settings that it accepts.
        """
        return {
            "base_url": self.base_url,
            "api_key": self._carrier.api_key,
            "webhook_secret": self._carrier.webhook_secret,
        }

    def books(self) -> list[dict[str, Any]]:
        """
        Return every job that was really booked.
        """
        return self._carrier.books()

    def advance(self, delivery: str, to: str) -> dict[str, Any]:
        """
        Move a job by hand.
        """
        return self._carrier.advance(delivery, to)

    def start(self) -> Self:
        """
        Listen, in threads of its own.
        """
        self._server.start()
        return self

    def stop(self) -> None:
        """
        Stop listening and end its threads.
        """
        self._server.stop()

    def __enter__(self) -> Self:
        """
        Start the server.
        """
        return self.start()

    def __exit__(self, *_: object) -> None:
        """
        Stop the server.
        """
        self.stop()


def _told(job: Job) -> dict[str, Any]:
    return {
        **job.body,
        "id": job.id,
        "state": job.state,
        "price": job.price,
        "tip": job.tip,
        "currency": "USD",
        "changed_at": job.changed_at.isoformat(),
        "courier": None if job.state in ("new", "void") else "courier-1",
    }


def _entry(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "status": job.state,
        "live": job.live,
        "fee": job.price,
        "tip": job.tip,
        "currency": "USD",
        "commits": 1,
        "attempts": 1,
        "refunded": job.price if job.refunded else None,
    }


def _object(data: bytes) -> dict[str, Any]:
    try:
        body = json.loads(data)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RefusedError(400, "bad_request")
    return body


def _said(status: int, body: dict[str, Any]) -> Response:
    return Response(json.dumps(body), status=status, content_type="application/json")
