"""
Around a delivery: where DoorDash goes, how an address goes on, who came, and how they did.
"""

from __future__ import annotations

import json

import attrs
import pytest

from doorstep import errors as e
from doorstep.models import Address, Coordinates, Money, Opinion, Rating, StoreRef
from doorstep.outcome import Effect, Repeat
from doorstep_doordash._provider import DoorDashProvider
from doorstep_doordash._services import OPINIONS
from doorstep_doordash._services_wire import RATING_REASONS

LINE = "901 Market Street 6th Floor San Francisco, CA 94103"
HERE = Address(one_line=LINE)
GOOD = Rating(opinion=Opinion.GOOD, reason="ON_TIME", comment="Early, and kind")
DASHER = {"dasher_id": 1232142, "first_name": "John", "last_name": "Doe"}


@pytest.fixture(name="covers", scope="module")
def _covers(provider, ctx):
    return lambda pickup=HERE, dropoff=HERE, value=None: provider.covers(
        pickup, dropoff, value, ctx
    )


@pytest.fixture(name="complete", scope="module")
def _complete(provider, ctx):
    return lambda text="1600 Amphi", near=None, limit=3: provider.complete_address(
        text, near, limit, ctx
    )


@pytest.fixture(name="assignments", scope="module")
def _assignments(provider, delivery_id, ctx):
    return lambda: provider.assignments(delivery_id, ctx)


@pytest.fixture(name="rate", scope="module")
def _rate(provider, delivery_id, ctx):
    return lambda rating=GOOD, courier="1232142": provider.rate_courier(
        delivery_id, courier, rating, ctx
    )


# --- where it goes -----------------------------------------------------------------------


def test_serviceability_is_asked_as_in_the_sample(covers, run, answer, recorded):
    """
    The question is the sample's, it books nothing, and its answer is read.
    """
    one = recorded("serviceability")
    ran = run(covers(value=Money(1999, "USD")), answer(one["response"]["body"]))
    (request,) = ran.requests

    assert one["request"] == json.loads(request.body)
    assert ("POST", "/drive/v2/serviceability") == (request.method, request.target)
    assert (Effect.NOTHING, Repeat.SAFE) == (request.effect, request.repeat)
    assert (True, ()) == (ran.value.covered, ran.value.reasons)
    assert one["response"]["body"] == ran.value.raw.as_dict()


def test_reasons_are_told_in_doordash_words(covers, run, answer):
    """
    Which reasons there are is documented nowhere, so they are told as they are.
    """
    body = {"is_serviceable": False, "reasons_not_serviceable": ["distance_too_long", "Snow."]}
    coverage = run(covers(), answer(body)).value

    assert (False, ("distance_too_long", "Snow.")) == (coverage.covered, coverage.reasons)
    assert () == run(covers(), answer({"is_serviceable": False})).value.reasons


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "$.is_serviceable"),
        ({"is_serviceable": "yes"}, "$.is_serviceable"),
        ({"is_serviceable": None}, "$.is_serviceable"),
        ({"is_serviceable": True, "reasons_not_serviceable": "x"}, "$.reasons_not_serviceable"),
        ([], "$"),
    ],
)
def test_unusable_coverage_is_no_no(covers, run, answer, body, path):
    """
    An answer that cannot be read says neither yes nor no.
    """
    with pytest.raises(e.InvalidAnswerError) as caught:
        run(covers(), answer(body))

    assert caught.value.params["path"].startswith(path)


@pytest.mark.parametrize("side", ["pickup", "dropoff"])
@pytest.mark.parametrize(
    "place",
    [
        Address(coordinates=Coordinates(lat="37.7", lng="-122.4")),
        Address(store_ref=StoreRef(store="s-10", business="deli")),
    ],
)
def test_coverage_needs_addresses_in_words(covers, side, place):
    """
    Serviceability takes two addresses, and no ids of stores.
    """
    with pytest.raises(e.ValidationError) as caught:
        next(covers(**{side: place}))

    assert [side] == [field.path for field in caught.value.fields]


@pytest.mark.parametrize("value", [Money(1, "EUR"), Money(2**31, "USD")])
def test_value_that_doordash_cannot_read_is_refused(covers, value):
    """
    The wire has cents and no currency: another one would be taken for dollars.
    """
    with pytest.raises(e.ValidationError) as caught:
        next(covers(value=value))

    assert ["order_value"] == [field.path for field in caught.value.fields]


def test_value_in_another_currency_than_the_account_is_refused(settings, ctx):
    """
    An account that is charged in dollars is not asked about Canadian ones.
    """
    provider = DoorDashProvider("downtown", attrs.evolve(settings, currency="USD"))

    assert next(provider.covers(HERE, HERE, Money(1, "USD"), ctx))
    with pytest.raises(e.ValidationError, match="must be in USD"):
        next(provider.covers(HERE, HERE, Money(1, "CAD"), ctx))


