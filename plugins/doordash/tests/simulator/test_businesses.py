"""
Businesses and stores: every field, every refusal, and deliveries from a store by its id.
"""

from __future__ import annotations

import pytest

BUSINESSES = "/developer/v1/businesses"
STORES = f"{BUSINESSES}/deli/stores"
QUOTES = "/drive/v2/quotes"
BUSINESS = {
    "external_business_id": "deli",
    "name": "Neighborhood Deli",
    "description": "Sandwiches and soups.",
    "activation_status": "inactive",
    "external_metadata": {"number_of_stores": 10, "client_phone_number": "+12065551212"},
}
STORE = {
    "external_store_id": "deli-10",
    "name": "Neighborhood Deli #10",
    "phone_number": "+12065551212",
    "address": "901 Market Street, 6th Floor, San Francisco, CA, 94103",
}
NOW = "2026-11-22T10:00:00Z"
STATUSES = (
    "initiated",
    "pending_external_activation",
    "pending_legal_agreement",
    "abandoned",
    "failed",
    "active",
    "inactive",
)


@pytest.fixture(name="create")
def _create(call):
    """
    Create a business; None leaves a field out.
    """

    def create(**changes):
        body = {**BUSINESS, **changes}
        kept = {name: value for name, value in body.items() if value is not None}
        return call("POST", BUSINESSES, kept)

    return create


@pytest.fixture(name="open_store")
def _open_store(call, create):
    """
    Create a store of an active business; None leaves a field out.
    """
    create(activation_status="active")

    def open_store(**changes):
        body = {**STORE, **changes}
        return call("POST", STORES, {name: value for name, value in body.items() if value})

    return open_store


def _fields(answer):
    return [one["field"] for one in answer.body["field_errors"]]


def test_business_comes_back_as_it_was_sent(call, create):
    """
    200, with its times; the same when it is read.
    """
    answer = create()
    expected = {**BUSINESS, "is_test": True, "created_at": NOW, "last_updated_at": NOW}

    assert (200, expected) == (answer.status, answer.body)
    assert expected == call("GET", f"{BUSINESSES}/deli").body


def test_business_of_few_words_is_active(call, create):
    """
    What was not said is absent, but for the status and the number of stores.
    """
    few = create(description=None, activation_status=None, external_metadata=None).body
    call("POST", STORES, STORE)

    assert "description" not in few
    assert ("active", {"number_of_stores": 0}) == (
        few["activation_status"],
        few["external_metadata"],
    )
    assert 1 == call("GET", f"{BUSINESSES}/deli").body["external_metadata"]["number_of_stores"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"external_business_id": None}, "external_business_id"),
        ({"external_business_id": "de"}, "external_business_id"),
        ({"external_business_id": "d" * 65}, "external_business_id"),
        ({"external_business_id": "de li"}, "external_business_id"),
        ({"external_business_id": "default"}, "external_business_id"),
        ({"name": None}, "name"),
        ({"name": " "}, "name"),
        ({"description": "d" * 101}, "description"),
        ({"activation_status": "asleep"}, "activation_status"),
        ({"external_metadata": 10}, "external_metadata"),
        (
            {"external_metadata": {"client_phone_number": "555"}},
            "external_metadata.client_phone_number",
        ),
        ({"external_metadata": {"number_of_stores": 1.5}}, "external_metadata.number_of_stores"),
    ],
)
def test_business_that_is_wrong_is_refused(call, create, changes, field):
    """
    400 names the field, and nothing is registered.
    """
    answer = create(**changes)

    assert (400, [field]) == (answer.status, _fields(answer))
    assert ["default"] == _ids(call("GET", BUSINESSES))


@pytest.mark.parametrize("status", STATUSES)
def test_business_may_have_every_status(call, create, status):
    """
    Those of the enum are taken, told, and listed by.
    """
    told = create(activation_status=status).body
    listed = {
        one: "deli" in _ids(call("GET", f"{BUSINESSES}?activationStatus={one}")) for one in STATUSES
    }

    assert status == told["activation_status"]
    assert [status] == [one for one, found in listed.items() if found]


def test_business_is_updated(drive, call, create):
    """
    What is sent changes, the rest stays, and the time is told.
    """
    create()
    drive.clock.step(60)
    answer = call("PATCH", f"{BUSINESSES}/deli", {"name": "Deli", "activation_status": "active"})

    assert 200 == answer.status
    assert ("Deli", "active", "Sandwiches and soups.", NOW, "2026-11-22T10:01:00Z") == tuple(
        answer.body[name]
        for name in ("name", "activation_status", "description", "created_at", "last_updated_at")
    )
    assert answer.body == call("GET", f"{BUSINESSES}/deli").body


