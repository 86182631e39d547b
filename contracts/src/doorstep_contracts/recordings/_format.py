"""
A recording as values.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import attrs

from doorstep.outcome import Effect, Outcome, Repeat

__all__ = [
    "MISSING",
    "Expected",
    "Origin",
    "RecordedExchange",
    "RecordedRequest",
    "RecordedResponse",
    "Recording",
    "RecordingError",
]

#: What is not there, where None is a value.
MISSING: Any = type("Missing", (), {"__repr__": lambda _: "nothing", "__slots__": ()})()


class RecordingError(ValueError):
    """
    A recording is not what the format asks for. The text names the file and the path.
    """

    def __init__(self, name: str, path: str, rule: str) -> None:
        super().__init__(f"{name}: {path} {rule}")
        self.name = name
        self.path = path
        self.rule = rule


class Origin(StrEnum):
    """
    Where a body comes from. Only what is of the sandbox may be called recorded.
    """

    #: Real traffic.
    SANDBOX = "sandbox"
    #: Printed by the carrier.
    DOCUMENTATION = "documentation"
    #: Made up: by us, or for somebody's tests.
    SYNTHETIC = "synthetic"


@attrs.frozen(kw_only=True)
class RecordedRequest:
    """
    A request, or its body alone.

    Args:
        method, path:
            None where only the body is known; *path* with its query.

        headers:
            Of webhooks alone: what a client sends as headers is secret, or not worth it.

        body:
            JSON, or :data:`MISSING`.

        text:
            A body that is no JSON.

        effect, repeat:
            What it does, and whether it may be sent again, where that is compared.
    """

    method: str | None = None
    path: str | None = None
    headers: Mapping[str, str] = attrs.field(factory=dict)
    body: Any = MISSING
    text: str | None = None
    effect: Effect | None = None
    repeat: Repeat | None = None


@attrs.frozen(kw_only=True)
class RecordedResponse:
    """
    An answer. *body* is JSON or :data:`MISSING`, *text* what is no JSON.
    """

    status: int
    headers: Mapping[str, str] = attrs.field(factory=dict)
    body: Any = MISSING
    text: str | None = None


@attrs.frozen(kw_only=True)
class RecordedExchange:
    """
    A request and its answer, of which one may not be known.

    Args:
        supplied:
            Whether it was added by hand, so that the flow gets as far as the
            exchange that was published. It is evidence of nothing.
    """

    request: RecordedRequest | None = None
    response: RecordedResponse | None = None
    supplied: bool = False


@attrs.frozen(kw_only=True)
class Expected:
    """
    What must come of a recording: one of *value*, *error* and *events*, or *never* alone.

    Args:
        value:
            The neutral value as JSON.

        error, booked, fields, params, http_status:
            The error's ``code``, what it says of the booking, the paths of the fields
            that it names, some of its ``params``, and the status that it names.

        events, confirm:
            What a webhook tells, and which delivery is to be read before acting on it.

        never:
            By the path into the value, what must not stand there.
    """

    value: Any = MISSING
    error: str | None = None
    booked: Outcome | None = None
    fields: tuple[str, ...] | None = None
    params: Mapping[str, Any] = attrs.field(factory=dict)
    http_status: int | None = None
    events: tuple[Any, ...] | None = None
    confirm: str | None = None
    never: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Recording:
    """
    What one operation asked and was answered, and what must come of it.

    Args:
        name:
            The file's name without ``.json``.

        origin, source, date, api_version, note:
            Where it comes from, and what it is not.

        redacted:
            What was replaced before it was written.

        negative:
            Whether it must not be believed: nobody's carrier answers so.

        operation:
            As in ``client.<operation>``, or ``receive`` for webhooks.

        at:
            When the operation is played; every answer comes at that time.

        arguments:
            What starts the operation, as neutral JSON. None if that cannot be known:
            then it is evidence, and not replayed.

        exchanges:
            In order.

        lacks:
            Names of fields at the top of the request that went out and were not
            recorded.

        unlike:
            Why the request is not one that the provider would send, where it is no
            real traffic; it is not compared then.

        expected:
            None where no answer is known.

        observed:
            What else was noted; not replayed.
    """

    name: str
    origin: Origin
    source: str
    date: str | None = None
    api_version: str | None = None
    note: str | None = None
    redacted: tuple[str, ...] = ()
    negative: bool = False
    operation: str
    at: datetime
    arguments: Mapping[str, Any] | None = None
    exchanges: tuple[RecordedExchange, ...] = ()
    lacks: tuple[str, ...] = ()
    unlike: str | None = None
    expected: Expected | None = None
    observed: Any = None

    @property
    def replayable(self) -> bool:
        """
        Whether it says enough to be played.
        """
        return self.arguments is not None
