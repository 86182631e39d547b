"""
The commands that look at plugins: providers, capabilities.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from enum import Enum
from typing import Any

import attrs

from doorstep.cli._output import Fields, Grid, Line
from doorstep.cli._shared import Account, Settings, registry
from doorstep.registry import InstalledPlugin, PluginReport

__all__ = ["capabilities", "providers"]

#: Where lists are broken, so that they fit beside their names.
_WIDTH = 60


def providers(*, settings: Settings = Settings()) -> None:  # noqa: B008  frozen
    """
    List the installed plugins and whether they work. Each allowed one is imported.

    Exits with 0 though some are broken; they are named.
    """
    found = registry(settings.config)
    reports = {report.name: report for report in found.load_all()}
    rows = [_row(plugin, reports.get(plugin.name)) for plugin in found.installed()]
    output = settings.output
    if output.json:
        for row in rows:
            output.data(row)
        return
    if not rows:
        output.show(Line("No plugin is installed: pip install one for your carrier."))
        return
    cells = ((row["name"], row["distribution"], row["version"], _state(row)) for row in rows)
    output.show(Grid(("name", "distribution", "version", "state"), tuple(cells)))


def capabilities(
    provider: str,
    /,
    *,
    account: Account = "default",
    settings: Settings = Settings(),  # noqa: B008  frozen
) -> None:
    """
    List what an account of a carrier can do. Nothing is sent.

    It depends on the account's settings: without them it exits with 2 and names
    the ones that are missing.

    Args:
        provider:
            The plugin's name.
    """
    with settings.connect(provider, account) as courier:
        can = courier.capabilities
    held = {field.name: _jsonable(getattr(can, field.name)) for field in attrs.fields(type(can))}
    told = {"provider": provider, "account": account, "capabilities": held}
    rows = [row for name, value in held.items() for row in _wrapped(name, _words(value))]
    settings.output.data(told, Fields(tuple(rows)))


def _row(plugin: InstalledPlugin, report: PluginReport | None) -> dict[str, Any]:
    error = report.error if report is not None else None
    state = "ok" if error is None else "broken"
    if not plugin.allowed:
        state, error = "not_allowed", None
    elif error is None and report is not None and report.provider is None:
        state = "no_provider"
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "state": state,
        "error": None if error is None else str(error),
    }


def _state(row: dict[str, Any]) -> str:
    words = str(row["state"]).replace("_", " ")
    return f"{words}: {row['error']}" if row["error"] else words


def _jsonable(value: object) -> Any:
    if isinstance(value, frozenset):
        return sorted(str(one) for one in value)
    return value.value if isinstance(value, Enum) else value


def _wrapped(name: str, words: str) -> Iterator[tuple[str, str]]:
    """
    Yield a row for each line of *words*, with the name at the first.
    """
    lines = textwrap.wrap(words, _WIDTH, break_long_words=False, break_on_hyphens=False)
    for place, text in enumerate(lines):
        yield ("" if place else name.replace("_", " ")), text


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return "not told" if value is None else str(value)
