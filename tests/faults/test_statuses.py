"""
Every HTTP status as the answer to a read, a change and a booking, through the real client.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import attrs
import orjson
import pytest

from doorstep import Client
from doorstep.errors import (
    AccountForbiddenError,
    AuthenticationError,
    DeliveryNotFoundError,
    DoorstepError,
    InvalidAnswerError,
    OutcomeUnknownError,
    RateLimitedError,
)
from doorstep.http import Grant, Response
from doorstep.models import Address, DeliveryId, DeliveryRequest, Item, Status, Stop
from doorstep.outcome import Outcome, Retry
from doorstep.secret import Secret
from doorstep.testing import FakeCarrier, FakeProvider, ManualClock

HERE = Stop(address=Address(one_line="1 Main St"))
REQUEST = DeliveryRequest(
    reference="order-118", pickup=HERE, dropoffs=attrs.evolve(HERE, items=[Item(name="soup")])
)
ID = DeliveryId("fake", "default", "order-118~1")
CODES = range(100, 600)
#: Those that say by themselves that nothing was done are left out.
SILENT = [code for code in CODES if code not in (401, 429)]
TROUBLE = {408, 425, 429, 500, 502, 503, 504, *range(520, 528)}
NOTHING_DONE = (Outcome.NOT_SENT, Outcome.REJECTED)

CALLS: dict[str, Callable[[Client], Any]] = {
    "read": lambda client: client.track(ID),
    "change": lambda client: client.cancel(ID),
    "book": lambda client: client.dispatch(REQUEST),
}


class Answering:
    """
    A carrier that gives every request the same answer, after the listed ones.
    """

    def __init__(self, clock: ManualClock, *first: Response, then: Response) -> None:
        self.clock = clock
        self.first = list(first)
        self.then = then
        self.requests: list[Any] = []

    def send(self, request, base_url, call):
        self.requests.append(request)
        told = self.first.pop(0) if self.first else self.then
        now = self.clock.now()
        return attrs.evolve(told, sent_at=now, received_at=now)

    def close(self) -> None: ...


def answer(status: int, body: bytes = b"{}", **headers: str) -> Response:
    now = ManualClock().now()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, body=body, headers=named, sent_at=now, received_at=now)


def told(code: str) -> bytes:
    return orjson.dumps({"error": code})


def ask(call: str, *answers: Response, provider: Any = None) -> tuple[Any, Answering]:
    """
    Make one call; return what the caller gets, and the carrier with what it was sent.
    """
    clock = ManualClock()
    carrier = Answering(clock, *answers[:-1], then=answers[-1])
    with Client(provider or FakeProvider(), pool=carrier, clock=clock, deadline_s=20) as client:
        try:
            return CALLS[call](client), carrier
        except DoorstepError as error:
            return error, carrier


def test_f030_read_is_repeated_for_trouble_and_for_nothing_else() -> None:
    """
    408, 425, 429, 500, 502-504 and 520-527 are asked again, three times; 501, 505 and others not.
    """
    sends = {code: len(ask("read", answer(code))[1].requests) for code in CODES}

    # Refused credentials are signed anew and tried once more; that is no repeat.
    expected = {code: 4 if code in TROUBLE else 2 if code == 401 else 1 for code in CODES}
    assert expected == sends


@pytest.mark.parametrize("call", ["change", "book"])
def test_f029_what_books_is_sent_once_and_what_changes_as_often_as_is_harmless(call) -> None:
    """
    A booking is sent once whatever the carrier answers; a change is repeated like a read.
    """
    sends = {code: len(ask(call, answer(code))[1].requests) for code in CODES}

    again = TROUBLE if call == "change" else set()
    assert {c: 4 if c in again else 2 if c == 401 else 1 for c in CODES} == sends


def test_f029_booking_answered_in_an_unknown_way_is_unknown() -> None:
    """
    Whatever the status, an answer that says nothing leaves a booking unknown, with its reference.
    """
    errors = {code: ask("book", answer(code))[0] for code in SILENT}

    assert {OutcomeUnknownError} == {type(error) for error in errors.values()}
    assert {(Outcome.UNKNOWN, Retry.LOOK_UP_FIRST, "order-118", 1)} == {
        (error.booked, error.retryable, error.reference, error.revision)
        for error in errors.values()
    }
    assert all("look up reference 'order-118' first" in str(one) for one in errors.values())
    assert set(SILENT) - {200} == {error.http_status for error in errors.values()} - {None}


def test_f029_change_answered_in_an_unknown_way_may_have_been_made() -> None:
    """
    The caller is told that a change may have been made, whatever the status.
    """
    errors = [ask("change", answer(code))[0] for code in SILENT]

    assert {Outcome.UNKNOWN} == {error.booked for error in errors}
    assert all(error.maybe_booked for error in errors)


def test_f030_read_answered_in_an_unknown_way_has_done_nothing() -> None:
    """
    A read that fails is a typed error with the status, and nothing was booked.
    """
    errors = {code: ask("read", answer(code))[0] for code in SILENT if code != 200}

    assert {InvalidAnswerError} == {type(error) for error in errors.values()}
    assert list(errors) == [error.http_status for error in errors.values()]
    assert {Outcome.NOT_SENT} == {error.booked for error in errors.values()}


@pytest.mark.parametrize("code", [408, 425, 501, 503, 505])
def test_f034_booking_that_timed_out_at_the_carrier_is_unknown(code) -> None:
    """
    408 and 425 are trouble like 503: a read is repeated, a booking is unknown and sent once.
    """
    read, carrier = ask("read", answer(code), answer(404, told("delivery_not_found")))
    booked, booking = ask("book", answer(code))

    assert (DeliveryNotFoundError if code in TROUBLE else InvalidAnswerError) is type(read)
    assert (2 if code in TROUBLE else 1, 1) == (len(carrier.requests), len(booking.requests))
    assert (OutcomeUnknownError, code) == (type(booked), booked.http_status)


@pytest.mark.parametrize("body", [told("rate_limited"), b"busy"])
def test_f025_booking_that_is_told_429_is_refused_and_sent_once(body) -> None:
    """
    A 429 says by itself that nothing was begun: nothing was booked, and nothing is repeated.
    """
    error, carrier = ask("book", answer(429, body, retry_after="7"))

    assert 1 == len(carrier.requests)
    assert RateLimitedError is type(error)
    assert Outcome.REJECTED is error.booked
    assert Retry.LATER is error.retryable


@pytest.mark.parametrize(
    ("after", "least", "most"),
    [
        ("7", 7.0, 7.8),
        (format_datetime(ManualClock().now() + timedelta(seconds=7), usegmt=True), 7.0, 7.8),
        (format_datetime(ManualClock().now() - timedelta(days=7), usegmt=True), 1.0, 1.2),
        ("", 1.0, 1.2),
        ("-3", 1.0, 1.2),
        ("1e9", 1.0, 1.2),
    ],
)
def test_f026_read_that_is_told_429_is_repeated_when_the_carrier_says(after, least, most) -> None:
    """
    Seconds and dates are waited for within the deadline, at least one second.
    """
    error, carrier = ask(
        "read", answer(429, retry_after=after), answer(404, told("delivery_not_found"))
    )

    waited = carrier.clock.now() - ManualClock().now()
    assert (DeliveryNotFoundError, 2) == (type(error), len(carrier.requests))
    assert least <= waited.total_seconds() <= most


@pytest.mark.parametrize("after", ["30", "1000000000", "9" * 300])
def test_f028_wait_that_outlasts_the_deadline_is_told_at_once(after) -> None:
    """
    However long a carrier wants to be left alone, the caller hears of it now.
    """
    error, carrier = ask("read", answer(429, told("rate_limited"), retry_after=after))

    assert (RateLimitedError, 1) == (type(error), len(carrier.requests))
    assert ManualClock().now() == carrier.clock.now()


@attrs.frozen(kw_only=True)
class Signing(FakeProvider):
    """
    The fake provider with a grant that is numbered.
    """

    granted: list[int] = attrs.field(factory=list)

    def grant(self, now):
        yield from ()
        self.granted.append(len(self.granted))
        value = Secret(f"token-{len(self.granted)}")
        return Grant(value=value, expires_at=now + timedelta(hours=1))

    def sign(self, request, now, grant):
        return request.with_headers({"Authorization": grant.value.reveal()})


@pytest.mark.parametrize("call", CALLS)
def test_f031_second_401_is_an_authentication_error_and_nothing_was_done(call) -> None:
    """
    A refused token is made anew once; refused again, the caller is told that nothing was booked.
    """
    error, carrier = ask(call, answer(401, told("authentication")), provider=Signing())

    assert AuthenticationError is type(error)
    assert error.booked in NOTHING_DONE
    assert ["token-1", "token-2"] == [one.headers["Authorization"] for one in carrier.requests]
    assert carrier.requests[0].body == carrier.requests[1].body


@pytest.mark.parametrize("call", CALLS)
def test_f032_403_is_refused_once_and_the_next_call_goes_out(call) -> None:
    """
    A forbidden call is not repeated, booked nothing, and holds up no other call.
    """
    clock = ManualClock()
    carrier = Answering(clock, then=answer(403, told("account_forbidden")))
    with Client(FakeProvider(), pool=carrier, clock=clock) as client:
        for _ in range(50):
            with pytest.raises(AccountForbiddenError) as caught:
                CALLS[call](client)
            assert caught.value.booked in NOTHING_DONE

    assert 50 == len(carrier.requests)
    assert ManualClock().now() == clock.now()


def test_f033_404_for_a_delivery_means_not_visible_now() -> None:
    """
    The caller is told to look again later; what was booked before stays booked.
    """
    carrier = FakeCarrier()
    with carrier.connect() as client:
        delivery = client.dispatch(REQUEST)
        carrier.refuse_next(DeliveryNotFoundError)
        with pytest.raises(DeliveryNotFoundError, match="just after a dispatch, look again later"):
            client.track(delivery.id)

        assert Status.PENDING is client.track(delivery.id).status


def test_f033_404_for_a_booking_is_no_proof_that_nothing_was_booked() -> None:
    """
    A 404 that the carrier does not explain leaves a booking unknown; the look-up decides.
    """
    error, _ = ask("book", answer(404, b"<h1>Not Found</h1>"))

    assert (OutcomeUnknownError, Outcome.UNKNOWN) == (type(error), error.booked)
    assert "look up reference 'order-118' first" in str(error)


PAGE = b"<html><body><h1>Welcome</h1><a href='/login'>canary-name</a></body></html>"
FORMS: dict[str, tuple[bytes, dict[str, str]]] = {
    "page": (PAGE, {"content_type": "text/html"}),
    "page that is called JSON": (PAGE, {"content_type": "application/json"}),
    "nothing": (b"", {}),
    "blanks": (b" \r\n", {"content_type": "application/json"}),
    "null": (b"null", {}),
    "utf-16": ("{}".encode("utf-16"), {"content_type": "application/json; charset=utf-16"}),
    "byte order mark": (b"\xef\xbb\xbf{}", {"content_type": "application/json"}),
    "invalid utf-8": (b'{"id":"\xff"}', {"content_type": "application/json"}),
    "cut": (b'{"doorstep":1,"type":"Delivery","value":{', {}),
}


@pytest.mark.parametrize("status", [200, 201, 204, 502])
@pytest.mark.parametrize("form", FORMS)
def test_f035_booking_answered_with_a_page_or_nothing_is_unknown(form, status) -> None:
    """
    A page, an empty or unreadable body is no success, whatever its status: the outcome is unknown.
    """
    body, headers = FORMS[form]
    error, carrier = ask("book", answer(status, body, **headers))

    assert (OutcomeUnknownError, 1) == (type(error), len(carrier.requests))
    assert "look up reference 'order-118' first" in str(error)
    assert "canary" not in str(error) + repr(error.__dict__)


@pytest.mark.parametrize(
    "content_type", [None, "", "text/html", "application/json; charset=utf-16", "nonsense;;;=\t"]
)
def test_f037_content_type_does_not_decide_how_an_answer_is_read(content_type) -> None:
    """
    The bytes are read as UTF-8 JSON, whatever the carrier calls them.
    """
    carrier = FakeCarrier()
    named = {} if content_type is None else {"content-type": content_type}
    send = carrier.send

    def relabelled(request, base_url, call):
        return attrs.evolve(send(request, base_url, call), headers=named)

    carrier.send = relabelled
    with carrier.connect() as client:
        assert ID == client.dispatch(REQUEST).id


@pytest.mark.parametrize("form", ["utf-16", "byte order mark", "invalid utf-8"])
def test_f037_body_in_another_encoding_is_unknown_for_a_booking(form) -> None:
    """
    Bytes that are no UTF-8 JSON are not guessed at, even if the header names their encoding.
    """
    body, headers = FORMS[form]
    error, _ = ask("book", answer(200, body, **headers))

    assert (OutcomeUnknownError, "order-118") == (type(error), error.reference)
