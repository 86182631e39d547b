"""
The thread that ends what does not end by itself.

A socket's timeout counts from one byte to the next, so a carrier that sends a byte
now and then is never too late. Only shutting the socket down at the deadline ends
a dripping answer, wherever it drips: handshake, headers, body.
"""

from __future__ import annotations

import math
import threading
import time
from typing import Protocol

from doorstep.http._fork import renew_after_fork

#: Seconds without any call before the thread ends.
_LINGER_S = 5.0


class Watched(Protocol):
    """
    What can be cut off.
    """

    def cut(self) -> None:
        """
        Shut down whatever socket is in use. Takes no time and never raises.
        """


class Watchdog:
    """
    Cut off each call at its deadline, with one thread for the whole process.

    Watching a call costs two short locked sections. The thread is woken only for
    a deadline earlier than the one it sleeps for; calls that end in time are
    forgotten without waking it.
    """

    def __init__(self) -> None:
        renew_after_fork(self)
        self.after_fork()

    def after_fork(self) -> None:
        """
        Forget everything: neither the thread nor the calls exist in a child.
        """
        # Entered by itself: a Condition is entered in Python, where an interrupt can come
        # between taking the lock and the block that gives it back.
        self._lock = threading.Lock()
        self._condition = threading.Condition(self._lock)
        self._watched: dict[Watched, float] = {}
        self._wakes_at = math.inf
        self._count = 0
        self._thread: threading.Thread | None = None

    def watch(self, call: Watched, seconds: float) -> None:
        """
        Cut *call* off after *seconds*, unless it is let go before.
        """
        at = time.monotonic() + seconds
        with self._lock:
            self._watched[call] = at
            self._count += 1
            if self._thread is None:
                self._start(at)
            elif at < self._wakes_at:
                self._wakes_at = at
                self._condition.notify()

    def let_go(self, call: Watched) -> None:
        """
        Stop watching *call*. After this it is not cut off any more.
        """
        with self._lock:
            self._watched.pop(call, None)

    def rest(self) -> None:
        """
        End the thread now if nothing is watched; it starts again when needed.
        """
        with self._lock:
            thread = self._thread
            if thread is None or self._watched:
                return
            self._thread = None
            self._condition.notify()
        if thread is not threading.current_thread():
            thread.join(1.0)

    def _start(self, at: float) -> None:
        self._wakes_at = at
        thread = threading.Thread(target=self._run, name="doorstep-watchdog", daemon=True)
        thread.start()
        # Not before: were starting interrupted, nobody would ever start another one.
        self._thread = thread

    def _run(self) -> None:
        me = threading.current_thread()
        seen = -1
        with self._lock:
            while self._thread is me:
                now = time.monotonic()
                self._cut(now)
                if self._watched:
                    self._wakes_at = min(self._watched.values())
                elif self._count == seen:
                    self._thread = None
                    return
                else:
                    self._wakes_at = now + _LINGER_S
                seen = self._count
                self._condition.wait(self._wakes_at - now)

    def _cut(self, now: float) -> None:
        due = [call for call, at in self._watched.items() if at <= now]
        for call in due:
            del self._watched[call]
            call.cut()


#: The one of this process.
WATCHDOG = Watchdog()
