"""
What the core finds when it asks for DoorDash.
"""

from __future__ import annotations

import subprocess
import sys

import attrs
import pluggy
import pytest

import doorstep_doordash
from doorstep import hookspecs
from doorstep.capabilities import Need
from doorstep.errors import UnsupportedError, ValidationError
from doorstep.models import (
    Address,
    Barcode,
    Changes,
    Contact,
    Coordinates,
    Money,
    Stop,
    StopChanges,
)
from doorstep.provider import Finds, Provider, Quotes, Refunds, Tips, Updates
from doorstep.requirements import all_paths, check_cancel, check_changes, check_request
from doorstep_doordash._provider import DoorDashProvider


def _registered(hook):
    manager = pluggy.PluginManager("doorstep")
    manager.add_hookspecs(hookspecs)
    manager.register(doorstep_doordash)
    manager.check_pending()
    found = []
    getattr(manager.hook, hook)(register=found.append)
    return found


def test_provider_is_registered(settings):
    """
    One provider, under the name of the entry point, built from account and settings.
    """
    (spec,) = _registered("doorstep_register_providers")

    assert ("doordash", type(settings)) == (spec.name, spec.settings)
    assert DoorDashProvider("uptown", settings) == spec.build("uptown", settings)
    assert hookspecs.API_VERSION == doorstep_doordash.doorstep_api_version


def test_simulator_is_registered():
    """
    The simulator stands beside it, where its extra is installed.
    """
    pytest.importorskip("werkzeug", reason="needs the extra simulator")
    (spec,) = _registered("doorstep_register_simulators")

    assert "doordash" == spec.name
    assert {"base_url", "developer_id", "key_id", "signing_secret"} <= {
        field.name for field in attrs.fields(_registered("doorstep_register_providers")[0].settings)
    }
    assert {"credentials", "start", "stop"} <= set(dir(spec.build(spec.options())))


def test_package_is_light():
    """
    Importing the package loads neither its modules nor what they need.
    """
    code = (
        "import sys, doorstep.hookspecs; core = set(sys.modules)\n"
        "import doorstep_doordash; print(sorted(set(sys.modules) - core))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)

    assert "['doorstep_doordash']" == found.stdout.strip()


def test_names_are_exported():
    """
    The extension comes from the package itself; nothing else does.
    """
    assert ["DoorDashExtension", "Vehicle"] == doorstep_doordash.__all__
    assert "doordash" == doorstep_doordash.DoorDashExtension.provider
    with pytest.raises(AttributeError, match="nothing_here"):
        doorstep_doordash.nothing_here  # noqa: B018  the access is the test


@pytest.mark.parametrize("protocol", [Provider, Quotes, Finds, Updates, Refunds, Tips])
def test_provider_keeps_the_protocols(provider, protocol):
    """
    The core can call every operation that is claimed.
    """
    assert isinstance(provider, protocol)


def test_provider_cannot_be_changed(provider):
    """
    One provider serves many threads.
    """
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        provider.account = "uptown"


def test_capabilities_name_real_paths(provider):
    """
    Nothing is misspelt, and what can be changed can be asked for.
    """
    can = provider.capabilities

    assert frozenset() == (can.inputs | can.needs | can.update_fields) - all_paths()
    assert can.update_fields < can.inputs


def test_capabilities_follow_the_account(settings):
    """
    An account of one market refuses the money of another.
    """
    canadian = DoorDashProvider("north", attrs.evolve(settings, currency="CAD"))

    assert {"CAD"} == canadian.capabilities.currencies
    assert {"USD", "CAD", "AUD"} == DoorDashProvider("all", settings).capabilities.currencies


ADDRESS = {"one_line": "1 Main St, Town"}


@pytest.mark.parametrize(
    "changes",
    [
        {"dropoff": {"address": Address(coordinates=Coordinates(lat=1, lng=2))}},
        {"contact": {"display": "Ada O'Neil"}},
        {"contact": {"email": "ada@example.org"}},
        {"dropoff": {"reference": "Bag 7"}},
        {"dropoff": {"verification": [Barcode(values=("1",))]}},
        {"pickup": Stop(address=Address(**ADDRESS), contact=Contact(given="Bea"))},
        {"pickup": Stop(address=Address(**ADDRESS), contactless=True)},
        {"order_value": Money(1, "EUR")},
    ],
)
def test_what_drive_cannot_take_is_refused_before_the_network(provider, make_request, changes):
    """
    Nothing is dropped silently: what Drive has no field for is unsupported.
    """
    with pytest.raises(UnsupportedError):
        check_request(make_request(**changes), provider.capabilities)


def test_dropoff_needs_a_phone(provider, make_request):
    """
    Drive 0.2.5 needs it for a quote as for a delivery.
    """
    with pytest.raises(ValidationError) as caught:
        check_request(make_request(contact={"phone": None}), provider.capabilities)

    assert ["dropoff.contact.phone"] == [field.path for field in caught.value.fields]


@pytest.mark.parametrize(
    "stop",
    [
        StopChanges(contact=Contact(notify=True)),
        StopChanges(address=Address(**ADDRESS, access_notes="Gate")),
    ],
)
def test_what_cannot_be_updated_is_refused(provider, stop):
    """
    Whether somebody is notified is fixed at the dispatch; a note alone would
    replace the instructions.
    """
    with pytest.raises(UnsupportedError):
        check_changes(Changes(dropoff=stop), provider.capabilities)


def test_cancel_needs_no_reason(provider):
    """
    DoorDash takes none.
    """
    check_cancel(None, provider.capabilities)

    assert Need.NONE is provider.capabilities.cancel_reason


PERSONAL = ("name", "phone", "address", "url", "instructions", "id", "location", "message", "tag")


def test_public_fields_are_not_personal(provider):
    """
    Observers see no value that can name, call or find anybody.
    """
    shown = {
        field
        for field in provider.public_fields
        if any(word in field.replace("-", "_").split("_") for word in PERSONAL)
    }

    assert set() == shown
    assert {"delivery_status", "fee", "code", "reason"} <= provider.public_fields


def test_repeats_are_as_doordash_asks(provider):
    """
    Three repeats, one to five seconds apart.
    """
    policy = provider.repeat_policy

    assert (3, 1.0, 5.0) == (policy.retries, policy.base_s, policy.cap_s)


def test_what_is_not_told_is_not_claimed(provider):
    """
    One dropoff, one quote, and no bounds of time: DoorDash judges what lies too far ahead.
    """
    can = provider.capabilities

    assert (1, None, None) == (can.max_dropoffs, can.min_lead_s, can.max_lead_s)
    assert (False, False) == (can.quote_required, can.quote_several)
    assert (None, False, False) == (can.cancel_until, can.quote_breakdown, can.tip_raise_only)
