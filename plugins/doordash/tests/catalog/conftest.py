"""
The Marketplace of an account, by either generation, without a socket.
"""

from __future__ import annotations

import attrs
import pytest

from doorstep.models import Availability
from doorstep.secret import Secret
from doorstep_doordash._provider import DoorDashProvider

KEY = {
    "marketplace_developer_id": "dev-2",
    "marketplace_key_id": "key-2",
    "marketplace_signing_secret": Secret("bWFya2V0cGxhY2Utc2VjcmV0LW9mLXRlc3Rz"),
}
TOKEN = {"marketplace_token": Secret("$101$static-token")}


@pytest.fixture(scope="session")
def shops(settings):
    """
    The provider of an account, for each generation.
    """
    return {
        name: DoorDashProvider(
            "downtown",
            attrs.evolve(settings, marketplace_provider_type="acmepos", **credentials),
        )
        for name, credentials in {"current": KEY, "legacy": TOKEN}.items()
    }


@pytest.fixture(params=["current", "legacy"], name="generation")
def _generation(request):
    """
    Each generation by its name.
    """
    return request.param


@pytest.fixture
def shop(shops, generation):
    """
    The provider of an account, of each generation in turn.
    """
    return shops[generation]


@pytest.fixture
def catalog(shop):
    """
    The Marketplace, of each generation in turn.
    """
    return shop.catalog


@pytest.fixture(scope="session")
def current(shops):
    """
    The Marketplace of the newer generation.
    """
    return shops["current"].catalog


@pytest.fixture(scope="session")
def legacy(shops):
    """
    The Marketplace of the legacy generation.
    """
    return shops["legacy"].catalog


@pytest.fixture(scope="session")
def off():
    """
    Return a maker of wishes to sell out what has these ids.
    """
    return lambda *ids: [Availability(id=one, available=False) for one in ids]


@pytest.fixture(scope="session")
def said():
    """
    Return a maker of the body of an answer: an id and a word, in turn.
    """

    def make(*pairs):
        return [{"merchant_supplied_id": one, "response": word} for one, word in pairs]

    return make
