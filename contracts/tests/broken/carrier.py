"""
Acme's simulated carrier without a socket: the broken providers are judged by the hundred.
"""

from __future__ import annotations

import io
import json
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import attrs
from doorstep_acme.simulator import AcmeOptions
from doorstep_acme.simulator._server import _RULES, AcmeCarrier
from werkzeug.wrappers import Request as WerkzeugRequest

from doorstep.http import Call, Request, Response, path
from doorstep.simulation import SimulatorClock
from doorstep.simulation._routing import Routes
from doorstep.testing import FakeMarketplace, FakeRegistry, ManualClock
from doorstep.testing._messages import Refusal
from doorstep.webhooks import WebhookRequest
from doorstep_contracts.carriers import Booked

__all__ = ["InProcess", "ShopInProcess", "TickingClock"]

#: Nobody listens there: what is sent is taken from the sender, which never starts.
_NOWHERE = "http://127.0.0.1:9/webhooks"
_ROUTES = Routes(_RULES)
_PHOTO = b"\x89PNG\r\n\x1a\n"


class TickingClock(ManualClock):
    """
    A clock that goes on by a millisecond whenever it is read, as clocks do.
    """

    def now(self) -> datetime:
        """
        Return a later time than before.
        """
        self.step(0.001)
        return super().now()


class InProcess:
    """
    Acme's rules, asked in the same thread. Nothing but the wire is left out.
    """

    def __init__(self) -> None:
        self.clock = TickingClock()
        self._time = SimulatorClock(self.clock.now(), speed=0)
        self.acme = AcmeCarrier(AcmeOptions(webhook_url=_NOWHERE), self._time)
        self._heard = 0

    @property
    def settings(self) -> dict[str, str]:
        """
        The credentials of the account.
        """
        return {"api_key": self.acme.api_key, "webhook_secret": self.acme.webhook_secret}

    def transport(self) -> InProcess:
        """
        Return itself, which needs no connection.
        """
        return self

    def send(self, request: Request, base_url: str, call: Call) -> Response:
        """
        Answer *request* as the carrier would.
        """
        asked_at = self.clock.now()
        match = _ROUTES.match(request.path.encoded, request.method)
        if isinstance(match, Exception):
            return Response(status=404, body=b"{}", sent_at=asked_at, received_at=asked_at)
        answer = self.acme.answer(match.operation, match.arguments, _arrived(request))
        return Response(
            status=answer.status_code,
            headers={name.lower(): text for name, text in answer.headers.items()},
            body=answer.get_data(),
            sent_at=asked_at,
            received_at=self.clock.now(),
        )

    def books(self) -> list[Booked]:
        """
        Return what was really booked.
        """
        return [
            Booked(
                id=one["id"],
                live=one["live"],
                fee=one["fee"],
                tip=one["tip"],
                currency=one["currency"],
            )
            for one in self.acme.books()
        ]

    def pass_time(self, seconds: float) -> None:
        """
        Step the carrier's clock, and let happen what has come due.
        """
        self._time.step(seconds)
        self.acme.books()

    def webhooks(self) -> list[WebhookRequest]:
        """
        Return the webhooks since the last time.
        """
        self.acme.books()
        sent = self.acme.webhooks.sent()
        new, self._heard = sent[self._heard :], len(sent)
        return [WebhookRequest(headers=dict(one.headers), body=one.body) for one in new]

    def close(self) -> None:
        """
        Hold nothing.
        """


class ShopInProcess(InProcess):
    """
    The same carrier with a marketplace and a register of businesses beside it, whose
    couriers take a photo of what they delivered.
    """

    def __init__(self) -> None:
        super().__init__()
        self.marketplace = FakeMarketplace(self.clock)
        self.marketplace.add_store("store-1", items=("soup", "bread"), options=("spicy",))
        self.registry = FakeRegistry(self.clock)

    def send(self, request: Request, base_url: str, call: Call) -> Response:
        """
        Answer what is asked of the shop's side, and leave the rest to Acme.
        """
        first, *rest = [unquote(one) for one in request.path.encoded.strip("/").split("/")]
        if first == "jobs" and rest[1:] == ["proof"]:
            job = attrs.evolve(request, path=path("/jobs/{id}", id=rest[0]))
            return _photo(super().send(job, base_url, call))
        if first not in ("marketplace", "businesses"):
            return super().send(request, base_url, call)
        status = 200
        try:
            body = self._about_the_shop(first, rest, request)
        except Refusal as refused:
            status, body = refused.status, refused.body
        now = self.clock.now()
        return Response(status=status, body=body, sent_at=now, received_at=now)

    def _about_the_shop(self, first: str, rest: list[str], request: Request) -> bytes:
        body = request.body or b""
        if first == "marketplace":
            return self.marketplace.answer(request.method, rest, body)
        return self.registry.answer(request.method, rest, dict(request.query), body)


def _photo(job: Response) -> Response:
    """
    Return the photo of the job that *job* is the answer about.
    """
    if job.status != 200:
        return job
    if json.loads(job.body)["state"] != "done":
        return attrs.evolve(job, status=404, body=b'{"code": "no_proof"}')
    return attrs.evolve(job, headers={"content-type": "image/png"}, body=_PHOTO)


def _arrived(request: Request) -> WerkzeugRequest:
    body = request.body or b""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(request.path.encoded),
        "QUERY_STRING": "",
        "SERVER_NAME": "carrier",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
    }
    for name, text in request.headers.items():
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = text
    return WerkzeugRequest(environ)
