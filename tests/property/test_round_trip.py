"""
Every neutral value survives JSON, pickle and copy.
"""

from __future__ import annotations

import copy
import json
import pickle

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorstep import models
from doorstep.codec import from_json, to_json
from doorstep.errors import ValidationError
from doorstep.models import Asap, DeliveryId, DeliveryRequest, Extension, Money, Raw, Stop
from doorstep_contracts.strategies import json_objects, neutral, neutral_classes

pytestmark = pytest.mark.once

few = settings(max_examples=12, suppress_health_check=list(HealthCheck))

#: No values of their own: two unions and the base of the plugins' inputs.
NOT_GENERATED = {"Extension", "Schedule", "Verification"}


@attrs.frozen(kw_only=True)
class ParcelbirdExtension(Extension, provider="parcelbird"):
    """
    The inputs of a carrier that does not exist.
    """

    colour: str | None = None
    budget: Money | None = None


def _raw(value: object) -> object:
    """
    Return what equality leaves out.
    """
    return value.raw.as_dict() if hasattr(value, "raw") else None


def refused_path(text: str, kind: type) -> str | None:
    """
    Return what a refusal of *text* names, or None if it was read.
    """
    try:
        from_json(text, kind)
    except ValidationError as error:
        return error.fields[0].path
    return None


def test_strategies_cover_every_public_class() -> None:
    """
    A new model cannot be forgotten: each name of ``doorstep.models`` is generated.
    """
    generated = {one.__name__ for one in neutral_classes()}

    assert set(models.__all__) - NOT_GENERATED == generated


@few
@given(data=st.data())
def test_json_round_trip_is_equal(neutral_class, data) -> None:
    """
    ``from_json(to_json(x)) == x`` for values of every class, raw answers included.
    """
    value = data.draw(neutral(neutral_class))

    read = from_json(to_json(value), neutral_class)

    assert value == read
    assert type(value) is type(read)
    assert _raw(value) == _raw(read)


@few
@given(data=st.data())
def test_pickle_and_copy_are_equal(neutral_class, data) -> None:
    """
    Every value can be handed to another process, and copied.
    """
    value = data.draw(neutral(neutral_class))

    for twin in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert value == twin
        assert _raw(value) == _raw(twin)


@few
@given(data=st.data())
def test_equal_values_have_equal_hashes(neutral_class, data) -> None:
    """
    Values can stand in sets and be keys; only raw answers, which are mappings, cannot.
    """
    value = data.draw(neutral(neutral_class))

    if neutral_class is not Raw:
        assert hash(value) == hash(copy.deepcopy(value))


@given(colour=st.sampled_from([None, "red"]), minor=st.integers(0, 99))
def test_extension_travels_with_its_request(colour, minor) -> None:
    """
    The inputs of a plugin come back as the plugin's own class.
    """
    extension = ParcelbirdExtension(colour=colour, budget=Money(minor, "JPY"))
    stop = Stop(address=models.Address(one_line="1 Main St"))
    request = DeliveryRequest(reference="a", pickup=stop, dropoffs=stop, extensions=[extension])

    read = from_json(to_json(request), DeliveryRequest)

    assert (extension,) == read.extensions
    assert extension == read.extension(ParcelbirdExtension)
    assert request == pickle.loads(pickle.dumps(request))


@given(value=neutral(DeliveryId))
def test_delivery_id_survives_its_string_form(value) -> None:
    """
    ``parse(str(x)) == x`` whatever printable text a carrier takes for an id.
    """
    text = str(value)

    assert value == DeliveryId.parse(text)
    assert text.isascii()
    assert 2 == text.count("/")


@settings(max_examples=150)
@given(text=st.one_of(st.text(max_size=60), st.binary(max_size=60), json_objects().map(json.dumps)))
def test_any_text_is_refused_with_our_own_error(text) -> None:
    """
    Nothing but ValidationError comes out of text that we did not write.
    """
    with pytest.raises(ValidationError):
        from_json(text, Asap)


@few
@given(data=st.data())
def test_any_json_in_a_field_gives_a_value_or_our_own_error(neutral_class, data) -> None:
    """
    Whatever stands in place of one field: a value, or ValidationError naming a path.
    """
    written = json.loads(to_json(data.draw(neutral(neutral_class))))
    inside = written["value"]
    wrong = data.draw(st.one_of(json_objects(), json_objects().map(lambda one: [one]), st.text()))
    if isinstance(inside, dict) and inside:
        inside[data.draw(st.sampled_from(sorted(inside)))] = wrong
    else:
        written["value"] = wrong

    path = refused_path(json.dumps(written), neutral_class)

    assert path is None or path.startswith("$")