def test_update_that_is_wrong_changes_nothing(call, create):
    """
    400, whichever field it is.
    """
    create()
    answer = call("PATCH", f"{BUSINESSES}/deli", {"name": "Deli", "activation_status": "asleep"})

    assert (400, ["activation_status"]) == (answer.status, _fields(answer))
    assert BUSINESS["name"] == call("GET", f"{BUSINESSES}/deli").body["name"]


def test_id_that_is_used_is_refused(create, open_store):
    """
    400 names it: no document says what a second create answers.
    """
    again, store = create(), [open_store() for _ in range(2)][1]

    assert (400, ["external_business_id"]) == (again.status, _fields(again))
    assert (400, ["external_store_id"]) == (store.status, _fields(store))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("GET", "/stores"),
        ("POST", "/stores"),
        ("GET", "/stores/deli-10"),
        ("PATCH", "/stores/deli-10"),
    ],
)
@pytest.mark.parametrize(
    ("business", "status", "code"),
    [
        ("other", 404, "unknown_business_id"),
        ("o%20r", 400, "validation_error"),
        ("forbidden-1", 403, "authorization_error"),
    ],
)
def test_business_that_is_not_there_is_refused(call, method, path, business, status, code):
    """
    404 repeats the ids; 400 for an id that none can have; 403 for somebody else's.
    """
    body = {"POST": STORE, "PATCH": {}}.get(method)
    answer = call(method, f"{BUSINESSES}/{business}{path}", body)
    ids = {name: answer.body[name] for name in answer.body if name.startswith("external_")}

    assert (status, code) == (answer.status, answer.body["code"])
    if status == 404:
        store = {"external_store_id": "deli-10"} if method == "POST" or "deli-10" in path else {}
        assert {"external_business_id": "other", **store} == ids


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_store_that_is_not_there_is_refused(call, create, method):
    """
    404 with both ids.
    """
    create()
    answer = call(method, f"{STORES}/deli-11", {} if method == "PATCH" else None)

    assert 404 == answer.status
    assert {
        "code": "unknown_store_id_under_business_id",
        "external_business_id": "deli",
        "external_store_id": "deli-11",
    } == {name: answer.body[name] for name in answer.body if name != "message"}


def test_store_comes_back_as_it_was_sent(call, open_store):
    """
    200, with its business, its status and its times; the same when it is read.
    """
    answer = open_store()
    expected = {
        **STORE,
        "external_business_id": "deli",
        "status": "active",
        "is_test": True,
        "created_at": NOW,
        "last_updated_at": NOW,
    }

    assert (200, expected) == (answer.status, answer.body)
    assert expected == call("GET", f"{STORES}/deli-10").body


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"external_store_id": None}, "external_store_id"),
        ({"external_store_id": "09"}, "external_store_id"),
        ({"external_store_id": "default"}, "external_store_id"),
        ({"name": None}, "name"),
        ({"address": None}, "address"),
        ({"address": " "}, "address"),
        ({"phone_number": "2065551212"}, "phone_number"),
    ],
)
def test_store_that_is_wrong_is_refused(call, open_store, changes, field):
    """
    400 names the field, and nothing is registered.
    """
    answer = open_store(**changes)

    assert (400, [field]) == (answer.status, _fields(answer))
    assert 0 == call("GET", STORES).body["result_count"]


def test_store_is_updated(drive, call, open_store):
    """
    What is sent changes, the rest stays, and the time is told.
    """
    open_store()
    drive.clock.step(60)
    told = call("PATCH", f"{STORES}/deli-10", {"address": "2 Mission St"}).body

    assert ("2 Mission St", STORE["name"]) == (told["address"], told["name"])
    assert (NOW, "2026-11-22T10:01:00Z") == (told["created_at"], told["last_updated_at"])


