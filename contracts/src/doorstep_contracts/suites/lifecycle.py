"""
What is promised of whole lives: anything a shop does, in any order, against the books.
"""

from __future__ import annotations

import random
from typing import Any, ClassVar

import attrs
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from doorstep import Client
from doorstep.errors import (
    NotCancellableError,
    NotModifiableError,
    OutcomeUnknownError,
    RequestRejectedError,
)
from doorstep.models import Changes, DeliveryId, DeliveryRequest, Quote, RefundReason, Status
from doorstep.tracking import AnomalyKind, MemoryEventStore
from doorstep_contracts.carriers import Booked
from doorstep_contracts.case import Case
from doorstep_contracts.effort import Effort
from doorstep_contracts.faults import FaultTransport, Lost
from doorstep_contracts.promise import promise
from doorstep_contracts.suites._contract import Contract

__all__ = ["LifecycleContract"]

_ODD = frozenset({AnomalyKind.UNLISTED, AnomalyKind.AFTER_END})


class LifecycleContract(Contract):
    """
    Random lives of deliveries, over the real client and the real server.
    """

    @promise("any", "any order of operations keeps the books right", carrier=True)
    def test_any_order_of_operations_keeps_the_books_right(
        self, case: Case, effort: Effort
    ) -> None:
        """
        Whatever a shop does in whatever order, with answers lost and webhooks shuffled:
        one delivery for each reference and revision, statuses along allowed edges, no
        refund above what was charged, cancelled twice is cancelled once.

        If this fails: read the printed steps from the top; the last one broke the
        promise that the message names. Mend _provider.py, or _mapping.py for a status.
        """
        run_state_machine_as_test(
            type("Shop", (_Shop,), {"case": case}), settings=_settings(effort)
        )


