"""
What must be made new in a child process.
"""

from __future__ import annotations

import os
import weakref
from typing import Protocol


class Forked(Protocol):
    """
    Something with locks, threads or sockets that a child may not inherit.
    """

    def after_fork(self) -> None:
        """
        Start afresh: locks may be held by threads that do not exist here.
        """


_alive: weakref.WeakSet[Forked] = weakref.WeakSet()
_registered = False


def renew_after_fork(value: Forked) -> None:
    """
    Have ``value.after_fork()`` called in every child process, while it lives.
    """
    global _registered  # a hook of the process can be set once only
    if not _registered:
        _registered = True
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=_renew)
    _alive.add(value)


def _renew() -> None:
    for value in list(_alive):
        value.after_fork()
