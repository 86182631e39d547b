"""
What the makers of bodies share: one field at a time, and what is wrong with it.
"""

from __future__ import annotations

from typing import Any

import attrs

from doorstep.errors import UnsupportedError

__all__ = ["Part", "unsupported"]


@attrs.frozen(repr=False)
class Part:
    """
    One field of the body, and what is wrong with it.
    """

    name: str
    value: Any
    path: str = ""
    problem: str | None = None


def unsupported(capability: str, what: str) -> UnsupportedError:
    """
    Return the error for a wish that Drive cannot express.
    """
    return UnsupportedError(what, params={"capability": capability})
