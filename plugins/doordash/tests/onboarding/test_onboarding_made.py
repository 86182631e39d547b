"""
Making what may be there already: a lost answer, a used id, and what stands under it.
"""

from __future__ import annotations

import json

import pytest

from doorstep import errors as e
from doorstep.http import TransportError

BUSINESS = "a0720d55-7cbe-41ce-8185-58285b7985cd"
STORE = "ed178ef3-b486-4ce8-8baa-5bc9f0f3fa4a"
CREATES = {"create_business": "business_create", "create_store": "store_create"}
PATHS = {
    "create_business": f"/developer/v1/businesses/{BUSINESS}",
    "create_store": f"/developer/v1/businesses/{BUSINESS}/stores/{STORE}",
}


def _used(field):
    return {"code": "validation_error", "field_errors": [{"field": field, "error": "is used"}]}


LOST = TransportError("reset", sent=True)
#: What may mean that the id is used, or that it was made all the same.
MAYBE = [
    LOST,
    (_used("external_{}_id"), 400),
    ({"code": "validation_error", "message": "Validation Failed"}, 400),
    ({"code": "conflict"}, 409),
    ({"code": "duplicate_business_id"}, 409),
    ({"code": "already_exists"}, 422),
    ({"code": "service_fault"}, 500),
    (b"<html>", 502),
]


def _reply(answer, one, name):
    if isinstance(one, Exception):
        return one
    body, status = one
    text = json.dumps(body).replace("{}", name[7:]) if isinstance(body, dict) else None
    return answer(body if text is None else json.loads(text), status)


@pytest.mark.parametrize("name", CREATES)
@pytest.mark.parametrize("first", MAYBE)
def test_what_is_there_already_and_the_same_is_returned(flows, run, answer, sample, name, first):
    """
    After a lost answer, and after a refusal that may mean it, what has the id is read.
    """
    there = sample(CREATES[name])
    ran = run(flows[name](), _reply(answer, first, name), answer(there))
    look = ran.requests[1]

    assert there == ran.value.raw.as_dict()
    assert ("GET", True) == (look.method, look.recovery)
    assert PATHS[name] == look.target


@pytest.mark.parametrize("name", CREATES)
@pytest.mark.parametrize("first", MAYBE)
def test_another_under_the_id_is_a_duplicate(flows, run, answer, sample, name, first):
    """
    What has the id and differs is never taken for what was asked for.
    """
    there = sample(CREATES[name], name="Somebody Else's")

    with pytest.raises(e.DuplicateError) as caught:
        run(flows[name](), _reply(answer, first, name), answer(there))

    assert {BUSINESS, STORE} >= {caught.value.params["existing_id"]}


@pytest.mark.parametrize("name", CREATES)
@pytest.mark.parametrize("first", MAYBE)
@pytest.mark.parametrize(
    "look",
    [({"code": "unknown_business_id"}, 404), ({"code": "x"}, 403), LOST, (b"{}", 200), (b"", 500)],
)
def test_what_is_not_there_leaves_the_error(flows, run, answer, name, first, look):
    """
    Where nothing has the id, or nobody can tell, the first error stands.
    """
    first, look = _reply(answer, first, name), _reply(answer, look, name)
    with pytest.raises((e.ProviderError, TransportError)) as caught:
        run(flows[name](), first, look)

    assert (first is LOST) == (caught.value is LOST)
    assert not isinstance(caught.value, e.AccountNotFoundError | e.AccountForbiddenError)
    assert first is LOST or first.status == caught.value.http_status


@pytest.mark.parametrize("name", CREATES)
@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ((_used("phone_number"), 400), e.ValidationError),
        (({"code": "authentication_error"}, 401), e.AuthenticationError),
        (({"code": "authorization_error"}, 403), e.AccountForbiddenError),
        (({"code": "unknown_business_id"}, 404), e.AccountNotFoundError),
        (({"code": "missing_dependency_error"}, 424), e.ValidationError),
        ((b"", 429), e.RateLimitedError),
        (TransportError("connect", sent=False), TransportError),
    ],
)
def test_refusal_for_another_cause_is_told_at_once(flows, run, answer, name, first, expected):
    """
    What cannot mean that the id is used asks nothing more.
    """
    with pytest.raises(expected):
        run(flows[name](), _reply(answer, first, name))


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"address": "901 Market St Fl 6th, San Francisco CA 94103-1729, USA"}, True),
        ({"phone_number": "+1(206)5551212"}, True),
        ({"name": " Neighborhood  Deli #10"}, True),
        ({"name": None, "address": None, "phone_number": ""}, True),
        ({"status": "inactive"}, True),
        ({"address": "903 Market St Fl 6th, San Francisco CA 94103-1729, USA"}, False),
        ({"phone_number": "+12065551213"}, False),
        ({"name": "Neighborhood Deli #11"}, False),
    ],
)
def test_same_store_is_recognised(flows, run, answer, sample, changes, same):
    """
    DoorDash rewrites addresses and phones; another door or number is another store.
    """
    flow = flows["create_store"]()
    there = answer(sample("store_create", **changes))
    if same:
        assert STORE == run(flow, LOST, there).value.id
        return
    with pytest.raises(e.DuplicateError):
        run(flow, LOST, there)


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"activation_status": "pending_legal_agreement"}, True),
        ({"description": None}, True),
        ({"description": "Another deli."}, False),
        ({"name": "neighborhood deli"}, False),
    ],
)
def test_same_business_is_recognised(flows, run, answer, sample, changes, same):
    """
    The status may have moved on since; name and description are the caller's.
    """
    flow = flows["create_business"]()
    there = answer(sample("business_create", **changes))
    if same:
        assert BUSINESS == run(flow, LOST, there).value.id
        return
    with pytest.raises(e.DuplicateError):
        run(flow, LOST, there)


def test_missing_dependency_is_named(flows, run, answer):
    """
    HTTP 424 names what a store needs first, and nothing of what DoorDash writes about it.
    """
    body = {
        "code": "missing_dependency_error",
        "message": "call +16505555555",
        "missing_dependencies": [{"field": "activation_status", "error": "of +16505555555"}],
    }
    with pytest.raises(e.ValidationError) as caught:
        run(flows["create_store"](), answer(body, 424))

    assert [("activation_status", "is needed first")] == [
        (field.path, field.problem) for field in caught.value.fields
    ]
    assert "555" not in str(caught.value)
