"""
The tree of errors: drawn as it is, and each class answers the two questions.
"""

from __future__ import annotations

import re

import pytest

from doorstep import errors
from doorstep.errors import (
    DoorstepError,
    FeeExceededError,
    OutcomeUnknownError,
    ProviderError,
    RateLimitedError,
    RequestRejectedError,
    ValidationError,
)
from doorstep.outcome import Outcome, Retry

#: Stable: shops store and translate them. A code is added here, never changed.
CODES = {
    "AccountForbiddenError": "account_forbidden",
    "AccountNotFoundError": "account_not_found",
    "AccountPaymentRequiredError": "account_payment_required",
    "AddressUnresolvableError": "address_unresolvable",
    "AuthenticationError": "authentication",
    "CarrierInternalError": "carrier_internal",
    "CarrierUnavailableError": "carrier_unavailable",
    "ClientClosedError": "client_closed",
    "CurrencyMismatchError": "currency_mismatch",
    "DeliveryNotFoundError": "delivery_not_found",
    "DoorstepError": "error",
    "DuplicateError": "duplicate",
    "DuplicateProviderError": "duplicate_provider",
    "FeeExceededError": "fee_exceeded",
    "IncompatibleProviderError": "incompatible_provider",
    "InvalidAnswerError": "invalid_answer",
    "NoCapacityError": "no_capacity",
    "NoSuchProviderError": "no_such_provider",
    "NotCancellableError": "not_cancellable",
    "NotModifiableError": "not_modifiable",
    "OutOfCoverageError": "out_of_coverage",
    "OutcomeUnknownError": "outcome_unknown",
    "OutsideHoursError": "outside_hours",
    "PluginError": "plugin",
    "ProofGoneError": "proof_gone",
    "ProviderError": "provider",
    "ProviderLoadError": "provider_load",
    "QuoteAlreadyUsedError": "quote_already_used",
    "QuoteExpiredError": "quote_expired",
    "QuoteMismatchError": "quote_mismatch",
    "RateLimitedError": "rate_limited",
    "RequestRejectedError": "request_rejected",
    "SettingsError": "settings",
    "TimeWindowInvalidError": "time_window_invalid",
    "TipRejectedError": "tip_rejected",
    "UnclassifiedCarrierError": "unclassified",
    "UnsupportedError": "unsupported",
    "WebhookRejectedError": "webhook_rejected",
    "ValidationError": "validation",
}


def drawn_edges() -> set[tuple[str, str]]:
    """
    Read (parent, child) pairs out of the drawing in the docstring.
    """
    above: list[tuple[int, str]] = []
    edges = set()
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"[ |`-]*(\w+Error)\b", line)
        if found is None:
            continue
        depth = found.start(1)
        above = [(column, name) for column, name in above if column < depth]
        if above:
            edges.add((above[-1][1], found[1]))
        above.append((depth, found[1]))
    return edges


def real_edges() -> set[tuple[str, str]]:
    """
    Return (parent, child) pairs of the classes.
    """
    pairs = set()
    waiting: list[type] = [DoorstepError]
    while waiting:
        parent = waiting.pop()
        below: list[type] = parent.__subclasses__()
        children = [one for one in below if one.__module__.startswith("doorstep.e")]
        pairs |= {(parent.__name__, one.__name__) for one in children}
        waiting += children
    return pairs


def test_drawn_tree_equals_the_classes() -> None:
    """
    Who reads the docstring of ``doorstep.errors`` knows what to catch.
    """
    assert real_edges() == drawn_edges()


def test_every_class_is_public_and_ends_in_error() -> None:
    """
    Nothing is raised that cannot be imported by name.
    """
    names = {name for edge in real_edges() for name in edge}

    assert set(CODES) == names
    assert set() == names - set(errors.__all__)
    assert all(name.endswith("Error") for name in names)


def test_code_is_unique_and_stable(error_class) -> None:
    """
    A shop translates by ``code``: each class has its own, for ever.
    """
    assert CODES[error_class.__name__] == error_class.code == error_class("x").code
    assert "code" in vars(error_class)
    assert len(set(CODES.values())) == len(CODES)


def test_class_says_whether_to_retry_and_what_was_booked(error_class) -> None:
    """
    "May I try again, and was anything booked?" has an answer for every class.
    """
    error = error_class("x")

    assert isinstance(error.retryable, Retry)
    assert isinstance(error.booked, Outcome)
    assert (error.booked in (Outcome.CREATED, Outcome.UNKNOWN)) == error.maybe_booked


def test_class_gives_advice(error_class) -> None:
    """
    Each leaf that speaks of a carrier says what to do now.
    """
    leaf = not error_class.__subclasses__()

    assert not leaf or not issubclass(error_class, ProviderError) or error_class.advice


def test_rejection_means_nothing_happened(error_class) -> None:
    """
    A class of refusals never says by default that something may be booked.
    """
    if issubclass(error_class, RequestRejectedError):
        assert not error_class("x").maybe_booked


def test_only_the_unknown_is_maybe_booked_by_default(error_class) -> None:
    """
    The one class that warns of a courier on the way is OutcomeUnknownError.
    """
    assert (error_class is OutcomeUnknownError) == error_class("x").maybe_booked


@pytest.mark.parametrize(
    ("kind", "retryable"),
    [
        (errors.ValidationError, Retry.NO),
        (errors.AuthenticationError, Retry.NO),
        (errors.RateLimitedError, Retry.LATER),
        (errors.OutsideHoursError, Retry.LATER),
        (errors.NoCapacityError, Retry.LATER),
        (errors.QuoteExpiredError, Retry.NEW_QUOTE),
        (errors.QuoteMismatchError, Retry.NEW_QUOTE),
        (errors.CarrierUnavailableError, Retry.SAME_CALL),
        (errors.OutcomeUnknownError, Retry.LOOK_UP_FIRST),
        (errors.UnclassifiedCarrierError, Retry.LOOK_UP_FIRST),
    ],
)
def test_retryable_of_each_kind(kind, retryable) -> None:
    """
    The answer decides whether a courier is booked twice.
    """
    assert retryable is kind("x").retryable


def test_validation_error_is_a_value_error() -> None:
    """
    Who builds a model may catch what Python raises for wrong values.
    """
    assert issubclass(ValidationError, ValueError)


def test_one_error_can_know_better_than_its_class() -> None:
    """
    A fee that is told only with the booking is dear, and booked.
    """
    error = FeeExceededError("is too dear", booked=Outcome.CREATED, retryable=Retry.NO)

    assert error.maybe_booked
    assert not FeeExceededError("is too dear").maybe_booked


@pytest.mark.parametrize("wait", [None, 0.5, 7])
def test_rate_limit_tells_the_wait(wait) -> None:
    """
    ``retry_after_s`` is in seconds, or None when the carrier does not say.
    """
    params = {} if wait is None else {"retry_after_s": wait}

    assert wait == RateLimitedError("was refused", params=params).retry_after_s
