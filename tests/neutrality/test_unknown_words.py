"""
Words and fields that nobody has described: kept as they came, never guessed, never an error.
"""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.neutrality.mapping import STATUSES
from tests.neutrality.samples import CONTEXT

from doorstep.codec import from_json, to_json
from doorstep.models import Actor, Delivery, DeliveryId, EndReason, Goods, Status

ID = DeliveryId("on_demand_rider", "sg", "y0ud-000001")
#: The fixtures hold nothing that an example could change.
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
WORDS = st.text(max_size=60).filter(lambda one: one not in STATUSES and "\0" not in one)


@SHARED
@given(word=WORDS)
def test_f041_new_status_is_unknown_with_the_carriers_word(word, rider, replay, recording):
    """
    A status that nobody described is UNKNOWN with the carrier's word: neither live nor failed.
    """
    body = recording("get_order_200")["response"]["body"] | {"status": word}

    delivery, _ = replay(rider.track(ID, CONTEXT), (200, body))

    assert (Status.UNKNOWN, word, None) == (delivery.status, delivery.raw_status, delivery.end)
    assert not delivery.status.terminal


@SHARED
@given(word=WORDS)
def test_f041_new_reason_of_an_end_is_unknown_with_the_carriers_word(
    word, rider, replay, recording
):
    """
    Why and by whom something ended is not guessed either; that it ended stands.
    """
    body = recording("get_order_200")["response"]["body"]
    body |= {"status": "CANCELLED", "cancellation": {"reason": f"x{word}", "source": f"x{word}"}}

    end = replay(rider.track(ID, CONTEXT), (200, body))[0].end

    assert (EndReason.UNKNOWN, f"x{word}", Actor.UNKNOWN) == (end.reason, end.raw_reason, end.actor)
    assert end.goods in Goods


@SHARED
@given(
    extra=st.dictionaries(
        st.text(max_size=9).map("new_{}".format),
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=9),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.text(max_size=5), inner, max_size=3)
            ),
            max_leaves=8,
        ),
        max_size=4,
    )
)
def test_f042_new_fields_are_ignored_and_kept_in_raw(extra, rider, replay, recording):
    """
    Fields that a carrier adds change nothing, stay readable in raw and survive being stored.
    """
    body = recording("get_order_200")["response"]["body"]

    plain, _ = replay(rider.track(ID, CONTEXT), (200, body))
    delivery, _ = replay(rider.track(ID, CONTEXT), (200, extra | body))

    assert plain == delivery
    assert extra | body == delivery.raw.as_dict()
    assert extra | body == from_json(to_json(delivery), Delivery).raw.as_dict()
