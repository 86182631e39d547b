"""
``doorstep support``: what the carrier's support asks for about one delivery.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from doorstep.cli._errors import note
from doorstep.cli._escape import safe_json
from doorstep.cli._journal import opened
from doorstep.cli._output import Line, Output, UnprintableError
from doorstep.cli._shared import Asking, invalid

if TYPE_CHECKING:
    from doorstep.models import DeliveryId
    from doorstep.support import SupportCase

__all__ = ["support"]


def support(
    delivery: str,
    /,
    *,
    country: Annotated[str | None, Parameter(help="Where help is wanted, two letters: US.")] = None,
    format: Annotated[  # noqa: A002  the option's name
        Literal["markdown", "json"], Parameter(help="How it is written.")
    ] = "markdown",
    out: Annotated[Path | None, Parameter(help="A new file to write it to.")] = None,
    forget: Annotated[
        bool, Parameter(help="Drop what the journal keeps of it instead; asks nobody.")
    ] = False,
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Collect what the carrier's support asks for about a delivery.

    The delivery is read once more; the exchanges are those that a journal kept.
    What is missing is named.

    Args:
        delivery:
            Its id as dispatch prints it: provider/account/id.
    """
    if forget:
        _forget(delivery, asking)
        return
    if out is not None and out.exists():
        raise invalid("--out", "is there already")
    courier, own = asking.connect_for(delivery)
    with courier:
        case = courier.support_case(own, country=country, deadline_s=asking.deadline)
    output = asking.output
    json = asking.json or format == "json"
    text = safe_json(case.to_json()) + "\n" if json else case.to_markdown()
    if out is None:
        _print(output, text)
    else:
        _write(out, text)
        _tell(output, out, own, case)


def _print(output: Output, text: str) -> None:
    # What would act on a terminal is written out in it already.
    for line in text.splitlines():
        output.show(Line(line))


def _write(out: Path, text: str) -> None:
    try:
        handle = os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UnprintableError(error.errno, error.strerror) from None


def _tell(output: Output, out: Path, own: DeliveryId, case: SupportCase) -> None:
    told = {
        "written": str(out),
        "delivery": str(own),
        "exchanges": len(case.exchanges),
        "absent": [one.what for one in case.absent],
    }
    output.data(told, Line(f"written: {out}"))
    for one in case.absent:
        note(f"absent: {one.what}: {one.why}", json=output.json)


def _forget(delivery: str, asking: Asking) -> None:
    from doorstep.models import DeliveryId

    own = DeliveryId.parse(delivery)
    journal = opened(asking.journal)
    if journal is None:
        raise invalid("--journal", "must be given, or named by DOORSTEP_JOURNAL")
    journal.forget(own)
    asking.output.data({"forgotten": str(own)}, Line(f"forgotten: {own}"))
