"""
One operation under way: its deadlines, its socket, and what is known of its effect.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from doorstep.http._clock import Clock, SystemClock
from doorstep.http._watchdog import WATCHDOG
from doorstep.outcome import Effect, Outcome

if TYPE_CHECKING:
    import socket

_SYSTEM_CLOCK = SystemClock()


class Call:
    """
    Follow one operation from its first request to its last.

    The deadline runs from here on and covers everything: waiting for a thread,
    tokens, repeats, the last byte of the answer. Name resolution cannot be cut
    short; it is waited for.

    Args:
        operation:
            Its name: ``quote``, ``dispatch``, ...

        deadline_s:
            Seconds that it may take in all.

        recovery_s:
            Seconds for the reads that find out what happened, from the first
            of them on, even when the deadline has passed.

        call_id:
            Unique for each call; made here when absent.

        reference, revision:
            The caller's id of what is dispatched, for errors.

        delivery_id:
            The delivery that it is about, for errors.

        if_unknown:
            What to do if nobody knows what came of it; by default, to look
            *reference* up.

        clock:
            Who tells the time; the session's when absent.

    .. versionadded:: 0.1.0
    """

    __slots__ = (
        "__weakref__",
        "_aborted",
        "_created_at",
        "_cut",
        "_event",
        "_lock",
        "_recovery_until",
        "_socket",
        "_until",
        "_watched",
        "attempts",
        "base_url",
        "call_id",
        "clock",
        "deadline_s",
        "delivery_id",
        "doubtful",
        "effect",
        "if_unknown",
        "looked",
        "once",
        "operation",
        "outcome",
        "pending",
        "recovery_s",
        "reference",
        "report",
        "revision",
        "sent",
        "stage_s",
        "unanswered",
    )

    def __init__(
        self,
        operation: str,
        *,
        deadline_s: float = 20.0,
        recovery_s: float = 10.0,
        call_id: str | None = None,
        reference: str | None = None,
        revision: int | None = None,
        delivery_id: str | None = None,
        if_unknown: str | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.operation = operation
        self.call_id = call_id or os.urandom(16).hex()
        self.reference = reference
        self.revision = revision
        self.delivery_id = delivery_id
        self.if_unknown = if_unknown
        self.deadline_s = deadline_s
        self.recovery_s = recovery_s
        #: Seconds of the deadline in force, for messages.
        self.stage_s = deadline_s
        #: Where the last attempt went, for messages.
        self.base_url = ""
        #: Requests given to the transport so far, tokens and repeats included.
        self.attempts = 0
        #: Whether a byte of the attempt under way was written.
        self.sent = False
        #: The effect of the attempt under way, and the largest that was sent.
        self.pending = self.effect = Effect.NOTHING
        #: Whether something with an effect was sent that must not be sent again.
        self.once = False
        #: Whether something with an effect was sent twice and nothing was read since.
        self.doubtful = False
        #: Whether the last thing with an effect was sent and got no usable answer.
        self.unanswered = False
        #: Whether reads since then have shown what there is; None if there were none.
        self.looked: bool | None = None
        #: The strongest thing that is known.
        self.outcome = Outcome.NOT_SENT
        #: Tells the observers that a call which had ended was cancelled after all.
        self.report: Callable[[], None] | None = None
        self._use_clock(clock or _SYSTEM_CLOCK)

        self._begin_unwatched()

    def _begin_unwatched(self) -> None:
        # Reentrant: a signal handler may abort the very call that it interrupted.
        self._lock = threading.RLock()
        self._event: threading.Event | None = None
        self._socket: socket.socket | None = None
        self._aborted = self._cut = self._watched = False
        self._recovery_until: float | None = None

    def _use_clock(self, clock: Clock) -> None:
        self.clock = clock
        self._created_at = clock.monotonic()
        self._until = self._created_at + self.deadline_s

    def start(self, clock: Clock) -> None:
        """
        Go by *clock* from now on, unless it is this call's already.
        """
        if clock is not self.clock and not isinstance(clock, SystemClock):
            self._use_clock(clock)

    # --- time ------------------------------------------------------------------------

    def elapsed(self) -> float:
        """
        Return the seconds since the call was made.
        """
        return self.clock.monotonic() - self._created_at

    def remaining(self) -> float:
        """
        Return the seconds left before the deadline in force; not above zero: over.
        """
        return self._until - self.clock.monotonic()

    @property
    def expired(self) -> bool:
        """
        Whether the deadline in force has passed.
        """
        return self._cut or self.remaining() <= 0

    @property
    def aborted(self) -> bool:
        """
        Whether somebody gave the call up.
        """
        return self._aborted

    @property
    def interrupted(self) -> threading.Event:
        """
        Set when the call is aborted; sleeps wait for it.
        """
        with self._lock:
            if self._event is None:
                self._event = threading.Event()
                if self._aborted:
                    self._event.set()
            return self._event

    def abort(self) -> None:
        """
        Give the call up, from any thread: shut its socket down, wake its sleep.
        """
        with self._lock:
            self._aborted = True
            if self._event is not None:
                self._event.set()
            self._shut_down()

    def cut(self) -> None:
        """
        End the attempt under way because its deadline has come.
        """
        with self._lock:
            self._cut = True
            self._shut_down()

    # --- attempts --------------------------------------------------------------------

    def begin(self, effect: Effect, *, recovery: bool) -> None:
        """
        Start an attempt; recovery reads go by a deadline of their own.
        """
        self.attempts += 1
        self.sent = False
        self.pending = effect
        if recovery and self._recovery_until is None:
            self._recovery_until = self.clock.monotonic() + self.recovery_s
        self.choose_deadline(recovery=recovery)

    def choose_deadline(self, *, recovery: bool) -> None:
        """
        Put the deadline of recovery reads, or the ordinary one, in force.
        """
        with self._lock:
            self._cut = False
            if recovery:
                begun = self._recovery_until
                self._until = self.clock.monotonic() + self.recovery_s if begun is None else begun
                self.stage_s = self.recovery_s
            else:
                self._until = self._created_at + self.deadline_s
                self.stage_s = self.deadline_s

    def end(self, *, sent: bool, once: bool = False) -> None:
        """
        End the attempt: what was sent with an effect is unknown until the flow ends.
        """
        if sent and self.pending > Effect.NOTHING:
            self.effect = max(self.effect, self.pending)
            self.outcome = Outcome.UNKNOWN
            self.once = self.once or once
        # Last: an interrupt before it must find that something was sent.
        self.sent = False

    def take_back(self, effect: Effect) -> None:
        """
        Return to *effect*: the last attempt was refused before it was looked at.
        """
        self.effect = effect
        if effect is Effect.NOTHING:
            self.outcome = Outcome.NOT_SENT

    # --- the socket in use -----------------------------------------------------------

    def attach(self, sock: socket.socket) -> bool:
        """
        Take *sock* for the one in use; tell whether there is still time for it.

        A transport attaches every socket before it connects, and again when it
        is wrapped or used again, so that abort and deadline reach it.
        """
        with self._lock:
            self._socket = sock
            if self._aborted or self._cut:
                self._shut_down()
                return False
        if not self._watched:
            self._watched = True
            WATCHDOG.watch(self, self.remaining())
        return True

    def detach(self) -> bool:
        """
        Let the socket go; tell whether it was left alone to the end.

        False means that it was shut down meanwhile: an answer that looks
        complete may be a prefix.
        """
        if self._watched:
            self._watched = False
            WATCHDOG.let_go(self)
        with self._lock:
            self._socket = None
            return not (self._aborted or self._cut)

    def _shut_down(self) -> None:
        sock = self._socket
        if sock is None:
            return
        from socket import SHUT_RDWR, socket  # loaded with the transport

        # Not SSLSocket.shutdown: it drops the TLS layer under the thread that reads,
        # which would then take ciphertext for an answer. A socket that is not
        # connected yet, or closed, has nothing to end.
        with suppress(OSError):
            socket.shutdown(sock, SHUT_RDWR)

    def __repr__(self) -> str:
        return f"Call({self.operation!r}, {self.call_id!r})"
