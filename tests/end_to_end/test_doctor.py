"""
``doorstep doctor`` against DoorDash's simulator, over HTTP.
"""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from doorstep.cli import main
from doorstep.cli._simulate import environment
from doorstep_doordash.simulator import DriveServer

#: Well-formed, and not the simulator's.
WRONG = "d3JvbmctYnV0LXdlbGwtZm9ybWVkLXNpZ25pbmcta2V5"


@pytest.fixture(name="settings")
def _settings(drive: DriveServer, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """
    The environment of a shop with one account.
    """
    for name in [name for name in os.environ if name.startswith("DOORSTEP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DOORSTEP_PLUGINS", "doordash=doorstep-doordash")
    credentials = drive.credentials()
    for name, value in environment("doordash", credentials).items():
        monkeypatch.setenv(name, value)
    return dict(credentials)


def doctor(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any], str]:
    """
    Return the code, the checks by name, and everything that was printed.
    """
    code = main(["doctor", "doordash", "--json"])
    out, err = capsys.readouterr()
    return code, {one["check"]: one for one in map(json.loads, out.splitlines())}, out + err


def test_good_credentials_are_taken_and_nothing_is_booked(capsys, drive, settings):
    """
    The simulator is asked for a delivery that it does not know, and for nothing else.
    """
    code, checks, printed = doctor(capsys)

    assert 0 == code
    assert "ok" == checks["credentials"]["status"]
    assert "doorstep-doordash" == checks["plugin"]["facts"]["distribution"]
    assert [] == list(drive.books())
    assert settings["signing_secret"] not in printed


def test_wrong_credentials_are_a_failure_that_names_the_setting(capsys, settings, monkeypatch):
    """
    The setting to renew is named, and neither the wrong value nor the token is shown.
    """
    monkeypatch.setenv("DOORSTEP_DOORDASH_SIGNING_SECRET", WRONG)
    code, checks, printed = doctor(capsys)

    assert (3, "authentication") == (code, checks["credentials"]["code"])
    assert "renew signing_secret of this account" in checks["credentials"]["advice"]
    assert WRONG not in printed
    assert "Bearer" not in printed


def test_settings_that_are_no_credentials_are_refused_here(capsys, drive, settings, monkeypatch):
    """
    What cannot be a signing secret is told before anything is asked.
    """
    monkeypatch.setenv("DOORSTEP_DOORDASH_SIGNING_SECRET", "no base64url, surely")
    code, checks, printed = doctor(capsys)

    assert 2 == code
    assert "signing_secret" in checks["settings"]["finding"]
    assert "credentials" not in checks
    assert "surely" not in printed


def test_account_of_the_marketplace_alone_is_asked_for_a_store(
    capsys, drive, settings, monkeypatch
):
    """
    The Marketplace's own credentials are checked, where it is, and named if they are wrong.
    """
    for name in [name for name in os.environ if name.startswith("DOORSTEP_DOORDASH_")]:
        if not name.startswith("DOORSTEP_DOORDASH_MARKETPLACE_"):
            monkeypatch.delenv(name)
    code, checks, _ = doctor(capsys)

    assert 0 == code
    assert "taken: the carrier looked for a store" in checks["credentials"]["finding"]
    assert checks["base_url"]["facts"]["url"] in settings["marketplace_url"]
    assert {"GET"} == {one.method for one in drive.journal.seen()}
    assert all(one.route.startswith("/marketplace/") for one in drive.journal.seen())

    monkeypatch.setenv("DOORSTEP_DOORDASH_MARKETPLACE_SIGNING_SECRET", WRONG)
    code, checks, _ = doctor(capsys)

    assert (3, "authentication") == (code, checks["credentials"]["code"])
    assert "renew marketplace_signing_secret of this account" in checks["credentials"]["advice"]


def test_account_without_anything_hears_what_is_missing(capsys, settings, monkeypatch):
    """
    The three parts of the key, each with its variable.
    """
    for name in [name for name in os.environ if name.startswith("DOORSTEP_DOORDASH_")]:
        monkeypatch.delenv(name)
    code, checks, _ = doctor(capsys)

    assert 2 == code
    for name in ("developer_id", "key_id", "signing_secret"):
        told = f"{name} is missing (DOORSTEP_DOORDASH_{name.upper()})"
        assert told in checks["settings"]["finding"]
