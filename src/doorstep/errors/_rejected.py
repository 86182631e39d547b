"""
The carrier, or its provider here, refused: nothing happened.
"""

from __future__ import annotations

from doorstep.errors._base import ProviderError
from doorstep.outcome import Outcome, Retry


class RequestRejectedError(ProviderError):
    """
    The request cannot work until something about it changes. Nothing happened.
    """

    code = "request_rejected"
    booked = Outcome.REJECTED
    advice = "change the request before trying again"


class ValidationError(RequestRejectedError, ValueError):
    """
    Fields are wrong; ``fields`` names each with the rule that it breaks.

    Raised by a model, by a provider before the network, or for a carrier's
    refusal. Without an HTTP status nothing was sent.
    """

    code = "validation"
    booked = Outcome.NOT_SENT
    advice = "correct the fields"


class TimeWindowInvalidError(ValidationError):
    """
    The times asked for contradict each other or the carrier's rules.
    """

    code = "time_window_invalid"


class AddressUnresolvableError(RequestRejectedError):
    """
    The carrier cannot find an address.
    """

    code = "address_unresolvable"
    advice = "check the address with the customer"


class OutOfCoverageError(RequestRejectedError):
    """
    The carrier does not serve an address, or the distance is too long.
    """

    code = "out_of_coverage"
    advice = "ask another carrier"


class OutsideHoursError(RequestRejectedError):
    """
    The carrier does not deliver there at that time.
    """

    code = "outside_hours"
    retryable = Retry.LATER
    advice = "ask for another time"


class NoCapacityError(RequestRejectedError):
    """
    The carrier has no courier free.
    """

    code = "no_capacity"
    retryable = Retry.LATER
    advice = "try again later or ask another carrier"


class QuoteExpiredError(RequestRejectedError):
    """
    The quote can no longer be taken. Nothing was booked.
    """

    code = "quote_expired"
    retryable = Retry.NEW_QUOTE
    advice = "ask for a new quote, with the next revision"


class QuoteAlreadyUsedError(RequestRejectedError):
    """
    The quote was taken before.
    """

    code = "quote_already_used"
    retryable = Retry.NEW_QUOTE
    advice = "look the reference up, or ask for a new quote with the next revision"


class QuoteMismatchError(RequestRejectedError):
    """
    The quote was made for another request, account or provider.
    """

    code = "quote_mismatch"
    booked = Outcome.NOT_SENT
    retryable = Retry.NEW_QUOTE
    advice = "dispatch the request that was quoted, or ask for a new quote with the next revision"


class DuplicateError(RequestRejectedError):
    """
    The reference and revision are taken by something that is not this request.

    This call booked nothing, but a courier may be on the way for what was booked
    before: ``params["existing_id"]`` is its id and ``delivery`` the delivery,
    where the carrier tells.
    """

    code = "duplicate"
    retryable = Retry.LOOK_UP_FIRST
    advice = "track what has the reference first; the next revision books another courier"


class DeliveryNotFoundError(RequestRejectedError):
    """
    The carrier does not know the delivery. Just after a dispatch it may appear later.
    """

    code = "delivery_not_found"
    advice = "check the id and the account; just after a dispatch, look again later"


class NotCancellableError(RequestRejectedError):
    """
    Too late, or not allowed; ``params["reason"]`` says which. The delivery goes on.
    """

    code = "not_cancellable"
    advice = "track the delivery; arrange a return with the carrier if it must not arrive"


class NotModifiableError(RequestRejectedError):
    """
    The delivery can no longer be changed; ``params["reason"]`` says why.
    """

    code = "not_modifiable"
    advice = "track the delivery; to change what is fixed, cancel it and dispatch anew"


class TipRejectedError(RequestRejectedError):
    """
    The carrier does not take that tip.
    """

    code = "tip_rejected"


class ProofGoneError(RequestRejectedError):
    """
    The carrier links to a proof that it no longer shows: links end.
    """

    code = "proof_gone"
    advice = "ask the carrier's support for it; fetch proofs soon after the delivery"


class FeeExceededError(RequestRejectedError):
    """
    The fee is above *max_fee*.

    Raised before anything was booked where the price is known beforehand. Where
    the carrier names it only when it books, ``booked`` is CREATED and
    ``delivery`` is what to cancel.
    """

    code = "fee_exceeded"
    advice = "raise max_fee, or ask another carrier"


class AuthenticationError(RequestRejectedError):
    """
    The carrier does not accept the credentials, even freshly signed.
    """

    code = "authentication"
    advice = "check the credentials of this account"


class AccountForbiddenError(RequestRejectedError):
    """
    The account is known but not allowed to do this.
    """

    code = "account_forbidden"
    advice = "ask the carrier to enable it for this account"


class AccountNotFoundError(RequestRejectedError):
    """
    The carrier does not know the account, or the business or store named.
    """

    code = "account_not_found"
    advice = "check the account's settings and the store reference"


class AccountPaymentRequiredError(RequestRejectedError):
    """
    The account must be paid or funded first.
    """

    code = "account_payment_required"
    advice = "settle the account with the carrier"


class RateLimitedError(RequestRejectedError):
    """
    Too many requests; refused before anything was done.

    ``retry_after_s`` is the wait the carrier asked for, in seconds, or None.
    """

    code = "rate_limited"
    retryable = Retry.LATER
    advice = "wait before trying again"

    @property
    def retry_after_s(self) -> float | None:
        """
        Seconds to wait, if the carrier said so.
        """
        value: float | None = self.params.get("retry_after_s")
        return value
