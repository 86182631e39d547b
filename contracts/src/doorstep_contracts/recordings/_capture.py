"""
From a real call to a recording.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs
import orjson

from doorstep.http import Call, Request, Response, Transport
from doorstep.provider import Provider
from doorstep_contracts.recordings._format import (
    MISSING,
    Origin,
    RecordedExchange,
    RecordedRequest,
    Recording,
    RecordingError,
)
from doorstep_contracts.recordings._redactor import Redactor
from doorstep_contracts.recordings._replay import described, replay
from doorstep_contracts.recordings._write import dumps

__all__ = ["Kept", "Recorder", "capture"]

_REDACTED = (
    "texts and numbers that are neither public fields of the provider nor times: stand-ins",
    "no header but public ones; nothing of how the requests are signed",
)


@attrs.frozen
class Kept:
    """
    One request that was answered. Real data: it is to be redacted.
    """

    request: Request = attrs.field(repr=False)
    response: Response = attrs.field(repr=False)


class Recorder:
    """
    A transport that keeps what passes through another one.

    What it keeps is real and secret. It lives in memory until :meth:`take`, and what
    asks for a grant is not kept at all.
    """

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self._lock = threading.Lock()
        self._kept: list[Kept] = []

    def send(self, request: Request, base_url: str, call: Call) -> Response:
        """
        Send *request*, and keep it with its answer.
        """
        response = self._inner.send(request, base_url, call)
        if request.signed:
            with self._lock:
                self._kept.append(Kept(request, response))
        return response

    def close(self) -> None:
        """
        Close the transport inside, and forget.
        """
        self._kept.clear()
        self._inner.close()

    def take(self) -> list[Kept]:
        """
        Return what was kept since the last time, without what the driver asked again.
        """
        with self._lock:
            kept, self._kept = self._kept, []
        return [
            one
            for at, one in enumerate(kept)
            if at + 1 == len(kept) or not _same(one.request, kept[at + 1].request)
        ]

    def __repr__(self) -> str:
        return f"<Recorder: {len(self._kept)} kept>"


def capture(
    provider: Provider,
    operation: str,
    arguments: Mapping[str, Any],
    kept: list[Kept],
    *,
    redactor: Redactor,
    source: str,
    origin: Origin = Origin.SYNTHETIC,
    api_version: str | None = None,
    note: str | None = None,
    name: str | None = None,
    at: datetime | None = None,
    stand_ins: Mapping[str, Any] | None = None,
) -> Recording:
    """
    Return the recording of one call, redacted, that replays.

    The requests in it are those that the provider makes of the stand-ins; what was
    sent in truth had the same methods and the same fields, or nothing is returned.

    Args:
        arguments:
            As neutral JSON.

        kept:
            What passed, from :meth:`Recorder.take`.

        stand_ins:
            Arguments that are stand-ins already: the quote of a redacted recording.

    Raises:
        RecordingError:
            It cannot be replayed, or private data would be left in it.
    """
    moment = at or (kept[0].response.sent_at if kept else None)
    if moment is None:
        raise RecordingError(operation, "$.exchanges", "are missing: nothing was sent")
    made = Recording(
        name=name or operation,
        origin=origin,
        source=source,
        date=moment.date().isoformat(),
        api_version=api_version,
        note=note,
        redacted=_REDACTED,
        operation=operation,
        at=moment,
        arguments={**redactor.arguments(arguments), **(stand_ins or {})},
        exchanges=tuple(_answered(one, redactor) for one in kept),
    )
    played = replay(made, provider)
    if played.unanswered or len(played.requests) != len(kept):
        raise RecordingError(made.name, "$.exchanges", "are not what a replay asks for")
    exchanges = tuple(
        attrs.evolve(exchange, request=_request(asked, one.request, made.name, redactor))
        for exchange, asked, one in zip(made.exchanges, played.requests, kept, strict=True)
    )
    whole = attrs.evolve(made, exchanges=exchanges, expected=described(played, operation))
    _check_nothing_left(whole, redactor)
    return whole


def _answered(kept: Kept, redactor: Redactor) -> RecordedExchange:
    answer = kept.response
    return RecordedExchange(response=redactor.response(answer.status, answer.headers, answer.body))


def _request(asked: Request, sent: Request, name: str, redactor: Redactor) -> RecordedRequest:
    if (asked.method, asked.path.route) != (sent.method, sent.path.route):
        raise RecordingError(name, "$.exchanges", "are not what a replay asks for")
    mine, real = _json(asked.body), _json(sent.body)
    if _shape(mine) != _shape(real):
        raise RecordingError(name, "$.request.body", "has other fields than what was sent")
    return RecordedRequest(
        method=asked.method, path=redactor.known(asked.target), body=_known(mine, redactor)
    )


def _known(value: Any, redactor: Redactor) -> Any:
    """
    Replace what is hidden wherever it stands: settings go into requests as they are.
    """
    if isinstance(value, dict):
        return {key: _known(one, redactor) for key, one in value.items()}
    if isinstance(value, list):
        return [_known(one, redactor) for one in value]
    return redactor.known(value) if isinstance(value, str) else value


def _check_nothing_left(recording: Recording, redactor: Redactor) -> None:
    """
    Look for what is private in all that came from the call; what we wrote is not searched.
    """
    told = json.loads(dumps(recording))
    for part in ("arguments", "request", "response", "exchanges", "expected"):
        for path, text in _texts(told.get(part), f"$.{part}"):
            if redactor.left(text):
                rule = "would hold private data; it is not written"
                raise RecordingError(recording.name, path, rule)


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """
    Yield every text in a JSON value, names of fields among it, with its path.
    """
    if isinstance(value, dict):
        for at, (key, one) in enumerate(value.items()):
            yield f"{path} (key {at + 1})", key
            yield from _texts(one, f"{path}.{key}")
    elif isinstance(value, list):
        for at, one in enumerate(value):
            yield from _texts(one, f"{path}[{at}]")
    elif isinstance(value, str):
        yield path, value


def _json(body: bytes | None) -> Any:
    return orjson.loads(body) if body else MISSING


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_shape(one) for one in value]
    return type(value)


def _same(one: Request, other: Request) -> bool:
    return (one.method, one.target, one.body) == (other.method, other.target, other.body)
