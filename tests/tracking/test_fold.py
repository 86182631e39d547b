"""
The fold: one state, whatever the order, the repetition and the delay.
"""

from __future__ import annotations

import random

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.models import (
    Coordinates,
    Courier,
    DeliveryStop,
    End,
    EndReason,
    Goods,
    Milestone,
    Money,
    Price,
    Proof,
    ProofKind,
    Status,
    StopKind,
    StopStatus,
)
from doorstep.tracking import AnomalyKind, fold
from doorstep.tracking._edges import may_follow, may_follow_the_end

# As one sandbox receiver logged them: the pickup came after the dropoff.
ARRIVED = (
    (0, Status.ASSIGNED),
    (105, Status.TO_PICKUP),
    (108, Status.AT_PICKUP),
    (117, Status.TO_DROPOFF),
    (121, Status.AT_DROPOFF),
    (123, Status.DELIVERED),
    (126, Status.PICKED_UP),
)


def walk(rng: random.Random) -> list[Status]:
    """
    Return statuses that follow one another as carriers are known to go.
    """
    path = [rng.choice([Status.DRAFT, Status.SCHEDULED, Status.PENDING])]
    for _ in range(rng.randrange(2, 14)):
        legal = may_follow_the_end if path[-1].terminal else may_follow
        choices = [one for one in Status if one is not Status.UNKNOWN and legal(path[-1], one)]
        if not choices:
            break
        path.append(rng.choice(choices))
    return path


def shuffled(observations, rng):
    """
    Return *observations* in another order, some of them twice or three times.
    """
    many = [one for one in observations for _ in range(rng.choice([1, 1, 2, 3]))]
    rng.shuffle(many)
    return many


def test_f065_arrival_log_ends_delivered_in_any_order(kit):
    """
    A pickup that is told after the dropoff does not reopen a delivery, in 2,000 orders
    with repetitions of a real log; it is flagged.
    """
    rng = random.Random(65)
    log = [kit.told(at, status) for at, status in ARRIVED]
    states = [fold(shuffled(log, rng)) for _ in range(2_000)]

    assert {Status.DELIVERED} == {state.delivery.status for state in states}
    assert [AnomalyKind.AFTER_END] == [one.kind for one in states[0].anomalies]
    assert all(state == states[0] for state in states)


def test_f065_every_walk_ends_where_it_ended(kit):
    """
    Statuses that follow one another as carriers go end in the last of them, in whatever
    order and however often they are told.
    """
    rng = random.Random(66)
    for _ in range(2_000):
        path = walk(rng)
        state = fold(shuffled([kit.told(at, one) for at, one in enumerate(path)], rng))

        assert (path[-1], ()) == (state.delivery.status, state.anomalies), path


@given(data=st.data())
def test_f065_any_observations_fold_alike_in_any_order(kit, data):
    """
    Even what no carrier should say comes to one state, whatever the order.
    """
    moments = st.tuples(st.integers(0, 5), st.sampled_from(Status), st.booleans())
    said = data.draw(st.lists(moments, min_size=1, max_size=8))
    log = [
        kit.told(
            at,
            status,
            name=f"{number}",
            asked=asked,
            raw_status=f"word {number}",
            courier=Courier(name=f"{'AB'[number % 2]} {number}") if asked else None,
            milestones={list(Milestone)[number]},
        )
        for number, (at, status, asked) in enumerate(said)
    ]
    other = data.draw(st.permutations(log))

    assert fold(log) == fold([*other, *other])


def test_f066_repetition_changes_nothing(kit):
    """
    What is told a hundred times counts once.
    """
    one = kit.told(1, Status.TO_PICKUP, courier=Courier(name="Ada"))

    assert fold([one]) == fold([one] * 100)


def test_f072_answer_that_goes_back_leaves_the_end_and_is_flagged(kit):
    """
    A read that says "on the way" after "delivered" changes no end, and is flagged.
    """
    state = fold(
        [
            kit.told(1, Status.DELIVERED, asked=True),
            kit.told(2, Status.TO_DROPOFF, asked=True, raw_status="enroute"),
        ]
    )

    assert Status.DELIVERED is state.delivery.status
    (flagged,) = state.anomalies
    assert (AnomalyKind.AFTER_END, Status.DELIVERED, Status.TO_DROPOFF, "enroute") == (
        flagged.kind,
        flagged.before,
        flagged.after,
        flagged.raw_status,
    )


