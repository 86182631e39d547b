"""
Neutral values as rows for people. Escaping is the printer's business.
"""

from __future__ import annotations

from datetime import datetime

from doorstep.cli._output import Fields, Grid, Line, Part
from doorstep.models import (
    Cancellation,
    Delivery,
    DeliveryStop,
    Quote,
    RefundDecision,
)
from doorstep.refunds import decision_lines

__all__ = [
    "cancellation_parts",
    "change_line",
    "decision_rows",
    "delivery_parts",
    "moment",
    "quotes_parts",
]


def moment(at: datetime | None) -> str:
    """
    Return a time in UTC, to the second.
    """
    return f"{at:%Y-%m-%d %H:%M:%SZ}" if at is not None else ""


def quotes_parts(quotes: list[Quote]) -> tuple[Part, ...]:
    """
    Show quotes side by side.
    """
    rows = tuple(
        (
            str(quote.price.total) if quote.price else "not told",
            "binding" if quote.binding else "indicative",
            moment(quote.expires_at) or "not told",
            moment(quote.pickup_eta) or "-",
            moment(quote.dropoff_eta) or "-",
            quote.service or "-",
        )
        for quote in quotes
    )
    headings = ("price", "kind", "holds until", "pickup eta", "dropoff eta", "service")
    return (Grid(headings, rows),) if rows else (Line("The carrier offers nothing for it."),)


def delivery_parts(delivery: Delivery) -> tuple[Part, ...]:
    """
    Show all that is known of a delivery, but for the carrier's raw answer.
    """
    end, courier = delivery.end, delivery.courier
    about = Fields(
        (
            ("delivery", str(delivery.id)),
            ("reference", _reference(delivery)),
            ("status", _status(delivery)),
            ("milestones", ", ".join(sorted(delivery.milestones))),
            ("as of", moment(delivery.as_of)),
            ("ended", f"{end.reason.value}, by {end.actor.value}" if end else ""),
            ("goods", end.goods.value if end else ""),
            ("courier", (courier.name or "") if courier else ""),
            ("courier's phone", (courier.phone or "") if courier else ""),
            ("vehicle", (courier.vehicle or "") if courier else ""),
            ("price", str(delivery.price.total) if delivery.price else ""),
            ("tip", str(delivery.tip) if delivery.tip else ""),
            ("tracking page", delivery.tracking_url or ""),
            ("support asks for", delivery.support_ref or ""),
            *((one.relation.value, str(one.delivery_id)) for one in delivery.related),
            *((stop.kind.value, _stop(stop)) for stop in delivery.stops),
        )
    )
    return (about,)


def change_line(delivery: Delivery) -> str:
    """
    Return one line that says how far a delivery is.
    """
    words = [moment(delivery.as_of), _status(delivery)]
    if delivery.courier and delivery.courier.name:
        words.append(f"courier {delivery.courier.name}")
    if delivery.etas.dropoff and not delivery.status.terminal:
        words.append(f"dropoff expected {delivery.etas.dropoff:%H:%M:%SZ}")
    if delivery.end:
        words.append(f"{delivery.end.reason.value}, by {delivery.end.actor.value}")
    words += sorted(delivery.milestones)
    return "  ".join(words)


def cancellation_parts(cancellation: Cancellation) -> tuple[Part, ...]:
    """
    Show the answer to a cancel.
    """
    delivery = cancellation.delivery
    confirmed = "yes" if cancellation.confirmed else "not yet: track the delivery"
    return (
        Fields(
            (
                ("cancelled", confirmed),
                ("reason sent", "yes" if cancellation.reason_sent else "no"),
                ("fee", str(cancellation.fee) if cancellation.fee else "not told"),
                ("delivery", str(delivery.id) if delivery else ""),
                ("status", _status(delivery) if delivery else ""),
            )
        ),
    )


def decision_rows(decision: RefundDecision) -> tuple[tuple[str, str], ...]:
    """
    Return all of a decision, with what the carrier does not tell named so.
    """
    return tuple(decision_lines(decision))


def _reference(delivery: Delivery) -> str:
    if delivery.reference is None:
        return ""
    later = f", revision {delivery.revision}" if delivery.revision != 1 else ""
    return delivery.reference + later


def _status(delivery: Delivery) -> str:
    """
    Return our word, and the carrier's where it says something else.
    """
    ours, theirs = delivery.status.value, delivery.raw_status
    return ours if theirs in (None, ours) else f"{ours} ({theirs})"


def _stop(stop: DeliveryStop) -> str:
    words = [stop.status.value]
    if stop.done_at:
        words.append(f"at {moment(stop.done_at)}")
    elif stop.eta:
        words.append(f"expected {moment(stop.eta)}")
    if stop.address:
        words.append(stop.address)
    words += [f"{proof.kind.value}: {proof.url or 'collected'}" for proof in stop.proofs]
    return ", ".join(words)
