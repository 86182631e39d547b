"""
``doorstep doctor`` on this machine: accounts, settings, the list of plugins, and how it is told.
"""

from __future__ import annotations

import json
import os

import pytest

from doorstep.cli._exit import Exit

KEY = "key-of-bolt-that-nobody-may-see"
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def by_name(out: str) -> dict[str, dict]:
    """
    Return what ``--json`` printed, by check and subject.
    """
    lines = [json.loads(line) for line in out.splitlines()]
    return {f"{one['check']} {one['subject']}".strip(): one for one in lines}


def test_healthy_setup_has_nothing_to_do(cli, server):
    """
    Where everything works, every line says so, the code is 0 and nothing was booked.
    """
    ran = cli("doctor", "--json")
    checks = by_name(ran.out)

    assert (Exit.OK, "") == (ran.code, ran.err)
    assert ["python", "versions", "allow_list", "plugin acme", "accounts acme"] == [
        name for name in checks if "doordash" not in name and "/" not in name
    ]
    assert {"settings", "base_url", "tls", "clock", "credentials"} == {
        name.split()[0] for name in checks if name.endswith("acme/default")
    }
    assert "ok" == checks["credentials acme/default"]["status"]
    assert {"distribution": "doorstep-acme", "version": "1.2"}.items() <= (
        checks["plugin acme"]["facts"].items()
    )
    assert () == server.carrier().deliveries


def test_carrier_that_is_not_installed_is_told_with_those_that_are(cli):
    """
    A misspelt name is no crash.
    """
    ran = cli("doctor", "acne")

    assert Exit.PLUGIN == ran.code
    assert "plugin acne: did you mean 'acme'?" in ran.out


def test_no_plugin_at_all_is_told(cli, monkeypatch):
    """
    Without any plugin this machine is looked at, and what to install is said.
    """
    monkeypatch.setattr("doorstep.registry._registry.find", dict)
    monkeypatch.delenv("DOORSTEP_PLUGINS")
    ran = cli("doctor")

    assert Exit.OK == ran.code
    assert "No plugin is installed: pip install one" in ran.out


def test_missing_and_wrong_settings_are_named(cli, monkeypatch):
    """
    Each setting that is missing is named with where it was looked for; no value is.
    """
    monkeypatch.delenv("DOORSTEP_ACME_BASE_URL")
    monkeypatch.setenv("DOORSTEP_ACME__UPTOWN__BASE_URL", f"http://{KEY}.example")
    monkeypatch.setenv("DOORSTEP_ACME__UPTOWN__API_KEY", KEY)
    ran = cli("doctor", "acme", "--json")
    checks = by_name(ran.out)

    assert Exit.USAGE == ran.code
    assert ["default", "uptown"] == checks["accounts acme"]["facts"]["accounts"]
    assert (
        "base_url is missing (DOORSTEP_ACME_BASE_URL"
        in (checks["settings acme/default"]["finding"])
    )
    assert "failed" == checks["settings acme/uptown"]["status"]
    assert "https://" in checks["settings acme/uptown"]["finding"]
    assert "credentials acme/uptown" not in checks


def test_account_is_chosen(cli, monkeypatch, server, acme):
    """
    With --account nothing is asked in the name of another one.
    """
    monkeypatch.setenv("DOORSTEP_ACME__UPTOWN__BASE_URL", server.base_url)
    monkeypatch.setenv("DOORSTEP_ACME__UPTOWN__API_KEY", acme.API_KEY)
    ran = cli("doctor", "acme", "--account", "uptown")

    assert Exit.OK == ran.code
    assert "acme/uptown" in ran.out
    assert "acme/default" not in ran.out


def test_carrier_without_an_account_tells_what_to_set(cli, monkeypatch):
    """
    Whoever asks for a carrier by name is told which settings it needs.
    """
    monkeypatch.delenv("DOORSTEP_ACME_BASE_URL")
    monkeypatch.delenv("DOORSTEP_ACME_API_KEY")
    everything, one = cli("doctor"), cli("doctor", "acme")

    assert (Exit.OK, Exit.USAGE) == (everything.code, one.code)
    assert "no account is configured" in everything.out
    assert "api_key is missing" in one.out


@POSIX
def test_file_that_others_may_read_is_a_warning(cli, monkeypatch, tmp_path, server):
    """
    A file with a secret that others may read is told of, once.
    """
    file = tmp_path / "shop.toml"
    file.write_text(f'[acme]\nbase_url = "{server.base_url}"\napi_key = "{KEY}"\n', "utf-8")
    file.chmod(0o644)
    monkeypatch.delenv("DOORSTEP_ACME_BASE_URL")
    monkeypatch.delenv("DOORSTEP_ACME_API_KEY")
    ran = cli("doctor", "acme", "--config", str(file))

    assert (Exit.OK, "") == (ran.code, ran.err)
    assert "others may read or write it" in ran.out
    assert "chmod 600" in ran.out
    assert KEY not in ran.out


def test_broken_allow_list_ends_the_checkup(cli, monkeypatch):
    """
    While nobody knows what may be imported, nothing is.
    """
    monkeypatch.setenv("DOORSTEP_PLUGINS", "acme")
    ran = cli("doctor", "--json")

    assert Exit.USAGE == ran.code
    assert "failed" == by_name(ran.out)["allow_list"]["status"]
    assert "plugin acme" not in by_name(ran.out)


@pytest.mark.parametrize(
    "words",
    [
        ["--time-limit", "0"],
        ["--time-limit", "nan"],
        ["--account", "uptown"],
    ],
)
def test_wrong_options_are_usage(cli, words):
    """
    What makes no sense is refused before anything is looked at.
    """
    ran = cli("doctor", *words)

    assert (Exit.USAGE, "") == (ran.code, ran.out)
    assert words[0] in ran.err


def test_every_line_of_json_is_one_check(cli):
    """
    Programs read one object a line, each with the same names.
    """
    lines = [json.loads(line) for line in cli("doctor", "acme", "--json").out.splitlines()]
    names = {"check", "subject", "status", "finding", "advice", "code", "facts", "elapsed_s"}

    assert [names] == list({frozenset(line): set(line) for line in lines}.values())
