"""
What must be let go of before a process forks.

SQLite keeps the locks of a process in its memory, and a child inherits that memory
but not the locks: whoever opens the file there believes to hold what nobody holds.
So no connection may be open at the moment of a fork, nor a lock of ours be held.
"""

from __future__ import annotations

import os
import threading
import weakref
from typing import Protocol


class Forking(Protocol):
    """
    Something that must not be in use while the process forks.
    """

    #: Is held over the fork, by the thread that forks. A child gets a new one.
    lock: threading.Lock

    def let_go(self) -> None:
        """
        Close what a child may not inherit. The lock is held.
        """


#: Held over a fork as well: nothing is added meanwhile.
_adding = threading.Lock()
_alive: weakref.WeakSet[Forking] = weakref.WeakSet()
_held: list[Forking] = []


def let_go_before_fork(value: Forking) -> None:
    """
    Have *value* locked and let go before every fork, while it lives.
    """
    with _adding:
        _alive.add(value)


def _before() -> None:
    _adding.acquire()
    for value in list(_alive):
        value.lock.acquire()
        _held.append(value)
        value.let_go()


def _in_parent() -> None:
    while _held:
        _held.pop().lock.release()
    _adding.release()


def _in_child() -> None:
    global _adding  # others may have waited for the old locks
    while _held:
        _held.pop().lock = threading.Lock()
    _adding = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
