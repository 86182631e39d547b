"""
Quote, accept, create and get; ids, expiry and duplicates.
"""

from __future__ import annotations

import concurrent.futures
import re

import pytest

QUOTES = "/drive/v2/quotes"
DELIVERIES = "/drive/v2/deliveries"
ACCEPT = f"{QUOTES}/D-1/accept"
DUPLICATE = {
    "code": "duplicate_delivery_id",
    "message": "Duplicate External Delivery ID",
    "external_delivery_id": "D-1",
}
UNKNOWN = {
    "code": "unknown_delivery_id",
    "message": "External delivery ID was not found",
    "external_delivery_id": "D-1",
}


@pytest.fixture(name="quote")
def _quote(call, request_body):
    def quote(delivery="D-1", **changes):
        return call("POST", QUOTES, request_body(delivery, **changes))

    return quote


def test_quote_prices_and_books_nothing(drive, quote):
    """
    A quote has a fee, a status of its own, no support reference and no expiry.
    """
    answer = quote()

    assert (200, "quote", 975, "USD") == (
        answer.status,
        answer.body["delivery_status"],
        answer.body["fee"],
        answer.body["currency"],
    )
    assert not {"support_reference", "dasher_id", "expires_at"} & answer.body.keys()
    assert [] == drive.books()


def test_quote_looks_as_the_sandboxs_do(quote):
    """
    Normalised addresses, empty components, the default business, estimates without fractions.
    """
    body = quote().body

    assert "901 Market St 6th Floor San Francisco CA 94103, USA" == body["pickup_address"]
    assert "1 Hackathon Way, San Francisco CA 94105, USA" == body["dropoff_address"]
    assert "+1(650)5555555" == body["pickup_phone_number"]
    assert ([], []) == (body["fee_components"], body["tax_components"])
    assert "default" == body["pickup_external_business_id"]
    assert re.fullmatch(r"[0-9a-f-]{36}", body["pickup_external_store_id"])
    assert "2026-11-22T10:08:30Z" == body["pickup_time_estimated"]
    assert "2026-11-22T10:20:00Z" == body["dropoff_time_estimated"]
    assert "2026-11-22T10:00:00.123456456Z" == body["updated_at"]


def test_accept_books_the_quote(drive, call, quote):
    """
    The same id, a support reference of digits, another tracking page.
    """
    quoted = quote().body
    answer = call("POST", ACCEPT)

    assert (200, "created", "D-1") == (
        answer.status,
        answer.body["delivery_status"],
        answer.body["external_delivery_id"],
    )
    assert answer.body["support_reference"].isdecimal()
    assert quoted["tracking_url"] != answer.body["tracking_url"]
    assert quoted["fee"] == answer.body["fee"]
    assert [("D-1", 1, True)] == [(e["id"], e["commits"], e["live"]) for e in drive.books()]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tip", 700),
        ("order_value", 1570),
        ("dropoff_phone_number", "+16505550000"),
        ("pickup_instructions", "Ring"),
        ("items", [{"name": "a", "quantity": 1}]),
    ],
)
def test_accept_may_change_some_fields(call, quote, field, value):
    """
    The tip since the first version, others since the newer ones.
    """
    quote()
    call("POST", ACCEPT, {field: value, "dropoff_address": "ignored"})
    body = call("GET", f"{DELIVERIES}/D-1").body

    assert value == body[field]
    assert body["dropoff_address"].startswith("1 Hackathon Way")


@pytest.mark.parametrize("body", [None, {}, b"  "])
def test_accept_needs_no_body(call, quote, body):
    """
    No body and an empty one are the same.
    """
    quote()

    assert call("POST", ACCEPT, body).status == 200


def test_accept_may_find_another_price(drive, call, quote):
    """
    The words "Price Rise" make the fee 200 higher than it was quoted.
    """
    quote(dropoff_address="1 Price Rise Road, San Francisco, CA 94105")

    assert 1175 == call("POST", ACCEPT).body["fee"]
    assert 1175 == drive.books()[0]["fee"]


def test_accept_of_an_unknown_id_is_refused(call):
    """
    404 with the id.
    """
    answer = call("POST", ACCEPT)

    assert (404, UNKNOWN) == (answer.status, answer.body)


def test_accept_lives_five_minutes(drive, call, quote):
    """
    At 300 s a quote may still be accepted, by the simulator's clock.
    """
    quote()
    drive.clock.step(300)

    assert call("POST", ACCEPT).status == 200


def test_accept_of_an_expired_quote_is_refused(drive, call, quote):
    """
    400 about the id; nothing is booked, and the id stays used.
    """
    quote()
    drive.clock.step(300.001)
    answer = call("POST", ACCEPT)

    assert (400, "external_delivery_id") == (
        answer.status,
        answer.body["field_errors"][0]["field"],
    )
    assert [] == drive.books()
    assert "quote" == call("GET", f"{DELIVERIES}/D-1").body["delivery_status"]
    assert quote().status == 409


