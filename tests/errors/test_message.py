"""
The message of an error: one shape, its parts as attributes, nothing personal in it.
"""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.errors import (
    DoorstepError,
    FieldProblem,
    NotCancellableError,
    ProviderError,
    ValidationError,
    WebhookRejectedError,
    raw_token,
)
from doorstep.outcome import Outcome, Retry


def test_message_has_provider_operation_what_evidence_advice() -> None:
    """
    ``provider: operation what happened (evidence); what to do``.
    """
    error = NotCancellableError(
        "refused, the courier has picked up",
        provider="acme",
        operation="cancel",
        http_status=409,
        raw_code="too_late",
        advice="arrange a return instead",
    )

    assert (
        "acme: cancel refused, the courier has picked up (HTTP 409, code 'too_late'); "
        "arrange a return instead"
    ) == str(error)


def test_message_of_each_class_has_the_same_shape(error_class, full) -> None:
    """
    Whatever was raised, a log line can be read the same way.
    """
    text = str(full)

    assert text.startswith("acme: cancel refused, the courier has picked up")
    assert text.endswith("; arrange a return instead")
    assert issubclass(error_class, ProviderError) == ("HTTP 409, code 'too_late'" in text)


def test_parts_that_are_unknown_leave_no_marks() -> None:
    """
    Without provider, evidence and advice, only what happened is left.
    """
    assert "happened" == str(DoorstepError("happened"))


def test_where_it_happened_is_said_once() -> None:
    """
    The core fills in what the plugin left out, and does not overrule it.
    """
    error = DoorstepError("x", provider="acme")
    error.locate("other", "main", "track")
    error.locate("third", "else", "cancel")

    assert ("acme", "main", "track") == (error.provider, error.account, error.operation)


def test_params_hold_the_parts_of_the_message(full, error_class) -> None:
    """
    A shop words the error in its own language from ``code`` and ``params``.
    """
    expected: dict[str, object] = {"retry_after_s": 7.0}
    if error_class is WebhookRejectedError:
        expected["reason"] = "malformed"
    if issubclass(error_class, ProviderError):
        expected |= {
            "http_status": 409,
            "raw_code": "too_late",
            "raw_reason": "picked_up",
            "request_id": "r-1",
            "reference": "order-118",
            "revision": 2,
            "fields": (("dropoff.contact.phone", "must be E.164"),),
        }

    assert expected == dict(full.params)
    with pytest.raises(TypeError):
        full.params["more"] = 1


def test_error_pickles_and_copies_to_an_equal_message(full, error_class) -> None:
    """
    An error survives the way back from a worker process with all it knows.
    """
    for twin in (pickle.loads(pickle.dumps(full)), copy.copy(full), copy.deepcopy(full)):
        assert type(twin) is error_class
        assert str(full) == str(twin)
        assert full.args == twin.args
        assert dict(full.params) == dict(twin.params)
        assert (Retry.LATER, Outcome.UNKNOWN) == (twin.retryable, twin.booked)
        assert "main" == twin.account


def test_plain_error_pickles_with_the_answers_of_its_class(error_class) -> None:
    """
    Defaults of the class come back too.
    """
    error = error_class("x")
    twin = pickle.loads(pickle.dumps(error))

    assert str(error) == str(twin)
    assert (error.retryable, error.booked) == (twin.retryable, twin.booked)


@pytest.mark.parametrize(
    "token", ["too_late", "ERR_INVALID_MARKET", "a", "v1.2", "HTTP-409", "ERR_2024", "x" * 64]
)
def test_raw_token_keeps_machine_words(token) -> None:
    """
    A carrier's code is what its support asks for.
    """
    assert token == raw_token(token)


@pytest.mark.parametrize(
    "text",
    [
        "Call Ada Lovelace",
        "+16505555555",
        "6505555555",
        "tel6505555555",
        "tel.650-555-5555",
        "p_650.555.5555",
        "a12345",
        "1 Main St",
        "ada@example.org",
        "https://track.example/x",
        "a\nb",
        "é",
        "x" * 65,
        "_x",
    ],
)
def test_raw_token_drops_prose_and_numbers(text) -> None:
    """
    What could be somebody's name, address or phone never stands in an error.
    """
    assert "(not a code)" == raw_token(text)


@pytest.mark.parametrize("nothing", [None, "", 0, 409, ["too_late"], {"code": 1}, b"too_late"])
def test_raw_token_of_what_is_no_text_is_none(nothing) -> None:
    """
    Only text is a code.
    """
    assert raw_token(nothing) is None


@given(digits=st.lists(st.sampled_from("0123456789"), min_size=7, max_size=15), data=st.data())
def test_raw_token_never_shows_a_phone(digits, data) -> None:
    """
    Seven digits in a row are never shown, however they are separated.
    """
    signs = st.sampled_from(["", "-", ".", "_"])
    text = "t" + "".join(digit + data.draw(signs) for digit in digits)

    assert "(not a code)" == raw_token(text)


@given(text=st.text())
def test_error_never_repeats_what_a_carrier_wrote_as_prose(text) -> None:
    """
    Codes and reasons pass through the filter, whatever they are.
    """
    shown = ProviderError("x", raw_code=text, raw_reason=text)

    assert {shown.raw_code, shown.raw_reason} <= {raw_token(text)}


def test_field_problems_are_values() -> None:
    """
    A problem is its path and its rule, equal and hashable by both.
    """
    one, same = FieldProblem("a.b", "is wrong"), FieldProblem("a.b", "is wrong")

    assert {one} == {same}
    assert one != FieldProblem("a.b", "is missing")
    assert ("a.b is wrong", "is wrong") == (str(one), str(FieldProblem("", "is wrong")))
    assert "x (a.b is wrong); correct the fields" == str(ValidationError("x", fields=[one]))
