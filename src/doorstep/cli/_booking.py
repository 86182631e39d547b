"""
The commands before a delivery exists: quote, dispatch, find.
"""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

from doorstep.cli._exit import Exit
from doorstep.cli._files import read_value
from doorstep.cli._inputs import RequestOptions
from doorstep.cli._money import money
from doorstep.cli._output import Line, Output
from doorstep.cli._render import delivery_parts, quotes_parts
from doorstep.cli._shared import Account, Asking, Input, invalid
from doorstep.codec import to_json
from doorstep.errors import ProviderError
from doorstep.models import Delivery, Quote
from doorstep.outcome import Outcome, Retry

__all__ = ["dispatch", "find", "hand_over", "quote"]


def quote(
    provider: str,
    /,
    *,
    account: Account = "default",
    request: RequestOptions = RequestOptions(),  # noqa: B008  frozen
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Ask what a delivery costs. Books nothing.

    With --json each quote is one line, to be given to dispatch --quote.

    Args:
        provider:
            The plugin's name.
    """
    with asking.connect(provider, account) as courier:
        quotes = courier.quote(request.read(), deadline_s=asking.deadline)
    output = asking.output
    if not output.json:
        output.show(*quotes_parts(quotes))
        return
    for one in quotes:
        output.value(to_json(one))


def dispatch(
    provider: str,
    /,
    *,
    account: Account = "default",
    request: RequestOptions = RequestOptions(),  # noqa: B008  frozen
    quote: Annotated[
        Input | None, Parameter(help="A file with a quote for this request, as JSON; - is stdin.")
    ] = None,
    max_fee: Annotated[str | None, Parameter(help="Refuse to pay more: '12.00 USD'.")] = None,
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Book a courier. This costs money.

    Exit code 5 means that a courier may be booked: look the reference up before
    repeating it.

    Args:
        provider:
            The plugin's name.
    """
    if str(quote) == "-" == str(request.request):
        raise invalid("--quote", "and --request cannot both be read from stdin")
    limit = money("--max-fee", max_fee)
    with asking.connect(provider, account) as courier:
        wish = request.read()
        taken = None if quote is None else read_value("--quote", quote, Quote)
        booked = courier.dispatch(wish, quote=taken, max_fee=limit, deadline_s=asking.deadline)
    hand_over(booked, asking.output, "dispatch")


def find(
    provider: str,
    reference: str,
    /,
    *,
    revision: int = 1,
    account: Account = "default",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> int:
    """
    Look up what became of a reference; ask this before repeating a dispatch.

    Exits with 3 if the carrier has no delivery under it; a quote that nobody took
    is none. Just after a lost answer that may change: ask again for a while.
    Repeating the very same dispatch is safe, a new revision is not.

    Args:
        provider:
            The plugin's name.

        reference:
            Your id of the request.

        revision:
            Which attempt under the reference.
    """
    with asking.connect(provider, account) as courier:
        found = courier.find(reference, revision, deadline_s=asking.deadline)
    if found is None:
        asking.output.value("null", Line("The carrier knows no such delivery, or not yet."))
        return Exit.REFUSED
    asking.output.value(to_json(found), *delivery_parts(found))
    return Exit.OK


def hand_over(booked: Delivery, output: Output, operation: str) -> None:
    """
    Print a delivery that has been paid for; if that fails, say it where it can be seen.
    """
    problem: str | None = "stdout is closed"
    if sys.stdout is not None:
        try:
            output.value(to_json(booked), *delivery_parts(booked))
        except OSError as error:
            problem = error.strerror
        else:
            return
    failed = ProviderError(
        f"was done but could not be printed ({problem})",
        booked=Outcome.CREATED,
        retryable=Retry.LOOK_UP_FIRST,
        delivery=booked,
        advice="note the delivery below",
    )
    failed.locate(booked.id.provider, booked.id.account, operation)
    raise failed
