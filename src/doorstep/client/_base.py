"""
What the two clients share: the session, the deadlines, the calls.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from doorstep import http
from doorstep.capabilities import Capabilities
from doorstep.errors import ClientClosedError, SettingsError
from doorstep.http import Call, Clock, Flow, Observer, Session, Transport, drive
from doorstep.models import Cancellation, Delivery
from doorstep.operations import OPERATIONS, Operations, Plan
from doorstep.provider import Context, Provider

if TYPE_CHECKING:
    from doorstep.tracking import EventStore, Tracker
    from doorstep.webhooks import Received, WebhookRequest

T = TypeVar("T")

#: Seconds that a call may take in all, unless the caller says otherwise.
DEFAULT_DEADLINE_S = 20.0


class BaseClient:
    """
    What the two clients share: the session, the deadlines, the plans.
    """

    def __init__(
        self,
        provider: Provider,
        *,
        pool: Transport | None = None,
        clock: Clock | None = None,
        observers: Sequence[Observer] = (),
        deadline_s: float = DEFAULT_DEADLINE_S,
        deadlines: Mapping[str, float] | None = None,
        store: EventStore | None = None,
    ) -> None:
        http.check_base_url(provider.base_url)
        self._operations = Operations(provider)
        self._closed = False
        self._own_pool = pool is None
        self._session = Session(
            provider,
            http.HttpPool() if pool is None else pool,
            clock=clock,
            observers=_checked_observers(observers),
        )
        self._marketplace = self._second_session()
        self._deadline_s = _seconds("deadline_s", deadline_s)
        self._deadlines = _each_operation(deadlines or {})
        self._tracking_lock = threading.Lock()
        self._tracker: Tracker | None = None
        self._store = store
        if store is not None or self._session.observers.wants_changes:
            self._track()

    def _second_session(self) -> Session | None:
        """
        Return what the calls of the marketplace share, which signs by itself.
        """
        endpoint, first = self._operations.marketplace, self._session
        if endpoint is None:
            return None
        http.check_base_url(endpoint.base_url)
        return Session(endpoint, first.transport, clock=first.clock, observers=first.observers.all)

    @property
    def provider(self) -> str:
        """
        The provider's name.
        """
        return self._operations.provider.name

    @property
    def account(self) -> str:
        """
        The account's name.
        """
        return self._operations.provider.account

    @property
    def capabilities(self) -> Capabilities:
        """
        What this account can do; the rest is refused before the network.
        """
        return self._operations.provider.capabilities

    def _prepare(self, plan: Plan[T], deadline_s: float | None) -> tuple[Call, Callable[[], T]]:
        chosen = deadline_s if deadline_s is not None else self._deadlines.get(plan.operation)
        if self._closed:
            error = ClientClosedError("was asked of a client that is closed")
            error.locate(self.provider, self.account, plan.operation)
            raise error
        call = Call(
            plan.operation,
            deadline_s=self._deadline_s if chosen is None else _seconds("deadline_s", chosen),
            reference=plan.reference,
            revision=plan.revision,
            delivery_id=None if plan.delivery is None else str(plan.delivery),
            if_unknown=plan.if_unknown,
            clock=self._session.clock,
        )

        session = self._session if plan.endpoint is None else self._marketplace
        if session is None:
            msg = "a plan is for an endpoint that this client does not have"
            raise TypeError(msg)

        def run() -> T:
            context = Context(now=session.clock.now(), call_id=call.call_id)
            flow = _named(plan.start(context), call)
            result = drive(flow, session, call)
            if self._tracker is not None:
                _note(result, self._tracker, call)
            return result

        return call, run

    def _receive(self, request: WebhookRequest) -> Received:
        from doorstep.webhooks import receive  # many never need it

        provider = self._operations.webhooks()
        return receive(provider, request, self._session.clock.now(), self._track())

    def _track(self) -> Tracker:
        """
        Return what keeps the state of deliveries, from the first time on that it is wanted.
        """
        with self._tracking_lock:
            if self._tracker is None:
                from doorstep.tracking import MemoryEventStore, Tracker  # many never need it

                self._store = self._store or MemoryEventStore()
                self._tracker = Tracker(self._store, self._session.observers.change)
            return self._tracker


def _named(flow: Flow[T], call: Call) -> Flow[T]:
    """
    Have *call* know the delivery that *flow* returns: observers are told of it.
    """
    result = yield from flow
    told = result.delivery if isinstance(result, Cancellation) else result
    if isinstance(told, Delivery):
        call.delivery_id = str(told.id)
    return result


def _note(result: object, tracker: Tracker, call: Call) -> None:
    """
    Have *tracker* know of an answer. What was done is done, whatever the store says.
    """
    told = result.delivery if isinstance(result, Cancellation) else result
    if not isinstance(told, Delivery):
        return
    try:
        tracker.answered(told, call.call_id)
    except Exception as error:  # noqa: BLE001  the answer must reach the caller
        _warn(error)
    except BaseException as interrupt:
        interrupt.outcome = call.outcome  # type: ignore[attr-defined]
        raise


def _warn(error: Exception) -> None:
    from logging import getLogger  # seldom needed

    getLogger("doorstep").warning("an answer could not be stored: %s", type(error).__name__)


def _checked_observers(observers: Sequence[Observer]) -> tuple[Observer, ...]:
    given = tuple(observers) if isinstance(observers, Sequence) else (observers,)
    for one in given:
        if not (hasattr(one, "on_exchange") and hasattr(one, "on_call")):
            msg = f"observers need on_exchange and on_call (got {type(one).__name__})"
            raise SettingsError(msg)
    return given


def _each_operation(deadlines: Mapping[str, float]) -> dict[str, float]:
    if not isinstance(deadlines, Mapping):
        msg = f"deadlines must be operations and seconds (got {type(deadlines).__name__})"
        raise SettingsError(msg)
    unknown = sorted(set(deadlines) - OPERATIONS)
    if unknown:
        msg = f"deadlines are for {', '.join(sorted(OPERATIONS))} (got {', '.join(unknown)})"
        raise SettingsError(msg)
    return {name: _seconds(f"deadlines[{name!r}]", value) for name, value in deadlines.items()}


def _seconds(name: str, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 86_400:
        msg = f"{name} must be a number of seconds, more than 0 and less than a day"
        raise SettingsError(msg)
    return float(value)
