"""
DoorDash's refusals word by word: each reason of an update, and each known text.
"""

from __future__ import annotations

import pytest

from doorstep import errors as e
from doorstep_doordash import _errors
from doorstep_doordash._errors import refusal

REASONS = (
    "delivery_abandoned",
    "delivery_cancelled",
    "delivery_completed",
    "delivery_creation_in_progress",
    "delivery_picked_up",
    "update_window_closed",
)
TEXTS = {
    "Allowed distance between addresses exceeded": e.OutOfCoverageError,
    "DoorDash does not serve this area": e.OutOfCoverageError,
    "Could not resolve to a valid address": e.AddressUnresolvableError,
    "Address is missing city field": e.AddressUnresolvableError,
    "Invalid phone number format": e.ValidationError,
    "Unknown phone number format": e.ValidationError,
    "Phone number provided does not seem to be a valid one": e.ValidationError,
}


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("operation", ["update", "set_tip"])
def test_each_reason_of_an_update_is_told(answer, operation, reason):
    """
    Why nothing was changed is told in the word of DoorDash, as a reason or as the code.
    """
    told = {"code": "update_not_allowed", "message": "m", "reason": reason}
    for body in (told, {"code": reason, "message": "m"}):
        error = refusal(answer(body, 409), operation)

        assert e.NotModifiableError is type(error)
        assert reason == error.params["reason"]


@pytest.mark.parametrize("text", TEXTS)
def test_each_known_text_says_what_is_wrong(answer, text):
    """
    A text about a field can say more than that a field is wrong, and is repeated.
    """
    errors = [{"field": "dropoff_address", "error": text}]
    body = {"code": "validation_error", "message": "m", "field_errors": errors}
    error = refusal(answer(body, 400), "create")

    assert TEXTS[text] is type(error)
    assert (e.FieldProblem("dropoff_address", text),) == error.fields
    assert set(TEXTS) == set(_errors._TEXTS)


@pytest.mark.parametrize("status", [400, 409, 422])
def test_word_for_an_expired_quote_is_understood(answer, status):
    """
    No document has it; others have guessed it.
    """
    error = refusal(answer({"code": "quote_expired", "message": "m"}, status), "accept")

    assert e.QuoteExpiredError is type(error)


@pytest.mark.parametrize("operation", ["quote", "accept", "create", "track", "update", "cancel"])
@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "validation_error", e.ValidationError),
        (403, "authorization_error", e.AccountForbiddenError),
        (404, "unknown_delivery_id", e.DeliveryNotFoundError),
        (500, "service_fault", e.CarrierInternalError),
    ],
)
def test_each_operation_has_the_common_refusals(answer, operation, status, code, expected):
    """
    What 0.2.5 lists for every operation is the same error everywhere.
    """
    assert expected is type(refusal(answer({"code": code, "message": "m"}, status), operation))
