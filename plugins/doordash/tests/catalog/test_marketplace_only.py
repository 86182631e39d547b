"""
An account that has the Marketplace and not Drive.
"""

from __future__ import annotations

import attrs
import pytest

import doorstep
from doorstep import errors as e
from doorstep.capabilities import Capabilities
from doorstep.models import CloseReason, Closing, NewBusiness
from doorstep.secret import Secret
from doorstep.webhooks import WebhookRequest
from doorstep_doordash._provider import DoorDashProvider
from doorstep_doordash._settings import DoorDashSettings

SECRET = "ZHJpdmUtc2VjcmV0LW9mLXRoZS10ZXN0cw"
DRIVE = {"developer_id": "dev-1", "key_id": "key-1", "signing_secret": Secret(SECRET)}
TOKEN = {
    "marketplace_token": Secret("$101$static-token"),
    "marketplace_provider_type": "acmepos",
}


@pytest.fixture(name="environ", autouse=True)
def _environ(monkeypatch):
    """
    No settings of the machine.
    """
    for name in DRIVE:
        monkeypatch.delenv(f"DOORSTEP_DOORDASH_{name.upper()}", raising=False)


@pytest.mark.parametrize("beside", [{}, TOKEN], ids=["neither", "half"])
@pytest.mark.parametrize("given", [("key_id",), ("developer_id", "signing_secret"), ()])
def test_half_a_key_and_no_key_at_all_are_refused_by_what_is_missing(beside, given):
    """
    All three are missing only where the Marketplace does not stand in for them.
    """
    values = {name: DRIVE[name] for name in given} | beside
    missing = [name for name in DRIVE if name not in given]
    if beside and not given:
        assert DoorDashSettings(**values).access_key is None
        return
    with pytest.raises(e.SettingsError) as made:
        DoorDashSettings(**values)
    with pytest.raises(e.SettingsError) as loaded:
        doorstep.connect("doordash", **values)

    assert missing == [one.path for one in made.value.fields]
    assert missing == list(loaded.value.params["missing"])
    for name in missing:
        assert f"{name} is missing (DOORSTEP_DOORDASH_{name.upper()})" in str(loaded.value)
    assert SECRET not in f"{made.value} {loaded.value}"


def test_half_a_key_of_the_marketplace_is_told_as_that():
    """
    Who wants the Marketplace alone is not sent to look for a key of Drive's.
    """
    with pytest.raises(e.SettingsError, match="marketplace_key_id must be given with") as caught:
        doorstep.connect("doordash", marketplace_key_id="key-2")

    assert () == caught.value.params["missing"]


def test_nothing_but_the_marketplace_is_claimed(shops):
    """
    Neither deliveries nor businesses, whatever else is set for them.
    """
    for both in shops.values():
        nothing = dict.fromkeys(DRIVE)
        words = (Secret("Basic d2ViaG9va3M="),)
        settings = attrs.evolve(both.settings, **nothing, webhook_authorizations=words)
        provider = DoorDashProvider("default", settings)
        claimed = Capabilities(deliveries=False, catalog=both.capabilities.catalog)

        assert claimed == provider.capabilities
        assert both.capabilities.deliveries


def test_no_token_is_made_without_a_key(now):
    """
    Who drives the provider by hand is refused as well: nothing is signed with no secret.
    """
    provider = DoorDashProvider("default", DoorDashSettings(**TOKEN))

    with pytest.raises(e.UnsupportedError):
        next(provider.grant(now))


@pytest.fixture(name="drive")
def _drive(generation):
    simulator = pytest.importorskip(
        "doorstep_doordash.simulator", reason="needs the extra simulator", exc_type=ImportError
    )
    with simulator.DriveServer(simulator.DriveOptions(marketplace=generation)) as drive:
        yield drive


@pytest.fixture(name="client")
def _client(drive):
    """
    A client of the Marketplace alone, whose base URL leads to the server all the same.
    """
    told = drive.credentials()
    own = {name: value for name, value in told.items() if name.startswith("marketplace_")}
    with doorstep.connect("doordash", base_url=told["base_url"], **own) as client:
        yield client


def test_store_is_closed_without_a_key_of_drive(drive, client):
    """
    The Marketplace goes by its own credentials.
    """
    state = client.catalog.close_store("store-1", Closing(reason=CloseReason.OPERATIONAL_ISSUE))
    (there,) = [one for one in drive.marketplace.state() if one["id"] == "store-1"]

    assert not state.open
    assert not there["is_active"]
    assert not client.catalog.read_store("store-1").open


@pytest.mark.parametrize(
    ("capability", "act"),
    [
        ("deliveries", lambda client, wish: client.dispatch(wish)),
        ("deliveries", lambda client, wish: client.quote(wish)),
        ("deliveries", lambda client, wish: client.track("doordash/default/order-1")),
        ("deliveries", lambda client, wish: client.find("order-1")),
        ("deliveries", lambda client, wish: client.receive(WebhookRequest(headers={}, body=b""))),
        (
            "onboarding",
            lambda client, wish: client.onboarding.create_business(NewBusiness(id="b-1", name="B")),
        ),
    ],
)
def test_delivery_and_business_are_refused_with_nothing_sent(
    drive, client, make_request, capability, act
):
    """
    Refused here: the server sees no request.
    """
    with pytest.raises(e.UnsupportedError) as refused:
        act(client, make_request())

    assert capability == refused.value.params["capability"]
    assert [] == list(drive.journal.seen())
    assert [] == list(drive.books())
