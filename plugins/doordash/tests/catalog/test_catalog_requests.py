"""
What is asked of the Marketplace, by which generation, and with which credentials.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import attrs
import pytest

from doorstep.errors import SettingsError
from doorstep.http import Request
from doorstep.models import Availability, CloseReason, Closing
from doorstep.outcome import Effect, Repeat
from doorstep.provider import Catalog, Catalogs
from doorstep.secret import Secret

CLOSING = Closing(
    reason=CloseReason.OUT_OF_BUSINESS, notes="string detailing reason for deactivation"
)
PATHS = {
    "current": {
        "close_store": "PUT /api/v1/stores/s%2F1/status",
        "open_store": "PUT /api/v1/stores/s%2F1/status",
        "set_items": "PUT /api/v1/stores/s%2F1/items/status",
        "set_options": "PUT /api/v1/stores/s%2F1/item_options/status",
        "read_store": "GET /api/v1/stores/s%2F1/store_details",
        "read_menus": "GET /api/v1/stores/s%2F1/menu_details",
        "read_items": "GET /api/v1/stores/s%2F1/store_menu",
        "read_options": "GET /api/v1/stores/s%2F1/store_menu",
    },
    "legacy": {
        "close_store": "PUT /api/v1/stores/s%2F1/activation-status",
        "open_store": "PUT /api/v1/stores/s%2F1/activation-status",
        "set_items": "PUT /api/v1/stores/s%2F1/item/activation-status",
        "set_options": "PUT /api/v1/stores/s%2F1/item_option/activation-status",
        "read_store": "GET /api/v1/stores/s%2F1",
        "read_menus": "GET /api/v1/stores/s%2F1/menu_details",
    },
}
EACH = [(name, operation) for name, paths in PATHS.items() for operation in paths]


def _first(catalog, operation, ctx, store="s/1"):
    extra = {
        "close_store": (CLOSING,),
        "set_items": ([Availability(id="taco", available=False)],),
        "set_options": ([Availability(id="mild", available=False)],),
    }
    return next(getattr(catalog, operation)(store, *extra.get(operation, ()), ctx))


@pytest.mark.parametrize(("name", "operation"), EACH)
def test_each_operation_has_its_path(shops, ctx, name, operation):
    """
    The paths of both generations, as DoorDash prints them; ids are encoded.
    """
    request = _first(shops[name].catalog, operation, ctx)

    assert PATHS[name][operation] == f"{request.method} {request.target}"
    assert not request.path.route.endswith("1")


@pytest.mark.parametrize(("name", "operation"), EACH)
def test_what_changes_may_be_repeated(shops, ctx, name, operation):
    """
    Closing what is closed has no further effect; reading has none at all.
    """
    request = _first(shops[name].catalog, operation, ctx)
    expected = {
        "PUT": (Effect.CHANGES, Repeat.SAME_EFFECT),
        "GET": (Effect.NOTHING, Repeat.SAFE),
    }

    assert expected[request.method] == (request.effect, request.repeat)


def test_repeats_are_as_the_marketplace_asks(catalog):
    """
    Only after a 500: three times, after half a second, one and two.
    """
    policy = catalog.repeat_policy

    assert (3, 0.5, 2.0, 0.0) == (policy.retries, policy.base_s, policy.cap_s, policy.jitter)
    assert ({500}, False) == (policy.statuses, policy.lost)


def test_marketplace_is_an_endpoint_of_its_own(shops):
    """
    Each generation at its host, both in the account's name.
    """
    catalogs = [shop.catalog for shop in shops.values()]

    assert ["https://openapi.doordash.com/marketplace", "https://pointofsale.doordash.com"] == [
        one.base_url for one in catalogs
    ]
    assert {("doordash", "downtown")} == {(one.name, one.account) for one in catalogs}
    assert all(isinstance(one, Catalog) for one in catalogs)
    assert all(isinstance(shop, Catalogs) for shop in shops.values())


def _signed(catalog, run, now):
    grant = run(catalog.grant(now)).value
    return catalog.sign(Request("PUT", "/x", body=b"{}"), now, grant).headers, grant


def test_current_generation_is_signed_with_its_own_key(current, run, now):
    """
    A token of the Marketplace's access key, the version, and who asks.
    """
    headers, grant = _signed(current, run, now)
    token = headers.pop("Authorization").removeprefix("Bearer ")

    assert {
        "Content-Type": "application/json",
        "User-Agent": "acmepos/1.0",
        "auth-version": "v2",
    } == headers
    assert 3 == len(token.split("."))
    assert now + timedelta(seconds=1770) == grant.expires_at


def test_legacy_generation_has_a_token_that_never_changes(legacy, run, now):
    """
    It goes out as it is, with a header of another spelling for who asks.
    """
    headers, _ = _signed(legacy, run, now)

    assert {
        "Authorization": "Bearer $101$static-token",
        "Content-Type": "application/json",
        "user_agent": "acmepos/1.0",
    } == headers


def test_url_can_be_set(shops):
    """
    For a simulator, or a gateway in between.
    """
    shop = shops["legacy"]
    settings = attrs.evolve(shop.settings, marketplace_url="http://127.0.0.1:8080")

    assert "http://127.0.0.1:8080" == type(shop)("x", settings).catalog.base_url


def test_bodies_are_those_of_the_samples(catalog, ctx, recorded):
    """
    What goes out for the wishes of DoorDash's samples is DoorDash's sample; items and
    options always go out as a list.
    """
    wishes = [Availability(id="taco", available=True), Availability(id="soup", available=False)]
    single = [Availability(id="string", available=False)]
    sent = {
        "close_sample": catalog.close_store("s", CLOSING, ctx),
        "open_sample": catalog.open_store("s", ctx),
        "items_sample": catalog.set_items("s", wishes, ctx),
        "items_single_sample": catalog.set_items("s", single, ctx),
        "options_single_sample": catalog.set_options("s", single, ctx),
    }
    for name, flow in sent.items():
        shown = recorded(name)["request"]
        assert ([shown] if "single" in name else shown) == json.loads(next(flow).body)


def test_end_is_sent_with_its_offset(current, ctx, recorded):
    """
    The same moment as in DoorDash's sample, in UTC.
    """
    shown = recorded("close_until_sample")["request"]
    until = datetime(2023, 4, 28, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    closing = Closing(reason=CloseReason.OPERATIONAL_ISSUE, notes=shown["notes"], until=until)
    sent = json.loads(next(current.close_store("s", closing, ctx)).body)

    assert {**shown, "end_time": "2023-04-28T00:01:00+00:00"} == sent
    assert datetime.fromisoformat(shown["end_time"]) == datetime.fromisoformat(sent["end_time"])


def test_duration_is_sent_in_seconds(current, ctx):
    """
    Beside an end both would be ignored; the one goes out without the other.
    """
    closing = Closing(reason=CloseReason.PAUSED_BY_STORE, duration_s=5400)

    assert {
        "is_active": False,
        "reason": "store_self_disabled_in_their_POS_portal",
        "duration_in_secs": 5400,
    } == json.loads(next(current.close_store("s", closing, ctx)).body)


KEY = ("marketplace_developer_id", "marketplace_key_id", "marketplace_signing_secret")
NOTHING = dict.fromkeys((*KEY, "marketplace_token", "marketplace_provider_type"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"marketplace_developer_id": None}, "marketplace_key_id"),
        ({"marketplace_key_id": None}, "marketplace_key_id"),
        ({"marketplace_signing_secret": None}, "marketplace_key_id"),
        ({"marketplace_token": Secret("$101$token")}, "marketplace_token"),
        ({"marketplace_provider_type": None}, "marketplace_provider_type"),
        ({"marketplace_provider_type": "a b"}, "marketplace_provider_type"),
        ({"marketplace_signing_secret": Secret("no base64url!")}, "marketplace_signing_secret"),
        ({**NOTHING, "marketplace_token": Secret("white space")}, "marketplace_token"),
        ({"marketplace_url": "http://example.org"}, "marketplace_url"),
        ({"marketplace_batch": 0}, "marketplace_batch"),
        ({"marketplace_batch": True}, "marketplace_batch"),
    ],
)
def test_settings_are_of_one_generation_and_whole(shops, changes, field):
    """
    Half a key, both generations at once, or nobody's name: refused, without a value.
    """
    settings = shops["current"].settings
    with pytest.raises(SettingsError) as caught:
        attrs.evolve(settings, **changes)

    assert [field] == [one.path for one in caught.value.fields]
    assert "$101$" not in str(caught.value)


def test_account_without_credentials_has_no_marketplace(provider):
    """
    Nothing of it is claimed then.
    """
    assert (None, None) == (provider.catalog, provider.capabilities.catalog)


def test_capabilities_follow_the_generation(shops):
    """
    An end, and asking what is sold out, only where DoorDash documents them; closed for
    two weeks, for any of six reasons, in both.
    """
    current, legacy = (shops[name].capabilities.catalog for name in ("current", "legacy"))

    assert (True, True, True) == (current.close_until, current.read_items, current.read_options)
    assert (False, False, False) == (legacy.close_until, legacy.read_items, legacy.read_options)
    for can in (current, legacy):
        assert set(CloseReason) == can.close_reasons
        assert (1_209_600, 100, False) == (can.closes_for_s, can.item_batch, can.item_until)
        assert can.items
        assert can.options
        assert can.read_store
        assert can.read_menus


def test_public_fields_are_not_personal(current):
    """
    Observers see no text that people wrote, nor anybody's id.
    """
    personal = {"notes", "reason", "merchant_supplied_id", "message", "url", "authorization"}

    assert not personal & current.public_fields
    assert {"is_active", "response", "code"} <= current.public_fields
