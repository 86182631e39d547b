"""
From recordings to files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from doorstep_contracts.flows import NOW
from doorstep_contracts.recordings._format import (
    MISSING,
    Expected,
    RecordedExchange,
    RecordedRequest,
    RecordedResponse,
    Recording,
)
from doorstep_contracts.recordings._load import read

__all__ = ["dumps", "write"]


def dumps(recording: Recording) -> str:
    """
    Return the text of a file with *recording*; the loader would take it.

    Raises:
        RecordingError:
            It would not.
    """
    told: dict[str, Any] = {
        "origin": recording.origin.value,
        "source": recording.source,
        "date": recording.date,
        "api_version": recording.api_version,
        "note": recording.note,
        **_told(redacted=list(recording.redacted), negative=recording.negative),
        "operation": recording.operation,
    }
    if recording.at != NOW:
        told["at"] = recording.at.isoformat().replace("+00:00", "Z")
    told["arguments"] = recording.arguments
    told |= _exchanges(recording.exchanges)
    told |= _told(lacks=list(recording.lacks), unlike=recording.unlike)
    told |= _told(expected=_expected(recording.expected), observed=recording.observed)
    read(told, recording.name)
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def write(recording: Recording, folder: Path) -> Path:
    """
    Write *recording* to a new file of its name in *folder*, and return its path.

    Raises:
        FileExistsError:
            There is one: evidence is not overwritten.
    """
    text = dumps(recording)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{recording.name}.json"
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return path


def _told(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, False, [], {})}


def _exchanges(exchanges: tuple[RecordedExchange, ...]) -> dict[str, Any]:
    if len(exchanges) > 1 or any(one.supplied for one in exchanges):
        return {"exchanges": [_exchange(one) for one in exchanges]}
    if not exchanges:
        return {"request": None, "response": None}
    return {"request": None, "response": None, **_exchange(exchanges[0])}


def _exchange(exchange: RecordedExchange) -> dict[str, Any]:
    return {
        **({"supplied": True} if exchange.supplied else {}),
        "request": _request(exchange.request),
        "response": _response(exchange.response),
    }


def _request(request: RecordedRequest | None) -> Any:
    if request is None:
        return None
    if request.method is None:
        return request.body
    told = {"method": request.method, "path": request.path, **_told(headers=request.headers)}
    told |= _told(effect=_name(request.effect), repeat=_name(request.repeat))
    return {**told, **_body(request.body, request.text)}


def _response(response: RecordedResponse | None) -> Any:
    if response is None:
        return None
    told = {"status": response.status, **_told(headers=response.headers)}
    return {**told, **_body(response.body, response.text)}


def _body(body: Any, text: str | None) -> dict[str, Any]:
    told = {} if body is MISSING else {"body": body}
    return told if text is None else {"text": text}


def _expected(expected: Expected | None) -> Mapping[str, Any] | None:
    if expected is None:
        return None
    told: dict[str, Any] = {} if expected.value is MISSING else {"value": expected.value}
    if expected.error is not None:
        told |= _told(
            error=expected.error,
            booked=expected.booked.value if expected.booked else None,
            fields=list(expected.fields or ()),
            params=dict(expected.params),
            http_status=expected.http_status,
        )
    if expected.events is not None:
        told |= {"events": list(expected.events), "confirm": expected.confirm}
    return {**told, **_told(never=dict(expected.never))}


def _name(member: Enum | None) -> str | None:
    return None if member is None else member.name.lower()
