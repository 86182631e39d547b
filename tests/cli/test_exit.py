"""
The exit code tells a script what it may do next.
"""

from __future__ import annotations

import pytest

from doorstep import errors
from doorstep.cli._exit import MEANINGS, Exit, exit_code, interrupted, table
from doorstep.errors import DoorstepError
from doorstep.outcome import Outcome, Retry

KINDS = sorted(
    (kind for kind in vars(errors).values() if isinstance(kind, type)),
    key=lambda kind: kind.__name__,
)
ERRORS = [kind for kind in KINDS if issubclass(kind, DoorstepError)]


@pytest.mark.parametrize("kind", ERRORS, ids=[kind.__name__ for kind in ERRORS])
@pytest.mark.parametrize("booked", [Outcome.CREATED, Outcome.UNKNOWN])
def test_whatever_may_be_booked_has_a_code_of_its_own(kind, booked):
    """
    No error, whatever its class, hides that a courier may be on the way.
    """
    assert Exit.UNKNOWN == exit_code(kind("happened", booked=booked))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.SettingsError("x"), Exit.USAGE),
        (errors.UnsupportedError("x"), Exit.USAGE),
        (errors.ValidationError("x"), Exit.USAGE),
        (errors.ValidationError("x", http_status=400), Exit.REFUSED),
        (errors.NoSuchProviderError("x"), Exit.PLUGIN),
        (errors.ProviderLoadError("x"), Exit.PLUGIN),
        (errors.OutOfCoverageError("x"), Exit.REFUSED),
        (errors.QuoteExpiredError("x"), Exit.REFUSED),
        (errors.AuthenticationError("x"), Exit.REFUSED),
        (errors.RateLimitedError("x"), Exit.UNAVAILABLE),
        (errors.NoCapacityError("x"), Exit.UNAVAILABLE),
        (errors.CarrierUnavailableError("x"), Exit.UNAVAILABLE),
        (errors.InvalidAnswerError("x"), Exit.UNAVAILABLE),
        (errors.UnclassifiedCarrierError("x"), Exit.UNKNOWN),
        (errors.OutcomeUnknownError("x"), Exit.UNKNOWN),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.name,
)
def test_error_has_the_code_of_what_may_be_done_next(error, code):
    """
    Correct it, give it up, repeat it, look it up, or mend the installation.
    """
    assert code == exit_code(error)


def test_look_up_first_wins_over_the_class():
    """
    An error that asks for a look-up is never a plain refusal.
    """
    error = errors.RequestRejectedError("x", retryable=Retry.LOOK_UP_FIRST)

    assert Exit.UNKNOWN == exit_code(error)


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (None, Exit.INTERRUPTED),
        (Outcome.NOT_SENT, Exit.INTERRUPTED),
        (Outcome.REJECTED, Exit.INTERRUPTED),
        (Outcome.UNKNOWN, Exit.UNKNOWN),
        (Outcome.CREATED, Exit.UNKNOWN),
    ],
)
def test_interrupt_has_the_code_of_what_it_interrupted(outcome, code):
    """
    Ctrl-C is 130, but not while a booking was under way.
    """
    interrupt = KeyboardInterrupt()
    if outcome is not None:
        interrupt.outcome = outcome  # type: ignore[attr-defined]

    assert code == interrupted(interrupt)


def test_every_code_is_explained(cli):
    """
    ``doorstep --help`` ends with all of them.
    """
    ran = cli("--help")

    assert set(Exit) == set(MEANINGS)
    assert ran.out.rstrip().endswith(table())
