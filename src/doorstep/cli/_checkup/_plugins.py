"""
The plugins: each is imported in a process of its own, within a time limit.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import attrs
import orjson

from doorstep.cli._checkup._check import Check, Topic
from doorstep.cli._exit import Exit
from doorstep.registry import InstalledPlugin

__all__ = ["plugin_check"]

_PROBE = "doorstep.cli._checkup._probe"
_REMOVE = "update or uninstall it, or leave it off the allow-list, and tell its authors"


def plugin_check(name: str, claims: Sequence[InstalledPlugin], time_limit_s: float) -> Check:
    """
    Tell whether the plugin *name* can be imported and asked for its provider.

    Args:
        claims:
            What is installed under that name.
    """
    topic = Topic("plugin", name)
    allowed = [one for one in claims if one.allowed]
    if not allowed:
        named = " and ".join(map(_label, claims))
        finding = f"{named} is not allowed, so it was not imported"
        return topic.skipped(finding, "put it on the allow-list with its distribution")
    if len(allowed) > 1:
        named = " and ".join(map(_label, allowed))
        advice = "uninstall one, or allow one of them by its distribution"
        failed = topic.failed(f"{named} claim the name {name!r}", advice, Exit.PLUGIN)
        return attrs.evolve(failed, code="duplicate_provider")
    return _imported(topic, allowed[0], time_limit_s)


def _imported(topic: Topic, plugin: InstalledPlugin, time_limit_s: float) -> Check:
    told, ended = _ask(plugin, time_limit_s)
    facts = {"distribution": plugin.distribution, "version": plugin.version}
    label = _label(plugin)
    if ended is None:
        finding = f"{label} hangs: it was not imported within {time_limit_s:g} s"
        return topic.failed(finding, _REMOVE, Exit.PLUGIN, **facts)
    if told is None:
        finding = f"{label} {_ending(ended)} while it was imported"
        return topic.failed(finding, _REMOVE, Exit.PLUGIN, **facts)
    facts["api_version"] = told["api_version"]
    error = told.get("error")
    if error is not None:
        failed = topic.failed(error["what"], error["advice"], Exit.PLUGIN, **facts)
        return attrs.evolve(failed, code=error["code"])
    kind = f"plugin API {told['api_version']}"
    does = "works" if told["provider"] else "works, but has no provider"
    return topic.ok(f"{label} {does} ({kind})", **facts, provider=told["provider"])


def _ask(
    plugin: InstalledPlugin, time_limit_s: float
) -> tuple[Mapping[str, Any] | None, int | None]:
    """
    Return what the import told, if anything, and how its process ended; None if it did not.
    """
    command = [sys.executable, "-P", "-m", _PROBE, plugin.name, plugin.distribution]
    path = os.pathsep.join(filter(None, sys.path))
    with subprocess.Popen(  # noqa: S603  our own module
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback may hold anything
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    ) as process:
        try:
            out, _ = process.communicate(timeout=time_limit_s)
        except subprocess.TimeoutExpired:
            return None, None
        finally:
            _end(process)
    try:
        told = orjson.loads(out)
    except orjson.JSONDecodeError:
        told = None
    return told if isinstance(told, dict) else None, process.returncode


def _end(process: subprocess.Popen[bytes]) -> None:
    """
    Kill the process if it still runs, with everything that it started.
    """
    if process.poll() is not None:
        return
    with suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended the process with code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


def _label(plugin: InstalledPlugin) -> str:
    return f"{plugin.distribution} {plugin.version}".strip() or "a distribution without a name"
