"""
What the driver's errors say, and what they say of mistakes in a plugin.
"""

from __future__ import annotations

import pytest

from doorstep.errors import InvalidAnswerError, OutcomeUnknownError, SettingsError
from doorstep.http import Request, TransportError
from doorstep.outcome import Effect, Outcome, Repeat

LOST = TransportError("timeout", sent=True)
BOOK = Request("POST", "/book", effect=Effect.BOOKS, repeat=Repeat.NEVER)
READ = Request("GET", "/read")


def test_unknown_outcome_keeps_the_path_of_the_broken_answer(kit):
    """
    What the plugin's authors need is not lost on the way.
    """
    raised = InvalidAnswerError("answered nonsense", params={"path": "$.id"})
    error, _ = kit.ended(kit.session(), kit.flow(BOOK, raises=raised))

    assert "$.id" == error.params["path"]
    assert "invalid_answer" == error.params["error"]


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
    error, _ = kit.ended(kit.session(*[fault] * 4), kit.flow(READ))

    assert str(error).startswith("acme: dispatch ")
    assert words in str(error)


def test_message_of_a_passed_deadline_names_it(kit):
    """
    "Within 20 s" is what the caller set.
    """

    def late(request, call):
        call.clock.elapsed += 20
        raise LOST

    error, _ = kit.ended(kit.session(late), kit.flow(BOOK))

    assert "acme: dispatch got no answer within 20 s; it may have taken effect" in str(error)


@pytest.mark.parametrize("request_", [READ, BOOK], ids=["read", "book"])
def test_foreign_exception_never_leaves_bare(request_, kit):
    """
    A bug in a plugin is typed, names the place and quotes nothing.
    """
    error, _ = kit.ended(kit.session(), kit.flow(request_, raises=KeyError(kit.CANARY)))

    assert isinstance(error, InvalidAnswerError | OutcomeUnknownError)
    assert "KeyError" == error.params["exception"]
    assert error.params["where"].startswith("conftest.py:")
    assert kit.CANARY not in repr(error) + str(error) + repr(error.__dict__)


@pytest.mark.parametrize("thing", [None, "GET /", ("GET", "/")])
def test_flow_that_yields_no_request_is_a_bug(thing, kit):
    """
    The plugin is told, not the caller's traceback.
    """

    def wrong():
        yield thing

    error, _ = kit.ended(kit.session(), wrong())

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

    error, call = kit.ended(kit.session(SettingsError("the base URL is wrong")), careful())

    assert isinstance(error, SettingsError)
    assert [] == seen
    assert Outcome.NOT_SENT is call.outcome
