"""
Commands that other distributions add beside ours, by entry points.

An entry point of the group ``doorstep.commands`` names a command, and the cyclopts
``App`` that it is: ``record = "doorstep_contracts.commands:record"``. Only the one
that is used is imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import metadata
from typing import Annotated

import attrs
from cyclopts import App, Parameter

from doorstep.cli._errors import show_traceback
from doorstep.errors import PluginError

__all__ = ["GROUP", "AddedCommand", "added_commands"]

#: The group of entry points that commands are found by.
GROUP = "doorstep.commands"


@attrs.frozen
class AddedCommand:
    """
    A command that some distribution adds.

    Args:
        entry_points:
            Where it is; more than one is a conflict, of which none is taken.
    """

    name: str
    entry_points: tuple[metadata.EntryPoint, ...] = attrs.field(repr=False)

    @property
    def help(self) -> str:
        """
        What it is listed with; nothing of it is imported for that.
        """
        return f"A command of {self.owners}."

    @property
    def owners(self) -> str:
        """
        The distributions that add it.
        """
        return " and ".join(sorted({_distribution(one) for one in self.entry_points}))

    def load(self) -> App:
        """
        Return its application, or one that says what is wrong with it.
        """
        if len(self.entry_points) > 1:
            return self._broken(f"is added by {self.owners}")
        try:
            loaded: object = self.entry_points[0].load()
        except Exception as error:  # noqa: BLE001  foreign code may raise anything
            show_traceback(error)
            return self._broken(f"raised {type(error).__name__}")
        return loaded if isinstance(loaded, App) else self._broken("is no cyclopts App")

    def _broken(self, problem: str) -> App:
        def refuse(*_: Annotated[str, Parameter(allow_leading_hyphen=True, show=False)]) -> None:
            what = f"command {self.name!r} of {self.owners} is broken: it {problem}"
            raise PluginError(what, params={"command": self.name})

        app = App(name=self.name, help=f"Broken: it {problem}.", result_action="return_value")
        app.default(refuse)
        return app


def added_commands() -> dict[str, AddedCommand]:
    """
    Return the commands by name, without importing any.
    """
    found: dict[str, list[metadata.EntryPoint]] = {}
    for one in _entry_points():
        same = found.setdefault(one.name, [])
        if all(one.value != other.value for other in same):  # a checkout may be there twice
            same.append(one)
    return {name: AddedCommand(name, tuple(found[name])) for name in sorted(found)}


def _entry_points() -> Iterable[metadata.EntryPoint]:
    try:
        return metadata.entry_points(group=GROUP)
    except Exception:  # noqa: BLE001  one unreadable file of any distribution: go round it
        return _one_by_one()


def _one_by_one() -> Iterator[metadata.EntryPoint]:
    for distribution in metadata.distributions():
        try:
            yield from distribution.entry_points.select(group=GROUP)
        except Exception:  # noqa: BLE001, S112  it has none that could be loaded
            continue


def _distribution(entry_point: metadata.EntryPoint) -> str:
    try:
        return str(entry_point.dist.metadata["Name"])  # type: ignore[union-attr]
    except Exception:  # noqa: BLE001  foreign files
        return "an unnamed distribution"