@pytest.mark.parametrize("status", [one for one in STATUSES if one != "active"])
def test_store_of_a_business_that_is_not_active_waits(call, create, status):
    """
    424 tells what is missing; then it goes, and its status is that of the business.
    """
    create(activation_status=status)
    refused = call("POST", STORES, STORE)
    call("PATCH", f"{BUSINESSES}/deli", {"activation_status": "active"})
    created = call("POST", STORES, STORE)
    call("PATCH", f"{BUSINESSES}/deli", {"activation_status": status})
    listed = {
        one: _ids(call("GET", f"{STORES}?activationStatus={one}")) for one in ("active", "inactive")
    }

    assert (424, "missing_dependency_error") == (refused.status, refused.body["code"])
    assert ["activation_status"] == [o["field"] for o in refused.body["missing_dependencies"]]
    assert (200, "active") == (created.status, created.body["status"])
    assert {"active": [], "inactive": ["deli-10"]} == listed


@pytest.mark.parametrize("path", [BUSINESSES, f"{BUSINESSES}/default/stores"])
@pytest.mark.parametrize("query", ["activationStatus=asleep", "continuationToken=no"])
def test_list_refuses_what_it_does_not_know(call, path, query):
    """
    400 names the parameter.
    """
    answer = call("GET", f"{path}?{query}")

    assert (400, [query.partition("=")[0]]) == (answer.status, _fields(answer))


def test_default_business_is_there_from_the_start(call, request_body):
    """
    It has a store that deliveries can be picked up at.
    """
    stores = call("GET", f"{BUSINESSES}/default/stores").body["result"]
    ids = {
        "pickup_external_business_id": "default",
        "pickup_external_store_id": stores[0]["external_store_id"],
    }
    answer = call("POST", QUOTES, request_body(**ids))

    assert 1 == len(stores)
    assert (200, stores[0]["address"]) == (answer.status, answer.body["pickup_address"])


def test_ids_that_an_answer_tells_are_known(call, request_body):
    """
    The address of a pickup becomes a store of the default business, once.
    """
    told = [call("POST", QUOTES, request_body(f"D-{one}")).body for one in (1, 2)]
    ids = {name: told[0][name] for name in told[0] if name.startswith("pickup_external_")}
    again = call("POST", QUOTES, request_body("D-3", **ids)).body
    store = call("GET", f"{BUSINESSES}/default/stores/{ids['pickup_external_store_id']}").body

    assert told[0]["pickup_address"] == again["pickup_address"] == store["address"]
    assert 2 == call("GET", f"{BUSINESSES}/default/stores").body["result_count"]


def test_delivery_from_a_store_has_its_name_address_and_phone(call, open_store, request_body):
    """
    They win over the request's, and what the store is told later does not change them.
    """
    open_store()
    ids = {"pickup_external_business_id": "deli", "pickup_external_store_id": "deli-10"}
    told = call("POST", QUOTES, request_body(pickup_business_name="Mine", **ids)).body
    call("PATCH", f"{STORES}/deli-10", {"address": "2 Mission St"})
    later = call("GET", "/drive/v2/deliveries/D-1").body

    assert tuple(STORE[name] for name in ("name", "address", "phone_number")) == tuple(
        told[name] for name in ("pickup_business_name", "pickup_address", "pickup_phone_number")
    )
    assert told["pickup_address"] == later["pickup_address"]


def test_update_moves_the_pickup_to_another_store(call, book, open_store):
    """
    Refused when there is no such store, and then nothing changes.
    """
    open_store()
    before = book().body
    ids = {"pickup_external_business_id": "deli", "pickup_external_store_id": "deli-11"}
    refused = call("PATCH", "/drive/v2/deliveries/D-1", ids)
    kept = call("GET", "/drive/v2/deliveries/D-1").body
    ids["pickup_external_store_id"] = "deli-10"
    moved = call("PATCH", "/drive/v2/deliveries/D-1", ids).body

    assert (400, ["pickup_external_store_id"]) == (refused.status, _fields(refused))
    assert before["pickup_address"] == kept["pickup_address"]
    assert STORE["address"] == moved["pickup_address"]


def test_wrong_id_names_another_business(drive, create):
    """
    The fault changes the id of whatever the answer is about.
    """
    drive.faults.arm("wrong_id_after", "create_business")

    assert "deli-other" == create().body["external_business_id"]


def test_stale_404_is_about_the_business(drive, call, create):
    """
    The fault speaks of what was asked for.
    """
    create()
    drive.faults.arm("stale_404", "get_business")
    drive.faults.arm("stale_404", "get_store")

    assert "unknown_business_id" == call("GET", f"{BUSINESSES}/deli").body["code"]
    assert "unknown_store_id_under_business_id" == call("GET", f"{STORES}/deli-10").body["code"]


def _ids(answer):
    return [
        one.get("external_store_id", one["external_business_id"]) for one in answer.body["result"]
    ]
