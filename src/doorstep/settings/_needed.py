"""
Which fields of a settings class must be given.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import attrs

__all__ = ["needed", "needed_unless"]

_UNLESS = "doorstep.needed_unless"


def needed_unless(*others: str) -> dict[str, tuple[str, ...]]:
    """
    Return the ``metadata`` of a field that may be left out beside other settings.

    For a carrier that sells several things, each with credentials of its own, where an
    account may have one of them alone::

        api_key: Secret | None = attrs.field(default=None, metadata=needed_unless("token"))

    Such a field is told as missing where none of *others* is given. Fields with the
    same *others* go together: if one of them is given, all must be.

    Args:
        others:
            The settings of which any one is enough.

    .. versionadded:: 0.2.0
    """
    return {_UNLESS: others}


def needed(kind: type[Any], given: Collection[str]) -> set[str]:
    """
    Return the settings that a *kind* needs where *given* are there, or will be.
    """
    fields = [one for one in attrs.fields(kind) if one.init]
    together: dict[tuple[str, ...], set[str]] = {}
    for one in fields:
        if _UNLESS in one.metadata:
            together.setdefault(one.metadata[_UNLESS], set()).add(one.alias)
    found = {one.alias for one in fields if one.default is attrs.NOTHING}
    for others, names in together.items():
        if not names.isdisjoint(given) or set(others).isdisjoint(given):
            found |= names
    return found
