"""
Commands that plugins add, under the plugin's own name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from doorstep.cli._app import new_app
from doorstep.cli._errors import show_traceback
from doorstep.cli._shared import registry
from doorstep.errors import PluginError

if TYPE_CHECKING:
    from doorstep.hookspecs import CommandSpec

__all__ = ["plugin_app"]


def plugin_app(name: str, tokens: Sequence[str]) -> App | None:
    """
    Return the commands of the plugin *name*, or None if there is no such plugin.

    Only that plugin is imported, and of its commands only the one that *tokens*
    begin with; all of them for help.

    Raises:
        doorstep.errors.PluginError:
            The plugin cannot be loaded.
    """
    found = registry()
    if name not in found.names():
        return None
    specs = found.commands(name)
    wanted = [spec for spec in specs if tokens and spec.name == tokens[0]]
    text = f"Commands of the plugin {name}." if specs else f"The plugin {name} adds no commands."
    app = new_app(f"doorstep {name}", text)
    for spec in wanted or specs:
        app.command(_load(name, spec), name=spec.name)
    return app


def _load(plugin: str, spec: CommandSpec) -> App:
    """
    Return the command's own application, or one that says what is wrong with it.
    """
    try:
        loaded: object = spec.load()
    except Exception as error:  # noqa: BLE001  a plugin may raise anything
        show_traceback(error)
        problem = f"raised {type(error).__name__}"
    else:
        if isinstance(loaded, App):
            return loaded
        problem = "is no cyclopts App"
    return _broken(plugin, spec.name, problem)


def _broken(plugin: str, command: str, problem: str) -> App:
    def refuse(*_: Annotated[str, Parameter(allow_leading_hyphen=True, show=False)]) -> None:
        what = f"plugin {plugin!r} has a broken command {command!r}: it {problem}"
        raise PluginError(what, params={"name": plugin, "command": command})

    app = new_app(command, f"Broken: it {problem}.")
    app.default(refuse)
    return app
