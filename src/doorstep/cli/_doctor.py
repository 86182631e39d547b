"""
``doorstep doctor``: what works here, what does not, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from cyclopts import Parameter

from doorstep.cli._checkup import Check, Status, exit_of
from doorstep.cli._checkup._order import Checkup
from doorstep.cli._output import Grid, Line, Part
from doorstep.cli._shared import Settings, invalid

__all__ = ["doctor"]

_DAY_S = 86_400
#: Less is not worth a figure.
_SHOWN_S = 0.01
_STYLES = {Status.FAILED: "bold red", Status.WARNING: "yellow"}


def doctor(
    carrier: str | None = None,
    /,
    *,
    account: Annotated[str | None, Parameter(help="Which set of settings.")] = None,
    time_limit: float = 10.0,
    settings: Settings = Settings(),  # noqa: B008  frozen
) -> int:
    """
    Check plugins, settings, TLS, clock and credentials, and say what to do.

    Nothing is booked: of each account a delivery is asked for that cannot exist.
    Plugins are imported in processes of their own, so one that hangs is named. Exits
    with 0 if nothing failed, else with the code of the first check that did.

    Args:
        carrier:
            The plugin's name; all of them if it is left out.

        time_limit:
            Seconds that each import, connection and question may take.
    """
    if not 0 < time_limit < _DAY_S:
        raise invalid("--time-limit", "must be more than 0 seconds and less than a day")
    if account is not None and carrier is None:
        raise invalid("--account", "needs the name of a carrier before it")
    output, checks = settings.output, []
    checkup = Checkup(
        carrier=carrier, account=account, config=settings.config, time_limit_s=time_limit
    )
    with output.live() as show:
        show("checking ...")
        for check in checkup.run():
            checks.append(check)
            show(f"{check.name}: {check.status.value}")
            if output.json:
                output.data(check.told())
    if not output.json:
        output.show(*_parts(checks))
    return exit_of(checks)


def _parts(checks: Sequence[Check]) -> Iterator[Part]:
    rows = ((one.name, one.status.value, one.finding, _took(one)) for one in checks)
    yield Grid(("check", "status", "finding", "took"), tuple(rows))
    if not any(one.check == "plugin" for one in checks):
        yield Line("No plugin is installed: pip install one for your carrier.")
    for one in checks:
        if one.advice:
            yield Line(f"{one.name}: {one.advice}", _STYLES.get(one.status, ""))


def _took(check: Check) -> str:
    return f"{check.elapsed_s:.2f} s" if check.elapsed_s >= _SHOWN_S else ""
