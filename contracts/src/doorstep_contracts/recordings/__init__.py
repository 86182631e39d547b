"""
Recordings: what a carrier once answered, kept as JSON with where it comes from.

:func:`load` reads them strictly, :func:`replay` runs an operation on one without a
socket, :func:`problems` says in which ways the outcome is not the expected one. A
:class:`Recorder` keeps what passes a transport, and a :class:`Redactor` replaces
secrets and personal data before any of it is written.
"""

from doorstep_contracts.recordings._capture import Kept, Recorder, capture
from doorstep_contracts.recordings._compare import problems
from doorstep_contracts.recordings._format import (
    Expected,
    Origin,
    RecordedExchange,
    RecordedRequest,
    RecordedResponse,
    Recording,
    RecordingError,
)
from doorstep_contracts.recordings._life import LIFE, Life
from doorstep_contracts.recordings._load import load, load_folder, read
from doorstep_contracts.recordings._redactor import Redactor
from doorstep_contracts.recordings._replay import Replayed, replay, responses, started
from doorstep_contracts.recordings._write import dumps, write

__all__ = [
    "Expected",
    "Kept",
    "LIFE",
    "Life",
    "Origin",
    "RecordedExchange",
    "RecordedRequest",
    "RecordedResponse",
    "Recorder",
    "Recording",
    "RecordingError",
    "Redactor",
    "Replayed",
    "capture",
    "dumps",
    "load",
    "load_folder",
    "problems",
    "read",
    "replay",
    "responses",
    "started",
    "write",
]
