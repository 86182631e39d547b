"""
What a dispatch promises: it spends money.
"""

from __future__ import annotations

import attrs
import pytest

from doorstep.errors import (
    DoorstepError,
    DuplicateError,
    FeeExceededError,
    OutcomeUnknownError,
)
from doorstep.models import Money
from doorstep.outcome import Effect, Outcome, Repeat
from doorstep_contracts.case import Case
from doorstep_contracts.faults import Edited, FaultTransport, Lost
from doorstep_contracts.flows import answer, run
from doorstep_contracts.promise import promise
from doorstep_contracts.suites._bodies import BODIES
from doorstep_contracts.suites._contract import Contract
from doorstep_contracts.tapes import Start, first, operations_of

__all__ = ["DispatchingContract"]


class DispatchingContract(Contract):
    """
    Booking a courier: once, for what was agreed, and never in doubt unsaid.
    """

    @promise("dispatch", "says that it books")
    def test_dispatch_says_that_it_books(self, case: Case) -> None:
        """
        The first thing that a dispatch sends, reads apart, is said to spend money.

        If this fails: give the request effect=Effect.BOOKS, in _provider.py; the core
        protects nothing else from being sent twice. A quote that is asked for inside a
        dispatch books nothing: supply ``taken_quote``.
        """
        asked = first(operations_of(case)["dispatch"])

        assert asked, "dispatch sent nothing: supply taken_quote"
        for request in asked:
            assert request.method == "GET" or request.effect is Effect.BOOKS

    @promise("dispatch", "is never repeated")
    def test_what_books_is_never_repeated(self, case: Case) -> None:
        """
        Whatever spends money says that it may not be sent again.

        If this fails: give it repeat=Repeat.NEVER, in _provider.py.
        """
        for start in operations_of(case).values():
            for request in first(start):
                assert request.effect is not Effect.BOOKS or request.repeat is Repeat.NEVER

    @promise("dispatch", "5xx and pages are doubt")
    @pytest.mark.parametrize("status", [200, 201, 500, 502, 503, 504])
    def test_unusable_answer_is_no_refusal_and_no_success(self, case: Case, status: int) -> None:
        """
        A page, half an answer or a 5xx says nothing of what was booked.

        If this fails: raise InvalidAnswerError or CarrierInternalError (_errors.py),
        which the core turns into OutcomeUnknownError; never a RequestRejectedError, and
        never a delivery.
        """
        start: Start = operations_of(case)["dispatch"]
        for body in BODIES:
            with pytest.raises(DoorstepError) as raised:
                run(start(), answer(status, body))
            assert raised.value.booked is not Outcome.REJECTED

    @promise("dispatch", "returns what was booked", carrier=True)
    def test_delivery_is_the_one_in_the_books(self, case: Case) -> None:
        """
        What dispatch returns has the caller's reference and revision, and the id in the
        carrier's books.

        If this fails: map the carrier's id to DeliveryId.value, and the reference back,
        in _mapping.py.
        """
        assert case.carrier is not None
        request = case.fresh()
        with case.client() as client:
            booked = case.book(client, request)

        assert [booked.id.value] == [one.id for one in case.carrier.books()]
        assert (booked.reference, booked.revision) == (request.reference, request.revision)

    @promise("dispatch", "price is the carrier's", carrier=True)
    def test_price_is_the_one_in_the_books(self, case: Case) -> None:
        """
        The price is what the carrier charges, to the smallest unit, in its currency.

        If this fails: convert amounts with Decimal or int, never by float, in
        _mapping.py; mind whether the carrier counts in cents.
        """
        assert case.carrier is not None
        with case.client() as client:
            booked = case.book(client)
        (entry,) = case.carrier.books()
        if booked.price is None or entry.fee is None or booked.price.tip_included:
            # Not every carrier names a price, or one without the tip.
            pytest.skip("the carrier tells no price that could be compared")

        assert booked.price.total == Money(entry.fee, entry.currency or case.currency)

    @promise("dispatch", "tip travels", claims="tip", carrier=True)
    def test_tip_arrives(self, case: Case) -> None:
        """
        A tip in the request is the tip in the carrier's books.

        If this fails: send it, in _provider.py or _mapping.py; or take ``tip`` out of
        capabilities.inputs.
        """
        assert case.carrier is not None
        if "tip" not in case.can.inputs:
            # A tip that is not taken is refused before the network.
            pytest.skip("not claimed: inputs, tip")
        with case.client() as client:
            case.book(client, attrs.evolve(case.fresh(), tip=case.money(515)))
        (entry,) = case.carrier.books()

        assert entry.tip == 515

    @promise("dispatch", "one reference, one delivery", claims="idempotency", carrier=True)
    def test_dispatching_twice_books_once(self, case: Case) -> None:
        """
        The same reference, revision and request a second time returns the delivery that
        was booked first.

        If this fails: after the carrier's refusal read the delivery back and compare, in
        _provider.py.
        """
        assert case.carrier is not None
        request = case.fresh()
        with case.client() as client:
            once, twice = case.book(client, request), case.book(client, request)

        assert once.id == twice.id
        assert [(one.id, one.commits) for one in case.carrier.books()] == [(once.id.value, 1)]

    @promise("dispatch", "another's reference is refused", claims="idempotency", carrier=True)
    def test_reference_of_another_request_is_refused(self, case: Case) -> None:
        """
        A different request under a reference that is taken is a DuplicateError, and no
        second courier comes.

        If this fails: compare what the carrier has with what was asked, in _provider.py.
        """
        assert case.carrier is not None
        request = case.fresh()
        value = (request.order_value or case.money(1000)) + case.money(100)
        if "order_value" not in case.can.inputs:
            # Nothing else makes another request of it for every carrier.
            pytest.skip("not claimed: inputs, order_value")
        with case.client() as client:
            case.book(client, request)
            with pytest.raises(DuplicateError):
                case.book(client, attrs.evolve(request, order_value=value))

        assert len(case.carrier.books()) == 1

    @promise("dispatch", "nothing dearer is booked unsaid", carrier=True)
    def test_dearer_than_allowed_is_told(self, case: Case) -> None:
        """
        Above ``max_fee`` is a FeeExceededError, whose ``booked`` is what the books say.

        If this fails: compare before booking where the carrier names a price, in
        _provider.py, and say NOT_SENT.
        """
        assert case.carrier is not None
        with case.client() as client:
            wished = case.fresh()
            quote = client.quote(wished)[0] if case.can.quote_required else None
            with pytest.raises(FeeExceededError) as raised:
                client.dispatch(wished, quote=quote, max_fee=case.money(1))

        assert raised.value.maybe_booked == bool(case.carrier.books())

    @promise("dispatch", "a lost answer is doubt, and is found", carrier=True)
    def test_lost_answer_is_doubt_and_never_a_second_courier(self, case: Case) -> None:
        """
        When the answer to the booking is lost the caller hears OutcomeUnknownError with
        the reference, and whoever looks it up finds one delivery; or the provider has
        looked by itself, and returns that one.

        If this fails: let TransportError pass through the flow, in _provider.py.
        """
        assert case.carrier is not None
        request, transport = case.fresh(), case.carrier.transport()
        with case.client() as client:
            quote = client.quote(request)[0] if case.can.quote_required else None
        lossy = FaultTransport(transport, {1: Lost()})
        with case.client(pool=lossy) as client:
            try:
                known = client.dispatch(request, quote=quote).id.value
            except OutcomeUnknownError as unknown:
                assert unknown.reference == request.reference
                known = None
            if case.can.recovery == "by_reference":
                assert client.find(request.reference) is not None

        assert len(case.carrier.books()) == 1
        assert known in (None, case.carrier.books()[0].id)

    @promise("dispatch", "another's answer is not believed", carrier=True)
    def test_answer_about_another_delivery_is_not_believed(self, case: Case) -> None:
        """
        An answer that names another delivery is no success.

        If this fails: compare the id in the answer with the one that was asked for, in
        _mapping.py.
        """
        assert case.carrier is not None
        if case.can.idempotency != "caller_id":
            # Where the carrier makes the id, any may be ours.
            pytest.skip("not claimed: idempotency by the caller's id; any id may be ours")
        request = case.fresh()
        swap = Edited(
            lambda body: body.replace(request.reference.encode(), b"somebody-elses-reference")
        )
        with case.client() as client:
            quote = client.quote(request)[0] if case.can.quote_required else None
        swapped = FaultTransport(case.carrier.transport(), {1: swap})
        with case.client(pool=swapped) as client, pytest.raises(OutcomeUnknownError):
            client.dispatch(request, quote=quote)
