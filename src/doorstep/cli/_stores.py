"""
The commands for a store on a marketplace: show, close, open.
"""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from doorstep.cli._money import read_duration, read_time
from doorstep.cli._shared import Account, Asking, given_by, invalid
from doorstep.cli._shop import state_parts
from doorstep.codec import to_json
from doorstep.models import CloseReason, Closing

__all__ = ["close", "reopen", "show"]


def show(
    provider: str,
    store: str,
    /,
    *,
    account: Account = "default",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Show whether a store takes orders on the marketplace, and what keeps it from it.

    Args:
        provider:
            The plugin's name.

        store:
            Your id of it.
    """
    with asking.connect(provider, account) as courier:
        state = courier.catalog.read_store(store, deadline_s=asking.deadline)
    asking.output.value(to_json(state), *state_parts(state))


def close(
    provider: str,
    store: str,
    /,
    *,
    reason: Annotated[CloseReason, Parameter(help="Why.")],
    notes: Annotated[str | None, Parameter(help="More about it, for people.")] = None,
    until: Annotated[
        str | None, Parameter(help="Open again then: 2026-11-22T18:30:00+01:00.")
    ] = None,
    for_: Annotated[
        str | None, Parameter(name="--for", help="Open again after that: 90m, 2h, 1d12h.")
    ] = None,
    account: Account = "default",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Take a store off the marketplace, at once. Closing it twice is closing it once.

    Without --until and --for the carrier decides when it opens again; the answer
    tells when, and that it is the carrier's rule.

    Args:
        provider:
            The plugin's name.

        store:
            Your id of it.
    """
    if until is not None and for_ is not None:
        raise invalid("--until", "and --for cannot both be given")
    with given_by(notes="notes", until="until", duration_s="for"):
        closing = Closing(
            reason=reason,
            notes=notes,
            until=None if until is None else read_time("--until", until),
            duration_s=None if for_ is None else read_duration("--for", for_),
        )
    with asking.connect(provider, account) as courier:
        state = courier.catalog.close_store(store, closing, deadline_s=asking.deadline)
    asking.output.value(to_json(state), *state_parts(state))


def reopen(
    provider: str,
    store: str,
    /,
    *,
    account: Account = "default",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Put a store back on the marketplace. Opening it twice is opening it once.

    Args:
        provider:
            The plugin's name.

        store:
            Your id of it.
    """
    with asking.connect(provider, account) as courier:
        state = courier.catalog.open_store(store, deadline_s=asking.deadline)
    asking.output.value(to_json(state), *state_parts(state))
