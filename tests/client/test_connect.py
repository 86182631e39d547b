"""
From a name and settings to a client.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

import attrs
import pytest

import doorstep
from doorstep.errors import DoorstepError, NoSuchProviderError, ProviderLoadError, SettingsError
from doorstep.hookspecs import ProviderSpec
from doorstep.registry import Registry
from doorstep.secret import Secret
from doorstep.testing import FakeProvider

CANARY = "canary-55ac07"


@attrs.frozen(kw_only=True)
class AcmeSettings:
    """
    What the account needs.
    """

    key: Secret
    region: str = "north"


def registry() -> Registry:
    """
    Return a registry that knows one provider.
    """

    def build(account: str, settings: AcmeSettings) -> FakeProvider:
        if settings.region == "nowhere":
            raise SettingsError("has no such region")
        return FakeProvider(name="acme", account=account)

    found = Registry(allow={})
    found.register(ProviderSpec(name="acme", settings=AcmeSettings, build=build))
    return found


@pytest.mark.parametrize("connect", [doorstep.connect, doorstep.connect_async])
def test_keywords_make_a_client_of_the_account(connect: Any) -> None:
    """
    Settings given as keywords reach the provider of the named account.
    """
    client = connect("acme", account="downtown", registry=registry(), key="k")

    assert ("acme", "downtown") == (client.provider, client.account)


def test_environment_makes_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Settings of an account are read from the environment by its name.
    """
    monkeypatch.setenv("DOORSTEP_ACME__DOWNTOWN__KEY", "k")

    assert "acme" == doorstep.connect("acme", account="downtown", registry=registry()).provider


def test_unknown_provider_is_named() -> None:
    """
    A provider that nobody installed is refused by name.
    """
    with pytest.raises(NoSuchProviderError, match="bolt"):
        doorstep.connect("bolt", registry=registry())


@pytest.mark.parametrize(
    ("name", "keywords"),
    [
        ("bolt", {"key": CANARY}),
        ("acme", {"key": CANARY, "colour": "red"}),
        ("acme", {"key": CANARY, "region": "nowhere"}),
        ("acme", {"key": CANARY, "deadlines": {"qoute": 1}}),
        ("acme", {"key": CANARY, "config": "/nowhere/doorstep.toml"}),
    ],
)
def test_plain_credentials_are_in_no_traceback(name: str, keywords: dict[str, Any]) -> None:
    """
    Whatever goes wrong in connect, its frames show no credential that was given in the clear.
    """
    failed: DoorstepError | None = None
    try:
        doorstep.connect(name, registry=registry(), **keywords)
    except DoorstepError as error:
        failed = error
    assert failed is not None
    shown = traceback.TracebackException.from_exception(failed, capture_locals=True)
    home = str(Path(doorstep.__file__).parent)
    ours = [frame for frame in shown.stack if frame.filename.startswith(home)]

    assert ours
    assert [] == [
        (frame.name, key)
        for frame in ours
        for key, value in (frame.locals or {}).items()
        if CANARY in value
    ]


@pytest.mark.parametrize(
    "base_url", ["http://carrier.example", "nonsense", "https://u:p@c.example"]
)
def test_base_url_that_nothing_should_be_sent_to_is_refused_at_once(base_url: str) -> None:
    """
    A wrong base URL fails when the client is made, not at the first dispatch.
    """
    found = Registry(allow={})
    found.register(
        ProviderSpec(
            name="acme",
            settings=AcmeSettings,
            build=lambda account, settings: FakeProvider(name="acme", base_url=base_url),
        )
    )

    with pytest.raises(SettingsError, match="base URL"):
        doorstep.connect("acme", registry=found, key="k")


@pytest.mark.parametrize(
    "wrong",
    [
        {"provider": None},
        {"provider": 5},
        {"config": 5},
        {"observers": 5},
        {"observers": [object()]},
        {"deadlines": [3]},
        {"deadline_s": None},
    ],
)
def test_wrong_argument_of_connect_is_a_settings_error(wrong: dict[str, Any]) -> None:
    """
    Nothing but our own errors comes out of connect, whatever goes in.
    """
    options: dict[str, Any] = {"provider": "acme", "registry": registry(), "key": "k", **wrong}

    with pytest.raises(SettingsError, match=r"got|seconds"):
        doorstep.connect(**options)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda *_: None, "built a NoneType"),
        (lambda *_: object(), "built a object"),
        (lambda account, settings: settings.nothing, "raised AttributeError"),
        (lambda account, settings: int(settings.key.reveal()), "raised ValueError"),
    ],
)
def test_f121_plugin_that_builds_no_provider_is_named(made, told) -> None:
    """
    A plugin whose provider cannot be built is named; what it raised is not quoted.
    """
    registry = Registry(allow={})
    registry.register(ProviderSpec(name="acme", settings=AcmeSettings, build=made))
    with pytest.raises(ProviderLoadError, match=f"plugin 'acme' cannot be used .*{told}") as caught:
        doorstep.connect("acme", registry=registry, key=CANARY)

    assert caught.value.__context__ is None
    assert CANARY not in f"{caught.value!r} {caught.value.params}"
