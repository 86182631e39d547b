"""
What the contract of doorstep is run on: fixtures.

Found through the entry point ``doorstep.contracts``, so that ``pytest --provider
doordash`` works wherever the plugin is installed; the plugin's own tests use it too. It
needs the extra ``contract``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from doorstep.models import Address, Contact, DeliveryRequest, Money, Stop
from doorstep.secret import Secret
from doorstep_contracts.case import Shelf
from doorstep_contracts.effort import Effort
from doorstep_doordash._provider import DoorDashProvider
from doorstep_doordash._settings import DoorDashSettings

if TYPE_CHECKING:
    from doorstep_doordash.simulator import DriveServer

__all__ = [
    "catalog_shelf",
    "delivery_request",
    "provider",
    "recordings",
    "replaying",
    "server",
]

#: What an account has when there is no server to tell: nobody's.
_UNSERVED: dict[str, Any] = {
    "developer_id": "contract",
    "key_id": "contract",
    "signing_secret": "Y29udHJhY3QtY29udHJhY3QtY29udHJhY3Q",
    "webhook_authorizations": ["Basic Y29udHJhY3Q6Y29udHJhY3Q="],
    "marketplace_provider_type": "contract",
    "marketplace_developer_id": "contract",
    "marketplace_key_id": "contract",
    "marketplace_signing_secret": "Y29udHJhY3QtY29udHJhY3QtY29udHJhY3Q",
}
#: The word that the recorded webhooks carry.
_RECORDED_WORD = "Basic c2hvcDpzZXNhbWU="


@pytest.fixture
def server(effort: Effort) -> Iterator[DriveServer | None]:
    """
    Drive and the Marketplace on loopback; the replay profile does without.
    """
    if not effort.server:
        yield None
        return
    from doorstep_doordash.simulator import DriveServer  # not for what does without

    with DriveServer() as started:
        yield started


@pytest.fixture
def provider(server: DriveServer | None) -> DoorDashProvider:
    """
    An account there, with everything that an account can have.
    """
    told = _UNSERVED if server is None else server.credentials()
    secrets = {name: Secret(value) for name, value in told.items() if name.endswith("_secret")}
    words = tuple(Secret(one) for one in told["webhook_authorizations"])
    settings = DoorDashSettings(**{**told, **secrets, "webhook_authorizations": words})
    return DoorDashProvider("default", settings)


@pytest.fixture
def replaying(provider: DoorDashProvider) -> DoorDashProvider:
    """
    The account that the recordings are of.
    """
    words = (Secret(_RECORDED_WORD),)
    settings = attrs.evolve(provider.settings, webhook_authorizations=words)
    return DoorDashProvider("downtown", settings)


@pytest.fixture
def delivery_request() -> DeliveryRequest:
    """
    A delivery that this account can do.
    """
    return DeliveryRequest(
        reference="D-1763",
        pickup=Stop(
            address=Address(one_line="901 Market Street, San Francisco, CA 94103"),
            contact=Contact(business="Deli", phone="+16505555555"),
        ),
        dropoffs=Stop(
            address=Address(one_line="1 Hackathon Way, San Francisco, CA 94105"),
            contact=Contact(given="Ada", family="O'Neil", phone="+16505555555"),
        ),
        order_value=Money(1999, "USD"),
    )


@pytest.fixture
def catalog_shelf() -> Shelf:
    """
    A store of the simulated Marketplace, and what it has.
    """
    return Shelf(store="store-1", items=("soup", "burrito"), options=("salsa-mild", "guacamole"))


@pytest.fixture
def recordings() -> Path | None:
    """
    The folder of recordings, in a checkout; a wheel has none.
    """
    folder = Path(__file__).parents[2] / "recordings"
    return folder if folder.is_dir() else None
