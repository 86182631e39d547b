"""
What the contract of doorstep is run on: five fixtures.

Found through the entry point ``doorstep.contracts``, so that ``pytest --provider acme``
works wherever the plugin is installed; the plugin's own tests use it too. It needs the
extra ``contract``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from doorstep.models import Address, Contact, DeliveryRequest, Money, Stop
from doorstep.secret import Secret
from doorstep_acme._provider import AcmeProvider
from doorstep_acme._settings import AcmeSettings
from doorstep_acme.simulator import AcmeServer
from doorstep_contracts.effort import Effort

__all__ = ["delivery_request", "provider", "recordings", "server"]


#: What an account has when there is no server to tell: nobody's.
_UNSERVED = {
    "api_key": "nobodys-key",
    "webhook_secret": "nobodys-secret",
    "base_url": "https://api.acme.example",
}


@pytest.fixture
def server(effort: Effort) -> Iterator[AcmeServer | None]:
    """
    The carrier, on loopback; the profile ``replay`` does without.
    """
    if not effort.server:
        yield None
        return
    with AcmeServer() as started:
        yield started


@pytest.fixture
def provider(server: AcmeServer | None) -> AcmeProvider:
    """
    An account there.
    """
    told = _UNSERVED if server is None else server.credentials()
    settings = AcmeSettings(
        api_key=Secret(told["api_key"]),
        webhook_secret=Secret(told["webhook_secret"]),
        base_url=told["base_url"],
    )
    return AcmeProvider("default", settings)


@pytest.fixture
def delivery_request() -> DeliveryRequest:
    """
    A delivery that this account can do.
    """
    return DeliveryRequest(
        reference="order-118",
        pickup=Stop(address=Address(one_line="1 Market Street, Springfield")),
        dropoffs=Stop(
            address=Address(one_line="2 Elm Street, Springfield"),
            contact=Contact(phone="+12025550142"),
        ),
        order_value=Money(2500, "USD"),
    )


@pytest.fixture
def recordings() -> Path | None:
    """
    The folder of recordings, in a checkout; a wheel has none.
    """
    folder = Path(__file__).parents[2] / "recordings"
    return folder if folder.is_dir() else None
