"""
What a carrier's support asks for, collected and kept without anything personal.

A :class:`Journal` is an observer that keeps what it is told of calls and of
deliveries; ``client.support_case(delivery)`` makes a :class:`SupportCase` of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from doorstep.support._case import SupportCase, build_case
from doorstep.support._journal import Journal
from doorstep.support._values import Absence, History, Step, TimelineEntry

if TYPE_CHECKING:
    from doorstep.support._sqlite import SqliteJournal

__all__ = [
    "Absence",
    "History",
    "Journal",
    "SqliteJournal",
    "Step",
    "SupportCase",
    "TimelineEntry",
    "build_case",
]


def __getattr__(name: str) -> Any:
    if name != "SqliteJournal":
        msg = f"module 'doorstep.support' has no attribute {name!r}"
        raise AttributeError(msg)
    # Loaded when first used: most shops need no database.
    value = import_module("doorstep.support._sqlite").SqliteJournal
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
