"""
What a quote promises.
"""

from __future__ import annotations

import pytest

from doorstep.errors import QuoteExpiredError
from doorstep_contracts.case import A_DAY_S, Case
from doorstep_contracts.promise import promise
from doorstep_contracts.suites._contract import Contract

__all__ = ["QuotingContract"]


class QuotingContract(Contract):
    """
    Prices before anything is booked.
    """

    @promise("quote", "books nothing", claims="quote", carrier=True)
    def test_quote_books_nothing(self, case: Case) -> None:
        """
        Asking for a price books no courier.

        If this fails: send the quote request to the quote's path, in _provider.py.
        """
        with case.client() as client:
            client.quote(case.fresh())

        assert case.carrier is not None
        assert case.carrier.books() == []

    @promise("quote", "names its request", claims="quote", carrier=True)
    def test_quote_is_for_its_request(self, case: Case) -> None:
        """
        A quote says for which request, revision, provider and account it is, so that it
        can be stored and taken later.

        If this fails: fill provider, account, reference and revision, in _mapping.py.
        """
        request = case.fresh()
        with case.client() as client:
            quotes = client.quote(request)

        owner = (case.provider.name, case.provider.account, request.reference, request.revision)
        assert quotes
        for quote in quotes:
            assert (quote.provider, quote.account, quote.reference, quote.revision) == owner

    @promise("quote", "expires", claims="quote_expires_s", carrier=True)
    def test_expired_quote_books_nothing(self, case: Case) -> None:
        """
        A quote whose time is over is refused as such, and nothing is booked.

        If this fails: tell the expiry in the quote (_mapping.py), and take the
        carrier's refusal for a QuoteExpiredError (_errors.py).
        """
        assert case.carrier is not None
        request = case.fresh()
        with case.client() as client:
            quote = client.quote(request)[0]
            case.carrier.pass_time(A_DAY_S)
            before = case.carrier.books()
            with pytest.raises(QuoteExpiredError):
                client.dispatch(request, quote=quote)

        assert len(case.carrier.books()) == len(before)
