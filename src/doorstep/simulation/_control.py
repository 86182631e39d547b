"""
The control API that every simulator shares, under ``/_simulator/``.

It belongs to the simulator alone; no carrier has it.

============================================  ===================================================
request                                       what it does
============================================  ===================================================
``GET /_simulator/clock``                     tells ``now``, ``speed`` and ``stopped``
``POST /_simulator/clock``                    ``{"stop": true}``, ``{"resume": true}``,
                                              ``{"speed": 60}``, ``{"step": 300}`` (seconds),
                                              or several at once, done in this order
``GET /_simulator/faults``                    lists the ``armed`` faults and the ``known`` names
``POST /_simulator/faults``                   arms one: ``{"name": ..., "operation": ...,
                                              "times": 1}`` and the fault's parameters
``DELETE /_simulator/faults``                 disarms all; ``?name=`` only those of one name
``GET /_simulator/books``                     lists the ``deliveries`` that were really booked
``GET /_simulator/requests``                  counts the requests that arrived, by route
``POST /_simulator/deliveries/{id}/advance``  ``{"to": status}`` and the carrier's details:
                                              moves one by hand, answers its entry in the books
``GET /_simulator/webhooks``                  tells where webhooks go, and lists those ``sent``
                                              with their tries
``POST /_simulator/webhooks``                 changes fields of :class:`WebhookOptions`:
                                              ``{"url": ..., "headers": {...}, "shuffle": 7}``
``POST /_simulator/webhooks/resend``          ``{"number": 3}`` posts one once more, ``{}`` all
============================================  ===================================================

Answers are JSON. A request that makes no sense gets 400, an unknown delivery
404, an impossible move 409, each with a ``message``. Of a carrier that sends no
webhooks they are not found. Values of headers are never told.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any, Final

import attrs
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from doorstep.simulation._carrier import MoveRefusedError, SimulatedCarrier
from doorstep.simulation._clock import SimulatorClock
from doorstep.simulation._faults import FAULT_NAMES, Faults
from doorstep.simulation._journal import Journal
from doorstep.simulation._routing import Routes
from doorstep.simulation._webhooks import SentWebhook, WebhookSender

__all__ = ["Control", "PREFIX"]

#: Where the control API lives.
PREFIX: Final = "/_simulator/"

_RULES: Final = (
    Rule("/_simulator/clock", methods=["GET"], endpoint="read_clock"),
    Rule("/_simulator/clock", methods=["POST"], endpoint="set_clock"),
    Rule("/_simulator/faults", methods=["GET"], endpoint="list_faults"),
    Rule("/_simulator/faults", methods=["POST"], endpoint="arm_fault"),
    Rule("/_simulator/faults", methods=["DELETE"], endpoint="clear_faults"),
    Rule("/_simulator/books", methods=["GET"], endpoint="read_books"),
    Rule("/_simulator/requests", methods=["GET"], endpoint="read_requests"),
    Rule("/_simulator/deliveries/<delivery>/advance", methods=["POST"], endpoint="advance"),
)
_WEBHOOKS: Final = (
    Rule("/_simulator/webhooks", methods=["GET"], endpoint="read_webhooks"),
    Rule("/_simulator/webhooks", methods=["POST"], endpoint="set_webhooks"),
    Rule("/_simulator/webhooks/resend", methods=["POST"], endpoint="resend_webhooks"),
)


class Control:
    """
    Answer the control API of one simulator.

    Args:
        carrier:
            Whose deliveries are read and moved.

        clock:
            The simulator's clock.

        faults:
            The faults of its server.

        journal:
            The requests its server has seen.

        webhooks:
            What posts its webhooks, if it has any.
    """

    def __init__(
        self,
        carrier: SimulatedCarrier,
        clock: SimulatorClock,
        faults: Faults,
        journal: Journal,
        webhooks: WebhookSender | None = None,
    ) -> None:
        self._carrier = carrier
        self._clock = clock
        self._faults = faults
        self._journal = journal
        self._webhooks = webhooks
        self._routes = Routes(_RULES if webhooks is None else (*_RULES, *_WEBHOOKS))

    def answer(self, path: str, request: Request) -> Response:
        """
        Answer one request to the control API.
        """
        match = self._routes.match(path, request.method)
        if isinstance(match, HTTPException):
            return _said(match.code or 404, {"message": match.description})
        try:
            return _said(200, self._do(match.operation, match.arguments, request))
        except LookupError as error:
            return _said(404, {"message": str(error)})
        except MoveRefusedError as error:
            return _said(409, {"message": str(error)})
        except (TypeError, ValueError, OverflowError) as error:
            return _said(400, {"message": str(error)})

    def _do(self, operation: str, arguments: Mapping[str, str], request: Request) -> object:
        if operation == "set_clock":
            return self._set_clock(_object(request))
        if operation == "arm_fault":
            self._faults.arm(**_object(request))
        elif operation == "clear_faults":
            self._faults.clear(request.args.get("name"))
        elif operation == "advance":
            return self._carrier.advance(arguments["delivery"], **_object(request))
        elif self._webhooks is not None and operation.endswith("_webhooks"):
            return self._tend(self._webhooks, operation, request)
        return self._tell(operation)

    def _tend(self, webhooks: WebhookSender, operation: str, request: Request) -> object:
        if operation == "resend_webhooks":
            return {"planned": webhooks.resend(**_object(request))}
        if operation == "set_webhooks":
            webhooks.configure(**_object(request))
        told = attrs.asdict(webhooks.options)
        url, names = told.pop("url"), sorted(told.pop("headers"))
        sent = [_sent(one) for one in webhooks.sent()]
        # A URL's query, as a header's value, may be a secret.
        shown = url and url.partition("?")[0]
        return {"url": shown, "headers": names, **told, "waiting": webhooks.waiting, "sent": sent}

    def _tell(self, operation: str) -> object:
        if operation == "read_clock":
            return self._clock.reading()
        if operation == "read_books":
            return {"deliveries": self._carrier.books()}
        if operation == "read_requests":
            return {"requests": [dataclasses.asdict(one) for one in self._journal.seen()]}
        return {"armed": self._faults.armed(), "known": FAULT_NAMES}

    def _set_clock(self, wishes: dict[str, Any]) -> object:
        unknown = sorted(wishes.keys() - {"stop", "resume", "speed", "step"})
        if unknown:
            msg = f"the clock does not know {unknown[0]!r} (it knows: stop, resume, speed, step)"
            raise ValueError(msg)
        if wishes.get("stop"):
            self._clock.stop()
        if wishes.get("resume"):
            self._clock.resume()
        if "speed" in wishes:
            self._clock.speed = wishes["speed"]
        if "step" in wishes:
            self._clock.step(wishes["step"])
        return self._clock.reading()


def _sent(webhook: SentWebhook) -> dict[str, Any]:
    told = attrs.asdict(webhook)
    body = webhook.body.decode("utf-8", "backslashreplace")
    tries = [{**one, "at": one["at"].isoformat()} for one in told["tries"]]
    return {**told, "body": body, "tries": tries, "taken": webhook.taken}


def _object(request: Request) -> dict[str, Any]:
    found = json.loads(request.get_data())
    if isinstance(found, dict):
        return found
    msg = "the body must be a JSON object"
    raise ValueError(msg)


def _said(status: int, body: object) -> Response:
    return Response(json.dumps(body), status=status, content_type="application/json")
