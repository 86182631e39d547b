"""
What a request is taken for when its author says nothing.
"""

from __future__ import annotations

import pytest

from doorstep.http import Request
from doorstep.outcome import Effect, Repeat


@pytest.mark.parametrize(
    ("request_", "effect", "repeat"),
    [
        (Request("GET", "/x"), Effect.NOTHING, Repeat.SAFE),
        (Request("HEAD", "/x"), Effect.NOTHING, Repeat.SAFE),
        (Request("POST", "/x"), Effect.BOOKS, Repeat.NEVER),
        (Request("DELETE", "/x"), Effect.BOOKS, Repeat.NEVER),
        (Request("POST", "/x", effect=Effect.NOTHING), Effect.NOTHING, Repeat.SAFE),
        (Request("PUT", "/x", effect=Effect.CHANGES), Effect.CHANGES, Repeat.NEVER),
    ],
)
def test_what_is_not_said_is_taken_with_care(
    request_: Request, effect: Effect, repeat: Repeat
) -> None:
    """
    Forgetting to say that a request books cannot book twice.
    """
    assert (effect, repeat) == (request_.effect, request_.repeat)