def test_accept_twice_is_a_duplicate(drive, call, quote):
    """
    The second answer is 409, and one delivery is in the books.
    """
    quote()
    call("POST", ACCEPT)
    answer = call("POST", ACCEPT)

    assert (409, DUPLICATE) == (answer.status, answer.body)
    assert [(1, 2)] == [(entry["commits"], entry["attempts"]) for entry in drive.books()]


@pytest.mark.parametrize("path", [QUOTES, DELIVERIES])
@pytest.mark.parametrize("before", [QUOTES, DELIVERIES])
def test_an_id_is_used_once(call, request_body, before, path):
    """
    409 for a second quote or create, even while the first quote is open.
    """
    call("POST", before, request_body())
    answer = call("POST", path, request_body(order_value=1))

    assert (409, DUPLICATE) == (answer.status, answer.body)


def test_an_id_stays_used_after_cancelling(call, book, request_body):
    """
    A new attempt needs a new id.
    """
    book()
    call("PUT", f"{DELIVERIES}/D-1/cancel")

    assert call("POST", DELIVERIES, request_body()).status == 409


def test_create_books_at_once(drive, book):
    """
    200, not 201; created, with a support reference.
    """
    answer = book()

    assert "created" == answer.body["delivery_status"]
    assert answer.body["support_reference"].isdecimal()
    entry = {
        "id": "D-1",
        "status": "created",
        "live": True,
        "fee": 975,
        "tip": 599,
        "currency": "USD",
        "commits": 1,
        "attempts": 1,
        "refunded": None,
        "ratings": [],
        "pins": {},
    }
    assert [entry] == drive.books()


def test_no_tip_is_none(drive, book):
    """
    What was not offered is not in the books.
    """
    book(tip=None)

    assert 0 == drive.books()[0]["tip"]


def test_create_takes_a_slash_at_the_end(call, request_body):
    """
    DoorDash's Python sample sends one.
    """
    assert call("POST", f"{DELIVERIES}/", request_body()).status == 200


def test_create_at_the_same_time_books_once(drive, call, request_body):
    """
    Of many requests under one id, one books.
    """
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: call("POST", DELIVERIES, request_body()), range(16)))

    assert [200] + [409] * 15 == sorted(answer.status for answer in answers)
    assert [(1, 16)] == [(entry["commits"], entry["attempts"]) for entry in drive.books()]


def test_support_references_differ(book):
    """
    Each delivery has its own.
    """
    numbers = {book(f"D-{n}").body["support_reference"] for n in range(3)}

    assert len(numbers) == 3


def test_get_of_an_unknown_id_is_refused(call):
    """
    404 with the id.
    """
    answer = call("GET", f"{DELIVERIES}/D-1")

    assert (404, UNKNOWN) == (answer.status, answer.body)


def test_promotion_changes_the_fee(quote):
    """
    One promotion is active, the others do nothing.
    """
    assert 487 == quote(promotion_id="half-price").body["fee"]
    assert 975 == quote("D-2", promotion_id="other").body["fee"]


@pytest.mark.parametrize(
    ("field", "address", "reason"),
    [
        ("dropoff_address", "1 Faraway Street, Reno", "distance_too_long"),
        ("dropoff_address", "1 NOWHERE Street, Reno", "delivery_address_not_in_coverage"),
        ("pickup_address", "1 Nowhere Street, Reno", "pickup_address_not_in_coverage"),
        ("dropoff_address", "1 Midnight Street, Reno", "outside_of_delivery_time"),
    ],
)
@pytest.mark.parametrize("path", [QUOTES, DELIVERIES])
def test_addresses_may_be_refused(drive, call, request_body, path, field, address, reason):
    """
    422 with the reason; the id is free for the next attempt.
    """
    answer = call("POST", path, request_body(**{field: address}))

    assert (422, "invalid_delivery_parameters", reason) == (
        answer.status,
        answer.body["code"],
        answer.body["reason"],
    )
    assert {"code", "message", "reason"} == answer.body.keys()
    assert [] == drive.books()
    assert call("POST", path, request_body()).status == 200


def test_words_must_be_whole(quote):
    """
    "Nowheresville" is somewhere.
    """
    assert quote(dropoff_address="1 Nowheresville Street").status == 200


def test_too_far_has_an_older_form(quote):
    """
    400 for the address, as some clients expect it.
    """
    answer = quote(dropoff_address="1 Farther Street, Reno")
    error = {"field": "dropoff_address", "error": "Allowed distance between addresses exceeded"}

    assert (400, [error]) == (answer.status, answer.body["field_errors"])


class TestReasonInCode:
    """
    The form of refusals that DoorDash's own SDK looks for.
    """

    @pytest.fixture(name="options")
    def _options(self, options):
        import attrs

        return attrs.evolve(options, reason_in_code=True)

    def test_reason_takes_the_place_of_the_code(self, quote):
        """
        No ``reason`` beside it.
        """
        body = quote(dropoff_address="1 Faraway Street, Reno").body

        assert ("distance_too_long", False) == (body["code"], "reason" in body)
