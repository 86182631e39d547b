"""
What updates, cancels, tips and refunds promise.
"""

from __future__ import annotations

import pytest

from doorstep.errors import NotCancellableError, NotModifiableError
from doorstep.models import Changes, Money, RefundDecision, RefundReason, Status
from doorstep_contracts.case import A_DAY_S, Case
from doorstep_contracts.promise import promise
from doorstep_contracts.suites._contract import Contract

__all__ = [
    "CancellingContract",
    "RefundingContract",
    "TippingContract",
    "UpdatingContract",
]


class UpdatingContract(Contract):
    """
    Changing a delivery that was dispatched.
    """

    @promise("update", "changes what was asked", claims="update_fields", carrier=True)
    def test_update_arrives(self, case: Case) -> None:
        """
        A change is in the answer and in the carrier's books; asking twice changes no more.

        If this fails: send the field, in _provider.py or _mapping.py.
        """
        assert case.carrier is not None
        if "tip" not in case.can.update_fields:
            # The tip is what the books show of an update.
            pytest.skip("not claimed: update_fields, tip")
        with case.client() as client:
            booked = case.book(client)
            once = client.update(booked.id, Changes(tip=case.money(715)))
            twice = client.update(booked.id, Changes(tip=case.money(715)))

        assert booked.id == once.id == twice.id
        assert [715] == [one.tip for one in case.carrier.books()]

    @promise("update", "too late is told", claims="update_fields", carrier=True)
    def test_update_after_the_end_is_refused(self, case: Case) -> None:
        """
        What has ended cannot be changed: NotModifiableError.

        If this fails: map the carrier's code for it, in _errors.py.
        """
        assert case.carrier is not None
        with case.client() as client:
            booked = case.book(client)
            client.cancel(booked.id, case.reason)
            changes = _any_change(case)
            with pytest.raises(NotModifiableError):
                client.update(booked.id, changes)


class CancellingContract(Contract):
    """
    Giving a delivery up.
    """

    @promise("cancel", "no courier comes", carrier=True)
    def test_cancelled_is_cancelled(self, case: Case) -> None:
        """
        A cancel that is confirmed is in the carrier's books, and in what is tracked.

        If this fails: confirm only what the carrier's answer says, in _provider.py.
        """
        assert case.carrier is not None
        with case.client() as client:
            booked = case.book(client)
            cancelled = client.cancel(booked.id, case.reason)
            if not cancelled.confirmed:
                case.carrier.pass_time(60)
            read = client.track(booked.id)

        assert [False] == [one.live for one in case.carrier.books()]
        assert read.status is Status.CANCELLED

    @promise("cancel", "twice is once", carrier=True)
    def test_cancelling_twice_is_cancelling_once(self, case: Case) -> None:
        """
        A second cancel is no error: what was wished has happened.

        If this fails: take "already cancelled" for success after reading the delivery,
        in _provider.py.
        """
        with case.client() as client:
            booked = case.book(client)
            client.cancel(booked.id, case.reason)
            again = client.cancel(booked.id, case.reason)

        assert again.confirmed or not case.can.cancel_confirms

    @promise("cancel", "too late is told", carrier=True)
    def test_cancel_after_delivery_is_refused(self, case: Case) -> None:
        """
        What was delivered cannot be cancelled: NotCancellableError, and it stays
        delivered.

        If this fails: map the carrier's refusal, in _errors.py; a 409 is no success.
        """
        assert case.carrier is not None
        with case.client() as client:
            booked = case.book(client)
            case.carrier.pass_time(A_DAY_S)
            with pytest.raises(NotCancellableError):
                client.cancel(booked.id, case.reason)
            read = client.track(booked.id)

        assert read.status is not Status.CANCELLED


class TippingContract(Contract):
    """
    A tip after the dispatch.
    """

    @promise("set_tip", "is the tip in the books", claims="tip", carrier=True)
    def test_tip_is_set(self, case: Case) -> None:
        """
        The tip is what was set, not added to what was there; twice is once.

        If this fails: send the amount as it is, in _provider.py.
        """
        assert case.carrier is not None
        if not case.can.tip - {"dispatch"}:
            # Some carriers take a tip with the dispatch alone.
            pytest.skip("not claimed: tip after the dispatch")
        with case.client() as client:
            booked = case.book(client)
            for _ in range(2):
                client.set_tip(booked.id, case.money(615))

        assert [615] == [one.tip for one in case.carrier.books()]


class RefundingContract(Contract):
    """
    Money back, decided by the carrier.
    """

    @promise("refund", "a denial is no success", claims="refund_request", carrier=True)
    def test_second_refund_gives_nothing_more(self, case: Case) -> None:
        """
        What was refunded is not refunded twice, and the second decision says so: it is
        not granted, and no error.

        If this fails: read the decision in the carrier's refusal, in _provider.py.
        """
        first, second = self._two_refunds(case)

        assert first.granted  # or there is nothing that could be refunded twice
        assert not second.granted
        assert second.total is None or second.total.minor == 0

    @promise("refund", "never more than was paid", claims="refund_request", carrier=True)
    def test_refund_is_no_more_than_was_paid(self, case: Case) -> None:
        """
        What comes back is no more than price, tip and order value, in their currency.

        If this fails: convert amounts exactly, in _mapping.py.
        """
        assert case.carrier is not None
        first, _ = self._two_refunds(case)
        entry = case.carrier.books()[-1]
        value = case.request.order_value or Money(0, case.currency)
        limits = (
            (first.delivery_fee, entry.fee),
            (first.tip, entry.tip),
            (first.order_value, value.minor),
        )

        for part, limit in limits:
            if part is not None and limit is not None:
                assert part.currency == (entry.currency or case.currency)
                assert 0 <= part.minor <= limit

    def _two_refunds(self, case: Case) -> tuple[RefundDecision, RefundDecision]:
        """
        Return a decision that gives money back, and what a second request hears.
        """
        assert case.carrier is not None
        with case.client() as client:
            for reason in RefundReason:
                booked = case.book(client)
                case.carrier.pass_time(A_DAY_S)
                decision = client.refund(booked.id, reason)
                if decision.granted:
                    return decision, client.refund(booked.id, reason)
        # Carriers decide; one may refund nothing that arrived.
        pytest.skip("the carrier granted no refund for a delivery that arrived")


def _any_change(case: Case) -> Changes:
    if "order_value" in case.can.update_fields:
        return Changes(order_value=case.money(2345))
    if "tip" in case.can.update_fields:
        return Changes(tip=case.money(715))
    # What else can be changed, the books do not show.
    pytest.skip("no field of this suite can be changed")
