"""
The commands for a delivery that exists: track, update, cancel, refund.

Its id says which provider and account to ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from doorstep.cli._changes import ChangeOptions
from doorstep.cli._errors import note
from doorstep.cli._exit import Exit
from doorstep.cli._output import Fields, Grid, Line
from doorstep.cli._render import (
    cancellation_parts,
    change_line,
    delivery_parts,
)
from doorstep.cli._shared import Asking, invalid
from doorstep.codec import to_json
from doorstep.models import CancelReason, DeliveryId, RefundReason, RefundStatus
from doorstep.refunds import decision_lines, refund_reasons, refund_texts

if TYPE_CHECKING:
    from doorstep.client import Client

__all__ = ["cancel", "refund", "track", "update"]


def track(
    delivery: str,
    /,
    *,
    watch: Annotated[bool, Parameter(help="Go on until it has ended.")] = False,
    every: Annotated[
        float, Parameter(help="Seconds between two questions; more while nothing happens.")
    ] = 10.0,
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Show how far a delivery is, or follow it to the end.

    Args:
        delivery:
            Its id as dispatch prints it: provider/account/id.
    """
    if not 0 < every <= 3600:
        raise invalid("--every", "must be more than 0 and at most 3600 seconds")
    courier, own = asking.connect_for(delivery)
    with courier:
        if watch:
            _follow(courier, own, every, asking)
        else:
            found = courier.track(own, deadline_s=asking.deadline)
            asking.output.value(to_json(found), *delivery_parts(found))


def update(
    delivery: str,
    /,
    *,
    changes: ChangeOptions = ChangeOptions(),  # noqa: B008  frozen
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Change a delivery. What the carrier cannot change is refused, not dropped.

    Args:
        delivery:
            Its id as dispatch prints it: provider/account/id.
    """
    courier, own = asking.connect_for(delivery)
    with courier:
        changed = courier.update(own, changes.read(), deadline_s=asking.deadline)
    asking.output.value(to_json(changed), *delivery_parts(changed))


def cancel(
    delivery: str,
    /,
    *,
    reason: Annotated[CancelReason | None, Parameter(help="Why, if the carrier asks.")] = None,
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Cancel a delivery. Cancelling twice is cancelling once.

    Args:
        delivery:
            Its id as dispatch prints it: provider/account/id.
    """
    courier, own = asking.connect_for(delivery)
    with courier:
        answer = courier.cancel(own, reason, deadline_s=asking.deadline)
    asking.output.value(to_json(answer), *cancellation_parts(answer))


def refund(
    delivery: str | None = None,
    reason: RefundReason | None = None,
    /,
    *,
    reasons: Annotated[
        bool, Parameter(help="List the reasons with their words instead; asks nobody.")
    ] = False,
    language: Annotated[
        str, Parameter(help="Of the words for people: en, fr or es; English for others.")
    ] = "en",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> int:
    """
    Ask for money back and show the whole decision.

    A refusal is a decision: it exits with 0. A decision that nobody has
    described yet exits with 5.

    Args:
        delivery:
            Its id as dispatch prints it: provider/account/id.

        reason:
            Why; see --reasons.
    """
    texts = refund_texts(language)
    if reasons:
        for one in refund_reasons(texts) if asking.json else ():
            asking.output.data({"reason": one.key, "label": one.label, "text": one.text})
        if not asking.json:
            rows = tuple((one.key, one.label, one.text) for one in refund_reasons(texts))
            asking.output.show(Grid(("reason", "label", "when"), rows))
        return Exit.OK
    if delivery is None or reason is None:
        missing = "DELIVERY" if delivery is None else "REASON"
        raise invalid(missing, "must be given, or --reasons to list the reasons")
    courier, own = asking.connect_for(delivery)
    with courier:
        decision = courier.refund(own, reason, deadline_s=asking.deadline)
    asking.output.value(to_json(decision), Fields(tuple(decision_lines(decision, texts))))
    return Exit.UNKNOWN if decision.status is RefundStatus.UNKNOWN else Exit.OK


def _follow(courier: Client, own: DeliveryId, every_s: float, asking: Asking) -> None:
    from doorstep.client import Pace

    output, pace = asking.output, Pace(every_s=every_s)
    with output.live() as passing:
        passing("following; Ctrl-C ends")
        news = courier.watch(
            own,
            pace=pace,
            failed=lambda error: note(f"warning: {error}", json=output.json),
            deadline_s=asking.deadline,
        )
        for delivery in news:
            output.value(to_json(delivery), Line(change_line(delivery)))