def test_f073_new_courier_takes_over_without_a_new_status(kit):
    """
    Another courier is remembered as such: the status stays, nothing of the first one's
    is taken for the second's.
    """
    state = fold(
        [
            kit.told(1, Status.ASSIGNED, courier=Courier(id="7", name="Ada", phone="+16505550101")),
            kit.told(2, Status.ASSIGNED, courier=Courier(id="8", name="Bob")),
        ]
    )

    assert Status.ASSIGNED is state.delivery.status
    assert ["Ada", "Bob"] == [one.name for one in state.couriers]
    assert None is state.delivery.courier.phone
    assert Milestone.COURIER_CHANGED in state.delivery.milestones


def test_f074_resumed_after_a_cancel_is_flagged_and_stays_cancelled(kit):
    """
    A delivery that was cancelled and then has a courier again stays cancelled and is
    flagged, so that nobody books a second one on a guess.
    """
    state = fold([kit.told(1, Status.CANCELLED), kit.told(9, Status.ASSIGNED)])

    assert Status.CANCELLED is state.delivery.status
    assert [AnomalyKind.AFTER_END] == [one.kind for one in state.anomalies]


def test_return_that_is_told_after_the_end_counts(kit):
    """
    Some carriers tell of a return after they told of the cancel; who cancelled is kept,
    where the goods are is not.
    """
    end = End(reason=EndReason.RECIPIENT_ABSENT, raw_reason="no_answer", goods=Goods.WITH_CARRIER)
    state = fold([kit.told(1, Status.FAILED, end=end), kit.told(5, Status.RETURNED)])

    assert (Status.RETURNED, EndReason.RECIPIENT_ABSENT, "no_answer", Goods.RETURNED) == (
        state.delivery.status,
        state.delivery.end.reason,
        state.delivery.end.raw_reason,
        state.delivery.end.goods,
    )


@pytest.mark.parametrize(
    ("before", "goods"),
    [(Status.ASSIGNED, Goods.NEVER_COLLECTED), (Status.TO_DROPOFF, Goods.WITH_CARRIER)],
)
def test_history_says_where_the_goods_are(kit, before, goods):
    """
    A cancel that says nothing of the goods gets it from what was told before.
    """
    state = fold([kit.told(1, before), kit.told(2, Status.CANCELLED)])

    assert goods is state.delivery.end.goods


def test_pickup_that_was_only_timed_counts_as_custody(kit):
    """
    A pickup event may be missing; the time of it, told later, shows it as well.
    """
    pickup = DeliveryStop(kind=StopKind.PICKUP, done_at=kit.START)
    state = fold([kit.told(1, Status.AT_PICKUP), kit.told(2, Status.CANCELLED, stops=[pickup])])

    assert Goods.WITH_CARRIER is state.delivery.end.goods


def test_unknown_word_is_flagged_and_replaces_no_status(kit):
    """
    A status that nobody has described leaves the one that is known.
    """
    state = fold([kit.told(1, Status.TO_PICKUP), kit.told(2, raw_status="levitating")])

    assert (Status.TO_PICKUP, "levitating") == (state.delivery.status, state.delivery.raw_status)
    assert [AnomalyKind.UNKNOWN_STATUS] == [one.kind for one in state.anomalies]


def test_unlisted_step_is_believed_and_flagged(kit):
    """
    The carrier is right, not our table: a step that nobody has seen moves the status.
    """
    state = fold([kit.told(1, Status.TO_DROPOFF), kit.told(2, Status.PENDING)])

    assert Status.PENDING is state.delivery.status
    assert [AnomalyKind.UNLISTED] == [one.kind for one in state.anomalies]


def test_further_status_of_one_moment_holds_and_milestones_are_united(kit):
    """
    Carriers change a delivery without moving its time; both of such messages count.
    """
    state = fold(
        [
            kit.told(1, Status.TO_PICKUP, name="b", milestones={Milestone.NEAR_PICKUP}),
            kit.told(1, Status.PICKED_UP, name="a", milestones={Milestone.ETA_CHANGED}),
        ]
    )

    assert Status.PICKED_UP is state.delivery.status
    assert {Milestone.NEAR_PICKUP, Milestone.ETA_CHANGED} == state.delivery.milestones


