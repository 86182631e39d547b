"""
Nothing is dropped silently: what a request asks for is named, and refused when unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from doorstep.capabilities import Capabilities
from doorstep.errors import UnsupportedError, ValidationError
from doorstep.models import Changes, DeliveryRequest, StopChanges
from doorstep.requirements import all_paths, check_changes, check_request, used_paths
from doorstep_contracts.strategies import neutral

changed: Callable[..., Any] = attrs.evolve  # of fields named at run time
EVERYTHING = Capabilities(inputs=all_paths(), update_fields=all_paths(), max_dropoffs=9)
slow = settings(max_examples=40, suppress_health_check=list(HealthCheck))

#: Only changes can take all of these away; a request that has none does not ask for any.
ONLY_CHANGES = {"dropoff.items", "dropoff.verification", "pickup.verification"}


@pytest.mark.parametrize("path", sorted(all_paths() - ONLY_CHANGES))
def test_path_is_produced_and_refused_when_unknown(path, asking_for) -> None:
    """
    Every path that a capability may name can be asked for, and is refused unnamed.
    """
    request = asking_for(path)

    assert path in used_paths(request)
    check_request(request, EVERYTHING)
    if path != "schedule.asap":
        lacking = attrs.evolve(EVERYTHING, inputs=all_paths() - {path})
        with pytest.raises(UnsupportedError) as caught:
            check_request(request, lacking)
        assert path == caught.value.params["capability"]
        assert path in str(caught.value)


@pytest.mark.parametrize("path", sorted(ONLY_CHANGES))
def test_taking_everything_away_is_a_wish_of_its_own(path) -> None:
    """
    An empty tuple in changes is no empty wish: it is named, and refused unnamed.
    """
    end, _, name = path.partition(".")
    emptied = changed(StopChanges(instructions="leave it"), **{name: ()})
    changes = changed(Changes(), **{end: emptied})

    assert {path, f"{end}.instructions"} == used_paths(changes)
    with pytest.raises(UnsupportedError):
        check_changes(changes, attrs.evolve(EVERYTHING, update_fields=all_paths() - {path}))


def may_stand_in_another_form(path: str) -> bool:
    """
    Whether *path* is part of an address that the request may give in another form too.
    """
    return ".address." in path and not path.endswith((".unit", ".access_notes"))


@slow
@given(request=neutral(DeliveryRequest), data=st.data())
def test_whatever_a_request_asks_for_can_be_refused(request, data) -> None:
    """
    No request of any shape asks for something that no capability could name.
    """
    used = used_paths(request)
    path = data.draw(st.sampled_from(sorted(used)))

    assert used <= all_paths()
    check_request(request, EVERYTHING)
    assume(not may_stand_in_another_form(path))
    if path != "schedule.asap":
        with pytest.raises(UnsupportedError):
            check_request(request, attrs.evolve(EVERYTHING, inputs=all_paths() - {path}))


@slow
@given(changes=neutral(Changes), data=st.data())
def test_whatever_changes_ask_for_can_be_refused(changes, data) -> None:
    """
    The same holds for every set of changes; empty ones are refused as empty.
    """
    used = used_paths(changes)

    assert used <= all_paths()
    if not used:
        with pytest.raises(ValidationError, match="changes are empty"):
            check_changes(changes, EVERYTHING)
        return
    check_changes(changes, EVERYTHING)
    path = data.draw(st.sampled_from(sorted(used)))
    assume(not may_stand_in_another_form(path))
    with pytest.raises(UnsupportedError):
        check_changes(changes, attrs.evolve(EVERYTHING, update_fields=all_paths() - {path}))


def test_plain_request_needs_only_an_address(asking_for) -> None:
    """
    Defaults ask for nothing; as soon as possible is never refused.
    """
    request = asking_for("schedule.asap")
    ends = {"pickup.address.one_line", "dropoff.address.one_line"}

    assert ends | {"schedule.asap"} == used_paths(request)
    check_request(request, Capabilities(inputs=frozenset(ends)))
