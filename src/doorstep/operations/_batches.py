"""
Many wishes in requests of a size that the carrier takes, and the truth about each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from doorstep.errors import DoorstepError
from doorstep.models import Availability, ItemOutcome, ItemResult, ItemResults
from doorstep.operations._plan import Plan
from doorstep.outcome import Outcome

#: Requests without an answer, one after the other, until the rest is not tried.
_PATIENCE = 2
#: Outcomes of wishes that had an effect, or may have had one.
_CHANGING = (ItemOutcome.APPLIED, ItemOutcome.UNKNOWN)
#: What an interrupt says of the wishes under way; by default nothing.
_OF_AN_INTERRUPT: dict[object, ItemOutcome] = {
    Outcome.NOT_SENT: ItemOutcome.NOT_SENT,
    Outcome.REJECTED: ItemOutcome.FAILED,
}


class Batches:
    """
    Wishes on their way. Run each plan, and say what came of it.

    Raises only while nothing can have been changed; from then on what goes wrong
    becomes the result of the wishes that it hit.

    Args:
        wishes:
            Each id once.

        size:
            Wishes in one request, at most.

        plan:
            Makes the operation for some of them.
    """

    def __init__(
        self,
        store: str,
        wishes: Sequence[Availability],
        size: int,
        plan: Callable[[Sequence[Availability]], Plan[list[ItemResult]]],
    ) -> None:
        self._store = store
        self._wishes = wishes
        self._size = max(1, size)
        self._plan = plan
        self._batch: Sequence[Availability] = ()
        self._results: dict[str, ItemResult] = {}
        self._in_vain = 0
        self._stopped = False
        self._error: str | None = None

    def plans(self) -> Iterator[Plan[list[ItemResult]]]:
        """
        Yield one operation after the other, until all is said or the rest is in vain.
        """
        for begin in range(0, len(self._wishes), self._size):
            if self._stopped:
                break
            self._batch = self._wishes[begin : begin + self._size]
            yield self._plan(self._batch)

    def took(self, told: list[ItemResult]) -> list[ItemResult]:
        """
        Note what the last operation returned; return the results of its wishes.

        A wish that the answer leaves out is UNKNOWN.
        """
        self._in_vain = 0
        by_id = {one.id: one for one in told}
        return self._note(
            [by_id.get(wish.id) or _result(wish, ItemOutcome.UNKNOWN) for wish in self._batch]
        )

    def failed(self, error: DoorstepError) -> list[ItemResult]:
        """
        Note that the last operation raised *error*, or raise it if nothing was changed.
        """
        changed = any(one.outcome in _CHANGING for one in self._results.values())
        if not error.maybe_booked and not changed:
            raise error
        self._error = self._error or error.code
        if error.maybe_booked:
            self._in_vain += 1
            self._stopped = self._in_vain >= _PATIENCE
            outcome = ItemOutcome.UNKNOWN
        else:
            self._stopped = True
            refused = error.booked is Outcome.REJECTED
            outcome = ItemOutcome.FAILED if refused else ItemOutcome.NOT_SENT
        return self._note([_result(wish, outcome) for wish in self._batch])

    def interrupted(self, interrupt: BaseException) -> None:
        """
        Say on *interrupt*, which ended everything, what became of every wish.

        What it says of the operation under way is not all: others were done before.
        """
        begun = [wish for wish in self._batch if wish.id not in self._results]
        outcome = _OF_AN_INTERRUPT.get(getattr(interrupt, "outcome", None), ItemOutcome.UNKNOWN)
        self._note([_result(wish, outcome) for wish in begun])
        self._error = self._error or "interrupted"
        results = self.results()
        applied, unknown = (len(results.ids(one)) for one in _CHANGING)
        try:
            if applied or unknown:
                interrupt.outcome = Outcome.UNKNOWN if unknown else Outcome.CREATED  # type: ignore[attr-defined]
            interrupt.results = results  # type: ignore[attr-defined]
            interrupt.add_note(
                f"of {len(self._wishes)} wishes {applied} were applied, {unknown} may have been"
            )
        except AttributeError:
            pass  # somebody's exception with slots

    def results(self) -> ItemResults:
        """
        Return what became of every wish.
        """
        return ItemResults(
            store=self._store,
            results=[
                self._results.get(wish.id) or _result(wish, ItemOutcome.NOT_SENT)
                for wish in self._wishes
            ],
            error=self._error,
        )

    def _note(self, results: list[ItemResult]) -> list[ItemResult]:
        self._results.update((one.id, one) for one in results)
        return results


def _result(wish: Availability, outcome: ItemOutcome) -> ItemResult:
    return ItemResult(id=wish.id, available=wish.available, outcome=outcome)
