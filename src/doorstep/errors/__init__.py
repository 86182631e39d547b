"""
Everything doorstep raises.

Each error answers two questions: ``retryable`` (may I try again?) and ``booked``
(was anything booked?). Each has a stable ``code`` and ``params``, so that a shop
can word it in its own language::

    DoorstepError
    |- SettingsError                  a setting is missing or wrong
    |- ClientClosedError              the client was closed before the call
    |- PluginError                    a plugin cannot be used
    |  |- NoSuchProviderError         no plugin has that name
    |  |- DuplicateProviderError      two distributions claim one name
    |  |- IncompatibleProviderError   built for another version of the plugin API
    |  `- ProviderLoadError           the plugin raised while it was loaded
    |- UnsupportedError               the carrier cannot do that; refused before the network
    |- WebhookRejectedError           not from the carrier, or unreadable; nothing was believed
    `- ProviderError                  the carrier said no, said nothing, or said nonsense
       |- RequestRejectedError        will not work until something changes; nothing happened
       |  |- ValidationError          fields are wrong, here or at the carrier
       |  |  `- TimeWindowInvalidError
       |  |- AddressUnresolvableError
       |  |- OutOfCoverageError
       |  |- OutsideHoursError        later
       |  |- NoCapacityError          later
       |  |- QuoteExpiredError        ask for a new quote
       |  |- QuoteAlreadyUsedError    ask for a new quote
       |  |- QuoteMismatchError       the quote is for another request
       |  |- DuplicateError           the reference is taken by a different delivery
       |  |- DeliveryNotFoundError
       |  |- NotCancellableError      carries why
       |  |- NotModifiableError       carries why
       |  |- TipRejectedError
       |  |- ProofGoneError           its link has ended
       |  |- FeeExceededError         dearer than max_fee
       |  |- AuthenticationError
       |  |- AccountForbiddenError
       |  |- AccountNotFoundError
       |  |- AccountPaymentRequiredError
       |  `- RateLimitedError         carries retry_after_s
       |- CarrierUnavailableError     no answer, or refused before processing
       |- CarrierInternalError        the carrier failed
       |- InvalidAnswerError          the carrier broke its own format; carries the path
       |- CurrencyMismatchError       the answer is in another currency
       |- UnclassifiedCarrierError    a refusal nobody has described yet
       `- OutcomeUnknownError         sent, outcome unknown: look up before repeating

No error holds a body, an address, a name, a phone number or a credential.
"""

from doorstep.errors._base import DoorstepError, FieldProblem, ProviderError, raw_token
from doorstep.errors._local import (
    ClientClosedError,
    DuplicateProviderError,
    IncompatibleProviderError,
    NoSuchProviderError,
    PluginError,
    ProviderLoadError,
    SettingsError,
    UnsupportedError,
    WebhookRejectedError,
)
from doorstep.errors._rejected import (
    AccountForbiddenError,
    AccountNotFoundError,
    AccountPaymentRequiredError,
    AddressUnresolvableError,
    AuthenticationError,
    DeliveryNotFoundError,
    DuplicateError,
    FeeExceededError,
    NoCapacityError,
    NotCancellableError,
    NotModifiableError,
    OutOfCoverageError,
    OutsideHoursError,
    ProofGoneError,
    QuoteAlreadyUsedError,
    QuoteExpiredError,
    QuoteMismatchError,
    RateLimitedError,
    RequestRejectedError,
    TimeWindowInvalidError,
    TipRejectedError,
    ValidationError,
)
from doorstep.errors._unanswered import (
    CarrierInternalError,
    CarrierUnavailableError,
    CurrencyMismatchError,
    InvalidAnswerError,
    OutcomeUnknownError,
    UnclassifiedCarrierError,
)

__all__ = [
    "AccountForbiddenError",
    "AccountNotFoundError",
    "AccountPaymentRequiredError",
    "AddressUnresolvableError",
    "AuthenticationError",
    "CarrierInternalError",
    "CarrierUnavailableError",
    "ClientClosedError",
    "CurrencyMismatchError",
    "DeliveryNotFoundError",
    "DoorstepError",
    "DuplicateError",
    "DuplicateProviderError",
    "FeeExceededError",
    "FieldProblem",
    "IncompatibleProviderError",
    "InvalidAnswerError",
    "NoCapacityError",
    "NoSuchProviderError",
    "NotCancellableError",
    "NotModifiableError",
    "OutOfCoverageError",
    "OutcomeUnknownError",
    "OutsideHoursError",
    "PluginError",
    "ProofGoneError",
    "ProviderError",
    "ProviderLoadError",
    "QuoteAlreadyUsedError",
    "QuoteExpiredError",
    "QuoteMismatchError",
    "RateLimitedError",
    "RequestRejectedError",
    "SettingsError",
    "TimeWindowInvalidError",
    "TipRejectedError",
    "UnclassifiedCarrierError",
    "UnsupportedError",
    "ValidationError",
    "WebhookRejectedError",
    "raw_token",
]
