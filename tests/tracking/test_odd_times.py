"""
Deliveries with times that cannot be: accepted as told, and flagged.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.models import DeliveryStop, End, Status, StopKind
from doorstep.tracking import AnomalyKind, fold

ODD = AnomalyKind.IMPOSSIBLE_TIMES
HOUR = 3600


def stops(kit, pickup: float | None, dropoff: float | None) -> tuple[DeliveryStop, ...]:
    """
    Return both stops, done so many seconds after noon.
    """
    kinds = ((StopKind.PICKUP, pickup), (StopKind.DROPOFF, dropoff))
    return tuple(
        DeliveryStop(kind=kind, done_at=None if at is None else kit.START + timedelta(seconds=at))
        for kind, at in kinds
    )


def kinds(state) -> list[AnomalyKind]:
    return [one.kind for one in state.anomalies]


@pytest.mark.parametrize(
    ("pickup", "dropoff", "end"),
    [
        (1200, 600, None),
        (600, 3 * HOUR, None),
        (600, 1200, 3 * HOUR),
        (-3 * HOUR, -2 * HOUR, None),
        (None, None, -2 * HOUR),
        (600, None, 365 * 24 * HOUR),
    ],
    ids=["pickup later", "dropoff ahead", "end ahead", "both before", "end before", "years ahead"],
)
def test_f076_delivered_with_impossible_times_is_accepted_and_flagged(kit, pickup, dropoff, end):
    """
    Times in the past, in the future or in the wrong order: it is delivered, as told, and odd.
    """
    ended = End(at=None if end is None else kit.START + timedelta(seconds=end))
    told = [
        kit.told(0, Status.PENDING),
        kit.told(HOUR, Status.DELIVERED, stops=stops(kit, pickup, dropoff), end=ended),
    ]
    states = [fold(order) for order in permutations(told)]

    assert states[0] == states[1]
    assert (Status.DELIVERED, told[1].delivery.stops) == (
        states[0].delivery.status,
        states[0].delivery.stops,
    )
    assert ended.at == states[0].delivery.end.at
    assert [ODD] == kinds(states[0])
    assert (Status.DELIVERED, told[1].id) == (
        states[0].anomalies[0].after,
        states[0].anomalies[0].observation,
    )


@pytest.mark.parametrize(
    ("pickup", "dropoff"), [(600, 1200), (600, 600), (0, HOUR + 300), (-300, -300), (None, 1200)]
)
def test_f076_times_that_can_be_are_not_flagged(kit, pickup, dropoff):
    """
    Five minutes are allowed for clocks that differ, and a carrier may tell no times.
    """
    told = [
        kit.told(0, Status.PENDING),
        kit.told(HOUR, Status.DELIVERED, stops=stops(kit, pickup, dropoff)),
    ]

    assert [] == kinds(fold(told))


def test_f076_contradiction_of_two_messages_is_flagged_once(kit):
    """
    A pickup that is told to be later than a dropoff told before; telling it again adds nothing.
    """
    told = [
        kit.told(0, Status.PENDING),
        kit.told(600, Status.DELIVERED, stops=stops(kit, None, 500)),
        kit.told(601, Status.DELIVERED, stops=stops(kit, 550, None)),
        kit.told(602, Status.DELIVERED, stops=stops(kit, 550, 500)),
    ]
    states = {fold(order).anomalies for order in permutations(told)}

    (anomalies,) = states
    assert [(ODD, told[2].id)] == [(one.kind, one.observation) for one in anomalies]


def test_f076_delivery_that_was_first_told_of_at_its_end_may_have_ended_before(kit):
    """
    Whoever looks late at a delivery sees old times, and nothing is odd about them.
    """
    assert [] == kinds(fold([kit.told(0, Status.DELIVERED, stops=stops(kit, -HOUR, -HOUR))]))


_at = st.one_of(st.none(), st.integers(-(10**9), 10**9))


@given(pickup=_at, dropoff=_at, end=_at)
def test_f076_any_times_are_accepted(kit, pickup, dropoff, end):
    """
    Whatever times a carrier tells, they are kept as told, and no order of messages matters.
    """
    ended = End(at=None if end is None else kit.START + timedelta(seconds=end))
    told = [
        kit.told(0, Status.ASSIGNED),
        kit.told(HOUR, Status.DELIVERED, stops=stops(kit, pickup, dropoff), end=ended),
    ]
    state = fold(told)

    assert state == fold(told[::-1])
    assert (Status.DELIVERED, told[1].delivery.stops) == (
        state.delivery.status,
        state.delivery.stops,
    )
    assert {*kinds(state)} <= {ODD}
