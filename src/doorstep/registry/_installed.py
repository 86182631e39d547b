"""
Finding plugins by the metadata of distributions, without importing any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from typing import Any

import attrs

__all__ = ["GROUP", "Candidate", "InstalledPlugin", "find", "normalised"]

#: The group of entry points that plugins are found by.
GROUP = "doorstep"


def normalised(distribution: str) -> str:
    """
    Return a distribution's name as names are compared (PEP 503).
    """
    return re.sub(r"[-_.]+", "-", distribution).lower()


@attrs.frozen(kw_only=True)
class InstalledPlugin:
    """
    A plugin as its distribution's metadata describe it.

    Args:
        allowed:
            Whether the allow-list lets it be imported.
    """

    name: str
    distribution: str
    version: str
    allowed: bool


class Candidate:
    """
    One entry point, with the distribution that it belongs to.

    The distribution's own metadata are read when first asked for: that costs
    more than finding it.
    """

    __slots__ = ("_identity", "entry_point")

    def __init__(self, entry_point: metadata.EntryPoint) -> None:
        self.entry_point = entry_point
        self._identity: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """
        The name of the entry point, and of its provider.
        """
        return self.entry_point.name

    @property
    def distribution(self) -> str:
        """
        The distribution's name as it writes it; empty when it states none.
        """
        return self._read()[0]

    @property
    def version(self) -> str:
        """
        The distribution's version; empty when it states none.
        """
        return self._read()[1]

    @property
    def package(self) -> str:
        """
        The top-level package that would be imported.
        """
        return self.entry_point.value.partition(":")[0].strip().partition(".")[0]

    def __str__(self) -> str:
        named = f"{self.distribution} {self.version}".strip()
        return named or "a distribution without a name"

    def allowed_by(self, allow: Mapping[str, str] | None) -> bool:
        """
        Whether *allow*, of normalised distributions by name, has this one.
        """
        if allow is None:
            return True
        return bool(self.distribution) and allow.get(self.name) == normalised(self.distribution)

    def _read(self) -> tuple[str, str]:
        if self._identity is None:
            try:
                stated: Any = self.entry_point.dist.metadata  # type: ignore[union-attr]
                self._identity = (str(stated["Name"] or ""), str(stated["Version"] or ""))
            except Exception:  # noqa: BLE001  # foreign files: absent, unreadable, not UTF-8
                self._identity = ("", "")
        return self._identity


def find() -> dict[str, tuple[Candidate, ...]]:
    """
    Return every entry point of the group by name; more than one is a conflict.

    Within a name they are in the order of their distributions' names, not in
    that of ``sys.path``.
    """
    try:
        entry_points: Iterable[metadata.EntryPoint] = metadata.entry_points(group=GROUP)
    except Exception:  # noqa: BLE001  # one unreadable file of any distribution: go round it
        entry_points = _one_by_one()
    found: dict[str, list[Candidate]] = {}
    for entry_point in entry_points:
        found.setdefault(entry_point.name, []).append(Candidate(entry_point))
    return {name: _in_order(found[name]) for name in sorted(found)}


def _in_order(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    if len(candidates) == 1:  # the common case, without reading its metadata
        return tuple(candidates)
    return tuple(sorted(candidates, key=lambda one: (normalised(one.distribution), one.version)))


def _one_by_one() -> Iterator[metadata.EntryPoint]:
    seen: set[str] = set()
    for distribution in metadata.distributions():
        try:
            name = normalised(distribution.metadata["Name"])
            entry_points = distribution.entry_points.select(group=GROUP)
        except Exception:  # noqa: BLE001, S112  # unreadable: it has no plugin that could be loaded
            continue
        if name not in seen:
            seen.add(name)
            yield from entry_points
