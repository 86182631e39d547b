"""
Run an operation on what was recorded, and compare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import attrs
import orjson

from doorstep.errors import DoorstepError
from doorstep.http import (
    Call,
    Flow,
    Grant,
    RepeatPolicy,
    Request,
    Response,
    Session,
    drive,
)
from doorstep.provider import Provider, Webhooks
from doorstep.testing import ManualClock
from doorstep.webhooks import Webhook, WebhookRequest
from doorstep_contracts.flows import context
from doorstep_contracts.recordings._format import (
    MISSING,
    Expected,
    RecordedExchange,
    RecordedRequest,
    RecordedResponse,
    Recording,
    RecordingError,
)
from doorstep_contracts.recordings._neutral import (
    Operation,
    operation_named,
    read_neutral,
    write_neutral,
)

__all__ = ["Replayed", "described", "replay", "responses", "started", "told_by"]


@attrs.frozen(kw_only=True)
class Replayed:
    """
    What came of a replay.

    Args:
        value:
            What the operation returned; :data:`MISSING` if it did not, or was not
            asked to go on.

        error:
            What it raised.

        requests:
            What it asked, in order.

        unanswered:
            Whether it asked more than the recording answers.
    """

    value: Any = MISSING
    error: DoorstepError | None = None
    requests: tuple[Request, ...] = ()
    unanswered: bool = False


def replay(recording: Recording, provider: Provider) -> Replayed:
    """
    Run the operation of *recording* on its answers, and end as the caller would see it.

    The driver is the real one, on a clock that stands, without tokens, signatures and
    repeats. No socket.

    Raises:
        RecordingError:
            The recording is not replayable, or *provider* has no such operation.
    """
    if recording.arguments is not None and recording.operation == "receive":
        return _received(recording, provider)
    return _play(started(recording, provider)(), recording, provider)


def started(recording: Recording, provider: Provider) -> Callable[[], Flow[Any]]:
    """
    Return what starts the operation of *recording*, as often as it is called.

    Raises:
        RecordingError:
            The recording is not replayable, or *provider* has no such operation.
    """
    if recording.arguments is None:
        raise RecordingError(recording.name, "$.arguments", "are missing: it cannot be replayed")
    operation = operation_named(recording.operation)
    holder = None if operation is None else operation.of(provider)
    if operation is None or holder is None:
        rule = f"is {recording.operation!r}, which {provider.name} does not have"
        raise RecordingError(recording.name, "$.operation", rule)
    arguments = _arguments(recording, operation)
    return partial(getattr(holder, operation.name), **arguments, ctx=context(recording.at))


def _play(flow: Flow[Any], recording: Recording, provider: Provider) -> Replayed:
    answers = _Answers(responses(recording.exchanges, recording.at))
    clock = ManualClock(recording.at)
    session = Session(_Unsigned(provider), answers, clock=clock)
    value: Any = MISSING
    error = None
    try:
        value = drive(flow, session, Call(recording.operation, clock=clock))
    except DoorstepError as raised:
        error = raised
    except _NoMoreError:
        flow.close()
    asked = tuple(answers.asked)
    return Replayed(value=value, error=error, requests=asked, unanswered=answers.unanswered)


class _NoMoreError(BaseException):
    """
    The recording has no more answers. No flow and no driver may take it for a failure.
    """


class _Answers:
    """
    A transport that answers what was recorded, in order.
    """

    def __init__(self, answers: list[Response]) -> None:
        self._answers = answers
        self.asked: list[Request] = []
        self.unanswered = False

    def send(self, request: Request, base_url: str, call: Call) -> Response:
        refused = self.asked and self._answers[len(self.asked) - 1].status == 401
        if refused and request == self.asked[-1]:
            return self._answers[len(self.asked) - 1]  # the driver tries another token
        self.asked.append(request)
        if len(self.asked) > len(self._answers):
            self.unanswered = True
            raise _NoMoreError
        return self._answers[len(self.asked) - 1]

    def close(self) -> None:
        pass


class _Unsigned:
    """
    A provider as the driver sees it, that needs no token and is asked once.
    """

    def __init__(self, provider: Provider) -> None:
        self.name = provider.name
        self.account = provider.account
        self.base_url = provider.base_url
        self.public_fields = provider.public_fields
        self.repeat_policy = RepeatPolicy(retries=0)

    def grant(self, now: datetime) -> None:
        return None

    def sign(self, request: Request, now: datetime, grant: Grant | None) -> Request:
        return request


def responses(exchanges: tuple[RecordedExchange, ...], at: datetime) -> list[Response]:
    """
    Return the answers, up to the first that is not known.
    """
    found: list[Response] = []
    for one in exchanges:
        if one.response is None:
            break
        found.append(_response(one.response, at))
    return found


def described(played: Replayed, operation: str) -> Expected:
    """
    Return *played* as what is expected of it from now on.
    """
    error = played.error
    if error is not None:
        fields = tuple(one.path for one in getattr(error, "fields", ()))
        path = error.params.get("path")
        params = {"path": path} if path else {}
        return Expected(error=error.code, booked=error.booked, fields=fields or None, params=params)
    if operation == "receive":
        events, confirm = told_by(played.value)
        return Expected(events=tuple(events), confirm=confirm)
    return Expected(value=write_neutral(played.value))


def _arguments(recording: Recording, operation: Operation) -> dict[str, Any]:
    given: Mapping[str, Any] = recording.arguments or {}
    try:
        return {
            name: read_neutral(kind, given.get(name), f"$.arguments.{name}")
            for name, kind in operation.parameters.items()
        }
    except ValueError as wrong:
        raise RecordingError(f"{recording.name}.json", *wrong.args) from None


def _received(recording: Recording, provider: Provider) -> Replayed:
    if not isinstance(provider, Webhooks):
        rule = f"is 'receive', which {provider.name} does not have"
        raise RecordingError(recording.name, "$.operation", rule)
    told = recording.exchanges[0].request or RecordedRequest()
    path, _, query = (told.path or "/").partition("?")
    request = WebhookRequest(
        method=told.method or "POST",
        path=path,
        query=query,
        headers=told.headers,
        body=_content(told),
    )
    try:
        return Replayed(value=provider.receive(request, recording.at))
    except DoorstepError as error:
        return Replayed(error=error)


def _response(told: RecordedResponse, at: datetime) -> Response:
    headers = {"content-type": "application/json"} if told.text is None else {}
    return Response(
        status=told.status,
        headers={**headers, **told.headers},
        body=_content(told),
        sent_at=at,
        received_at=at,
    )


def _content(told: RecordedRequest | RecordedResponse) -> bytes:
    if told.text is not None:
        return told.text.encode()
    return b"" if told.body is MISSING else orjson.dumps(told.body)


def told_by(webhook: Webhook) -> tuple[list[Any], str | None]:
    confirm = None if webhook.confirm is None else str(webhook.confirm)
    return [write_neutral(one) for one in webhook.events], confirm