def test_what_is_not_told_keeps_what_was_known(kit):
    """
    A message that leaves a field out says nothing about it.
    """
    here = Coordinates(lat="52.5", lng="13.4")
    photo = Proof(kind=ProofKind.PHOTO, url="https://acme.example/1")
    first = kit.told(
        1,
        Status.TO_DROPOFF,
        reference="order-1",
        revision=2,
        price=Price(total=Money(975, "USD")),
        tip=Money(100, "USD"),
        tracking_url="https://acme.example/t",
        support_ref="S-1",
        courier=Courier(name="Ada Lovelace", phone="+16505550101"),
        stops=[
            DeliveryStop(kind=StopKind.PICKUP, status=StopStatus.DONE, proofs=[photo]),
            DeliveryStop(kind=StopKind.DROPOFF, address="Elm Street 1"),
        ],
    )
    then = kit.told(
        2,
        courier=Courier(name="Ada L.", location=here),
        stops=[DeliveryStop(kind=StopKind.DROPOFF, status=StopStatus.HEADING)],
    )
    told, state = first.delivery, fold([first, then]).delivery

    kept = ("reference", "revision", "price", "tip", "tracking_url", "support_ref", "status")
    assert [getattr(told, name) for name in kept] == [getattr(state, name) for name in kept]
    assert ("Ada L.", "+16505550101", here) == (
        state.courier.name,
        state.courier.phone,
        state.courier.location,
    )
    pickup, dropoff = state.stops
    assert (StopStatus.DONE, (photo,)) == (pickup.status, pickup.proofs)
    assert ("Elm Street 1", StopStatus.HEADING) == (dropoff.address, dropoff.status)


def test_nothing_told_is_no_state():
    """
    Without an observation there is no delivery to speak of.
    """
    with pytest.raises(ValueError, match="nothing was told"):
        fold([])


def test_stops_stay_as_they_ended(kit):
    """
    What is told after the end takes no stop back; what it adds is kept.
    """
    pickup, dropoff = (
        DeliveryStop(kind=kind, status=StopStatus.DONE)
        for kind in (StopKind.PICKUP, StopKind.DROPOFF)
    )
    late = (
        DeliveryStop(kind=StopKind.PICKUP, status=StopStatus.DONE, done_at=kit.START),
        DeliveryStop(kind=StopKind.DROPOFF, status=StopStatus.WAITING),
    )
    state = fold(
        [
            kit.told(1, Status.DELIVERED, stops=[pickup, dropoff]),
            kit.told(4, Status.PICKED_UP, stops=late),
        ]
    )

    assert (late[0], dropoff) == state.delivery.stops


def test_price_keeps_its_parts_while_the_total_stays(kit):
    """
    A message that tells the total alone leaves the tax that was told with it; of another
    total nothing is known but what is told.
    """
    taxed = Price(total=Money(975, "USD"), tax_amount=Money(75, "USD"))
    bare = Price(total=Money(975, "USD"))
    dearer = Price(total=Money(1075, "USD"))

    assert taxed == fold([kit.told(1, price=taxed), kit.told(2, price=bare)]).delivery.price
    assert dearer == fold([kit.told(1, price=taxed), kit.told(2, price=dearer)]).delivery.price


def test_state_is_a_delivery_like_any_other(kit):
    """
    What the fold puts together without checking it again would pass every check.
    """
    told = [
        kit.told(1, Status.TO_DROPOFF, reference="order-1", courier=Courier(name="Ada")),
        kit.told(2, Status.DELIVERED, price=Price(total=Money(975, "USD"))),
    ]
    state = fold(told).delivery

    assert attrs.evolve(state) == state
    assert hash(attrs.evolve(state)) == hash(state)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_f067_end_that_anybody_could_have_written_gives_way(kit, order):
    """
    An end from an unverified webhook holds until the carrier says otherwise, in any order;
    a verified one holds against everything.
    """
    log = [
        kit.told(1, Status.TO_PICKUP, asked=True),
        attrs.evolve(kit.told(2, Status.DELIVERED), verified=False),
        kit.told(3, Status.PICKED_UP, asked=True),
    ]
    state = fold([log[number] for number in order])
    verified = [log[0], attrs.evolve(log[1], verified=True), log[2]]

    assert (Status.PICKED_UP, None) == (state.delivery.status, state.delivery.end)
    assert [AnomalyKind.AFTER_END] == [one.kind for one in state.anomalies]
    assert Status.DELIVERED is fold([verified[number] for number in order]).delivery.status


def test_end_that_was_confirmed_holds(kit):
    """
    An answer that says the same makes an unverified end certain.
    """
    forged = attrs.evolve(kit.told(1, Status.DELIVERED), verified=False)
    state = fold([forged, kit.told(2, Status.DELIVERED, asked=True), kit.told(3, Status.PENDING)])

    assert Status.DELIVERED is state.delivery.status
