"""
What is read of businesses and stores, and what is not believed.
"""

from __future__ import annotations

from datetime import UTC, datetime

import attrs
import pytest

from doorstep import errors as e
from doorstep.models import BusinessStatus, StoreStatus
from doorstep_doordash._onboarding_answers import BUSINESS_STATUSES, STORE_STATUSES
from doorstep_doordash._onboarding_wire import (
    BusinessAnswer,
    BusinessBody,
    BusinessList,
    Metadata,
    StoreAnswer,
    StoreBody,
    StoreList,
)

BUSINESS = "a0720d55-7cbe-41ce-8185-58285b7985cd"
STORE = "ed178ef3-b486-4ce8-8baa-5bc9f0f3fa4a"
WHEN = datetime(2022, 4, 25, 17, 21, 43, tzinfo=UTC)
#: The recording of each operation.
SAMPLES = {
    "create_business": "business_create",
    "get_business": "business_get",
    "update_business": "business_update",
    "list_businesses": "business_list",
    "create_store": "store_create",
    "get_store": "store_get",
    "update_store": "store_update",
    "list_stores": "store_list",
}
ONE = [name for name in SAMPLES if not name.startswith("list")]


def test_business_is_read_whole(flows, run, answer, sample):
    """
    Every field of the sample stands in a neutral one, or in ``raw``.
    """
    business = run(flows["get_business"](), answer(sample("business_get"))).value

    assert (BUSINESS, "Neighborhood Deli") == (business.id, business.name)
    assert "A neighborhood deli serving many tasty sandwiches and soups." == business.description
    assert (BusinessStatus.ACTIVE, "active") == (business.status, business.raw_status)
    assert (False, 10, "+12065551212") == (business.test, business.stores, business.phone)
    assert (WHEN, WHEN) == (business.created_at, business.updated_at)
    assert sample("business_get") == business.raw.as_dict()


def test_store_is_read_whole(flows, run, answer, sample):
    """
    Every field of the sample stands in a neutral one, or in ``raw``.
    """
    store = run(flows["get_store"](), answer(sample("store_get"))).value

    assert (STORE, BUSINESS, "Neighborhood Deli #10") == (store.id, store.business, store.name)
    assert "901 Market Street, 6th Floor, San Francisco, CA, 94103" == store.address
    assert (StoreStatus.ACTIVE, "active") == (store.status, store.raw_status)
    assert ("+12065551212", False) == (store.phone, store.test)
    assert (WHEN, WHEN) == (store.created_at, store.updated_at)
    assert sample("store_get") == store.raw.as_dict()


@pytest.mark.parametrize(
    ("told", "stores"),
    [
        (10, 10),
        ("10", 10),
        (0, 0),
        *((other, None) for other in ("ten", "", -1, True, 1.5, None, [], "9" * 5_000)),
    ],
)
def test_number_of_stores_may_be_text(flows, run, answer, sample, told, stores):
    """
    One sample of DoorDash's has a number, another has text; what is neither is not known.
    """
    metadata = {"number_of_stores": told}
    body = sample("business_get_newer", external_metadata=metadata)

    assert stores == run(flows["get_business"](), answer(body)).value.stores


def test_newer_sample_is_read(flows, run, answer, sample):
    """
    The e-mail address, which 2.1.59 has beside, stays in ``raw``.
    """
    business = run(flows["get_business"](), answer(sample("business_get_newer"))).value

    assert 10 == business.stores
    assert "merchant@doordash.com" == business.raw["external_metadata"]["client_email"]


@pytest.mark.parametrize("name", ["get_business", "get_store"])
def test_id_alone_is_enough(flows, run, answer, name):
    """
    Whatever else is absent is not told, and an unknown status is a value.
    """
    field = f"external_{name[4:]}_id"
    wanted = BUSINESS if name == "get_business" else STORE
    for status in (None, "on_fire"):
        told = {field: wanted, "status": status, "activation_status": status}
        found = run(flows[name](), answer(told)).value

        assert (wanted, "unknown", status) == (found.id, found.status.value, found.raw_status)
        assert found.name is found.phone is found.test is found.created_at is None


@pytest.mark.parametrize("name", ONE)
@pytest.mark.parametrize("other", ["default", "", None, ..., 7])
def test_answer_about_another_is_refused(flows, run, answer, sample, name, other):
    """
    What is answered is about what was asked for, or is not believed.
    """
    field = f"external_{name.partition('_')[2]}_id"
    body = sample(SAMPLES[name], **{field: other})

    with pytest.raises(e.InvalidAnswerError) as caught:
        run(flows[name](), answer(body))

    assert f"$.{field}" == caught.value.params["path"]


