"""
The commands around a delivery: covers, complete-address, redeliver, couriers, rate, proof.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from doorstep.cli._booking import hand_over
from doorstep.cli._exit import Exit
from doorstep.cli._files import keep
from doorstep.cli._listing import show_each
from doorstep.cli._money import money
from doorstep.cli._output import Fields, Line
from doorstep.cli._render import moment
from doorstep.cli._shared import Account, Asking, given_by, invalid
from doorstep.codec import to_json
from doorstep.models import Address, Assignment, Coordinates, Opinion, ProofKind, Rating, StopKind

__all__ = ["complete_address", "couriers", "covers", "proof", "rate", "redeliver"]

_POINT = re.compile(r"(-?[0-9]{1,2}(?:\.[0-9]+)?), ?(-?[0-9]{1,3}(?:\.[0-9]+)?)")
_HEADINGS = ("courier", "name", "phone", "at the pickup", "given back", "why")


def covers(
    provider: str,
    /,
    *,
    pickup_address: Annotated[str, Parameter(help="Where from, on one line.")],
    dropoff_address: Annotated[str, Parameter(help="Where to, on one line.")],
    order_value: Annotated[
        str | None, Parameter(help="What the goods are worth: '19.99 USD'.")
    ] = None,
    account: Account = "default",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> int:
    """
    Ask whether a carrier goes from one address to another. Books nothing.

    Exits with 3 if it does not. A quote may be refused though it does.

    Args:
        provider:
            The plugin's name.
    """
    value = money("--order-value", order_value)
    with given_by(one_line="pickup_address"):
        pickup = Address(one_line=pickup_address)
    with given_by(one_line="dropoff_address"):
        dropoff = Address(one_line=dropoff_address)
    with asking.connect(provider, account) as courier:
        told = courier.covers(pickup, dropoff, value, deadline_s=asking.deadline)
    words = "The carrier goes there." if told.covered else "The carrier does not go there."
    asking.output.value(to_json(told), Line(words), *map(Line, told.reasons))
    return Exit.OK if told.covered else Exit.REFUSED


def complete_address(
    provider: str,
    text: str,
    /,
    *,
    near: Annotated[
        str | None, Parameter(help="Look there first: 37.79,-122.39.", allow_leading_hyphen=True)
    ] = None,
    limit: Annotated[int, Parameter(help="How many at most, 1 to 20.")] = 3,
    account: Account = "default",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Ask which addresses a text may be the beginning of.

    Args:
        provider:
            The plugin's name.

        text:
            What somebody has typed so far.
    """
    point = None if near is None else _point("--near", near)
    with asking.connect(provider, account) as courier:
        found = courier.complete_address(text, near=point, limit=limit, deadline_s=asking.deadline)
    rows = [(one, (_one_line(one),)) for one in found]
    show_each(asking.output, ("address",), rows, empty="The carrier knows no such address.")


def redeliver(
    delivery: str,
    reference: str,
    /,
    *,
    revision: Annotated[int, Parameter(help="Which attempt under the reference.")] = 1,
    yes: Annotated[bool, Parameter(help="Do it: this costs money.")] = False,
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Have a delivery that has ended brought once more. This costs money.

    How much is known only afterwards, so it must be said with --yes. Exit code 5
    means that a courier may be on the way: look the new reference up before
    repeating it.

    Args:
        delivery:
            Its id as dispatch prints it: provider/account/id.

        reference:
            Your id of the new delivery, not one that was used before.
    """
    if not yes:
        raise invalid("--yes", "must be given: this costs money, and how much is told afterwards")
    courier, own = asking.connect_for(delivery)
    with courier:
        again = courier.redeliver(own, reference, revision, deadline_s=asking.deadline)
    hand_over(again, asking.output, "redeliver")


def couriers(
    delivery: str,
    /,
    *,
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Show which couriers a delivery has and had.

    Args:
        delivery:
            Its id as dispatch prints it: provider/account/id.
    """
    courier, own = asking.connect_for(delivery)
    with courier:
        found = courier.assignments(own, deadline_s=asking.deadline)
    rows = [(one, _cells(one)) for one in found]
    show_each(asking.output, _HEADINGS, rows, empty="The carrier tells of no courier yet.")


def rate(
    delivery: str,
    courier: str,
    opinion: Opinion,
    /,
    *,
    reason: Annotated[
        str | None, Parameter(help="One of the carrier's words: see rating_reasons.")
    ] = None,
    comment: Annotated[str | None, Parameter(help="More about it, for people.")] = None,
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Tell the carrier what you think of a courier.

    The words for --reason are among the capabilities of the account.

    Args:
        delivery:
            Its id as dispatch prints it: provider/account/id.

        courier:
            The courier's id, as couriers prints it.

        opinion:
            How the courier did.
    """
    with given_by(reason="reason", comment="comment"):
        rating = Rating(opinion=opinion, reason=reason, comment=comment)
    client, own = asking.connect_for(delivery)
    with client:
        client.rate_courier(own, courier, rating, deadline_s=asking.deadline)
    told = {"delivery": str(own), "courier": courier, "opinion": opinion.value}
    asking.output.data(told, Line(f"The carrier was told: {opinion.value}."))


def proof(
    delivery: str,
    /,
    *,
    stop: Annotated[StopKind, Parameter(help="Where it was collected.")],
    kind: Annotated[ProofKind, Parameter(help="What was collected.")],
    out: Annotated[Path, Parameter(help="The file that keeps it, for you alone.")],
    force: Annotated[bool, Parameter(help="Overwrite the file.")] = False,
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> int:
    """
    Fetch what was collected at a stop, and keep it in a file.

    Links to it expire, and it is personal: only you can read the file. Exits with 3
    if there is nothing to fetch, or not yet.

    Args:
        delivery:
            Its id as dispatch prints it: provider/account/id.
    """
    if not force and out.exists():
        raise invalid("--out", "is there already (--force overwrites it)")
    courier, own = asking.connect_for(delivery)
    with courier:
        found = courier.proof(own, stop, kind, deadline_s=asking.deadline)
    if found is None or found.content is None:
        asking.output.value("null", Line("There is nothing to fetch, or not yet."))
        return Exit.REFUSED
    keep("--out", out, found.content, force=force)
    size = len(found.content)
    told = {"kind": kind.value, "stop": stop.value, "file": str(out), "bytes": size}
    rows = {**{name: str(value) for name, value in told.items()}, "type": found.media_type or ""}
    asking.output.data({**told, "media_type": found.media_type}, Fields(tuple(rows.items())))
    return Exit.OK


def _point(option: str, text: str) -> Coordinates:
    found = _POINT.fullmatch(text)
    if found is None:
        raise invalid(option, "must read like 37.79,-122.39")
    with given_by(lat=option.removeprefix("--"), lng=option.removeprefix("--")):
        return Coordinates(lat=found[1], lng=found[2])


def _one_line(address: Address) -> str:
    if address.one_line:
        return address.one_line
    town = (address.locality, address.region, address.postal_code, address.country)
    words = [*address.lines, *(part for part in (address.unit, *town) if part)]
    point = address.coordinates
    return ", ".join(words) or (f"{point.lat},{point.lng}" if point else "-")


def _cells(assignment: Assignment) -> tuple[str, ...]:
    courier = assignment.courier
    return (
        courier.id or "-",
        courier.name or "-",
        courier.phone or "-",
        moment(assignment.at_pickup_at) or "-",
        moment(assignment.unassigned_at) or "-",
        assignment.unassigned_reason or "-",
    )
