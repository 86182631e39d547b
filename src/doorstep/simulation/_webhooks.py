"""
Telling shops by themselves: what carriers post, again and again until it is taken.

A carrier promises little about its webhooks, and a :class:`WebhookSender` less, if it
is told so: they come late, repeated, in any order, and about other shops' deliveries.
"""

from __future__ import annotations

import heapq
import itertools
import random
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import attrs

from doorstep.simulation._clock import SimulatorClock
from doorstep.simulation._webhook_options import WebhookOptions
from doorstep.webhooks._post import Posted, Poster

__all__ = ["SentWebhook", "WebhookSender", "WebhookTry"]

#: Real seconds between two looks at the simulator's clock, which wakes nobody.
_LOOK_S: Final = 0.01
#: How many webhooks are remembered.
_REMEMBERED: Final = 20_000


@attrs.frozen(kw_only=True)
class WebhookTry:
    """
    One time that a webhook was posted.
    """

    #: The simulator's time.
    at: datetime
    #: The answer's status; None if there was no answer.
    status: int | None
    #: What went wrong instead, as the kind of the failure.
    error: str | None


@attrs.frozen(kw_only=True)
class SentWebhook:
    """
    A webhook and what became of it.
    """

    #: Counted over the whole simulator, from 1.
    number: int
    #: The event's name, in the carrier's words.
    name: str
    #: Whether it is about a delivery of another shop.
    foreign: bool = False
    #: The body, byte for byte.
    body: bytes = attrs.field(repr=False)
    #: Headers of this one alone, a signature say.
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    #: Every time that it was posted, in order.
    tries: tuple[WebhookTry, ...] = ()

    @property
    def taken(self) -> bool:
        """
        Whether it was ever answered with 200.
        """
        return any(one.status == 200 for one in self.tries)


@attrs.frozen
class _Errand:
    """
    A webhook that is to be posted: how often it was so far, this time round.
    """

    number: int
    tried: int = 0


