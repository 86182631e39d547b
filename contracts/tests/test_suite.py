"""
The suite holds the fake provider, and catches providers that cheat.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from doorstep.capabilities import Capabilities
from doorstep.errors import NoCapacityError
from doorstep.http import Flow, Request
from doorstep.models import (
    Address,
    Contact,
    Delivery,
    DeliveryId,
    DeliveryRequest,
    Money,
    Quote,
    Stop,
)
from doorstep.outcome import Effect, Repeat
from doorstep.provider import Context
from doorstep.testing import FakeProvider
from doorstep_contracts.case import Case
from doorstep_contracts.effort import EFFORTS
from doorstep_contracts.suite import ProviderContract


def a_request() -> DeliveryRequest:
    there = Stop(address=Address(one_line="1 Main St"), contact=Contact(phone="+16505555555"))
    return DeliveryRequest(reference="order-1", pickup=there, dropoffs=there)


class TestFakeProvider(ProviderContract):
    """
    The provider in doorstep.testing keeps the promises.
    """

    @pytest.fixture
    def provider(self) -> FakeProvider:
        return FakeProvider()

    @pytest.fixture
    def delivery_request(self) -> DeliveryRequest:
        return a_request()


@attrs.frozen(kw_only=True)
class Careless(FakeProvider):
    """
    Lets a KeyError out.
    """

    def track(self, delivery: DeliveryId, ctx: Context) -> Flow[Delivery]:
        answer = yield Request("GET", "/x")
        raise KeyError(answer.status)


@attrs.frozen(kw_only=True)
class Eager(FakeProvider):
    """
    Says that its booking may be repeated.
    """

    def dispatch(
        self, request: DeliveryRequest, ctx: Context, *, quote: Quote | None, max_fee: Money | None
    ) -> Flow[Delivery]:
        yield Request("POST", "/x", effect=Effect.BOOKS, repeat=Repeat.SAFE)
        raise AssertionError


@attrs.frozen(kw_only=True)
class Forgetful(FakeProvider):
    """
    Does not say that its booking books.
    """

    def dispatch(
        self, request: DeliveryRequest, ctx: Context, *, quote: Quote | None, max_fee: Money | None
    ) -> Flow[Delivery]:
        yield Request("POST", "/x", effect=Effect.NOTHING)
        raise AssertionError


@attrs.frozen(kw_only=True)
class Hasty(FakeProvider):
    """
    Takes every answer but 200 for a refusal.
    """

    def dispatch(
        self, request: DeliveryRequest, ctx: Context, *, quote: Quote | None, max_fee: Money | None
    ) -> Flow[Delivery]:
        answer = yield Request("POST", "/x", effect=Effect.BOOKS, repeat=Repeat.NEVER)
        raise NoCapacityError("has nobody", http_status=answer.status)


@attrs.frozen(kw_only=True)
class Restless(FakeProvider):
    """
    Makes an id of its own at every call.
    """

    def track(self, delivery: DeliveryId, ctx: Context) -> Flow[Delivery]:
        yield Request("GET", f"/x/{object()}")
        raise AssertionError


@attrs.frozen(kw_only=True)
class Talkative(FakeProvider):
    """
    Puts its token into the path.
    """

    def sign(self, request: Request, now: Any, grant: Any) -> Request:
        return attrs.evolve(request, path=f"/x/{grant.value.reveal()}")


Check = Callable[[ProviderContract, Case], None]


@pytest.mark.parametrize(
    ("cheat", "check"),
    [
        (
            Careless(),
            lambda c, case: c.test_any_answer_ends_in_a_value_or_a_typed_error(
                case, 2, EFFORTS["replay"]
            ),
        ),
        (Eager(), lambda c, case: c.test_what_books_is_never_repeated(case)),
        (Forgetful(), lambda c, case: c.test_dispatch_says_that_it_books(case)),
        (Hasty(), lambda c, case: c.test_unusable_answer_is_no_refusal_and_no_success(case, 502)),
        (Restless(), lambda c, case: c.test_same_call_yields_the_same_request(case)),
        (
            FakeProvider(capabilities=Capabilities(inputs=frozenset({"pickup.colour"}))),
            lambda c, case: c.test_capability_paths_exist(case),
        ),
        (Talkative(), lambda c, case: c.test_signing_shows_no_secret(case)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_cheating_provider_is_caught(cheat: FakeProvider, check: Check) -> None:
    """
    A provider that breaks a promise fails the test that guards it.
    """
    with pytest.raises((AssertionError, KeyError)):
        check(ProviderContract(), Case(provider=cheat, request=a_request()))
