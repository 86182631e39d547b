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
from doorstep.http import Call, Request, TransportError, drive
from doorstep.outcome import Effect, Outcome, Repeat, Retry

LOST = TransportError("timeout", sent=True)
BOOK = Request("POST", "/book", effect=Effect.BOOKS, repeat=Repeat.NEVER)
BOOK_AGAIN = Request("POST", "/book", effect=Effect.BOOKS, repeat=Repeat.SAME_EFFECT)
CHANGE = Request("PUT", "/change", effect=Effect.CHANGES, repeat=Repeat.SAME_EFFECT)
CHANGE_ONCE = Request("PUT", "/change", effect=Effect.CHANGES, repeat=Repeat.NEVER)
READ = Request("GET", "/read")


def flow(*requests, raises=None):
    """
    Send *requests*, then raise *raises* or return the last answer.
    """
    answer = None
    for request in requests:
        answer = yield request
    if raises is not None:
        raise raises
    return answer


def run(session, flow, **options):
    """
    Drive *flow*; return its result or error, and the call.
    """
    call = Call("dispatch", reference="order-118", revision=2, clock=session.clock, **options)
    try:
        return drive(flow, session, call), call
    except Exception as error:  # noqa: BLE001
        return error, call


def test_flow_returns_what_it_returns(kit):
    """
    The value of a flow is the value of the call.
    """
    result, call = run(kit.session(201), flow(BOOK))

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
    _, call = run(kit.session(), flow(*requests))

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
    error, call = run(kit.session(422), flow(BOOK, raises=refusal))

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
    error, call = run(kit.session(500), flow(BOOK, raises=raised))

    assert type(error) is OutcomeUnknownError
    assert Outcome.UNKNOWN is error.booked is call.outcome
    assert ("order-118", 2) == (error.reference, error.revision)
    assert "look up reference 'order-118' first" in str(error)
    assert getattr(raised, "http_status", None) == error.http_status
    assert getattr(raised, "raw_code", None) == error.raw_code
    assert getattr(raised, "request_id", None) == error.request_id
    assert error.__context__ is None is error.__cause__


def test_unknown_outcome_keeps_the_path_of_the_broken_answer(kit):
    """
    What the plugin's authors need is not lost on the way.
    """
    raised = InvalidAnswerError("answered nonsense", params={"path": "$.id"})
    error, _ = run(kit.session(), flow(BOOK, raises=raised))

    assert "$.id" == error.params["path"]
    assert "invalid_answer" == error.params["error"]


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

    error, _ = run(session, flow(BOOK))

    assert type(error) is OutcomeUnknownError
    assert 1 == len(session.transport.sent)
    assert "canary" not in str(error)


@pytest.mark.parametrize("status", [200, 204, 302, 400, 403, 404, 408, 425, 429, 500, 503, 520])
def test_f029_answered_booking_is_sent_once(status, kit):
    """
    A status is for the flow to read, not for the driver to try again.
    """
    session = kit.session(status, 201)

    result, _ = run(session, flow(BOOK))

    assert status == result.status
    assert 1 == len(session.transport.sent)


@pytest.mark.parametrize("kind", ["connect", "timeout", "tls"])
def test_booking_that_never_left_is_not_sent(kind, kit):
    """
    A carrier that was not reached has booked nothing.
    """
    session = kit.session(*[TransportError(kind, sent=False, cause="X")] * 3)

    error, call = run(session, flow(BOOK))

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
    error, _ = run(kit.session(*[fault] * 4), flow(request_))

    assert type(error) is CarrierUnavailableError
    assert (booked, retryable) == (error.booked, error.retryable)


def test_change_that_ends_in_nonsense_may_have_been_made(kit):
    """
    An error that forgets to say so is corrected.
    """
    error, _ = run(kit.session(), flow(CHANGE, raises=InvalidAnswerError("answered nonsense")))

    assert (InvalidAnswerError, Outcome.UNKNOWN) == (type(error), error.booked)


def test_refused_read_stays_rejected(kit):
    """
    REJECTED is what the carrier did; both it and NOT_SENT mean that nothing happened.
    """
    error, _ = run(kit.session(404), flow(READ, raises=DeliveryNotFoundError("is not known")))

    assert Outcome.REJECTED is error.booked
    assert not error.maybe_booked


def test_error_after_a_booking_that_was_confirmed_stays_created(kit):
    """
    An error that carries the delivery is not made unknown.
    """
    raised = FeeExceededError("cost more", booked=Outcome.CREATED)

    error, call = run(kit.session(), flow(BOOK, raises=raised))

    assert raised is error
    assert Outcome.CREATED is error.booked is call.outcome


def test_refusal_of_a_repeated_booking_is_unknown(kit):
    """
    That the second was refused says nothing of the first.
    """
    raised = RequestRejectedError("was refused", http_status=409)

    error, _ = run(kit.session(LOST, 409), flow(BOOK_AGAIN, raises=raised))

    assert type(error) is OutcomeUnknownError
    assert 409 == error.http_status


def test_refusal_of_a_repeated_change_is_unknown(kit):
    """
    A change that was processed with a 500 and then refused may have been made.
    """
    raised = RequestRejectedError("was refused", http_status=429)

    error, _ = run(kit.session(500, 429, 429, 429), flow(CHANGE, raises=raised))

    assert Outcome.UNKNOWN is error.booked


