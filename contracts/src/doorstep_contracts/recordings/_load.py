"""
From files to recordings: strict, so that a misspelt key is not silently nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from doorstep.outcome import Effect, Outcome, Repeat
from doorstep_contracts.flows import NOW
from doorstep_contracts.recordings._checks import (
    WrongError,
    a_flag,
    a_list,
    a_text,
    a_time,
    an_object,
    an_origin,
    headers,
    once,
    one_of,
    texts,
)
from doorstep_contracts.recordings._format import (
    MISSING,
    Expected,
    Origin,
    RecordedExchange,
    RecordedRequest,
    RecordedResponse,
    Recording,
    RecordingError,
)
from doorstep_contracts.recordings._neutral import operation_named, read_neutral

__all__ = ["load", "load_folder", "read"]

_NEEDED = ("origin", "source", "date", "api_version", "note", "operation")
_ALLOWED = (
    *_NEEDED,
    *("redacted", "negative", "at", "arguments", "request", "response", "exchanges"),
    *("lacks", "unlike", "expected", "observed"),
)
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
#: One of these says what must come of it.
_OUTCOMES = frozenset({"value", "error", "events"})
_OF_ERRORS = frozenset({"booked", "fields", "params", "http_status"})


def load_folder(folder: Path) -> dict[str, Recording]:
    """
    Read every ``.json`` of *folder*, by name. Files of any other kind are left alone.

    Raises:
        RecordingError:
            One of them is wrong, or there is none.
    """
    found = {path.stem: load(path) for path in sorted(folder.glob("*.json"))}
    if not found:
        raise RecordingError(folder.name, "$", "is a folder without a recording")
    return found


def load(path: Path) -> Recording:
    """
    Read one recording.

    Raises:
        RecordingError:
            It is wrong; the file and the path in it are named.
    """
    try:
        data = json.loads(path.read_text("utf-8"), object_pairs_hook=once)
    except ValueError as error:
        raise RecordingError(path.name, "$", f"is not JSON: {error}") from None
    return read(data, path.stem)


def read(data: Any, name: str) -> Recording:
    """
    Return the recording that *data* is; *name* is for errors.

    Raises:
        RecordingError:
            It is wrong.
    """
    try:
        return _Reader(an_object(data, "$", _ALLOWED, _NEEDED)).recording(name)
    except WrongError as wrong:
        raise RecordingError(f"{name}.json", *wrong.args) from None
    except ValueError as wrong:
        path, rule = wrong.args if len(wrong.args) == 2 else ("$", str(wrong))
        raise RecordingError(f"{name}.json", path, rule) from None


class _Reader:
    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    def recording(self, name: str) -> Recording:
        data = self._data
        made = Recording(
            name=name,
            origin=an_origin(data["origin"]),
            source=a_text(data["source"], "$.source"),
            date=self._optional_text("date"),
            api_version=self._optional_text("api_version"),
            note=self._optional_text("note"),
            redacted=texts(data.get("redacted", []), "$.redacted"),
            negative=a_flag(data.get("negative", False), "$.negative"),
            operation=a_text(data["operation"], "$.operation"),
            at=NOW if data.get("at") is None else a_time(data["at"], "$.at"),
            arguments=self._arguments(),
            exchanges=self._exchanges(),
            lacks=texts(data.get("lacks", []), "$.lacks"),
            unlike=self._optional_text("unlike"),
            expected=_expected(data.get("expected")),
            observed=data.get("observed"),
        )
        _check(made)
        return made

    def _optional_text(self, name: str) -> str | None:
        value = self._data.get(name)
        found = None if value is None else a_text(value, f"$.{name}")
        if name == "date" and found is not None and not _DATE.fullmatch(found):
            raise WrongError("$.date", "must be a date, a month or a year")
        return found

    def _arguments(self) -> Mapping[str, Any] | None:
        given = self._data.get("arguments")
        if given is None:
            return None
        if self._data["operation"] == "receive":
            return an_object(given, "$.arguments", ())
        operation = operation_named(self._data["operation"])
        if operation is None:
            raise WrongError("$.operation", "is none of a provider's, nor receive")
        needed = set(operation.parameters) - operation.optional
        return an_object(given, "$.arguments", tuple(operation.parameters), tuple(needed))

    def _exchanges(self) -> tuple[RecordedExchange, ...]:
        data = self._data
        if "exchanges" in data:
            if "request" in data or "response" in data:
                raise WrongError("$.exchanges", "stands beside request or response")
            given = a_list(data["exchanges"], "$.exchanges")
            return tuple(_exchange(one, f"$.exchanges[{at}]") for at, one in enumerate(given))
        if data.get("request") is None and data.get("response") is None:
            return ()
        return (_exchange({key: data.get(key) for key in ("request", "response")}, "$"),)


def _check(made: Recording) -> None:
    """
    Compare the parts with each other.
    """
    receives = made.operation == "receive"
    answered = receives or any(one.response is not None for one in made.exchanges)
    if not receives and operation_named(made.operation) is None:
        raise WrongError("$.operation", "is none of a provider's, nor receive")
    if not made.replayable and not (made.note or "").strip():
        raise WrongError("$.note", "must say why there are no arguments")
    if made.replayable and answered and made.expected is None:
        raise WrongError("$.expected", "is missing: nobody knows what must come of it")
    # What is refused before anything is asked has an error, and no exchange.
    refused = made.expected is not None and made.expected.error and not made.exchanges
    if not answered and made.expected is not None and not refused:
        raise WrongError("$.expected", "stands without an answer")
    if made.replayable and not made.exchanges and not refused:
        raise WrongError("$.exchanges", "are missing")
    if made.unlike is not None and made.origin is Origin.SANDBOX:
        raise WrongError("$.unlike", "is not for real traffic: that request must be the provider's")
    if made.origin is Origin.SANDBOX and made.date is None:
        raise WrongError("$.date", "is missing: real traffic has one")
    _check_outcome(made, receives=receives)


def _check_outcome(made: Recording, *, receives: bool) -> None:
    expected = made.expected
    if (
        made.negative
        and made.replayable
        and not (expected is not None and (expected.error or expected.never))
    ):
        raise WrongError("$.expected", "must be an error or have never: it must not be believed")
    if expected is None:
        return
    if receives and expected.value is not MISSING:
        raise WrongError("$.expected.value", "is not for webhooks: they have events")
    if not receives and expected.events is not None:
        raise WrongError("$.expected.events", "are of webhooks alone")
    operation = operation_named(made.operation)
    if expected.value is not MISSING and operation is not None:
        read_neutral(operation.result, expected.value, "$.expected.value")


def _exchange(data: Any, path: str) -> RecordedExchange:
    an_object(data, path, ("request", "response", "supplied"))
    request, response = data.get("request"), data.get("response")
    return RecordedExchange(
        request=None if request is None else _request(request, f"{path}.request"),
        response=None if response is None else _response(response, f"{path}.response"),
        supplied=a_flag(data.get("supplied", False), f"{path}.supplied"),
    )


def _request(data: Any, path: str) -> RecordedRequest:
    """
    Read a request; what has no method is its body alone.
    """
    if not (isinstance(data, dict) and "method" in data and "path" in data):
        return RecordedRequest(body=data)
    an_object(data, path, ("method", "path", "headers", "body", "text", "effect", "repeat"))
    _only_one_body(data, path)
    method = a_text(data["method"], f"{path}.method")
    return RecordedRequest(
        method=method,
        path=a_text(data["path"], f"{path}.path"),
        headers=headers(data.get("headers", {}), f"{path}.headers"),
        body=data.get("body", MISSING),
        text=None if data.get("text") is None else a_text(data["text"], f"{path}.text"),
        effect=one_of(Effect, data.get("effect"), f"{path}.effect"),
        repeat=one_of(Repeat, data.get("repeat"), f"{path}.repeat"),
    )


def _response(data: Any, path: str) -> RecordedResponse:
    an_object(data, path, ("status", "headers", "body", "text"), ("status",))
    _only_one_body(data, path)
    return RecordedResponse(
        status=_status(data["status"], f"{path}.status"),
        headers=headers(data.get("headers", {}), f"{path}.headers"),
        body=data.get("body", MISSING),
        text=data.get("text"),
    )


def _status(value: Any, path: str) -> int:
    if type(value) is not int or not 100 <= value <= 599:
        raise WrongError(path, "must be a status of HTTP")
    return value


def _only_one_body(data: Mapping[str, Any], path: str) -> None:
    if "body" in data and "text" in data:
        raise WrongError(path, "has both a body and a text")
    if type(data.get("text", "")) is not str:
        raise WrongError(f"{path}.text", "must be text")


def _expected(data: Any) -> Expected | None:
    if data is None:
        return None
    path = "$.expected"
    an_object(data, path, (*_OUTCOMES, *_OF_ERRORS, "confirm", "never"))
    kinds = _OUTCOMES & set(data)
    if len(kinds) > 1 or not (kinds or "never" in data):
        raise WrongError(path, "must have one of value, error and events, or never")
    if "error" not in data and _OF_ERRORS & set(data):
        raise WrongError(path, f"has {min(_OF_ERRORS & set(data))} without an error")
    if "events" not in data and "confirm" in data:
        raise WrongError(f"{path}.confirm", "is of events alone")
    fields, status = data.get("fields"), data.get("http_status")
    return Expected(
        value=data.get("value", MISSING),
        error=None if data.get("error") is None else a_text(data["error"], f"{path}.error"),
        booked=one_of(Outcome, data.get("booked"), f"{path}.booked"),
        fields=None if fields is None else texts(fields, f"{path}.fields"),
        params=an_object(data.get("params", {}), f"{path}.params"),
        http_status=None if status is None else _status(status, f"{path}.http_status"),
        events=tuple(a_list(data["events"], f"{path}.events")) if "events" in data else None,
        confirm=data.get("confirm"),
        never=an_object(data.get("never", {}), f"{path}.never"),
    )
