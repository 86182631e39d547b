"""
The promises that every provider keeps, as one class to inherit.

A plugin's test file supplies fixtures and nothing else::

    class TestAcme(ProviderContract):
        @pytest.fixture
        def provider(self): return AcmeProvider(...)

        @pytest.fixture
        def delivery_request(self): return DeliveryRequest(...)

That shows what flows can show. With a third one, ``server``, the promises about a carrier
that answers are run too; see :class:`~doorstep_contracts.suites._contract.Contract` for
all of them. What the account's capabilities do not claim is not asked for.
"""

from __future__ import annotations

from doorstep_contracts.suites.changing import (
    CancellingContract,
    RefundingContract,
    TippingContract,
    UpdatingContract,
)
from doorstep_contracts.suites.claims import ClaimsContract
from doorstep_contracts.suites.dispatching import DispatchingContract
from doorstep_contracts.suites.errors import ErrorsContract
from doorstep_contracts.suites.faults import FaultsContract
from doorstep_contracts.suites.lifecycle import LifecycleContract
from doorstep_contracts.suites.mutation import MutationContract
from doorstep_contracts.suites.proving import ProvingContract
from doorstep_contracts.suites.purity import PurityContract
from doorstep_contracts.suites.quoting import QuotingContract
from doorstep_contracts.suites.replay import ReplayContract
from doorstep_contracts.suites.secrets import SecretsContract
from doorstep_contracts.suites.shop import CatalogContract, OnboardingContract
from doorstep_contracts.suites.tracking import TrackingContract
from doorstep_contracts.suites.webhooks import WebhooksContract

__all__ = ["ProviderContract"]


class ProviderContract(
    ClaimsContract,
    PurityContract,
    ReplayContract,
    QuotingContract,
    DispatchingContract,
    TrackingContract,
    UpdatingContract,
    CancellingContract,
    TippingContract,
    RefundingContract,
    ProvingContract,
    WebhooksContract,
    CatalogContract,
    OnboardingContract,
    ErrorsContract,
    SecretsContract,
    FaultsContract,
    MutationContract,
    LifecycleContract,
):
    """
    What every provider promises, whoever the carrier is.
    """
