"""
This machine: the interpreter, what is installed, and which plugins may be used.
"""

from __future__ import annotations

import platform
import re
import ssl
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata

from doorstep.cli._checkup._check import Check, Topic
from doorstep.cli._exit import Exit
from doorstep.registry import InstalledPlugin

__all__ = ["allow_list", "interpreter", "versions"]

#: A requirement with a floor, as distributions state it: ``rich>=13.9; extra == "cli"``.
_FLOOR = re.compile(r"([A-Za-z0-9._-]+)\s*>=\s*([0-9.]+)\s*(?:;\s*extra\s*==\s*['\"]cli['\"])?")
_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def interpreter() -> Check:
    """
    Tell which Python runs, and which TLS library it has.
    """
    name, version = platform.python_implementation(), platform.python_version()
    told = {"implementation": name, "version": version, "tls": ssl.OPENSSL_VERSION}
    return Topic("python").ok(f"{name} {version}, {ssl.OPENSSL_VERSION}", **told)


def versions(distribution: str = "doorstep") -> Check:
    """
    Tell the version of *distribution*, and whether what it needs is there and new enough.
    """
    topic = Topic("versions")
    try:
        own = metadata.version(distribution)
        needs = dict(_floors(metadata.requires(distribution) or ()))
    except metadata.PackageNotFoundError:
        return topic.skipped(f"{distribution} runs without being installed")
    there = {name: _version(name) for name in needs}
    old = [
        f"{name} {there[name] or 'missing'}" for name in needs if _below(there[name], needs[name])
    ]
    found = {distribution: own, **there}
    if old:
        wanted = ", ".join(f"{name}>={floor}" for name, floor in needs.items())
        finding = f"{distribution} {own} has too old a {' and '.join(old)}"
        advice = f"install what it needs: {wanted}"
        return topic.failed(finding, advice, Exit.USAGE, **found)
    named = ", ".join(f"{name} {version}" for name, version in there.items())
    return topic.ok(f"{distribution} {own} with {named}", **found)


def allow_list(allowed: Mapping[str, str] | None, installed: Sequence[InstalledPlugin]) -> Check:
    """
    Tell which plugins may be used.
    """
    topic = Topic("allow_list")
    if allowed is None:
        return topic.ok("no list: every installed plugin may be used", allowed=None)
    there = {plugin.name for plugin in installed if plugin.allowed}
    absent = sorted(set(allowed) - there)
    if absent:
        wanted = ", ".join(f"{name} of {allowed[name]}" for name in absent)
        finding = f"the list allows what is not installed: {wanted}"
        return topic.warning(finding, "install it, or take it off the list", allowed=dict(allowed))
    named = ", ".join(f"{name} of {where}" for name, where in sorted(allowed.items()))
    return topic.ok(f"allowed: {named or 'nothing'}", allowed=dict(allowed))


def _floors(requirements: Sequence[str]) -> Iterator[tuple[str, str]]:
    for text in requirements:
        found = _FLOOR.fullmatch(text.strip())
        if found is not None:
            yield found[1], found[2]


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _below(version: str | None, floor: str) -> bool:
    return version is None or _numbers(version) < _numbers(floor)


def _numbers(version: str) -> tuple[int, ...]:
    found = _NUMBERS.match(version)
    numbers = [int(one) for one in found[0].split(".")] if found else []
    while numbers and numbers[-1] == 0:  # 3 is 3.0
        numbers.pop()
    return tuple(numbers)
