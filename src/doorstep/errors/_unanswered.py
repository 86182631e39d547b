"""
The carrier gave no answer, or none that can be used.
"""

from __future__ import annotations

from doorstep.errors._base import ProviderError
from doorstep.outcome import Outcome, Retry


class CarrierUnavailableError(ProviderError):
    """
    No answer, or a refusal before processing.

    For a call that changes something, ``booked`` says whether it may have been
    made.
    """

    code = "carrier_unavailable"
    retryable = Retry.SAME_CALL
    advice = "try the same call again"


class CarrierInternalError(ProviderError):
    """
    The carrier failed while it worked on a call that books nothing.
    """

    code = "carrier_internal"
    retryable = Retry.LATER
    advice = "try the same call again later"


class InvalidAnswerError(ProviderError):
    """
    The carrier broke its own format; ``params["path"]`` says where.
    """

    code = "invalid_answer"
    retryable = Retry.SAME_CALL
    advice = "report it to the plugin's authors with the path"


class CurrencyMismatchError(ProviderError):
    """
    The answer is in another currency than the request.

    If it answered a dispatch, ``booked`` is CREATED and ``delivery`` is set.
    """

    code = "currency_mismatch"
    advice = "check the account's market before dispatching more"


class UnclassifiedCarrierError(ProviderError):
    """
    A refusal that neither the carrier's documents nor we describe.
    """

    code = "unclassified"
    retryable = Retry.LOOK_UP_FIRST
    advice = "look the delivery up before trying again, and report the code"


class OutcomeUnknownError(ProviderError):
    """
    It was sent and nobody knows what came of it: a courier may be on the way.

    ``reference`` and ``revision`` are what to look up. Repeating the very same
    dispatch is safe where the carrier keeps references unique; a new reference
    or revision is not.
    """

    code = "outcome_unknown"
    booked = Outcome.UNKNOWN
    retryable = Retry.LOOK_UP_FIRST
    advice = "look the reference up before anything else"