@pytest.mark.parametrize("name", ["create_store", "get_store", "update_store"])
def test_store_of_another_business_is_refused(flows, run, answer, sample, name):
    """
    A store with the right id under another business is another store.
    """
    body = sample(SAMPLES[name], external_business_id="other-one")

    with pytest.raises(e.InvalidAnswerError) as caught:
        run(flows[name](), answer(body))

    assert "$.external_business_id" == caught.value.params["path"]


def test_listed_store_of_another_business_is_refused(flows, run, answer, sample):
    """
    The list of a business holds its stores alone.
    """
    entry = sample("store_get")
    body = {"result": [entry, {**entry, "external_business_id": "other-one"}]}

    with pytest.raises(e.InvalidAnswerError) as caught:
        run(flows["list_stores"](), answer(body))

    assert "$.result[1].external_business_id" == caught.value.params["path"]


@pytest.mark.parametrize("name", ["list_businesses", "list_stores"])
def test_page_is_read(flows, run, answer, sample, name):
    """
    A page has its entries with their bodies, and the token of the next.
    """
    body = sample(SAMPLES[name])
    page = run(flows[name](), answer(body)).value

    assert [body["result"][0]] == [entry.raw.as_dict() for entry in page.entries]
    assert "string" == page.next


@pytest.mark.parametrize("name", ["list_businesses", "list_stores"])
@pytest.mark.parametrize("token", [None, "", ...])
def test_list_ends_without_a_token(flows, run, answer, sample, name, token):
    """
    Null, empty and absent all mean that it was the last page.
    """
    body = sample(SAMPLES[name], continuation_token=token)

    assert run(flows[name](), answer(body)).value.next is None


@pytest.mark.parametrize("name", ["list_businesses", "list_stores"])
@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "$.result"),
        ({"result": None}, "$.result"),
        ({"result": [{}]}, "$.result[0].external_{}_id"),
        ({"result": [], "continuation_token": 7}, "$.continuation_token"),
        ([], "$"),
    ],
)
def test_unusable_page_names_the_path(flows, run, answer, name, body, path):
    """
    A page that cannot be read is no empty page.
    """
    with pytest.raises(e.InvalidAnswerError) as caught:
        run(flows[name](), answer(body))

    what = "business" if name == "list_businesses" else "store"
    assert path.format(what) == caught.value.params["path"]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(
    "code", ["unknown_business_id", "unknown_store_id_under_business_id", "a_new_code"]
)
def test_what_is_not_known_is_no_delivery(flows, run, answer, name, code):
    """
    A 404 of DoorDash's is about the business or the store, whatever its code.
    """
    with pytest.raises(e.AccountNotFoundError):
        run(flows[name](), answer({"code": code, "message": "m"}, 404))


def test_wire_has_every_field_of_the_samples(recorded):
    """
    No field of Drive 0.2.5 is missing in the wire classes, and they have no others.
    """

    def names(kind):
        return {field.name for field in attrs.fields(kind)}

    def told(name):
        return recorded(name)["response"]["body"]

    metadata = told("business_get")["external_metadata"]
    assert set(recorded("business_create")["request"]) == names(BusinessBody)
    assert set(recorded("business_update")["request"]) < names(BusinessBody)
    assert set(recorded("store_create")["request"]) == names(StoreBody)
    assert set(recorded("store_update")["request"]) < names(StoreBody)
    assert set(told("business_get")) == names(BusinessAnswer)
    assert set(metadata) == names(Metadata)
    assert set(told("store_get")) == names(StoreAnswer)
    assert set(told("business_list")) == names(BusinessList)
    assert set(told("store_list")) == names(StoreList)


def test_every_status_is_mapped():
    """
    Each status of Drive 0.2.5 is one of ours, and none of ours is left over.
    """
    assert {*BUSINESS_STATUSES.values(), BusinessStatus.UNKNOWN} == set(BusinessStatus)
    assert {*STORE_STATUSES.values(), StoreStatus.UNKNOWN} == set(StoreStatus)
    for status in (*BUSINESS_STATUSES.items(), *STORE_STATUSES.items()):
        assert status[0] == status[1].value


@pytest.mark.parametrize("name", SAMPLES)
def test_any_answer_ends_well(flows, answer, name):
    """
    Each status with each kind of body ends in an error of ours, or a value.
    """
    bodies = (b"", b"null", b"[]", b"{}", b'"x"', b"<html>", b'{"code": 7}', b'{"result": [7]}')
    for body in bodies:
        for status in (100, 200, 204, 302, 400, 404, 409, 418, 422, 424, 429, 500, 599):
            flow = flows[name]()
            try:
                next(flow)
                for _ in range(3):
                    flow.send(answer(body, status))
            except (StopIteration, e.ProviderError):
                continue
            pytest.fail("the flow does not end")
