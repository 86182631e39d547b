"""
What a plugin implements: a provider, as pure flows.

A provider turns neutral values into HTTP messages and back. It opens no socket,
reads no clock, does not sleep and does not log, and it is immutable: time and
ids come in through :class:`Context`, messages through the flow.

:class:`Provider` is what every carrier can do. The other protocols are optional;
``capabilities`` says which of them hold for an account.
"""

from doorstep.provider._catalog import Catalog, Catalogs
from doorstep.provider._deliveries import (
    Context,
    Finds,
    Proofs,
    Provider,
    Quotes,
    Refunds,
    Tips,
    Updates,
    Webhooks,
)
from doorstep.provider._onboarding import Onboarding, Page
from doorstep.provider._services import Addresses, Assignments, Coverages, Ratings, Redeliveries
from doorstep.provider._support import ContactKind, SupportContact, Supports, SupportTopic

__all__ = [
    "Addresses",
    "Assignments",
    "Catalog",
    "Catalogs",
    "ContactKind",
    "Context",
    "Coverages",
    "Finds",
    "Onboarding",
    "Page",
    "Proofs",
    "Provider",
    "Quotes",
    "Ratings",
    "Redeliveries",
    "Refunds",
    "SupportContact",
    "SupportTopic",
    "Supports",
    "Tips",
    "Updates",
    "Webhooks",
]
