"""
The shop's side as rows for people. Escaping is the printer's business.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from doorstep.cli._output import Fields, Grid, Line, Part
from doorstep.cli._render import moment
from doorstep.models import (
    Business,
    Closure,
    ItemOutcome,
    ItemResults,
    Store,
    StoreState,
)

__all__ = [
    "SHOWN_IF",
    "business_parts",
    "reopening",
    "results_parts",
    "state_parts",
    "store_parts",
    "with_raw",
    "yes_or_no",
]

SHOWN_IF = "Customers see what is available only if the menu has it, too."


def yes_or_no(value: bool | None) -> str:
    """
    Return what a carrier said, or that it did not.
    """
    return "not told" if value is None else "yes" if value else "no"


def with_raw(ours: str, theirs: str | None) -> str:
    """
    Return our word, and the carrier's where it says something else.
    """
    return ours if theirs in (None, ours) else f"{ours} ({theirs})"


def state_parts(state: StoreState) -> tuple[Fields, ...]:
    """
    Show whether a store takes orders, and what keeps it from it.
    """
    longest = state.instructions_max
    return (
        Fields(
            (
                ("store", state.store),
                ("takes orders", yes_or_no(state.open)),
                ("opens again", reopening(state)),
                ("instructions", f"up to {longest} characters" if longest is not None else ""),
                *(("closed for", _closure(one)) for one in state.closures),
            )
        ),
    )


def reopening(state: StoreState) -> str:
    """
    Return when a store that is closed opens, and by whose rule; nothing if it is open.
    """
    if state.reopens_at is None:
        return "not by itself, as far as is told" if state.open is False else ""
    whose = "by the carrier's own rule" if state.reopens_by_carrier else "as was asked for"
    return f"{moment(state.reopens_at)}, {whose}"


def results_parts(results: ItemResults) -> tuple[Part, ...]:
    """
    Show every wish that was not confirmed, and how many came to what.
    """
    rest = tuple(
        (one.id, "on" if one.available else "off", _words(one.outcome), one.raw_outcome or "-")
        for one in results.results
        if one.outcome is not ItemOutcome.APPLIED
    )
    table = (Grid(("id", "wished", "outcome", "carrier's word"), rest),) if rest else ()
    return (*table, *(Line(text) for text in _summary(results)))


def business_parts(business: Business) -> tuple[Part, ...]:
    """
    Show a business, but for the carrier's raw answer.
    """
    return (
        Fields(
            (
                ("business", business.id),
                ("name", business.name or ""),
                ("description", business.description or ""),
                ("status", with_raw(business.status.value, business.raw_status)),
                ("for tests", _told(business.test)),
                ("stores", "" if business.stores is None else str(business.stores)),
                ("phone", business.phone or ""),
                ("created", moment(business.created_at)),
                ("changed", moment(business.updated_at)),
            )
        ),
    )


def store_parts(store: Store) -> tuple[Part, ...]:
    """
    Show a registered store, but for the carrier's raw answer.
    """
    return (
        Fields(
            (
                ("store", store.id),
                ("business", store.business),
                ("name", store.name or ""),
                ("address", store.address or ""),
                ("phone", store.phone or ""),
                ("status", with_raw(store.status.value, store.raw_status)),
                ("for tests", _told(store.test)),
                ("created", moment(store.created_at)),
                ("changed", moment(store.updated_at)),
            )
        ),
    )


def _summary(results: ItemResults) -> Iterator[str]:
    counts = Counter(one.outcome for one in results.results)
    words = [f"{counts.pop(ItemOutcome.APPLIED, 0)} of {len(results.results)} applied"]
    words += [f"{counts[one]} {_words(one)}" for one in ItemOutcome if one in counts]
    yield ", ".join(words)
    if results.error is not None:
        yield f"What went wrong: {results.error}"
    if {ItemOutcome.UNKNOWN, ItemOutcome.NOT_SENT} & counts.keys():
        yield "The same command again is safe: what is done stays as it is."


def _closure(closure: Closure) -> str:
    ours = closure.reason.value if closure.reason else "a reason of the carrier's"
    words = [with_raw(ours, closure.raw_reason)]
    if closure.since:
        words.append(f"since {moment(closure.since)}")
    if closure.until:
        words.append(f"until {moment(closure.until)}")
    if closure.notes:
        words.append(closure.notes)
    return ", ".join(words)


def _told(value: bool | None) -> str:
    return "" if value is None else yes_or_no(value)


def _words(outcome: ItemOutcome) -> str:
    return outcome.value.replace("_", " ")
