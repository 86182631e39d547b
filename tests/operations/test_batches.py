"""
Many wishes in several requests: what is told of each is what happened to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.errors import (
    CarrierUnavailableError,
    ClientClosedError,
    DoorstepError,
    RequestRejectedError,
)
from doorstep.models import Availability, ItemOutcome, ItemResult, ItemResults
from doorstep.operations import Batches, Plan
from doorstep.outcome import Outcome

APPLIED, NOT_FOUND, FAILED, UNKNOWN, NOT_SENT = ItemOutcome
ERRORS: dict[str, DoorstepError] = {
    "refused": RequestRejectedError("was refused", http_status=400),
    "unsent": CarrierUnavailableError("could not connect"),
    "lost": CarrierUnavailableError("got no answer", booked=Outcome.UNKNOWN),
    "lost, but done": CarrierUnavailableError("got no answer", booked=Outcome.UNKNOWN),
    "closed": ClientClosedError("was asked of a client that is closed"),
}


class Server:
    """
    Does what the test says with each request, and remembers what changed.
    """

    def __init__(self, fates: Sequence[Any]) -> None:
        self._fates = list(fates)
        self.requests: list[list[str]] = []
        self.changed: set[str] = set()

    def answer(self, wishes: Sequence[Availability]) -> list[ItemResult]:
        """
        Answer one request: with an outcome for each wish, or with an error.
        """
        self.requests.append([wish.id for wish in wishes])
        fate = self._fates.pop(0) if self._fates else []
        if isinstance(fate, str):
            if fate == "lost, but done":
                self.changed |= {wish.id for wish in wishes}
            raise ERRORS[fate]
        told = []
        for place, wish in enumerate(wishes):
            outcome = fate[place] if place < len(fate) else APPLIED
            if outcome in (APPLIED, "left out"):
                self.changed.add(wish.id)
            if outcome != "left out":
                told.append(ItemResult(id=wish.id, available=wish.available, outcome=outcome))
        return told[::-1]


def wishes(count: int) -> list[Availability]:
    return [Availability(id=f"item-{number}", available=False) for number in range(count)]


def batched(count: int, size: int) -> Batches:
    def plan(batch: Sequence[Availability]) -> Plan[list[ItemResult]]:
        return Plan("set_items", lambda ctx: batch)  # type: ignore[arg-type,return-value]

    return Batches("store-1", wishes(count), size, plan)


def sent(server: Server, count: int, size: int) -> tuple[ItemResults, list[ItemResult]]:
    """
    Send *count* wishes, *size* at a time; return what is told at the end, and on the way.
    """
    on_the_way: list[ItemResult] = []
    batches = batched(count, size)
    for one in batches.plans():
        batch: Any = one.start(None)  # type: ignore[arg-type]
        try:
            on_the_way += batches.took(server.answer(batch))
        except DoorstepError as error:
            on_the_way += batches.failed(error)
    return batches.results(), on_the_way


def outcomes(results: ItemResults) -> list[ItemOutcome]:
    return [one.outcome for one in results.results]


_outcome = st.sampled_from([APPLIED, NOT_FOUND, FAILED, "left out"])
_fate = st.one_of(st.sampled_from(sorted(ERRORS)), st.lists(_outcome, max_size=3))


@given(fates=st.lists(_fate, max_size=5), count=st.integers(0, 12), size=st.integers(1, 4))
def test_f050_each_wish_is_told_what_became_of_it(fates: list[Any], count: int, size: int) -> None:
    """
    Of a partial success each id is told: applied ones changed, the others did not, or unknown.
    """
    server = Server(fates)
    try:
        told, on_the_way = sent(server, count, size)
    except DoorstepError:
        assert set() == server.changed
        return

    assert [wish.id for wish in wishes(count)] == [one.id for one in told.results]
    assert set(told.ids(APPLIED)) <= server.changed
    for untouched in (NOT_FOUND, FAILED, NOT_SENT):
        assert set() == server.changed & set(told.ids(untouched))
    asked = [one for batch in server.requests for one in batch]
    assert asked == [one.id for one in on_the_way]
    assert {*on_the_way} <= {*told.results}
    assert {one.outcome for one in told.results if one.id not in asked} <= {NOT_SENT}
    assert told.complete is (outcomes(told) == [APPLIED] * count)


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize(
    ("fate", "hit"),
    [
        ([NOT_FOUND, APPLIED], [NOT_FOUND, APPLIED]),
        ([FAILED, APPLIED], [FAILED, APPLIED]),
        (["left out", APPLIED], [UNKNOWN, APPLIED]),
        ("lost", [UNKNOWN, UNKNOWN]),
        ("lost, but done", [UNKNOWN, UNKNOWN]),
    ],
)
def test_f050_one_bad_batch_does_not_stop_the_others(
    place: int, fate: Any, hit: list[ItemOutcome]
) -> None:
    """
    What hits one request, first, middle or last, is told of its ids alone; the rest is sent.
    """
    fates: list[Any] = [[], [], []]
    fates[place] = fate
    expected = [APPLIED] * 6
    expected[2 * place : 2 * place + 2] = hit

    told, _ = sent(Server(fates), 6, 2)

    assert expected == outcomes(told)
    assert ("carrier_unavailable" if isinstance(fate, str) else None) == told.error


@pytest.mark.parametrize(
    ("fate", "hit"), [("refused", FAILED), ("unsent", NOT_SENT), ("closed", NOT_SENT)]
)
def test_f050_refusal_after_a_change_is_a_result_and_ends_it(fate: str, hit: ItemOutcome) -> None:
    """
    What was changed is told although the next request is refused; the rest is not tried.
    """
    server = Server([[], fate])

    told, _ = sent(server, 6, 2)

    assert [APPLIED, APPLIED, hit, hit, NOT_SENT, NOT_SENT] == outcomes(told)
    assert 2 == len(server.requests)
    assert ERRORS[fate].code == told.error


@pytest.mark.parametrize("fate", ["refused", "unsent", "closed"])
@pytest.mark.parametrize("before", [[], [[NOT_FOUND, FAILED]]])
def test_f050_error_while_nothing_was_changed_is_raised(fate: str, before: list[Any]) -> None:
    """
    As long as no wish had an effect, an error is an error.
    """
    server = Server([*before, fate])

    with pytest.raises(type(ERRORS[fate])):
        sent(server, 6, 2)

    assert set() == server.changed


def test_two_lost_answers_in_a_row_end_it() -> None:
    """
    A carrier that does not answer twice is not asked for the rest; an answer starts anew.
    """
    server = Server([[], "lost", [], "lost", "lost"])

    told, _ = sent(server, 14, 2)

    assert 5 == len(server.requests)
    assert [NOT_SENT] * 4 == outcomes(told)[-4:]
    assert [UNKNOWN] * 4 == outcomes(told)[6:10]


def test_results_know_their_ids_by_outcome() -> None:
    """
    What is to be sent again can be asked for, in the order of the wishes.
    """
    told, _ = sent(Server([[NOT_FOUND], "lost"]), 4, 2)

    assert ("item-2", "item-3") == told.ids(UNKNOWN)
    assert ("item-0",) == told.ids(NOT_FOUND)
    assert not told.complete
    assert attrs.evolve(told, results=()).complete


@pytest.mark.parametrize(
    ("known", "hit", "whole"),
    [
        (None, UNKNOWN, Outcome.UNKNOWN),
        (Outcome.UNKNOWN, UNKNOWN, Outcome.UNKNOWN),
        (Outcome.CREATED, UNKNOWN, Outcome.UNKNOWN),
        (Outcome.REJECTED, FAILED, Outcome.CREATED),
        (Outcome.NOT_SENT, NOT_SENT, Outcome.CREATED),
    ],
)
def test_f091_interrupt_among_many_carries_what_is_known_of_each(
    known: Outcome | None, hit: ItemOutcome, whole: Outcome
) -> None:
    """
    What was done before stays done, whatever is known of the request under way.
    """
    batches, interrupt = batched(6, 2), KeyboardInterrupt()
    if known is not None:
        interrupt.outcome = known  # type: ignore[attr-defined]
    under_way = batches.plans()
    next(under_way)
    batches.took([ItemResult(id=f"item-{n}", available=False, outcome=APPLIED) for n in (0, 1)])
    next(under_way)
    batches.interrupted(interrupt)
    told: ItemResults = interrupt.results  # type: ignore[attr-defined]

    assert [APPLIED, APPLIED, hit, hit, NOT_SENT, NOT_SENT] == outcomes(told)
    assert ("interrupted", whole) == (told.error, interrupt.outcome)  # type: ignore[attr-defined]
    unknown = 2 if hit is UNKNOWN else 0
    assert [f"of 6 wishes 2 were applied, {unknown} may have been"] == interrupt.__notes__


def test_f091_interrupt_before_the_first_request_is_not_sent() -> None:
    """
    Then nothing is said to have been changed; an exception with slots goes by as it is.
    """

    class Slotted(BaseException):
        __slots__ = ()

        def __setattr__(self, name: str, value: object) -> None:
            raise AttributeError(name)

    interrupt = KeyboardInterrupt()
    batched(2, 2).interrupted(interrupt)
    batched(2, 2).interrupted(Slotted())

    assert [NOT_SENT] * 2 == outcomes(interrupt.results)  # type: ignore[attr-defined]
    assert not hasattr(interrupt, "outcome")
