"""
The driver: how flows end, and what is said of what was booked.
"""

from __future__ import annotations

import pytest

from doorstep.errors import (
    CarrierInternalError,
    CarrierUnavailableError,
    DeliveryNotFoundError,
    DuplicateError,
    FeeExceededError,
    InvalidAnswerError,
    OutcomeUnknownError,
    QuoteMismatchError,
    RequestRejectedError,
    SettingsError,
    UnclassifiedCarrierError,
    ValidationError,
)
from doorstep.http import Request, TransportError
from doorstep.outcome import Effect, Outcome, Repeat, Retry

LOST = TransportError("timeout", sent=True)
BOOK = Request("POST", "/book", effect=Effect.BOOKS, repeat=Repeat.NEVER)
BOOK_AGAIN = Request("POST", "/book", effect=Effect.BOOKS, repeat=Repeat.SAME_EFFECT)
CHANGE = Request("PUT", "/change", effect=Effect.CHANGES, repeat=Repeat.SAME_EFFECT)
CHANGE_ONCE = Request("PUT", "/change", effect=Effect.CHANGES, repeat=Repeat.NEVER)
READ = Request("GET", "/read")


def test_flow_returns_what_it_returns(kit):
    """
    The value of a flow is the value of the call.
    """
    result, call = kit.ended(kit.session(201), kit.flow(BOOK))

    assert 201 == result.status
    assert (Outcome.CREATED, 1) == (call.outcome, call.attempts)


@pytest.mark.parametrize(
    ("requests", "outcome"),
    [
        ((), Outcome.NOT_SENT),
        ((READ,), Outcome.NOT_SENT),
        ((CHANGE,), Outcome.CREATED),
        ((READ, BOOK), Outcome.CREATED),
    ],
)
def test_outcome_of_success_follows_what_was_sent(requests, outcome, kit):
    """
    Reading books nothing; whatever has an effect had it.
    """
    _, call = kit.ended(kit.session(), kit.flow(*requests))

    assert outcome is call.outcome


REFUSALS = [
    RequestRejectedError("was refused", http_status=400),
    ValidationError("was refused", http_status=422),
    DuplicateError("was refused", http_status=409),
    FeeExceededError("would cost more"),
    RequestRejectedError("was refused by the words of the answer"),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda each: type(each).__name__)
def test_mapped_refusal_of_a_booking_is_rejected(refusal, kit):
    """
    The carrier said no to this very request: nothing happened.
    """
    error, call = kit.ended(kit.session(422), kit.flow(BOOK, raises=refusal))

    assert refusal is error
    assert Outcome.REJECTED is error.booked is call.outcome
    assert ("acme", "main", "dispatch") == (error.provider, error.account, error.operation)
    assert ("order-118", 2) == (error.reference, error.revision)


NO_REFUSALS = [
    CarrierInternalError("failed", http_status=500, raw_code="oops", request_id="r1"),
    InvalidAnswerError("answered nonsense", params={"path": "$.id"}),
    UnclassifiedCarrierError("answered something new", http_status=418),
    CarrierUnavailableError("was busy", booked=Outcome.NOT_SENT),
    ValidationError("found a model that cannot be"),
    QuoteMismatchError("got another delivery"),
    SettingsError("found a setting wrong"),
    KeyError("id"),
    RecursionError(),
    StopAsyncIteration(),
]


@pytest.mark.parametrize("raised", NO_REFUSALS, ids=lambda each: type(each).__name__)
def test_booking_that_ends_in_anything_else_is_unknown(raised, kit):
    """
    Once a booking was sent, nothing but a refusal says that nothing happened.
    """
    error, call = kit.ended(kit.session(500), kit.flow(BOOK, raises=raised))

    assert type(error) is OutcomeUnknownError
    assert Outcome.UNKNOWN is error.booked is call.outcome
    assert ("order-118", 2) == (error.reference, error.revision)
    assert "look up reference 'order-118', revision 2, first" in str(error)
    assert getattr(raised, "http_status", None) == error.http_status
    assert getattr(raised, "raw_code", None) == error.raw_code
    assert getattr(raised, "request_id", None) == error.request_id
    assert error.__context__ is None is error.__cause__


