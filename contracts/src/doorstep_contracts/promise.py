"""
What marks a contract test: which operation it is about, and what is promised.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import attrs
import pytest

__all__ = ["PROVIDER", "Promise", "promise", "promise_of"]

F = TypeVar("F", bound=Callable[..., Any])

_MARK = "contract_promise"
#: By a test's stash, whose contract it is of.
PROVIDER = pytest.StashKey[str]()


@attrs.frozen
class Promise:
    """
    What a contract test proves.

    Args:
        operation:
            The operation that keeps it, as in ``client.<operation>``; ``any`` for all.

        says:
            The promise in a few words, for the report.

        claims:
            Paths of capabilities; the test runs if one of them is claimed, or
            always if there are none.

        carrier:
            Whether it needs a carrier that answers, not recordings alone.
    """

    operation: str
    says: str
    claims: tuple[str, ...] = ()
    carrier: bool = False


def promise(
    operation: str, says: str, *, claims: str | tuple[str, ...] = (), carrier: bool = False
) -> Callable[[F], F]:
    """
    Mark a contract test with its :class:`Promise`.
    """
    paths = (claims,) if isinstance(claims, str) else claims
    made = Promise(operation, says, paths, carrier)

    def mark(test: F) -> F:
        marked: F = getattr(pytest.mark, _MARK)(made)(test)
        return marked

    return mark


def promise_of(item: Any) -> Promise | None:
    """
    Return the promise of a collected test, or None if it is no contract test.
    """
    found = item.get_closest_marker(_MARK)
    return found.args[0] if found is not None and found.args else None