def test_refusal_of_a_repeated_booking_counts_after_a_look(kit):
    """
    A flow that read the delivery since knows what it says.
    """
    raised = RequestRejectedError("was refused", http_status=409)

    error, _ = run(kit.session(LOST, 409, 404), flow(BOOK_AGAIN, READ, raises=raised))

    assert raised is error
    assert Outcome.REJECTED is error.booked


def test_token_fetched_between_two_bookings_is_no_look(kit):
    """
    Only the flow's own reads tell it anything.
    """
    from datetime import timedelta

    from doorstep.http import Grant
    from doorstep.secret import Secret

    class Short(kit.Acme):
        def grant(self, now):
            yield Request("POST", "/token", base="https://id.example")
            return Grant(value=Secret("t"), expires_at=now + timedelta(seconds=0))

    session = kit.session(200, LOST, 200, 409, endpoint=Short())
    raised = RequestRejectedError("was refused", http_status=409)

    error, _ = run(session, flow(BOOK_AGAIN, raises=raised))

    assert type(error) is OutcomeUnknownError


def looking():
    """
    Book, and look when the answer is lost.
    """
    try:
        yield BOOK
    except TransportError:
        answer = yield Request("GET", "/look", recovery=True)
        return answer.status


def test_flow_may_look_after_the_deadline(kit):
    """
    Finding out what happened has a deadline of its own.
    """

    def late(request, call):
        call.clock.elapsed += 25
        raise LOST

    def check(request, call):
        assert 10 == call.remaining()
        return 200

    result, call = run(kit.session(late, check), looking())

    assert (200, Outcome.CREATED) == (result, call.outcome)


def test_looking_ends_at_its_own_deadline(kit):
    """
    A recovery read is not waited for for ever either.
    """

    def slow(request, call):
        call.clock.elapsed += 9
        return 503

    error, _ = run(kit.session(LOST, slow, slow, slow), looking_until_answered())

    assert type(error) is OutcomeUnknownError
    assert "within 10 s" in str(error)


def looking_until_answered():
    try:
        yield BOOK
    except TransportError:
        while True:
            answer = yield Request("GET", "/look", recovery=True, repeat=Repeat.NEVER)
            if answer.status == 200:
                return answer.status


def test_deadline_that_has_passed_sends_nothing(kit):
    """
    A flow that took too long over its first request does not begin the second.
    """

    def slow(request, call):
        call.clock.elapsed += 25
        return 200

    session = kit.session(slow)
    error, _ = run(session, flow(READ, BOOK))

    assert (CarrierUnavailableError, Outcome.NOT_SENT) == (type(error), error.booked)
    assert 1 == len(session.transport.sent)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (TransportError("timeout", sent=True), "got no answer in time"),
        (TransportError("connect", sent=False, cause="X, errno 1"), "could not connect (X, errno"),
        (TransportError("timeout", sent=False), "could not connect in time"),
        (TransportError("tls", sent=False, cause="X"), "could not verify acme.example (X)"),
        (TransportError("reset", sent=True, cause="X"), "lost the connection"),
        (TransportError("protocol", sent=True, cause="X"), "got a broken answer (X)"),
        (TransportError("too_large", sent=True), "larger than allowed"),
        (TransportError("aborted", sent=True), "was given up after it was sent"),
    ],
)
def test_message_says_what_happened(fault, words, kit):
    """
    In words that a support desk can use.
    """
    error, _ = run(kit.session(*[fault] * 4), flow(READ))

    assert str(error).startswith("acme: dispatch ")
    assert words in str(error)


def test_message_of_a_passed_deadline_names_it(kit):
    """
    "Within 20 s" is what the caller set.
    """

    def late(request, call):
        call.clock.elapsed += 20
        raise LOST

    error, _ = run(kit.session(late), flow(BOOK))

    assert "acme: dispatch got no answer within 20 s; it may have taken effect" in str(error)


@pytest.mark.parametrize("request_", [READ, BOOK], ids=["read", "book"])
def test_foreign_exception_never_leaves_bare(request_, kit):
    """
    A bug in a plugin is typed, names the place and quotes nothing.
    """
    error, _ = run(kit.session(), flow(request_, raises=KeyError(kit.CANARY)))

    assert isinstance(error, InvalidAnswerError | OutcomeUnknownError)
    assert "KeyError" == error.params["exception"]
    assert error.params["where"].startswith("test_drive.py:")
    assert kit.CANARY not in repr(error) + str(error) + repr(error.__dict__)


@pytest.mark.parametrize("thing", [None, "GET /", ("GET", "/")])
def test_flow_that_yields_no_request_is_a_bug(thing, kit):
    """
    The plugin is told, not the caller's traceback.
    """

    def wrong():
        yield thing

    error, _ = run(kit.session(), wrong())

    assert isinstance(error, InvalidAnswerError)
    assert "TypeError" in str(error)


def test_settings_error_of_the_transport_ends_the_call(kit):
    """
    A base URL that may not be used is not the flow's affair.
    """
    seen = []

    def careful():
        try:
            yield BOOK
        except Exception as error:
            seen.append(error)
            raise

    error, call = run(kit.session(SettingsError("the base URL is wrong")), careful())

    assert isinstance(error, SettingsError)
    assert [] == seen
    assert Outcome.NOT_SENT is call.outcome
