"""
Saying which hooks of a plugin do not fit.

pluggy's own message quotes the definition with its default values, and those may
hold a secret.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterator

import pluggy

from doorstep import hookspecs

__all__ = ["misfits"]


def misfits(manager: pluggy.PluginManager, content: object) -> str:
    """
    Return, after the plugin's name, what is wrong with its hooks.
    """
    problems = list(_problems(manager, content))
    return "; ".join(problems) or "implements a hook in a way that pluggy does not take"


def _problems(manager: pluggy.PluginManager, content: object) -> Iterator[str]:
    known = {name for name in dir(hookspecs) if manager.parse_hookspec_opts(hookspecs, name)}
    for name in dir(content):
        options = manager.parse_hookimpl_opts(content, name)
        if options is None or options.get("optionalhook"):
            continue
        hook = options.get("specname") or name
        if hook not in known:
            near = difflib.get_close_matches(hook, sorted(known), 1)
            hint = f", did you mean {near[0]!r}?" if near else ""
            yield f"implements the unknown hook {hook!r}{hint}"
        else:
            yield from _arguments(hook, getattr(content, name))


def _arguments(hook: str, function: object) -> Iterator[str]:
    given = set(inspect.signature(getattr(hookspecs, hook)).parameters)
    wanted = inspect.signature(function).parameters if callable(function) else {}
    unknown = [name for name in wanted if name not in given]
    if unknown:
        takes, has = ", ".join(unknown), ", ".join(sorted(given))
        yield f"takes {takes} in {hook}, which gives {has}"
