"""
Stored values: versioned, typed, and refused with a path when they are not ours.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import attrs
import pytest

from doorstep.codec import from_json, to_json
from doorstep.errors import ValidationError
from doorstep.models import (
    Address,
    Asap,
    Contact,
    Courier,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    Extension,
    Item,
    Money,
    PickupAt,
    Pin,
    Proof,
    ProofKind,
    Raw,
    Status,
    Stop,
    StoreRef,
)

STOP = Stop(address=Address(store_ref=StoreRef(store="s")), items=[], verification=[Pin()])
REQUEST = DeliveryRequest(
    reference="a",
    pickup=STOP,
    dropoffs=attrs.evolve(STOP, items=[Item(name="soup")]),
    schedule=PickupAt(datetime(2026, 11, 22, 12, tzinfo=UTC)),
    tip=Money(500, "USD"),
)
DELIVERY = Delivery(
    id=DeliveryId("acme", "main", "d/1"),
    status=Status.PENDING,
    as_of=datetime(2026, 11, 22, 12, tzinfo=UTC),
)


@attrs.frozen(kw_only=True)
class HeronExtension(Extension, provider="heron"):
    """
    The inputs of a carrier that does not exist.
    """

    stilts: int | None = None


WITH_EXTENSION = attrs.evolve(REQUEST, extensions=[HeronExtension(stilts=2)])


def refused(text: str | bytes, kind: type) -> str:
    """
    Return path and rule of the refusal of *text*.
    """
    with pytest.raises(ValidationError) as caught:
        from_json(text, kind)
    return str(caught.value.fields[0])


def changed(value: object, *path: str | int, to: object) -> str:
    """
    Return the JSON of *value* with the member at *path* replaced.
    """
    data = json.loads(to_json(value))
    place = data["value"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return json.dumps(data)


def test_text_names_version_and_type() -> None:
    """
    A reader of another year can tell what it has found; this form is for ever.
    """
    expected = '{"doorstep":1,"type":"Money","value":{"minor":500,"currency":"USD"}}'

    assert expected == to_json(Money(500, "USD"))


def test_times_ids_and_kinds_have_their_own_form() -> None:
    """
    Times end in Z, an id is its string form, members of a sum type name their kind.
    """
    request = json.loads(to_json(REQUEST))["value"]

    assert {"kind": "PickupAt", "at": "2026-11-22T12:00:00Z"} == request["schedule"]
    assert "Pin" == request["pickup"]["verification"][0]["kind"]
    assert "acme/main/d%2F1" == json.loads(to_json(DELIVERY))["value"]["id"]


@pytest.mark.parametrize("version", [0, 2, "1", True, 1.0, None, [1]])
def test_another_version_is_refused(version) -> None:
    """
    A text of another version is not guessed at.
    """
    text = json.dumps({"doorstep": version, "type": "Asap", "value": {}})

    assert refused(text, Asap).startswith("$.doorstep must be 1")


@pytest.mark.parametrize("name", ["Money", "asap", "", None, 5, ["Asap"]])
def test_another_type_is_refused(name) -> None:
    """
    A quote is not read as a delivery.
    """
    text = json.dumps({"doorstep": 1, "type": name, "value": {}})

    assert "$.type must be Asap" == refused(text, Asap)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        "5",
        '"x"',
        "{",
        "NaN",
        '{"doorstep":1}',
        '{"type":"Asap","value":{}}',
        '{"doorstep":1,"type":"Asap","value":{},"more":1}',
        b"\xff",
        "\ud800",
        None,
        5,
    ],
)
def test_what_is_not_ours_is_refused(text) -> None:
    """
    Exactly three keys, or it was not written by doorstep.
    """
    assert "$ is not a value written by doorstep" == refused(text, Asap)


@pytest.mark.parametrize(
    ("text", "kind", "path"),
    [
        (changed(Money(1, "USD"), "more", to=1), Money, "$.value"),
        (changed(Money(1, "USD"), "minor", to="1"), Money, "$.value.minor"),
        (changed(Money(1, "USD"), "minor", to=1.0), Money, "$.value.minor"),
        (changed(Money(1, "USD"), "currency", to="usd"), Money, "$.value"),
        (changed(REQUEST, "pickup", "contact", "more", to=1), DeliveryRequest, "$.value.pickup"),
        (changed(REQUEST, "dropoffs", to={}), DeliveryRequest, "$.value.dropoffs"),
        (changed(REQUEST, "dropoffs", to="abc"), DeliveryRequest, "$.value.dropoffs"),
        (changed(REQUEST, "dropoffs", 0, to=5), DeliveryRequest, "$.value.dropoffs[0]"),
        (
            changed(REQUEST, "dropoffs", 0, "items", 0, "quantity", to=0),
            DeliveryRequest,
            "$.value.dropoffs[0].items[0]",
        ),
        (changed(REQUEST, "schedule", "at", to="12:00"), DeliveryRequest, "$.value.schedule"),
        (changed(REQUEST, "schedule", "kind", to="Soon"), DeliveryRequest, "$.value.schedule"),
        (changed(REQUEST, "schedule", to={}), DeliveryRequest, "$.value.schedule"),
        (changed(REQUEST, "tip", to=5), DeliveryRequest, "$.value.tip"),
        (changed(DELIVERY, "id", to="d-1"), Delivery, "$.value.id"),
        (changed(DELIVERY, "status", to="on_its_way"), Delivery, "$.value.status"),
        (changed(DELIVERY, "status", to="delivered"), Delivery, "$.value"),
        (changed(DELIVERY, "milestones", to="delayed"), Delivery, "$.value.milestones"),
        (changed(DELIVERY, "milestones", to=["late"]), Delivery, "$.value.milestones[0]"),
        (changed(DELIVERY, "raw", to=[["a", 1]]), Delivery, "$.value.raw"),
        (changed(DELIVERY, "raw", to=None), Delivery, "$.value.raw"),
        (changed(DELIVERY, "as_of", to="2026-11-22T12:00:00"), Delivery, "$.value.as_of"),
    ],
)
def test_wrong_field_is_refused_with_its_path(text, kind, path) -> None:
    """
    Unknown keys and damaged fields are named where they stand.
    """
    assert refused(text, kind).startswith(path)


@pytest.mark.parametrize("key", ["minor", "currency"])
def test_missing_key_is_refused_with_its_path(key) -> None:
    """
    A field without a default must be there.
    """
    data = json.loads(to_json(Money(1, "USD")))
    del data["value"][key]

    assert f"$.value.{key} required field missing" == refused(json.dumps(data), Money)


def test_missing_key_with_a_default_is_its_default() -> None:
    """
    A later version may add optional fields without another version of the format.
    """
    text = '{"doorstep":1,"type":"Contact","value":{"display":"Ada"}}'

    assert Contact(display="Ada") == from_json(text, Contact)


@pytest.mark.parametrize(
    ("to", "part"),
    [
        ({"provider": "nobody", "value": {}}, "not loaded: connect first"),
        ({"provider": "heron", "value": {"colour": 1}}, "does not know"),
        ({"provider": "heron", "value": {"stilts": "2"}}, "must be"),
        ({"provider": "heron", "value": []}, "extensions"),
        ({"provider": "heron"}, "must have provider and value"),
        ({"provider": "heron", "value": {}, "more": 1}, "must have provider and value"),
        ({"provider": ["heron"], "value": {}}, "not loaded"),
        ("heron", "extensions"),
    ],
)
def test_extension_that_nobody_knows_is_refused(to, part) -> None:
    """
    The inputs of a carrier are read by its plugin, strictly, or not at all.
    """
    assert WITH_EXTENSION == from_json(to_json(WITH_EXTENSION), DeliveryRequest)
    assert part in refused(changed(WITH_EXTENSION, "extensions", 0, to=to), DeliveryRequest)


@pytest.mark.parametrize("content", ["not base64", "YQ", "é", 5, ["YQ=="], {}])
def test_content_that_is_not_base64_is_refused(content) -> None:
    """
    Bytes travel as base64 and come back as they were.
    """
    proof = Proof(kind=ProofKind.PHOTO, content=b"\x89PNG")

    assert proof == from_json(to_json(proof), Proof)
    assert refused(changed(proof, "content", to=content), Proof).startswith("$.value.content")


@pytest.mark.parametrize(
    "value",
    [
        5,
        "text",
        None,
        {"a": 1},
        Extension(),
        HeronExtension(),
        object(),
        Money,
        Raw({"a": Decimal(1)}),
        Raw({"a": b"bytes"}),
        Raw({"a": {1, 2}}),
        Courier(name="\ud800"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_neutral_cannot_be_written(value) -> None:
    """
    Only values of ``doorstep.models`` whose raw answers are JSON have a stored form.
    """
    with pytest.raises(ValidationError):
        to_json(value)
