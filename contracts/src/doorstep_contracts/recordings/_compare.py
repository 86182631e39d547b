"""
What came of a replay, compared with what its file expects.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from doorstep.http import Request
from doorstep.models import Event
from doorstep.provider import Provider
from doorstep.webhooks import Webhook
from doorstep_contracts.recordings._format import (
    MISSING,
    Expected,
    RecordedRequest,
    Recording,
    RecordingError,
)
from doorstep_contracts.recordings._neutral import operation_named, read_neutral, write_neutral
from doorstep_contracts.recordings._replay import Replayed, replay, responses, told_by

__all__ = ["problems"]


def problems(recording: Recording, provider: Provider) -> list[str]:
    """
    Say in which ways a replay is not what *recording* expects; none is good.

    Compared are the neutral value, without the carrier's own answer in it, or the
    error; and every request that is known with method, path and canonical body.
    """
    played = replay(recording, provider)
    found = [*_count(recording, played), *_requests(recording, played)]
    if recording.expected is not None:
        found += _outcome(recording, recording.expected, played)
    return found


def _count(recording: Recording, played: Replayed) -> Iterator[str]:
    known, asked = len(responses(recording.exchanges, recording.at)), len(played.requests)
    complete = recording.operation != "receive" and recording.expected is not None
    if complete and played.unanswered:
        last = played.requests[-1]
        yield f"asks {last.method} {last.path.route} after the {known} recorded answers"
    elif complete and asked < known:
        yield f"asks {asked} times; {known} answers are recorded"


def _requests(recording: Recording, played: Replayed) -> Iterator[str]:
    if recording.operation == "receive" or recording.unlike is not None:
        return
    for at, exchange in enumerate(recording.exchanges):
        told = exchange.request
        if told is None or exchange.supplied:
            continue
        if at >= len(played.requests):
            yield f"request {at + 1} is not sent"
            continue
        yield from _request(f"request {at + 1}", told, played.requests[at], recording.lacks)


def _request(
    where: str, told: RecordedRequest, sent: Request, lacks: tuple[str, ...]
) -> Iterator[str]:
    if told.method is not None and told.method != sent.method:
        yield f"{where}: method is {sent.method}, recorded {told.method}"
    if told.path is not None and told.path != sent.target:
        yield f"{where}: path is {sent.target}, recorded {told.path}"
    for name in ("effect", "repeat"):
        wanted, found = getattr(told, name), getattr(sent, name)
        if wanted is not None and wanted is not found:
            yield f"{where}: {name} is {found.name}, recorded {wanted.name}"
    if told.text is not None:
        if (sent.body or b"") != told.text.encode():
            yield f"{where}: the text of the body differs"
        return
    body = json.loads(sent.body) if sent.body else MISSING
    if told.method is None and body is MISSING:
        body = None
    if lacks and isinstance(body, dict):
        body = {key: value for key, value in body.items() if key not in lacks}
    yield from _differences(f"{where}: body", told.body, body)


def _outcome(recording: Recording, expected: Expected, played: Replayed) -> Iterator[str]:
    if expected.error is not None:
        yield from _error(expected, played)
    elif played.error is not None:
        if expected.value is not MISSING or expected.events is not None:
            yield f"raises {played.error.code}: {played.error}"
        return
    elif played.value is MISSING:
        return  # told already: it asks for more
    elif expected.events is not None:
        events, confirm = told_by(played.value)
        known = [write_neutral(_event(recording, one)) for one in expected.events]
        yield from _differences("events", known, events)
        yield from _differences("confirm", expected.confirm, confirm)
    elif expected.value is not MISSING:
        operation = operation_named(recording.operation)
        if operation is None:
            return
        wanted = read_neutral(operation.result, expected.value, "$.expected.value")
        yield from _differences("value", write_neutral(wanted), write_neutral(played.value))
    yield from _never(expected, played)


def _never(expected: Expected, played: Replayed) -> Iterator[str]:
    if played.value is MISSING:
        return
    told = played.value
    value = told_by(told)[0] if isinstance(told, Webhook) else write_neutral(told)
    for path, unwanted in expected.never.items():
        if _at(value, path) == unwanted:
            yield f"value.{path} is {unwanted!r}, which nobody should believe"


def _error(expected: Expected, played: Replayed) -> Iterator[str]:
    error = played.error
    if error is None:
        what = "goes on" if played.value is MISSING else f"returns {type(played.value).__name__}"
        yield f"{what}; expected the error {expected.error}"
        return
    if error.code != expected.error:
        yield f"raises {error.code}, expected {expected.error}: {error}"
    if expected.booked is not None and error.booked is not expected.booked:
        yield f"error says booked={error.booked.value}, expected {expected.booked.value}"
    fields = tuple(one.path for one in getattr(error, "fields", ()))
    if expected.fields is not None and fields != expected.fields:
        yield f"error names the fields {list(fields)}, expected {list(expected.fields)}"
    status = getattr(error, "http_status", None)
    if expected.http_status is not None and status != expected.http_status:
        yield f"error names the status {status}, expected {expected.http_status}"
    for name, wanted in expected.params.items():
        if error.params.get(name) != wanted:
            yield f"error has {name}={error.params.get(name)!r}, expected {wanted!r}"


def _event(recording: Recording, data: Any) -> Event:
    try:
        found: Event = read_neutral(Event, data, "$.expected.events")
    except ValueError as wrong:
        raise RecordingError(f"{recording.name}.json", *wrong.args) from None
    return found


def _at(value: Any, path: str) -> Any:
    for name in path.split("."):
        if isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        elif isinstance(value, dict):
            value = value.get(name, MISSING)
        else:
            return MISSING
    return value


def _differences(path: str, wanted: Any, found: Any) -> Iterator[str]:
    """
    Yield where two JSON values differ; 1, 1.0 and true are three.
    """
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in sorted(wanted.keys() | found.keys(), key=str):
            inner = (wanted.get(key, MISSING), found.get(key, MISSING))
            yield from _differences(f"{path}.{key}", *inner)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for at, pair in enumerate(zip(wanted, found, strict=True)):
            yield from _differences(f"{path}[{at}]", *pair)
    elif type(wanted) is not type(found) or wanted != found:
        yield f"{path} is {_short(found)}, expected {_short(wanted)}"


def _short(value: Any) -> str:
    text = repr(value) if value is MISSING else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:117]}..."
