"""
Nothing secret and nothing personal gets out of a delivery's whole life.

Each plugin that has a simulator is asked for everything, well and badly, by both
clients, with canaries for secrets and personal data. The same channels are then given
each canary, and it is found: the page ``docs/reference/canary.md`` is made from these
results by ``tools/canary_report.py``.
"""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reference" / "canary.md"


def _load(name):
    """
    Import a module of this folder, which is no package.
    """
    full = f"tests.faults.{name}"
    spec = spec_from_file_location(full, HERE / f"{name}.py")
    module = sys.modules[full] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_load("canary_carriers")
parts = _load("canary_life")
CHANNELS, PERSONAL = parts.CHANNELS, parts.PERSONAL


@pytest.fixture(name="life", scope="module")
def _life(tmp_path_factory):
    return parts.Life(tmp_path_factory.mktemp("life"))


@pytest.fixture(name="planted", scope="module")
def _planted(life, tmp_path_factory):
    return parts.Planted(life.canaries | PERSONAL, tmp_path_factory.mktemp("planted"))


def numbered(*numbers):
    return pytest.mark.parametrize(
        "channel", [one for one, (number, _) in CHANNELS.items() if number in numbers]
    )


def check(life, planted, channel, record_property):
    """
    Assert that nothing is there, and that everything that was planted there is found.
    """
    shown, personal_too = life.capture.shown[channel], CHANNELS[channel][1]
    secret = set(life.canaries.search_all(shown, channel))
    personal = set(PERSONAL.search_all(shown, channel)) if personal_too else None
    control = planted.canaries.search_all(planted.capture.shown[channel])
    found = {hit.canary for hit in control} == set(planted.canaries.names)
    counted = None if personal is None else len(personal)
    record_property("canary", (channel, len(secret), counted, found))

    assert set() == secret
    assert not personal
    assert found


def test_life_is_lived_in_full(life):
    """
    Both clients did all of it: an operation that is refused throughout would show nothing.
    """
    wanted = {"quote", "dispatch", "track", "update", "refund", "find", "cancel", "support_case"}

    assert life.done
    assert [wanted] * len(life.done) == [done & wanted for done in life.done.values()]
    assert {
        "AuthenticationError",
        "CarrierUnavailableError",
        "DeliveryNotFoundError",
        "OutcomeUnknownError",
        "SettingsError",
    } <= life.capture.names[parts.ERRORS]


@numbered(110)
def test_f110_life_logs_and_prints_nothing(channel, life, planted, record_property):
    """
    No library logs, prints or warns of a secret or of personal data, even at DEBUG.
    """
    check(life, planted, channel, record_property)


@numbered(111)
def test_f111_life_shows_nothing(channel, life, planted, record_property):
    """
    No value, copy, pickle, error or observed exchange shows a secret; none prints personal data.
    """
    check(life, planted, channel, record_property)


@numbered(112)
def test_f112_life_leaves_nothing_in_frames(channel, life, planted, record_property):
    """
    Whoever collects the locals of an error's frames finds no secret and no personal data.
    """
    check(life, planted, channel, record_property)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="other systems hide them")
@numbered(116)
def test_f116_command_shows_nothing_to_other_processes(channel, life, planted, record_property):
    """
    The command takes no secret that a list of processes or a shell's history could show.
    """
    check(life, planted, channel, record_property)


def test_page_names_every_channel_and_no_hit():
    """
    The page for users is the one that the last run wrote: ``python tools/canary_report.py``.
    """
    rows = [line.split(" | ") for line in PAGE.read_text("utf-8").splitlines() if " | " in line]
    told = {row[0].removeprefix("| "): row[1:] for row in rows[2:]}
    wanted = {
        channel: ["none", "none" if personal else "not searched", "yes |"]
        for channel, (_, personal) in CHANNELS.items()
    }

    assert wanted == told