FAULTS = {
    "timeout": TransportError("timeout", sent=True),
    "reset": TransportError("reset", sent=True, cause="ConnectionResetError, errno 104"),
    "protocol": TransportError("protocol", sent=True, cause="IncompleteRead"),
    "too large": TransportError("too_large", sent=True),
    "tls": TransportError("tls", sent=True, cause="SSLError, errno 1"),
    "aborted": TransportError("aborted", sent=True),
    "a broken transport": ValueError("canary"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_lost_booking_is_sent_once_and_unknown(fault, kit):
    """
    Whatever is lost after a booking was sent, nobody sends a second one.
    """
    session = kit.session(FAULTS[fault], 201)

    error, _ = kit.ended(session, kit.flow(BOOK))

    assert type(error) is OutcomeUnknownError
    assert 1 == len(session.transport.sent)
    assert "canary" not in str(error)


@pytest.mark.parametrize("status", [200, 204, 302, 400, 403, 404, 408, 425, 429, 500, 503, 520])
def test_f029_answered_booking_is_sent_once(status, kit):
    """
    A status is for the flow to read, not for the driver to try again.
    """
    session = kit.session(status, 201)

    result, _ = kit.ended(session, kit.flow(BOOK))

    assert status == result.status
    assert 1 == len(session.transport.sent)


@pytest.mark.parametrize("kind", ["connect", "timeout", "tls"])
def test_booking_that_never_left_is_not_sent(kind, kit):
    """
    A carrier that was not reached has booked nothing.
    """
    session = kit.session(*[TransportError(kind, sent=False, cause="X")] * 3)

    error, call = kit.ended(session, kit.flow(BOOK))

    assert type(error) is CarrierUnavailableError
    assert Outcome.NOT_SENT is error.booked is call.outcome
    assert (1 if kind == "tls" else 3) == len(session.transport.sent)
    assert (Retry.NO if kind == "tls" else Retry.SAME_CALL) is error.retryable


@pytest.mark.parametrize(
    ("request_", "fault", "booked", "retryable"),
    [
        (READ, LOST, Outcome.NOT_SENT, Retry.SAME_CALL),
        (CHANGE, LOST, Outcome.UNKNOWN, Retry.SAME_CALL),
        (CHANGE_ONCE, LOST, Outcome.UNKNOWN, Retry.LOOK_UP_FIRST),
        (CHANGE, TransportError("connect", sent=False), Outcome.NOT_SENT, Retry.SAME_CALL),
    ],
)
def test_lost_change_says_whether_it_may_have_been_made(request_, fault, booked, retryable, kit):
    """
    ``booked`` is true to what was sent.
    """
    error, _ = kit.ended(kit.session(*[fault] * 4), kit.flow(request_))

    assert type(error) is CarrierUnavailableError
    assert (booked, retryable) == (error.booked, error.retryable)


def test_change_that_ends_in_nonsense_may_have_been_made(kit):
    """
    An error that forgets to say so is corrected.
    """
    raised = InvalidAnswerError("answered nonsense")

    error, _ = kit.ended(kit.session(), kit.flow(CHANGE, raises=raised))

    assert (InvalidAnswerError, Outcome.UNKNOWN) == (type(error), error.booked)


def test_refused_read_stays_rejected(kit):
    """
    REJECTED is what the carrier did; both it and NOT_SENT mean that nothing happened.
    """
    raised = DeliveryNotFoundError("is not known")

    error, _ = kit.ended(kit.session(404), kit.flow(READ, raises=raised))

    assert Outcome.REJECTED is error.booked
    assert not error.maybe_booked


def test_error_after_a_booking_that_was_confirmed_stays_created(kit):
    """
    An error that carries the delivery is not made unknown.
    """
    raised = FeeExceededError("cost more", booked=Outcome.CREATED)

    error, call = kit.ended(kit.session(), kit.flow(BOOK, raises=raised))

    assert raised is error
    assert Outcome.CREATED is error.booked is call.outcome


def test_refusal_of_a_repeated_booking_is_unknown(kit):
    """
    That the second was refused says nothing of the first.
    """
    raised = RequestRejectedError("was refused", http_status=409)

    error, _ = kit.ended(kit.session(LOST, 409), kit.flow(BOOK_AGAIN, raises=raised))

    assert type(error) is OutcomeUnknownError
    assert 409 == error.http_status


def test_refusal_of_a_repeated_change_is_unknown(kit):
    """
    A change that was processed with a 500 and then refused may have been made.
    """
    raised = RequestRejectedError("was refused", http_status=429)

    error, _ = kit.ended(kit.session(500, 429, 429, 429), kit.flow(CHANGE, raises=raised))

    assert Outcome.UNKNOWN is error.booked
