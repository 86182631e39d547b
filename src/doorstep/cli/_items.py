"""
The commands for what a store has: items, options.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from doorstep.cli._errors import note
from doorstep.cli._exit import Exit
from doorstep.cli._listing import show_each
from doorstep.cli._output import Output
from doorstep.cli._render import moment
from doorstep.cli._shared import Account, Asking
from doorstep.cli._shop import SHOWN_IF, results_parts, yes_or_no
from doorstep.cli._wishes import WishOptions
from doorstep.codec import to_json
from doorstep.models import Availability, ItemOutcome, ItemResult, ItemResults, ItemState

__all__ = ["items", "options"]

_HEADINGS = ("id", "available", "since", "until")


class _Change(Protocol):
    def __call__(
        self,
        store: str,
        wishes: Sequence[Availability],
        *,
        on_result: Callable[[ItemResult], None] | None = None,
        deadline_s: float | None = None,
    ) -> ItemResults: ...


def items(
    provider: str,
    store: str,
    /,
    *,
    wishes: WishOptions = WishOptions(),  # noqa: B008  frozen
    account: Account = "default",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> int:
    """
    Say which items of a store can be ordered, or show it.

    Customers see an item only if the menu has it and it is available. Many are sent
    in several requests, and --deadline is for each. Repeating it has no further
    effect. Exits with 7 if some was done and some not, with 3 if nothing was.

    Args:
        provider:
            The plugin's name.

        store:
            Your id of it.
    """
    return _run("items", provider, store, wishes, account, asking)


def options(
    provider: str,
    store: str,
    /,
    *,
    wishes: WishOptions = WishOptions(),  # noqa: B008  frozen
    account: Account = "default",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> int:
    """
    Say which options of items can be ordered, or show it.

    Options are what is chosen with an item: sizes, sauces, extras. All else is as
    for items.

    Args:
        provider:
            The plugin's name.

        store:
            Your id of it.
    """
    return _run("options", provider, store, wishes, account, asking)


def _run(
    kind: Literal["items", "options"],
    provider: str,
    store: str,
    options: WishOptions,
    account: str,
    asking: Asking,
) -> int:
    wishes = options.read()
    output = asking.output
    with asking.connect(provider, account) as courier:
        catalog = courier.catalog
        if options.show:
            read = catalog.read_items if kind == "items" else catalog.read_options
            _show(kind, read(store, deadline_s=asking.deadline), output)
            return Exit.OK
        change = catalog.set_items if kind == "items" else catalog.set_options
        results = _change(change, store, wishes, asking)
    output.value(to_json(results), *results_parts(results))
    return _exit_of(results)


def _show(kind: str, states: Sequence[ItemState], output: Output) -> None:
    rows = [
        (one, (one.id, yes_or_no(one.available), moment(one.since), moment(one.until)))
        for one in states
    ]
    show_each(output, _HEADINGS, rows, empty=f"The carrier tells of no {kind}.", after=SHOWN_IF)


def _change(
    change: _Change, store: str, wishes: Sequence[Availability], asking: Asking
) -> ItemResults:
    """
    Have *wishes* sent, and return what became of each, even if that is interrupted.
    """
    with asking.output.progress(len(wishes)) as done:
        try:
            return change(store, wishes, on_result=lambda _: done(), deadline_s=asking.deadline)
        except KeyboardInterrupt as interrupt:
            results: ItemResults | None = getattr(interrupt, "results", None)
            if results is None or _exit_of(results) is not Exit.PARTIAL:
                raise
    note("interrupted", json=asking.json)
    return results


def _exit_of(results: ItemResults) -> Exit:
    if results.complete:
        return Exit.OK
    changed = results.ids(ItemOutcome.APPLIED) or results.ids(ItemOutcome.UNKNOWN)
    return Exit.PARTIAL if changed else Exit.REFUSED
