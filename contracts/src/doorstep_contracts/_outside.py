"""
Notice when code that should be pure reads a clock, makes chance, sleeps or opens something.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["touched_by"]

#: Functions in C, by the name of their module or owner, and their own.
_FORBIDDEN = {
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "sleep"},
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "posix": {"urandom", "getpid"},
    "nt": {"urandom"},
    "_random": {"random", "getrandbits"},
    "Random": {"random", "getrandbits"},
    "_socket": {"getaddrinfo", "gethostbyname"},
    "socket": {"connect", "connect_ex", "bind", "send", "sendall"},
    "_io": {"open"},
    "io": {"open"},
}


@contextmanager
def touched_by() -> Iterator[list[str]]:
    """
    Collect what is touched inside the block, by name, each once.

    Of this thread alone; whatever profiler there was is put back.
    """
    found: list[str] = []

    def notice(frame: FrameType, event: str, arg: Any) -> None:
        if event != "c_call":
            return
        name = getattr(arg, "__name__", "")
        owner = _owner(arg)
        if name in _FORBIDDEN.get(owner, ()) and not _importing(frame):
            told = f"{owner}.{name}"
            if told not in found:
                found.append(told)

    before, collects = sys.getprofile(), gc.isenabled()
    gc.disable()  # whoever measures collections reads a clock, in whatever is running
    sys.setprofile(notice)
    try:
        yield found
    finally:
        sys.setprofile(before)
        if collects:
            gc.enable()


def _owner(function: Any) -> str:
    holder = getattr(function, "__self__", None)
    if isinstance(holder, type):
        return holder.__name__
    module = getattr(function, "__module__", None)
    return module or type(holder).__name__


def _importing(frame: FrameType | None) -> bool:
    """
    Whether a module is being loaded: that opens files, and is nobody's fault.
    """
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False
