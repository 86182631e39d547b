"""
What came of a webhook, for people and for programs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from doorstep.cli._output import Line, Output, Part
from doorstep.cli._render import moment
from doorstep.models import Event, Status
from doorstep.tracking import Change
from doorstep.webhooks import Received

__all__ = ["event_line", "show_received", "transition"]


def show_received(output: Output, received: Received) -> None:
    """
    Print what came of a webhook: a line for each event, or one object in JSON.
    """
    output.data(_told(received), *_lines(received))


def transition(change: Change | None) -> str:
    """
    Return what an event did to the state: ``to_pickup → picked_up``.
    """
    if change is None:
        return "of no delivery"
    before, after = _status(change, after=False), _status(change)
    if before is None:
        return f"first heard of as {after}"
    return f"still {after}" if before == after else f"{before} → {after}"


def event_line(event: Event, change: Change | None) -> str:
    """
    Return one line for an event, without the delivery that it is about.
    """
    at = f"{event.occurred_at:%H:%M:%SZ}" if event.occurred_at else "no time"
    return f"{at:<9}  {event.name:<32}  {transition(change)}"


def _lines(received: Received) -> Iterator[Part]:
    if received.rejected is not None:
        yield Line(f"{'rejected':<20}  {received.answer.status}  {received.rejected}", "red")
    changes = _by_event(received)
    for event in received.events:
        change = changes.get(event.id)
        about = str(event.delivery_id or "-")
        at = moment(event.occurred_at) or "no time"
        words = [f"{at:<20}", f"{event.name:<32}", about, transition(change)]
        if event.refund is not None:
            words.append(f"refund {event.refund.status.value}")
        words += [f"odd: {one.kind.value}" for one in change.anomalies] if change else []
        yield Line("  ".join(words))
    if received.repeated:
        yield Line(f"{'repeated':<20}  {received.repeated} that changed nothing", "dim")
    if received.rejected is None and not received.events and not received.repeated:
        yield Line(f"{'nothing':<20}  no event was in it", "dim")
    for foreign in received.foreign:
        yield Line(f"{'foreign':<20}  {foreign} was never booked or read here", "dim")
    for delivery in received.confirm:
        yield Line(f"{'to be confirmed':<20}  doorstep track {delivery}", "yellow")


def _told(received: Received) -> dict[str, Any]:
    changes, error = _by_event(received), received.rejected
    return {
        "status": received.answer.status,
        "events": [_event(event, changes.get(event.id)) for event in received.events],
        "repeated": received.repeated,
        "confirm": [str(one) for one in received.confirm],
        "foreign": [str(one) for one in received.foreign],
        "rejected": error and {"reason": error.reason, "message": str(error)},
    }


def _event(event: Event, change: Change | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": event.id,
        "name": event.name,
        "kind": event.kind.value,
        "occurred_at": event.occurred_at and event.occurred_at.isoformat(),
        "delivery": event.delivery_id and str(event.delivery_id),
        "refund": event.refund and event.refund.status.value,
    }
    if change is not None:
        told["before"], told["after"] = _status(change, after=False), _status(change)
        told["anomalies"] = [one.kind.value for one in change.anomalies]
    return told


def _status(change: Change, *, after: bool = True) -> str | None:
    state = change.after if after else change.before
    if state is None:
        return None
    status, raw = state.delivery.status, state.delivery.raw_status
    return f"{status.value} ({raw})" if status is Status.UNKNOWN and raw else status.value


def _by_event(received: Received) -> dict[str, Change]:
    return {change.observation.id: change for change in received.changes}