def test_coverage_that_is_refused_is_an_error(covers, run, answer):
    """
    A refusal of the question is no answer to it.
    """
    body = {"code": "invalid_delivery_parameters", "reason": "distance_too_long", "message": "m"}
    with pytest.raises(e.OutOfCoverageError):
        run(covers(), answer(body, 422))


# --- how an address goes on --------------------------------------------------------------


def test_completion_is_asked_as_in_the_sample(complete, run, answer, recorded):
    """
    The question is the sample's, but for a country and a radius, which are DoorDash's to choose.
    """
    sample = recorded("address_autocomplete")["request"]
    asked = {name: sample[name] for name in ("input_address", "max_results")}
    near = Coordinates(lat="37.42", lng="-122.08")
    (request,) = run(complete("1600 Amphitheatre", near, 3), answer({"results": []})).requests

    assert {**asked, "location": {"lat": 37.42, "lng": -122.08}} == json.loads(request.body)
    assert set(json.loads(request.body)) < set(sample)
    assert ("POST", "/drive/v2/address/auto_complete") == (request.method, request.target)
    assert (Effect.NOTHING, Repeat.SAFE) == (request.effect, request.repeat)


@pytest.mark.parametrize(("limit", "sent"), [(1, 1), (5, 5), (6, 5), (20, 5)])
def test_no_more_than_five_are_asked_for(complete, run, answer, limit, sent):
    """
    DoorDash proposes five at most; whoever wants more gets those, whoever wants fewer fewer.
    """
    body = {"results": [{"address": f"{number} Main Street"} for number in range(7)]}
    ran = run(complete(limit=limit), answer(body))

    assert sent == json.loads(ran.requests[0].body)["max_results"]
    assert min(limit, 7) == len(ran.value)


PARTS = {
    "street_address": "1600 Amphitheatre Pkwy",
    "sub_premise": "",
    "city": "Mountain View",
    "state": "CA",
    "zip_code": "94043",
    "country": "United States",
}
IN_PARTS = Address(
    lines=["1600 Amphitheatre Pkwy"], locality="Mountain View", region="CA", postal_code="94043"
)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (LINE, HERE),
        ({"formatted_address": LINE}, HERE),
        ({"street_address": LINE}, HERE),
        (PARTS, IN_PARTS),
        ({**PARTS, "country": "US"}, attrs.evolve(IN_PARTS, country="US")),
        ({**PARTS, "sub_premise": "Fl 2"}, attrs.evolve(IN_PARTS, unit="Fl 2")),
        ({**PARTS, "formatted_address": LINE}, attrs.evolve(IN_PARTS, one_line=LINE)),
        (
            {"street_address": "1 Queen St", "locality": "Sydney", "territory": "NSW"},
            Address(lines=["1 Queen St"], locality="Sydney", region="NSW"),
        ),
    ],
)
def test_proposal_is_read_in_every_form(complete, run, answer, told, expected):
    """
    Its form is documented nowhere: text, an object with text, and parts are all read.
    """
    body = {"results": [{"address": told}]}

    assert [expected] == run(complete(), answer(body)).value


@pytest.mark.parametrize(
    "odd", [None, "", " ", 7, [], {}, {"street_address": 7}, {"city": "Town"}, "a\nb", "x" * 600]
)
def test_proposal_that_cannot_be_read_is_left_out(complete, run, answer, odd):
    """
    One odd proposal costs the others nothing; only odd ones are an error, not an empty list.
    """
    good = {"address": LINE}

    assert [HERE] == run(complete(), answer({"results": [{"address": odd}, good]})).value
    with pytest.raises(e.InvalidAnswerError) as caught:
        run(complete(), answer({"results": [{"address": odd}, {}]}))
    assert "$.results" == caught.value.params["path"]


def test_no_proposals_are_an_empty_list(complete, run, answer):
    """
    Nothing known is nothing proposed; a list that is missing is an error.
    """
    assert [] == run(complete(), answer({"results": []})).value
    with pytest.raises(e.InvalidAnswerError):
        run(complete(), answer({}))


# --- who came ----------------------------------------------------------------------------


def test_assignments_are_read_in_their_order(assignments, run, answer):
    """
    Each Dasher with name, times and the reason why not; the whole entry in ``raw``.
    """
    gone = {
        **DASHER,
        "dasher_id": 7,
        "dasher_at_store_time": "2026-11-22T12:00:00.123456789Z",
        "unassigned_time": "2026-11-22T12:10:00Z",
        "unassigned_reason": "Flat tyre",
    }
    ran = run(assignments(), answer({"dashers": [gone, DASHER]}))
    first, second = ran.value

    assert "/drive/v2/deliveries/D-1763/assignments" == ran.requests[0].target
    assert ("7", "John Doe", "1232142") == (first.courier.id, first.courier.name, second.courier.id)
    assert 10 == first.unassigned_at.minute
    assert "Flat tyre" == first.unassigned_reason
    assert first.at_pickup_at < first.unassigned_at
    assert (None, None, None) == (
        second.at_pickup_at,
        second.unassigned_at,
        second.unassigned_reason,
    )
    assert [gone, DASHER] == [one.raw.as_dict() for one in ran.value]
    assert "John" not in repr(ran.value)


