"""
What capabilities promise: all that is there, and nothing else.
"""

from __future__ import annotations

from typing import Any

from doorstep.capabilities import Capabilities
from doorstep.provider import (
    Addresses,
    Assignments,
    Catalogs,
    Coverages,
    Finds,
    Onboarding,
    Proofs,
    Provider,
    Quotes,
    Ratings,
    Redeliveries,
    Refunds,
    Tips,
    Updates,
    Webhooks,
)
from doorstep.requirements import all_paths, check_request
from doorstep_contracts.case import Case
from doorstep_contracts.promise import promise
from doorstep_contracts.suites._contract import Contract

__all__ = ["ClaimsContract"]


def _claims(can: Capabilities) -> dict[type[Any], bool]:
    return {
        Quotes: can.quote != "none",
        Finds: can.recovery == "by_reference",
        Updates: bool(can.update_fields),
        Refunds: can.refund_request,
        Tips: bool(can.tip - {"dispatch"}),
        Proofs: can.proof_fetch,
        Webhooks: can.webhooks != "none",
        Coverages: can.coverage,
        Addresses: can.address_completion,
        Redeliveries: can.redelivery,
        Assignments: can.assignments,
        Ratings: can.ratings,
        Onboarding: can.onboarding,
        Catalogs: can.catalog is not None,
    }


#: What an account may lack although its provider knows how: credentials, secrets.
_BY_ACCOUNT = (Catalogs, Webhooks, Onboarding)


class ClaimsContract(Contract):
    """
    Capabilities: what a shop sees before it asks.
    """

    @promise("any", "is a provider")
    def test_provider_satisfies_the_protocol(self, case: Case) -> None:
        """
        A plugin's object is a Provider: the core can call every operation.

        If this fails: add what the protocol in doorstep.provider names, in _provider.py.
        """
        wanted = [name for name in dir(Provider) if not name.startswith("_")]

        assert [] == [name for name in wanted if not hasattr(case.provider, name)]
        assert isinstance(case.provider, Provider)

    @promise("any", "claims name paths that exist")
    def test_capability_paths_exist(self, case: Case) -> None:
        """
        Capabilities name paths of the neutral model, nothing misspelt.

        If this fails: compare with doorstep.requirements.all_paths(), in _provider.py.
        """
        can = case.can
        needed = {path for need in can.needs for path in need.split("|")}

        assert frozenset() == (can.inputs | needed | can.update_fields) - all_paths()

    @promise("any", "what is claimed is there")
    def test_what_is_claimed_can_be_called(self, case: Case) -> None:
        """
        Whatever capabilities claim, the provider has an operation for.

        If this fails: implement the operation, or take the claim back.
        """
        assert [] == [
            protocol.__name__
            for protocol, claimed in _claims(case.can).items()
            if claimed and not isinstance(case.provider, protocol)
        ]

    @promise("any", "what is there is claimed")
    def test_what_can_be_called_is_claimed(self, case: Case) -> None:
        """
        Whatever the provider has an operation for, capabilities claim; otherwise no shop
        can ever use it.

        If this fails: claim it, or take the method away.
        """
        assert [] == [
            protocol.__name__
            for protocol, claimed in _claims(case.can).items()
            if protocol not in _BY_ACCOUNT and isinstance(case.provider, protocol) and not claimed
        ]

    @promise("any", "the suite's request fits")
    def test_request_fits_the_capabilities(self, case: Case) -> None:
        """
        The request that the suite runs on is one that this account can do.

        If this fails: change the fixture ``delivery_request``, or the capabilities.
        """
        check_request(case.request, case.can)
