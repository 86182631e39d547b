"""
The promises that every provider keeps, as a class to inherit.

A plugin's test file supplies fixtures and nothing else::

    class TestAcme(ProviderContract):
        @pytest.fixture
        def provider(self): return AcmeProvider(...)

        @pytest.fixture
        def delivery_request(self): return DeliveryRequest(...)

What the account's capabilities do not claim is not asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from doorstep.errors import DoorstepError
from doorstep.http import Flow, Grant, Request
from doorstep.models import (
    CancelReason,
    Changes,
    DeliveryId,
    DeliveryRequest,
    Money,
    Quote,
    RefundReason,
)
from doorstep.outcome import Effect, Outcome, Repeat
from doorstep.provider import Finds, Provider, Quotes, Refunds, Tips, Updates
from doorstep.requirements import all_paths, check_request
from doorstep.secret import Secret
from doorstep_contracts.flows import NOW, answer, context, run

__all__ = ["ProviderContract"]

CANARY = "canary-9f1c2e"

#: Bodies that carriers, proxies and captive portals really send instead of JSON.
BODIES: tuple[bytes, ...] = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"text"',
    b'{"code": 7, "message": null}',
    b"<html><body>Sign in to the network</body></html>",
    b'{"truncated": ',
    b"\xff\xfe\x00",
)

Start = Callable[[], Flow[Any]]


def operations(
    provider: Provider, request: DeliveryRequest, quote: Quote | None = None
) -> Iterator[tuple[str, Start]]:
    """
    Yield every operation that *provider* has, ready to be started.

    Args:
        quote:
            What dispatch takes, where the carrier needs a quote.
    """
    ctx = context()
    tip = Money(500, min(provider.capabilities.currencies, default="USD"))
    delivery = DeliveryId(provider.name, provider.account, request.reference)
    reason = min(provider.capabilities.cancel_reasons, default=CancelReason.OTHER)
    yield "dispatch", lambda: provider.dispatch(request, ctx, quote=quote, max_fee=None)
    yield "track", lambda: provider.track(delivery, ctx)
    yield "cancel", lambda: provider.cancel(delivery, reason, ctx)
    if isinstance(provider, Quotes):
        yield "quote", lambda: provider.quote(request, ctx)
    if isinstance(provider, Finds):
        yield "find", lambda: provider.find(request.reference, request.revision, ctx)
    if isinstance(provider, Updates) and "tip" in provider.capabilities.update_fields:
        yield "update", lambda: provider.update(delivery, Changes(tip=tip), ctx)
    if isinstance(provider, Refunds):
        yield "refund", lambda: provider.refund(delivery, RefundReason.NEVER_DELIVERED, ctx)
    if isinstance(provider, Tips):
        yield "set_tip", lambda: provider.set_tip(delivery, tip, ctx)


class ProviderContract:
    """
    What every provider promises, whoever the carrier is.

    Fixtures to supply: ``provider`` and ``delivery_request``, a request that
    this provider's account can do; and ``taken_quote``, a quote for it, where the
    carrier dispatches nothing without one.
    """

    @pytest.fixture
    def provider(self) -> Provider:
        """
        The provider under test.
        """
        raise NotImplementedError  # supplied by the subclass

    @pytest.fixture
    def delivery_request(self) -> DeliveryRequest:
        """
        A request that the provider can do.
        """
        raise NotImplementedError  # supplied by the subclass

    @pytest.fixture
    def taken_quote(self) -> Quote | None:
        """
        A quote for the request, where the carrier needs one.
        """
        return None

    def test_provider_satisfies_the_protocol(self, provider: Provider) -> None:
        """
        A plugin's object is a Provider: the core can call every operation.

        If this fails: add what the protocol in doorstep.provider names.
        """
        assert isinstance(provider, Provider)

    def test_capability_paths_exist(self, provider: Provider) -> None:
        """
        Capabilities name paths of the neutral model, nothing misspelt.

        If this fails: compare with doorstep.requirements.all_paths().
        """
        can = provider.capabilities

        needed = {path for need in can.needs for path in need.split("|")}
        assert frozenset() == (can.inputs | needed | can.update_fields) - all_paths()

    def test_claims_match_operations(self, provider: Provider) -> None:
        """
        What is claimed can be called.

        If this fails: implement the operation or take the claim back.
        """
        can = provider.capabilities
        claims: dict[type[Any], bool] = {
            Quotes: can.quote != "none",
            Updates: bool(can.update_fields),
            Refunds: can.refund_request,
            Finds: can.recovery == "by_reference",
        }

        assert [] == [
            protocol.__name__
            for protocol, claimed in claims.items()
            if claimed and not isinstance(provider, protocol)
        ]

    def test_request_fits_the_capabilities(
        self, provider: Provider, delivery_request: DeliveryRequest
    ) -> None:
        """
        The request that the suite runs on is one that this account can do.

        If this fails: change the fixture, or the capabilities.
        """
        check_request(delivery_request, provider.capabilities)

    @pytest.mark.parametrize("status", [*range(200, 210), *range(300, 600, 1)])
    def test_any_answer_ends_in_a_value_or_a_typed_error(
        self,
        provider: Provider,
        delivery_request: DeliveryRequest,
        taken_quote: Quote | None,
        status: int,
    ) -> None:
        """
        Whatever a carrier answers, a flow returns a value or raises our error.

        If this fails: a KeyError, TypeError or AttributeError escaped; decode in
        _wire.py, classify in _errors.py.
        """
        for _, start in operations(provider, delivery_request, taken_quote):
            for body in BODIES:
                try:
                    run(start(), answer(status, body))
                except DoorstepError as error:
                    assert error.code

    def test_what_books_is_never_repeated(
        self,
        provider: Provider,
        delivery_request: DeliveryRequest,
        taken_quote: Quote | None,
    ) -> None:
        """
        A request that spends money says that it may not be sent again.

        If this fails: give it repeat=Repeat.NEVER.
        """
        for _, start in operations(provider, delivery_request, taken_quote):
            for request in _first(start()):
                assert request.effect is not Effect.BOOKS or request.repeat is Repeat.NEVER

    def test_dispatch_says_that_it_books(
        self,
        provider: Provider,
        delivery_request: DeliveryRequest,
        taken_quote: Quote | None,
    ) -> None:
        """
        The first thing that a dispatch sends, reads apart, is said to spend money.

        If this fails: give the request effect=Effect.BOOKS; the core protects
        nothing else from being sent twice. A quote that is asked for inside a
        dispatch books nothing: supply ``taken_quote``.
        """
        flow = provider.dispatch(delivery_request, context(), quote=taken_quote, max_fee=None)
        requests = _first(flow)

        assert requests, "dispatch sent nothing: supply taken_quote"
        assert all(one.method == "GET" or one.effect is Effect.BOOKS for one in requests)

    @pytest.mark.parametrize("status", [200, 201, 500, 502, 503, 504])
    def test_unusable_answer_to_a_dispatch_is_no_refusal_and_no_success(
        self,
        provider: Provider,
        delivery_request: DeliveryRequest,
        taken_quote: Quote | None,
        status: int,
    ) -> None:
        """
        A page, half an answer or a 5xx says nothing of what was booked.

        If this fails: raise InvalidAnswerError or CarrierInternalError, which the
        core turns into OutcomeUnknownError; never a RequestRejectedError.
        """
        for body in BODIES:
            flow = provider.dispatch(delivery_request, context(), quote=taken_quote, max_fee=None)
            with pytest.raises(DoorstepError) as raised:
                run(flow, answer(status, body))
            assert raised.value.booked is not Outcome.REJECTED

    def test_same_call_yields_the_same_request(
        self,
        provider: Provider,
        delivery_request: DeliveryRequest,
        taken_quote: Quote | None,
    ) -> None:
        """
        Flows are pure: the same input and context give the same bytes.

        If this fails: a clock or a random number is read inside; take both from
        the context.
        """
        for _, start in operations(provider, delivery_request, taken_quote):
            assert _first(start()) == _first(start())

    def test_signing_shows_no_secret(
        self,
        provider: Provider,
        delivery_request: DeliveryRequest,
        taken_quote: Quote | None,
    ) -> None:
        """
        A signed request shows its token in no repr.

        If this fails: put the token into a header, not into path or query.
        """
        grant = Grant(value=Secret(CANARY), expires_at=NOW + timedelta(hours=1))
        for _, start in operations(provider, delivery_request, taken_quote):
            for request in _first(start()):
                assert CANARY not in repr(provider.sign(request, NOW, grant))


def _first(flow: Flow[Any]) -> list[Request]:
    try:
        return [next(flow)]
    except StopIteration:
        return []
    finally:
        flow.close()