def _settings(effort: Effort) -> settings:
    return settings(
        max_examples=effort.lives,
        stateful_step_count=effort.steps,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


@attrs.define
class _Known:
    """
    What the model remembers of one reference.
    """

    request: DeliveryRequest
    id: DeliveryId | None = None
    quote: Quote | None = None
    in_doubt: bool = False
    cancelled: bool = False
    refunded: int = 0


class _Shop(RuleBasedStateMachine):
    """
    A shop that does anything.
    """

    #: What it is run on; a subclass has it.
    case: ClassVar[Case]
    references = Bundle("references")

    def __init__(self) -> None:
        super().__init__()
        case = self.case
        assert case.carrier is not None
        self.carrier = case.carrier
        self.before = {one.id for one in case.carrier.books()}
        self.known: dict[str, _Known] = {}
        self.odd: list[str] = []
        self.transport = FaultTransport(case.carrier.transport(), {})
        clock: Any = case.carrier.clock
        self.client = Client(
            case.provider,
            pool=self.transport,
            clock=clock,
            store=MemoryEventStore(),
            observers=[self],
        )
        case.carrier.webhooks()

    # --- the observer -----------------------------------------------------------------

    def on_exchange(self, exchange: object) -> None:
        """
        Take no note.
        """

    def on_call(self, summary: object) -> None:
        """
        Take no note.
        """

    def on_change(self, change: Any) -> None:
        """
        Note statuses that may not follow each other.
        """
        for one in change.after.anomalies:
            if one.kind in _ODD:
                self.odd.append(f"{one.before.value} to {one.after.value}")

    # --- what a shop does -------------------------------------------------------------

    @initialize(target=references)
    def begin(self) -> str:
        """
        Have one delivery that was booked: without one there is little to be done.
        """
        known = _Known(self.case.fresh())
        if self.case.can.quote_required:
            known.quote = self.client.quote(known.request)[0]
        known.id = self.client.dispatch(known.request, quote=known.quote).id
        self.known[known.request.reference] = known
        return known.request.reference

    @rule(target=references)
    def order(self) -> str:
        """
        A customer orders something.
        """
        request = self.case.fresh()
        self.known[request.reference] = _Known(request)
        return request.reference

    @rule(reference=references)
    def quote(self, reference: str) -> None:
        """
        Ask for the price, where nothing was booked yet.
        """
        known = self.known[reference]
        fresh = known.id is None and known.quote is None and not known.in_doubt
        if fresh and self.case.claims("quote"):
            known.quote = self.client.quote(known.request)[0]

    @rule(reference=references, lose=st.booleans())
    def dispatch(self, reference: str, lose: bool) -> None:
        """
        Book, perhaps once more, perhaps without hearing the answer.
        """
        known = self.known[reference]
        if self.case.can.quote_required and known.quote is None:
            return
        if lose:
            self.transport._faults[len(self.transport.requests) + 1] = Lost()  # noqa: SLF001
        try:
            booked = self.client.dispatch(known.request, quote=known.quote)
        except OutcomeUnknownError:
            known.in_doubt = True
        except RequestRejectedError as error:
            # Too late for the quote, or cancelled meanwhile: never for one that lives.
            assert known.id is None or known.cancelled, error
        else:
            assert known.id in (None, booked.id), "another delivery for the same reference"
            known.id, known.in_doubt = booked.id, False

    @rule(reference=references)
    def look_up(self, reference: str) -> None:
        """
        Find out what became of a dispatch without an answer.
        """
        known = self.known[reference]
        if not known.in_doubt or self.case.can.recovery != "by_reference":
            return
        found = self.client.find(reference)
        known.id, known.in_doubt = found.id if found is not None else None, False
        # What was lost may have been a refusal, as of a quote that was too old.
        assert len(self._entries()) <= self._ordered(), "what was booked is not found"

    @rule(reference=references)
    def cancel(self, reference: str) -> None:
        """
        Give it up, perhaps for the second time.
        """
        known = self.known[reference]
        if known.id is None:
            return
        try:
            told = self.client.cancel(known.id, self.case.reason)
        except NotCancellableError:
            assert not known.cancelled, "cancelled before, and now it cannot be"
        else:
            known.cancelled = known.cancelled or told.confirmed

    @rule(reference=references, cents=st.integers(1, 2000))
    def tip(self, reference: str, cents: int) -> None:
        """
        Set the tip, as long as that is possible.
        """
        known = self.known[reference]
        if known.id is None or "tip" not in self.case.can.update_fields:
            return
        try:
            self.client.update(known.id, Changes(tip=self.case.money(cents)))
        except NotModifiableError:
            return
        entry = self._entry(known.id)
        assert entry.tip in (None, cents), "the tip is not in the books"

    @rule(reference=references, reason=st.sampled_from(RefundReason))
    def refund(self, reference: str, reason: RefundReason) -> None:
        """
        Ask for money back.
        """
        known = self.known[reference]
        if known.id is None or not self.case.can.refund_request:
            return
        try:
            decision = self.client.refund(known.id, reason)
        except RequestRejectedError:
            return
        if decision.granted and decision.delivery_fee is not None:
            known.refunded += decision.delivery_fee.minor
        fee = self._entry(known.id).fee
        assert fee is None or known.refunded <= fee, "more came back than was paid"

    @rule(minutes=st.sampled_from((1, 7, 30, 600)))
    def wait(self, minutes: int) -> None:
        """
        Let the couriers ride.
        """
        self.carrier.pass_time(minutes * 60)

    @rule(seed=st.integers(0, 2**16))
    def hear(self, seed: int) -> None:
        """
        Receive what the carrier told, shuffled, half of it twice.
        """
        told = self.carrier.webhooks()
        chance = random.Random(seed)  # noqa: S311  no secret
        shuffled = told + chance.sample(told, k=len(told) // 2)
        chance.shuffle(shuffled)
        if self.case.claims("webhooks"):
            for request in shuffled:
                assert not self.client.receive(request).rejected

    @rule(reference=references)
    def track(self, reference: str) -> None:
        """
        Read it, and compare it with the books.
        """
        known = self.known[reference]
        if known.id is None:
            return
        read = self.client.track(known.id)
        entry = self._entry(known.id)
        assert read.status.terminal != entry.live or read.status is Status.UNKNOWN
        assert read.status is not Status.CANCELLED or not entry.live

    # --- what must always hold --------------------------------------------------------

    @invariant()
    def one_courier_for_each(self) -> None:
        """
        There is one delivery for each reference, and none that nobody ordered.
        """
        entries = self._entries()
        assert len(entries) <= self._ordered(), "a courier comes whom nobody ordered"
        assert all(one.commits <= 1 for one in entries), "booked twice"

    @invariant()
    def cancelled_stays_cancelled(self) -> None:
        """
        No courier comes for what was cancelled.
        """
        live = {one.id for one in self.carrier.books() if one.live}
        for known in self.known.values():
            assert not (known.cancelled and known.id and known.id.value in live)

    @invariant()
    def statuses_follow_each_other(self) -> None:
        """
        Every status may follow the one before.
        """
        assert not self.odd, f"statuses went {', '.join(self.odd)}"

    def teardown(self) -> None:
        """
        Let the connections go.
        """
        self.client.close()
        self.transport.close()

    def _entries(self) -> list[Booked]:
        return [one for one in self.carrier.books() if one.id not in self.before]

    def _ordered(self) -> int:
        return sum(bool(known.id or known.in_doubt) for known in self.known.values())

    def _entry(self, delivery: DeliveryId) -> Any:
        return next(one for one in self.carrier.books() if one.id == delivery.value)
