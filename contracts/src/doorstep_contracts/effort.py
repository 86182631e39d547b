"""
How far a contract goes: the size of what is tried, by profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import attrs
import pytest

__all__ = ["EFFORTS", "Effort", "effort_of"]

T = TypeVar("T")

#: Statuses that carriers and what stands before them really answer with.
_USUAL = {
    *(200, 201, 202, 204, 206, 301, 302, 304, 307, 400, 401, 403, 404, 405, 408, 409, 410, 412),
    *(413, 415, 422, 425, 429, 451, 499, 500, 501, 502, 503, 504, 520, 599),
}


@attrs.frozen(kw_only=True)
class Effort:
    """
    The size of what is tried.

    Args:
        profile:
            Its name: ``--contract-profile``.

        server:
            Whether the plugin's simulator may be started. Without it, tests that need
            a carrier are skipped and tapes come from recordings.

        lives, steps:
            How many random lives are lived, and how many things happen in each.

        orders:
            In how many orders webhooks are received.

        places:
            In how many places of the answers each change is tried, each in others; in
            all if None.

        every_status:
            Whether all are tried, or those that carriers use.

        every_recording:
            Whether every recorded answer is changed in every place, or one for each
            operation.
    """

    profile: str
    server: bool = True
    lives: int = 12
    steps: int = 25
    orders: int = 20
    places: int | None = None
    every_status: bool = True
    every_recording: bool = False

    def some(self, places: Sequence[T], of: Sequence[str], change: str) -> Sequence[T]:
        """
        Return the *places* that *change*, one *of* several, is tried in.
        """
        pace = max(1, -(-len(places) // self.places)) if self.places else 1
        return places[of.index(change) % pace :: pace]

    def statuses(self, hundred: int) -> list[int]:
        """
        Return those of the *hundred* that are tried.
        """
        whole = range(hundred * 100, hundred * 100 + 100)
        return [one for one in whole if self.every_status or one in _USUAL]


EFFORTS = {
    one.profile: one
    for one in (
        Effort(profile="replay", server=False, places=60, every_status=False),
        Effort(profile="ci"),
        Effort(profile="nightly", lives=200, steps=60, orders=500, every_recording=True),
    )
}


def effort_of(config: pytest.Config) -> Effort:
    """
    Return the effort that was asked for.
    """
    return EFFORTS[config.getoption("contract_profile", "ci")]
