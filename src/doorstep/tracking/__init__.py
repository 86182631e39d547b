"""
What happens to a delivery, out of messages that come twice, late and in any order.

:func:`fold` is the rule, as a plain function. A client keeps what it is told in
an :class:`EventStore` and folds it as it comes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from doorstep.tracking._fold import fold
from doorstep.tracking._store import EventStore, MemoryEventStore
from doorstep.tracking._tracker import Tracker
from doorstep.tracking._values import Anomaly, AnomalyKind, Change, Observation, Tracked

if TYPE_CHECKING:
    from doorstep.tracking._sqlite import SqliteEventStore

__all__ = [
    "Anomaly",
    "AnomalyKind",
    "Change",
    "EventStore",
    "MemoryEventStore",
    "Observation",
    "SqliteEventStore",
    "Tracked",
    "Tracker",
    "fold",
]


def __getattr__(name: str) -> Any:
    if name != "SqliteEventStore":
        msg = f"module 'doorstep.tracking' has no attribute {name!r}"
        raise AttributeError(msg)
    # Loaded when first used: most shops need no database.
    value = import_module("doorstep.tracking._sqlite").SqliteEventStore
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