def test_nobody_yet_is_an_empty_list(assignments, run, answer):
    """
    A delivery without a Dasher has had none.
    """
    assert [] == run(assignments(), answer({"dashers": []})).value


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "$.dashers"),
        ({"dashers": [{}]}, "$.dashers[0].dasher_id"),
        ({"dashers": [{**DASHER, "dasher_id": "x"}]}, "$.dashers[0].dasher_id"),
        ({"dashers": [{**DASHER, "unassigned_time": "now"}]}, "$.dashers[0].unassigned_time"),
    ],
)
def test_unusable_assignment_names_the_path(assignments, run, answer, body, path):
    """
    A Dasher without an id cannot be rated, so the answer is refused.
    """
    with pytest.raises(e.InvalidAnswerError) as caught:
        run(assignments(), answer(body))

    assert path == caught.value.params["path"]


# --- how they did ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opinion", "sent"), [(Opinion.GOOD, 1), (Opinion.NEUTRAL, 0), (Opinion.BAD, -1)]
)
def test_rating_is_sent_once(rate, run, answer, opinion, sent):
    """
    An opinion is 1, 0 or -1; a second one may count too, so none is sent twice.
    """
    ran = run(rate(Rating(opinion=opinion)), answer("SUCCESS"))
    (request,) = ran.requests

    assert {"rating": sent} == json.loads(request.body)
    assert "/drive/v2/deliveries/D-1763/dashers/1232142/rating" == request.target
    assert (Effect.CHANGES, Repeat.NEVER) == (request.effect, request.repeat)
    assert ran.value is None


def test_reason_and_comment_are_sent(rate, run, answer):
    """
    Both stand in the body under DoorDash's names.
    """
    (request,) = run(rate(), answer("SUCCESS")).requests
    body = {"rating": 1, "feedback_reason": "ON_TIME", "comment": "Early, and kind"}

    assert body == json.loads(request.body)


@pytest.mark.parametrize("body", ["SUCCESS", "DONE", {}, None, 0, ["SUCCESS"]])
def test_any_json_is_an_answer_to_a_rating(rate, run, answer, body):
    """
    What is answered is the word SUCCESS, and nothing depends on it.
    """
    assert run(rate(), answer(body)).value is None


@pytest.mark.parametrize("body", [b"", b"SUCCESS", b"<html>Sign in</html>", b"\xff"])
def test_answer_that_is_no_json_is_not_believed(rate, run, answer, body):
    """
    A page of some proxy's says nothing about a rating.
    """
    with pytest.raises(e.InvalidAnswerError) as caught:
        run(rate(), answer(body))

    assert "$" == caught.value.params["path"]


@pytest.mark.parametrize("courier", ["TAS-07", "-1", "1.5", "\u0661", "1/2", "9" * 20])
def test_courier_that_is_no_number_is_refused(rate, courier):
    """
    Dashers have numbers; anything else is refused before the network.
    """
    with pytest.raises(e.ValidationError) as caught:
        next(rate(courier=courier))

    assert ["courier"] == [field.path for field in caught.value.fields]


@pytest.mark.parametrize(
    ("code", "told"),
    [("unknown_delivery_id", "no delivery"), ("unknown_dasher_id", "no such courier"), ("x", "no")],
)
def test_courier_who_never_had_it_is_not_found(rate, run, answer, code, told):
    """
    A 404 is about the delivery or about the Dasher, and says which.
    """
    with pytest.raises(e.DeliveryNotFoundError, match=f"found {told}"):
        run(rate(), answer({"code": code, "message": "m"}, 404))


def test_every_reason_is_offered_and_every_opinion_told(provider):
    """
    The reasons are the 19 of the Dasher feedback API, in its words.
    """
    assert 19 == len(RATING_REASONS)
    assert RATING_REASONS == provider.capabilities.rating_reasons
    assert {"EQUIPPED", "STOLE_ORDER", "OTHER", "OTHER_BLOCK"} < RATING_REASONS
    assert set(Opinion) == set(OPINIONS)


# --- all of them -------------------------------------------------------------------------


def test_any_answer_ends_well(covers, complete, assignments, rate, answer):
    """
    Each status with each kind of body ends in an error of ours, or a value.
    """
    bodies = (b"", b"null", b"[]", b"{}", b'"x"', b"<html>", b'{"code": 7}', b'{"results": [7]}')
    for start in (covers, complete, assignments, rate):
        for body in bodies:
            for status in range(100, 600, 7):
                flow = start()
                next(flow)
                with pytest.raises((StopIteration, e.ProviderError)):
                    flow.send(answer(body, status))
