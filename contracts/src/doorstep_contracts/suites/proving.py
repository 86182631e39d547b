"""
What fetching proofs of delivery promises.
"""

from __future__ import annotations

import itertools

import pytest

from doorstep.models import ProofKind, StopKind
from doorstep_contracts.case import A_DAY_S, Case
from doorstep_contracts.promise import promise
from doorstep_contracts.suites._contract import Contract

__all__ = ["ProvingContract"]


class ProvingContract(Contract):
    """
    What was collected at the door: all of it, and nothing else.
    """

    @promise("proof", "what was collected is fetched", claims="proof_fetch", carrier=True)
    def test_collected_proof_is_fetched(self, case: Case) -> None:
        """
        Each proof that a delivery tells with a url can be fetched: its bytes, what they
        are, and the kind that was asked for.

        If this fails: return Proof(kind=..., content=..., media_type=...) with the body
        of the answer, in _provider.py.
        """
        assert case.carrier is not None
        with case.client() as client:
            booked = case.book(client)
            case.carrier.pass_time(A_DAY_S)
            told = [
                (stop.kind, proof.kind)
                for stop in client.track(booked.id).stops
                for proof in stop.proofs
                if proof.url
            ]
            fetched = [client.proof(booked.id, stop, kind) for stop, kind in told]

        if not told:
            pytest.skip("the carrier collected nothing at this delivery's stops")
        assert [kind for _, kind in told] == [one.kind for one in fetched if one is not None]
        for one in fetched:
            assert one is not None
            assert one.content, "nothing was fetched"
            assert all((one.media_type or "").partition("/")), "a media type is like image/png"

    @promise("proof", "what was not collected is None", claims="proof_fetch", carrier=True)
    def test_proof_that_was_not_collected_is_none(self, case: Case) -> None:
        """
        Before anything was collected there is no proof of any kind at any stop, and that
        is no error.

        If this fails: return None where the carrier has none, in _provider.py.
        """
        with case.client() as client:
            booked = case.book(client)
            found = [
                (stop, kind)
                for stop, kind in itertools.product(StopKind, ProofKind)
                if client.proof(booked.id, stop, kind) is not None
            ]

        assert [] == found
