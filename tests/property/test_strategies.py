"""
The strategies themselves: registered on request, and as varied as they claim.
"""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from doorstep.models import Courier, Delivery, Item, Money, Status, Stop
from doorstep_contracts.strategies import (
    currencies,
    lines,
    moments,
    names,
    neutral,
    register,
)

pytestmark = pytest.mark.once


@settings(max_examples=5)
@given(data=st.data())
def test_registered_classes_are_found_by_type(data) -> None:
    """
    After ``register()`` a test may write ``st.from_type(Item)``.
    """
    register()

    assert isinstance(data.draw(st.from_type(Item)), Item)
    assert isinstance(data.draw(st.from_type(Money)), Money)


@pytest.mark.parametrize(
    ("strategy", "wanted"),
    [
        (names(), lambda text: "\u05d0" <= text[0] <= "\u06ff"),
        (names(), lambda text: "\u200d" in text),
        (lines(), lambda text: ord(text[0]) > 0xFFFF),
        (currencies(), lambda code: code == "JPY"),
        (currencies(), lambda code: code == "CLF"),
        (moments(), lambda when: when.tzinfo is UTC),
        (moments(), lambda when: when.fold == 1),
        (neutral(Delivery), lambda one: one.status is Status.RETURNED and one.end is not None),
        (neutral(Courier), lambda one: one.phone and one.location and not one.name),
        (neutral(Stop), lambda one: one.address.store_ref and not one.address.one_line),
    ],
)
def test_strategy_reaches_the_edges(strategy, wanted) -> None:
    """
    Right-to-left names, joined emoji, every currency, folds, half of a courier: all occur.
    """
    quick = settings(max_examples=1000, database=None, phases=[Phase.generate])

    assert wanted(find(strategy, wanted, settings=quick))
