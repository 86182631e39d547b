"""
What every operation checks at the door, whoever the carrier is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from doorstep.errors import (
    CurrencyMismatchError,
    DoorstepError,
    FeeExceededError,
    FieldProblem,
    ProviderError,
    QuoteExpiredError,
    QuoteMismatchError,
    UnsupportedError,
    ValidationError,
)
from doorstep.http import Endpoint
from doorstep.models import Delivery, DeliveryId, DeliveryRequest, Money, Quote
from doorstep.outcome import Outcome
from doorstep.provider import Provider

T = TypeVar("T")

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,127}")


@contextmanager
def located(
    provider: Endpoint, operation: str, reference: object = None, revision: object = None
) -> Iterator[None]:
    """
    Say in every error from inside which provider, operation and request it was.
    """
    try:
        yield
    except DoorstepError as error:
        error.locate(provider.name, provider.account, operation)
        if isinstance(error, ProviderError) and isinstance(reference, str):
            error.reference = error.reference or reference
            error.revision = revision if isinstance(revision, int) else error.revision
        raise


def wanted(value: Any, kind: type[T], name: str) -> T:
    """
    Return *value*, or refuse it because it is not of *kind*.
    """
    if isinstance(value, kind):
        return value
    raise wrong(name, f"must be {kind.__name__}, not {type(value).__name__}")


def wrong(name: str, problem: str) -> ValidationError:
    """
    Return the error for one argument.
    """
    return ValidationError("was given a wrong argument", fields=(FieldProblem(name, problem),))


def own(delivery: Any, provider: Provider) -> DeliveryId:
    """
    Return *delivery* as an id of *provider* and its account.
    """
    if not isinstance(delivery, DeliveryId | str):
        kind = type(delivery).__name__
        raise wrong("delivery", f"must be DeliveryId or its text, not {kind}")
    found = DeliveryId.parse(delivery) if isinstance(delivery, str) else delivery
    if (found.provider, found.account) != (provider.name, provider.account):
        rule = f"belongs to provider {found.provider!r}, account {found.account!r}"
        raise ValidationError(
            "was given a delivery of somebody else",
            fields=(FieldProblem("delivery", rule),),
            advice="connect to that provider and account",
        )
    return found


def check_reference(reference: Any, revision: Any) -> None:
    """
    Refuse what no request could have been sent under: not finding it would mislead.
    """
    if type(reference) is not str or not _REFERENCE.fullmatch(reference):
        raise wrong("reference", "must be the reference of a request")
    if type(revision) is not int or not 1 <= revision <= 999:
        raise wrong("revision", "must be a whole number 1 to 999")


def check_id(value: Any, name: str) -> None:
    """
    Refuse what cannot be somebody's id.
    """
    if type(value) is not str or not 0 < len(value) <= 256 or not value.isprintable():
        raise wrong(name, "must be an id: 1 to 256 printable characters")


def check_limit(max_fee: Any) -> None:
    """
    Refuse a limit that limits nothing.
    """
    if max_fee is not None and wanted(max_fee, Money, "max_fee").minor < 0:
        raise wrong("max_fee", "must not be negative")


def check_quote(
    provider: Provider, request: DeliveryRequest, quote: Any, max_fee: Money | None
) -> Quote:
    """
    Refuse a quote that is for something else, or dearer than allowed.
    """
    taken = wanted(quote, Quote, "quote")
    mine = (provider.name, provider.account, request.reference, request.revision)
    if (taken.provider, taken.account, taken.reference, taken.revision) != mine:
        raise QuoteMismatchError("was given a quote for another request, account or provider")
    if max_fee is None or taken.price is None:
        return taken
    if taken.price.total.currency != max_fee.currency:
        raise wrong("max_fee", f"must be in {taken.price.total.currency}, as the quote is")
    if taken.price.total > max_fee:
        raise _too_dear("was given a quote of", taken.price.total, max_fee, Outcome.NOT_SENT)
    return taken


def expired(quote: Quote, now: datetime) -> QuoteExpiredError | None:
    """
    Return the error for a quote whose time is over.
    """
    if not quote.expired(now):
        return None
    return QuoteExpiredError(
        f"was given a quote that expired at {quote.expires_at:%Y-%m-%dT%H:%M:%SZ}",
        booked=Outcome.NOT_SENT,
    )


def check_booked(request: DeliveryRequest, booked: Delivery, max_fee: Money | None) -> None:
    """
    Tell of a fee above the limit, or in another currency, with what was booked.

    Providers should refuse it sooner, where the carrier names its price sooner.
    """
    total = booked.price.total if booked.price is not None else None
    if total is None:
        return
    meant = [money for money in (max_fee, request.order_value, request.tip) if money is not None]
    if meant and total.currency != meant[0].currency:
        raise CurrencyMismatchError(
            f"was booked in {total.currency}, not in {meant[0].currency}",
            advice="cancel the delivery, and check the account's market",
            booked=Outcome.CREATED,
            delivery=booked,
            params={"currency": total.currency, "wanted": meant[0].currency},
        )
    if max_fee is not None and total > max_fee:
        error = _too_dear("was booked for", total, max_fee, Outcome.CREATED)
        error.delivery = booked
        error.advice = "cancel the delivery, or raise max_fee"
        raise error


def not_offered(capability: str) -> UnsupportedError:
    """
    Return the error for what the account lacks.
    """
    return UnsupportedError("is not offered by this account", params={"capability": capability})


def _too_dear(what: str, fee: Money, max_fee: Money, booked: Outcome) -> FeeExceededError:
    params = {"fee": str(fee), "max_fee": str(max_fee)}
    return FeeExceededError(f"{what} {fee}, above max_fee {max_fee}", booked=booked, params=params)
