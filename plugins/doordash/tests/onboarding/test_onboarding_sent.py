"""
What is sent about businesses and stores, and what is refused before the network.
"""

from __future__ import annotations

import json

import pytest

from doorstep import errors as e
from doorstep.models import (
    Address,
    BusinessChanges,
    BusinessStatus,
    Coordinates,
    StoreChanges,
    StoreRef,
    StoreStatus,
)
from doorstep.outcome import Effect, Repeat
from doorstep_doordash._onboarding_answers import BUSINESS_STATUSES, STORE_STATUSES

BUSINESS = "a0720d55-7cbe-41ce-8185-58285b7985cd"
STORE = "ed178ef3-b486-4ce8-8baa-5bc9f0f3fa4a"
#: The recording, the method and the path of each operation.
ROUTES = {
    "create_business": ("business_create", "POST", "/developer/v1/businesses"),
    "get_business": ("business_get", "GET", f"/developer/v1/businesses/{BUSINESS}"),
    "update_business": ("business_update", "PATCH", f"/developer/v1/businesses/{BUSINESS}"),
    "list_businesses": ("business_list", "GET", "/developer/v1/businesses"),
    "create_store": ("store_create", "POST", f"/developer/v1/businesses/{BUSINESS}/stores"),
    "get_store": ("store_get", "GET", f"/developer/v1/businesses/{BUSINESS}/stores/{STORE}"),
    "update_store": (
        "store_update",
        "PATCH",
        f"/developer/v1/businesses/{BUSINESS}/stores/{STORE}",
    ),
    "list_stores": ("store_list", "GET", f"/developer/v1/businesses/{BUSINESS}/stores"),
}
CREATES = ("create_business", "create_store")


@pytest.mark.parametrize("name", ROUTES)
def test_sample_is_sent_and_read(flows, run, answer, recorded, name):
    """
    Each operation sends the very body of DoorDash's sample, and reads its answer.
    """
    sample, method, target = ROUTES[name]
    one = recorded(sample)
    ran = run(flows[name](), answer(one["response"]["body"]))
    (request,) = ran.requests

    assert (method, target) == (request.method, request.target)
    assert one["request"] == (json.loads(request.body) if request.body else None)
    assert BUSINESS not in request.path.route


@pytest.mark.parametrize("name", ROUTES)
def test_effect_is_said(flows, run, answer, sample, name):
    """
    What reads does nothing; what changes may be sent twice, because ids are the caller's.
    """
    (request,) = run(flows[name](), answer(sample(ROUTES[name][0]))).requests
    reads = name.startswith(("get", "list"))

    assert (Effect.NOTHING if reads else Effect.CHANGES) is request.effect
    assert (Repeat.SAFE if reads else Repeat.SAME_EFFECT) is request.repeat


@pytest.mark.parametrize(
    ("name", "status"),
    [
        *(("list_businesses", one) for one in BUSINESS_STATUSES.values()),
        *(("list_stores", one) for one in STORE_STATUSES.values()),
    ],
)
def test_query_is_camel_case(flows, run, answer, name, status):
    """
    Status and token go into the query under the names that DoorDash has there.
    """
    (request,) = run(flows[name](status, "a b&c="), answer({"result": []})).requests

    assert (("activationStatus", status.value), ("continuationToken", "a b&c=")) == request.query
    assert request.target.endswith("&continuationToken=a+b%26c%3D")


@pytest.mark.parametrize("name", ["list_businesses", "list_stores"])
def test_unknown_is_no_status_to_ask_for(flows, name):
    """
    Our word for a status that we do not know is refused before the network.
    """
    kind = BusinessStatus if name == "list_businesses" else StoreStatus
    with pytest.raises(e.ValidationError):
        next(flows[name](kind.UNKNOWN))


@pytest.mark.parametrize("bad", ["ab", "x" * 65, "a/b", "a.b", "#12", "default"])
def test_id_that_doordash_refuses_is_refused_here(flows, bad):
    """
    An id to create is 3 to 64 letters, digits, _ or -, and not DoorDash's own.
    """
    for name in CREATES:
        with pytest.raises(e.ValidationError) as caught:
            next(flows[name](id=bad))

        assert [f"{name[7:]}.id"] == [field.path for field in caught.value.fields]


@pytest.mark.parametrize("good", ["abc", "x" * 64, "A-b_9", "Default", "defaults"])
def test_id_that_doordash_takes_is_sent(flows, good):
    """
    Nothing more is refused than DoorDash refuses.
    """
    for name in CREATES:
        assert good.encode() in next(flows[name](id=good)).body


def test_default_business_can_be_read_and_changed(flows):
    """
    DoorDash's own business has stores like any other.
    """
    for flow in (
        flows["get_business"]("default"),
        flows["update_business"]("default"),
        flows["create_store"]("default"),
    ):
        assert "/developer/v1/businesses/default" in next(flow).target


def test_f098_ids_are_one_segment_of_the_path(provider, ctx):
    """
    An id that was registered by hand may have any characters; none leaves its place.
    """
    request = next(provider.get_store("a/../b?c", "#1 %2F", ctx))

    assert "/developer/v1/businesses/a%2F..%2Fb%3Fc/stores/%231%20%252F" == request.target
    for bad in ("..", ".", ""):
        with pytest.raises(e.ValidationError):
            next(provider.get_business(bad, ctx))


def test_long_description_is_refused(flows):
    """
    DoorDash takes a hundred characters.
    """
    for name in ("create_business", "update_business"):
        assert next(flows[name](description="x" * 100))
        with pytest.raises(e.ValidationError, match="100 characters"):
            next(flows[name](description="x" * 101))


@pytest.mark.parametrize("phone", ["+12065550100000", "+19991234567"])
def test_store_with_a_phone_that_cannot_exist_is_refused(flows, phone):
    """
    DoorDash checks phones by country, and so does this, before the network.
    """
    for name, owner in (("create_store", "store"), ("update_store", "changes")):
        with pytest.raises(e.ValidationError) as caught:
            next(flows[name](phone=phone))

        assert [f"{owner}.phone"] == [field.path for field in caught.value.fields]
        assert phone not in str(caught.value)


def test_store_needs_an_address_in_words(flows):
    """
    The wire has one line; a point on the map, or another store, is none.
    """
    for place in (
        Address(coordinates=Coordinates(lat="37.7", lng="-122.4")),
        Address(store_ref=StoreRef(store="s-10")),
    ):
        for name in ("create_store", "update_store"):
            with pytest.raises(e.ValidationError, match="needs one_line"):
                next(flows[name](address=place))


def test_update_sends_what_changes_alone(provider, ctx):
    """
    What is None is not in the body.
    """
    business = next(provider.update_business(BUSINESS, BusinessChanges(name="Deli"), ctx))
    store = next(provider.update_store(BUSINESS, STORE, StoreChanges(phone="+12065551212"), ctx))

    assert {"name": "Deli"} == json.loads(business.body)
    assert {"phone_number": "+12065551212"} == json.loads(store.body)
