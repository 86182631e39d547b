"""
DoorDash's refusals, by their words first and by the HTTP status last.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from doorstep import errors as e
from doorstep.outcome import Outcome
from doorstep_doordash import _errors
from doorstep_doordash._errors import refusal

VALIDATION = "validation_error"
TEXT = "Allowed distance between addresses exceeded"


def _fields(*pairs, code=VALIDATION):
    errors = [{"field": field, "error": error} for field, error in pairs]
    return {"code": code, "message": "Validation Failed", "field_errors": errors}


WORDS = [
    (400, VALIDATION, None, "create", e.ValidationError),
    (401, "authentication_error", None, "track", e.AuthenticationError),
    (403, "authorization_error", None, "create", e.AccountForbiddenError),
    (404, "unknown_delivery_id", None, "track", e.DeliveryNotFoundError),
    (404, "unknown_business_id", None, "create", e.AccountNotFoundError),
    (404, "unknown_store_id_under_business_id", None, "quote", e.AccountNotFoundError),
    (409, "duplicate_delivery_id", None, "quote", e.DuplicateError),
    (409, "update_not_allowed", "delivery_picked_up", "update", e.NotModifiableError),
    (409, "cancel_not_allowed", "delivery_completed", "cancel", e.NotCancellableError),
    (422, "invalid_delivery_parameters", "distance_too_long", "quote", e.OutOfCoverageError),
    (
        422,
        "invalid_delivery_parameters",
        "pickup_address_not_in_coverage",
        "create",
        e.OutOfCoverageError,
    ),
    (
        422,
        "invalid_delivery_parameters",
        "delivery_address_not_in_coverage",
        "update",
        e.OutOfCoverageError,
    ),
    (422, "invalid_delivery_parameters", "outside_of_delivery_time", "quote", e.OutsideHoursError),
    (422, "invalid_delivery_parameters", "a_new_reason", "quote", e.ValidationError),
    (422, "redelivery_not_allowed", "redelivery_window_closed", "update", e.NotModifiableError),
    (422, "redelivery_not_allowed", "distance_too_long", "update", e.OutOfCoverageError),
    (424, "missing_dependency_error", None, "create", e.ValidationError),
    (500, "service_fault", None, "track", e.CarrierInternalError),
    # Moved to another status, as carriers do.
    (422, "duplicate_delivery_id", None, "create", e.DuplicateError),
    (400, "cancel_not_allowed", None, "cancel", e.NotCancellableError),
    # The older form, with the reason in the code.
    (409, "delivery_picked_up", None, "cancel", e.NotCancellableError),
    (409, "delivery_picked_up", None, "update", e.NotModifiableError),
    (409, "cancellation_window_closed", None, "cancel", e.NotCancellableError),
    (422, "distance_too_long", None, "quote", e.OutOfCoverageError),
    (422, "outside_of_delivery_time", None, "create", e.OutsideHoursError),
    (409, "Pickup in Progress", None, "update", e.NotModifiableError),
    (409, "Delivery in Progress", None, "update", e.NotModifiableError),
    (409, "Delivery Complete", None, "update", e.NotModifiableError),
    # What nobody has described.
    (409, "a_new_code", None, "create", e.UnclassifiedCarrierError),
    (418, "a_new_code", "a_new_reason", "quote", e.UnclassifiedCarrierError),
    (422, "unprocessable_entity", None, "cancel", e.UnclassifiedCarrierError),
]


@pytest.mark.parametrize(("status", "code", "reason", "operation", "expected"), WORDS)
def test_words_are_classified(answer, status, code, reason, operation, expected):
    """
    Each documented code and reason is its own error, and keeps DoorDash's words.
    """
    error = refusal(answer({"code": code, "message": "m", "reason": reason}, status), operation)

    assert expected is type(error)
    assert status == error.http_status
    assert e.raw_token(code) == error.raw_code
    assert e.raw_token(reason) == error.raw_reason


def test_every_code_and_reason_is_tested():
    """
    A code that is added to the tables is added to the test above.
    """
    tested = {word for row in WORDS for word in row[1:3]}
    known = set(_errors._CODES) | set(_errors._REASONS)

    assert set() == known - tested - {"quote_expired"}


@pytest.mark.parametrize(
    ("body", "operation", "reason"),
    [
        (
            {"code": "cancel_not_allowed", "reason": "delivery_picked_up"},
            "cancel",
            "delivery_picked_up",
        ),
        ({"code": "cancellation_window_closed"}, "cancel", "cancellation_window_closed"),
        ({"code": "Pickup in Progress"}, "update", "pickup_in_progress"),
        ({"code": "update_not_allowed", "reason": "call +16505555555"}, "update", "(not a code)"),
    ],
)
def test_too_late_says_why(answer, body, operation, reason):
    """
    A cancel or update that is refused carries the reason as a word.
    """
    assert reason == refusal(answer(body, 409), operation).params["reason"]


@pytest.mark.parametrize("body", [b"", b"<html>Sign in</html>", b"null", b"[]", b"{}", b"\xff"])
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, e.UnclassifiedCarrierError),
        (401, e.AuthenticationError),
        (403, e.AccountForbiddenError),
        (404, e.UnclassifiedCarrierError),
        (408, e.CarrierInternalError),
        (409, e.UnclassifiedCarrierError),
        (413, e.UnclassifiedCarrierError),
        (425, e.CarrierInternalError),
        (429, e.RateLimitedError),
        (500, e.CarrierInternalError),
        (502, e.CarrierInternalError),
        (599, e.CarrierInternalError),
        (302, e.UnclassifiedCarrierError),
        (100, e.UnclassifiedCarrierError),
    ],
)
def test_wordless_refusal_goes_by_status(answer, body, status, expected):
    """
    What is not DoorDash's JSON is classified by the status, cautiously.

    A 404 or 409 of a proxy says nothing about a delivery.
    """
    assert expected is type(refusal(answer(body, status), "accept"))


@pytest.mark.parametrize("status", [301, 429, 500, 503])
def test_words_of_a_refusal_count_only_in_4xx(answer, status):
    """
    A redirect or a failure that claims a refusal does not prove that nothing was done.
    """
    error = refusal(answer({"code": "duplicate_delivery_id"}, status), "create")

    assert not isinstance(error, e.DuplicateError)
    assert "duplicate_delivery_id" == error.raw_code


def test_unknown_404_of_doordash_is_no_delivery(answer):
    """
    A 404 in DoorDash's envelope, under a code nobody described, finds nothing.
    """
    body = {"code": "not_found", "message": "Quote not found"}

    assert e.DeliveryNotFoundError is type(refusal(answer(body, 404), "accept"))


def test_field_errors_become_fields(answer):
    """
    The carrier's field stands beside a known text; unknown texts and odd names do not.
    """
    body = _fields(
        ("pickup_phone_number", "Invalid phone number format"),
        ("items[0].name", "Ada Lovelace, +16505555555, is no name"),
        ("item external_id of Ada", "missing external_id"),
        (7, None),
    )
    error = refusal(answer(body, 400), "create")

    assert (
        e.FieldProblem("pickup_phone_number", "Invalid phone number format"),
        e.FieldProblem("items[0].name", "was refused by the carrier"),
        e.FieldProblem("(unnamed)", "missing external_id"),
        e.FieldProblem("(unnamed)", "was refused by the carrier"),
    ) == error.fields
    assert "Ada" not in repr(error.fields) + str(error)
    assert Outcome.REJECTED is error.booked


@pytest.mark.parametrize(
    "body",
    [
        {"field_errors": [{"field": "dropoff_address", "error": TEXT}]},
        _fields(("dropoff_address", TEXT)),
        _fields(("tip", "odd"), ("dropoff_address", "DoorDash does not serve this area")),
    ],
)
def test_distance_in_a_field_error_is_out_of_coverage(answer, body):
    """
    Several clients saw a 400 where 2026 sandbox traffic has a 422: both mean too far.
    """
    error = refusal(answer(body, 400), "quote")

    assert isinstance(error, e.OutOfCoverageError)
    assert "dropoff_address" in {field.path for field in error.fields}


def test_unresolvable_address_is_its_own_error(answer):
    """
    An address that DoorDash cannot find is for the customer to correct.
    """
    body = _fields(("dropoff_address", "Could not resolve to a valid address"))

    assert isinstance(refusal(answer(body, 400), "quote"), e.AddressUnresolvableError)


def test_known_message_is_repeated(answer):
    """
    The sandbox says what is wrong with a phone in the message alone.
    """
    body = {"code": VALIDATION, "message": "Unknown phone number format"}

    assert (e.FieldProblem("", body["message"]),) == refusal(answer(body, 400), "create").fields


def test_refused_tip_is_a_tip_error(answer):
    """
    Setting a tip fails for the tip's sake under its own name.
    """
    error = refusal(answer(_fields(("tip", "odd")), 400), "set_tip")

    assert isinstance(error, e.TipRejectedError)


@pytest.mark.parametrize("listed", [None, 7, "x", {}, [None, 7, "x", []], [{}]])
def test_odd_field_errors_do_no_harm(answer, listed):
    """
    Whatever stands in the list's place, the error is the same.
    """
    body = {"code": VALIDATION, "field_errors": listed}

    assert isinstance(refusal(answer(body, 400), "create"), e.ValidationError)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("Sun, 22 Nov 2026 12:00:30", None),
        ("-5", None),
        ("1e9", None),
        ("9" * 300, None),
        ("soon", None),
        ("", None),
        ("٣", None),
    ],
)
def test_retry_after_is_read_or_ignored(answer, header, expected):
    """
    Both forms of the header count; nonsense does not.
    """
    response = answer(b"", 429, headers={"retry-after": header})

    assert expected == refusal(response, "create").retry_after_s


def test_no_retry_after_is_none(answer):
    """
    DoorDash documents no header.
    """
    assert refusal(answer(b"", 429), "create").retry_after_s is None


def test_date_is_counted_from_the_answer(answer, now):
    """
    An HTTP date is compared with when the answer came, not with a clock.
    """
    headers = {"retry-after": "Sun, 22 Nov 2026 12:00:30 GMT"}
    response = answer(b"", 429, headers=headers, at=now + timedelta(seconds=10))

    assert 20.0 == refusal(response, "create").retry_after_s