class WebhookSender:
    """
    Post a carrier's webhooks, from a thread of its own.

    Args:
        clock:
            The simulator's clock.

        options:
            Where to and how, to begin with.

        look:
            Called before anything is posted: lets happen what has come due by the
            clock, which may :meth:`send`.
    """

    def __init__(
        self,
        clock: SimulatorClock,
        options: WebhookOptions | None = None,
        *,
        look: Callable[[], object] = lambda: None,
    ) -> None:
        self._clock = clock
        self._look = look
        self._changed = threading.Condition()
        self._options = WebhookOptions()
        self._random = random.Random()  # noqa: S311  no secret
        self._numbers, self._places = itertools.count(1), itertools.count()
        self._errands: list[tuple[datetime, int, _Errand]] = []
        self._sent: dict[int, SentWebhook] = {}
        self._poster: Poster | None = None
        self._busy = False
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._set(options or WebhookOptions())

    @property
    def options(self) -> WebhookOptions:
        """
        Where to and how.
        """
        return self._options

    def configure(self, **changes: Any) -> WebhookOptions:
        """
        Change fields of :class:`WebhookOptions` for what happens from now on.

        Raises:
            ValueError:
                A field is wrong.

            TypeError:
                There is no such field.
        """
        changed = attrs.evolve(self._options, **changes)
        # What has come due before belongs to the options before.
        self._look()
        self._set(changed)
        return changed

    def _set(self, options: WebhookOptions) -> None:
        with self._changed:
            if options.shuffle is not None and options.shuffle != self._options.shuffle:
                self._random.seed(options.shuffle)
            self._options = options
            self._changed.notify_all()

    def send(
        self,
        name: str,
        body: bytes,
        *,
        at: datetime | None = None,
        headers: Mapping[str, str] | None = None,
        foreign: Callable[[], bytes] | None = None,
    ) -> None:
        """
        Post a webhook soon; nothing is kept while there is no URL.

        Args:
            name:
                The event's name, for :meth:`sent`.

            body:
                What is posted.

            at:
                When it happened; now when absent.

            headers:
                Of this one alone: a signature over *body*, say.

            foreign:
                Makes the same news of another shop's delivery.
        """
        with self._changed:
            if self._options.url is None:
                return
            at = at or self._clock.now()
            self._add(name, body, at, headers or {}, foreign=False)
            if foreign is not None and self._options.foreign:
                self._add(name, foreign(), at, {}, foreign=True)

    def _add(
        self, name: str, body: bytes, at: datetime, headers: Mapping[str, str], *, foreign: bool
    ) -> None:
        number = next(self._numbers)
        self._sent[number] = SentWebhook(
            number=number, name=name, foreign=foreign, body=body, headers=headers
        )
        if len(self._sent) > _REMEMBERED:
            del self._sent[next(iter(self._sent))]
        for _ in range(self._options.repeat):
            self._plan(_Errand(number), at, self._options.delay_s + self._disorder())

    def _disorder(self) -> float:
        options = self._options
        return 0.0 if options.shuffle is None else self._random.uniform(0, options.spread_s)

    def _plan(self, errand: _Errand, at: datetime, wait_s: float) -> None:
        due = at + timedelta(seconds=wait_s)
        heapq.heappush(self._errands, (due, next(self._places), errand))
        self._changed.notify_all()

    def resend(self, number: int | None = None) -> int:
        """
        Post what was sent once more, or the one *number*, and return how many that are.

        Raises:
            LookupError:
                There is no such number, or not any more.
        """
        with self._changed:
            if number is not None and number not in self._sent:
                msg = f"no webhook {number!r} was sent"
                raise LookupError(msg)
            numbers = list(self._sent) if number is None else [number]
            now = self._clock.now()
            for one in numbers:
                self._plan(_Errand(one), now, self._disorder())
            return len(numbers)

    def sent(self) -> list[SentWebhook]:
        """
        Return every webhook with its tries, in the order of what they tell.
        """
        with self._changed:
            return list(self._sent.values())

    @property
    def waiting(self) -> int:
        """
        How many posts are planned.
        """
        with self._changed:
            return len(self._errands)

    def settle(self, timeout_s: float = 10.0) -> None:
        """
        Wait until everything is posted that is due by the simulator's clock.

        Raises:
            TimeoutError:
                It was not, within *timeout_s* real seconds.
        """
        self._look()
        with self._changed:
            if not self._changed.wait_for(self._is_settled, timeout_s):
                msg = "webhooks are still under way"
                raise TimeoutError(msg)

    def _is_settled(self) -> bool:
        return not self._busy and not self._is_due()

    def _is_due(self) -> bool:
        return bool(self._errands) and self._errands[0][0] <= self._clock.now()

    def start(self) -> None:
        """
        Begin to post. Repeating is harmless.
        """
        if self._thread is None:
            self._stopping = False
            self._thread = threading.Thread(target=self._run, name="doorstep-webhooks", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """
        Post nothing more, whatever is planned, and end the one under way.
        """
        thread, self._thread = self._thread, None
        if thread is None:
            return
        with self._changed:
            self._stopping = True
            self._errands.clear()
            if self._poster is not None:
                self._poster.end()
            self._changed.notify_all()
        thread.join()

    def _run(self) -> None:
        while not self._stopping:
            if self._options.url is not None:
                self._look()
            errand = self._next()
            if errand is not None:
                self._post(errand)

    def _next(self) -> _Errand | None:
        with self._changed:
            if not self._is_due():
                # Without a URL there is nothing to look for until there is one.
                self._changed.wait(None if self._is_idle() else _LOOK_S)
                return None
            self._busy = True
            return heapq.heappop(self._errands)[2]

    def _is_idle(self) -> bool:
        return self._options.url is None and not self._stopping

    def _post(self, errand: _Errand) -> None:
        with self._changed:
            options, webhook = self._options, self._sent.get(errand.number)
            if options.url is not None and not self._stopping:
                self._poster = Poster(options.url, timeout_s=options.timeout_s)
            poster = self._poster
        posted = None
        if poster is not None and webhook is not None:
            posted = poster.post(webhook.body, {**options.headers, **webhook.headers})
        with self._changed:
            self._poster, self._busy = None, False
            if posted is not None:
                self._note(errand, posted, options)
            self._changed.notify_all()

    def _note(self, errand: _Errand, posted: Posted, options: WebhookOptions) -> None:
        webhook, now = self._sent.get(errand.number), self._clock.now()
        if webhook is None:
            return
        one = WebhookTry(at=now, status=posted.status, error=posted.error)
        self._sent[errand.number] = attrs.evolve(webhook, tries=(*webhook.tries, one))
        tried = errand.tried + 1
        if not posted.taken and tried < options.tries and not self._stopping:
            self._plan(_Errand(errand.number, tried), now, options.pause_s(tried))
